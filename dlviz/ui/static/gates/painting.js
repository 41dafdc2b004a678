// Painting the strip: a picture with one pixel a number, that picture enlarged with tokens over it, and what is lit.

import { readable, written as twoDigits } from "../lib/cells.js";
import { css, rgb } from "../lib/color.js";
import { fit } from "../lib/dom.js";
import { written } from "../lib/tokens.js";

const ROOM_FOR_LETTERS = 4.6; // px a column must be wide to hold its letter
const ROOM_FOR_NUMBERS = 27;
const BLANKS = new Set([" ", "\n", "\t"]);

const packed = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** {canvas, tops}: all rows under each other, one pixel high if closed, one a unit if open; each row on its own scale. */
export function paintPixels({ steps, units, rows, order }, colors) {
  const tops = [];
  let height = 0;
  for (const { open } of rows) {
    tops.push(height);
    height += open ? units : 1;
  }
  const canvas = Object.assign(document.createElement("canvas"), { width: steps, height });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(steps, height);
  const pixels = new Uint32Array(image.data.buffer);
  rows.forEach(({ series, values, signed, limit, open }, i) => {
    const color = (value) => packed(signed ? colors.diverging(value / limit) : colors.sequential(value));
    for (let t = 0, at = tops[i] * steps; t < steps; t += 1) {
      if (!open) pixels[at + t] = color(series[t]);
      else for (let k = 0; k < units; k += 1) pixels[at + k * steps + t] = color(values[t * units + order[k]]);
    }
  });
  pen.putImageData(image, 0, 0);
  return { canvas, tops };
}

/** A canvas fitted and wiped. */
export function fitView(canvas) {
  const view = fit(canvas);
  view.pen.clearRect(0, 0, view.width, view.height);
  return view;
}

/** The columns that can be seen: [first, past the last]. */
function seen({ left, width, column }, steps) {
  return [Math.max(0, Math.floor(left / column)), Math.min(steps, Math.ceil((left + width) / column))];
}

/** Everything that stays while one points: tokens, pattern, rows. */
export function paintBase({ pen }, model, places, { canvas, tops }, colors, warn) {
  const { rows, units, steps } = model;
  const { column, left } = places;
  const [first, past] = seen(places, steps);
  pen.imageSmoothingEnabled = false;
  rows.forEach(({ open, series, signed, limit }, i) => {
    const { y, height } = places.places[i];
    pen.drawImage(canvas, first, tops[i], past - first, open ? units : 1, first * column - left, y, (past - first) * column, height);
    pen.strokeStyle = css(rgb(colors.ink), 0.16);
    pen.lineWidth = 1;
    pen.strokeRect(first * column - left + 0.5, y + 0.5, (past - first) * column - 1, height - 1);
    if (open || column < ROOM_FOR_NUMBERS) return;
    pen.font = `12px ${colors.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let t = first; t < past; t += 1) {
      pen.fillStyle = css(readable(signed ? colors.diverging(series[t] / limit) : colors.sequential(series[t]), colors));
      pen.fillText(twoDigits(series[t]), (t + 0.5) * column - left, y + height / 2 + 0.5);
    }
  });
  paintTokens(pen, model, places, colors, warn, [first, past]);
}

function paintTokens(pen, { labels, kind, pattern, changed, matches }, { column, left, tokens, pattern: tall }, colors, warn, [first, past]) {
  const size = kind === "letters" ? Math.min(14, column * 1.42) : 12.5;
  pen.font = kind === "letters" ? `${size}px ${colors.codeFont}` : `${size}px ${colors.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let t = first; t < past; t += 1) {
    const x = t * column - left;
    if (changed.has(t)) {
      pen.fillStyle = warn;
      pen.fillRect(x + Math.min(1, column * 0.1), tokens - 4, Math.max(1, column - Math.min(2, column * 0.2)), 3);
    }
    if (pattern) {
      pen.fillStyle = css(colors.sequential(pattern[t]));
      pen.fillRect(x, tokens, column + 0.5, tall);
    }
    if (column < ROOM_FOR_LETTERS) continue;
    const blank = BLANKS.has(labels[t]);
    pen.fillStyle = blank ? css(rgb(colors.ink), 0.35) : colors.ink;
    pen.fillText(written(labels[t]), x + column / 2, (tokens - 4) / 2, Math.max(3, kind === "letters" ? column + 2 : column - 5));
  }
  pen.fillStyle = colors.accent;
  for (const { from, to } of matches) pen.fillRect(from * column - left, tokens + tall - 3, (to - from + 1) * column, 3);
}

/** What is lit: the span, the column, the chosen unit's line. */
export function paintOver({ pen, width, height }, { rows, order, unit, steps }, { column, left, places, tokens }, { step, span, pinned }, colors) {
  const accent = rgb(colors.accent);
  if (span) {
    const [x, x1] = [span.from * column - left, (span.to + 1) * column - left];
    pen.fillStyle = css(accent, 0.14);
    pen.fillRect(x, 0, x1 - x, tokens);
    pen.strokeStyle = css(accent);
    pen.lineWidth = 1.5;
    pen.strokeRect(x, 0.75, x1 - x, height - 1.5);
  }
  const open = rows.findIndex((row) => row.open);
  if (open >= 0 && unit !== null) {
    const { y, tall } = places[open];
    const top = y + order.indexOf(unit) * tall;
    pen.strokeStyle = css(accent);
    pen.lineWidth = 1.5;
    pen.strokeRect(0.75, top - 0.75, Math.min(width, steps * column - left) - 1.5, tall + 1.5);
  }
  if (step === null) return;
  const [x, across] = [step * column - left, Math.max(column, 2)];
  pen.strokeStyle = pinned ? css(accent) : css(rgb(colors.ink), 0.75);
  pen.lineWidth = pinned ? 2 : 1.25;
  pen.strokeRect(x - 0.5, 0.75, across + 1, height - 1.5);
}
