// Drawing one moment of the warp: the sheet of the plane in the output's colours, its grid lines, the
// boundary, the points, and the flat cut. Placements hold coordinates in [-1, 1]; `camera` turns them.

import { css, mix, rgb } from "../lib/color.js";
import { margin } from "./boundary.js";
import { MESH_SIDE } from "./spaces.js";

const LEVELS = 24; // shades of the sheet from paper to full colour
const STRENGTH = 0.5; // of the sheet's colours: points and lines stand in front of it
const GRID_EVERY = 5; // mesh lines between two whole numbers

/** The shades of the sheet: `shades[k][level]`, k a class, or 0 and 1 for below and above zero. */
export function sheetShades(colors, count) {
  const paper = rgb(colors.paper);
  return Array.from({ length: count }, (_, k) => {
    const full = rgb(colors.classes[k]);
    return Array.from({ length: LEVELS + 1 }, (_, level) => css(mix(paper, full, (STRENGTH * level) / LEVELS)));
  });
}

/** For each vertex of the mesh the index of its shade: colour · (LEVELS + 1) + level. */
export function sheetLevels(model, batch, out) {
  const classes = model.problem === "classification" ? model.widths.at(-1) : 0;
  const n = batch.size, shares = batch.probabilities;
  for (let p = 0; p < out.length; p++) {
    let colour = 0, strength = 0;
    if (classes > 2) {
      for (let c = 1; c < classes; c++) if (shares[c * n + p] > shares[colour * n + p]) colour = c;
      strength = (shares[colour * n + p] * classes - 1) / (classes - 1);
    } else {
      const value = classes ? shares[n + p] - shares[p] : margin(model, batch, 0, p);
      colour = Number(value > 0);
      strength = Math.min(Math.abs(value), 1);
    }
    out[p] = colour * (LEVELS + 1) + Math.round(Math.max(strength, 0) * LEVELS);
  }
  return out;
}

/** Screen coordinates of a placement: {x, y, depth}; the camera is {yaw, pitch, zoom}. */
export function project({ x, y, z }, { yaw, pitch, zoom }, size) {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  const out = { x: new Float32Array(x.length), y: new Float32Array(x.length), depth: new Float32Array(x.length) };
  for (let p = 0; p < x.length; p++) {
    const across = cy * x[p] + sy * z[p], away = cy * z[p] - sy * x[p];
    const up = cp * y[p] - sp * away, depth = cp * away + sp * y[p];
    out.x[p] = size / 2 + (across * zoom * size) / 2;
    out.y[p] = size / 2 - (up * zoom * size) / 2;
    out.depth[p] = depth;
  }
  return out;
}

/**
 * The sheet flat on the paper: neighbouring cells of one shade in a row are drawn as one strip. A strip
 * reaches one cell too far to the right and upwards, where the next ones are drawn over it, so that
 * antialiasing leaves no seams between them.
 */
export function drawFlatSheet(pen, at, levels, shades) {
  const flat = shades.flat(), last = MESH_SIDE - 1;
  for (let row = 0; row < last; row++) {
    let start = 0;
    for (let column = 1; column <= last; column++) {
      const shade = levels[row * MESH_SIDE + start];
      if (column < last && levels[row * MESH_SIDE + column] === shade) continue;
      strip(pen, at, row, Math.min(row + 2, last), start, Math.min(column + 1, last));
      pen.fillStyle = flat[shade];
      pen.fill();
      start = column;
    }
  }
}

function strip(pen, at, lower, upper, from, to) {
  pen.beginPath();
  for (let k = lower * MESH_SIDE + from; k <= lower * MESH_SIDE + to; k++) pen.lineTo(at.x[k], at.y[k]);
  for (let k = (lower + 1) * MESH_SIDE + to; k < upper * MESH_SIDE + to; k += MESH_SIDE) pen.lineTo(at.x[k], at.y[k]);
  for (let k = upper * MESH_SIDE + to; k >= upper * MESH_SIDE + from; k--) pen.lineTo(at.x[k], at.y[k]);
  for (let k = (upper - 1) * MESH_SIDE + from; k > lower * MESH_SIDE + from; k -= MESH_SIDE) pen.lineTo(at.x[k], at.y[k]);
}

/** The sheet in space: cells of two by two, the farthest first. */
export function drawDeepSheet(pen, at, levels, shades) {
  const flat = shades.flat();
  const step = 2, cells = [];
  for (let row = 0; row + step < MESH_SIDE; row += step) {
    for (let column = 0; column + step < MESH_SIDE; column += step) {
      const a = row * MESH_SIDE + column, b = a + step, c = b + step * MESH_SIDE, d = a + step * MESH_SIDE;
      cells.push({ a, b, c, d, depth: at.depth[a] + at.depth[b] + at.depth[c] + at.depth[d] });
    }
  }
  cells.sort((p, q) => q.depth - p.depth);
  pen.lineWidth = 0.8;
  for (const { a, b, c, d } of cells) {
    pen.beginPath();
    for (const k of [a, b, c, d]) pen.lineTo(at.x[k], at.y[k]);
    pen.closePath();
    pen.fillStyle = pen.strokeStyle = flat[levels[a + MESH_SIDE + 1]];
    pen.fill();
    pen.stroke();
  }
}

/** The plane's lines at whole numbers; its two axes a little stronger. */
export function drawGrid(pen, at, colors) {
  const middle = (MESH_SIDE - 1) / 2;
  for (const strong of [false, true]) {
    pen.strokeStyle = css(rgb(colors.ink), strong ? 0.5 : 0.16);
    pen.lineWidth = strong ? 1.25 : 0.75;
    pen.beginPath();
    for (let line = 0; line < MESH_SIDE; line += GRID_EVERY) {
      if ((line === middle) !== strong) continue;
      for (let k = 0; k < MESH_SIDE; k++) pen[k ? "lineTo" : "moveTo"](at.x[line * MESH_SIDE + k], at.y[line * MESH_SIDE + k]);
      for (let k = 0; k < MESH_SIDE; k++) pen[k ? "lineTo" : "moveTo"](at.x[k * MESH_SIDE + line], at.y[k * MESH_SIDE + line]);
    }
    pen.stroke();
  }
}

/** Segments between neighbours 2k and 2k + 1 of a projected batch. */
export function drawBoundary(pen, at, colors) {
  pen.strokeStyle = colors.ink;
  pen.lineWidth = 2;
  pen.lineCap = "round";
  pen.beginPath();
  for (let k = 0; k + 1 < at.x.length; k += 2) {
    pen.moveTo(at.x[k], at.y[k]);
    pen.lineTo(at.x[k + 1], at.y[k + 1]);
  }
  pen.stroke();
}

/** The data points, from the mesh's end on, each in its class's colour (or its value's) with a rim of paper. */
export function drawPoints(pen, at, from, fills, colors, radius) {
  pen.strokeStyle = colors.paper;
  pen.lineWidth = 1;
  for (let n = 0; n < fills.length; n++) {
    pen.beginPath();
    pen.arc(at.x[from + n], at.y[from + n], radius, 0, 2 * Math.PI);
    pen.fillStyle = fills[n];
    pen.fill();
    pen.stroke();
  }
}

/** A polygon (or, with two corners, a line) of the output's flat cut. */
export function drawCut(pen, at, colors, opacity) {
  pen.save();
  pen.globalAlpha = opacity;
  pen.beginPath();
  for (let k = 0; k < at.x.length; k++) pen.lineTo(at.x[k], at.y[k]);
  if (at.x.length > 2) {
    pen.closePath();
    pen.fillStyle = css(rgb(colors.accent), 0.18);
    pen.fill();
  }
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 2;
  pen.setLineDash([7, 5]);
  pen.stroke();
  pen.restore();
}

/** The edges of the cube in which a space is seen. */
export function drawCube(pen, camera, size, colors) {
  pen.strokeStyle = css(rgb(colors.ink), 0.14);
  pen.lineWidth = 1;
  const corners = { x: [], y: [], z: [] };
  for (let k = 0; k < 8; k++) ["x", "y", "z"].forEach((name, bit) => corners[name].push(k & (1 << bit) ? 1 : -1));
  const at = project(corners, camera, size);
  pen.beginPath();
  for (let k = 0; k < 8; k++) {
    for (const bit of [1, 2, 4]) {
      if (k & bit) continue;
      pen.moveTo(at.x[k], at.y[k]);
      pen.lineTo(at.x[k | bit], at.y[k | bit]);
    }
  }
  pen.stroke();
}
