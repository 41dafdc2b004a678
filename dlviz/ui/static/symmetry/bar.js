// The controls of the symmetry panel: which digit, which pooling, what is beyond the edge.

import { h } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { way } from "./words.js";

/** `choose(label)`, `pool(size)`, `wrap(on)`, `home()` are called for what a person does. */
export function buildBar({ choose, pool, wrap, home, state }) {
  const digits = Array.from({ length: 10 }, (_, label) => h("button.pick", {
    type: "button", role: "radio", title: `A handwritten ${label}; press again for another one`, onclick: () => choose(label),
  }, String(label)));
  const size = knob({ name: "pool", kind: "choice", label: "Max pooling", options: ["2", "4"], labels: ["2 × 2", "4 × 4"], help: "The window of the pooled map, and of the read-out after it." },
    { value: String(state.size), onchange: (value) => pool(Number(value)) });
  const edge = knob({ name: "wrap", kind: "choice", label: "Beyond the edge", options: ["zeros", "wrap"], labels: ["Zeros", "Other side"], help: "What comes in when the picture moves, and what the filter sees there. With the other side, convolution is exactly equivariant everywhere." },
    { value: "zeros", onchange: (value) => wrap(value === "wrap") });
  const back = h("button.back", { type: "button", onclick: home }, "Bring it home");
  const where = h("span.value.where.small");
  const element = h("div.bar",
    h("div.knob", h("div.knob-head.label", h("span", "Digit")), h("div.picks", { role: "radiogroup", "aria-label": "Digit" }, digits)),
    size.element, edge.element, h("div.knob", h("div.knob-head.label", h("span", "Moved")), h("div.row", back, where)));
  return {
    element,
    show() {
      digits.forEach((button, label) => button.setAttribute("aria-checked", label === state.label));
      where.textContent = way(state.move) || "not yet";
      back.disabled = state.move.every((cells) => cells === 0);
    },
  };
}
