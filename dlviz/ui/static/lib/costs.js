// What layers cost: parameters and multiplications, as numbers and as formulas with the numbers put in.
// A formula is a list of parts, {text, says}: what stands there, and what it counts ("" for signs).

import { count } from "./number.js";

/** Weights and biases of a layer that slides: (kh · kw · c_in / groups + 1) · c_out. */
export const slidingParameters = ({ kh, kw, inputs, outputs, groups = 1, bias = true }) => (kh * kw * (inputs / groups) + (bias ? 1 : 0)) * outputs;

/** Weights and biases of a fully connected layer: (inputs + 1) · units. */
export const denseParameters = (inputs, units) => (inputs + 1) * units;

const hasWeights = (shape) => shape.kind === "conv" || shape.kind === "transposed";

/** Parameters of a layer as Python describes it; pooling has none. */
export function parametersOf(shape) {
  if (!hasWeights(shape)) return 0;
  const [kh, kw] = shape.kernel_size;
  return slidingParameters({ kh, kw, inputs: shape.inputs, outputs: shape.outputs, groups: shape.groups, bias: shape.bias });
}

/** Products for one picture, cells of the padding included. */
export function multiplicationsOf(shape) {
  if (!hasWeights(shape)) return 0;
  const [kh, kw] = shape.kernel_size;
  const [h, w] = shape.kind === "transposed" ? shape.input_size : shape.output_size;
  return kh * kw * (shape.inputs / shape.groups) * shape.outputs * h * w;
}

/** What a fully connected layer between the same two arrays would hold. */
export function denseOf(shape) {
  const [[h, w], [oh, ow]] = [shape.input_size, shape.output_size];
  return denseParameters(shape.inputs * h * w, shape.outputs * oh * ow);
}

const sign = (text) => ({ text, says: "" });
const part = (value, says) => ({ text: count(value), says });

function kernelParts([kh, kw]) {
  return [part(kh, `${count(kh)}: rows of the kernel`), sign("·"), part(kw, `${count(kw)}: columns of the kernel`)];
}

function channelParts({ inputs, groups }) {
  const channels = part(inputs, `${count(inputs)}: input channels. Every filter has weights of its own for each channel it sees`);
  return groups === 1 ? [channels] : [channels, sign("/"), part(groups, `${count(groups)}: groups. A filter sees only the channels of its group`)];
}

/** (3·3·3 + 1)·4 of one layer. */
export function parameterFormula(shape) {
  const of = shape.kind === "transposed" ? "spreads" : "makes";
  return [
    sign("("), ...kernelParts(shape.kernel_size), sign("·"), ...channelParts(shape), sign(" + "),
    { text: "1", says: "1: the bias of the filter, added once to every cell of its map" }, sign(") · "),
    part(shape.outputs, `${count(shape.outputs)}: filters, each of which ${of} one map of the output`),
  ];
}

/** 3·3·3·4·10·10 of one layer. */
export function multiplicationFormula(shape) {
  const transposed = shape.kind === "transposed";
  const [h, w] = transposed ? shape.input_size : shape.output_size;
  const place = transposed ? "input: each cell is multiplied by the whole kernel" : "output: the kernel stands once for every cell";
  return [
    ...kernelParts(shape.kernel_size), sign("·"), ...channelParts(shape), sign("·"), part(shape.outputs, `${count(shape.outputs)}: filters`),
    sign(" · "), part(h, `${count(h)}: rows of the ${place}`), sign("·"), part(w, `${count(w)}: columns of the ${place}`),
  ];
}

/** (3·12·12 + 1) · 4·10·10 of the fully connected layer in its place. */
export function denseFormula(shape) {
  const [[h, w], [oh, ow]] = [shape.input_size, shape.output_size];
  const array = (c, rows, columns, what) => [
    part(c, `${count(c)}: channels of the ${what}`), sign("·"), part(rows, `${count(rows)}: rows of the ${what}`), sign("·"),
    part(columns, `${count(columns)}: columns of the ${what}`),
  ];
  return [
    sign("("), ...array(shape.inputs, h, w, "input, each cell with a weight to every unit"), sign(" + "),
    { text: "1", says: "1: the bias of a unit" }, sign(") · "), ...array(shape.outputs, oh, ow, "output, each cell a unit"),
  ];
}
