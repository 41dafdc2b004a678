// The arithmetic behind one number of a layer: what each input adds to it, and what it adds to each number after it.

const place = (at, [, height, width]) => [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
const REACH = 3; // rows and columns of a kernel

/** w · x for each input of number `at` of the row, (inputs,); what it does not see is 0. The bias is not in it. */
export function products(row, { weight }, x, at) {
  if (row.kind === "linear") {
    const n = x.length;
    return Float32Array.from(x, (value, i) => weight[at * n + i] * value);
  }
  const found = new Float32Array(x.length);
  visit(row, at, true, (input, w) => { found[input] += weight[w] * x[input]; });
  return found;
}

/** What input `at` with its `value` adds to each number that the row makes, (outputs,). `inputs`: how many there are. */
export function reach(row, { weight, bias }, value, at, inputs) {
  if (row.kind === "linear") return Float32Array.from(bias, (_, o) => weight[o * inputs + at] * value);
  const found = new Float32Array(row.output_shape.reduce((all, n) => all * n, 1));
  visit(row, at, false, (output, w) => { found[output] += weight[w] * value; });
  return found;
}

// All pairs of an output or an input cell with what it meets: fn(the other one's place, the weight's place).
function visit(row, at, isOutput, fn) {
  const isUp = row.kind === "transposed";
  const [small, large] = isUp ? [row.input_shape, row.output_shape] : [row.output_shape, row.input_shape];
  const inSmall = isOutput !== isUp; // the small side of a convolution of stride 2 is its output
  const [own, y, x] = place(at, inSmall ? small : large);
  const other = inSmall ? large : small;
  for (let i = 0; i < REACH; i += 1) {
    for (let j = 0; j < REACH; j += 1) {
      const [r, q] = inSmall ? [2 * y + i - 1, 2 * x + j - 1] : [(y + 1 - i) / 2, (x + 1 - j) / 2];
      if (!Number.isInteger(r) || !Number.isInteger(q) || r < 0 || q < 0 || r >= other[1] || q >= other[2]) continue;
      for (let c = 0; c < other[0]; c += 1) {
        const [from, to] = inSmall ? [own, c] : [c, own]; // maps of the small and of the large side
        fn((c * other[1] + r) * other[2] + q, ((from * large[0] + to) * REACH + i) * REACH + j);
      }
    }
  }
}

/** The `count` largest by size: [{at, value}]. */
export function largest(values, count) {
  return [...values.keys()].sort((a, b) => Math.abs(values[b]) - Math.abs(values[a])).slice(0, count).filter((at) => values[at] !== 0).map((at) => ({ at, value: values[at] }));
}

const ACTIVE = { relu: (x) => Math.max(0, x), tanh: Math.tanh, sigmoid: (x) => 1 / (1 + Math.exp(-x)) };

/** The value behind an activation; the sum itself where there is none. */
export const active = (act, x) => (act ? ACTIVE[act](x) : x);

/** What a picture lost, in nats: the numbers of dlviz/labs/autoencoder/objective.py for one picture and one z. */
export function lossOf(x, again, { bernoulli, mean, logVariance }) {
  let [reconstruction, squares, least] = [0, 0, 0];
  const log = (p) => Math.max(Math.log(p), -100); // as torch bounds it
  for (let i = 0; i < x.length; i += 1) {
    squares += (again[i] - x[i]) ** 2;
    if (!bernoulli) continue;
    reconstruction -= x[i] * log(again[i]) + (1 - x[i]) * log(1 - again[i]);
    if (x[i] > 0 && x[i] < 1) least -= x[i] * Math.log(x[i]) + (1 - x[i]) * Math.log(1 - x[i]);
  }
  if (!bernoulli) reconstruction = squares / 2;
  const kl = logVariance ? mean.reduce((sum, m, i) => sum + (m * m + Math.exp(logVariance[i]) - 1 - logVariance[i]) / 2, 0) : null;
  return { reconstruction, least, kl, elbo: kl === null ? null : -(reconstruction + kl), squared_error: squares / x.length };
}
