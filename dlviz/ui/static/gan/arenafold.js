// What the generator makes of all noise: a line through the plane, or a grid folded into it. Its lines lie where equally many
// draws of the noise lie between them, so that a small cell holds as many fakes as a large one.

import { css, mix, rgb } from "../lib/color.js";
import { quantile } from "../lib/normal.js";

export const CELLS = 20; // along a side of the grid
const ALONG = 200; // pieces of the line
const TAIL = 0.01; // of the normal noise that is left out at both ends
const [THIN, DENSE] = [0.1, 100]; // fakes per unit of area, as a share of all, at the ends of the shades
const SHADES = 8;
const HUES = 24;

/** The numbers of the noise at which the lines lie, ascending. */
export function lines(noise, pieces) {
  return Float32Array.from({ length: pieces + 1 }, (_, k) => (noise === "uniform" ? -1 + (2 * k) / pieces : quantile(TAIL + ((1 - 2 * TAIL) * k) / pieces)));
}

/**
 * The noises to be made, {kind: "line" | "grid", at, noises, axes, base}: of one number a line; else a grid of the two numbers
 * `axes`, the first growing to the right, all others as in `base`.
 */
export function foldOf(spec, axes, base) {
  const { noise, noise_dimensions: dimensions } = spec;
  if (dimensions === 1) {
    const at = lines(noise, ALONG);
    return { kind: "line", at, noises: at, axes: [0], base: null };
  }
  const at = lines(noise, CELLS);
  const noises = new Float32Array(at.length ** 2 * dimensions);
  for (let row = 0, k = 0; row < at.length; row += 1) {
    for (let column = 0; column < at.length; column += 1, k += 1) {
      if (base) noises.set(base, k * dimensions);
      noises[k * dimensions + axes[0]] = at[column];
      noises[k * dimensions + axes[1]] = at[row];
    }
  }
  return { kind: "grid", at, noises, axes, base };
}

/** The share of all fakes per unit of area in each cell of a grid, row by row, from where its corners came to lie. */
export function densities(points, noise) {
  const mass = ((noise === "uniform" ? 1 : 1 - 2 * TAIL) / CELLS) ** 2;
  const side = CELLS + 1;
  const found = new Float32Array(CELLS * CELLS);
  for (let row = 0; row < CELLS; row += 1) {
    for (let column = 0; column < CELLS; column += 1) {
      const [a, b, c, d] = corners(row, column, side).map((k) => [points[2 * k], points[2 * k + 1]]);
      found[row * CELLS + column] = mass / Math.max(1e-9, triangle(a, b, c) + triangle(a, c, d));
    }
  }
  return found;
}

const corners = (row, column, side) => [row * side + column, row * side + column + 1, (row + 1) * side + column + 1, (row + 1) * side + column];
const triangle = ([ax, ay], [bx, by], [cx, cy]) => Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;

/** The colour of a share of the way along the noise. */
export function hue(colors, share) {
  const [low, middle, high] = [colors.classes[7], colors.classes[2], colors.classes[4]].map(rgb);
  return share < 0.5 ? mix(low, middle, 2 * share) : mix(middle, high, 2 * share - 1);
}

/** The two colours of the grid's lines: where the first number is the same, and where the second is. */
export const gridInks = (colors) => [css(rgb(colors.classes[3]), 0.8), css(rgb(colors.classes[2]), 0.9)];

/** How dark a cell of that density is, in [0, 1]. */
export const shadeOf = (density) => Math.min(1, Math.max(0, Math.log10(density / THIN) / Math.log10(DENSE / THIN)));

/** Paint where the lines of the noise came to lie. `to([x, y])` → pixels; `density` shades the cells, null: none. */
export function paintFold(pen, to, { kind, points, density = null }, colors, width = 1) {
  const count = points.length / 2;
  const places = Array.from({ length: count }, (_, k) => to([points[2 * k], points[2 * k + 1]]));
  pen.lineJoin = "round";
  if (kind === "line") {
    pen.lineWidth = 2.6 * width;
    for (let piece = 0; piece < HUES; piece += 1) {
      const [from, until] = [piece, piece + 1].map((n) => Math.round((n * (count - 1)) / HUES));
      pen.strokeStyle = css(hue(colors, (piece + 0.5) / HUES));
      stroke(pen, places.slice(from, until + 1));
    }
    return;
  }
  const side = Math.sqrt(count);
  if (density) shade(pen, places, density, side, colors);
  const inks = gridInks(colors);
  for (const across of [0, 1]) {
    pen.strokeStyle = inks[across];
    for (let n = 0; n < side; n += 1) {
      // The outline and the middle are heavier: by them one sees how the sheet lies.
      pen.lineWidth = width * (n === 0 || n === side - 1 || n === (side - 1) / 2 ? 1.6 : 0.7);
      stroke(pen, Array.from({ length: side }, (_, k) => places[across ? n * side + k : k * side + n]));
    }
  }
}

function stroke(pen, places) {
  pen.beginPath();
  places.forEach(([x, y], k) => (k ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

function shade(pen, places, density, side, colors) {
  const levels = Array.from({ length: SHADES }, () => new Path2D());
  density.forEach((value, cell) => {
    const path = levels[Math.min(SHADES - 1, Math.floor(shadeOf(value) * SHADES))];
    corners(Math.floor(cell / CELLS), cell % CELLS, side).forEach((k, n) => path[n ? "lineTo" : "moveTo"](...places[k]));
    path.closePath();
  });
  levels.forEach((path, level) => {
    if (!level) return;
    pen.fillStyle = css(rgb(colors.classes[3]), ((colors.dark ? 0.8 : 0.6) * level) / (SHADES - 1));
    pen.fill(path);
  });
}
