// How spread out attention is: entropy of rows in nats, as a head has it and as chance has it. Nothing here draws.

import { normal, stream } from "../lib/tinytrain.js";
import { attended } from "../lib/attentionmath.js";
import { entropyOf } from "../lib/transformer.js";

export const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]; // numbers of a query and a key
export const DRAWS = 4; // of all queries and keys, for each size

/** Entropy of each row of weights; NaN of a row from which everything is hidden. */
export function entropiesOf(weights, hidden, tokens, keys) {
  return Float64Array.from({ length: tokens }, (_, q) => (seen(hidden, q, keys) ? entropyOf(weights.subarray(q * keys, (q + 1) * keys)) : NaN));
}

/** The most that each row could have: log of how many keys its query may look at. */
export function ceilingsOf(hidden, tokens, keys) {
  return Float64Array.from({ length: tokens }, (_, q) => Math.log(seen(hidden, q, keys) || NaN));
}

function seen(hidden, q, keys) {
  if (!hidden) return keys;
  let count = 0;
  for (let k = 0; k < keys; k += 1) count += hidden[q * keys + k] ? 0 : 1;
  return count;
}

/** The mean of what is a number. */
export function meanOf(values) {
  const known = [...values].filter((x) => !Number.isNaN(x));
  return known.reduce((sum, x) => sum + x, 0) / known.length;
}

/** Queries and keys of one draw, all numbers from the normal distribution of mean 0 and variance 1: {query, key}. */
export function drawn({ seed, size, draw, tokens, keys }) {
  const random = stream(1_000_003 * seed + 1_009 * size + draw);
  const some = (count) => Float64Array.from({ length: count }, () => normal(random));
  return { query: some(tokens * size), key: some(keys * size) };
}

/** Products q · k of all pairs, (query · key). */
export function productsOf({ query, key }, tokens, keys, size) {
  const out = new Float64Array(tokens * keys);
  for (let q = 0, at = 0; q < tokens; q += 1) {
    for (let k = 0; k < keys; k += 1, at += 1) {
      let total = 0;
      for (let i = 0; i < size; i += 1) total += query[q * size + i] * key[k * size + i];
      out[at] = total;
    }
  }
  return out;
}

/** Work in slices: a row {size, divided, plain, deviation} for each of SIZES; the mean entropies of rows of chance. */
export function* chance({ seed, tokens, keys, hidden }) {
  const rows = [];
  for (const size of SIZES) {
    const [divided, plain] = [[], []];
    let squares = 0;
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const products = productsOf(drawn({ seed, size, draw, tokens, keys }), tokens, keys, size);
      yield;
      for (const x of products) squares += x * x;
      const scores = products.map((x) => x / Math.sqrt(size));
      divided.push(...entropiesOf(attended(scores, hidden, tokens, keys), hidden, tokens, keys));
      plain.push(...entropiesOf(attended(products, hidden, tokens, keys), hidden, tokens, keys));
      yield;
    }
    rows.push({ size, divided: meanOf(divided), plain: meanOf(plain), deviation: Math.sqrt(squares / (DRAWS * tokens * keys)) });
  }
  return rows;
}
