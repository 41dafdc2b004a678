// Kernels as pictures: one pixel a weight, enlarged by the page.

import { rgb } from "../lib/color.js";

const BYTE = 255;

function paint(canvas, side, colorOf) {
  if (canvas.width !== side || canvas.height !== side) Object.assign(canvas, { width: side, height: side });
  const image = new ImageData(side, side);
  for (let i = 0; i < side * side; i += 1) {
    const [r, g, b] = colorOf(i);
    image.data.set([r, g, b, BYTE], 4 * i);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** One kernel (side × side numbers) on the signed scale that ends at `limit`. */
export function paintKernel(canvas, values, side, limit, colors) {
  paint(canvas, side, (i) => colors.diverging(values[i] / limit));
}

/** A filter of three channels as a colour: a weight of 0 is half bright, ± `limit` fully bright or dark. */
export function paintColour(canvas, values, side, limit) {
  const cells = side * side;
  const level = (value) => BYTE * Math.min(1, Math.max(0, 0.5 + value / (2 * limit)));
  paint(canvas, side, (i) => [level(values[i]), level(values[cells + i]), level(values[2 * cells + i])]);
}

/** Many kernels of `weight` (count, side, side) on one canvas kept out of sight, one below the other. */
export function paintColumn(canvas, weight, side, limit, colors) {
  const down = weight.length / side;
  if (canvas.width !== side || canvas.height !== down) Object.assign(canvas, { width: side, height: down });
  const image = new ImageData(side, down);
  const { table } = colors.diverging;
  const last = table.length / 3 - 1;
  const zero = rgb(colors.paper);
  for (let i = 0; i < weight.length; i += 1) {
    const share = 0.5 + weight[i] / (2 * limit);
    const at = Math.round(Math.min(1, Math.max(0, share)) * last) * 3;
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = Number.isNaN(at) ? zero[c] : table[at + c];
    image.data[4 * i + 3] = BYTE;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}
