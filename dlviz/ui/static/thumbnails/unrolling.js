// A small LSTM that reads brackets one after the other and counts the open ones: its weights are written by hand, its
// units forget at different paces. Out of sight and in a hidden tab it rests, at the end it stops, and where motion is
// unwanted everything is read at once.

import { readNetwork } from "../lib/recurrent.js";
import { Moving } from "./moving.js";

export const UNITS = 12;
export const STRINGS = ["(()(()))", "((())())", "()((()))"];
const STEPS_A_SECOND = 3;
const STRENGTH = 0.5; // of a bracket on the candidate
const OPEN = 3; // bias of the gates that stay open

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** Arrays of the counter as torch names them: input, forget, candidate, output gate, from ±1. The last unit forgets least. */
export function counter() {
  const rows = 4 * UNITS;
  const fill = (length, value) => Float32Array.from({ length }, (_, k) => value(k));
  const gate = (row) => Math.floor(row / UNITS);
  const slow = (row) => (row % UNITS) / (UNITS - 1);
  const array = (shape, data) => ({ shape, data });
  return {
    "embedding.weight": array([2, 1], Float32Array.of(1, -1)),
    "core.weight_ih_l0": array([rows, 1], fill(rows, (row) => (gate(row) === 2 ? STRENGTH : 0))),
    "core.weight_hh_l0": array([rows, UNITS], new Float32Array(rows * UNITS)),
    "core.bias_ih_l0": array([rows], fill(rows, (row) => (gate(row) === 1 ? -0.5 + 7.5 * slow(row) : gate(row) === 2 ? 0 : OPEN))),
    "core.bias_hh_l0": array([rows], new Float32Array(rows)),
    "head.weight": array([1, UNITS], new Float32Array(UNITS)),
    "head.bias": array([1], new Float32Array(1)),
  };
}

/** The counter as a network of lib/recurrent.js; its vocabulary is "(" and ")". */
export function network() {
  const numbers = { spec: { cell: "lstm", layers: 1, hidden_size: UNITS, bidirectional: false }, pattern: "every", vocabulary: ["(", ")"], classes: [] };
  const arrays = Object.fromEntries(Object.entries(counter()).map(([name, array]) => [`state/${name}`, array]));
  return readNetwork({ numbers }, { arrays });
}

/** Open brackets, as the unit that forgets least has them in its cell state. */
export const counted = (cell) => Math.round(cell[UNITS - 1] / (sigmoid(OPEN) * Math.tanh(STRENGTH)));

/** Every step of a string: {letter, hidden, kept, count}. */
export function readString(string) {
  const net = network();
  const state = net.begin();
  return [...string].map((letter) => {
    const { gates: [found] } = net.step(net.vocabulary.indexOf(letter), state);
    return { letter, hidden: found.hidden, kept: found.forget_gate[UNITS - 1], count: counted(found.cell) };
  });
}

export class Unrolling extends Moving {
  /** `paint(unrolling)` draws a moment on `canvas`: `steps`, of which `shown` have been read. */
  constructor(canvas, ctx, paint) {
    super(canvas, ctx, paint);
    this.start(STRINGS[0]);
  }

  get done() {
    return this.shown >= this.steps.length;
  }

  /** Another string from its first bracket on. */
  start(string) {
    this.string = string;
    this.steps = readString(string);
    this.shown = 1;
    this.go();
  }

  /** The next string, once this one is read. */
  again() {
    if (this.done && !this.ctx.reducedMotion) this.start(STRINGS[(STRINGS.indexOf(this.string) + 1) % STRINGS.length]);
  }

  repaint() {
    Object.assign(this.canvas.dataset, { string: this.string, shown: Math.floor(this.shown) });
    this.paint(this);
  }

  finish() {
    this.shown = this.steps.length;
  }

  advance(ms) {
    this.shown = Math.min(this.steps.length, this.shown + (ms / 1000) * STEPS_A_SECOND);
  }
}
