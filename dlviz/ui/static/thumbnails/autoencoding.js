// A small autoencoder made by hand: a spot of light on a grid is summed along rows and columns, those sums become two numbers,
// where the spot is; from the two numbers come a bell along each axis again, and their products are the spot. While it moves,
// everything is computed here from its pixels. Out of sight it rests, at the end of its path it stops.

import { Moving } from "./moving.js";

export const SIDE = 14;
const SPREAD = 1.75; // cells
const SECONDS = 5; // for a path
const REACH = 3.4; // cells from the middle to either side

export const PATHS = {
  eight: (t) => [Math.sin(2 * Math.PI * t), Math.sin(4 * Math.PI * t)],
  spiral: (t) => [(1 - 0.8 * t) * Math.cos(4 * Math.PI * t), (1 - 0.8 * t) * Math.sin(4 * Math.PI * t)],
  rose: (t) => [Math.cos(2 * Math.PI * t) * Math.cos(6 * Math.PI * t), Math.sin(2 * Math.PI * t) * Math.cos(6 * Math.PI * t)],
};

const middle = (SIDE - 1) / 2;
const bell = (at) => Float64Array.from({ length: SIDE }, (_, i) => Math.exp(-((i - middle - at * REACH) ** 2) / (2 * SPREAD ** 2)));

/** A spot at `[a, b]`, each in [−1, 1]: SIDE · SIDE pixels in [0, 1], row by row. */
export function spot([a, b]) {
  const [across, down] = [bell(a), bell(b)];
  return Float64Array.from({ length: SIDE * SIDE }, (_, k) => across[k % SIDE] * down[Math.floor(k / SIDE)]);
}

/** {sums: of columns, then of rows; code: two numbers; bells: along columns, then along rows; decoded: the picture again}. */
export function encodeAndDecode(picture) {
  const sums = new Float64Array(2 * SIDE);
  picture.forEach((value, k) => {
    sums[k % SIDE] += value;
    sums[SIDE + Math.floor(k / SIDE)] += value;
  });
  const mass = picture.reduce((all, value) => all + value, 0);
  const centre = (from) => sums.subarray(from, from + SIDE).reduce((all, value, i) => all + value * (i - middle), 0) / (mass * REACH);
  const code = [centre(0), centre(SIDE)];
  const bells = Float64Array.from([...bell(code[0]), ...bell(code[1])]);
  const decoded = Float64Array.from(picture, (_, k) => bells[k % SIDE] * bells[SIDE + Math.floor(k / SIDE)]);
  return { sums, code, bells, decoded };
}

export class Autoencoding extends Moving {
  /** `paint(autoencoding)` draws a moment on `canvas`: `picture`, `sums`, `code`, `bells`, `decoded`, and the `trail` of codes. */
  constructor(canvas, ctx, paint) {
    super(canvas, ctx, paint);
    this.start("eight");
  }

  get done() {
    return this.share >= 1;
  }

  /** Another path from its beginning on. */
  start(path) {
    Object.assign(this, { path, trail: [] });
    this.move(0);
    this.go();
  }

  /** The next path, once this one is done. */
  again() {
    const names = Object.keys(PATHS);
    if (this.done && !this.ctx.reducedMotion) this.start(names[(names.indexOf(this.path) + 1) % names.length]);
  }

  move(share) {
    this.share = Math.min(1, share);
    this.picture = spot(PATHS[this.path](this.share));
    Object.assign(this, encodeAndDecode(this.picture));
    this.trail.push(this.code);
  }

  repaint() {
    Object.assign(this.canvas.dataset, { path: this.path, share: this.share.toFixed(2) });
    this.paint(this);
  }

  finish() {
    for (let k = 1; k <= 60; k += 1) this.move(k / 60);
  }

  advance(ms) {
    this.move(this.share + ms / 1000 / SECONDS);
  }
}
