// Which number of the code follows which factor of the sprites: rank correlation, mutual information, and the gap.

import { css } from "../lib/color.js";
import { FACTORS } from "../lib/factors.js";
import { h, number, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { name } from "../lib/latentslice.js";

export const MEASURE = { name: "dm_measure", kind: "choice", label: "Measure", options: ["correlation", "information"], labels: ["|Spearman ρ|", "Mutual information"], default: "correlation", help: "Correlation of ranks, without its sign: 1 where the number only rises or only falls with the factor. Mutual information: how many nats the number tells of the factor, whatever the shape of the curve, in 20 bins each." };

export function buildFactors({ ctx }) {
  const state = { measure: MEASURE.default };
  const measure = knob(MEASURE, { onchange: (value) => { state.measure = value; ctx.redraw(); } });
  const [sentence, about] = [h("p.dm-sentence.value", { "aria-live": "polite" }), h("p.small.muted.dm-text")];
  const [scale, most] = [h("span.dm-ramp"), h("span.value")];
  const table = h("table.dm-factors.value");
  const element = h("section.dm-part", { "aria-label": "Factors" }, h("h3", "What each number follows"), sentence,
    h("div.dm-halves", h("div.dm-wide", { tabindex: 0, role: "region", "aria-label": "Scores of every number with every factor" }, table),
      h("div.stack", measure.element, h("span.row.small.muted", "0", scale, most), about)));
  let shown = null;

  /** `answer` of the probe `dimensions`; `rows` of the numbers as they are listed. */
  function show({ answer, rows, colors }) {
    const { correlation, information, entropy, gap, follows, mig } = answer.arrays;
    const values = (state.measure === "correlation" ? correlation : information).data;
    const high = state.measure === "correlation" ? 1 : Math.max(...entropy.data);
    const width = FACTORS.length;
    setText(most, state.measure === "correlation" ? "1" : `${number(high, 3)} nats`);
    scale.style.background = `linear-gradient(to right, ${[0, 0.25, 0.5, 0.75, 1].map((t) => css(colors.sequential(t))).join(", ")})`;
    const cell = (value) => {
      const share = value / high;
      return h("td", { style: { background: css(colors.sequential(share)), color: share > 0.55 ? colors.paper : colors.ink } }, value.toFixed(2));
    };
    const body = rows.map(({ at }) => h("tr", { "data-name": name(at) }, h("th", { scope: "row" }, name(at), h("span.muted.small", follows.data[at] >= 0 ? ` ${FACTORS[follows.data[at]]}` : " nothing")), FACTORS.map((_, k) => cell(values[at * width + k]))));
    const foot = (label, data) => h("tr.dm-foot", h("th", { scope: "row" }, label), [...data].map((value) => h("td", value.toFixed(2))));
    replace(table, h("thead", h("tr", h("th", "Number"), FACTORS.map((factor) => h("th", { scope: "col" }, factor)))), h("tbody", body), h("tfoot", foot("Entropy, nats", entropy.data), foot("Gap", gap.data)));
    const best = FACTORS.map((factor, k) => {
      const [leader] = [...rows].sort((p, q) => information.data[q.at * width + k] - information.data[p.at * width + k]);
      return { factor, leader, rho: correlation.data[leader.at * width + k], gap: gap.data[k] };
    }).sort((p, q) => q.rho - p.rho);
    const [top] = best;
    setText(sentence, `MIG = ${mig.data[0].toFixed(3)}. ${name(top.leader.at)} tells most of ${top.factor} (|ρ| = ${top.rho.toFixed(2)}); least of all the code tells ${best.at(-1).factor} by one number (best |ρ| = ${best.at(-1).rho.toFixed(2)}).`);
    setText(about, "The gap of a factor: the information of the best number less that of the second best, as a share of the factor's entropy. Their mean is the mutual information gap, MIG (R. T. Q. Chen et al., 2018): 1 where each factor has one number to itself. With 500 pictures in 20 bins each, numbers that share nothing seem to share about 0.42 nats.");
    shown = { measure: state.measure, values: [...values], mig: mig.data[0], gap: [...gap.data], follows: [...follows.data], sentence: sentence.textContent };
  }

  return { element, show, read: () => shown };
}
