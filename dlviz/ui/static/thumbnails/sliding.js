// A kernel that really slides over a small picture, one cell of the answer after the other: out of sight and in
// a hidden tab it rests, at the end it stops, and where motion is unwanted it shows the whole answer at once.

import { Layer } from "../lib/conv.js";
import { Moving } from "./moving.js";

export const SIDE = 18;
export const KERNEL = 3;
export const OUT = SIDE - KERNEL + 1;
const CELLS_A_SECOND = 50;

export const KERNELS = {
  sobel_vertical: [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  sobel_horizontal: [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  laplacian: [0, 1, 0, 1, -4, 1, 0, 1, 0],
};
const NAMES = Object.keys(KERNELS);

/** A five, drawn with a broad pen: SIDE × SIDE cells in [0, 1]. It has edges in every direction. */
export function five() {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.lineWidth = 2.6;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.beginPath();
  pen.moveTo(12.8, 3.4);
  pen.lineTo(6.2, 3.4);
  pen.lineTo(5.5, 8.6);
  pen.bezierCurveTo(7.2, 7.4, 12.9, 6.8, 12.9, 11.1);
  pen.bezierCurveTo(12.9, 15.6, 7, 15.6, 4.9, 13.2);
  pen.stroke();
  const { data } = pen.getImageData(0, 0, SIDE, SIDE);
  return Float32Array.from({ length: SIDE * SIDE }, (_, k) => data[4 * k + 3] / 255);
}

export class Sliding extends Moving {
  /** `paint(sliding)` draws a moment on `canvas`: `input`, `kernel`, `output` of which `cells` are there. */
  constructor(canvas, ctx, paint) {
    super(canvas, ctx, paint);
    this.input = five();
    this.start(NAMES[0]);
  }

  get done() {
    return this.cells >= this.output.length;
  }

  /** Another kernel from the first place on. */
  start(name) {
    this.name = name;
    this.kernel = Float32Array.from(KERNELS[name]);
    const square = (n) => [n, n];
    this.layer = new Layer({
      kind: "conv", inputs: 1, outputs: 1, groups: 1, input_size: square(SIDE), output_size: square(OUT),
      kernel_size: square(KERNEL), stride: square(1), dilation: square(1), padding: [0, 0, 0, 0], padding_mode: "zeros",
    }, this.kernel);
    this.output = new Float32Array(OUT * OUT);
    this.cells = 0;
    this.due = 0;
    this.go();
  }

  /** The next kernel, once this one has been everywhere. */
  again() {
    if (this.done && !this.ctx.reducedMotion) this.start(NAMES[(NAMES.indexOf(this.name) + 1) % NAMES.length]);
  }

  /** So many cells more: each the sum of its nine products. */
  slide(cells) {
    for (let k = 0; k < cells && !this.done; k += 1, this.cells += 1) {
      const terms = this.layer.terms(this.input, 0, Math.floor(this.cells / OUT), this.cells % OUT);
      this.output[this.cells] = terms.reduce((sum, { product }) => sum + product, 0);
    }
  }

  repaint() {
    Object.assign(this.canvas.dataset, { cells: this.cells, kernel: this.name });
    this.paint(this);
  }

  finish() {
    this.slide(this.output.length);
  }

  advance(ms) {
    this.due += (ms / 1000) * CELLS_A_SECOND;
    this.slide(Math.floor(this.due));
    this.due %= 1;
  }
}
