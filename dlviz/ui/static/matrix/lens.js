// The magnifier that follows the pointer over a matrix whose cells are too small for their numbers.

import { css, rgb } from "../lib/color.js";
import { number } from "../lib/number.js";

export const LENS_BELOW = 24; // px of a cell from which it holds its own number
const [WIDE, HIGH] = [34, 22];
const [ACROSS, DOWN] = [9, 7];
const NARROW = 520; // px of canvas below which the lens is smaller, so as not to hide what it looks at
const HEAD = 22;
const AWAY = 18; // px between the place and the lens

/** Draw it for `row`, `column` of `matrix` at (x, y) of a canvas of width × height. */
export function drawLens(pen, { matrix, row, column, x, y, width, height, limits }, colors) {
  const less = width < NARROW ? 2 : 0;
  const [across, down] = [Math.min(ACROSS - 2 * less, matrix.cols), Math.min(DOWN - less, matrix.rows)];
  const [w, tall] = [across * WIDE, down * HIGH + HEAD];
  const left = Math.max(2, Math.min(width - w - 2, x + AWAY + w <= width ? x + AWAY : x - AWAY - w));
  const top = Math.max(2, Math.min(height - tall - 2, y + AWAY + tall <= height ? y + AWAY : y - AWAY - tall));
  const hold = (at, size, end) => Math.max(0, Math.min(end - size, at - (size >> 1)));
  const [r0, c0] = [hold(row, down, matrix.rows), hold(column, across, matrix.cols)];
  if (isEmpty(matrix, r0, c0, down, across)) return; // the caption says as much
  pen.fillStyle = colors.paper;
  pen.fillRect(left - 1, top - 1, w + 2, tall + 2);
  pen.strokeStyle = css(rgb(colors.ink), 0.45);
  pen.lineWidth = 1;
  pen.strokeRect(left - 0.5, top - 0.5, w + 1, tall + 1);
  pen.font = `12px ${colors.font}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillStyle = colors.ink;
  pen.fillText(`row ${row + 1}, column ${column + 1}`, left + 7, top + HEAD / 2 + 1);
  for (let r = 0; r < down; r += 1) {
    for (let c = 0; c < across; c += 1) {
      const [cx, cy] = [left + c * WIDE, top + HEAD + r * HIGH];
      const stands = matrix.entryAt(r0 + r, c0 + c) >= 0;
      const value = matrix.at(r0 + r, c0 + c);
      pen.fillStyle = value === 0 ? css(rgb(colors.ink), stands ? 0.13 : 0.025) : css(colors.diverging(value / limits.matrix));
      pen.fillRect(cx + 0.5, cy + 0.5, WIDE - 1, HIGH - 1);
      if (stands) drawLens.number(pen, value, cx, cy, WIDE, HIGH, limits.matrix, colors);
    }
  }
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 2;
  pen.strokeRect(left + (column - c0) * WIDE + 1, top + HEAD + (row - r0) * HIGH + 1, WIDE - 2, HIGH - 2);
}

function isEmpty(matrix, r0, c0, down, across) {
  for (let r = r0; r < r0 + down; r += 1) {
    for (let c = c0; c < c0 + across; c += 1) if (matrix.entryAt(r, c) >= 0) return false;
  }
  return true;
}

/** A number in a cell, in ink or paper, whichever stands out on the cell's colour. */
drawLens.number = (pen, value, x, y, width, height, limit, colors) => {
  const words = number(value, 2).replace(/^(−?)0\./, "$1.");
  pen.font = `${Math.min(12, (width / Math.max(words.length, 3)) * 1.5)}px ${colors.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const light = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const back = light(value === 0 ? rgb(colors.paper) : colors.diverging(value / limit));
  const [ink, paper] = [light(rgb(colors.ink)), light(rgb(colors.paper))];
  pen.fillStyle = Math.abs(back - ink) > Math.abs(back - paper) ? colors.ink : colors.paper;
  pen.fillText(words, x + width / 2, y + height / 2 + 0.5);
};
