// An unrolled LSTM as a thumbnail: brackets below, the cell with its state at every step, the count of open ones above.

import { css, rgb } from "../lib/color.js";
import { fit } from "../lib/dom.js";
import { UNITS } from "./unrolling.js";

const EDGE = 0.05; // of the width, around everything
const [ACROSS, DOWN] = [3, 4]; // units of a cell, side by side and under one another
const WAITING = 0.22; // how strong what is not read yet is drawn

/** A painter for `Unrolling`. */
export function recurrentPainter(ctx) {
  return ({ canvas, steps, shown }) => {
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const { colors } = ctx;
    const ink = rgb(colors.ink);
    const edge = EDGE * width;
    const pitch = (width - 2 * edge) / steps.length;
    const cell = { width: pitch * 0.56, height: pitch * 0.75 };
    const middle = height * 0.5;
    const reach = cell.height * 0.5;
    const step = Math.min(0.26 * height, pitch * 1.15); // from the middle of a cell to what it reads and says
    pen.clearRect(0, 0, width, height);
    steps.forEach(({ letter, hidden, kept, count }, i) => {
      const x = edge + (i + 0.5) * pitch;
      const read = Math.max(0, Math.min(1, shown - i));
      pen.globalAlpha = WAITING + (1 - WAITING) * read;
      pen.strokeStyle = css(ink, 0.4);
      pen.lineWidth = Math.max(1, pitch * 0.03);
      line(pen, x, middle + step + reach * 0.3, x, middle + reach);
      line(pen, x, middle - reach, x, middle - step - reach * 0.3);
      if (i < steps.length - 1) {
        pen.strokeStyle = css(ink, 0.28);
        pen.lineWidth = pitch * 0.1 * kept;
        line(pen, x + cell.width / 2, middle - reach * 0.4, x + pitch - cell.width / 2, middle - reach * 0.4);
        pen.lineWidth = Math.max(1, pitch * 0.03);
        pen.strokeStyle = css(ink, 0.4);
        line(pen, x + cell.width / 2, middle + reach * 0.4, x + pitch - cell.width / 2, middle + reach * 0.4);
      }
      mosaic(pen, x - cell.width / 2, middle - reach, cell, read > 0 ? hidden : null, colors);
      words(pen, letter, x, middle + step + reach, pitch * 0.42, colors.codeFont, css(ink));
      if (read > 0) words(pen, String(count), x, middle - step - reach, pitch * 0.4, colors.font, css(ink));
      pen.globalAlpha = 1;
    });
  };
}

function mosaic(pen, x, y, { width, height }, hidden, colors) {
  const round = Math.min(7, width * 0.18);
  pen.save();
  pen.beginPath();
  pen.roundRect(x, y, width, height, round);
  pen.fillStyle = colors.paper;
  pen.fill();
  pen.clip();
  for (let k = 0; hidden && k < UNITS; k += 1) {
    pen.fillStyle = css(colors.diverging(hidden[k]));
    pen.fillRect(x + ((k % ACROSS) * width) / ACROSS, y + (Math.floor(k / ACROSS) * height) / DOWN, width / ACROSS + 0.5, height / DOWN + 0.5);
  }
  pen.restore();
  pen.beginPath();
  pen.roundRect(x, y, width, height, round);
  pen.lineWidth = 1;
  pen.strokeStyle = css(rgb(colors.ink), 0.35);
  pen.stroke();
}

function words(pen, text, x, y, size, font, color) {
  pen.font = `600 ${size}px ${font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = color;
  pen.fillText(text, x, y);
}

function line(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}
