// The autoencoder of a run, computed in the page from its weights: encode a picture, decode a code, see every layer between.

import { conv, linear, relu, sigmoid, tanh, transposed } from "./layers.js";
import { softmax } from "./softmax.js";

/**
 * The network of a scene with the weights of a reply of the probe `weights`; null where they do not belong together.
 *
 * `encode(pixels, label)` → {mean, logVariance (null: a point), layers}; `decode(z, label)` → {picture, layers}. `layers` is
 * one {row, values} for each row of the plan, in order. Pixels are in [0, 1], (channel, row, column); a picture that was
 * trained by squared error may leave that interval. `label` matters only where the network is told classes.
 */
export function readAutoencoder(scene, reply) {
  const { rows, spec, told, shape } = scene.numbers;
  const part = (name) => rows.filter((row) => row.part === name);
  const of = (row) => {
    const weight = reply.arrays[`state/${row.name}.weight`];
    return weight && { weight: weight.data, bias: reply.arrays[`state/${row.name}.bias`].data };
  };
  const weights = new Map(rows.filter(({ parameters }) => parameters).map((row) => [row, of(row)]));
  if ([...weights.values()].some((found) => !found)) return null;

  const withClass = (values, label) => {
    if (!told) return values;
    const found = new Float32Array(values.length + told);
    found.set(values);
    found[values.length + (label ?? 0)] = 1;
    return found;
  };
  function step(row, x) {
    switch (row.kind) {
      case "linear": return linear(x, weights.get(row));
      case "conv": return conv(x, row.input_shape, weights.get(row));
      case "transposed": return transposed(x, row.input_shape, row.output_shape, weights.get(row));
      case "activation": return spec.activation === "relu" ? relu(x) : tanh(x);
      default: return x; // flatten and unflatten: the same numbers in the same order
    }
  }
  function through(list, x, layers) {
    let values = x;
    for (const row of list) {
      values = step(row, values);
      layers.push({ row, values });
    }
    return values;
  }
  const [encoder, heads, decoder] = ["encoder", "code", "decoder"].map(part);

  return {
    shape, latent: spec.latent, told, variational: heads.length > 1,
    encode(pixels, label = 0) {
      const layers = [];
      const features = withClass(through(encoder, pixels, layers), label);
      let [mean, logVariance] = [step(heads[0], features), heads[1] ? step(heads[1], features) : null];
      if (spec.kind === "sparse") mean = sigmoid(mean);
      layers.push({ row: heads[0], values: mean });
      if (logVariance) layers.push({ row: heads[1], values: logVariance });
      return { mean, logVariance, layers };
    },
    decode(z, label = 0) {
      const layers = [];
      const values = through(decoder, withClass(Float32Array.from(z), label), layers);
      return { picture: spec.likelihood === "bernoulli" ? sigmoid(values) : values, layers };
    },
  };
}

/** The small classifier of a reply of the probe `classifier`: `read(pixels)` → probabilities; null where there is none. */
export function readClassifier(reply, shape) {
  const numbers = [...new Set(Object.keys(reply.arrays).filter((name) => name.endsWith(".weight")).map((name) => Number(name.slice("state/".length, -".weight".length))))].sort((a, b) => a - b);
  if (!numbers.length) return null;
  const layers = numbers.map((at) => ({ weight: reply.arrays[`state/${at}.weight`], bias: reply.arrays[`state/${at}.bias`].data }));
  return (pixels) => {
    let [x, size] = [Float32Array.from(pixels, (value) => Math.min(1, Math.max(0, value))), shape];
    layers.forEach(({ weight: { data, shape: of }, bias }, i) => {
      if (of.length === 4) {
        x = conv(x, size, { weight: data, bias });
        size = [of[0], (size[1] + 1) >> 1, (size[2] + 1) >> 1];
      } else x = linear(x, { weight: data, bias });
      if (i < layers.length - 1) x = relu(x);
    });
    return softmax(x);
  };
}
