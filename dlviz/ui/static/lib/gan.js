// Both networks of a GAN, computed in the page from their weights: make an example of noise, judge an example, and the slope of
// the discriminator where an example lies.

import { linear, relu, tanh } from "./layers.js";
import { slopesOfMany, throughMany } from "./ganmany.js";
import { convolved, spread } from "./strided.js";

const SLOPE = 0.2; // of the leaky ReLU below 0
const EPSILON = 1e-5; // of torch's batch normalization

/**
 * The networks of a scene with the weights `arrays` of a frame or of a reply of the probe `weights` (`state/…`); null where
 * they do not belong together.
 *
 * `generate(z, label)` → {example, layers}; `judge(example, label)` → {logit, layers}: `layers` is one {row, values} for each
 * row of that player's plan. An example is as the networks see it: a point, or pixels in [−1, 1], (channel, row, column).
 * `heights(points, label)`: logits (n) of n examples one after the other. `slope(example, label)` → {logit, gradient}: ∂ logit /
 * ∂ example. Of dense networks, many at once: `makeMany(noises, label)` → examples one after the other; `slopes(points, label)`
 * → {logits, gradients}. `label` matters only where the networks are told classes; of many it may be one of each. `generate` and
 * `judge` also take the told numbers themselves, one for each class, which need not be one-hot.
 */
export function readGan(scene, arrays) {
  const { rows, told, shape, spec } = scene.numbers;
  const size = shape.reduce((product, n) => product * n, 1);
  const of = (row) => {
    const read = (kind) => arrays[`state/${row.name}.${kind}`]?.data ?? null;
    if (row.kind !== "norm") return { weight: read("weight"), bias: read("bias") ?? (row.kind === "linear" ? new Float32Array(row.output_shape[0]) : null) };
    return affine(read("weight"), read("bias"), read("running_mean"), read("running_var"));
  };
  const weights = new Map(rows.filter(({ parameters }) => parameters).map((row) => [row, of(row)]));
  if ([...weights.values()].some((found) => !found?.weight)) return null;
  const part = (name) => rows.filter((row) => row.part === name);
  const [generator, discriminator] = [part("generator"), part("discriminator")];
  const isDense = discriminator.every(({ kind }) => kind !== "conv");

  function step(row, x) {
    switch (row.kind) {
      case "linear": return linear(x, weights.get(row));
      case "conv": return convolved(x, weights.get(row), row);
      case "transposed": return spread(x, weights.get(row), row);
      case "norm": return normed(x, weights.get(row));
      case "relu": return relu(x);
      case "leaky": return x.map((value) => (value > 0 ? value : SLOPE * value));
      case "tanh": return tanh(x);
      default: return x; // flatten and unflatten: the same numbers in the same order
    }
  }
  function through(list, x) {
    const layers = [];
    let values = x;
    for (const row of list) {
      values = step(row, values);
      layers.push({ row, values });
    }
    return { values, layers };
  }
  // The class: one-hot numbers behind a vector, or as many maps behind the maps of a picture.
  function withClass(x, label, cells = 1) {
    if (!told) return Float32Array.from(x);
    const found = new Float32Array(x.length + told * cells);
    found.set(x);
    if (typeof label === "number") found.fill(1, x.length + label * cells, x.length + (label + 1) * cells);
    else for (let k = 0; k < told; k += 1) found.fill(label[k], x.length + k * cells, x.length + (k + 1) * cells);
    return found;
  }
  const cells = isDense ? 1 : shape[1] * shape[2];

  return {
    shape, size, told, isDense, noise: spec.noise_dimensions, rows: { generator, discriminator },
    weightsOf: (row) => weights.get(row) ?? null,
    generate(z, label = 0) {
      const { values, layers } = through(generator, withClass(z, label));
      return { example: values, layers };
    },
    judge(example, label = 0) {
      // A vector is flattened first and told the class then; the maps of a picture come with those of the class.
      const flat = discriminator[0].kind === "flatten" ? [{ row: discriminator[0], values: Float32Array.from(example) }] : [];
      const { values, layers } = through(discriminator.slice(flat.length), withClass(example, label, cells));
      return { logit: values[0], layers: [...flat, ...layers] };
    },
    heights(points, label = 0) {
      const count = points.length / size;
      if (!isDense) return Float32Array.from({ length: count }, (_, k) => this.judge(points.subarray(k * size, (k + 1) * size), label).logit);
      return throughMany(discriminator, weights, points, { count, size, told, label });
    },
    makeMany(noises, label = 0) {
      return throughMany(generator, weights, noises, { count: noises.length / spec.noise_dimensions, size: spec.noise_dimensions, told, label });
    },
    slopes(points, label = 0) {
      return slopesOfMany(discriminator, weights, points, { count: points.length / size, size, told, label });
    },
    slope(example, label = 0) {
      const { logit, layers } = this.judge(example, label);
      let back = Float32Array.of(1);
      for (let k = layers.length - 1; k >= 0; k -= 1) {
        const { row } = layers[k];
        const { weight } = weights.get(row) ?? {};
        if (row.kind === "linear") back = transposedProduct(weight, back, row.input_shape[0]);
        else if (row.kind === "conv") back = spread(back, { weight, bias: null }, { ...row, input_shape: row.output_shape, output_shape: row.input_shape });
        else if (row.kind === "norm") back = scaled(back, weight);
        else if (row.kind === "leaky") back = back.map((value, i) => (layers[k].values[i] > 0 ? value : SLOPE * value));
      }
      return { logit, gradient: back.slice(0, size) };
    },
  };
}

// Outside of training a batch normalization is y = weight · x + bias, per channel.
function affine(weight, bias, mean, variance) {
  if (!weight || !mean) return null;
  const scale = weight.map((value, i) => value / Math.sqrt(variance[i] + EPSILON));
  return { weight: scale, bias: bias.map((value, i) => value - mean[i] * scale[i]) };
}

function normed(x, { weight, bias }) {
  const cells = x.length / weight.length;
  return x.map((value, i) => {
    const channel = Math.floor(i / cells);
    return value * weight[channel] + bias[channel];
  });
}

function scaled(back, weight) {
  const cells = back.length / weight.length;
  return back.map((value, i) => value * weight[Math.floor(i / cells)]);
}

function transposedProduct(weight, back, inputs) {
  const out = new Float32Array(inputs);
  for (let o = 0, at = 0; o < back.length; o += 1) for (let i = 0; i < inputs; i += 1, at += 1) out[i] += weight[at] * back[o];
  return out;
}

/** The slope of the generator's loss of one fake by D's output, d loss / d logit (see objective.py). */
export function pullOf(loss, logit) {
  const odds = 1 / (1 + Math.exp(-logit));
  switch (loss) {
    case "minimax": return -odds;
    case "nonsaturating": return odds - 1;
    case "leastsquares": return logit - 1;
    default: return -1;
  }
}

/** What D's output means to its loss: a probability where it has odds, else the output itself. */
export const said = (loss, logit) => (loss === "minimax" || loss === "nonsaturating" ? 1 / (1 + Math.exp(-logit)) : logit);
