// The sliding kernel as a thumbnail: the picture with the patch under the kernel, the nine weights, and the answer.

import { css, rgb } from "../lib/color.js";
import { fit } from "../lib/dom.js";
import { KERNEL, OUT, SIDE } from "./sliding.js";

const EDGE = 0.045; // of the width, around everything
const PICTURE = 0.34, WEIGHTS = 0.1, ANSWER = 0.41; // of the width
const FULL = 4; // a sum that is painted in the full colour; Sobel answers 4 at the sharpest edge
const REACH = 0.8; // of the diverging scale
const NUMBERS_FROM = 13; // px of a cell of the kernel, from which its number can be read

/** A painter for `Sliding`. */
export function convolutionPainter(ctx) {
  return ({ canvas, input, kernel, output, cells, done }) => {
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const { colors } = ctx;
    const places = layout(width, height);
    const signed = (value) => css(colors.diverging(REACH * Math.max(-1, Math.min(1, value / FULL))));
    pen.clearRect(0, 0, width, height);
    grid(pen, places.picture, SIDE, colors, (k) => css(colors.sequential(0.85 * input[k])));
    grid(pen, places.answer, OUT, colors, (k) => (k < cells ? signed(output[k]) : colors.panel));
    if (!done) {
      const patch = part(places.picture, SIDE, Math.floor(cells / OUT), cells % OUT, KERNEL);
      const cell = part(places.answer, OUT, Math.floor(cells / OUT), cells % OUT, 1);
      beam(pen, patch, places.kernel, colors.accent);
      beam(pen, places.kernel, cell, colors.accent);
      outline(pen, patch, colors.accent, 2);
      outline(pen, cell, colors.accent, 2);
    }
    grid(pen, places.kernel, KERNEL, colors, (k) => css(colors.diverging(0.3 * kernel[k])));
    outline(pen, places.kernel, done ? css(rgb(colors.ink), 0.45) : colors.accent, 1.5);
    numbers(pen, places.kernel, kernel, colors);
  };
}

function layout(width, height) {
  const edge = EDGE * width;
  const square = (x, share) => {
    const size = Math.min(share * width, height - 2 * edge);
    return { x, y: (height - size) / 2, size };
  };
  const picture = square(edge, PICTURE);
  const answer = square(width - edge - Math.min(ANSWER * width, height - 2 * edge), ANSWER);
  const kernel = square(0, WEIGHTS);
  kernel.x = (picture.x + picture.size + answer.x - kernel.size) / 2;
  return { picture, kernel, answer };
}

/** The square of `count` cells whose upper left one is (row, column). */
function part({ x, y, size }, side, row, column, count) {
  const cell = size / side;
  return { x: x + column * cell, y: y + row * cell, size: count * cell };
}

// Borders of cells at whole device pixels would shift the grid; a hair of overlap hides the seams instead.
function grid(pen, place, side, colors, color) {
  const { x, y, size } = place;
  const cell = size / side;
  pen.save();
  pen.beginPath();
  pen.roundRect(x, y, size, size, Math.min(6, size * 0.06));
  pen.clip();
  for (let k = 0; k < side * side; k += 1) {
    pen.fillStyle = color(k);
    pen.fillRect(x + (k % side) * cell, y + Math.floor(k / side) * cell, cell + 0.5, cell + 0.5);
  }
  pen.strokeStyle = css(rgb(colors.ink), 0.07);
  pen.lineWidth = 1;
  pen.beginPath();
  for (let k = 1; k < side; k += 1) {
    pen.moveTo(x + k * cell, y);
    pen.lineTo(x + k * cell, y + size);
    pen.moveTo(x, y + k * cell);
    pen.lineTo(x + size, y + k * cell);
  }
  pen.stroke();
  pen.restore();
  pen.beginPath();
  pen.roundRect(x, y, size, size, Math.min(6, size * 0.06));
  pen.strokeStyle = css(rgb(colors.ink), 0.28);
  pen.stroke();
}

/** What one square sends to another: a faint band between their facing sides. */
function beam(pen, from, to, color) {
  const right = from.x + from.size;
  pen.beginPath();
  pen.moveTo(right, from.y);
  pen.lineTo(to.x, to.y);
  pen.lineTo(to.x, to.y + to.size);
  pen.lineTo(right, from.y + from.size);
  pen.closePath();
  pen.fillStyle = css(rgb(color), 0.14);
  pen.fill();
  pen.lineWidth = 1;
  pen.strokeStyle = css(rgb(color), 0.4);
  pen.stroke();
}

function outline(pen, { x, y, size }, color, thick) {
  pen.beginPath();
  pen.roundRect(x, y, size, size, 2);
  pen.lineWidth = thick;
  pen.strokeStyle = color;
  pen.stroke();
}

function numbers(pen, { x, y, size }, kernel, colors) {
  const cell = size / KERNEL;
  if (cell < NUMBERS_FROM) return;
  pen.fillStyle = colors.ink;
  pen.font = `${Math.round(cell * 0.5)}px ${colors.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  kernel.forEach((weight, k) => {
    pen.fillText(weight < 0 ? `−${-weight}` : `${weight}`, x + ((k % KERNEL) + 0.5) * cell, y + (Math.floor(k / KERNEL) + 0.54) * cell);
  });
}
