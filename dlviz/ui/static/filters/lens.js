// One kernel opened: its numbers now and before the first step, how long it is, how far it has come, what it is like.

import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { BY_CHANCE, CELLS, likeness } from "./likeness.js";

const LARGEST = 56; // px of a cell
const SMALL = 24;

const norm = (values) => Math.hypot(...values);

/** `show({title, kernel, first, side, limit, filter})`, then `draw(colors)`; kernels are side × side numbers. */
export function buildLens() {
  const title = h("h4");
  const now = new Grid({ label: "Weights now", largest: LARGEST, onhover: point, onwalk: point });
  const before = new Grid({ label: "At step 0", largest: SMALL, walks: false });
  const pointed = h("p.small.value.weight");
  const facts = h("dl.facts");
  const like = h("p.small.like");
  const element = h("aside.lens", { "aria-label": "One kernel" }, title, h("div.pair", now.element, before.element), pointed, facts, like);
  let shown = null;
  let at = null; // the weight pointed at, [row, column]

  function row(name, value, text) {
    return [h("dt.label", { title: text }, name), h("dd.value", value)];
  }

  function point(place) {
    at = place;
    tell();
  }

  function tell() {
    const k = at && at[0] < shown.side && at[1] < shown.side ? at[0] * shown.side + at[1] : -1;
    setText(pointed, k < 0 ? "Point at a weight for its digits." : `row ${at[0] + 1}, column ${at[1] + 1}: ${number(shown.kernel[k], 4)}${shown.first ? `, at step 0 ${number(shown.first[k], 4)}` : ""}`);
  }

  return {
    element,
    /** `filter`: {k, inputs, norm, moved, bias, strongest} of the whole filter that the kernel belongs to. */
    show({ title: words, kernel, first, side, limit, filter }) {
      shown = { kernel, first, side };
      setText(title, words);
      now.set({ values: kernel, rows: side, cols: side, limit, title: "Weights now", shape: `${side} × ${side}` });
      before.element.classList.toggle("hidden", !first);
      if (first) before.set({ values: first, rows: side, cols: side, limit, title: "At step 0", shape: "" });
      const change = first ? norm(kernel.map((w, i) => w - first[i])) / norm(first) : null;
      const many = filter.inputs > 1;
      replace(facts,
        row("‖w‖ of this kernel", steady(norm(kernel)), "The square root of the sum of its squared weights"),
        change === null ? null : row("moved from its first value", percent(change), "‖w − w₀‖ / ‖w₀‖ of this kernel"),
        many ? row(`‖w‖ of the filter, ${number(filter.inputs)} kernels`, steady(filter.norm), "Of all kernels that make this map together") : null,
        many ? row("the filter has moved", percent(filter.moved), "‖w − w₀‖ / ‖w₀‖ of all its kernels") : null,
        row("bias", steady(filter.bias), "Added to every cell of the map"),
        row("strongest cell on the picture now", steady(filter.strongest, 2), "The largest cell of the map that the filter makes of the picture on the stage"));
      tell();
      setText(like, side * side === CELLS ? likeWords(kernel, first) : "");
    },
    draw(colors) {
      if (!shown) return;
      now.draw(colors);
      if (shown.first) before.draw(colors);
    },
    text: () => ({ title: title.textContent, facts: facts.innerText, like: like.textContent, kernel: shown && [...shown.kernel] }),
  };
}

function likeWords(kernel, first) {
  const is = likeness(kernel);
  if (!is) return "";
  const was = first && likeness(first);
  const name = is.cosine < 0 ? `the negative of ${is.name}` : is.name;
  const then = was ? ` (step 0: ${steady(Math.abs(was.cosine), 2)}${was.name === is.name ? "" : `, ${was.name}`})` : "";
  return `Of nine named kernels most like ${name}: cosine ${steady(Math.abs(is.cosine), 2)}${then}. Half of all random kernels reach ${number(BY_CHANCE.half)}, one in twenty ${number(BY_CHANCE.twentieth)}.`;
}
