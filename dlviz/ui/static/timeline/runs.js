// The runs of the page as chips: which one is shown, which one stands beside it.

import { count, h, icon, replace } from "../lib/dom.js";

export function runChips(live, ctx) {
  const list = h("div.runs", { role: "radiogroup", "aria-label": "Run" });
  const compare = h("button.chip.compare.hidden", { "aria-pressed": "false", onclick: toggle }, icon("compare", 16), h("span", "Compare"));

  // The run to compare with: the one this came from, else the one before it in the list.
  function partner() {
    const shown = live.runs.find(({ id }) => id === live.shown);
    const others = live.runs.filter(({ id }) => id !== live.shown);
    return others.find(({ id }) => id === shown?.parent) ?? others.at(-1);
  }

  function toggle() {
    live.compare(live.beside ? null : partner().id);
  }

  function nameOf({ id, parent, step }) {
    const more = parent ? h("span.muted", ` from step ${count(step)}`) : null;
    const beside = id === live.beside ? h("span.dash", { title: "Shown beside" }) : null;
    return [beside, live.runs.find((run) => run.id === id).label, more];
  }

  live.on("runs", () => {
    const several = live.runs.length > 1;
    list.classList.toggle("hidden", !several);
    compare.classList.toggle("hidden", !several);
    compare.setAttribute("aria-pressed", Boolean(live.beside));
    replace(list, live.runs.map((run) => h("button.chip", {
      role: "radio", "aria-checked": String(run.id === live.shown), "aria-pressed": String(run.id === live.shown),
      onclick: () => live.show(run.id),
    }, nameOf(run))));
  }, ctx.signal);

  return h("div.runs-row", list, compare);
}
