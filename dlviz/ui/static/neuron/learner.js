// Learning step by step: which rule, how many corrections, where in the data one stands, and the line on its
// way from where it was. Pictures ask `shown`; everything else is in `neuron`.

import { corrected, descended, isMistake, logistic, mistakes, nextMistake, separable } from "./rules.js";

const MOVE = 320; // ms in which the line goes from before to after
const CALM = 420, QUICK = 70; // ms between two corrections of a run: the first few are watched, the rest pass
const WATCHED = 6;

export const START = Object.freeze({ w1: 1, w2: -0.6, b: 0.5 });

export class Learner {
  constructor(ctx, changed) {
    this.ctx = ctx;
    this.changed = changed;
    this.rule = "perceptron";
    this.rate = 1;
    this.neuron = { ...START };
    this.points = [];
    this.timer = 0;
    this.forget();
    ctx.signal.addEventListener("abort", () => this.stop());
  }

  get running() {
    return this.timer !== 0;
  }

  /** Other points: counters at zero, the line stays. */
  show(points) {
    this.points = points;
    this.separable = separable(points);
    this.forget();
  }

  forget() {
    this.stop();
    Object.assign(this, { updates: 0, passes: 0, cursor: 0, current: -1, before: null, last: null, began: -Infinity });
  }

  /** The line is put somewhere by hand. */
  put(neuron) {
    this.forget();
    this.neuron = neuron;
    this.changed();
  }

  reset() {
    this.put({ ...START });
  }

  /** One correction or one step of gradient descent; false when there is nothing left to do. */
  step() {
    return this.rule === "perceptron" ? this.correct() : this.descend();
  }

  correct() {
    const at = nextMistake(this.neuron, this.points, this.cursor);
    if (at < 0) {
      Object.assign(this, { current: -1, before: null });
      this.stop();
      this.changed();
      return false;
    }
    if (at < this.cursor) this.passes += 1;
    const after = corrected(this.neuron, this.points[at], this.rate);
    this.apply(after, { current: at, cursor: (at + 1) % this.points.length });
    if (this.cursor === 0) this.passes += 1;
    return true;
  }

  descend() {
    const { loss, gradient } = logistic(this.neuron, this.points);
    this.apply(descended(this.neuron, this.points, this.rate), { current: -1, loss, gradient });
    return true;
  }

  apply(after, more) {
    const before = this.neuron;
    Object.assign(this, more, { neuron: after, before, updates: this.updates + 1, began: performance.now() });
    this.last = { rule: this.rule, before, after, point: this.points[this.current] ?? null, rate: this.rate, gradient: more.gradient };
    this.changed();
    if (!this.ctx.reducedMotion) this.animate();
  }

  animate() {
    cancelAnimationFrame(this.frame);
    const next = (now) => {
      this.changed();
      if (now - this.began < MOVE && !this.ctx.signal.aborted) this.frame = requestAnimationFrame(next);
    };
    this.frame = requestAnimationFrame(next);
  }

  /** The neuron as the picture has it now: on its way for a moment after a correction. */
  get shown() {
    const t = Math.min((performance.now() - this.began) / (this.running && this.updates > WATCHED ? QUICK : MOVE), 1);
    if (!this.before || t >= 1 || this.ctx.reducedMotion) return this.neuron;
    const s = 1 - (1 - t) ** 3;
    return Object.fromEntries(["w1", "w2", "b"].map((name) => [name, this.before[name] + s * (this.neuron[name] - this.before[name])]));
  }

  run() {
    const next = () => {
      this.timer = -1;
      if (!this.step()) return;
      const pause = this.rule === "gradient" ? 40 : this.updates < WATCHED ? CALM : QUICK;
      this.timer = setTimeout(next, pause);
    };
    next();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
  }

  get mistakes() {
    return mistakes(this.neuron, this.points);
  }

  get converged() {
    return this.points.length > 0 && !this.points.some((point) => isMistake(this.neuron, point));
  }
}
