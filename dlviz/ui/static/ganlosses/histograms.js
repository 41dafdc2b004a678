// Histograms of D's outputs: real examples above the line, fakes below it.

import { css, rgb } from "../lib/color.js";
import { number } from "../lib/number.js";

/** How many values lie in each of `bins` even bins from low to high; what lies outside counts in the first or the last. */
export function countsOf(values, low, high, bins) {
  const counts = new Int32Array(bins);
  for (const value of values) counts[Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)))] += 1;
  return counts;
}

/** How many lie outside. */
export const outside = (values, low, high) => values.reduce((sum, value) => sum + (value < low || value > high ? 1 : 0), 0);

/** Both, in a box {left, right, top, bottom} of a canvas: shares of each side, to one scale. */
export function paintBoth(pen, box, { real, fake }, colors) {
  const middle = (box.top + box.bottom) / 2;
  const share = (counts) => { const all = counts.reduce((a, b) => a + b, 0) || 1; return Array.from(counts, (n) => n / all); };
  const [up, down] = [share(real), share(fake)];
  const most = Math.max(...up, ...down, 1e-9);
  const tall = (box.bottom - box.top) / 2 - 1;
  const wide = (box.right - box.left) / up.length;
  [[up, colors.positive, -1], [down, colors.negative, 1]].forEach(([shares, color, way]) => {
    pen.fillStyle = css(rgb(color), 0.85);
    shares.forEach((value, i) => {
      const high = (value / most) * tall;
      if (value > 0) pen.fillRect(box.left + i * wide + 0.5, way < 0 ? middle - Math.max(1, high) : middle + 1, Math.max(1, wide - 1), Math.max(1, high));
    });
  });
  pen.fillStyle = css(rgb(colors.ink), 0.5);
  pen.fillRect(box.left, middle, box.right - box.left, 1);
}

/** Numbers under a box, at these values. */
export function paintScale(pen, box, values, toX, colors) {
  pen.font = `12px ${colors.font}`;
  pen.fillStyle = colors.muted;
  pen.textBaseline = "top";
  values.forEach((value, i) => {
    pen.textAlign = i === 0 && toX(value) < box.left + 14 ? "left" : i === values.length - 1 && toX(value) > box.right - 14 ? "right" : "center";
    pen.fillText(number(value), toX(value), box.bottom + 5);
  });
}
