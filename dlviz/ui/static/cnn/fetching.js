// The data sets that are not on this machine: what they weigh, where they come from, and a button that fetches one,
// with its progress, after which it is chosen by itself.

import { h, number, percent, replace, setText } from "../lib/dom.js";

const MEGA = 1e6;
const megabytes = (bytes) => `${number(bytes / MEGA, bytes < 10 * MEGA ? 2 : 3)} MB`;

/** `draft` as makeDraft has it; `stage` tells with each scene which sets are away. */
export function buildFetching(draft, stage) {
  const list = h("div.away");
  const rows = new Map(); // name → its row
  let built = "";

  function rowOf({ name, bytes, host }) {
    const { options, labels } = draft.settings.fields.dataset;
    const label = labels[options.indexOf(name)];
    const said = h("span.small.muted.value", `${megabytes(bytes)} from ${host}`);
    const wrong = h("p.small.wrong", { role: "alert" });
    const track = h("div.going", { role: "progressbar", "aria-label": `Fetching ${label}`, "aria-valuemin": 0, "aria-valuemax": 100, hidden: true }, h("i"));
    const button = h("button.chip", { type: "button", onclick: () => (ending ? ending.abort() : start()) }, "Fetch");
    const element = h("div.away-row", { "data-set": name }, h("span.away-name", label), said, button, track, wrong);
    let ending = null; // what cancels the download under way

    async function start() {
      ending = new AbortController();
      setText(wrong, "");
      setText(button, "Cancel");
      track.hidden = false;
      progress({ done: 0, total: bytes, text: "" });
      const { signal } = ending;
      const answer = await stage.live.ask({ do: "fetch", name }, { quiet: true, signal, progress: ({ numbers }) => progress(numbers.progress) });
      ending = null;
      track.hidden = true;
      setText(button, "Fetch");
      setText(said, `${megabytes(bytes)} from ${host}`);
      if (answer.kind === "reply") draft.edit({ dataset: name });
      else if (!signal.aborted) setText(wrong, answer.numbers.text);
    }

    function progress({ done, total, text }) {
      const share = total ? Math.min(1, done / total) : 0;
      track.firstChild.style.transform = `scaleX(${share})`;
      track.setAttribute("aria-valuenow", Math.round(100 * share));
      setText(said, `${megabytes(done)} of ${megabytes(total || bytes)}, ${percent(share, 0)}${text ? `: ${text}` : ""}`);
    }

    stage.ctx.signal.addEventListener("abort", () => ending?.abort());
    return { element, get busy() { return ending !== null; } };
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
