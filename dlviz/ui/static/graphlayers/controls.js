// Which W: drawn from a seed, or the trained one of the network above; and how many heads GAT has.

import { h, parseNumber, setText } from "../lib/dom.js";

const MOST_SEED = 9999;

/** `{element, draw(numbers, reason)}`; changes `state` and calls `onchange()`. */
export function buildControls({ state, onchange }) {
  const set = (changes) => { Object.assign(state, changes); onchange(); };
  const wrong = h("p.problem.small", { role: "alert" });
  const drawn = h("button.chip", { type: "button", onclick: () => set({ trained: false }) }, "Drawn from a seed");
  const trained = h("button.chip", { type: "button", onclick: () => set({ trained: true }) }, "Trained, of the network above");
  const seed = h("input.value", { type: "text", inputmode: "numeric", size: 5, "aria-label": "Seed of W", value: state.seed, onchange: () => take() });
  const another = h("button", { type: "button", onclick: () => { setText(wrong, ""); seed.value = (state.seed + 1) % (MOST_SEED + 1); seed.removeAttribute("aria-invalid"); set({ seed: (state.seed + 1) % (MOST_SEED + 1) }); } }, "Another W");
  const heads = [1, 2, 4].map((count) => h("button.chip", { type: "button", onclick: () => set({ heads: count }) }, String(count)));
  const reasons = h("p.label");
  const seeds = h("div.row", h("label.row", h("span.label", "Seed"), seed), another);
  const headRow = h("div.row", { role: "group", "aria-label": "Heads of GAT" }, h("span.label", "Heads of GAT"), heads);
  const element = h("div.stack.gy-controls", h("div.row", { role: "group", "aria-label": "W" }, h("span.label", "W"), drawn, trained), h("div.row.gy-seeds", seeds, headRow), wrong, reasons);

  function take() {
    const value = parseNumber(seed.value);
    const isRight = Number.isInteger(value) && value >= 0 && value <= MOST_SEED;
    setText(wrong, isRight ? "" : `Give a whole number from 0 to ${MOST_SEED} as the seed.`);
    if (!isRight) {
      seed.setAttribute("aria-invalid", "true");
      return;
    }
    seed.removeAttribute("aria-invalid");
    set({ seed: value });
  }

  return {
    element,
    draw(numbers, reason) {
      drawn.setAttribute("aria-pressed", !state.trained);
      trained.setAttribute("aria-pressed", state.trained);
      trained.disabled = Boolean(reason);
      setText(reasons, reason);
      seeds.classList.toggle("hidden", state.trained);
      const given = state.trained && numbers.rows[0].kind === "gat";
      heads.forEach((chip, k) => {
        chip.setAttribute("aria-pressed", (given ? numbers.rows[0].heads : state.heads) === [1, 2, 4][k]);
        chip.disabled = given || (state.trained && numbers.rows[0].outputs % [1, 2, 4][k] > 0);
      });
    },
  };
}
