// Many examples through the dense layers of a player at once, and the slope of the discriminator at many points: two typed
// arrays a layer, no other memory, for maps and grids of thousands of points in a frame.

const SLOPE = 0.2; // of the leaky ReLU below 0, as in lib/gan.js

/**
 * `inputs` (count · size) one after the other through `rows` (dense rows of one player); `label` is one class for all, or one
 * of each. `kept` hears of every leaky ReLU's results, in order. Returns (count · units of the last row).
 */
export function throughMany(rows, weights, inputs, { count, size, told, label }, kept = null) {
  let width = size + told;
  let values = new Float32Array(count * width);
  const isEach = typeof label !== "number";
  for (let k = 0; k < count; k += 1) {
    for (let i = 0; i < size; i += 1) values[k * width + i] = inputs[k * size + i];
    if (told) values[k * width + size + (isEach ? label[k] : label)] = 1;
  }
  for (const row of rows) {
    if (row.kind === "leaky") {
      for (let i = 0; i < values.length; i += 1) if (values[i] < 0) values[i] *= SLOPE;
      kept?.push(values);
    } else if (row.kind === "relu") {
      for (let i = 0; i < values.length; i += 1) if (values[i] < 0) values[i] = 0;
    } else if (row.kind === "tanh") {
      for (let i = 0; i < values.length; i += 1) values[i] = Math.tanh(values[i]);
    } else if (row.kind === "norm") {
      const { weight, bias } = weights.get(row);
      const next = new Float32Array(values.length); // what a leaky ReLU kept stays as it was
      for (let k = 0, at = 0; k < count; k += 1) for (let i = 0; i < width; i += 1, at += 1) next[at] = values[at] * weight[i] + bias[i];
      values = next;
    } else if (row.kind === "linear") {
      values = joined(weights.get(row), values, { count, width, units: row.output_shape[0] });
      [width] = row.output_shape;
    }
  }
  return values;
}

function joined({ weight, bias }, values, { count, width, units }) {
  const next = new Float32Array(count * units);
  for (let k = 0; k < count; k += 1) {
    const from = k * width;
    for (let o = 0, at = 0; o < units; o += 1) {
      let [a, b] = [bias[o], 0];
      let i = 0;
      for (; i + 1 < width; i += 2, at += 2) {
        a += weight[at] * values[from + i];
        b += weight[at + 1] * values[from + i + 1];
      }
      if (i < width) { a += weight[at] * values[from + i]; at += 1; }
      next[k * units + o] = a + b;
    }
  }
  return next;
}

/** {logits (count), gradients (count · size)}: the discriminator's outputs, and ∂ output / ∂ example, of many examples. */
export function slopesOfMany(rows, weights, points, given) {
  const { count, size, told } = given;
  const kept = [];
  const logits = throughMany(rows, weights, points, given, kept);
  let back = new Float32Array(count).fill(1);
  let width = 1;
  for (const row of rows.toReversed()) {
    if (row.kind === "leaky") {
      const after = kept.pop();
      for (let i = 0; i < back.length; i += 1) if (after[i] <= 0) back[i] *= SLOPE;
    } else if (row.kind === "norm") {
      const { weight } = weights.get(row);
      for (let k = 0, at = 0; k < count; k += 1) for (let i = 0; i < width; i += 1, at += 1) back[at] *= weight[i];
    } else if (row.kind === "linear") {
      const { weight } = weights.get(row);
      const [inputs] = row.input_shape;
      const next = new Float32Array(count * inputs);
      for (let k = 0; k < count; k += 1) {
        const to = k * inputs;
        for (let o = 0, at = 0; o < width; o += 1) {
          const pull = back[k * width + o];
          for (let i = 0; i < inputs; i += 1, at += 1) next[to + i] += weight[at] * pull;
        }
      }
      [back, width] = [next, inputs];
    }
  }
  if (!told) return { logits, gradients: back };
  const gradients = new Float32Array(count * size);
  for (let k = 0; k < count; k += 1) for (let i = 0; i < size; i += 1) gradients[k * size + i] = back[k * width + i];
  return { logits, gradients };
}
