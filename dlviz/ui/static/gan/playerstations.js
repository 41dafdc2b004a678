// Both networks as one sees them: stations, each a layer with its norm and its activation, and their numbers of one fake.

const product = (shape) => shape.reduce((all, n) => all * n, 1);
const ACTIVATIONS = { relu: "ReLU", leaky: "leaky ReLU", tanh: "tanh" };
const LAYERS = { linear: "Linear", conv: "Convolution", transposed: "Transposed" };

/**
 * From the numbers of a scene, {generator: […], discriminator: […]}. Each station: {key, part, title, shape, row (what makes
 * it; null for what goes in), norm, act (its rows, or null), last (the name of the row whose values it shows), parameters}.
 * The generator ends in the fake, the discriminator begins with what it is shown and ends in one number.
 */
export function stationsOf({ rows, shape, spec }) {
  const begin = (part, key, title, of) => ({ key, part, title, shape: of, row: null, norm: null, act: null, last: null, parameters: 0 });
  const found = {
    generator: [begin("generator", "noise", "Noise z", [spec.noise_dimensions])],
    discriminator: [begin("discriminator", "shown", "Shown to D", shape)],
  };
  for (const row of rows) {
    const list = found[row.part];
    if (row.kind in LAYERS) list.push({ key: row.name, part: row.part, title: LAYERS[row.kind], shape: row.output_shape, row, norm: null, act: null, last: row.name, parameters: row.parameters });
    else if (row.kind === "norm") Object.assign(list.at(-1), { norm: row, last: row.name, parameters: list.at(-1).parameters + row.parameters });
    else if (row.kind in ACTIVATIONS) Object.assign(list.at(-1), { act: row.kind, last: row.name });
  }
  Object.assign(found.generator.at(-1), { title: "Fake G(z)", shape });
  Object.assign(found.discriminator.at(-1), { title: "Output l", shape: [1] });
  return found;
}

/** What a station does to what comes into it: "Linear, batch norm, ReLU". */
export function doing({ row, norm, act }) {
  if (!row) return "";
  const layer = row.kind === "linear" ? "linear" : row.label.toLowerCase();
  return [layer, norm && "batch norm", act && ACTIVATIONS[act]].filter(Boolean).join(", ");
}

/** Values of every station, by key: of the noise `z`, and of the `example` that D is shown. */
export function valuesOf(stations, { z, example, layers }) {
  const byName = new Map(layers.map(({ row, values }) => [row.name, values]));
  const found = new Map();
  for (const station of [...stations.generator, ...stations.discriminator]) {
    found.set(station.key, station.last ? byName.get(station.last) : station.key === "noise" ? z : example);
  }
  return { values: found, byName };
}

/**
 * The arithmetic of number `at` of a station: {terms: w · x of each input (0 where it does not see it), inputs, weights, bias, sum,
 * scale, shift (null: no norm), normed, value}; null for what goes in. `label`: the class told, where more goes in than `before`.
 */
export function sumOf(gan, station, before, { at, label }) {
  const { row, norm, act } = station;
  if (!row) return null;
  const inputs = new Float32Array(product(row.input_shape));
  inputs.set(before);
  const cells = row.input_shape.length === 3 ? row.input_shape[1] * row.input_shape[2] : 1;
  if (inputs.length > before.length) inputs.fill(1, before.length + label * cells, before.length + (label + 1) * cells);
  const { weight, bias } = gan.weightsOf(row);
  const weights = weightsTo(row, weight, at);
  const terms = inputs.map((x, i) => weights[i] * x);
  const cellsAfter = product(row.output_shape) / row.output_shape[0];
  const channel = Math.floor(at / cellsAfter);
  const constant = bias?.[channel] ?? 0;
  const sum = terms.reduce((all, term) => all + term, constant);
  const affine = norm && gan.weightsOf(norm);
  const normed = affine ? sum * affine.weight[channel] + affine.bias[channel] : sum;
  return { terms, inputs, weights, bias: constant, sum, scale: affine?.weight[channel] ?? null, shift: affine?.bias[channel] ?? null, normed, value: active(act, normed) };
}

// The weight with which each input of a row counts for its output `at`; 0 where that does not see it.
function weightsTo(row, weight, at) {
  const count = product(row.input_shape);
  if (row.kind === "linear") return weight.subarray(at * count, (at + 1) * count);
  const found = new Float32Array(count);
  const { kernel, stride, padding, input_shape: [channels, height, width], output_shape: [maps, down, across] } = row;
  const [o, y, x] = [Math.floor(at / (down * across)), Math.floor(at / across) % down, at % across];
  const isUp = row.kind === "transposed";
  for (let c = 0; c < channels; c += 1) {
    for (let r = 0; r < height; r += 1) {
      const i = isUp ? y - (r * stride - padding) : r - (y * stride - padding);
      if (i < 0 || i >= kernel) continue;
      for (let q = 0; q < width; q += 1) {
        const j = isUp ? x - (q * stride - padding) : q - (x * stride - padding);
        if (j >= 0 && j < kernel) found[(c * height + r) * width + q] = weight[((isUp ? c * maps + o : o * channels + c) * kernel + i) * kernel + j];
      }
    }
  }
  return found;
}

function active(act, x) {
  if (act === "relu") return Math.max(0, x);
  if (act === "leaky") return x > 0 ? x : 0.2 * x; // SLOPE of dlviz/labs/gan/plan.py
  return act === "tanh" ? Math.tanh(x) : x;
}

/** The `most` largest by size: [{at, value}]. */
export const largest = (values, most) => [...values.keys()].sort((a, b) => Math.abs(values[b]) - Math.abs(values[a])).slice(0, most).filter((at) => values[at] !== 0).map((at) => ({ at, value: values[at] }));

/** "unit 3", "z₂", "x", "map 3 at row 4, column 9", "pixel at row 4, column 9"; places are counted from 1. */
export function nameOf({ key, shape }, at, { classes, planar }) {
  const size = product(shape);
  if (at >= size) return `class ${classes[shape.length === 3 ? Math.floor((at - size) / (shape[1] * shape[2])) : at - size]}`;
  if (key === "noise") return `z${subscript(at + 1)}`;
  if (shape.length === 1) return planar && shape[0] === 2 && (key === "shown" || key === "generator.output") ? "xy"[at] : key === "discriminator.output" ? "the output" : `unit ${at + 1}`;
  const [channels, height, width] = shape;
  const place = `row ${(Math.floor(at / width) % height) + 1}, column ${(at % width) + 1}`;
  const map = Math.floor(at / (height * width));
  const isPixel = key === "shown" || key === "generator.output";
  if (!isPixel) return height * width === 1 ? `map ${map + 1}` : `map ${map + 1} at ${place}`;
  return channels === 3 ? `${["red", "green", "blue"][map]} at ${place}` : `pixel at ${place}`;
}

const subscript = (n) => [...String(n)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
