// Gradients' norms as a reply brings them, and how they are coloured: a logarithm over so many powers of ten.

import { number } from "../lib/dom.js";

const FAR = [3, 10, 30, 100]; // steps back that a sentence names
export const DECADES = 4; // shown under the largest; what is smaller is paper

/** {norms, answers, steps, places, said, means, decay, start} of a reply; `prefix` is the cell's where there are three. */
export function readNorms(reply, prefix = "") {
  const array = (name) => reply.arrays[prefix + name];
  const { data, shape: [answers, steps] } = array("norms");
  const one = (name) => array(name)?.data[0] ?? null;
  return {
    norms: data, answers, steps, places: array("places").data, said: array("said").data,
    means: array("means")?.data ?? null, decay: one("decay"), start: one("start"),
    row: (answer) => data.subarray(answer * steps, (answer + 1) * steps),
  };
}

/** The largest of some norms; 0 where there are none. */
export function largestOf(norms) {
  let largest = 0;
  for (const norm of norms) if (norm > largest) largest = norm;
  return largest;
}

/** Where a norm lies on the colours, 0 … 1; NaN (no colour) where nothing at all comes through. */
export function shade(norm, largest) {
  if (!(norm > 0)) return NaN;
  return Math.max(0, 1 + Math.log10(norm / largest) / DECADES);
}

/** The answer that stands at a step, or the last one there is before it; the last of all for none. */
export function answerAt({ places, answers }, step) {
  if (step === null || answers === 1) return answers - 1;
  let found = -1;
  for (let k = 0; k < answers; k += 1) if (places[k] <= step) found = k;
  return found < 0 ? 0 : found;
}

/** Norms of one answer by distance, nearest first: {xs, ys}. */
export function byDistance({ places, row }, answer) {
  const norms = row(answer);
  const first = Math.max(0, places[answer] - norms.length + 1);
  const xs = Array.from({ length: places[answer] - first + 1 }, (_, k) => first + k);
  return { xs, ys: xs.map((distance) => norms[places[answer] - distance]) };
}

/** A factor a step in words: when it has halved or doubled, and what is left far back, in a sequence of `steps`. */
export function decayWords(decay, steps) {
  if (!(decay > 0)) return "";
  const times = `× ${number(decay)} with every step back`;
  if (Math.abs(decay - 1) < 5e-4) return `${times}: it neither fades nor grows`;
  const far = FAR.findLast((n) => n < steps) ?? FAR[0]; // no farther than was measured
  const half = Math.abs(Math.log(2) / Math.log(decay));
  return `${times}: ${decay < 1 ? "halved" : "doubled"} every ${number(half)} steps, × ${number(decay ** far)} after ${far}`;
}
