// Arrays of the probe as pictures: bytes as they are, numbers with signs as shades, classes and directions as colours.

import { mix, rgb } from "../lib/color.js";
import { picture, rangeOf } from "../lib/shades.js";

/** How an array is to be looked at: {image, range, mapping}; `range` and `mapping` are null for bytes. */
export function asPicture({ shape, data }, colors, { signed = false } = {}) {
  const [height, width, depth = 1] = shape;
  if (data instanceof Uint8Array || depth === 3) return { image: bytes(data, width, height, depth), range: null, mapping: null };
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  const range = rangeOf(values);
  const mapping = signed ? "signed" : "absolute";
  return { image: picture({ values, height, width }, mapping, range, colors), range, mapping };
}

function bytes(data, width, height, depth) {
  const image = new ImageData(width, height);
  const pixels = image.data;
  for (let i = 0, from = 0, to = 0; i < width * height; i += 1, from += depth, to += 4) {
    pixels[to] = Math.round(data[from]);
    pixels[to + 1] = Math.round(data[from + (depth > 1 ? 1 : 0)]);
    pixels[to + 2] = Math.round(data[from + (depth > 1 ? 2 : 0)]);
    pixels[to + 3] = 255;
  }
  return image;
}

/** Numbers of a few kinds as colours: `colorOf(i)` → [r, g, b]. */
export function painted([height, width], colorOf) {
  const image = new ImageData(width, height);
  for (let i = 0, to = 0; i < width * height; i += 1, to += 4) {
    const [r, g, b] = colorOf(i);
    image.data[to] = r;
    image.data[to + 1] = g;
    image.data[to + 2] = b;
    image.data[to + 3] = 255;
  }
  return image;
}

/** Canny's classes: nothing, weak, strong. */
export const classColors = (colors) => [rgb(colors.paper), colors.sequential(0.45), colors.sequential(1)];

export const SECTORS = ["across", "falling", "down", "rising"]; // which way a gradient points, up to its sign

/** The nearest of the four directions of a gradient that points (x across, y down). */
export function sectorOf(x, y) {
  const angle = Math.atan2(y, x);
  return Math.round(((angle + Math.PI) % Math.PI) / (Math.PI / 4)) % 4;
}

export const sectorColors = (colors) => [2, 3, 4, 5].map((k) => rgb(colors.classes[k]));

/** Directions as colours, the paler the shorter the gradient. */
export function directions(across, down, length, limit, colors) {
  const inks = sectorColors(colors);
  const paper = rgb(colors.paper);
  return painted(across.shape, (i) => mix(paper, inks[sectorOf(across.data[i], down.data[i])], Math.min(1, length.data[i] / limit)));
}
