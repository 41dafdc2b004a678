// A fully connected network on the plane, computed in the browser in float64 from a frame's float32 weights.
//
//   readModel(scene)          → the structure; model.load(frame) points it at a frame's weights, copying nothing
//   makeBatch(model, x1, x2)  → the points with room for every unit's value, allocated once
//   forward(model, batch, from, to)   fills that room for a slice of the points
//   backward(model, point, target)    the gradient of one point's loss at every unit and weight
//
// A batch keeps a unit's values for all points side by side: over a grid that row is the unit's map.

import { ACTIVATIONS } from "./activation.js";

const NORM_EPSILON = 1e-5;
export const PLANE = 6; // the plane reaches from −6 to 6 on both axes

export const FEATURES = {
  x1: { text: "x₁", of: (x1) => x1 },
  x2: { text: "x₂", of: (x1, x2) => x2 },
  x1_squared: { text: "x₁²", of: (x1) => x1 * x1 },
  x2_squared: { text: "x₂²", of: (x1, x2) => x2 * x2 },
  x1x2: { text: "x₁x₂", of: (x1, x2) => x1 * x2 },
  sin_x1: { text: "sin x₁", of: (x1) => Math.sin(x1) },
  sin_x2: { text: "sin x₂", of: (x1, x2) => Math.sin(x2) },
};

export function readModel(scene) {
  const { features, widths, activations, batch_norm: batchNorm, problem, classes } = scene.numbers;
  const last = widths.length - 2;
  const layers = [];
  for (let l = 0; l <= last; l++) {
    layers.push({
      inputs: widths[l],
      outputs: widths[l + 1],
      activation: l < last ? ACTIVATIONS[activations[l]] : ACTIVATIONS.linear,
      activationName: l < last ? activations[l] : "linear",
      normalized: Boolean(batchNorm) && l < last,
      weight: null,
      bias: null,
      scale: new Float64Array(widths[l + 1]), // gain / sqrt(variance + ε): what batch norm multiplies by
    });
  }
  const structure = JSON.stringify([features, widths, activations, Boolean(batchNorm), problem]);
  return { features, widths, layers, problem, classes, structure, version: scene.version, step: -1, load: loadWeights };
}

function loadWeights(frame) {
  const { arrays } = frame;
  this.layers.forEach((layer, l) => {
    layer.weight = arrays[`weight.${l}`].data;
    layer.bias = arrays[`bias.${l}`].data;
    if (!layer.normalized) return;
    layer.gain = arrays[`norm_gain.${l}`].data;
    layer.shift = arrays[`norm_shift.${l}`].data;
    layer.mean = arrays[`norm_mean.${l}`].data;
    layer.variance = arrays[`norm_var.${l}`].data;
    for (let o = 0; o < layer.outputs; o++) {
      layer.scale[o] = layer.gain[o] / Math.sqrt(layer.variance[o] + NORM_EPSILON);
    }
  });
  this.step = frame.step;
  return this;
}

// `keep`: hold the sums W·a + b (`linear`) and what enters the activation (`sums`) too, for the backward pass.
export function makeBatch(model, x1, x2, keep = false) {
  const size = x1.length;
  const rooms = () => model.layers.map((layer) => new Float64Array(layer.outputs * size));
  const inputs = new Float64Array(model.features.length * size);
  model.features.forEach((name, f) => {
    for (let p = 0; p < size; p++) inputs[f * size + p] = FEATURES[name].of(x1[p], x2[p]);
  });
  const classes = model.problem === "classification" ? model.widths.at(-1) : 0;
  return {
    size,
    x1,
    x2,
    values: [inputs, ...rooms()],
    sums: keep ? rooms() : null,
    linear: keep ? rooms() : null,
    probabilities: new Float64Array(classes * size),
  };
}

// Moves a batch's points: a pointer's read-out uses one batch of one point again and again.
export function setPoint(model, batch, x1, x2) {
  batch.x1[0] = x1;
  batch.x2[0] = x2;
  model.features.forEach((name, f) => { batch.values[0][f] = FEATURES[name].of(x1, x2); });
  return batch;
}

// The centres of side × side cells of the plane, row after row from the top left.
export function gridPoints(side) {
  const x1 = new Float64Array(side * side);
  const x2 = new Float64Array(side * side);
  const cell = (2 * PLANE) / side;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      x1[row * side + column] = -PLANE + (column + 0.5) * cell;
      x2[row * side + column] = PLANE - (row + 0.5) * cell;
    }
  }
  return [x1, x2];
}

export function unitRow(batch, layer, unit) {
  return batch.values[layer].subarray(unit * batch.size, (unit + 1) * batch.size);
}

// With batch normalization the running statistics are used, with dropout nothing is dropped: evaluation mode.
export function forward(model, batch, from = 0, to = batch.size) {
  for (let l = 0; l < model.layers.length; l++) forwardLayer(model.layers[l], l, batch, from, to);
  if (batch.probabilities.length) softmaxRows(batch, model.layers.length, from, to);
  return batch;
}

function forwardLayer(layer, l, batch, from, to) {
  const n = batch.size;
  const source = batch.values[l];
  const target = batch.values[l + 1];
  const { value } = layer.activation;
  const isLinear = layer.activation === ACTIVATIONS.linear;
  for (let o = 0; o < layer.outputs; o++) {
    const row = o * n;
    const bias = layer.bias[o];
    for (let p = row + from; p < row + to; p++) target[p] = bias;
    for (let i = 0; i < layer.inputs; i++) {
      const w = layer.weight[o * layer.inputs + i];
      const shift = (i - o) * n;
      for (let p = row + from; p < row + to; p++) target[p] += w * source[p + shift];
    }
    if (batch.linear) batch.linear[l].set(target.subarray(row + from, row + to), row + from);
    if (layer.normalized) {
      const mean = layer.mean[o], scale = layer.scale[o], add = layer.shift[o];
      for (let p = row + from; p < row + to; p++) target[p] = (target[p] - mean) * scale + add;
    }
    if (batch.sums) batch.sums[l].set(target.subarray(row + from, row + to), row + from);
    if (!isLinear) for (let p = row + from; p < row + to; p++) target[p] = value(target[p]);
  }
}

function softmaxRows(batch, layer, from, to) {
  const n = batch.size;
  const logits = batch.values[layer];
  const { probabilities } = batch;
  const classes = probabilities.length / n;
  for (let p = from; p < to; p++) {
    let top = -Infinity;
    for (let k = 0; k < classes; k++) top = Math.max(top, logits[k * n + p]);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += probabilities[k * n + p] = Math.exp(logits[k * n + p] - top);
    for (let k = 0; k < classes; k++) probabilities[k * n + p] /= sum;
  }
}

// The loss of one point (a batch of one): cross-entropy of the softmax, or the squared error.
export function pointLoss(model, point, target) {
  const outputs = point.values.at(-1);
  if (model.problem !== "classification") return (outputs[0] - target) ** 2;
  const top = Math.max(...outputs);
  let sum = 0;
  for (const logit of outputs) sum += Math.exp(logit - top);
  return top + Math.log(sum) - outputs[target];
}

// Backpropagation for one point whose batch was made with `keep`. For every layer:
//   value  ∂L/∂a [outputs]   sum  ∂L/∂z = ∂L/∂a · f′(z)   linear  ∂L/∂(W·a + b), through batch norm
//   weight ∂L/∂w [outputs × inputs]   bias ∂L/∂b   gain, shift (batch norm)   slope f′(z)
// and `inputs`, ∂L/∂(feature).
export function backward(model, point, target) {
  const loss = pointLoss(model, point, target);
  const targets = targetVector(model, target);
  const outputs = point.values.at(-1);
  let arriving = model.problem === "classification"
    ? Float64Array.from(point.probabilities, (p, k) => p - targets[k])
    : Float64Array.of(2 * (outputs[0] - target));
  const layers = new Array(model.layers.length);
  for (let l = model.layers.length - 1; l >= 0; l--) {
    layers[l] = backwardLayer(model.layers[l], l, point, arriving);
    arriving = layers[l].below;
  }
  return { loss, targets, layers, inputs: arriving };
}

export function targetVector(model, target) {
  if (model.problem !== "classification") return Float64Array.of(target);
  return Float64Array.from({ length: model.widths.at(-1) }, (_, k) => (k === target ? 1 : 0));
}

function backwardLayer(layer, l, point, value) {
  const { inputs, outputs } = layer;
  const slope = Float64Array.from(point.sums[l], layer.activation.slope);
  const sum = value.map((g, o) => g * slope[o]);
  const linear = layer.normalized ? sum.map((g, o) => g * layer.scale[o]) : sum;
  const weight = new Float64Array(outputs * inputs);
  const below = new Float64Array(inputs);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      weight[o * inputs + i] = linear[o] * point.values[l][i];
      below[i] += linear[o] * layer.weight[o * inputs + i];
    }
  }
  const gradient = { value, slope, sum, linear, weight, bias: linear, below };
  if (layer.normalized) {
    gradient.shift = sum;
    gradient.gain = sum.map((g, o) =>
      g * (point.linear[l][o] - layer.mean[o]) / Math.sqrt(layer.variance[o] + NORM_EPSILON));
  }
  return gradient;
}
