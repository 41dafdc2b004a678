// A digit that is written stroke by stroke, and what a small convolutional network makes of it while it grows: four
// edge kernels, pooling, four mixtures of them. Every map is computed here from the cells of the picture. Out of
// sight and in a hidden tab it rests, at the end it stops, and where motion is unwanted the digit is there at once.

import { Layer } from "../lib/conv.js";
import { Moving } from "./moving.js";

export const SIDE = 20;
const SECONDS = 3.2; // to write a digit
const REACH = 64; // cells; no digit's stroke is longer

export const STROKES = {
  5: "M14 4 L7.4 4 L6.6 9.4 C8.4 8.2 14.2 7.6 14.2 12 C14.2 17 7.6 16.8 5.4 14.4",
  3: "M6 4.6 C9 2.6 14 3.6 13.4 7 C13 9.4 10.6 9.8 9.4 9.8 C12 9.8 14.6 11 14.2 13.6 C13.6 17.4 8 17.4 5.6 15",
  2: "M6 7 C6.4 2.6 14.2 2.8 13.8 7.4 C13.4 10.6 8 13 6 16 L14.6 16",
};
const LENGTHS = { 5: 36, 3: 36, 2: 33 }; // cells, a little more than the stroke
const DIGITS = ["5", "3", "2"];

// Edges that face right, left, down and up.
const EDGES = [
  [-1, 0, 1, -2, 0, 2, -1, 0, 1], [1, 0, -1, 2, 0, -2, 1, 0, -1],
  [-1, -2, -1, 0, 0, 0, 1, 2, 1], [1, 2, 1, 0, 0, 0, -1, -2, -1],
];
// Of which two edges each map of the second layer wants to see both; it is held back by the other two.
const PAIRS = [[0, 2], [1, 2], [0, 3], [1, 3]];
const SPREAD = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16);

/** The layers, first to last: convolution, max pooling, convolution. */
export function layers() {
  const square = (n) => [n, n];
  const shape = (kind, inputs, outputs, input, output, kernel, stride) => ({
    kind, inputs, outputs, groups: kind === "max" ? inputs : 1, input_size: square(input), output_size: square(output),
    kernel_size: square(kernel), stride: square(stride), dilation: square(1), padding: [0, 0, 0, 0], padding_mode: "zeros",
  });
  const mixtures = PAIRS.flatMap((pair) => EDGES.flatMap((_, from) => SPREAD.map((weight) => (pair.includes(from) ? 1 : -0.6) * weight)));
  return [
    new Layer(shape("conv", 1, 4, SIDE, SIDE - 2, 3, 1), Float32Array.from(EDGES.flat())),
    new Layer(shape("max", 4, 4, SIDE - 2, (SIDE - 2) / 2, 2, 2)),
    new Layer(shape("conv", 4, 4, (SIDE - 2) / 2, (SIDE - 2) / 2 - 2, 3, 1), Float32Array.from(mixtures)),
  ];
}

/** What each layer makes of a picture (SIDE × SIDE), ReLU behind the convolutions: [edges, pooled, mixtures]. */
export function maps(input, [edges, pooling, mixing]) {
  const relu = (values) => values.map((value) => Math.max(0, value));
  const first = relu(edges.forward(input));
  const pooled = pooling.forward(first);
  return [first, pooled, relu(mixing.forward(pooled))];
}

/** The first share of a digit's stroke with a broad pen: SIDE × SIDE cells in [0, 1]. */
export function written(digit, share) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  Object.assign(pen, { lineWidth: 2.4, lineCap: "round", lineJoin: "round" });
  pen.setLineDash([Math.max(0.01, share * LENGTHS[digit]), REACH]);
  pen.stroke(new Path2D(STROKES[digit]));
  const { data } = pen.getImageData(0, 0, SIDE, SIDE);
  return Float32Array.from({ length: SIDE * SIDE }, (_, k) => data[4 * k + 3] / 255);
}

export class Reading extends Moving {
  /** `paint(reading)` draws a moment on `canvas`: `input`, `maps`. */
  constructor(canvas, ctx, paint) {
    super(canvas, ctx, paint);
    this.layers = layers();
    this.start(DIGITS[0]);
  }

  get done() {
    return this.share >= 1;
  }

  /** Another digit from its first stroke on. */
  start(digit) {
    this.digit = digit;
    this.write(0);
    this.go();
  }

  /** The next digit, once this one is written. */
  again() {
    if (this.done && !this.ctx.reducedMotion) this.start(DIGITS[(DIGITS.indexOf(this.digit) + 1) % DIGITS.length]);
  }

  write(share) {
    this.share = Math.min(1, share);
    this.input = written(this.digit, this.share);
    this.maps = maps(this.input, this.layers);
  }

  repaint() {
    Object.assign(this.canvas.dataset, { digit: this.digit, share: this.share.toFixed(2) });
    this.paint(this);
  }

  finish() {
    this.write(1);
  }

  advance(ms) {
    this.write(this.share + ms / 1000 / SECONDS);
  }
}
