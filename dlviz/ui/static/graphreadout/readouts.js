// From the rows of all nodes to one row a graph: sum, mean and max side by side, each number written out.

import { css } from "../lib/color.js";
import { fit, h, number, percent, setText } from "../lib/dom.js";
import { HOWS, said, winnerOf } from "./batching.js";
import { HeatTable } from "./heattable.js";

const TERMS = 8;
const negative = (value) => (value < 0 ? `(${number(value)})` : number(value));
const NAMES = { sum: "Sum", mean: "Mean", max: "Max" };

/** "a + b + … + z (17 numbers)". */
export function writtenSum(values) {
  const texts = values.map(negative);
  return texts.length <= TERMS ? texts.join(" + ") : `${texts.slice(0, TERMS - 2).join(" + ")} + … + ${texts.at(-1)}`;
}

/** The equation of a cell of a readout, with its numbers. */
export function cellEquation({ how, g, k }, found, batch) {
  const { width, embedding } = found;
  const [from, till] = [batch.ptr[g], batch.ptr[g + 1]];
  const values = Array.from({ length: till - from }, (_, i) => embedding[(from + i) * width + k]);
  const value = number(found[how][g * width + k]);
  const many = `${values.length} ${values.length === 1 ? "number" : "numbers"}`;
  if (how === "sum") return `sum[${g}, ${k}] = ${writtenSum(values)} = ${value}, the sum of ${many}`;
  if (how === "mean") return `mean[${g}, ${k}] = (${writtenSum(values)}) / ${values.length} = ${value}, the mean of ${many}`;
  const winner = winnerOf(found, batch, g, k);
  return `max[${g}, ${k}] = ${value}, the largest of ${many}: it is node ${winner - from} of graph ${g}, row ${winner}; the others do not matter`;
}

/** `oncell({how, g, k})`, `onnode(row | null)`. */
export function buildReadouts({ oncell, onnode }) {
  const all = new HeatTable({ onover: (row) => onnode(row), tall: (rows) => Math.min(14, Math.max(3, Math.floor(480 / rows))) });
  const tables = Object.fromEntries(HOWS.map((how) => [how, { title: h("p.gr-how"), table: new HeatTable({ onover: (g, k) => oncell({ how, g, k }), tall: () => 26, aside: 190 }) }]));
  const [title, equation, answer] = [h("p.label.value"), h("p.gr-equation.value", { "aria-live": "polite" }), h("p.small.muted")];
  const scale = h("canvas.gr-scale", { "aria-hidden": "true" });
  const [low, high] = [h("span"), h("span")];
  const element = h("div.gr-read", h("div.stack", title, all.element, h("div.gr-legend.small.muted.value", low, scale, high)), h("div.gr-three", HOWS.map((how) => h("div.stack", tables[how].title, tables[how].table.element))));
  let last = null;
  return {
    element, equation, answer,
    show({ scene, batch, found, cell, over, colors }) {
      const { width, embedding } = found;
      const { spec, rows } = scene.numbers;
      const most = embedding.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
      setText(title, `Embeddings of all nodes, ${batch.count} × ${width}, after ${rows.length} ${rows.length === 1 ? "layer" : "layers"}`);
      paintScale(scale, colors);
      setText(low, number(-most));
      setText(high, `${number(most)}; each readout’s colours go by its own largest number`);
      const winner = cell.how === "max" ? winnerOf(found, batch, cell.g, cell.k) : null;
      const boxes = [[batch.ptr[cell.g], cell.k, batch.graphs[cell.g].count], ...(winner === null ? [] : [[winner, cell.k, 1]])];
      all.show({ values: embedding, rows: batch.count, columns: width, most, color: (row) => colors.classes[batch.batch[row]], cell: over?.node === null || !over ? null : [over.node, cell.k], boxes, label: `${title.textContent}. Arrow keys go from node to node.` });
      all.draw(colors);
      const isSet = spec.task === "graph" || spec.task === "regression";
      for (const how of HOWS) {
        const { title: name, table } = tables[how];
        const own = isSet && spec.readout === how;
        setText(name, `${NAMES[how]}, ${batch.graphs.length} × ${width}${own ? ": this network’s" : ""}`);
        name.classList.toggle("gr-own", own);
        const notes = isSet ? batch.graphs.map((_, g) => answerText(scene, found.answers[how], g, width)) : [];
        table.show({
          values: found[how], rows: batch.graphs.length, columns: width, color: (g) => colors.classes[g], cell: cell.how === how ? [cell.g, cell.k] : null, notes,
          most: found[how].reduce((top, value) => Math.max(top, Math.abs(value)), 0),
          label: `${NAMES[how]} of the nodes of each graph, ${batch.graphs.length} by ${width}. Arrow keys walk the cells. ${notes.map((note, g) => `Graph ${g}: ${note}`).join("; ")}`,
        });
        table.draw(colors);
      }
      setText(equation, cellEquation(cell, found, batch));
      setText(answer, isSet ? `Beside each row: what the head says of it. It was trained with ${spec.readout === "sum" ? "the sum" : `the ${spec.readout}`}; the others show what it would say of another readout.` : "This network answers for single nodes or edges: no head was trained to read a whole graph, so there is no answer beside the rows.");
      last = { notes: isSet ? Object.fromEntries(HOWS.map((how) => [how, batch.graphs.map((_, g) => answerText(scene, found.answers[how], g, width))])) : null };
    },
    read: () => last,
    middle: (how, row, column) => (how === "all" ? all : tables[how].table).middle(row, column),
    canvas: (how) => (how === "all" ? all : tables[how].table).canvas,
  };
}

function paintScale(canvas, colors) {
  const { pen, width, height } = fit(canvas);
  for (let x = 0; x < width; x += 1) {
    pen.fillStyle = css(colors.diverging((2 * x) / Math.max(1, width - 1) - 1));
    pen.fillRect(x, 0, 1, height);
  }
}

/** What the head says of graph g, short. */
export function answerText(scene, answers, g) {
  const outputs = scene.numbers.classes.length || 1;
  const { name, value, best } = said(scene, answers.subarray(g * outputs, (g + 1) * outputs), 0);
  return best === undefined ? `${name} ${number(value)}` : `${name}, ${percent(value, 0)}`;
}
