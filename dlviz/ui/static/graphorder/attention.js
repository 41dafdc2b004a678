// A Transformer's layer of one head over the nodes of a graph, as messages and as matrices (dlviz/labs/graph/ordering.py).

import { aggregated, linear } from "../lib/gnn.js";

export const WIDTH = 8;
const LONGEST = 10000;

/** (count, 8): sines and cosines of the numbers 0 … count − 1. */
export function positions(count) {
  const found = new Float32Array(count * WIDTH);
  for (let k = 0; k < count; k += 1) {
    for (let f = 0; f < WIDTH / 2; f += 1) {
      const turn = k * LONGEST ** ((-2 * f) / WIDTH);
      found[k * WIDTH + 2 * f] = Math.sin(turn);
      found[k * WIDTH + 2 * f + 1] = Math.cos(turn);
    }
  }
  return found;
}

/** Whom each node hears: everyone, or along edges those whose messages it gets and itself; (query, key) 0 or 1. */
export function maskOf({ count, sources, targets }, isLinked) {
  const mask = new Uint8Array(count * count).fill(isLinked ? 0 : 1);
  if (!isLinked) return mask;
  for (let k = 0; k < count; k += 1) mask[k * (count + 1)] = 1;
  sources.forEach((from, e) => { mask[targets[e] * count + from] = 1; });
  return mask;
}

/**
 * {q, k, v, scores, attention, output, asMessages}: of a graph whose node k has number k; `scores` before the softmax and
 * `attention` (query, key); `output` (node, 8) as a product of matrices, `asMessages` as messages that are added up.
 */
export function attend(graph, inputs, weights, { linked, placed }) {
  const { count, x } = graph;
  const embedded = linear(x, count, inputs, weights.embed, WIDTH);
  if (placed) positions(count).forEach((value, at) => { embedded[at] += value; });
  const [q, k, v] = ["q", "k", "v"].map((name) => linear(embedded, count, WIDTH, weights[name], WIDTH));
  const mask = maskOf(graph, linked);
  const scores = new Float32Array(count * count);
  const attention = new Float32Array(count * count);
  const output = new Float32Array(count * WIDTH);
  const [sources, targets] = [[], []];
  for (let i = 0; i < count; i += 1) {
    let most = -Infinity;
    for (let j = 0; j < count; j += 1) {
      if (!mask[i * count + j]) continue;
      let dot = 0;
      for (let f = 0; f < WIDTH; f += 1) dot += q[i * WIDTH + f] * k[j * WIDTH + f];
      scores[i * count + j] = dot / Math.sqrt(WIDTH);
      most = Math.max(most, scores[i * count + j]);
      sources.push(j);
      targets.push(i);
    }
    let total = 0;
    for (let j = 0; j < count; j += 1) if (mask[i * count + j]) total += Math.exp(scores[i * count + j] - most);
    const sums = new Float64Array(WIDTH);
    for (let j = 0; j < count; j += 1) {
      if (!mask[i * count + j]) continue;
      const share = Math.exp(scores[i * count + j] - most) / total;
      attention[i * count + j] = share;
      for (let f = 0; f < WIDTH; f += 1) sums[f] += share * v[j * WIDTH + f];
    }
    output.set(sums, i * WIDTH);
  }
  const messages = new Float32Array(sources.length * WIDTH);
  sources.forEach((from, e) => { for (let f = 0; f < WIDTH; f += 1) messages[e * WIDTH + f] = attention[targets[e] * count + from] * v[from * WIDTH + f]; });
  return { q, k, v, embedded, mask, scores, attention, output, asMessages: aggregated("sum", messages, targets, count, WIDTH), messages: sources.length };
}

/** The weights in a reply of the probe, or null while they do not fit. */
export function weightsOf(answer, inputs) {
  const embed = answer?.arrays["state/embed.weight"];
  if (!embed || embed.shape[1] !== inputs) return null;
  return { embed: embed.data, ...Object.fromEntries(["q", "k", "v"].map((name) => [name, answer.arrays[`state/${name}.weight`].data])) };
}
