// The cell one looks at, written out: what it is, its equation in letters, all its terms in numbers.

import { h, setText, steady } from "../lib/dom.js";
import { setLowered } from "./lowered.js";

const inBrackets = (x) => (x < 0 ? `(${steady(x)})` : steady(x));

/** The terms of an origin as text: "0.312 · (−0.220) + … + 0.030". */
export function numbersOf({ terms, then, numbers }) {
  if (!terms) return numbers;
  const signed = (x, isFirst) => (isFirst ? steady(x) : `${x < 0 ? "−" : "+"} ${steady(Math.abs(x))}`);
  const products = terms.map(([a, b], i) => `${signed(a, i === 0)} · ${inBrackets(b)}`).join(" ");
  return then.reduce((text, [, x]) => `${text} ${signed(x, false)}`, products);
}

/** What a row or column of a part is called: “c” (token 4), or number 5. */
export function placeOf(part, axis, at, labels) {
  if (part.extra && axis === "down" && at === part.rows - 1) return "bias";
  const kind = part[axis];
  return kind === "query" || kind === "key" ? `“${labels[kind][at]}” (${at + 1})` : `number ${at + 1}`;
}

/** `onwalk(way)`: the next step or the one before, from the narrow page where the steps themselves are out of sight. */
export function buildReadout({ onwalk }) {
  const what = h("span.what");
  const value = h("b.value.result");
  const letters = h("p.letters.small");
  let isScrolled = false; // remembered, since asking lays the page out anew
  const numbers = h("p.terms.value", { tabindex: 0, role: "group", "aria-label": "The terms", onscroll: () => { isScrolled = numbers.scrollTop > 0; } });
  const button = (way, text, label) => h("button.square", { type: "button", "aria-label": label, onclick: () => onwalk(way) }, text);
  const count = h("span.small.muted.value");
  const says = h("p.small.says-here");
  const walking = h("div.walking", h("div.row", button(-1, "‹", "Back one step"), button(1, "›", "On to the next step"), count), says);
  const element = h("div.readout", walking, h("div.cell-words", { "aria-live": "polite", "aria-atomic": "true" }, h("p.of", what, value), letters, numbers));
  return {
    element,
    /** `step`: {count, says} in words. */
    show(origin, part, labels, step) {
      const places = [placeOf(part, "down", origin.row, labels), placeOf(part, "across", origin.column, labels)];
      setLowered(what, `${part.name}: ${places.join(", ")} = `);
      setText(value, part.hidden?.[origin.row * part.columns + origin.column] ? (part.scale === "sequential" ? "0, hidden" : "hidden") : steady(origin.value));
      setLowered(letters, origin.letters);
      const text = numbersOf(origin);
      setText(numbers, text === null ? "" : `= ${text} = ${steady(origin.value)}`);
      if (isScrolled) numbers.scrollTop = 0;
      setText(count, step.count);
      setLowered(says, step.says);
    },
  };
}
