// Weights edited by hand, and what becomes of them when the layer changes its shape: kernels are cut or padded
// about their middle, a new filter begins as a copy, and a picture of more channels is answered as before.

import { settingsOf } from "../lib/settings.js";

const CHANNELS = { grey: 1, rgb: 3, maps: 4 };
const POOLS = new Set(["max_pool", "average_pool", "global_average_pool"]);
const SHAPING = ["layer", "channels", "kernel", "kernel_size", "groups"];
const LARGEST = 100;

export const isPool = (layer) => POOLS.has(layer);
export const isRow = (layer) => layer === "conv1d" || layer === "causal";

/**
 * The arrays of weights that a spec has, as torch keeps them: a list of {outputs, inputs, groups, kh, kw, transposed,
 * count}. The twin of dlviz.labs.convolution.plan.layers, for weights only.
 */
export function weightShapes(spec) {
  const [c, k, filters] = [CHANNELS[spec.channels], spec.kernel_size, spec.kernel.length];
  const shape = (outputs, inputs, groups, kh, kw, transposed = false) => ({
    outputs, inputs, groups, kh, kw, transposed, count: (outputs * inputs * kh * kw) / groups,
  });
  if (isPool(spec.layer)) return [];
  if (spec.layer === "depthwise") return [shape(c, c, c, k, k)];
  if (spec.layer === "separable") return [shape(c, c, c, k, k), shape(filters, c, 1, 1, 1)];
  if (spec.layer === "pointwise") return [shape(filters, c, spec.groups, 1, 1)];
  const groups = spec.layer === "causal" ? 1 : spec.groups;
  return [shape(filters, c, groups, isRow(spec.layer) ? 1 : k, k, spec.layer === "transposed")];
}

/** Maps of the layer: what a bias belongs to. */
export const outputsOf = (spec) => weightShapes(spec).at(-1)?.outputs ?? 0;

/** Where the kernel between an output and an input channel begins in its array; −1 where groups part the two. */
function planeAt(shape, o, channel) {
  const [perOut, perIn] = [shape.outputs / shape.groups, shape.inputs / shape.groups];
  const group = Math.floor(o / perOut);
  if (Math.floor(channel / perIn) !== group) return -1;
  const size = shape.kh * shape.kw;
  if (shape.transposed) return (channel * perOut + (o % perOut)) * size;
  return (o * perIn + (channel % perIn)) * size;
}

const family = (layer) => (layer === "pointwise" || layer === "separable" ? layer : isPool(layer) ? "pool" : "kernel");

/**
 * `weights`, made for the spec `before`, fitted to the spec `after`; null where the two have nothing in common.
 * `from[i]` is the old filter that the new filter i continues; by default the same, beyond the last a copy of it.
 */
export function fitWeights(before, weights, after, from = null) {
  if (family(before.layer) !== family(after.layer)) return null;
  const [olds, news] = [weightShapes(before), weightShapes(after)];
  if (olds.reduce((sum, { count }) => sum + count, 0) !== weights.length) return null;
  const found = [];
  let start = 0;
  news.forEach((shape, at) => {
    const old = olds[at];
    found.push(...fitLayer(old, weights.slice(start, start + old.count), shape, sources(before, after, at, old, from)));
    start += old.count;
  });
  return found;
}

// Which old output each new output continues. Outputs that are channels, not filters, go round.
function sources(before, after, at, old, from) {
  const ofChannels = (spec) => spec.layer === "depthwise" || (spec.layer === "separable" && at === 0);
  if (ofChannels(before) || ofChannels(after)) return (o) => o % old.outputs;
  return (o) => Math.min(from ? from[o] ?? old.outputs - 1 : o, old.outputs - 1);
}

function fitLayer(old, values, shape, source) {
  const found = new Array(shape.count).fill(0);
  const seen = shape.inputs / shape.groups; // channels that one output sees
  const spread = old.inputs !== shape.inputs || (old.groups === old.inputs) !== (shape.groups === shape.inputs);
  for (let o = 0; o < shape.outputs; o += 1) {
    for (let channel = 0; channel < shape.inputs; channel += 1) {
      const to = planeAt(shape, o, channel);
      if (to < 0) continue;
      const channels = spread ? Array.from({ length: old.inputs }, (_, i) => i) : [channel];
      for (const each of channels) {
        const start = planeAt(old, source(o), each);
        if (start >= 0) addMiddle(old, values, start, shape, found, to, spread ? 1 / seen : 1);
      }
    }
  }
  return found.map((value) => shortest(Math.max(-LARGEST, Math.min(LARGEST, value))));
}

// One kernel added to another, middle on middle.
function addMiddle(old, values, start, shape, found, to, share) {
  const middle = (k) => Math.floor((k - 1) / 2);
  for (let y = 0; y < shape.kh; y += 1) {
    const row = y - middle(shape.kh) + middle(old.kh);
    if (row < 0 || row >= old.kh) continue;
    for (let x = 0; x < shape.kw; x += 1) {
      const column = x - middle(shape.kw) + middle(old.kw);
      if (column < 0 || column >= old.kw) continue;
      found[to + y * shape.kw + x] += values[start + row * old.kw + column] * share;
    }
  }
}

/** The shortest number that is the same in 32 bits: what the link then holds. */
export function shortest(value) {
  const wanted = Math.fround(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(wanted.toPrecision(digits));
    if (Math.fround(short) === wanted) return short;
  }
  return wanted;
}

/** The settings that a change of structure starts from: as chosen here, whether the server has heard or not. */
export function settingsNow(stage) {
  const settings = settingsOf(stage);
  return Object.fromEntries(Object.keys(settings.fields).map((name) => [name, settings.value(name)]));
}

/**
 * `changes` together with what must change with them so that nothing edited is lost or in the way: weights and
 * biases of the new shape. `from` as in fitWeights. What cannot be kept is said (stage.say), and can be undone.
 */
export function fittedChanges(stage, changes, { from = null } = {}) {
  const before = settingsNow(stage);
  const after = { ...before, ...changes };
  const fitted = { ...changes };
  if (!("padding_mode" in changes) && before.padding_mode !== "zeros" && padsNothing(before)) fitted.padding_mode = "zeros";
  if (!SHAPING.some((name) => name in changes)) return fitted;
  if (isPool(after.layer)) {
    if (!isPool(before.layer)) stage.editedFor = before; // the numbers wait there for a layer that has weights
    return fitted;
  }
  const made = isPool(before.layer) ? stage.editedFor ?? after : before;
  if (before.weights.length > 0 && !("weights" in changes)) {
    const weights = fitWeights(made, before.weights, after, from);
    fitted.weights = weights ?? [];
    if (!weights) sayCleared(stage, before, Object.keys(fitted));
  }
  const maps = outputsOf(after);
  if (before.bias.length > 1 && before.bias.length !== maps && !("bias" in changes)) {
    const old = before.bias;
    fitted.bias = Array.from({ length: maps }, (_, o) => old[Math.min(from?.[o] ?? o, old.length - 1)]);
  }
  return fitted;
}

// A setting that is neither seen nor of any effect must not stand in the way.
const padsNothing = ({ padding, padding_amount: amount, layer }) =>
  layer !== "causal" && (padding === "valid" || (padding === "number" && amount === 0));

function sayCleared(stage, before, names) {
  const undo = Object.fromEntries(names.map((name) => [name, before[name]]));
  stage.say?.("The edited weights do not fit this layer; the kernels have their names again.", () => settingsOf(stage).change(undo));
}
