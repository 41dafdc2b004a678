// A picture that moves, and what filters, pooling and dense layers make of it. Nothing here draws.
// The same arithmetic as dlviz/labs/convolution/symmetry.py; tests/browser/test_symmetry.py compares them.

/** A side × side picture moved by [down, right]; what comes in is zero, or with `wrap` the other side. */
export function shifted(values, side, [down, right], wrap) {
  const found = new Float32Array(side * side);
  for (let y = 0; y < side; y += 1) {
    const row = wrap ? mod(y - down, side) : y - down;
    if (row < 0 || row >= side) continue;
    for (let x = 0; x < side; x += 1) {
      const column = wrap ? mod(x - right, side) : x - right;
      if (column >= 0 && column < side) found[y * side + x] = values[row * side + column];
    }
  }
  return found;
}

/** ReLU of a picture under a kernel {rows, cols, weights}, of the size of the picture: stride 1, zeros or the other side around. */
export function filtered(values, side, { rows, cols, weights }, wrap) {
  const found = new Float32Array(side * side);
  const [up, left] = [(rows - 1) >> 1, (cols - 1) >> 1];
  for (let ky = 0; ky < rows; ky += 1) {
    for (let kx = 0; kx < cols; kx += 1) {
      const weight = weights[ky * cols + kx];
      if (weight === 0) continue;
      for (let y = 0; y < side; y += 1) {
        const row = wrap ? mod(y + ky - up, side) : y + ky - up;
        if (row < 0 || row >= side) continue;
        for (let x = 0; x < side; x += 1) {
          const column = wrap ? mod(x + kx - left, side) : x + kx - left;
          if (column >= 0 && column < side) found[y * side + x] += weight * values[row * side + column];
        }
      }
    }
  }
  for (let k = 0; k < found.length; k += 1) if (found[k] < 0) found[k] = 0;
  return found;
}

/** The largest of every size × size window. */
export function pooled(values, side, size) {
  const out = Math.floor(side / size);
  const found = new Float32Array(out * out).fill(-Infinity);
  for (let y = 0; y < out * size; y += 1) {
    for (let x = 0; x < out * size; x += 1) {
      const at = Math.floor(y / size) * out + Math.floor(x / size);
      if (values[y * side + x] > found[at]) found[at] = values[y * side + x];
    }
  }
  return found;
}

/** The largest value and the mean of all. */
export function overall(values) {
  let [largest, sum] = [-Infinity, 0];
  for (const value of values) {
    if (value > largest) largest = value;
    sum += value;
  }
  return [largest, sum / values.length];
}

/** ‖now − before‖ / ‖before‖ of two flattened arrays; 0 where both are nothing but zeros, null where only the first is. */
export function change(before, now) {
  let [difference, size] = [0, 0];
  for (let k = 0; k < before.length; k += 1) {
    difference += (now[k] - before[k]) ** 2;
    size += before[k] ** 2;
  }
  if (size === 0) return difference === 0 ? 0 : null;
  return Math.sqrt(difference / size);
}

/** Where the kernel lies on the picture before a move and after it: {rows: [from, to], columns: [from, to]}, `to` not included. */
export function seen(side, { rows, cols }, [down, right], wrap) {
  const along = (kernel, move) => {
    if (wrap) return [0, side];
    const first = ((kernel - 1) >> 1) + Math.max(move, 0);
    return [first, Math.max(first, side - (kernel >> 1) + Math.min(move, 0))];
  };
  return { rows: along(rows, down), columns: along(cols, right) };
}

/** The largest |a − b| inside the cells of `seen`, and outside them: {inside, border}. */
export function apart(a, b, side, { rows, columns }) {
  const found = { inside: 0, border: 0 };
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const part = y >= rows[0] && y < rows[1] && x >= columns[0] && x < columns[1] ? "inside" : "border";
      const difference = Math.abs(a[y * side + x] - b[y * side + x]);
      if (difference > found[part]) found[part] = difference;
    }
  }
  return found;
}

/** Features of one read-out: the picture itself, or its maps under the bank, pooled. `maps`: one array a kernel. */
export function features(head, picture, maps, side) {
  if (head === "pixels") return picture;
  const size = { pooled2: 2, pooled4: 4 }[head];
  const parts = size ? maps.map((map) => pooled(map, side, size)) : null;
  if (!parts) {
    const both = maps.map(overall);
    return Float32Array.from([...both.map(([largest]) => largest), ...both.map(([, mean]) => mean)]);
  }
  const found = new Float32Array(parts.length * parts[0].length);
  parts.forEach((part, i) => found.set(part, i * part.length));
  return found;
}

/** A dense layer: the score of each class. */
export function dense(inputs, { weight, bias }) {
  return Float32Array.from(bias, (b, k) => {
    let sum = b;
    for (let i = 0, at = k * inputs.length; i < inputs.length; i += 1, at += 1) sum += weight[at] * inputs[i];
    return sum;
  });
}

/** Index of the largest. */
export const winner = (scores) => scores.reduce((best, score, k) => (score > scores[best] ? k : best), 0);

const SOBEL = { rows: 3, cols: 3, weights: Float32Array.from([-1, 0, 1, -2, 0, 2, -1, 0, 1]) };

/**
 * The first filter of a layer (lib/conv.js) as one kernel for a grey picture: its channels added up, its dilation
 * filled with zeros; of a transposed layer turned by half a turn, which at stride 1 is the same. Sobel for pooling.
 */
export function stageFilter(layer) {
  if (!layer.weight) return { ...SOBEL, named: false };
  const [rows, cols] = [layer.dh * (layer.kh - 1) + 1, layer.dw * (layer.kw - 1) + 1];
  const weights = new Float32Array(rows * cols);
  for (let ky = 0; ky < layer.kh; ky += 1) {
    for (let kx = 0; kx < layer.kw; kx += 1) {
      const [y, x] = layer.kind === "transposed" ? [layer.kh - 1 - ky, layer.kw - 1 - kx] : [ky, kx];
      for (let i = 0; i < layer.perGroup; i += 1) weights[y * layer.dh * cols + x * layer.dw] += layer.weightAt(0, i, ky, kx);
    }
  }
  return { rows, cols, weights, named: true };
}

const mod = (a, n) => ((a % n) + n) % n;
