// A kernel of a layer as a grid of numbers: which weight stands in which cell, and where torch keeps it.

/**
 * What is on the four grids: of filter `o` the weights for the i-th channel that it sees; of a layer with kernels of
 * one cell, which only mixes channels, all filters (rows) over all channels (columns) at once.
 * `mixes` tells which; `index(r, c)` is the place in the array `weight.<at>`, `flat(r, c)` the same as one number.
 */
export class KernelView {
  constructor(layer, at, o, i) {
    Object.assign(this, { layer, at, o, i });
    this.mixes = layer.kh * layer.kw === 1;
    [this.rows, this.cols] = this.mixes ? [layer.outputs, layer.perGroup] : [layer.kh, layer.kw];
  }

  /** {o, i, ky, kx} of a cell: filter, channel within its group, place in the kernel. */
  cell(r, c) {
    return this.mixes ? { o: r, i: c, ky: 0, kx: 0 } : { o: this.o, i: this.i, ky: r, kx: c };
  }

  index(r, c) {
    const { o, i, ky, kx } = this.cell(r, c);
    if (this.layer.kind !== "transposed") return [o, i, ky, kx];
    const perOut = this.layer.outputs / this.layer.groups;
    return [Math.floor(o / perOut) * this.layer.perGroup + i, o % perOut, ky, kx];
  }

  flat(r, c) {
    const { kind, perGroup, outputs, groups, kh, kw } = this.layer;
    const [a, b, ky, kx] = this.index(r, c);
    return ((a * (kind === "transposed" ? outputs / groups : perGroup) + b) * kh + ky) * kw + kx;
  }

  /** The numbers of the grid out of a flat array of the layer's weights, row by row. */
  read(weights) {
    const found = new Float32Array(this.rows * this.cols);
    for (let r = 0, k = 0; r < this.rows; r += 1) for (let c = 0; c < this.cols; c += 1, k += 1) found[k] = weights[this.flat(r, c)];
    return found;
  }

  /** What the page lights elsewhere for a cell: see the shared "convolution.focus". */
  focus(r, c) {
    const { o, i, ky, kx } = this.cell(r, c);
    return { kind: "kernel", layer: this.at, o, channel: this.layer.channelsOf(o)[i], ky, kx };
  }

  /** The cell that a focus means, or null where it is of another kernel. */
  place(focus) {
    if (focus?.kind !== "kernel" || (focus.layer ?? 0) !== this.at) return null;
    for (let r = 0; r < this.rows; r += 1) {
      for (let c = 0; c < this.cols; c += 1) {
        const own = this.focus(r, c);
        if (own.o === focus.o && own.channel === focus.channel && own.ky === focus.ky && own.kx === focus.kx) return [r, c];
      }
    }
    return null;
  }
}

/** The largest difference between learner and hidden layers, over all weights and biases. */
export function largestDifference(scene, frame) {
  let largest = 0;
  for (const [name, { data }] of Object.entries(frame.arrays)) {
    if (!/^(weight|bias)\.\d+$/.test(name)) continue;
    const hidden = scene.arrays[name].data;
    data.forEach((value, k) => { largest = Math.max(largest, Math.abs(value - hidden[k])); });
  }
  return largest;
}

/**
 * The same for a depthwise layer and the 1 × 1 layer after it, as the one layer that the two amount to: kernels
 * mix[o, i] · depth[i] and biases b[o] + Σ mix[o, i] · b[i]. Null where there is one layer only.
 */
export function largestOfProducts(scene, frame) {
  if (scene.numbers.layers.length !== 2) return null;
  const { inputs, outputs } = scene.numbers.layers[1];
  const [learned, hidden] = [frame, scene].map((from) => products(from.arrays, inputs, outputs));
  return learned.reduce((largest, value, k) => Math.max(largest, Math.abs(value - hidden[k])), 0);
}

function products(arrays, inputs, outputs) {
  const [depth, mix, before, after] = ["weight.0", "weight.1", "bias.0", "bias.1"].map((name) => arrays[name].data);
  const cells = depth.length / inputs;
  const found = [];
  for (let o = 0; o < outputs; o += 1) {
    let bias = after[o];
    for (let i = 0; i < inputs; i += 1) {
      bias += mix[o * inputs + i] * before[i];
      for (let k = 0; k < cells; k += 1) found.push(mix[o * inputs + i] * depth[i * cells + k]);
    }
    found.push(bias);
  }
  return found;
}

export const sum = (values) => values.reduce((total, value) => total + value, 0);
