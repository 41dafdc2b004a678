// Attention as a thumbnail: a sequence that comes again, lines from each letter to what it looks at, and their pattern.

import { css, rgb } from "../lib/color.js";
import { fit } from "../lib/dom.js";

const EDGE = 0.06; // of the height, around everything
const WAITING = 0.25; // how strong what has not looked yet is drawn
const LEAST = 0.04; // weights below are not drawn as lines

/** A painter for `Attending`. */
export function attentionPainter(ctx) {
  return ({ canvas, letters, weights, shown }) => {
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const { colors } = ctx;
    const n = letters.length;
    const edge = EDGE * height;
    const row = (height - 2 * edge) / n;
    const side = row * n; // of the pattern, a cell a row
    const right = Math.max(width - edge * 2 - side, width * 0.52);
    const [from, to] = [edge * 2 + row * 0.8, right - row * 1.1];
    const y = (t) => edge + (t + 0.5) * row;
    const read = (t) => Math.max(0, Math.min(1, shown - t));
    const blue = colors.sequential(0.85);
    pen.clearRect(0, 0, width, height);
    pen.lineCap = "round";
    for (let q = 0; q < n; q += 1) {
      for (let k = 0; k < n; k += 1) {
        const w = weights[q * n + k];
        if (w < LEAST || read(q) === 0) continue;
        pen.strokeStyle = css(blue, read(q) * Math.max(0.1, w));
        pen.lineWidth = Math.max(1, row * (0.05 + 0.17 * w));
        pen.beginPath();
        pen.moveTo(from, y(k));
        pen.bezierCurveTo((from + to) / 2, y(k), (from + to) / 2, y(q), from + (to - from) * read(q), y(q));
        pen.stroke();
      }
    }
    const cell = Math.min(row, (width - right - edge) / n);
    for (let q = 0, at = 0; q < n; q += 1) {
      for (let k = 0; k < n; k += 1, at += 1) {
        pen.fillStyle = k > q ? css(rgb(colors.ink), 0.045) : css(colors.sequential(weights[at] * read(q)));
        pen.fillRect(right + k * cell, y(q) - row / 2 + 0.5, cell - 1, row - 1);
      }
      name(pen, letters[q], from - row * 0.5, y(q), row, colors, 1);
      name(pen, letters[q], to + row * 0.5, y(q), row, colors, WAITING + (1 - WAITING) * read(q));
    }
  };
}

function name(pen, letter, x, y, row, colors, strength) {
  pen.font = `600 ${row * 0.68}px ${colors.codeFont}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = css(rgb(colors.ink), strength);
  pen.fillText(letter, x, y);
}
