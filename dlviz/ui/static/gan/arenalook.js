// All that the arena draws of one moment: the fakes and what D says of them, which way each is pushed, D's map, and what the
// generator makes of all noise. One look is of one moment, whole.

import { pullOf, said } from "../lib/gan.js";
import { densities, foldOf } from "./arenafold.js";

export const HALF_WIDTH = 1.5; // of the plane
const REACH = 3; // standard deviations within which a fake is on a mode
const FAIR = 0.2; // a mode is covered from this part of its fair share (see scoring.py)
const PIECE = 4e5; // multiplications between two chances to stop

/** Middles of the cells of a map, x and y in turn, rows from above. */
export function cellsOf(side) {
  const found = new Float32Array(2 * side * side);
  for (let row = 0, at = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1, at += 2) {
      found[at] = (((column + 0.5) / side) * 2 - 1) * HALF_WIDTH;
      found[at + 1] = (1 - ((row + 0.5) / side) * 2) * HALF_WIDTH;
    }
  }
  return found;
}

/** D's output over the plane, in turns: {side, label, values}. `spent(ms, cells)` hears what each turn took. */
export function* fieldOf({ gan, scene }, side, label, spent = () => {}) {
  const cells = cellsOf(side);
  const values = new Float32Array(side * side);
  const some = pieceOf(scene);
  for (let from = 0; from < values.length; from += some) {
    const began = performance.now();
    const until = Math.min(values.length, from + some);
    values.set(gan.heights(cells.subarray(2 * from, 2 * until), label), from);
    spent(performance.now() - began, until - from);
    yield;
  }
  return { side, label, values };
}

/** How many points go through a player between two chances to stop. */
const pieceOf = (scene) => Math.max(1, Math.floor(PIECE / Math.max(...Object.values(scene.numbers.parameters))));

/** The look of a moment, in turns. `options`: {side, label, axes, base, spent}. */
export function* lookOf(moment, { side, label, axes, base, spent }) {
  const { gan, scene, reply, step } = moment;
  const { spec, told } = scene.numbers;
  const z = scene.arrays.shown_z.data;
  const labels = scene.arrays.shown_labels.data;
  const some = pieceOf(scene);
  const count = labels.length;
  const isWhole = reply.arrays.fake?.shape[0] === count; // of large networks the weights come alone
  const fake = isWhole ? reply.arrays.fake.data : yield* inPieces(count, some, 2, (from, until) => gan.makeMany(z.subarray(from * gan.noise, until * gan.noise), labels.subarray(from, until)));
  const { logits, push } = yield* pushes(gan, spec.loss, fake, labels, some);
  const real = scene.arrays.real.data.subarray(0, 2 * count);
  const realLabels = scene.arrays.real_labels.data;
  const realLogits = isWhole ? reply.arrays.real_logits.data : yield* inPieces(real.length / 2, some, 1, (from, until) => gan.heights(real.subarray(2 * from, 2 * until), realLabels.subarray(from, until)));
  const fold = foldOf(spec, axes, base);
  fold.points = yield* inPieces(fold.noises.length / gan.noise, some, 2, (from, until) => gan.makeMany(fold.noises.subarray(from * gan.noise, until * gan.noise), label));
  fold.density = fold.kind === "grid" ? densities(fold.points, spec.noise) : null;
  const field = yield* fieldOf(moment, side, label, spent);
  return {
    moment, step, gan, scene, spec, told, label, z, labels, fake, logits, push, realLogits, fold, field, count,
    modes: modesOf(scene, fake), outside: outsideOf(fake),
  };
}

function* inPieces(count, some, size, make) {
  const found = new Float32Array(count * size);
  for (let from = 0; from < count; from += some) {
    const until = Math.min(count, from + some);
    found.set(make(from, until), from * size);
    yield;
  }
  return found;
}

// Of every fake: D's output, and the way it would go to lower its own loss, −∂ℓ/∂x = −ℓ′(output) · ∂ output / ∂ x.
function* pushes(gan, loss, fake, labels, some) {
  const count = labels.length;
  const [logits, push] = [new Float32Array(count), new Float32Array(2 * count)];
  for (let from = 0; from < count; from += some) {
    const until = Math.min(count, from + some);
    const found = gan.slopes(fake.subarray(2 * from, 2 * until), labels.subarray(from, until));
    logits.set(found.logits, from);
    for (let k = from; k < until; k += 1) {
      const pull = pullOf(loss, found.logits[k - from]);
      for (const i of [0, 1]) push[2 * k + i] = -pull * found.gradients[2 * (k - from) + i];
    }
    yield;
  }
  return { logits, push };
}

/** How many of the fakes shown lie on each mode, {counts, good, covered, fair}; null where there are no modes. */
export function modesOf(scene, fake) {
  const centers = scene.arrays.centers?.data;
  if (!centers) return null;
  const count = fake.length / 2;
  const counts = new Int32Array(centers.length / 2);
  const reach = REACH * scene.numbers.spread;
  for (let k = 0; k < count; k += 1) {
    let [best, least] = [-1, Infinity];
    for (let m = 0; m < counts.length; m += 1) {
      const far = Math.hypot(fake[2 * k] - centers[2 * m], fake[2 * k + 1] - centers[2 * m + 1]);
      if (far < least) [best, least] = [m, far];
    }
    if (least <= reach) counts[best] += 1;
  }
  const fair = (FAIR * count) / counts.length;
  return { counts, good: counts.reduce((sum, n) => sum + n, 0), covered: counts.filter((n) => n >= fair).length, fair };
}

function outsideOf(fake) {
  let found = 0;
  for (let k = 0; k < fake.length; k += 2) if (!(Math.abs(fake[k]) <= HALF_WIDTH && Math.abs(fake[k + 1]) <= HALF_WIDTH)) found += 1;
  return found;
}

/** One place opened: {x, z, logit, says, slope, pull, push, label, index, kind}. `what`: {kind: "fake", index}, {kind: "noise", z} or {kind: "place", place}. */
export function inspect(look, what) {
  const { gan, spec } = look;
  const label = what.kind === "fake" ? look.labels[what.index] : look.label;
  const z = what.kind === "fake" ? look.z.slice(what.index * gan.noise, (what.index + 1) * gan.noise) : what.kind === "noise" ? Float32Array.from(what.z) : null;
  const x = what.kind === "fake" ? look.fake.slice(2 * what.index, 2 * what.index + 2) : z ? gan.makeMany(z, label) : Float32Array.from(what.place);
  const { logits: [logit], gradients: slope } = gan.slopes(x, label);
  const pull = pullOf(spec.loss, logit);
  return { ...what, z, x, label, logit, slope, pull, says: said(spec.loss, logit), push: slope.map((value) => -pull * value), step: look.step };
}
