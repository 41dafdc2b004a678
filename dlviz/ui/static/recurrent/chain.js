// The unrolled chain: one column a step, as wide as it needs, in a frame of its own that scrolls; only what is in sight
// is painted. Its words are boxes (lib/tokens.js), by which the keyboard walks.

import { fit, h, percent } from "../lib/dom.js";
import { spoken, Tokens } from "../lib/tokens.js";
import { paintAxis, paintChart } from "./chart.js";
import { placesOf } from "./layout.js";
import { Mosaics } from "./mosaics.js";
import { buildOverview } from "./overview.js";
import { Painter } from "./painting.js";

const NEAR = 10; // px around an arrow that count as pointing at it

export function buildChain(area, stage) {
  const { ctx } = stage;
  const mosaics = new Mosaics();
  const painter = new Painter(stage, mosaics);
  const canvas = h("canvas.chain-canvas", { role: "img" });
  const row = (label, offset) => new Tokens({
    label, wrap: false, colors: () => ctx.colors,
    onhover: (i) => stage.point(i === null ? null : i + offset()),
    onpick: (i) => stage.pin(i === null ? null : i + offset()),
  });
  let places = null;
  const before = () => (places?.gapAt > 0 ? places.gapAt : 0);
  const read = row("What is read, step by step", () => 0);
  const own = row("What the decoder reads: its own last answer", before);
  const words = h("div.chain-words", read.element, own.element);
  const inner = h("div.chain-inner", canvas, words);
  const frame = h("div.chain-frame", { onscroll: () => ctx.redraw(), tabindex: -1 }, inner);
  const overview = buildOverview(stage, frame);
  area.append(frame, overview.element);

  canvas.addEventListener("pointermove", (event) => pointAt(event));
  canvas.addEventListener("pointerleave", () => {
    stage.lightMatrix(null);
    stage.point(null);
  });
  canvas.addEventListener("click", (event) => stage.pin(columnAt(event)));
  let isNew = false;
  stage.on("scene", () => { isNew = true; });
  stage.on("focus", () => {
    ctx.redraw();
    if (stage.pointed === null && stage.steps.at !== null) reveal(stage.steps.at); // another picture leads
  });
  // Frames come often, and change what is said only; a decoder may also write more or less, and read it.
  let arranged = "";
  stage.on("columns", () => {
    const { columns, scene } = stage;
    const key = `${scene.version} ${columns.length} ${columns.filter(({ fed }) => fed).map(({ token }) => token).join("")}`;
    if (key === arranged) return;
    arranged = key;
    places = null;
  });

  const columnAt = (event) => places?.at(event.offsetX + frame.scrollLeft) ?? null;

  function pointAt(event) {
    const i = columnAt(event);
    if (i !== stage.pointed) stage.point(i);
    stage.lightMatrix(i === null ? null : matrixAt(event.offsetX + frame.scrollLeft, event.offsetY, i));
  }

  /** The matrix whose arrow is under the pointer, "cell" for a cell, or null. */
  function matrixAt(x, y, i) {
    const { rows, cell } = places;
    const { part } = stage.columns[i];
    const off = x - places.x(i);
    const isAbove = y < places.top - 3;
    if (isAbove) return !places.isChart && y > places.answer.y + places.answer.height && Math.abs(off) < NEAR + 14 ? "out" : null;
    for (const { layer, direction, y: top, dx } of rows) {
      if (direction && part === "decoder") continue;
      if (y >= top && y <= top + cell.height) {
        if (Math.abs(off - dx) <= cell.width / 2) return `cell ${layer} ${direction}`;
        const to = i + Math.sign(off);
        const owner = stage.columns[to] && stage.columns[to].part !== part ? "decoder" : part;
        return stage.columns[to] ? `back ${owner} ${layer} ${direction}` : null;
      }
    }
    const above = rows.filter((each) => each.y + cell.height <= y).sort((a, b) => b.y - a.y)[0];
    if (!above) return null;
    const isSecond = rows[0].dx !== 0 && off > 0 && part !== "decoder";
    const near = Math.abs(off - (rows[0].dx === 0 || part === "decoder" ? 0 : isSecond ? 14 : -14)) < NEAR;
    return near ? `in ${part} ${above.layer} ${isSecond ? 1 : 0}` : null;
  }

  function reveal(i) {
    if (!places) return;
    const x = places.x(i);
    const { scrollLeft, clientWidth } = frame;
    if (x - places.pitch < scrollLeft || x + places.pitch > scrollLeft + clientWidth) frame.scrollLeft = x - clientWidth / 2;
  }

  function arrange() {
    if (places && places.room === frame.clientWidth) return;
    places = placesOf(stage, frame.clientWidth);
    places.room = frame.clientWidth;
    inner.style.width = `${Math.max(places.width, frame.clientWidth)}px`;
    canvas.style.width = `${frame.clientWidth}px`;
    canvas.style.height = `${places.height}px`;
    words.style.setProperty("--pitch", `${places.pitch}px`);
    const { columns } = stage;
    const cut = places.gapAt > 0 ? places.gapAt : columns.length;
    const isWords = places.kind === "words";
    const show = (tokens, some) => tokens.set({
      tokens: some.map(({ token }) => (typeof token === "number" ? Math.round(token * 100) / 100 : token)), words: isWords,
      marks: some.map(({ fed }) => (fed ? "fed" : null)),
      below: some[0]?.values?.length > 1 ? some.map(({ values }) => (values[1] ? "add me" : "")) : null,
      values: some[0]?.values?.length > 1 ? some.map(({ values }) => (values[1] ? 0.55 : NaN)) : null,
    });
    show(read, columns.slice(0, cut));
    show(own, columns.slice(cut));
    own.element.classList.toggle("hidden", cut === columns.length);
  }

  function say() {
    const { columns } = stage;
    const column = columns[stage.at];
    if (!column) return;
    const said = column.said === null || column.said === undefined ? "" : column.sure === null ? `, says ${stage.format(column.said)}` : `, says ${spoken(column.said)} with ${percent(column.sure, 0)}`;
    canvas.setAttribute("aria-label", `The network unrolled over ${columns.length} steps. Step ${stage.at + 1} reads ${spoken(column.token)}${said}. The boxes below walk through the steps.`);
  }

  // A new sequence begins at its beginning, or where its one answer stands.
  function begin() {
    isNew = false;
    frame.scrollLeft = 0;
    const { pattern, spec } = stage.scene.numbers;
    if (pattern !== "every") reveal(stage.at);
    if (spec.writes) reveal(stage.columns.findIndex(({ fed }) => fed));
  }

  function draw() {
    if (!stage.scene || !frame.clientWidth) return;
    arrange();
    // Before the first frame a decoder has said nothing; before the first weights nothing is written.
    if (isNew && stage.frame && (stage.states || !stage.scene.numbers.spec.writes)) begin();
    const { columns } = stage;
    mosaics.paint(columns, places, stage.scene.numbers.spec.hidden_size, ctx.colors);
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const left = frame.scrollLeft;
    if (places.isChart) paintAxis(pen, stage, places, width);
    pen.save();
    pen.translate(-left, 0);
    const [first, last] = [places.at(left + 1) ?? 0, places.at(left + width) ?? columns.length - 1];
    const [from, to] = [Math.max(0, first - 1), Math.min(columns.length - 1, last + 1)];
    painter.paint(pen, places, from, to);
    if (places.isChart) paintChart(pen, stage, places, from, to);
    pen.restore();
    const at = stage.isPointed ? stage.at : null;
    read.light(at !== null && at < read.boxes.length ? at : null, { pinned: stage.steps.pinned });
    own.light(at !== null && at >= read.boxes.length ? at - read.boxes.length : null);
    overview.draw();
    say();
  }

  return {
    draw,
    reveal,
    update() {
      mosaics.key = null;
      read.paint();
      own.paint();
    },
    /** The middle of a part of the picture on the page, for tests: of a cell, of an arrow. */
    middle(i, what, layer = 0, direction = 0) {
      const box = canvas.getBoundingClientRect();
      const line = places.rows.find((each) => each.layer === layer && each.direction === direction);
      const x = box.left + places.x(i) - frame.scrollLeft;
      const y = line.y + places.cell.height / 2;
      const side = line.dx === 0 ? 0 : direction ? 14 : -14;
      const spots = { cell: [line.dx, y], back: [places.pitch / 2, y], in: [side, line.y + places.cell.height + 9], out: [0, places.top - 9] };
      return [x + spots[what][0], box.top + spots[what][1]];
    },
    canvas,
    frame,
    get places() { return places; },
  };
}
