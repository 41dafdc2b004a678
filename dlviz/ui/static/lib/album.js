// Small copies of test pictures: fetched once by their place in the test part, kept, painted.

import { h } from "./dom.js";

/** Paint a picture of bytes, (channel, height, width), onto a canvas of as many pixels; grey ones have one channel. */
export function paintBytes(canvas, { pixels, channels, height, width }) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  const cells = height * width;
  for (let i = 0; i < cells; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = pixels[(channels === 1 ? 0 : c) * cells + i];
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** A canvas with such a picture. */
export function thumbnail(picture, label) {
  const canvas = h("canvas.thumb", { role: "img", "aria-label": label });
  paintBytes(canvas, picture);
  return canvas;
}

/** The pictures of a reply, one object each: {index, truth, pixels, …}; where the probe says them, answer and confidence. */
export function unpack({ arrays }) {
  const { data, shape: [count, channels, height, width] } = arrays.pictures;
  const size = channels * height * width;
  return Array.from({ length: count }, (_, k) => ({
    index: arrays.index.data[k], truth: arrays.truth.data[k], answer: arrays.answer?.data[k],
    confidence: arrays.confidence?.data[k], channels, height, width, pixels: data.subarray(k * size, (k + 1) * size),
  }));
}

const ofResults = (live) => ({ measured_at: live.frame?.numbers.measured_at ?? null, parameters: false });

/**
 * Test pictures kept by their place. They belong to a data set: `clear` when it changes. `panel` is the probe that gives
 * them by their `indices`, `more(live)` what else it is asked.
 */
export class Album {
  constructor(live, onarrive, { panel = "results", more = ofResults } = {}) {
    Object.assign(this, { live, onarrive, panel, more });
    this.clear();
  }

  clear() {
    this.kept = new Map();
    this.asked = new Set();
  }

  get(index) {
    return this.kept.get(index) ?? null;
  }

  add(pictures) {
    for (const picture of pictures) this.kept.set(picture.index, picture);
  }

  /** Ask for those that are not here; `onarrive` is called when they have come. */
  async need(indices) {
    const missing = [...indices].filter((index) => !this.kept.has(index) && !this.asked.has(index));
    if (!missing.length) return;
    const { asked } = this; // of this data set
    for (const index of missing) asked.add(index);
    const options = { indices: missing, ...this.more(this.live) };
    const answer = await this.live.ask({ do: "probe", panel: this.panel, options }, { quiet: true });
    for (const index of missing) asked.delete(index);
    if (asked !== this.asked || answer.kind === "note") return;
    this.add(unpack(answer));
    this.onarrive();
  }
}
