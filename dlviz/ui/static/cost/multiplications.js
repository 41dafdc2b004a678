// Multiplications of matrices as bars to scale, each with its formula and its numbers put in.

import { css, rgb } from "../lib/color.js";
import { count, h, number, percent, replace, setText } from "../lib/dom.js";
import { crossing, GATES, halfAt, large } from "./formulas.js";

export const CELLS = { rnn: "RNN", gru: "GRU", lstm: "LSTM" };
const PARTS = { projections: "query, key, value, out", mixing: "scores and mixing", feedForward: "feed-forward" };
const STRENGTH = { projections: 0.5, mixing: 1, feedForward: 0.25 };

export function buildMultiplications() {
  const row = (name, title) => {
    const parts = { bar: h("div.stacked"), total: h("span.total.value"), by: h("div.by.small.value") };
    return { name, parts, element: h("div.bar-row", { "data-name": name }, h("span.bar-name", title), parts.bar, parts.total, parts.by) };
  };
  const attention = row("attention", "Attention");
  const recurrent = Object.entries(CELLS).map(([cell, title]) => row(cell, title));
  const legend = h("div.legend.small");
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const element = h("div.stack.multiplications", sentence, h("div.bars", attention.element, recurrent.map((each) => each.element)), legend);

  function draw({ n, d, f, layers, costs }, colors) {
    const most = Math.max(costs.attention, ...Object.keys(CELLS).map((cell) => costs[cell]));
    const accent = rgb(colors.accent);
    const width = (x) => `${(100 * x) / most}%`;
    const L = layers === 1 ? "" : `${layers} · `;
    const [N, D, F] = [n, d, f].map((x) => count(x));
    replace(attention.parts.bar, Object.keys(PARTS).map((part) => h("i", { style: { width: width(costs[part]), background: css(accent, STRENGTH[part]) }, title: `${PARTS[part]}: ${count(costs[part])}` })));
    setText(attention.parts.total, large(costs.attention));
    const lines = [
      ["4nd²", `${L}4 · ${N} · ${D}²`, costs.projections], ["2n²d", `${L}2 · ${N}² · ${D}`, costs.mixing], ["2ndf", `${L}2 · ${N} · ${D} · ${F}`, costs.feedForward],
    ];
    replace(attention.parts.by, lines.map(([letters, numbers, result], k) => h("span", h("i.swatch", { style: { background: css(accent, Object.values(STRENGTH)[k]) } }), h("em", letters), ` = ${numbers} = ${count(result)}`)));
    for (const { name, parts } of recurrent) {
      replace(parts.bar, h("i", { style: { width: width(costs[name]), background: css(rgb(colors.classes[0]), 0.8) } }));
      setText(parts.total, large(costs[name]));
      const gates = GATES[name];
      replace(parts.by, h("span", h("em", `${gates === 1 ? "" : `${gates} · `}n · h(h + d)`), ` = ${L}${gates === 1 ? "" : `${gates} · `}${N} · ${D} · ${count(2 * d)} = ${count(costs[name])}`));
    }
    const share = costs.mixing / costs.attention;
    const half = halfAt({ d, f });
    const over = crossing("lstm", { d });
    setText(sentence, `At n = ${N} the part that grows like n² is ${percent(share, share < 0.1 ? 1 : 0)} of all multiplications; from n = 2d + f = ${count(half)} on it is more than half. An LSTM of the same width takes ${number(costs.lstm / costs.attention, 2)} times as many, in ${N} steps one after the other.`);
    setText(legend, `To scale. The recurrent layers have h = d = ${D} units and no feed-forward network; without one, a layer of attention takes more than an LSTM from n = 2d = ${count(over)} tokens on, more than a GRU from n = d, and always more than an RNN. Softmax, layer norm and the answering layer are not counted.`);
  }

  return { element, draw };
}
