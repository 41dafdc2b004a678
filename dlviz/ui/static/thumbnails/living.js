// A picture of a small network that really learns while one looks at it, and only then: it rests out of
// sight, in a hidden tab, once it has learned, and from the beginning where motion is unwanted (it is then
// trained before it is shown).

import { batch, points, stream, TinyNetwork } from "../lib/tinytrain.js";

const BATCH = 32;
const RATE = 0.02;
const STEPS_A_FRAME = 4;
const ENOUGH = 0.012; // mean loss over all points at which it has learned
const STEPS_AT_MOST = 2400;
const LOOK_EVERY = 40; // steps between two looks at that loss

export class Living {
  /** `paint(living)` draws a moment on `canvas`; it is called about thirty times a second while learning. */
  constructor(canvas, ctx, { widths, shape, count = 140, seed = 1, paint }) {
    Object.assign(this, { canvas, ctx, widths, count, seed, paint });
    this.frame = 0;
    this.odd = false;
    this.seen = false;
    const sight = new IntersectionObserver((entries) => {
      this.seen = entries.at(-1).isIntersecting;
      this.go();
    });
    sight.observe(canvas);
    const size = new ResizeObserver(() => this.paint(this));
    size.observe(canvas);
    document.addEventListener("visibilitychange", () => this.go(), { signal: ctx.signal });
    ctx.signal.addEventListener("abort", () => {
      cancelAnimationFrame(this.frame);
      sight.disconnect();
      size.disconnect();
    });
    this.start(shape);
  }

  /** A fresh network before one of the data sets. */
  start(shape) {
    this.shape = shape;
    this.data = points(shape, this.count, this.seed);
    this.begin();
  }

  /** The same data from fresh weights. */
  begin() {
    this.network = new TinyNetwork(this.widths, { seed: this.seed });
    this.random = stream(this.seed);
    this.goal = STEPS_AT_MOST;
    this.loss = this.network.gradient(this.data.inputs, this.data.labels);
    this.learned = false;
    this.go();
  }

  /** One more point; learning goes on. */
  add(input, label) {
    this.data.inputs.push(input);
    this.data.labels.push(label);
    this.goal = this.network.steps + STEPS_AT_MOST;
    this.learned = false;
    this.go();
  }

  train(steps) {
    for (let k = 0; k < steps && !this.learned; k++) {
      this.network.train(...batch(this.data, BATCH, this.random), RATE);
      if (this.network.steps % LOOK_EVERY) continue;
      this.loss = this.network.gradient(this.data.inputs, this.data.labels);
      this.learned = this.loss < ENOUGH || this.network.steps >= this.goal;
    }
  }

  get running() {
    return this.frame !== 0;
  }

  go() {
    if (this.frame || !this.seen || this.ctx.signal.aborted) return;
    if (this.ctx.reducedMotion) {
      this.train(STEPS_AT_MOST);
      this.paint(this);
      return;
    }
    const next = () => {
      this.frame = 0;
      if (!this.seen || document.hidden || this.ctx.signal.aborted) return;
      this.train(STEPS_A_FRAME);
      this.odd = !this.odd;
      if (this.odd || this.learned) this.paint(this);
      if (!this.learned) this.frame = requestAnimationFrame(next);
    };
    this.frame = requestAnimationFrame(next);
  }
}
