// What every query on a grid would find. The same numbers as scoreOf, arranged so that a drag can ask for thousands a frame.

import { lengthOf, times } from "./rules.js";

const SHORTEST = 1e-8;

/** A function (x, y, n) of the query (x, y): the score of key n. */
export function scorer(kind, keys, { w, wQuery, wKey, v, repeats }) {
  if (kind === "additive") {
    const [[a, b], [c, d]] = wQuery;
    const offsets = keys.map((key) => times(wKey, key));
    return (x, y, n) => v[0] * Math.tanh(repeats * (a * x + b * y + offsets[n][0])) + v[1] * Math.tanh(repeats * (c * x + d * y + offsets[n][1]));
  }
  const root = Math.sqrt(repeats);
  if (kind === "cosine") {
    const away = keys.map((key) => key.map((each) => (root * each) / Math.max(root * lengthOf(key), SHORTEST)));
    return (x, y, n) => (root * (x * away[n][0] + y * away[n][1])) / Math.max(root * Math.sqrt(x * x + y * y), SHORTEST);
  }
  const factor = kind === "scaled" ? repeats / Math.sqrt(2 * repeats) : repeats;
  const ways = keys.map((key) => (kind === "bilinear" ? times(w, key) : key).map((each) => factor * each));
  return (x, y, n) => x * ways[n][0] + y * ways[n][1];
}

/**
 * `field` (row, column), row 0 at the top, of `side` × `side` queries; `of`: "score" or "weight" of key `at`, or "winner",
 * the place of the key with the best score, −1 where several share it.
 */
export function fieldOf(kind, of, at, keys, matrices, side, reach, field) {
  const score = scorer(kind, keys, matrices);
  const scores = new Float64Array(keys.length);
  for (let row = 0, cell = 0; row < side; row += 1) {
    const y = reach * (1 - (2 * (row + 0.5)) / side);
    for (let column = 0; column < side; column += 1, cell += 1) {
      const x = reach * ((2 * (column + 0.5)) / side - 1);
      if (of === "score") {
        field[cell] = score(x, y, at);
        continue;
      }
      let [most, best] = [-Infinity, 0];
      for (let n = 0; n < keys.length; n += 1) {
        scores[n] = score(x, y, n);
        if (scores[n] > most) [most, best] = [scores[n], n];
      }
      field[cell] = of === "weight" ? shareOf(scores, at, most) : isTie(scores, best) ? -1 : best;
    }
  }
  return field;
}

function shareOf(scores, at, most) {
  let sum = 0;
  for (let n = 0; n < scores.length; n += 1) sum += Math.exp(scores[n] - most);
  return Math.exp(scores[at] - most) / sum;
}

function isTie(scores, best) {
  const least = scores[best] - 1e-9 * Math.max(1, Math.abs(scores[best]));
  for (let n = 0; n < scores.length; n += 1) if (n !== best && scores[n] >= least) return true;
  return false;
}
