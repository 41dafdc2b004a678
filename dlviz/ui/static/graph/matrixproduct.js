// A row of the product of the matrix and the features of a layer, as a sum over the neighbours with every number.

import { fit, h, number, setText, steady } from "../lib/dom.js";
import { css } from "../lib/color.js";
import { contrast } from "../lib/graphview.js";
import { nodeName, sumOf } from "./matrixwords.js";

const LINE = 22; // px
const SHOWN = 7; // neighbours with a line of their own
const [NAME, FACTOR] = [104, 62]; // px
const WIDEST = 46; // px of a feature
const WRITTEN = 38; // … from which its number fits in

/**
 * What the matrix is multiplied by at a layer: {values (count, width), width, symbol}. Where a layer transforms first, as GCN and
 * GAT do, that is H W; else H, what the layer is given.
 */
export function factorOf(record, layer, head) {
  const { row, input, transformed, edges } = record;
  const name = layer ? "H" : "X";
  if (!transformed) return { values: input, width: row.inputs, symbol: name };
  if (row.kind !== "gat") return { values: transformed, width: row.outputs, symbol: `${name} W` };
  const width = transformed.length / Math.max(1, edges.count) / row.heads;
  const values = new Float32Array(edges.count * width);
  values.forEach((_, at) => { values[at] = transformed[Math.floor(at / width) * width * row.heads + head * width + (at % width)]; });
  return { values, width, symbol: `${name} W` };
}

/** Row `i` of matrix · factor: {terms: [{j, share}], sum (width,)}. */
export function productOf(matrix, { values, width }, i) {
  const terms = matrix.rows[i].map((j) => ({ j, share: matrix.values[i * matrix.count + j] }));
  const sum = new Float32Array(width);
  for (let f = 0; f < width; f += 1) sum[f] = terms.reduce((all, { j, share }) => all + share * values[j * width + f], 0);
  return { terms, sum };
}

/** A row of the product. `show({matrix, graph, step, factor, layer, i, words})`, `draw(colors)`. */
export function buildProduct({ redraw }) {
  const title = h("h4.gx-title");
  const canvas = h("canvas.gx-product", {
    tabindex: 0, role: "img",
    onpointermove: (event) => take(under(event)), onpointerdown: (event) => take(under(event)),
    onkeydown: (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way || !shown) return;
      event.preventDefault();
      take(Math.max(0, Math.min(shown.factor.width - 1, feature + way)));
    },
  });
  const [written, meaning] = [h("p.gx-equation.value"), h("p.small.muted")];
  const box = h("div.gx-lines", canvas);
  const element = h("div.gx-row", title, box, written, meaning);
  let [shown, feature, last] = [null, 0, null];

  const size = () => {
    const width = box.clientWidth;
    const name = width < 400 ? 74 : NAME;
    return { name, cell: Math.max(1, Math.min(WIDEST, Math.floor((width - name - FACTOR) / shown.factor.width))) };
  };
  function under({ clientX }) {
    if (!shown) return feature;
    const { name, cell } = size();
    const at = Math.floor((clientX - canvas.getBoundingClientRect().left - name - FACTOR) / cell);
    return at >= 0 && at < shown.factor.width ? at : feature;
  }
  function take(at) {
    if (at === feature) return;
    feature = at;
    redraw();
  }

  function show(next) {
    shown = next;
    feature = Math.min(feature, next.factor.width - 1);
  }

  function draw(colors) {
    element.classList.toggle("hidden", !shown);
    if (!shown || !box.clientWidth) return;
    const { matrix, graph, step, factor, i, words, layer } = shown;
    const { values, width } = factor;
    const product = productOf(matrix, factor, i);
    const { terms, sum } = product;
    const few = terms.length > SHOWN + 1 ? [...terms].sort((a, b) => b.share - a.share || a.j - b.j).slice(0, SHOWN).sort((a, b) => a.j - b.j) : terms;
    const rest = terms.filter((term) => !few.includes(term));
    const others = Float32Array.from(sum, (_, f) => rest.reduce((all, { j, share }) => all + share * values[j * width + f], 0));
    const lines = [
      ...few.map(({ j, share }) => ({ name: nodeLabel(graph, j), share: number(share), values: values.subarray(j * width, (j + 1) * width) })),
      ...(rest.length ? [{ name: `${rest.length} more`, share: "added up", values: others }] : []),
    ];
    canvas.style.height = `${(lines.length + 1) * LINE + 8}px`;
    const { pen, width: wide, height } = fit(canvas);
    const { name, cell } = size();
    pen.clearRect(0, 0, wide, height);
    pen.textBaseline = "middle";
    const most = [...lines.map((line) => line.values), sum].reduce((top, row) => row.reduce((all, value) => Math.max(all, Math.abs(value)), top), 0) || 1;
    const strip = (row, y) => row.forEach((value, f) => {
      const paint = colors.diverging(value / most);
      pen.fillStyle = css(paint);
      pen.fillRect(name + FACTOR + f * cell, y, Math.max(1, cell - (cell > 4 ? 1 : 0)), LINE - 4);
      if (cell < WRITTEN) return;
      pen.font = `11px ${colors.font}`;
      pen.textAlign = "center";
      pen.fillStyle = contrast(css(paint));
      pen.fillText(number(value, 2), name + FACTOR + (f + 0.5) * cell, y + LINE / 2 - 1.5, cell - 3);
    });
    const line = (text, share, row, y, strong) => {
      pen.font = `${strong ? "600 " : ""}12px ${colors.font}`;
      pen.fillStyle = colors.ink;
      pen.textAlign = "left";
      pen.fillText(text, 0, y + LINE / 2 - 2, name - 6);
      pen.textAlign = "right";
      pen.fillText(share, name + FACTOR - 10, y + LINE / 2 - 2, FACTOR - 8);
      strip(row, y);
    };
    lines.forEach((each, k) => line(each.name, `${each.share}${each.share === "added up" ? "" : " ·"}`, each.values, k * LINE, false));
    const below = lines.length * LINE + 3;
    pen.fillStyle = colors.line;
    pen.fillRect(0, below, name + FACTOR + width * cell, 1);
    line("Sum", "=", sum, below + 4, true);
    if (width > 1) {
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 1.5;
      pen.strokeRect(name + FACTOR + feature * cell - 1, 0.75, Math.max(2, cell) + 1, below + LINE + 1);
    }
    const symbol = `${step.name.includes(" ") ? step.symbol : step.name === "Attention" ? "α" : step.name} · ${factor.symbol}`;
    setText(title, `Row ${nodeName(graph, i)} of ${symbol}, layer ${layer + 1}: ${terms.length ? `a sum over ${terms.length} ${terms.length === 1 ? "node" : "nodes"}` : "nothing comes in"}, ${matrix.count} × ${matrix.count} · ${matrix.count} × ${width}`);
    const parts = terms.map(({ j, share }) => `${share === 1 ? "" : `${number(share)}·`}${negative(values[j * width + feature])}`);
    setText(written, terms.length ? `Feature ${feature}: ${sumOf(parts)} = ${steady(sum[feature])}` : `Feature ${feature}: 0, an empty sum`);
    setText(meaning, words);
    canvas.setAttribute("aria-label", `${title.textContent}. ${written.textContent}. Left and right arrow keys choose the feature.`);
    last = { i, layer, feature, sum: [...sum], terms: terms.map(({ j, share }) => [j, share]), written: written.textContent, title: title.textContent, words };
  }

  return { element, show, draw, read: () => last, left: (f) => { const { name, cell } = size(); return name + FACTOR + (f + 0.5) * cell; } };
}

const negative = (value) => (value < 0 ? `(${number(value)})` : number(value));
const nodeLabel = (graph, j) => (graph.names[j] && graph.names[j] !== String(j) ? graph.names[j] : `Node ${j}`);
