// All maps of every layer, from the picture to the logits: from left to right, on a narrow screen downwards.

import { css } from "../lib/color.js";
import { h, number, replace, setText } from "../lib/dom.js";
import { Column } from "./column.js";
import { PICTURE, columnsOf, fieldOf, isMap, nameOf, shapeText } from "./rows.js";

const NARROW = 620; // px of the component
const HEIGHT = 350; // px of the maps beside each other
const LARGEST = 58;
const SMALLEST = 12;
const COMFORTABLE = 17; // px of a tile below which every layer at once would be too small
const GAP = 3;
const BETWEEN = 9; // px from one layer to the next
const LEAST = 52; // px of a layer, for its caption
const LEAST_VECTOR = 40;
const TIGHT = 29; // px of a tile below which a layer has room for its name and shape only
const NARROW_TILE = 40;

export function buildMaps(area, reading, stage) {
  const { ctx } = stage;
  const wanted = { all: null, each: false }; // all: null while nobody chose
  let columns = [];
  let built = "";
  let laid = "";
  let dressed = null;
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const column = columns.find(({ canvas }) => canvas === target);
      if (column) column.inSight = isIntersecting;
    }
    ctx.redraw();
  }, { rootMargin: "60px" });
  ctx.signal.addEventListener("abort", () => sight.disconnect());

  const says = h("p.says.value", { "aria-live": "off" });
  const choices = [
    segments("Layers shown", [["Every layer", true], ["Convolutions and pools", false]], () => wanted.all ?? fitsAll(), (value) => { wanted.all = value; }),
    segments("Colour scale", [["One scale a layer", false], ["Each map its own", true]], () => wanted.each, (value) => { wanted.each = value; }),
  ];
  reading.append(says, h("div.row.switches", choices.map(({ element }) => element)));

  function segments(label, options, now, choose) {
    const buttons = options.map(([word, value]) => ({ value, button: h("button", { type: "button", role: "radio", onclick: () => { choose(value); ctx.redraw(); } }, word) }));
    return {
      element: h("div.segments", { role: "radiogroup", "aria-label": label }, buttons.map(({ button }) => button)),
      show() {
        const value = now();
        for (const each of buttons) each.button.setAttribute("aria-checked", each.value === value);
      },
    };
  }

  // ---- layout

  const isNarrow = () => ctx.root.clientWidth < NARROW;
  const fitsAll = () => isNarrow() || tileFor(columnsOf(stage.rows, true), area.clientWidth) >= COMFORTABLE;

  function build() {
    const all = wanted.all ?? fitsAll();
    const narrow = isNarrow();
    const key = `${all} ${narrow} ${stage.structure}`;
    if (key === built) return;
    built = key;
    laid = "";
    sight.disconnect();
    columns = columnsOf(stage.rows, all).filter((row) => !narrow || row.kind !== "flatten").map((row) => new Column(stage, row, (way, share) => leave(row, way, share)));
    replace(area, columns.map(({ element }) => element));
    for (const { canvas } of columns) sight.observe(canvas);
  }

  function leave(row, way, share) {
    const walkable = columns.filter(({ strip }) => !strip);
    walkable[walkable.findIndex((column) => column.row === row) + way]?.enter(share, way < 0);
  }

  function lay() {
    const width = area.clientWidth;
    const narrow = isNarrow();
    const key = `${built} ${width} ${narrow}`;
    if (key === laid || !width) return;
    laid = key;
    const tile = narrow ? NARROW_TILE : tileFor(columns.map(({ row }) => row), width);
    area.classList.toggle("tight", !narrow && tile < TIGHT);
    area.classList.toggle("has-cut", columns.some(({ row, count }) => count < row.output_shape[0]));
    for (const column of columns) column.place(narrow ? narrowPlan(column, width) : plan(column.row, tile, column.count));
  }

  function draw() {
    build();
    lay();
    for (const choice of choices) choice.show();
    const { colors } = ctx;
    dress(colors);
    for (const column of columns) column.draw(stage.frame, colors, wanted.each);
    setText(says, inWords(stage, columns));
  }

  /** The ends of the colour scales, for the ramps under the layers. */
  function dress(colors) {
    if (dressed === colors) return;
    dressed = colors;
    for (const [name, color] of [["--low", colors.diverging(-1)], ["--high", colors.diverging(1)], ["--most", colors.sequential(1)]]) area.style.setProperty(name, css(color));
  }

  return {
    draw,
    get columns() {
      return columns;
    },
    find: (name) => columns.find(({ row }) => row.name === name) ?? null,
    says: () => says.textContent,
  };
}

/** How the tiles of a row lie when a tile of a map may be `tile` px. */
function plan(row, tile, count) {
  if (row.kind === "flatten") return { across: 1, width: 14, height: HEIGHT / count, gap: 0 };
  if (isMap(row)) return filled(count, Math.ceil(count / linesOf(tile)), tile);
  const across = Math.max(1, Math.ceil(count / 32));
  const down = Math.ceil(count / across);
  const gap = count > 200 ? 0 : 1;
  return { across, width: Math.max(2, Math.min(22, 56 / across)), height: Math.min(22, HEIGHT / down - gap), gap };
}

/** Tiles at least `tile` px, larger where the caption is wider than they are and the height allows it. */
function filled(count, across, tile) {
  const down = Math.ceil(count / across);
  const byWidth = (LEAST + GAP) / across - GAP;
  const byHeight = (HEIGHT + GAP) / down - GAP;
  const size = Math.max(tile, Math.floor(Math.min(byWidth, byHeight, LARGEST)));
  return { across, width: size, height: size, gap: GAP };
}

const linesOf = (tile) => Math.max(1, Math.floor((HEIGHT + GAP) / (tile + GAP)));

function narrowPlan({ count, maps }, width) {
  const size = maps ? NARROW_TILE : count > 200 ? 6 : 14;
  const across = Math.min(count, Math.floor((width + GAP) / (size + GAP)));
  return { across, width: size, height: size, gap: count > 200 && !maps ? 0 : GAP };
}

/** The largest tile with which all rows stand beside each other. */
function tileFor(rows, width) {
  for (let tile = LARGEST; tile > SMALLEST; tile -= 1) {
    let sum = -BETWEEN;
    for (const row of rows) {
      const count = isMap(row) ? Math.min(64, row.output_shape[0]) : row.output_shape[0];
      const { across, width: each, gap } = plan(row, tile, count);
      const least = isMap(row) ? LEAST : LEAST_VECTOR;
      sum += Math.max(across * (each + gap) - gap, least) + BETWEEN;
    }
    if (sum <= width) return tile;
  }
  return SMALLEST;
}

/** What is pointed at: name, shape, range, the cell and what it sees of the picture. */
function inWords(stage, columns) {
  const at = stage.focus ?? stage.pinned;
  if (!at || !stage.frame) return "Point at a map to read it; click it to see how it is computed.";
  if (at.row === PICTURE) {
    const { channels, height, width, data } = stage.picture;
    const values = Array.from({ length: channels }, (_, c) => number(data[(c * height + at.y) * width + at.x]));
    return `Picture · ${shapeText([channels, height, width])} · row ${at.y + 1}, column ${at.x + 1}: ${values.join(", ")}`;
  }
  const column = columns.find(({ row }) => row.name === at.row);
  if (!column || at.channel === null || at.channel >= column.count) return nameOf(stage, at);
  const name = nameOf(stage, at);
  if (!column.maps) return `${name}: ${number(column.valueAt(at))}`;
  const [, height, width] = column.row.output_shape;
  const [low, high] = column.rangeOf(at.channel);
  const dead = low === high ? `${number(low)} everywhere` : `${number(low)} … ${number(high)}`;
  const whole = `${name} · ${height} × ${width} · ${dead}`;
  if (at.y === null || at.y === undefined) return whole;
  const { top, bottom, left, right } = fieldOf(stage.rows, at.row, at.y, at.x);
  return `${whole} · row ${at.y + 1}, column ${at.x + 1}: ${number(column.valueAt(at))} · sees ${bottom - top + 1} × ${right - left + 1} of the picture`;
}
