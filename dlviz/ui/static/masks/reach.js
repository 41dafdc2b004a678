// What can reach what after L layers under the mask: powers of the mask, as a second grid.

import { h, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { Pattern } from "../lib/pattern.js";
import { written } from "../lib/tokens.js";
import { buildScaleBar } from "./scalebar.js";
import { layersNeeded, NEVER, reachCounts } from "./templates.js";

const MOST = 16; // layers of the control
const DARKEST = 4; // the scale goes at least this far, so that one layer is not the darkest colour

const layers = (n) => `${n} layer${n === 1 ? "" : "s"}`;

/** `on.hover(query, key)`, `on.layers(n)`. */
export function buildReach(ctx, on) {
  const control = knob({ name: "reach", kind: "range", label: "Layers L", unit: "layers", low: 1, high: MOST, whole: true, default: 2, help: "How many attention layers stand on top of each other. Yours to try; the network keeps its own number." }, { value: 2, onchange: on.layers });
  const pattern = new Pattern({ label: "How many layers it takes until a token can know of another", redraw: ctx.redraw, side: 40, onhover: on.hover, onpick: on.pick });
  const scale = buildScaleBar("Colour scale of the number of layers");
  const words = h("p.sentence", { "aria-live": "polite" });
  const cell = h("p.small.muted.value.cell-words");
  const chart = h("ol.counts.value");
  const about = h("p.small.muted.value");
  const element = h("section.part", h("h3", "What can reach what after L layers"),
    h("p.about", "A token sees in layer 2 what its neighbours have taken in in layer 1. With M the open pairs of the mask and 1 for the sum that keeps what a token had, token q can know of token k after L layers where (1 + M)ᴸ is not 0."),
    h("div.halves", h("div.half", control.element, pattern.element, scale.element), h("div.half", words, chart, cell, about)));
  let shown = null;

  function show({ mask, tokens, labels, wanted, own }) {
    control.set(wanted);
    const needed = layersNeeded(mask, tokens);
    const finite = needed.filter((x) => x !== NEVER);
    const most = Math.max(...finite);
    const hidden = Uint8Array.from(needed, (x) => (x > wanted ? 1 : 0));
    pattern.set({ rows: labels, columns: labels, values: needed, hidden, high: Math.max(DARKEST, most) });
    scale.show(Math.max(DARKEST, most), "layers needed");
    const counts = Array.from({ length: Math.max(1, Math.min(most, MOST)) }, (_, i) => reachCounts(needed, tokens, i + 1));
    const means = counts.map((each) => each.reduce((a, b) => a + b, 0) / tokens);
    setText(words, sentence(means, { tokens, most, closed: finite.length < needed.length, wanted, own }));
    const rows = means.map((mean, i) => ({ layer: i + 1, mean }));
    chart.replaceChildren(...rows.map(({ layer, mean }) => h("li", { class: layer === Math.min(wanted, rows.length) ? "now" : null }, h("span", layers(layer)), h("span.bar", h("i", { style: { width: `${(100 * mean) / tokens}%` } })), h("span", mean.toFixed(1)))));
    setText(about, `${tokens} × ${tokens}, the number of layers in each cell, 0 for a token itself; hatched: not within ${layers(wanted)}. The bars: tokens that a token can know of, the mean of all ${tokens}.`);
    shown = { needed, counts, most, wanted, tokens, labels };
    return shown;
  }

  function point(query, key) {
    if (!shown || query === null || key === null || query >= shown.tokens || key >= shown.tokens) {
      setText(cell, "Point at a cell to read it.");
      return;
    }
    const n = shown.needed[query * shown.tokens + key];
    const [a, b] = [written(shown.labels[query]), written(shown.labels[key])];
    setText(cell, n === NEVER ? `Token ${query + 1}, ${a}, can never know of token ${key + 1}, ${b}, however many layers there are.` : n === 0 ? `Token ${query + 1}, ${a}, keeps what it is by the sum around each layer.` : `Token ${query + 1}, ${a}, can know of token ${key + 1}, ${b}, from layer ${n} on.`);
  }

  return { element, pattern, show, point, draw: (colors) => { pattern.draw(colors); scale.draw(colors); }, get shown() { return shown; } };
}

function sentence(means, { tokens, most, closed, wanted, own }) {
  const at = (n) => means[Math.min(n, means.length) - 1].toFixed(1);
  const grows = means.length > 1 ? `A token can know of ${at(1)} tokens after one layer and of ${at(wanted)} after ${wanted}` : `A token can know of ${at(1)} tokens after one layer, and of no more after any number of them`;
  const whole = closed ? (means.length > 1 ? `; after ${layers(most)} nothing is gained any more, and some pairs never meet` : "") : `; after ${layers(Math.max(1, most))} every token can know of all ${tokens}`;
  return `${grows}${whole}. This network has ${layers(own)}: ${at(own)} tokens.`;
}
