// One station as a canvas of cells or maps that one can point at and walk: every number a cell, signed colours.

import { css, rgb } from "../lib/color.js";
import { fit, h, steady } from "../lib/dom.js";
import { limitOf } from "../lib/grid.js";
import { Sprites } from "../lib/sprites.js";

const PICTURE = 112; // px of a picture's side
const MAP = 24; // px of a map's side, about
const WRITTEN = 8; // units up to which their numbers stand beside them
const GAP = 2;

/** Where the cells of a shape lie: {cols, rows, cell, maps (null: units), width, height}. Units go down, then to the right. */
export function layoutOf(shape, isPicture) {
  const count = shape[0];
  if (shape.length === 1) {
    const rows = count <= 16 ? count : count <= 128 ? 16 : 32;
    const cols = Math.ceil(count / rows);
    const cell = count <= WRITTEN ? 20 : count <= 128 ? 12 : 7;
    return { cols, rows, cell, maps: null, width: cols * cell + (count <= WRITTEN ? 62 : 0), height: rows * cell };
  }
  const [, height, width] = shape;
  if (isPicture) {
    const cell = Math.floor(PICTURE / height);
    return { cols: 1, rows: 1, cell, maps: { count: 1, height, width }, width: cell * width, height: cell * height };
  }
  const few = count <= 3; // the colours of a picture: beside each other, and large
  const cell = Math.max(1, Math.round((few ? PICTURE / Math.sqrt(count) : MAP) / height));
  const cols = few ? count : Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / cols);
  const gap = count > 1 ? GAP : 0;
  return { cols, rows, cell, maps: { count, height, width }, width: cols * (cell * width + gap) - gap, height: rows * (cell * height + gap) - gap };
}

/** `onpoint(at | null)`: the pointer or the arrow keys came to a number, or left; `onhold(at)`: pressed, or Enter. */
export function buildTile({ label, onpoint, onhold, onleave }) {
  const canvas = h("canvas.gp-canvas", { tabindex: 0, role: "application", "aria-roledescription": "layer of numbers", "aria-label": label });
  const sprites = new Sprites();
  let [state, cursor] = [null, 0];

  function atOf(x, y) {
    const { layout, values, shape } = state;
    const { cell, maps, rows, cols } = layout;
    if (!maps) {
      const [col, row] = [Math.floor(x / cell), Math.floor(y / cell)];
      const at = Math.min(col, cols - 1) * rows + row; // the numbers beside a cell belong to it
      return row >= 0 && row < rows && at < values.length ? at : null;
    }
    const [down, across] = [cell * maps.height + GAP, cell * maps.width + GAP];
    const map = Math.floor(y / down) * cols + Math.floor(x / across);
    const [r, c] = [Math.floor((y % down) / cell), Math.floor((x % across) / cell)];
    if (map >= maps.count || r >= maps.height || c >= maps.width || x < 0 || y < 0) return null;
    const of = state.isPicture && shape[0] === 3 ? Math.min(2, Math.floor(((x % across) / cell - c) * 3)) : map; // thirds of a pixel: its colours
    return (of * maps.height + r) * maps.width + c;
  }

  function placeOf(at) {
    const { cell, maps, rows, cols } = state.layout;
    if (!maps) return { x: Math.floor(at / rows) * cell, y: (at % rows) * cell, size: cell };
    const map = state.isPicture ? 0 : Math.floor(at / (maps.height * maps.width));
    return {
      x: (map % cols) * (cell * maps.width + GAP) + (at % maps.width) * cell,
      y: Math.floor(map / cols) * (cell * maps.height + GAP) + (Math.floor(at / maps.width) % maps.height) * cell, size: cell,
    };
  }

  canvas.addEventListener("pointermove", (event) => { if (state) onpoint(atOf(event.offsetX, event.offsetY)); });
  canvas.addEventListener("pointerleave", () => onpoint(null));
  canvas.addEventListener("click", (event) => {
    const at = state && atOf(event.offsetX, event.offsetY);
    if (at !== null) onhold(at);
  });
  canvas.addEventListener("blur", () => onpoint(null));
  canvas.addEventListener("keydown", (event) => {
    if (!state) return;
    const { maps, rows } = state.layout;
    const across = maps ? 1 : rows;
    const way = { ArrowDown: maps ? maps.width : 1, ArrowUp: maps ? -maps.width : -1, ArrowRight: across, ArrowLeft: -across }[event.key];
    if (way) {
      cursor = Math.min(state.values.length - 1, Math.max(0, cursor + way));
      onpoint(cursor);
    } else if (event.key === "Enter" || event.key === " ") onhold(cursor);
    else if (event.key === "Escape") onleave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function paint(colors) {
    const { layout, values, shape, limit, lit, opened, isPicture } = state;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    pen.imageSmoothingEnabled = false;
    const { cell, maps, rows, cols } = layout;
    if (!maps) {
      for (let at = 0; at < values.length; at += 1) {
        const [x, y] = [Math.floor(at / rows) * cell, (at % rows) * cell];
        pen.fillStyle = css(colors.diverging(values[at] / limit));
        pen.fillRect(x, y, cell - 1, cell - 1);
        pen.strokeStyle = colors.line;
        pen.lineWidth = 1;
        if (cell > 8) pen.strokeRect(x + 0.5, y + 0.5, cell - 2, cell - 2);
        if (values.length > WRITTEN) continue;
        pen.fillStyle = colors.ink;
        pen.font = `12.5px ${colors.font}`;
        pen.textBaseline = "middle";
        pen.fillText(steady(values[at], 2), cell + 5, y + cell / 2);
      }
    } else if (isPicture) {
      sprites.paintPicture({ channels: shape[0], height: maps.height, width: maps.width, data: values.map((x) => (x + 1) / 2) });
      sprites.drawTo(pen, 0, 0, 0, layout.width, layout.height);
    } else {
      sprites.size(maps.count, maps.height, maps.width);
      sprites.paintValues(values, limit, false, colors);
      const [across, down] = [cell * maps.width, cell * maps.height];
      pen.strokeStyle = colors.line;
      for (let k = 0; k < maps.count; k += 1) {
        const [x, y] = [(k % cols) * (across + GAP), Math.floor(k / cols) * (down + GAP)];
        sprites.drawTo(pen, k, x, y, across, down);
        if (cell * maps.width > 8) pen.strokeRect(x + 0.5, y + 0.5, across - 1, down - 1);
      }
    }
    for (const at of lit) outline(pen, placeOf(at), css(rgb(colors.ink), 0.55), 1.2);
    if (opened !== null) outline(pen, placeOf(opened), colors.accent, 2.4);
  }

  return {
    canvas, placeOf,
    /** Draw `values` of `shape`. `lit`: places outlined; `opened`: the place that is read, or null. Returns the scale's limit. */
    show({ values, shape, isPicture = false, lit = [], opened = null, label: name }, colors) {
      const limit = isPicture ? 1 : limitOf(values);
      const layout = layoutOf(shape, isPicture);
      state = { values, shape, isPicture, lit, opened, limit, layout };
      cursor = Math.min(cursor, values.length - 1);
      Object.assign(canvas.style, { width: `${layout.width}px`, height: `${layout.height}px` });
      if (name && canvas.getAttribute("aria-label") !== name) canvas.setAttribute("aria-label", name);
      paint(colors);
      return limit;
    },
  };
}

function outline(pen, { x, y, size }, color, thick) {
  pen.strokeStyle = color;
  pen.lineWidth = thick;
  pen.strokeRect(x + 0.5, y + 0.5, Math.max(3, size - 2), Math.max(3, size - 2));
}
