// Both encoder–decoders in the browser, from torch's weights: what each reads, writes, and where the one looks.

import { readNetwork } from "../lib/recurrent.js";
import { softmax } from "../lib/softmax.js";

export const NETWORKS = ["plain", "attention"];
const END = "$";
const BEGIN = 0;

/** {plain, attention} of a reply of the probe. */
export function networksOf(reply, { hiddenSize, score }) {
  const vocabulary = reply.numbers.texts["state/vocabulary"];
  return Object.fromEntries(NETWORKS.map((name) => {
    const prefix = `state/${name}.`;
    const arrays = {};
    for (const [key, array] of Object.entries(reply.arrays)) if (key.startsWith(prefix)) arrays[`state/${key.slice(prefix.length)}`] = array;
    return [name, new EncoderDecoder(arrays, { vocabulary, hiddenSize, score: name === "plain" ? "none" : score })];
  }));
}

/** W x + b of a layer, its bias null where it has none; `from`: values are read as if they followed one another. */
function linear({ weight, bias }, ...from) {
  const [rows, columns] = weight.shape;
  const out = bias ? Float64Array.from(bias.data) : new Float64Array(rows);
  for (let r = 0; r < rows; r += 1) {
    let at = r * columns;
    let sum = 0;
    for (const values of from) for (let k = 0; k < values.length; k += 1, at += 1) sum += weight.data[at] * values[k];
    out[r] += sum;
  }
  return out;
}

function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
}

class EncoderDecoder {
  constructor(arrays, { vocabulary, hiddenSize, score }) {
    Object.assign(this, { vocabulary, hiddenSize, score });
    const numbers = { spec: { cell: "gru", layers: 1, hidden_size: hiddenSize, bidirectional: false }, pattern: "decoder", vocabulary, classes: vocabulary };
    this.cells = readNetwork({ numbers }, { arrays });
    const layer = (name) => ({ weight: arrays[`state/${name}.weight`], bias: arrays[`state/${name}.bias`] ?? null });
    this.layers = Object.fromEntries(["combine", "head", ...(score === "additive" ? ["query", "key", "voice"] : [])].map((name) => [name, layer(name)]));
  }

  /**
   * Read `ids` and write at most `most` letters: {states: [Float64Array] of each letter read, letters: [{id, hidden,
   * scores, weights, context, shares}], ended}. Without attention `scores`, `weights` and `context` are null.
   */
  translate(ids, most) {
    const read = this.cells.read(ids, { part: "encoder" });
    const states = read.top;
    const keys = this.score === "additive" ? states.map((h) => linear(this.layers.key, h)) : states;
    const state = { h: [...read.state.h], c: [...read.state.c] };
    const letters = [];
    let id = BEGIN;
    let ended = false;
    while (letters.length < most && !ended) {
      const { hidden } = this.cells.step(id, state, "decoder").gates[0];
      const looked = this.score === "none" ? { scores: null, weights: null, context: null } : this.look(hidden, states, keys);
      const combined = linear(this.layers.combine, ...(looked.context ? [looked.context, hidden] : [hidden])).map(Math.tanh);
      const shares = softmax(linear(this.layers.head, combined));
      id = shares.indexOf(Math.max(...shares));
      letters.push({ id, hidden, shares, ...looked });
      ended = this.vocabulary[id] === END;
    }
    return { states, letters, ended };
  }

  look(hidden, states, keys) {
    let scores;
    if (this.score === "dot") {
      scores = Float64Array.from(states, (h) => dot(hidden, h));
    } else {
      const query = linear(this.layers.query, hidden);
      const { weight } = this.layers.voice;
      scores = Float64Array.from(keys, (key) => key.reduce((sum, x, k) => sum + weight.data[k] * Math.tanh(query[k] + x), 0));
    }
    const weights = softmax(scores);
    const context = new Float64Array(hidden.length);
    states.forEach((h, j) => { for (let k = 0; k < context.length; k += 1) context[k] += weights[j] * h[k]; });
    return { scores, weights, context };
  }
}
