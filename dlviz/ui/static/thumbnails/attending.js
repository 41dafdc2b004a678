// A small attention that finds where a letter stood before and looks at the one after it, written by hand: keys are the letters
// before, queries the letters themselves, and the softmax of their products says how much. Query by query; at rest out of sight.

import { attended } from "../lib/attentionmath.js";
import { maskOf } from "../lib/masking.js";
import { Moving } from "./moving.js";

export const SEQUENCES = ["badcebadc", "fghafghaf", "lamplamp", "tonytony"];
const QUERIES_A_SECOND = 2.2;
const SHARPNESS = 5; // of a query that has found its letter

/** Weights (query · key) over the letters of a sequence: a query looks at what came after the same letter, never ahead. */
export function weightsOf(sequence) {
  const letters = [...sequence];
  const tokens = letters.length;
  const scores = Float64Array.from({ length: tokens * tokens }, (_, i) => {
    const [query, key] = [Math.floor(i / tokens), i % tokens];
    return key > 0 && letters[key - 1] === letters[query] ? SHARPNESS : 0;
  });
  return attended(scores, maskOf("causal", tokens), tokens, tokens);
}

export class Attending extends Moving {
  /** `paint(attending)` draws a moment on `canvas`: `letters`, `weights` (query · key), of which `shown` queries have looked. */
  constructor(canvas, ctx, paint) {
    super(canvas, ctx, paint);
    this.start(SEQUENCES[0]);
  }

  get done() {
    return this.shown >= this.letters.length;
  }

  /** Another sequence from its first letter on. */
  start(sequence) {
    Object.assign(this, { sequence, letters: [...sequence], weights: weightsOf(sequence), shown: 1 });
    this.go();
  }

  /** The next sequence, once this one is read. */
  again() {
    if (this.done && !this.ctx.reducedMotion) this.start(SEQUENCES[(SEQUENCES.indexOf(this.sequence) + 1) % SEQUENCES.length]);
  }

  repaint() {
    Object.assign(this.canvas.dataset, { sequence: this.sequence, shown: Math.floor(this.shown) });
    this.paint(this);
  }

  finish() {
    this.shown = this.letters.length;
  }

  advance(ms) {
    this.shown = Math.min(this.letters.length, this.shown + (ms / 1000) * QUERIES_A_SECOND);
  }
}
