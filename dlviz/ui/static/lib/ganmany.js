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

// Two examples and four units at a time: every number that is read is used several times, which makes it three times as fast.
function joined({ weight, bias }, values, { count, width, units }) {
  const next = new Float32Array(count * units);
  for (let k = 0; k < count; k += 2) {
    const from = k * width;
    const other = k + 1 < count ? from + width : from; // the last of an odd number is computed twice
    const [to, too] = [k * units, k + 1 < count ? (k + 1) * units : k * units];
    let o = 0;
    for (; o + 3 < units; o += 4) {
      const w0 = o * width;
      const w1 = w0 + width;
      const w2 = w1 + width;
      const w3 = w2 + width;
      let a0 = bias[o];
      let a1 = bias[o + 1];
      let a2 = bias[o + 2];
      let a3 = bias[o + 3];
      let b0 = a0;
      let b1 = a1;
      let b2 = a2;
      let b3 = a3;
      for (let i = 0; i < width; i += 1) {
        const x = values[from + i];
        const y = values[other + i];
        const p = weight[w0 + i];
        const q = weight[w1 + i];
        const r = weight[w2 + i];
        const s = weight[w3 + i];
        a0 += p * x;
        a1 += q * x;
        a2 += r * x;
        a3 += s * x;
        b0 += p * y;
        b1 += q * y;
        b2 += r * y;
        b3 += s * y;
      }
      next[to + o] = a0;
      next[to + o + 1] = a1;
      next[to + o + 2] = a2;
      next[to + o + 3] = a3;
      next[too + o] = b0;
      next[too + o + 1] = b1;
      next[too + o + 2] = b2;
      next[too + o + 3] = b3;
    }
    for (; o < units; o += 1) {
      let a = bias[o];
      let b = a;
      for (let i = 0, at = o * width; i < width; i += 1, at += 1) {
        a += weight[at] * values[from + i];
        b += weight[at] * values[other + i];
      }
      next[to + o] = a;
      next[too + o] = b;
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
      const [inputs] = row.input_shape;
      const next = passedBack(weights.get(row), back, { count, width, inputs });
      [back, width] = [next, inputs];
    }
  }
  if (!told) return { logits, gradients: back };
  const gradients = new Float32Array(count * size);
  for (let k = 0; k < count; k += 1) for (let i = 0; i < size; i += 1) gradients[k * size + i] = back[k * width + i];
  return { logits, gradients };
}

// The product with the transposed weights, four units at a time.
function passedBack({ weight }, back, { count, width, inputs }) {
  const next = new Float32Array(count * inputs);
  for (let k = 0; k < count; k += 1) {
    const [from, to] = [k * width, k * inputs];
    let o = 0;
    for (; o + 3 < width; o += 4) {
      const w0 = o * inputs;
      const w1 = w0 + inputs;
      const w2 = w1 + inputs;
      const w3 = w2 + inputs;
      const p = back[from + o];
      const q = back[from + o + 1];
      const r = back[from + o + 2];
      const s = back[from + o + 3];
      for (let i = 0; i < inputs; i += 1) next[to + i] += p * weight[w0 + i] + q * weight[w1 + i] + r * weight[w2 + i] + s * weight[w3 + i];
    }
    for (; o < width; o += 1) for (let i = 0, at = o * inputs; i < inputs; i += 1, at += 1) next[to + i] += back[from + o] * weight[at];
  }
  return next;
}
