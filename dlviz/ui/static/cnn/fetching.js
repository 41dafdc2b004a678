// The data sets that are not on this machine: a row for each, after whose fetching it is chosen by itself.

import { h, replace } from "../lib/dom.js";
import { fetchRow } from "../lib/fetchrow.js";

/** `draft` as makeDraft has it; `stage` tells with each scene which sets are away. */
export function buildFetching(draft, stage) {
  const list = h("div.away");
  const rows = new Map(); // name → its row
  let built = "";

  function rowOf({ name, bytes, host }) {
    const { options, labels } = draft.settings.fields.dataset;
    const label = labels[options.indexOf(name)];
    return fetchRow({ live: stage.live, ctx: stage.ctx, name, label, bytes, host, onhere: () => draft.edit({ dataset: name }) });
  }

  function show() {
    const away = stage.scene?.numbers.sets_away ?? [];
    const key = away.map(({ name }) => name).join();
    if (key === built) return;
    built = key;
    for (const each of away) if (!rows.has(each.name)) rows.set(each.name, rowOf(each));
    const shown = away.map(({ name }) => rows.get(name).element);
    list.classList.toggle("hidden", !shown.length);
    replace(list, h("p.small.muted", "Not on this machine yet. What is fetched is kept, and works without a network from then on."), shown);
  }

  stage.on("scene", show);
  return { element: list };
}
