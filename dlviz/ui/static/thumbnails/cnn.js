// A digit and its maps as a thumbnail: the picture, four maps of edges, the same pooled, four mixtures of them.

import { css, rgb } from "../lib/color.js";
import { fit } from "../lib/dom.js";
import { SIDE } from "./reading.js";

const EDGE = 0.045; // of the width, around everything
const PICTURE = 0.31; // of the width
const MAPS = [0.205, 0.15, 0.205]; // of the height: a map of each column
const BETWEEN = 0.028; // of the height, between the large maps of a column
const FULL = [1, 4, 4, 3.2]; // values that are painted in the full colour; an edge kernel answers 4 at the sharpest
const REACH = 0.9; // of the sequential scale
const LINE = 0.6; // of the diverging scale, for the heaviest weight

/** A painter for `Reading`. */
export function cnnPainter(ctx) {
  return ({ canvas, input, maps, layers }) => {
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const { colors } = ctx;
    const { picture, columns } = layout(width, height);
    const tone = (value, full) => css(colors.sequential(REACH * Math.min(1, value / full)));
    const weighted = (weight) => css(colors.diverging(LINE * weight));
    const [edges, pooled, mixtures] = columns;
    pen.clearRect(0, 0, width, height);
    for (const to of edges) line(pen, picture, to, css(rgb(colors.ink), 0.3), 1.2);
    edges.forEach((from, k) => line(pen, from, pooled[k], css(rgb(colors.ink), 0.3), 1.2));
    pooled.forEach((from, i) => mixtures.forEach((to, o) => {
      const weight = 4 * layers[2].weightAt(o, i, 1, 1); // the middle of its kernel is a quarter of the whole
      line(pen, from, to, weighted(weight), 0.8 + 1.2 * Math.abs(weight));
    }));
    grid(pen, picture, SIDE, colors, (at) => tone(input[at], FULL[0]));
    columns.forEach((column, k) => {
      const side = layers[k].outHeight;
      column.forEach((place, channel) => {
        grid(pen, place, side, colors, (at) => tone(maps[k][channel * side * side + at], FULL[k + 1]));
      });
    });
  };
}

/** The picture, and of each layer the four maps under one another. */
function layout(width, height) {
  const edge = EDGE * width;
  const size = Math.min(PICTURE * width, height - 2 * edge);
  const picture = { x: edge, y: (height - size) / 2, size };
  const sizes = MAPS.map((share) => Math.min(share * height, 0.16 * width));
  const gap = (width - 2 * edge - size - sizes.reduce((sum, own) => sum + own, 0)) / sizes.length;
  const pitch = sizes[0] + BETWEEN * height;
  let x = edge + size;
  const columns = sizes.map((own) => {
    x += gap;
    const column = [-1.5, -0.5, 0.5, 1.5].map((k) => ({ x, y: height / 2 + k * pitch - own / 2, size: own }));
    x += own;
    return column;
  });
  return { picture, columns };
}

// A hair of overlap hides the seams between cells.
function grid(pen, { x, y, size }, side, colors, color) {
  const cell = size / side;
  const round = Math.min(6, size * 0.06);
  pen.save();
  pen.beginPath();
  pen.roundRect(x, y, size, size, round);
  pen.clip();
  for (let k = 0; k < side * side; k += 1) {
    pen.fillStyle = color(k);
    pen.fillRect(x + (k % side) * cell, y + Math.floor(k / side) * cell, cell + 0.5, cell + 0.5);
  }
  pen.restore();
  pen.beginPath();
  pen.roundRect(x, y, size, size, round);
  pen.lineWidth = 1;
  pen.strokeStyle = css(rgb(colors.ink), 0.28);
  pen.stroke();
}

/** From the right side of one square to the left side of another. */
function line(pen, from, to, color, thick) {
  const [x0, x1] = [from.x + from.size, to.x];
  const [y0, y1] = [from.y + from.size / 2, to.y + to.size / 2];
  const middle = (x0 + x1) / 2;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.bezierCurveTo(middle, y0, middle, y1, x1, y1);
  pen.lineWidth = thick;
  pen.strokeStyle = color;
  pen.stroke();
}
