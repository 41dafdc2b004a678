// A small game made by hand: points that are to become like the real ones, moved by nothing but the slope of a network that is
// trained all the while to tell the two apart. While it moves, everything is computed here. Out of sight it rests, at the end it
// stops.

import { TinyNetwork, normal, stream } from "../lib/tinytrain.js";
import { Moving } from "./moving.js";

export const SIDE = 24; // cells of the map of odds
const WIDTHS = [2, 12, 12, 2];
const FAKES = 70;
const START = 0.15; // of the noise that a fake begins as
const REALS = 160;
const BATCH = 24;
const RATE = 0.02; // of the network that tells
const PULL = 0.02; // how far a fake goes in a step, at most; less and less, as a learning rate that decays
const BLUR = 0.08; // of all that the network is shown: with sharp edges its slope would be nothing almost everywhere
const STEPS = 420; // of a game
const PER_SECOND = 70;

const even = (k, n) => (2 * Math.PI * k) / n;
export const TARGETS = {
  ring: (random) => {
    const angle = 2 * Math.PI * random();
    return [(0.62 + 0.06 * (random() - 0.5)) * Math.cos(angle), (0.62 + 0.06 * (random() - 0.5)) * Math.sin(angle)];
  },
  six: (random) => {
    const angle = even(Math.floor(6 * random()), 6);
    return [0.62 * Math.cos(angle) + 0.12 * (random() - 0.5), 0.62 * Math.sin(angle) + 0.12 * (random() - 0.5)];
  },
  wave: (random) => {
    const x = 2 * random() - 1;
    return [0.8 * x, 0.45 * Math.sin(Math.PI * 1.5 * x) + 0.06 * (random() - 0.5)];
  },
};

/** ∂ (−log of the odds that `point` is real) / ∂ point, by the network; as G of a GAN gets it from D. */
export function slopeAt(network, point) {
  network.gradient([point], [1]);
  return [network.deltas[0][0], network.deltas[0][1]];
}

export class Competing extends Moving {
  /** `paint(competing)` draws a moment on `canvas`: `real` and `fake` points, the `noise` that these began as, all in ±1, and `odds` (SIDE · SIDE) in ±1. */
  constructor(canvas, ctx, paint, seed) {
    super(canvas, ctx, paint);
    this.seed = seed;
    this.start("ring");
  }

  get done() {
    return this.steps >= STEPS;
  }

  /** Another game from its beginning on. */
  start(target) {
    const random = stream(this.seed);
    const network = new TinyNetwork(WIDTHS, { seed: this.seed });
    const real = Array.from({ length: REALS }, () => TARGETS[target](random));
    const noise = Array.from({ length: FAKES }, () => [2 * random() - 1, 2 * random() - 1]);
    const fake = noise.map((point) => point.map((x) => START * x));
    Object.assign(this, { target, network, real, noise, fake, random, steps: 0, due: 0 });
    this.odds = network.decision(SIDE);
    this.go();
  }

  /** The next target, once this game is over. */
  again() {
    const names = Object.keys(TARGETS);
    if (this.done && !this.ctx.reducedMotion) this.start(names[(names.indexOf(this.target) + 1) % names.length]);
  }

  /** The network learns from some of both; then every fake goes against its slope. */
  turn() {
    const { random } = this;
    const some = (list) => Array.from({ length: BATCH }, () => list[Math.floor(random() * list.length)].map((x) => x + BLUR * normal(random)));
    this.network.train([...some(this.real), ...some(this.fake)], Array.from({ length: 2 * BATCH }, (_, k) => Number(k < BATCH)), RATE);
    this.fake = this.fake.map((point) => {
      const slope = slopeAt(this.network, point);
      const length = Math.hypot(...slope);
      const by = (PULL * (1 - 0.9 * (this.steps / STEPS))) / Math.max(1, length);
      return point.map((x, i) => Math.min(1, Math.max(-1, x - by * slope[i])));
    });
    this.steps += 1;
  }

  repaint() {
    Object.assign(this.canvas.dataset, { target: this.target, steps: this.steps });
    this.network.decision(SIDE, this.odds);
    this.paint(this);
  }

  finish() {
    while (!this.done) this.turn();
  }

  advance(ms) {
    this.due += (ms / 1000) * PER_SECOND;
    for (; this.due >= 1 && !this.done; this.due -= 1) this.turn();
  }
}
