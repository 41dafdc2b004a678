// What the small classifier reads of all fakes, in slices and not in every frame.

import { gansOf } from "../lib/gans.js";
import { inSlices } from "../lib/slices.js";

const PAUSE = 350; // ms between two readings while fakes change

/** Pixels in [0, 1] of the k-th picture of bytes. */
export function pixelsOf({ data, shape }, k) {
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  return Float32Array.from(data.subarray(k * size, (k + 1) * size), (value) => value / 255);
}

/** {shares, answer, confidence} of pixels. */
export function readOne(reader, pixels) {
  const shares = reader(pixels);
  const answer = shares.reduce((best, share, k) => (share > shares[best] ? k : best), 0);
  return { shares, answer, confidence: shares[answer] };
}

/** `now`: {frame, readings} last read, null before; `reader` is null until the classifier has come. */
export class Readings {
  constructor({ live, ctx }) {
    Object.assign(this, { live, ctx, reader: null, now: null, wanted: null, dataset: null, last: -Infinity, timer: 0 });
    ctx.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** A frame with pictures is on screen. */
  follow(scene, frame) {
    const { dataset } = scene.numbers.spec;
    if (this.dataset !== dataset) {
      Object.assign(this, { dataset, reader: null, now: null, wanted: null });
      gansOf(this.live).classifier().then((reader) => {
        if (this.dataset !== dataset || this.ctx.signal.aborted) return;
        this.reader = reader;
        this.ctx.redraw();
      });
    }
    if (this.now && this.now.frame.arrays.fake.shape.join() !== frame.arrays.fake.shape.join()) this.now = null;
    if (!this.reader || this.wanted || this.now?.frame.arrays.fake === frame.arrays.fake) return;
    const rest = this.last + PAUSE - performance.now();
    clearTimeout(this.timer);
    if (rest > 0) this.timer = setTimeout(() => this.ctx.redraw(), rest);
    else this.begin(frame);
  }

  begin(frame) {
    const { reader } = this;
    this.wanted = frame;
    inSlices(read(reader, frame), (readings) => {
      Object.assign(this, { now: { frame, readings }, wanted: null, last: performance.now() });
      this.ctx.redraw();
    }, { signal: this.ctx.signal, wanted: () => this.wanted === frame && this.reader === reader });
  }
}

function* read(reader, { arrays: { fake } }) {
  const found = [];
  for (let k = 0; k < fake.shape[0]; k += 1) {
    found.push(readOne(reader, pixelsOf(fake, k)));
    yield;
  }
  return found;
}
