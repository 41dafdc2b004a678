// A Transformer in the browser, every number kept, from torch's own weights: encoder or decoder alone, or both.
//
//   const network = readTransformer(scene, weights)     scene and reply of the probe "weights" of the Attention lab
//   const pass = network.read(ids, {changes})           a whole sequence: every query, key, value, score and weight
//   const pass = network.translate(ids, read, {changes}) the encoder reads `ids`, the decoder `read`
//
// Matrices are Float64Array, row by row; of a head, (token · width/heads). `changes` is what a person does to the network:
//   silent: Set of "stack.layer.kind.head"   that head gives nothing      even: Set of the same: its pattern is made even
//   off:    Set of "stack.layer.part"        that part adds nothing       (part: attention, cross, feed_forward)
//   mask:   Uint8Array (query · key), 1 hidden: instead of the network's own, in self-attention that is not a decoder's
//   scaled: boolean, instead of the network's own       places: false: positions are left out
// Everything is in float64; torch's weights are float32.

import { attended, distanced, dots, evened, gather, joined, linear, mix, normalized, rotated, sinusoidal, split, sum } from "./attentionmath.js";
import { maskOf } from "./masking.js";

/** The network of a scene with the weights of a reply, or null while they do not belong together. */
export function readTransformer(scene, weights) {
  const array = (name) => weights.arrays[`state/${name}`];
  if (!array("head.weight")) return null;
  return new Transformer(scene.numbers, array);
}

export class Transformer {
  constructor(numbers, array) {
    const { spec } = numbers;
    Object.assign(this, { spec, masked: numbers.masked, vocabulary: numbers.vocabulary, classes: numbers.classes, array });
    this.width = spec.width;
    this.heads = spec.heads;
    this.size = spec.width / spec.heads; // of a head
    this.stacks = ["core", "encoder", "decoder"].filter((name) => array(`${name}.embedding.weight`));
  }

  matrix(name) {
    return this.array(name).data;
  }

  // ---- whole sequences

  /** A pass of a network that answers at each token: {stacks: {core}, logits, answers, grids}. */
  read(ids, { changes = {} } = {}) {
    const core = this.stack("core", ids, changes);
    return this.finish({ core }, core);
  }

  /** A pass of a translator whose decoder reads `read`: the begin sign, then what it has written. */
  translate(ids, read, { changes = {} } = {}) {
    const encoder = this.stack("encoder", ids, changes);
    const decoder = this.stack("decoder", read, changes, encoder);
    return this.finish({ encoder, decoder }, decoder);
  }

  finish(stacks, last) {
    const logits = linear(last.top, last.tokens, this.matrix("head.weight"), this.matrix("head.bias"));
    return { stacks, logits, answers: last.tokens, grids: gridsOf(stacks) };
  }

  /** What a translator writes, the likeliest token each time, up to `end` or `most` tokens: {read, tokens, pass}. */
  write(ids, most, { changes = {}, end = this.classes.indexOf("$"), begin = 0 } = {}) {
    const encoder = this.stack("encoder", ids, changes);
    const read = [begin];
    for (;;) {
      const decoder = this.stack("decoder", read, changes, encoder);
      const pass = this.finish({ encoder, decoder }, decoder);
      const token = likeliest(rowOf(pass, read.length - 1));
      if (read.length === most || token === end) return { read, tokens: [...read.slice(1), token], pass };
      read.push(token);
    }
  }

  // ---- one stack

  /** Every number of a stack: {name, ids, tokens, token, place, embedded, blocks, top}. */
  stack(name, ids, changes, memory = null) {
    const tokens = ids.length;
    const { width } = this;
    const token = gather(this.matrix(`${name}.embedding.weight`), ids, width);
    const place = changes.places === false ? null : this.placeOf(name, tokens);
    const embedded = place ? sum(token, place) : token;
    const hidden = this.hiddenOf(name, tokens, changes);
    const blocks = [];
    let x = embedded;
    for (let layer = 0; layer < this.spec.layers; layer += 1) {
      const at = `${name}.blocks.${layer}`;
      const block = { layer, attention: null, cross: null, feed_forward: null };
      const add = (part, compute) => {
        block[part] = this.added(`${at}.${part}`, x, tokens, changes.off?.has(`${name}.${layer}.${part}`), compute);
        x = block[part].after;
      };
      const id = (kind) => ({ key: `${name}.${layer}.${kind}`, prefix: `${at}.${kind}.part` });
      add("attention", (inside) => this.attend(id("attention"), inside, inside, tokens, tokens, hidden, changes, false));
      if (memory) add("cross", (inside) => this.attend(id("cross"), inside, memory.top, tokens, memory.tokens, null, changes, true));
      if (this.spec.feed_forward) add("feed_forward", (inside) => this.feed(`${at}.feed_forward.part`, inside, tokens));
      blocks.push(block);
    }
    const top = this.spec.norm === "pre" ? normalized(x, tokens, this.matrix(`${name}.norm.weight`), this.matrix(`${name}.norm.bias`)) : x;
    return { name, ids: [...ids], tokens, token, place, embedded, hidden, blocks, last: x, top };
  }

  /** (token · width) added for the place, or null where positions work otherwise. */
  placeOf(name, tokens) {
    const { position } = this.spec;
    if (position === "learned") return Float64Array.from(this.matrix(`${name}.positions.weight`).subarray(0, tokens * this.width));
    return position === "sinusoidal" ? sinusoidal(tokens, this.width) : null;
  }

  hiddenOf(name, tokens, changes) {
    if (name === "decoder") return maskOf("causal", tokens);
    return changes.mask ?? maskOf(this.masked, tokens, this.spec);
  }

  /** What a part gives, added to what came in: {input, inside, output, sum, after} and what `compute` keeps. */
  added(prefix, input, tokens, isOff, compute) {
    const { norm } = this.spec;
    const normed = (x) => normalized(x, tokens, this.matrix(`${prefix}.norm.weight`), this.matrix(`${prefix}.norm.bias`));
    const inside = norm === "pre" ? normed(input) : input;
    const found = compute(inside);
    const output = isOff ? new Float64Array(found.output.length) : found.output;
    const total = sum(input, output);
    return { ...found, input, inside, output, sum: total, after: norm === "post" ? normed(total) : total };
  }

  /**
   * Attention of `tokens` queries to `keys` keys: {query, key, value, scores, weights, mixed: one matrix a head, output}.
   * `plain` are queries and keys before RoPE turned them; `products` the scores before the bias of ALiBi.
   */
  attend({ key: id, prefix }, x, memory, tokens, keys, hidden, changes, crosses) {
    const { heads, size, spec } = this;
    const project = (name, from, count) => split(linear(from, count, this.matrix(`${prefix}.${name}.weight`), this.matrix(`${prefix}.${name}.bias`)), count, heads);
    const plain = { query: project("query", x, tokens), key: project("key", memory, keys) };
    const turns = spec.position === "rope" && !crosses && changes.places !== false;
    const query = turns ? plain.query.map((head) => rotated(head, tokens)) : plain.query;
    const key = turns ? plain.key.map((head) => rotated(head, keys)) : plain.key;
    const value = project("value", memory, keys);
    const scale = changes.scaled ?? spec.scaled ? 1 / Math.sqrt(size) : 1;
    const biased = spec.position === "alibi" && !crosses && changes.places !== false;
    const products = [];
    const scores = [];
    const weights = [];
    const mixed = [];
    for (let head = 0; head < heads; head += 1) {
      const product = dots(query[head], key[head], tokens, keys, size, scale);
      const score = biased ? distanced(product, keys, 2 ** ((-8 * (head + 1)) / heads)) : product;
      const name = `${id}.${head}`;
      const weight = changes.even?.has(name) ? evened(hidden, tokens, keys) : attended(score, hidden, tokens, keys);
      products.push(product);
      scores.push(score);
      weights.push(weight);
      mixed.push(changes.silent?.has(name) ? new Float64Array(tokens * size) : mix(weight, value[head], tokens, keys, size));
    }
    const output = linear(joined(mixed, tokens), tokens, this.matrix(`${prefix}.out.weight`), this.matrix(`${prefix}.out.bias`));
    return { query, key, value, plain, products, scores, weights, mixed, output, scale, hidden, tokens, keys };
  }

  feed(prefix, x, tokens) {
    const units = linear(x, tokens, this.matrix(`${prefix}.wider.weight`), this.matrix(`${prefix}.wider.bias`));
    for (let i = 0; i < units.length; i += 1) if (units[i] < 0) units[i] = 0;
    return { units, output: linear(units, tokens, this.matrix(`${prefix}.back.weight`), this.matrix(`${prefix}.back.bias`)) };
  }
}

/** Every attention of a pass as a grid: {id, stack, layer, kind, part, queries, keys: token ids}. */
function gridsOf(stacks) {
  const grids = [];
  for (const stack of Object.values(stacks)) {
    for (const block of stack.blocks) {
      for (const kind of ["attention", "cross"]) {
        const part = block[kind];
        if (part) grids.push({ id: `${stack.name}.${block.layer}.${kind}`, stack: stack.name, layer: block.layer, kind, part, queries: stack.ids, keys: kind === "cross" ? stacks.encoder.ids : stack.ids });
      }
    }
  }
  return grids;
}

// ---- answers

/** Row `i` of the logits of a pass. */
export function rowOf(pass, i) {
  const width = pass.logits.length / pass.answers;
  return pass.logits.subarray(i * width, (i + 1) * width);
}

/** Probabilities of one row of logits. */
export function softmax(logits) {
  return attended(logits, null, 1, logits.length);
}

export function likeliest(logits) {
  let best = 0;
  for (let k = 1; k < logits.length; k += 1) if (logits[k] > logits[best]) best = k;
  return best;
}

/** Nats of each answer of a pass; NaN where nobody asked. */
export function lossesOf(pass, targets) {
  return Float64Array.from({ length: pass.answers }, (_, i) => (targets[i] === undefined || targets[i] < 0 ? NaN : -Math.log(Math.max(softmax(rowOf(pass, i))[targets[i]], Number.MIN_VALUE))));
}

/** Nats of a row of weights; 0 where all attention is on one key. */
export function entropyOf(weights) {
  let total = 0;
  for (const w of weights) if (w > 0) total -= w * Math.log(w);
  return total;
}
