// With and without the division by √d: how spread out the rows of this head are, and what chance has at every d.

import { h, replace, setText, steady } from "../lib/dom.js";
import { inSlices } from "../lib/slices.js";
import { attended } from "../lib/attentionmath.js";
import { buildChart } from "./chart.js";
import { ceilingsOf, chance, DRAWS, drawn, entropiesOf, meanOf } from "./entropies.js";

const nats = (x) => `${steady(x, 2)} nats`;

/** The rows of a head with the same queries and keys, divided and not: {divided, plain, ceilings}, each (query,). */
export function rowsOf({ by, facts }) {
  const { tokens, keys, size, hidden } = facts;
  const bias = by.b ? by.b.values.map((x, i) => x - by.p.values[i]) : null;
  const entropy = (factor) => entropiesOf(attended(by.s.values.map((x, i) => x * factor + (bias?.[i] ?? 0)), hidden, tokens, keys), hidden, tokens, keys);
  return { divided: entropy(1 / Math.sqrt(size)), plain: entropy(1), ceilings: ceilingsOf(hidden, tokens, keys) };
}

/** `on.row(query | null)`: a row of this head is pointed at. */
export function buildScaling({ ctx, on }) {
  const state = { seed: 1, key: "", rows: null, own: null, facts: null };
  const words = h("p.sentence", { "aria-live": "polite" });
  const head = buildChart({ label: "Entropy of each row of this head", redraw: ctx.redraw, onhover: on.row });
  const sizes = buildChart({ label: "Mean entropy of rows against d", redraw: ctx.redraw });
  const again = h("button.chip", { type: "button", onclick: () => { state.seed += 1; measure(); } }, "Draw again");
  const seed = h("span.small.muted.value");
  const legend = h("p.legend.small");
  const title = h("h5", "Each row of this head");
  const element = h("section.scaling", { "aria-label": "Divide by √d, or not" },
    h("h4", "Why divide by √d? The entropy of the rows"), words, legend,
    h("div.charts",
      h("div", title, head.element),
      h("div", h("div.row", h("h5", "Random q and k, for every d"), again, seed), sizes.element)));
  let colors = null;

  function measure() {
    const { tokens, keys, hidden } = state.facts;
    const key = `${state.seed} ${tokens} ${keys} ${hidden?.join("") ?? ""}`;
    if (key === state.key) return;
    state.key = key;
    inSlices(chance({ seed: state.seed, tokens, keys, hidden }), (rows) => {
      state.rows = rows;
      show();
      ctx.redraw();
    }, { signal: ctx.signal, wanted: () => state.key === key });
  }

  function show() {
    const { own, facts, rows, labels } = state;
    if (!own || !colors) return;
    const [divided, plain, ceiling] = [meanOf(own.divided), meanOf(own.plain), meanOf(own.ceilings)];
    const [strong, weak, quiet] = [colors.positive, colors.negative, colors.muted];
    replace(legend,
      h("span", h("i.line", { style: { "border-color": strong } }), "divided by √d"),
      h("span", h("i.line", { style: { "border-color": weak } }), "not divided"),
      h("span", h("i.line.dashed", { style: { "border-color": quiet } }), "the most there can be: all visible tokens alike"),
      h("span", h("i.dot", { style: { background: strong, "border-color": strong } }), h("i.dot", { style: { "border-color": weak } }), "this head"));
    const most = 1.06 * Math.max(0.1, ...own.ceilings.filter((x) => !Number.isNaN(x)));
    head.show({
      xs: own.divided.map((_, i) => i + 1), most, xName: "query (token)", yName: "nats",
      lines: [{ ys: own.ceilings, color: quiet, dash: [4, 4] }, { ys: own.plain, color: weak, dots: own.plain.length < 40 }, { ys: own.divided, color: strong, dots: own.plain.length < 40 }],
      tell: (i) => (i === null ? `Mean of all rows: ${nats(divided)} divided, ${nats(plain)} not; at most ${nats(ceiling)}.`
        : `“${labels.query[i]}” (${i + 1}): ${nats(own.divided[i])} divided, ${nats(own.plain[i])} not; at most ${nats(own.ceilings[i])}.`),
    });
    setText(seed, rows ? `seed ${state.seed}, ${DRAWS} draws of ${facts.tokens} queries and ${facts.keys} keys` : "drawing …");
    if (!rows) return;
    sizes.show({
      xs: rows.map((row) => row.size), log: true, most, xName: "d, numbers of a query and a key", yName: "nats, mean of the rows",
      lines: [{ ys: rows.map(() => ceiling), color: quiet, dash: [4, 4] }, { ys: rows.map((row) => row.plain), color: weak, dots: true }, { ys: rows.map((row) => row.divided), color: strong, dots: true }],
      points: [{ x: facts.size, y: divided, color: strong }, { x: facts.size, y: plain, color: weak, hollow: true }],
      tell: (i) => (i === null ? `Queries and keys of independent numbers with mean 0 and variance 1, with the mask on the screen. At d = 512: ${nats(rows.at(-1).divided)} divided, ${nats(rows.at(-1).plain)} not.`
        : `d = ${rows[i].size}: ${nats(rows[i].divided)} divided, ${nats(rows[i].plain)} not. The products q · k have deviation ${steady(rows[i].deviation, 2)}; √d = ${steady(Math.sqrt(rows[i].size), 2)}.`),
    });
    if (ceiling < 0.01) {
      setText(words, "Each query here may look at one key only: it gives all of its attention to it, divided or not.");
      return;
    }
    const near = rows.reduce((best, row) => (Math.abs(Math.log(row.size / facts.size)) < Math.abs(Math.log(best.size / facts.size)) ? row : best));
    const against = divided < near.divided - 0.05 ? "it is sharper than chance" : divided > near.divided + 0.05 ? "it is more even than chance" : "it is about as even as chance";
    setText(words, `A sum of d products has a deviation of √d, so without the division the softmax gets sharper and sharper with d: for random queries and keys the entropy of a row falls from ${nats(rows[0].plain)} at d = 1 to ${steady(rows.at(-1).plain, 2)} at d = 512; divided, it stays near ${steady(rows.at(-1).divided, 2)}. This head (d = ${facts.size}): ${nats(divided)} divided, ${steady(plain, 2)} not; ${against}.`);
  }

  return {
    element,
    show(parts, labels, theme) {
      colors = theme;
      Object.assign(state, { facts: parts.facts, own: rowsOf(parts), labels });
      measure();
      show();
    },
    draw(theme) {
      if (theme !== colors && state.facts) { colors = theme; show(); }
      head.draw(theme);
      sizes.draw(theme);
    },
    numbers: () => ({ seed: state.seed, rows: state.rows, own: state.own && Object.fromEntries(Object.entries(state.own).map(([name, values]) => [name, [...values]])), draws: DRAWS }),
    draws: (size, draw) => Object.fromEntries(Object.entries(drawn({ seed: state.seed, size, draw, tokens: state.facts.tokens, keys: state.facts.keys })).map(([name, values]) => [name, [...values]])),
  };
}
