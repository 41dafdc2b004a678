// The well-known picture of a Transformer, bottom up, each arrow with the shape and the norm of what flows there.

import { count, number, replace, svg } from "../lib/dom.js";
import { normAt, shapeOf } from "./flow.js";

const COLUMN = 330;
const CENTRE = 168; // of a column
const BOX = { width: 156, height: 38 };
const SIDE = { width: 88, height: 34 };
const EDGE = 30;
const PLUS = 11; // radius
const SKIP = 102; // how far left of the centre what is not touched goes around
const FRAME = { left: 120, right: 146, pad: 10 };
const GROUND = 44; // px under the lowest box, for the tokens' name
const TOP = 42;

const TALL = { box: BOX.height, add: 2 * PLUS, edge: EDGE, frame: FRAME.pad, end: FRAME.pad, fork: 8, gap: 24 };
const KINDS = { embedding: "embed", learned: "embed", sinusoidal: "embed", norm: "normed", attention: "attends", cross: "attends", feed_forward: "feeds", head: "says", softmax: "says" };

/** `onpoint(id | null)`, `onpick(id)`. Ids are those of the items of flow.js. */
export function buildDiagram({ onpoint, onpick }) {
  const root = svg("svg", {
    role: "application", tabindex: 0, "aria-roledescription": "diagram of the network",
    onpointermove: (event) => onpoint(idOf(event)), onpointerleave: () => onpoint(null), onclick: (event) => onpick(idOf(event)), onkeydown: key,
  });
  let [boxes, order, lit, edges] = [new Map(), [], null, []];

  const idOf = (event) => event.target.closest?.("[data-box]")?.dataset.box ?? null;

  /** `columns` of flow.js, `at` {stack: token or null}, `words` {stack: [under, over]}. */
  function show(columns, at, words) {
    [boxes, order, edges] = [new Map(), [], []];
    const height = TOP + GROUND + Math.max(...columns.map(({ items }) => items.reduce((total, { kind }) => total + TALL[kind], 0)));
    const layers = { frames: svg("g"), wires: svg("g"), boxes: svg("g"), words: svg("g") };
    const ends = columns.map((column, i) => drawColumn(layers, column, i * COLUMN + CENTRE, height - GROUND, at[column.name], words[column.name]));
    if (columns.length === 2) drawMemory(layers, ends[0], ends[1]);
    const width = columns.length * COLUMN;
    root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    Object.assign(root.style, { width: `${width}px`, height: `${height}px` });
    replace(root, svg("defs", svg("marker#tip", { viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, svg("path.tip", { d: "M0,0.5 L7.5,4 L0,7.5 z" }))), Object.values(layers));
    light(lit);
  }

  function drawColumn(layers, { name, title, items }, x, ground, at, [under, over]) {
    let y = ground;
    let [frame, fork, from] = [0, 0, ground + 18];
    const found = {};
    const line = (...points) => layers.wires.append(svg("polyline.wire", { points: points.map((p) => p.join()).join(" "), "marker-end": "url(#tip)" }));
    const label = (what, left, mid) => write(layers, what, at, left, mid);
    layers.words.append(svg("text.ground", { x, y: ground + 34 }, under));
    line([x, ground + 20], [x, ground + 2]);
    for (const item of items) {
      const top = y - TALL[item.kind];
      if (item.kind === "box") {
        drawBox(layers, item, x - BOX.width / 2, top, BOX);
        found[item.id] = top + BOX.height / 2;
      } else if (item.kind === "add") {
        drawAdd(layers, item, x, top + PLUS);
        if (item.joins) line([x, fork], [x - SKIP, fork], [x - SKIP, top + PLUS], [x - PLUS - 2, top + PLUS]);
        if (item.side) {
          drawBox(layers, item.side, x - 164, top + PLUS - SIDE.height / 2, SIDE);
          line([x - 164 + SIDE.width, top + PLUS], [x - PLUS - 2, top + PLUS]);
          label({ id: item.side.id, flow: item.side.output }, x - 164, top + PLUS + SIDE.height / 2 + 15);
        }
      } else if (item.kind === "edge") {
        line([x, y], [x, top + 2]);
        label(item, x + 9, (y + top) / 2 + 4);
      } else if (item.kind === "fork") {
        fork = y - 1;
        layers.wires.append(svg("line.wire", { x1: x, y1: y, x2: x, y2: top }));
      } else if (item.kind === "gap") {
        layers.words.append(svg("text.more", { x: x + 9, y: (y + top) / 2 + 4 }, `… ${item.text} …`));
        layers.wires.append(svg("line.wire.dotted", { x1: x, y1: y, x2: x, y2: top }));
      } else {
        layers.wires.append(svg("line.wire", { x1: x, y1: y, x2: x, y2: top }));
        if (item.kind === "frame") frame = y - 1;
        else {
          layers.frames.prepend(svg("rect.frame", { x: x - FRAME.left, y: top, width: FRAME.left + FRAME.right, height: frame - top, rx: 14 }));
          const { layers: many, layer } = items.find(({ kind }) => kind === "frame");
          layers.words.append(svg("text.times", { x: x + FRAME.right - 10, y: top + 20 }, `${many} ×`), svg("text.which", { x: x + FRAME.right - 10, y: top + 36 }, many > 1 ? `shown: ${layer + 1}` : ""));
        }
      }
      y = top;
      from = y;
    }
    layers.words.append(svg("text.ground", { x, y: Math.max(14, y - 10) }, over));
    layers.words.append(svg("text.title", { x: x - FRAME.left, y: ground + 34 }, title));
    return { x, y: from, found, name };
  }

  // The shape and the norm of what flows along an arrow.
  function write(layers, { id, flow }, at, x, y) {
    edges.push({ id, shape: shapeOf(flow), norm: normAt(flow, at) });
    layers.words.append(svg("text.flow", { x, y, "data-edge": id }, `${shapeOf(flow)} · ${number(normAt(flow, at))}`));
  }

  // What the encoder made of the source goes to the decoder's cross-attention.
  function drawMemory(layers, encoder, decoder) {
    const to = decoder.found["decoder.cross"];
    const middle = encoder.x + FRAME.right + 12;
    layers.words.append(svg("text.flow.memory-word", { x: encoder.x + 8, y: encoder.y - 33 }, "memory"));
    layers.wires.append(svg("polyline.wire.memory", { points: `${encoder.x},${encoder.y} ${encoder.x},${encoder.y - 26} ${middle},${encoder.y - 26} ${middle},${to} ${decoder.x - BOX.width / 2 - 2},${to}`, "marker-end": "url(#tip)" }));
  }

  function drawBox(layers, item, x, y, { width, height }) {
    order.push(item.id);
    const total = item.parameters.reduce((sum, { count: n }) => sum + n, 0);
    const under = item.short ? `${item.short}${total ? `, ${count(total)}` : ""}` : total ? `${count(total)} parameters` : "no parameters";
    const box = svg("g.box", { class: KINDS[item.role] ?? "", "data-box": item.id },
      svg("rect", { x, y, width, height, rx: 8 }), svg("text.name", { x: x + width / 2, y: y + height / 2 - 2 }, item.name), svg("text.under", { x: x + width / 2, y: y + height / 2 + 12 }, under));
    boxes.set(item.id, box);
    layers.boxes.append(box);
  }

  function drawAdd(layers, item, x, y) {
    order.push(item.id);
    if (item.side) order.push(item.side.id);
    const box = svg("g.box.add", { "data-box": item.id }, svg("circle", { cx: x, cy: y, r: PLUS }), svg("path.plus", { d: `M${x - 5},${y}h10M${x},${y - 5}v10` }));
    boxes.set(item.id, box);
    layers.boxes.append(box);
  }

  function light(id, { pinned = false } = {}) {
    boxes.get(lit)?.classList.remove("lit", "pinned");
    lit = id;
    boxes.get(id)?.classList.add("lit");
    boxes.get(id)?.classList.toggle("pinned", pinned);
  }

  /** What is read out, and where the arrow keys stand. */
  function speak(text) {
    root.setAttribute("aria-label", `The network from the tokens up to the answers; arrow keys walk, Enter holds. ${text}`);
  }

  function key(event) {
    const all = [...new Set(order)].filter((id) => boxes.has(id));
    const at = all.indexOf(lit);
    const to = { ArrowUp: at + 1, ArrowRight: at + 1, ArrowDown: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) onpick(all[Math.max(0, Math.min(all.length - 1, to))], { walked: true });
    else if (event.key === "Escape") onpick(null);
    else if (event.key === "Enter" || event.key === " ") onpick(lit);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return { element: root, show, light, speak, edges: () => edges, has: (id) => boxes.has(id) };
}
