// Layers of small networks computed in the page, one picture at a time: values of a map are (channel, row, column).

/** y = W x + b; `weight` (output, input) row by row. */
export function linear(x, { weight, bias }) {
  const inputs = x.length;
  const out = new Float32Array(bias.length);
  const whole = inputs - (inputs % 4);
  for (let o = 0, at = 0; o < out.length; o += 1) {
    // Four sums: the processor need not wait for one addition before the next.
    let [a, b, c, d] = [bias[o], 0, 0, 0];
    for (let i = 0; i < whole; i += 4, at += 4) {
      a += weight[at] * x[i];
      b += weight[at + 1] * x[i + 1];
      c += weight[at + 2] * x[i + 2];
      d += weight[at + 3] * x[i + 3];
    }
    for (let i = whole; i < inputs; i += 1, at += 1) a += weight[at] * x[i];
    out[o] = a + b + c + d;
  }
  return out;
}

/** A convolution 3 × 3 with stride 2 and padding 1, as torch counts; `weight` (output, input, 3, 3). */
export function conv(x, [channels, height, width], { weight, bias }) {
  const [down, across] = [(height + 1) >> 1, (width + 1) >> 1];
  const out = new Float32Array(bias.length * down * across);
  for (let o = 0, to = 0; o < bias.length; o += 1) {
    for (let r = 0; r < down; r += 1) {
      for (let q = 0; q < across; q += 1, to += 1) {
        let sum = bias[o];
        for (let c = 0; c < channels; c += 1) {
          const kernel = (o * channels + c) * 9;
          const map = c * height * width;
          for (let i = 0; i < 3; i += 1) {
            const y = 2 * r + i - 1;
            if (y < 0 || y >= height) continue;
            for (let j = 0; j < 3; j += 1) {
              const z = 2 * q + j - 1;
              if (z >= 0 && z < width) sum += weight[kernel + 3 * i + j] * x[map + y * width + z];
            }
          }
        }
        out[to] = sum;
      }
    }
  }
  return out;
}

/** Its transpose, to maps of the shape `after`; `weight` (input, output, 3, 3). Every input cell adds a kernel to the output. */
export function transposed(x, [channels, height, width], [maps, down, across], { weight, bias }) {
  const out = new Float32Array(maps * down * across);
  for (let o = 0; o < maps; o += 1) out.fill(bias[o], o * down * across, (o + 1) * down * across);
  for (let c = 0; c < channels; c += 1) {
    for (let r = 0; r < height; r += 1) {
      for (let q = 0; q < width; q += 1) {
        const value = x[(c * height + r) * width + q];
        if (value === 0) continue; // behind a ReLU most are
        for (let o = 0; o < maps; o += 1) {
          const kernel = (c * maps + o) * 9;
          for (let i = 0; i < 3; i += 1) {
            const y = 2 * r + i - 1;
            if (y < 0 || y >= down) continue;
            const row = (o * down + y) * across;
            for (let j = 0; j < 3; j += 1) {
              const z = 2 * q + j - 1;
              if (z >= 0 && z < across) out[row + z] += value * weight[kernel + 3 * i + j];
            }
          }
        }
      }
    }
  }
  return out;
}

export const relu = (x) => x.map((value) => (value > 0 ? value : 0));
export const tanh = (x) => x.map(Math.tanh);
export const sigmoid = (x) => x.map((value) => 1 / (1 + Math.exp(-value)));
