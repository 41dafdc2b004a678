// One row of the pattern as bars with numbers: what the pointed token looks at; or one column: who looks at it.

import { h, number, replace, setText, steady } from "../lib/dom.js";
import { entropyOf } from "../lib/transformer.js";
import { written } from "../lib/tokens.js";

const SHOWN = 10; // bars; the rest together

export function buildReadout() {
  const title = h("h4");
  const bars = h("ol.bars");
  const rest = h("p.small.muted.value");
  const equation = h("div.equation.code");
  const words = h("p.small.muted.value");
  const element = h("section.readout", { "aria-label": "The token that is pointed at" }, title, bars, rest, equation, words);

  const called = (token, at) => `“${written(token)}” (${at + 1})`;

  function bar(token, at, weight, most, isLit) {
    return h("li", { "data-at": at, class: isLit ? "lit" : null }, h("span.place.value", at + 1), h("span.token-name", written(token)),
      h("span.bar", h("i", { style: { width: `${(100 * weight) / most}%` } })), h("span.value", weight > 0 && weight < 5e-4 ? "< 0.001" : weight.toFixed(3)));
  }

  /** `query`, `key`: pointed at; where none is, the last row. What is shown, for tests. */
  function show({ grid, head, rows, columns, query, key }) {
    const { weights, scores, scale, query: q, key: k, hidden } = grid.part;
    const values = weights[head];
    const isColumn = query === null && key !== null && key < columns.length;
    const at = isColumn ? key : Math.min(query ?? rows.length - 1, rows.length - 1);
    const tokens = isColumn ? rows : columns;
    const weightAt = (i) => values[isColumn ? i * columns.length + at : at * columns.length + i];
    const hiddenAt = (i) => hidden?.[isColumn ? i * columns.length + at : at * columns.length + i];
    const open = tokens.map((_, i) => i).filter((i) => !hiddenAt(i));
    const ranked = open.map((i) => ({ i, weight: weightAt(i) })).sort((a, b) => b.weight - a.weight || a.i - b.i);
    const best = ranked.slice(0, SHOWN);
    const total = ranked.reduce((sum, { weight }) => sum + weight, 0);
    const others = ranked.length - best.length;
    setText(title, isColumn ? `Who looks at ${called(columns[at], at)}` : `What ${called(rows[at], at)} looks at`);
    replace(bars, best.map(({ i, weight }) => bar(tokens[i], i, weight, 1, !isColumn && i === key)));
    const left = total - best.reduce((sum, { weight }) => sum + weight, 0);
    setText(rest, `${others > 0 ? `${others} more together ${left < 5e-4 ? "< 0.001" : left.toFixed(3)}. ` : ""}${isColumn ? `Altogether it is given ${number(total)} of the attention of ${open.length} tokens.` : `Together ${number(total)}, over ${open.length} key${open.length === 1 ? "" : "s"}${tokens.length > open.length ? `; ${tokens.length - open.length} hidden` : ""}.`}`);
    const entropy = isColumn ? null : entropyOf(ranked.map(({ weight }) => weight));
    setText(words, isColumn ? "" : `Entropy of this row: ${steady(entropy, 2)} nats, of at most ln ${open.length} = ${steady(Math.log(Math.max(1, open.length)), 2)} for an even pattern.`);
    const to = isColumn ? null : key !== null && key < columns.length && !hiddenAt(key) ? key : best[0]?.i ?? null;
    const pair = to === null ? null : { query: at, key: to, score: scores[head][at * columns.length + to], weight: weightAt(to) };
    element.classList.toggle("without", pair === null);
    if (pair) {
      const size = q[head].length / rows.length;
      const product = (() => { let sum = 0; for (let d = 0; d < size; d += 1) sum += q[head][at * size + d] * k[head][to * size + d]; return sum; })();
      const bias = pair.score - product * scale;
      const divided = scale === 1 ? "" : ` / √${size}`;
      const more = Math.abs(bias) > 1e-9 ? ` − ${number(-bias)}` : "";
      const sum = open.reduce((all, i) => all + Math.exp(scores[head][at * columns.length + i] - pair.score), 0);
      replace(equation,
        h("p", `score = q · k${divided}${more ? " − distance" : ""} = ${steady(product, 2)}${divided}${more} = ${steady(pair.score, 2)}`),
        h("p", `weight = e^score / Σ e^scores = 1 / ${steady(sum, 2)} = ${steady(1 / sum, 3)}  for ${written(rows[at])} → ${written(columns[to])}`));
    } else {
      replace(equation);
    }
    return { column: isColumn, at, best: best.map(({ i, weight }) => ({ at: i, weight })), total, entropy, pair, text: title.textContent };
  }

  return { element, show };
}
