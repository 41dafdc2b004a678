// The steps as a row of buttons: one after the other by button or arrow key, or all of the flow at once.

import { h, replace, setText } from "../lib/dom.js";
import { lowered, setLowered } from "./lowered.js";

/** `onstep(index | null)`. `show({steps, at, whole})`: `whole` is said where no step is chosen. */
export function buildStepper({ onstep }) {
  let [steps, at, key, buttons] = [[], null, "", []];
  const walk = (way) => {
    const next = at === null ? (way > 0 ? 0 : steps.length - 1) : at + way;
    if (next >= 0 && next < steps.length) onstep(next);
  };
  const previous = h("button.square", { type: "button", title: "The step before", "aria-label": "The step before", onclick: () => walk(-1) }, "‹");
  const next = h("button.square.primary", { type: "button", title: "The next step", "aria-label": "The next step", onclick: () => walk(1) }, "›");
  const all = h("button.chip", { type: "button", onclick: () => onstep(null) }, "All at once");
  const list = h("div.list", { role: "radiogroup", "aria-label": "Steps of attention" });
  const count = h("span.count-of.small.muted.value");
  const formula = h("b.formula-now");
  const says = h("span.says");
  const element = h("div.stepper", { onkeydown: keys }, h("div.bar", previous, next, all, count, list), h("p.now", { "aria-live": "polite" }, formula, says));

  function keys(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to = { Home: 0, End: steps.length - 1, Escape: null }[event.key];
    if (!way && to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (way) walk(way);
    else onstep(to);
    if (list.contains(event.target) && at !== null) buttons[at].focus();
  }

  return {
    element,
    walk,
    show(now) {
      ({ steps, at } = now);
      const names = steps.map(({ title }) => title).join("|");
      if (names !== key) {
        key = names;
        buttons = steps.map(({ title }, i) => h("button.step", { type: "button", role: "radio", onclick: () => onstep(i) }, h("span.count", i + 1), h("span", lowered(title))));
        replace(list, buttons);
      }
      buttons.forEach((button, i) => {
        button.setAttribute("aria-checked", i === at);
        button.tabIndex = i === (at ?? 0) ? 0 : -1;
      });
      previous.disabled = at === 0;
      next.disabled = at === steps.length - 1;
      all.setAttribute("aria-pressed", at === null);
      setText(count, at === null ? `${steps.length} steps` : `step ${at + 1} of ${steps.length}`);
      setLowered(formula, at === null ? "softmax(Q Kᵀ ÷ √d) · V" : steps[at].formula);
      setLowered(says, at === null ? now.whole : steps[at].says);
    },
  };
}
