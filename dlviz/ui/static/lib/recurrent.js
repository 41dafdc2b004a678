// Recurrent layers in the browser, gate by gate, from torch's own weights: RNN, LSTM and GRU, stacked, both directions.
//
//   const network = readNetwork(scene, weights)            scene and reply of the probe "weights"
//   const read = network.read(inputs, {clamps, part})      a whole sequence: every gate of every unit, the answers
//   const state = network.begin(); network.step(input, state)   one step at a time, for writing
//
// `inputs`: token ids, or rows of numbers. A clamp forces a gate: {name, layer, direction, from, to, value, units}
// (steps from … to, both included; units null: all). Everything is in float64; torch's weights are float32.

import { softmax } from "./softmax.js";

export const GATES = {
  rnn: ["hidden"],
  lstm: ["input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden"],
  gru: ["reset_gate", "update_gate", "candidate", "hidden"],
};
const BLOCKS = { rnn: 1, lstm: 4, gru: 3 };

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** rows × cols of `matrix` times `x`, added to `out`. Four sums side by side, so that none waits for the one before. */
function addProduct(out, matrix, x, cols) {
  const fours = cols - (cols % 4);
  for (let r = 0, at = 0; r < out.length; r += 1) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let k = 0;
    for (; k < fours; k += 4, at += 4) {
      a += matrix[at] * x[k];
      b += matrix[at + 1] * x[k + 1];
      c += matrix[at + 2] * x[k + 2];
      d += matrix[at + 3] * x[k + 3];
    }
    for (; k < cols; k += 1, at += 1) a += matrix[at] * x[k];
    out[r] += a + b + (c + d);
  }
}

/** The network of a scene with the weights of a reply: what torch has as `core`, or `encoder` and `decoder`. */
export function readNetwork(scene, weights) {
  const { spec, pattern, vocabulary, classes } = scene.numbers;
  const array = (name) => weights.arrays[`state/${name}`];
  if (!array("head.weight")) return null;
  return new Network({ spec, pattern, vocabulary, classes, array });
}

class Network {
  constructor({ spec, pattern, vocabulary, classes, array }) {
    Object.assign(this, { pattern, vocabulary, classes, cell: spec.cell, layers: spec.layers, hidden: spec.hidden_size });
    this.directions = spec.bidirectional ? 2 : 1;
    this.names = GATES[this.cell];
    this.embedding = array("embedding.weight") ?? null;
    this.head = { weight: array("head.weight").data, bias: array("head.bias").data };
    this.parts = {};
    for (const part of ["core", "encoder", "decoder"]) if (array(`${part}.weight_ih_l0`)) this.parts[part] = this.readPart(part, array);
    this.main = this.parts.core ? "core" : "encoder";
  }

  readPart(part, array) {
    const layers = [];
    for (let layer = 0; layer < this.layers; layer += 1) {
      const directions = [];
      for (let direction = 0; direction < this.directions; direction += 1) {
        const end = `l${layer}${direction ? "_reverse" : ""}`;
        const get = (name) => array(`${part}.${name}_${end}`);
        const w = get("weight_ih");
        directions.push({ w: w.data, u: get("weight_hh").data, b: get("bias_ih").data, d: get("bias_hh").data, inputs: w.shape[1] });
      }
      layers.push(directions);
    }
    return layers;
  }

  /** What stands for a token, or a row of numbers as it is. */
  embed(input) {
    if (!this.embedding) return Float64Array.from(input);
    const size = this.embedding.shape[1];
    return Float64Array.from(this.embedding.data.subarray(input * size, (input + 1) * size));
  }

  /** A state of nothing read: h and, for an LSTM, c of each layer and direction. */
  begin() {
    const zeros = () => Array.from({ length: this.layers * this.directions }, () => new Float64Array(this.hidden));
    return { h: zeros(), c: zeros() };
  }

  /** One cell at one step: {name: Float64Array(unit)} of every gate and state. `force(name, values)` may change them. */
  cellStep(weights, x, h, c, force) {
    const { hidden: size, cell } = this;
    const fromInput = Float64Array.from(weights.b);
    addProduct(fromInput, weights.w, x, weights.inputs);
    const fromState = Float64Array.from(weights.d);
    addProduct(fromState, weights.u, h, size);
    const gate = (block, fn, name) => {
      const values = new Float64Array(size);
      for (let k = 0, at = block * size; k < size; k += 1, at += 1) values[k] = fn(fromInput[at] + fromState[at]);
      force?.(name, values);
      return values;
    };
    if (cell === "rnn") return { hidden: gate(0, Math.tanh, "hidden") };
    if (cell === "lstm") {
      const found = { input_gate: gate(0, sigmoid, "input_gate"), forget_gate: gate(1, sigmoid, "forget_gate"), candidate: gate(2, Math.tanh, "candidate"), output_gate: gate(3, sigmoid, "output_gate") };
      found.cell = new Float64Array(size);
      for (let k = 0; k < size; k += 1) found.cell[k] = found.forget_gate[k] * c[k] + found.input_gate[k] * found.candidate[k];
      force?.("cell", found.cell);
      found.hidden = new Float64Array(size);
      for (let k = 0; k < size; k += 1) found.hidden[k] = found.output_gate[k] * Math.tanh(found.cell[k]);
      force?.("hidden", found.hidden);
      return found;
    }
    const reset = gate(0, sigmoid, "reset_gate");
    const update = gate(1, sigmoid, "update_gate");
    const candidate = new Float64Array(size);
    for (let k = 0, at = 2 * size; k < size; k += 1, at += 1) candidate[k] = Math.tanh(fromInput[at] + reset[k] * fromState[at]);
    force?.("candidate", candidate);
    const next = new Float64Array(size);
    for (let k = 0; k < size; k += 1) next[k] = (1 - update[k]) * candidate[k] + update[k] * h[k];
    force?.("hidden", next);
    return { reset_gate: reset, update_gate: update, candidate, hidden: next };
  }

  /** What the uppermost state says, Float64Array(class). */
  answer(hidden) {
    const logits = Float64Array.from(this.head.bias);
    addProduct(logits, this.head.weight, hidden, hidden.length);
    return logits;
  }

  /** One step of a network of one direction: {logits, gates: [layer]{name}}; `state` is moved on. */
  step(input, state, part = this.main) {
    let x = this.embed(input);
    const gates = this.parts[part].map(([weights], layer) => {
      const found = this.cellStep(weights, x, state.h[layer], state.c[layer]);
      state.h[layer] = found.hidden;
      if (found.cell) state.c[layer] = found.cell;
      x = found.hidden;
      return found;
    });
    return { logits: this.answer(x), gates };
  }

  /**
   * A whole sequence. Resolves nothing and waits for nothing: {steps, units, gates: {name: [layer][direction]
   * Float32Array(step · unit)}, top (step · unit of all directions), logits (answer · class), answers, state}.
   * Where one answer is asked for, `logits` has one row.
   */
  read(inputs, { clamps = [], part = this.main, state = null } = {}) {
    const steps = inputs.length;
    const size = this.hidden;
    const gates = Object.fromEntries(this.names.map((name) => [name, []]));
    const last = this.begin();
    let below = inputs.map((input) => this.embed(input));
    this.parts[part].forEach((directions, layer) => {
      for (const name of this.names) gates[name].push([]);
      const outputs = directions.map((weights, direction) => {
        const kept = Object.fromEntries(this.names.map((name) => [name, new Float32Array(steps * size)]));
        for (const name of this.names) gates[name][layer].push(kept[name]);
        const own = clamps.filter((clamp) => (clamp.layer ?? 0) === layer && (clamp.direction ?? 0) === direction);
        const at = layer * this.directions + direction;
        let h = state?.h[at] ?? last.h[at];
        let c = state?.c[at] ?? last.c[at];
        const hidden = new Array(steps);
        for (let i = 0; i < steps; i += 1) {
          const t = direction ? steps - 1 - i : i;
          const now = own.filter(({ from, to }) => t >= from && t <= to);
          const force = now.length ? (name, values) => forced(now, name, values) : null;
          const found = this.cellStep(weights, below[t], h, c, force);
          for (const name of this.names) kept[name].set(found[name], t * size);
          h = found.hidden;
          if (found.cell) c = found.cell;
          hidden[t] = h;
        }
        last.h[at] = h;
        last.c[at] = c;
        return hidden;
      });
      below = directions.length === 1 ? outputs[0] : outputs[0].map((values, t) => joined(values, outputs[1][t]));
    });
    return { steps, units: size, gates, top: below, state: last, ...this.answers(below, last) };
  }

  answers(top, last) {
    if (this.pattern === "decoder") return { logits: new Float32Array(0), answers: 0 };
    const asked = this.pattern === "last" ? [this.lastHidden(last)] : top;
    const width = this.head.bias.length;
    const logits = new Float32Array(asked.length * width);
    asked.forEach((hidden, i) => logits.set(this.answer(hidden), i * width));
    return { logits, answers: asked.length };
  }

  /** h of the uppermost layer when a sequence is over; of both directions, one after the other. */
  lastHidden(state) {
    const top = (this.layers - 1) * this.directions;
    return this.directions === 1 ? state.h[top] : joined(state.h[top], state.h[top + 1]);
  }

  /** What a translator writes after reading, the likeliest token each time: {tokens, logits: [Float64Array]}. */
  write(inputs, most, { end = "$", begin = 0 } = {}) {
    const { state } = this.read(inputs, { part: "encoder" });
    const [tokens, logits] = [[], []];
    for (let token = begin; tokens.length < most;) {
      const found = this.step(token, state, "decoder").logits;
      token = found.indexOf(Math.max(...found));
      tokens.push(token);
      logits.push(found);
      if (this.vocabulary[token] === end) break;
    }
    return { tokens, logits };
  }
}

function forced(clamps, name, values) {
  for (const clamp of clamps) {
    if (clamp.name !== name) continue;
    if (clamp.units) for (const k of clamp.units) values[k] = clamp.value;
    else values.fill(clamp.value);
  }
}

function joined(a, b) {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Row `i` of the answers of a reading. */
export function rowOf(read, i) {
  const width = read.logits.length / read.answers;
  return read.logits.subarray(i * width, (i + 1) * width);
}

/** Loss of each answer: nats for classes, squared error for numbers; NaN where nobody asked. */
export function lossesOf(read, targets, classes) {
  return Float64Array.from({ length: read.answers }, (_, i) => {
    const row = rowOf(read, i);
    if (!classes.length) return (row[0] - targets[i]) ** 2;
    return targets[i] < 0 ? NaN : -Math.log(Math.max(softmax(row)[targets[i]], Number.MIN_VALUE));
  });
}
