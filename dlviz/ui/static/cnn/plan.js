// From settings to rows, as dlviz/labs/cnn/plan.py makes them: so that a network that cannot work is seen, with what
// would, before anything is sent. A settings object has the fields of CnnSpec; tests hold both to the same answers.

import { count } from "../lib/number.js";

const POOL = 2;
export const MOST_PARAMETERS = 20e6;
const ACTIVATIONS = { relu: "ReLU", tanh: "tanh", leaky_relu: "Leaky ReLU" };

/** Data set: channels, side, number of classes. */
export const SETS = {
  mnist: [1, 28, 10], digits: [1, 8, 10], shapes: [3, 32, 6], patches: [3, 32, 6],
  mnist_full: [1, 28, 10], fashion: [1, 28, 10], cifar10: [3, 32, 10],
};

/** The fields that the rows depend on. */
export const STRUCTURE = ["dataset", "channels", "convs", "kernel_sizes", "paddings", "batch_norm", "activation", "pool", "dense_units", "dropout"];

const times = (sides) => sides.reduce((product, side) => product * side, 1);
export const oneEach = (values, blocks) => (values.length === 1 ? Array(blocks).fill(values[0]) : values);
/** One for all where they are equal. */
export const short = (values) => (new Set(values).size === 1 ? values.slice(0, 1) : values);
const withValue = (values, at, value) => short(values.map((old, i) => (i === at ? value : old)));

/** Every layer from the picture to the probabilities; a side may come out below 1. */
export function rowsOf(spec) {
  const found = convolutional(spec);
  const [channels, side, classes] = SETS[spec.dataset];
  const last = found.at(-1)?.output_shape ?? [channels, side, side];
  const add = (name, kind, label, block, input, output, parameters = 0) => found.push(row(name, kind, label, block, input, output, parameters));
  let flat = times(last);
  add("flatten", "flatten", "Flatten", 0, last, [flat]);
  spec.dense_units.forEach((units, i) => {
    add(`dense${i + 1}`, "linear", "Linear", i + 1, [flat], [units], (flat + 1) * units);
    flat = units;
    add(`dense_act${i + 1}`, "activation", ACTIVATIONS[spec.activation], i + 1, [flat], [flat]);
    if (spec.dropout > 0) add(`dropout${i + 1}`, "dropout", `Dropout ${general(spec.dropout)}`, i + 1, [flat], [flat]);
  });
  add("output", "linear", "Linear", 0, [flat], [classes], (flat + 1) * classes);
  add("softmax", "softmax", "Softmax", 0, [classes], [classes]);
  return found;
}

function row(name, kind, label, block, input, output, parameters = 0, kernel = 0, padding = 0) {
  return { name, kind, label, block, input_shape: input, output_shape: output, parameters, kernel_size: kernel, padding };
}

// Six digits, as Python's :g writes them.
const general = (x) => (x === 0 || Math.abs(x) >= 1e-4 ? String(Number(x.toPrecision(6))) : Number(x.toPrecision(6)).toExponential().replace(/e-(\d)$/, "e-0$1"));

function convolutional(spec) {
  const [channels, side] = SETS[spec.dataset];
  const blocks = spec.channels.length;
  const [kernels, paddings] = [oneEach(spec.kernel_sizes, blocks), oneEach(spec.paddings, blocks)];
  const found = [];
  let shape = [channels, side, side];
  spec.channels.forEach((maps, i) => {
    const k = kernels[i];
    for (let turn = 0; turn < spec.convs; turn += 1) {
      const around = paddings[i] === "same" ? Math.floor(k / 2) : 0;
      const name = `${i + 1}${spec.convs > 1 ? "ab"[turn] : ""}`;
      const made = [maps, shape[1] + 2 * around - k + 1, shape[2] + 2 * around - k + 1];
      found.push(row(`conv${name}`, "conv", `Conv ${k} × ${k}`, i + 1, shape, made, (k * k * shape[0] + 1) * maps, k, around));
      if (spec.batch_norm) found.push(row(`norm${name}`, "norm", "BatchNorm", i + 1, made, made, 2 * maps));
      found.push(row(`act${name}`, "activation", ACTIVATIONS[spec.activation], i + 1, made, made));
      shape = made;
    }
    if (spec.pool === "none") return;
    const halved = [shape[0], Math.floor(shape[1] / POOL), Math.floor(shape[2] / POOL)];
    found.push(row(`pool${i + 1}`, "pool", spec.pool === "max" ? "Max pool 2 × 2" : "Average pool 2 × 2", i + 1, shape, halved));
    shape = halved;
  });
  return found;
}

export const totalOf = (rows) => rows.reduce((sum, { parameters }) => sum + parameters, 0);

/**
 * The first thing that does not go together, or null: {field, rule, given, row, changes}. `changes` are a step towards
 * a network that works; `mended` takes them all.
 */
export function clash(spec) {
  const blocks = spec.channels.length;
  for (const field of ["kernel_sizes", "paddings"]) {
    const given = spec[field];
    if (given.length === 1 || given.length === blocks) continue;
    const fitting = Array.from({ length: blocks }, (_, i) => given[Math.min(i, given.length - 1)]);
    return { field, rule: `must be one for all, or one for each of the ${blocks} blocks`, given: given.join(), row: "", changes: { [field]: short(fitting) } };
  }
  const kernels = oneEach(spec.kernel_sizes, blocks);
  const at = oneEach(spec.paddings, blocks).findIndex((padding, i) => padding === "same" && kernels[i] % 2 === 0);
  if (at >= 0) {
    const name = `conv${at + 1}${spec.convs > 1 ? "a" : ""}`;
    return { field: "kernel_sizes", rule: `must be odd where the padding is same, and that of ${name} is not`, given: kernels[at], row: name,
      changes: { kernel_sizes: withValue(kernels, at, kernels[at] - 1) } };
  }
  const small = firstTooSmall(spec);
  return small ? tooSmall(spec, small) : tooLarge(spec);
}

/** The changes that make a network of it; {} for one that works. */
export function mended(spec) {
  const changes = {};
  for (let found = clash(spec); found; found = clash({ ...spec, ...changes })) Object.assign(changes, found.changes);
  return changes;
}

const firstTooSmall = (spec) => convolutional(spec).find(({ output_shape: shape }) => Math.min(...shape) < 1) ?? null;

function tooSmall(spec, { name, kind, block, input_shape: given, kernel_size: k }) {
  const size = given.slice(1).join(" × ");
  const [blocks, at] = [spec.channels.length, block - 1];
  const fewer = {};
  for (const field of ["channels", "kernel_sizes", "paddings"]) if (spec[field].length === blocks) fewer[field] = spec[field].slice(0, at);
  if (kind === "pool") {
    return { field: "channels", rule: `must leave a map: ${name} is given ${size}, and half of it is nothing`, given: `${blocks} blocks`, row: name, changes: fewer };
  }
  const [kernels, paddings] = [oneEach(spec.kernel_sizes, blocks), oneEach(spec.paddings, blocks)];
  const ways = [];
  for (let smaller = k - 1; smaller > 0; smaller -= 1) ways.push({ kernel_sizes: withValue(kernels, at, smaller) });
  if (kernels.slice(at).every((each) => each % 2)) ways.push({ paddings: short(paddings.map((old, i) => (i < at ? old : "same"))) });
  const reached = ways.map((changes) => firstTooSmall({ ...spec, ...changes })?.block ?? Infinity);
  // Where no single change helps to the end, one that helps to the end of this block.
  const way = [blocks + 1, block + 1].map((far) => reached.findIndex((after) => after >= far)).find((i) => i >= 0);
  return { field: "kernel_sizes", rule: `must fit the map: ${name} is given ${size} and its kernel is ${k} × ${k}`, given: k, row: name, changes: ways[way] ?? fewer };
}

function tooLarge(spec) {
  const rows = rowsOf(spec);
  const total = totalOf(rows);
  if (total <= MOST_PARAMETERS) return null;
  const most = rows.reduce((best, each) => (each.parameters > best.parameters ? each : best));
  const field = most.name.startsWith("dense") ? "dense_units" : "channels";
  const at = most.name === "output" ? spec.channels.length - 1 : most.block - 1;
  const shape = [most.input_shape, most.output_shape].map((sides) => sides.map(count).join(" × ")).join(" → ");
  return {
    field, row: most.name, given: `${count(total)} parameters`,
    rule: `must keep the network within ${count(MOST_PARAMETERS)} parameters; ${most.name} (${shape}) alone has ${count(most.parameters)}`,
    changes: { [field]: spec[field].map((units, i) => (i === at ? Math.max(1, Math.floor(units / 2)) : units)) },
  };
}

/** How the parameters of a row come about, with its numbers; "" for one without any. */
export function formulaOf({ kind, kernel_size: k, input_shape: [inputs], output_shape: [outputs], parameters }) {
  const of = count(parameters);
  if (kind === "conv") return `(${k} × ${k} × ${count(inputs)} + 1) × ${count(outputs)} = ${of}`;
  if (kind === "norm") return `2 × ${count(outputs)} = ${of}`;
  if (kind === "linear") return `(${count(inputs)} + 1) × ${count(outputs)} = ${of}`;
  return "";
}
