// Maps over the plane as coloured squares. A Sheet holds one or many of them side by side, is written as
// pixels in one go, and is then drawn at any size. Tables of colours are made once a theme.

import { mix, rgb } from "./color.js";

const RAMP = 64; // shades from paper to a class colour
const MIDDLE = 255; // entry of the diverging table that is exactly zero
// How far maps go on the diverging scale and towards a class colour: short of the full colours, which
// belong to the data points, so that a point stands out from a map that agrees with it.
const REACH = 0.64;
export const CLASS_REACH = 0.8;

const packed = (r, g, b) => ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;

/** Colour tables for the painters below, from `colors(root)`. */
export function inks(colors) {
  const { table } = colors.diverging;
  const diverging = new Uint32Array(table.length / 3);
  for (let i = 0; i < diverging.length; i += 1) diverging[i] = packed(table[3 * i], table[3 * i + 1], table[3 * i + 2]);
  const paper = rgb(colors.paper);
  const ramps = colors.classes.map((name) => {
    const full = rgb(name);
    return Uint32Array.from({ length: RAMP }, (_, i) => packed(...mix(paper, full, (CLASS_REACH * i) / (RAMP - 1))));
  });
  return { diverging, ramps };
}

/** Room for `count` square maps of `side` cells, `across` in a row. */
export class Sheet {
  constructor(side, count = 1, across = 1) {
    this.side = side;
    this.across = across;
    this.canvas = document.createElement("canvas");
    this.canvas.width = side * across;
    this.canvas.height = side * Math.ceil(count / across);
    this.pen = this.canvas.getContext("2d", { willReadFrequently: false });
    this.image = this.pen.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.stride = this.canvas.width;
  }

  left(k) {
    return (k % this.across) * this.side;
  }

  top(k) {
    return Math.floor(k / this.across) * this.side;
  }

  /** Bring what was painted onto the canvas. */
  flush() {
    this.pen.putImageData(this.image, 0, 0);
  }

  drawTo(pen, k, x, y, size) {
    pen.drawImage(this.canvas, this.left(k), this.top(k), this.side, this.side, x, y, size, size);
  }
}

/** Largest |value| of a map; 1 for a map that is zero everywhere, so that it can be divided by. */
export function largest(map) {
  let most = 0;
  for (let i = 0; i < map.length; i += 1) {
    const size = Math.abs(map[i]);
    if (size > most && size < Infinity) most = size;
  }
  return most || 1;
}

/** Signed values: −limit is the negative colour, 0 is paper, limit the positive colour. */
export function paintSigned(sheet, k, map, limit, inks, discretize = false) {
  const { side, stride, pixels } = sheet;
  const { diverging } = inks;
  const full = Math.round(MIDDLE * REACH);
  const factor = full / limit;
  let at = sheet.top(k) * stride + sheet.left(k);
  for (let i = 0, row = 0; row < side; row += 1, at += stride - side) {
    for (let column = 0; column < side; column += 1, i += 1, at += 1) {
      const shade = discretize ? (map[i] > 0 ? full : -full) : map[i] * factor;
      // A value that is not a number fails every test and is painted as zero.
      pixels[at] = diverging[MIDDLE + (shade >= full ? full : shade > -full ? Math.round(shade) : shade <= -full ? -full : 0)];
    }
  }
}

/** The probability of one class: paper at 0, the map colour of the class at 1. */
export function paintShare(sheet, k, map, classIndex, inks, discretize = false) {
  const { side, stride, pixels } = sheet;
  const ramp = inks.ramps[classIndex];
  let at = sheet.top(k) * stride + sheet.left(k);
  for (let i = 0, row = 0; row < side; row += 1, at += stride - side) {
    for (let column = 0; column < side; column += 1, i += 1, at += 1) {
      const share = discretize ? Math.round(map[i]) : map[i];
      pixels[at] = ramp[share > 0 ? Math.round(Math.min(share, 1) * (RAMP - 1)) : 0];
    }
  }
}

/** The likeliest of several classes, the closer to paper the less it stands out from the others. */
export function paintLikeliest(sheet, k, probabilities, classes, inks, discretize = false) {
  const { side, stride, pixels } = sheet;
  const n = side * side;
  let at = sheet.top(k) * stride + sheet.left(k);
  for (let i = 0, row = 0; row < side; row += 1, at += stride - side) {
    for (let column = 0; column < side; column += 1, i += 1, at += 1) {
      let best = 0;
      for (let c = 1; c < classes; c += 1) if (probabilities[c * n + i] > probabilities[best * n + i]) best = c;
      const confidence = discretize ? 1 : (probabilities[best * n + i] * classes - 1) / (classes - 1);
      pixels[at] = inks.ramps[best][confidence > 0 ? Math.round(confidence * (RAMP - 1)) : 0];
    }
  }
}

/** Fill a canvas with the scale of `paintSigned` from left to right: the bar of a legend. */
export function drawScale(canvas, colors, discretize = false) {
  const pen = canvas.getContext("2d");
  canvas.width = 255;
  canvas.height = 1;
  for (let x = 0; x < 255; x += 1) {
    const t = (x - 127) / 127;
    const [r, g, b] = colors.diverging(REACH * (discretize ? (t > 0 ? 1 : -1) : t));
    pen.fillStyle = `rgb(${r} ${g} ${b})`;
    pen.fillRect(x, 0, 1, 1);
  }
}
