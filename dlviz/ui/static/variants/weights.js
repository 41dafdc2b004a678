// Layers and their weights as Python would make them from the same settings (dlviz/labs/convolution/plan.py and
// model.py): shapes in numbers, named kernels divided by the channels that a filter sees, mixtures for 1 × 1.

import { multiplicationsOf, denseOf, parametersOf } from "../lib/costs.js";
import { Layer } from "../lib/conv.js";
import { kernel, profile, turned } from "./kernels.js";

const LUMINANCE = [0.299, 0.587, 0.114]; // ITU-R BT.601, as in OpenCV
const side = (n, k, s, d, padding) => Math.floor((n + padding - (d * (k - 1) + 1)) / s) + 1;
const grown = (n, k, s, d, padding) => (n - 1) * s - padding + d * (k - 1) + 1;

/** A shape as `Layer.describe()` gives it, sizes worked out. `size`, `kernel`: [height, width]. */
export function shapeOf({ kind = "conv", inputs, outputs, size, kernel: [kh, kw], stride = [1, 1], dilation = [1, 1], padding = [0, 0, 0, 0], groups = 1 }) {
  const output = kind === "transposed" ? grown : side;
  const shape = {
    kind, inputs, outputs, groups, bias: true, input_size: size, kernel_size: [kh, kw], stride, dilation, padding, padding_mode: "zeros",
    output_size: [output(size[0], kh, stride[0], dilation[0], padding[0] + padding[1]), output(size[1], kw, stride[1], dilation[1], padding[2] + padding[3])],
  };
  return { ...shape, parameters: parametersOf(shape), multiplications: multiplicationsOf(shape), dense_parameters: denseOf(shape) };
}

/** The filters of a shape from one base kernel an output map, each over all channels it sees. */
export function fromKernels(shape, bases) {
  const [kh, kw] = shape.kernel_size;
  const cells = kh * kw;
  const seen = shape.inputs / shape.groups;
  const each = shape.outputs / shape.groups;
  const weight = new Float32Array(shape.outputs * seen * cells);
  for (let o = 0; o < shape.outputs; o += 1) {
    for (let i = 0; i < seen; i += 1) {
      // A transposed layer keeps its weights by input channel, as torch does.
      const block = shape.kind === "transposed" ? (Math.floor(o / each) * seen + i) * each + (o % each) : o * seen + i;
      for (let k = 0; k < cells; k += 1) weight[block * cells + k] = bases[o % bases.length][k] / seen;
    }
  }
  return weight;
}

/** The weights of a 1 × 1 layer with at most as many maps as channels: the grey value, then differences. */
export function mixing(shape) {
  const { inputs, outputs } = shape;
  const rows = [inputs === 3 ? LUMINANCE : new Array(inputs).fill(1 / inputs)];
  for (let channel = 1; channel < inputs; channel += 1) {
    rows.push(Array.from({ length: inputs }, (_, i) => (i < channel ? -1 / channel : Number(i === channel))));
  }
  return Float32Array.from(rows.slice(0, outputs).flat());
}

export const layerOf = (shape, weight = null, bias = null) => new Layer(shape, weight, bias);

/**
 * The kernels of the stage, one a filter. One that was edited by hand, or is random, has no formula: it is its slices
 * added up, and has one size only.
 */
export function basesOf(scene) {
  const { spec, layers } = scene.numbers;
  const [first] = layers;
  const slides = (first.kind === "conv" || first.kind === "transposed") && spec.layer !== "pointwise";
  const layer = slides ? new Layer(first, scene.arrays["weight.0"].data) : null;
  return {
    /** The values of filter o on height × width cells where they stand in the scene alone; null where a name tells them. */
    byHand(o, height, width) {
      const own = slides && o < first.outputs && (spec.weights.length > 0 || spec.kernel[o % spec.kernel.length] === "random");
      if (!own || layer.kh !== height || layer.kw !== width) return null;
      return Array.from({ length: height * width }, (_, k) => {
        let sum = 0;
        for (let i = 0; i < layer.perGroup; i += 1) sum += layer.weightAt(o, i, Math.floor(k / width), k % width);
        return sum;
      });
    },
    /** The values of a named kernel, turned where the stage turns its own. */
    named(name, height, width) {
      const values = height === width ? kernel(name, width) : profile(name, width);
      return spec.flip ? turned(values) : values;
    },
  };
}
