// Convolutions of any kernel, stride and padding, and their transposes, as torch counts; one picture at a time: values of a
// map are (channel, row, column). (lib/layers.js has the one geometry that the other labs need, in fewer tests.)

/** `weight` (output, input, kernel, kernel), `bias` (output) or null; `row`: {input_shape, output_shape, kernel, stride, padding}. */
export function convolved(x, { weight, bias }, { input_shape: [channels, height, width], output_shape: [maps, down, across], kernel, stride, padding }) {
  const out = new Float32Array(maps * down * across);
  for (let o = 0, to = 0; o < maps; o += 1) {
    for (let r = 0; r < down; r += 1) {
      for (let q = 0; q < across; q += 1, to += 1) {
        let sum = bias ? bias[o] : 0;
        const [top, left] = [r * stride - padding, q * stride - padding];
        const [from, till] = [Math.max(0, -top), Math.min(kernel, height - top)];
        const [first, last] = [Math.max(0, -left), Math.min(kernel, width - left)];
        for (let c = 0; c < channels; c += 1) {
          for (let i = from; i < till; i += 1) {
            const at = (c * height + top + i) * width + left;
            const of = ((o * channels + c) * kernel + i) * kernel;
            for (let j = first; j < last; j += 1) sum += weight[of + j] * x[at + j];
          }
        }
        out[to] = sum;
      }
    }
  }
  return out;
}

/** The transpose: every input cell adds a kernel to the output; `weight` (input, output, kernel, kernel). */
export function spread(x, { weight, bias }, { input_shape: [channels, height, width], output_shape: [maps, down, across], kernel, stride, padding }) {
  const out = new Float32Array(maps * down * across);
  if (bias) for (let o = 0; o < maps; o += 1) out.fill(bias[o], o * down * across, (o + 1) * down * across);
  for (let c = 0; c < channels; c += 1) {
    for (let r = 0; r < height; r += 1) {
      for (let q = 0; q < width; q += 1) {
        const value = x[(c * height + r) * width + q];
        if (value === 0) continue; // behind a ReLU most are
        const [top, left] = [r * stride - padding, q * stride - padding];
        const [from, till] = [Math.max(0, -top), Math.min(kernel, down - top)];
        const [first, last] = [Math.max(0, -left), Math.min(kernel, across - left)];
        for (let o = 0; o < maps; o += 1) {
          for (let i = from; i < till; i += 1) {
            const to = (o * down + top + i) * across + left;
            const of = ((c * maps + o) * kernel + i) * kernel;
            for (let j = first; j < last; j += 1) out[to + j] += value * weight[of + j];
          }
        }
      }
    }
  }
  return out;
}
