// Every map of the picture, from one forward pass over a grid: a coarse one for each frame, and a fine one
// that is computed in slices while nothing moves.

import { FEATURES, forward, gridPoints, makeBatch, unitRow } from "../lib/nn.js";

export const COARSE = 48;
export const FINE = 100;
export const FEATURE_NAMES = Object.keys(FEATURES);

const SLICE = 500; // points between two looks at the clock
const coarsePoints = gridPoints(COARSE);
const finePoints = gridPoints(FINE);

// What the seven features are over the plane never changes.
const featureMaps = FEATURE_NAMES.map((name) => {
  const [x1, x2] = coarsePoints;
  return Float64Array.from(x1, (x, p) => FEATURES[name].of(x, x2[p]));
});
const fineFeatureMaps = FEATURE_NAMES.map((name) => {
  const [x1, x2] = finePoints;
  return Float64Array.from(x1, (x, p) => FEATURES[name].of(x, x2[p]));
});

/** The map of a feature by its place among all seven, used by the network or not. */
export const featureMap = (feature, fine = false) => (fine ? fineFeatureMaps : featureMaps)[feature];

export class Maps {
  constructor(model) {
    this.model = model;
    this.coarse = makeBatch(model, ...coarsePoints);
    this.fine = null; // made when first needed: while training nobody does
    this.done = 0;
    this.difference = { [COARSE]: new Float64Array(COARSE ** 2), [FINE]: new Float64Array(FINE ** 2) };
  }

  /** A new frame's weights have arrived: the coarse maps at once; the fine ones are out of date. */
  compute() {
    forward(this.model, this.coarse);
    this.done = 0;
  }

  get isFine() {
    return this.done === FINE ** 2;
  }

  /** Work at the fine maps for so many milliseconds. True once they are complete. */
  refine(milliseconds) {
    this.fine ??= makeBatch(this.model, ...finePoints);
    const until = performance.now() + milliseconds;
    while (!this.isFine && performance.now() < until) {
      const next = Math.min(this.done + SLICE, FINE ** 2);
      forward(this.model, this.fine, this.done, next);
      this.done = next;
    }
    return this.isFine;
  }

  get best() {
    return this.isFine ? this.fine : this.coarse;
  }

  get side() {
    return this.isFine ? FINE : COARSE;
  }

  /** The values of a unit over the plane; layer 0 are the features, counted among all seven. */
  unit(layer, unit, batch = this.coarse) {
    if (layer === 0) return featureMap(unit, batch === this.fine);
    return unitRow(batch, layer, unit);
  }

  probability(unit, batch = this.coarse) {
    return batch.probabilities.subarray(unit * batch.size, (unit + 1) * batch.size);
  }

  /** p(class 1) − p(class 0) over the plane. */
  contrast(batch = this.coarse) {
    const n = batch.size;
    const map = this.difference[batch === this.fine ? FINE : COARSE];
    for (let p = 0; p < n; p += 1) map[p] = batch.probabilities[n + p] - batch.probabilities[p];
    return map;
  }
}
