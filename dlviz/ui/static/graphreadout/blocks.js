// The batch as one picture: features, the batch vector and the adjacency with the graphs' own along its diagonal, row beside row.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, setText } from "../lib/dom.js";
import { contrast } from "../lib/graphview.js";

const TALLEST = 600; // px of all rows
const HIGHEST = 15; // px of a row
const BRACKET = 30;
const VECTOR = 22;
const GAP = 18;
const TOP = 24;
const WRITTEN = 9; // px of a row from which its graph's number fits in
const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** `onover({part, row, column} | null)`: part "x", "batch" or "a". */
export function buildBlocks({ onover }) {
  const canvas = h("canvas.gr-blocks", {
    tabindex: 0, role: "application",
    onpointermove: (event) => onover(under(event)), onpointerdown: (event) => onover(under(event)),
    onpointerleave: (event) => { if (event.pointerType === "mouse") onover(null); },
    onkeydown: press, onblur: () => onover(null),
  });
  const legend = h("p.small.muted.value");
  const box = h("div.gr-blocks-box", canvas);
  const element = h("div.stack", box, legend);
  let [shown, at, last] = [null, null, null];

  function layout(width) {
    const { count, inputs } = shown.batch;
    const features = Math.min(Math.max(inputs * 6, 24), width < 500 ? 54 : 130);
    const room = width - BRACKET - features - 2 * GAP - VECTOR - 2;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    const far = Math.min(HIGHEST, Math.min(room, TALLEST) / count);
    const cell = Math.floor(far * ratio) / ratio || far;
    const vector = BRACKET + features + GAP;
    return { cell, features, wide: features / inputs, vector, left: vector + VECTOR + GAP, tall: cell * count };
  }

  function under({ clientX, clientY }) {
    if (!at) return null;
    const box = canvas.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const row = Math.floor((y - TOP) / at.cell);
    if (row < 0 || row >= shown.batch.count) return null;
    if (x < BRACKET + at.features) return { part: "x", row, column: Math.max(0, Math.min(shown.batch.inputs - 1, Math.floor((x - BRACKET) / at.wide))) };
    if (x < at.left - GAP / 2) return { part: "batch", row, column: null };
    const column = Math.floor((x - at.left) / at.cell);
    return { part: "a", row, column: Math.max(0, Math.min(shown.batch.count - 1, column)) };
  }

  function press(event) {
    const way = WAYS[event.key];
    if (event.key === "Escape") onover(null);
    if (!way || !shown) return;
    event.preventDefault();
    const { over, batch } = shown;
    if (over?.part !== "a") { onover({ part: "a", row: over?.node ?? 0, column: over?.node ?? 0 }); return; }
    onover({ part: "a", row: Math.max(0, Math.min(batch.count - 1, over.node + way[0])), column: Math.max(0, Math.min(batch.count - 1, (over.column ?? 0) + way[1])) });
  }

  function draw(colors) {
    const width = box.clientWidth;
    if (!shown || !width) return;
    const { batch, over } = shown;
    at = layout(width);
    canvas.style.height = `${Math.ceil(TOP + at.tall + 2)}px`;
    const { pen, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const { cell } = at;
    const { ptr, count, inputs, x } = batch;
    const most = x.reduce((top, value) => Math.max(top, Math.abs(value)), 0) || 1;
    setText(legend, `x: the colour of the paper is 0, the fullest colour ±${number(most)}. A: a filled cell brings the column’s message to the row, in the colour of its graph.`);
    pen.font = `12px ${colors.font}`;
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    pen.fillStyle = colors.muted;
    pen.fillText("x", BRACKET, 10);
    pen.fillText("batch", at.vector - 6, 10);
    pen.fillText(`A, ${count} × ${count}`, at.left, 10, Math.max(30, at.tall));
    for (let k = 0; k < count * inputs; k += 1) {
      if (x[k] === 0) continue;
      pen.fillStyle = css(colors.diverging(x[k] / most));
      pen.fillRect(BRACKET + (k % inputs) * at.wide, TOP + Math.floor(k / inputs) * cell, Math.max(0.7, at.wide - (at.wide > 4 ? 1 : 0)), Math.max(0.7, cell - (cell > 4 ? 1 : 0)));
    }
    batch.graphs.forEach((graph, g) => paintGraph(pen, colors, g, graph));
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    pen.strokeRect(BRACKET - 0.5, TOP - 0.5, at.features + 1, at.tall + 1);
    pen.strokeRect(at.left - 0.5, TOP - 0.5, at.tall + 1, at.tall + 1);
    for (let e = 0; e < batch.sources.length; e += 1) {
      pen.fillStyle = colors.classes[batch.batch[batch.targets[e]]];
      pen.fillRect(at.left + batch.sources[e] * cell, TOP + batch.targets[e] * cell, Math.max(0.8, cell - (cell > 4 ? 1 : 0)), Math.max(0.8, cell - (cell > 4 ? 1 : 0)));
    }
    if (over) paintOver(pen, colors, over);
    last = { at: { ...at }, ptr: [...ptr], count };
  }

  function paintGraph(pen, colors, g, graph) {
    const [from, tall] = [TOP + shown.batch.ptr[g] * at.cell, graph.count * at.cell];
    const color = colors.classes[g];
    pen.strokeStyle = color;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(BRACKET - 4, from + 1.5);
    pen.lineTo(BRACKET - 9, from + 1.5);
    pen.lineTo(BRACKET - 9, from + tall - 1.5);
    pen.lineTo(BRACKET - 4, from + tall - 1.5);
    pen.stroke();
    pen.fillStyle = colors.ink;
    pen.textAlign = "right";
    pen.font = `600 12px ${colors.font}`;
    pen.fillText(String(g), BRACKET - 14, from + tall / 2);
    pen.fillStyle = css(rgb(color), 0.1);
    pen.fillRect(at.left + shown.batch.ptr[g] * at.cell, from, tall, tall);
    pen.textAlign = "center";
    pen.font = `${Math.min(11, at.cell)}px ${colors.font}`;
    for (let k = 0; k < graph.count; k += 1) {
      pen.fillStyle = color;
      pen.fillRect(at.vector, from + k * at.cell, VECTOR, Math.max(0.7, at.cell - (at.cell > 4 ? 1 : 0)));
      if (at.cell < WRITTEN) continue;
      pen.fillStyle = contrast(color);
      pen.fillText(String(g), at.vector + VECTOR / 2, from + (k + 0.5) * at.cell);
    }
    if (at.cell >= WRITTEN) return;
    pen.fillStyle = contrast(color);
    pen.font = `600 12px ${colors.font}`;
    if (tall > 14) pen.fillText(String(g), at.vector + VECTOR / 2, from + tall / 2);
  }

  function paintOver(pen, colors, { node, column, edge, part }) {
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 1.5;
    const row = (k) => pen.strokeRect(BRACKET - 1, TOP + k * at.cell - 1, at.left + at.tall - BRACKET + 2, at.cell + 1.5);
    if (node !== null) row(node);
    if (node !== null && part !== "a") pen.strokeRect(at.left + node * at.cell - 1, TOP - 1, at.cell + 1.5, at.tall + 2);
    if (part === "a" && column !== null) pen.strokeRect(at.left + column * at.cell - 1, TOP - 1, at.cell + 1.5, at.tall + 2);
    if (edge === null) return;
    const { sources, targets } = shown.batch;
    pen.lineWidth = 2.5;
    pen.strokeStyle = colors.ink;
    pen.strokeRect(at.left + sources[edge] * at.cell - 1, TOP + targets[edge] * at.cell - 1, at.cell + 2, at.cell + 2);
  }

  return {
    element, canvas,
    show(next) {
      shown = next;
      const sizes = next.batch.graphs.map((graph) => graph.count).join(", ");
      canvas.setAttribute("aria-label", `The batch: ${next.batch.count} nodes of ${next.batch.graphs.length} graphs with ${sizes} nodes. The adjacency holds their own along its diagonal. Arrow keys walk its cells. ${next.words}`);
    },
    draw, read: () => last,
    middle: (row, column) => [at.left + (column + 0.5) * at.cell, TOP + (row + 0.5) * at.cell],
  };
}
