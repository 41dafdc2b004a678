// One pass of the network over the sequence on the screen: every gate, what is answered at each step, and what it costs.

import { lossesOf, rowOf } from "../lib/recurrent.js";
import { softmax } from "../lib/softmax.js";

const MOST_WRITTEN = 24; // tokens, where nobody knows how long the right answer is

/** Token ids, or rows of numbers. */
export function inputsOf({ arrays: { ids, values } }) {
  if (ids) return Array.from(ids.data);
  const [steps, features] = values.shape;
  return Array.from({ length: steps }, (_, t) => values.data.slice(t * features, (t + 1) * features));
}

/** The clamps of a part that hold at one step, as clamps of a reading of that step alone. */
function atStep(clamps, step) {
  return clamps.filter(({ from, to }) => step >= from && step <= to).map((clamp) => ({ ...clamp, from: 0, to: 0 }));
}

/**
 * `parts`: {name: {read, inputs}}, of a translator encoder and decoder. `answering`: the part whose steps are answered.
 * `logits[t]`: the answer at step t, or null. `losses` (step,): NaN where nothing is asked. `written`: what a translator
 * writes. A pass with `clamps` has a decoder read what the pass `like` wrote, so that its steps can be held against each
 * other; `written` is still what it writes by itself.
 */
export class Pass {
  constructor(network, scene, { clamps = [], like = null } = {}) {
    const began = performance.now();
    Object.assign(this, { network, scene, clamps });
    this.classes = scene.numbers.classes;
    this.parts = {};
    this.answering = network.parts.core ? "core" : "decoder";
    const inputs = inputsOf(scene);
    if (network.parts.core) this.readCore(inputs);
    else this.translate(inputs, like);
    this.milliseconds = performance.now() - began;
  }

  of(part) {
    return this.clamps.filter((clamp) => clamp.part === part);
  }

  readCore(inputs) {
    const { network, scene } = this;
    const read = network.read(inputs, { clamps: this.of("core") });
    this.parts.core = { read, inputs };
    const targets = scene.arrays.targets?.data ?? null;
    this.losses = new Float64Array(inputs.length).fill(NaN);
    this.logits = new Array(inputs.length).fill(null);
    this.targets = targets;
    if (network.pattern === "every") {
      for (let t = 0; t < inputs.length; t += 1) this.logits[t] = rowOf(read, t);
      if (targets) this.losses.set(lossesOf(read, targets, this.classes));
      return;
    }
    // What it would answer if the sequence ended at a step; where a second cell reads from the end, there is no such thing.
    const last = inputs.length - 1;
    if (network.directions === 1) for (let t = 0; t < last; t += 1) this.logits[t] = network.answer(read.top[t]);
    this.logits[last] = rowOf(read, 0);
    if (targets) [this.losses[last]] = lossesOf(read, targets, this.classes);
  }

  translate(inputs, like) {
    const { network, scene } = this;
    const encoded = network.read(inputs, { part: "encoder", clamps: this.of("encoder") });
    this.targets = scene.arrays.targets?.data ?? null;
    this.written = this.write(encoded.state, this.targets?.length ?? MOST_WRITTEN);
    const reads = like ? like.parts.decoder.inputs : [0, ...this.written.slice(0, -1)];
    const decoded = network.read(reads, { part: "decoder", state: encoded.state, clamps: this.of("decoder") });
    this.parts = { encoder: { read: encoded, inputs }, decoder: { read: decoded, inputs: reads } };
    this.logits = decoded.top.map((hidden) => network.answer(hidden));
    const flat = { answers: reads.length, logits: Float64Array.from(this.logits.flatMap((row) => [...row])) };
    this.losses = this.targets ? lossesOf(flat, this.targets, this.classes) : new Float64Array(reads.length).fill(NaN);
  }

  /** The likeliest token each time, from the encoder's last state. */
  write(state, most) {
    const { network } = this;
    const clamps = this.of("decoder");
    const tokens = [];
    for (let token = 0; tokens.length < most;) {
      const read = network.read([token], { part: "decoder", state, clamps: atStep(clamps, tokens.length) });
      state = read.state;
      const row = network.answer(read.top[0]);
      token = row.indexOf(Math.max(...row));
      tokens.push(token);
      if (network.vocabulary[token] === "$") break;
    }
    return tokens;
  }

  /** What is asked at a step of the answering part: a class or a number; null where nothing is, or nobody knows. */
  targetAt(t) {
    if (!this.targets) return null;
    if (this.network.pattern === "last") return t === this.logits.length - 1 ? this.targets[0] : null;
    const target = this.targets[t];
    return target === undefined || (this.classes.length && target < 0) ? null : target;
  }

  /** What is answered at a step: the likeliest class, or the number; null where nothing is. */
  saidAt(t) {
    const row = this.logits[t];
    if (!row) return null;
    if (!this.classes.length) return row[0];
    let best = 0;
    for (let k = 1; k < row.length; k += 1) if (row[k] > row[best]) best = k;
    return best;
  }

  /** The likeliest classes at a step: [{k, share}], the right one among them or after them. */
  best(t, count) {
    const shares = softmax(this.logits[t]);
    const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
    const target = this.targetAt(t);
    const found = order.slice(0, count);
    if (target !== null && !found.includes(target)) found.push(target);
    return found.map((k) => ({ k, share: shares[k], right: k === target, place: order.indexOf(k) + 1 }));
  }
}

/** The mean of the losses there are at the steps that `is` takes, and their number; {mean: NaN, count: 0} without any. */
export function meanLoss(losses, is) {
  let [sum, count] = [0, 0];
  for (let t = 0; t < losses.length; t += 1) {
    if (Number.isNaN(losses[t]) || !is(t)) continue;
    sum += losses[t];
    count += 1;
  }
  return { mean: count ? sum / count : NaN, count };
}
