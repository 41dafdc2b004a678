// The arithmetic of a Transformer on matrices that lie row by row in one array: products, norms, rotations, softmax.

const EPSILON = 1e-5; // torch's LayerNorm
const BASE = 10_000; // of sinusoids and RoPE

/** x (rows · inputs) times the transposed matrix (outputs · inputs), plus the bias. Four sums side by side. */
export function linear(x, rows, matrix, bias) {
  const outputs = bias.length;
  const inputs = matrix.length / outputs;
  const out = new Float64Array(rows * outputs);
  const fours = inputs - (inputs % 4);
  for (let r = 0, to = 0; r < rows; r += 1) {
    const from = r * inputs;
    for (let o = 0, at = 0; o < outputs; o += 1, to += 1) {
      let [a, b, c, d] = [0, 0, 0, 0];
      let k = 0;
      for (; k < fours; k += 4, at += 4) {
        a += matrix[at] * x[from + k];
        b += matrix[at + 1] * x[from + k + 1];
        c += matrix[at + 2] * x[from + k + 2];
        d += matrix[at + 3] * x[from + k + 3];
      }
      for (; k < inputs; k += 1, at += 1) a += matrix[at] * x[from + k];
      out[to] = a + b + (c + d) + bias[o];
    }
  }
  return out;
}

/** Layer norm of each row: mean 0, standard deviation 1, then times `gain` plus `bias`. */
export function normalized(x, rows, gain, bias) {
  const width = gain.length;
  const out = new Float64Array(x.length);
  for (let r = 0, at = 0; r < rows; r += 1, at += width) {
    let mean = 0;
    for (let k = 0; k < width; k += 1) mean += x[at + k];
    mean /= width;
    let variance = 0;
    for (let k = 0; k < width; k += 1) variance += (x[at + k] - mean) ** 2;
    const factor = 1 / Math.sqrt(variance / width + EPSILON);
    for (let k = 0; k < width; k += 1) out[at + k] = (x[at + k] - mean) * factor * gain[k] + bias[k];
  }
  return out;
}

/** (token · width): sines at even places, cosines at odd ones, each pair a slower wave. */
export function sinusoidal(tokens, width) {
  const out = new Float64Array(tokens * width);
  for (let t = 0, at = 0; t < tokens; t += 1) {
    for (let k = 0; k < width; k += 1, at += 1) {
      const angle = t / BASE ** ((2 * (k >> 1)) / width);
      out[at] = k & 1 ? Math.cos(angle) : Math.sin(angle);
    }
  }
  return out;
}

/** Pairs of numbers of each row turned by an angle that grows with the row: RoPE. */
export function rotated(x, rows) {
  const width = x.length / rows;
  const out = new Float64Array(x.length);
  for (let t = 0, at = 0; t < rows; t += 1) {
    for (let k = 0; k < width; k += 2, at += 2) {
      const angle = t / BASE ** (k / width);
      const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
      out[at] = x[at] * cos - x[at + 1] * sin;
      out[at + 1] = x[at] * sin + x[at + 1] * cos;
    }
  }
  return out;
}

export function gather(matrix, ids, width) {
  const out = new Float64Array(ids.length * width);
  ids.forEach((id, t) => out.set(matrix.subarray(id * width, (id + 1) * width), t * width));
  return out;
}

export function sum(a, b) {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i += 1) out[i] = a[i] + b[i];
  return out;
}

/** (token · width) as one matrix a head. */
export function split(x, rows, heads) {
  const width = x.length / rows;
  const size = width / heads;
  return Array.from({ length: heads }, (_, head) => {
    const out = new Float64Array(rows * size);
    for (let r = 0; r < rows; r += 1) out.set(x.subarray(r * width + head * size, r * width + (head + 1) * size), r * size);
    return out;
  });
}

export function joined(heads, rows) {
  const size = heads[0].length / rows;
  const width = size * heads.length;
  const out = new Float64Array(rows * width);
  heads.forEach((head, h) => {
    for (let r = 0; r < rows; r += 1) out.set(head.subarray(r * size, (r + 1) * size), r * width + h * size);
  });
  return out;
}

export function dots(query, key, tokens, keys, size, scale) {
  const out = new Float64Array(tokens * keys);
  for (let q = 0, at = 0; q < tokens; q += 1) {
    for (let k = 0; k < keys; k += 1, at += 1) {
      let total = 0;
      for (let i = 0; i < size; i += 1) total += query[q * size + i] * key[k * size + i];
      out[at] = total * scale;
    }
  }
  return out;
}

export function distanced(products, keys, slope) {
  return products.map((x, i) => x - slope * Math.abs(Math.floor(i / keys) - (i % keys)));
}

/** Softmax of each row over the keys that are not hidden; a row from which all is hidden is 0. */
export function attended(scores, hidden, tokens, keys) {
  const out = new Float64Array(scores.length);
  for (let q = 0; q < tokens; q += 1) {
    const at = q * keys;
    let largest = -Infinity;
    for (let k = 0; k < keys; k += 1) if (!hidden?.[at + k] && scores[at + k] > largest) largest = scores[at + k];
    let total = 0;
    for (let k = 0; k < keys; k += 1) if (!hidden?.[at + k]) total += out[at + k] = Math.exp(scores[at + k] - largest);
    if (total > 0) for (let k = 0; k < keys; k += 1) out[at + k] /= total;
  }
  return out;
}

export function evened(hidden, tokens, keys) {
  return attended(new Float64Array(tokens * keys), hidden, tokens, keys);
}

export function mix(weights, value, tokens, keys, size) {
  const out = new Float64Array(tokens * size);
  for (let q = 0; q < tokens; q += 1) {
    for (let k = 0; k < keys; k += 1) {
      const w = weights[q * keys + k];
      if (w === 0) continue;
      for (let i = 0; i < size; i += 1) out[q * size + i] += w * value[k * size + i];
    }
  }
  return out;
}
