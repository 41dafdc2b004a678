// One query's row of a head in numbers: scores, the same with −∞ where hidden, their exponentials, the weights.

import { css } from "../lib/color.js";
import { readable } from "../lib/cells.js";
import { h, replace, setText, steady } from "../lib/dom.js";
import { written } from "../lib/tokens.js";
import { rowOfSoftmax } from "./passes.js";

// Always two decimals: a power of ten would widen its column.
const short = (x) => (x === -Infinity ? "−∞" : x.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−"));

/** `on.hover(key)` and `on.pick(key)` for the columns. */
export function buildSoftmaxRow(on) {
  const heading = h("h3");
  const table = h("table.softmax.value", { "aria-label": "Scores, masked scores, exponentials and weights of one query" });
  const words = h("p.sentence", { "aria-live": "polite" });
  const element = h("section.part", heading,
    h("p.about", "A hidden key gets the score −∞ before the softmax; e to the −∞ is 0, so its weight is 0 and the others share what there is. Point at a row of either grid to read it here, click to keep it."),
    h("div.frame", table), words);
  let key = "";
  let cells = []; // rows of td, for the light

  function show({ part, head, query, labels, colors, isPointed }) {
    const row = rowOfSoftmax(part, head, query);
    const now = JSON.stringify([row.masked.map(short), row.scores.map(short), row.weights.map(short), query, labels, colors.dark, colors.ink]);
    setText(heading, `The softmax of query ${query + 1}, ${written(labels[query])}${isPointed ? "" : " (the last one, as none is pointed at)"}`);
    if (now !== key) {
      key = now;
      const hidden = row.masked.map((x) => x === -Infinity);
      const line = (name, values, paint) => h("tr", h("th", { scope: "row" }, name), values.map((value, k) => {
        const back = paint && !hidden[k] ? colors.sequential(row.weights[k]) : null;
        return h("td", { "data-key": k, class: hidden[k] && name !== "score" ? "out" : null, style: back ? { background: css(back), color: css(readable(back, colors)) } : null }, short(value));
      }));
      const power = row.largest === -Infinity ? "e^(score − largest)" : `e^(score − ${short(row.largest)})`.replace("− −", "+ ");
      replace(table,
        h("thead", h("tr", h("th", { scope: "col" }, "key"), labels.map((label, k) => h("th", { scope: "col", "data-key": k, onpointerenter: () => on.hover(query, k), onpointerleave: () => on.hover(null, null), onclick: () => on.pick(query, k) }, h("bdi", written(label)))))),
        h("tbody", line("score", row.scores), line("masked", row.masked), line(power, row.powers), line("weight", row.weights, true)));
      cells = [...table.querySelectorAll("[data-key]")];
    }
    setText(words, said(row, labels));
    return row;
  }

  function light(at) {
    for (const cell of cells) cell.classList.toggle("lit", Number(cell.dataset.key) === at);
  }

  return { element, show, light };
}

function said(row, labels) {
  const open = row.masked.filter((x) => x > -Infinity).length;
  if (!open) return "Every score is −∞. The softmax would divide 0 by 0, which is not a number (NaN), and one such row would make the whole network's answer NaN. Here all weights of such a row are 0 instead: this head mixes nothing for this token, and what the token had before is passed on by the sum around the layer.";
  const best = row.weights.indexOf(Math.max(...row.weights));
  return `${open} of ${row.scores.length} keys may be seen. Their exponentials add up to ${steady(row.total, 2)}, so the largest weight is ${short(row.powers[best])} / ${steady(row.total, 2)} = ${steady(row.weights[best], 2)}, on key ${best + 1}, ${written(labels[best])}.`;
}
