// The relatives of the convolution, each as settings that the server would accept and the layers they mean.

import { basesOf, fromKernels, layerOf, mixing, shapeOf } from "./weights.js";
import { leastSize, profile } from "./kernels.js";

export const MOST_FILTERS = 4; // maps that a card has room for
const USUAL_KERNEL = 3;
const POOLS = ["max_pool", "average_pool", "global_average_pool"];
const plain = { stride: 1, padding: "valid", padding_mode: "zeros", dilation: 1, groups: 1 };
const twice = (n) => [n, n];

/** Which card shows what the stage shows, given the spec. */
export function currentOf(spec) {
  if (spec.layer !== "conv2d") return spec.layer;
  if (spec.groups > 1) return "grouped";
  if (spec.dilation > 1) return "dilated";
  return spec.stride > 1 ? "strided" : "convolution";
}

const square = (layer, more = {}) => ({ c, n, k, filters }) => ({
  settings: { layer, kernel_size: k, ...more },
  shapes: [shapeOf({ inputs: c, outputs: filters, size: twice(n), kernel: twice(k), stride: twice(more.stride ?? 1), ...(layer === "transposed" ? { kind: "transposed" } : {}) })],
});

const row = (layer) => ({ c, n, k, filters }) => ({
  settings: { layer, kernel_size: k },
  shapes: [shapeOf({ inputs: c, outputs: filters, size: [1, n], kernel: [1, k], padding: [0, 0, layer === "causal" ? k - 1 : 0, 0] })],
});

const pool = (layer, kind) => ({ c, n }) => ({
  settings: { layer, kernel_size: Math.min(2, n), stride: 2 },
  shapes: [shapeOf({ kind, inputs: c, outputs: c, size: twice(n), kernel: twice(Math.min(2, n)), stride: [2, 2] })],
});

function dilated({ c, n, k, filters }) {
  const fitting = Math.min(k, Math.floor((n - 1) / 2) + 1);
  return { settings: { layer: "conv2d", kernel_size: fitting, dilation: 2 }, shapes: [shapeOf({ inputs: c, outputs: filters, size: twice(n), kernel: twice(fitting), dilation: [2, 2] })] };
}

const deep = ({ c, n, k }) => shapeOf({ inputs: c, outputs: c, size: twice(n), kernel: twice(k), groups: c });

function grouped({ c, n, k, filters }) {
  const groups = c === 4 ? 2 : c;
  const outputs = c === 3 ? 6 : Math.ceil(filters / groups) * groups; // with three of three it would be depthwise
  if (c === 1) return { wrong: "One channel cannot be split into groups. Give the picture three or four channels, above." };
  return { settings: { layer: "conv2d", kernel_size: k, groups }, filters: outputs, shapes: [shapeOf({ inputs: c, outputs, size: twice(n), kernel: twice(k), groups })] };
}

export const GROUPS = [
  { key: "places", title: "Where the kernel stands", cards: [
    { key: "convolution", title: "Convolution", says: "The kernel stands at every place where it fits, and sees every channel.", build: square("conv2d") },
    { key: "strided", title: "Strided", says: "The kernel moves two cells at a time: half as many rows, half as many columns.", build: square("conv2d", { stride: 2 }) },
    { key: "dilated", title: "Dilated", says: "The kernel is spread out with gaps: it reaches farther with the same weights.", build: dilated },
    { key: "transposed", title: "Transposed", says: "Every cell of the input lays a scaled copy of the kernel on the output, two cells apart: the map grows.", build: square("transposed", { stride: 2 }) },
  ] },
  { key: "line", title: "Along one line", cards: [
    { key: "conv1d", title: "One-dimensional", says: "On a sequence, here the middle row of the picture, the kernel is a row too.", build: row("conv1d") },
    { key: "causal", title: "Causal", says: "All padding stands before the start: an answer sees its own place and the past, never what comes after.", build: row("causal") },
  ] },
  { key: "channels", title: "Which channels it sees", cards: [
    { key: "depthwise", title: "Depthwise", says: "One kernel for each channel, and channels do not mix.", build: (s) => ({ settings: { layer: "depthwise", kernel_size: s.k }, shapes: [deep(s)] }) },
    { key: "pointwise", title: "Pointwise 1 × 1", says: "The kernel is one cell: it mixes the channels of a place and sees no neighbour.", mixes: 0,
      build: ({ c, n, k }) => ({ settings: { layer: "pointwise", kernel_size: k }, filters: c, shapes: [shapeOf({ inputs: c, outputs: c, size: twice(n), kernel: [1, 1] })] }) },
    { key: "separable", title: "Depthwise separable", says: "First depthwise, then pointwise: neighbours and channels are dealt with one after the other.", mixes: 1,
      build: (s) => ({ settings: { layer: "separable", kernel_size: s.k }, filters: s.c, shapes: [deep(s), shapeOf({ inputs: s.c, outputs: s.c, size: deep(s).output_size, kernel: [1, 1] })] }) },
    { key: "grouped", title: "Grouped", says: "Channels and filters are split into groups that do not see each other.", build: grouped },
  ] },
  { key: "pooling", title: "Pooling: no weights to learn", cards: [
    { key: "max_pool", title: "Max pooling", says: "The largest number of every window goes on; the winners are framed in the picture.", build: pool("max_pool", "max") },
    { key: "average_pool", title: "Average pooling", says: "The mean of every window: a convolution with equal weights that are not learned.", build: pool("average_pool", "average") },
    { key: "global_average_pool", title: "Global average pooling", says: "One window over the whole map: one number is left of each channel, and it no longer says where.",
      build: ({ c, n, k }) => ({ settings: { layer: "global_average_pool", kernel_size: k }, shapes: [shapeOf({ kind: "average", inputs: c, outputs: c, size: twice(n), kernel: twice(n) })] }) },
  ] },
];

/** What all cards start from: channels, size and kernel size of the picture, names and number of filters. */
export function settingOf(scene, picture) {
  const { spec } = scene.numbers;
  const unsized = POOLS.includes(spec.layer); // what is on the stage then is the size of a window
  const [c, , n] = picture.shape;
  const names = spec.kernel.slice(0, MOST_FILTERS);
  return { c, n, k: Math.min(unsized ? USUAL_KERNEL : spec.kernel_size, n), names, filters: names.length, spec };
}

/** The name that stands for `name` where it has no meaning: on a kernel too small for it, or along a row. */
function legal(name, height, width) {
  if (name === "random") return width < 2 ? "average" : "sobel_vertical";
  if (leastSize(name) > width) return "average";
  if (height === width || profile(name, width).some(Boolean)) return name;
  const along = name.replace("horizontal", "vertical");
  return profile(along, width).some(Boolean) ? along : "average";
}

/**
 * A card's layers with their weights: {shapes, layers, settings, names, byHand, wrong}. `wrong` says why there are
 * none. The card of what the stage shows has the stage's own layers and weights.
 */
export function variantOf(card, scene, setting) {
  const { spec } = scene.numbers;
  if (currentOf(spec) === card.key) return onStage(scene);
  const built = card.build(setting);
  if (built.wrong) return built;
  const [first] = built.shapes;
  if (Math.min(...built.shapes.flatMap((shape) => shape.output_size)) < 1) {
    return { wrong: `A picture of ${setting.n} × ${setting.n} is too small for it.` };
  }
  if (first.kind === "max" || first.kind === "average") { // weights and bias stay in the link: pooling does not look at them
    return { shapes: built.shapes, layers: built.shapes.map((shape) => layerOf(shape)), settings: { ...plain, ...built.settings }, names: [], byHand: false };
  }
  const settings = { ...plain, ...built.settings, weights: [], bias: biasOf(spec, built.shapes.at(-1).outputs) };
  const chosen = chooseKernels(card, scene, setting, built);
  settings.kernel = chosen.kernel;
  if (chosen.byHand) Object.assign(settings, { weights: chosen.weights.flatMap((weight) => [...weight]), flip: false });
  const layers = built.shapes.map((shape, i) => {
    const last = i === built.shapes.length - 1;
    const bias = new Float32Array(shape.outputs);
    if (last) bias.forEach((_, o) => { bias[o] = settings.bias[settings.bias.length === 1 ? 0 : o] ?? 0; });
    return layerOf(shape, chosen.weights[i], bias);
  });
  return { shapes: built.shapes, layers, settings, names: chosen.names, byHand: chosen.byHand };
}

function chooseKernels(card, scene, setting, built) {
  const { shapes } = built;
  const bases = basesOf(scene);
  const filters = built.filters ?? setting.filters;
  const kernel = Array.from({ length: filters }, (_, o) => setting.names[o % setting.names.length]);
  const [sliding] = shapes;
  const [height, width] = sliding.kernel_size;
  const used = Array.from({ length: sliding.outputs }, (_, o) => {
    const at = o % setting.names.length;
    const name = legal(setting.names[at], height, width);
    const own = bases.byHand(at, height, width);
    return { name: own ? null : name, values: own ?? bases.named(name, height, width) };
  });
  if (card.mixes === 0) return { kernel, weights: [mixing(sliding)], names: [], byHand: false };
  return {
    kernel: kernel.map((name) => legal(name, height, width)),
    weights: shapes.map((shape, i) => (card.mixes === i ? mixing(shape) : fromKernels(shape, used.map(({ values }) => values)))),
    names: [...new Set(used.map(({ name }) => name))].filter(Boolean),
    byHand: used.some(({ name }) => name === null),
  };
}

function biasOf(spec, outputs) {
  return spec.bias.length === 1 || spec.bias.length === outputs ? spec.bias : [];
}

function onStage(scene) {
  const { layers: shapes, spec } = scene.numbers;
  const layers = shapes.map((shape, i) => layerOf(shape, scene.arrays[`weight.${i}`]?.data, scene.arrays[`bias.${i}`]?.data));
  const slides = !POOLS.includes(spec.layer) && spec.layer !== "pointwise";
  return { shapes, layers, settings: null, names: slides ? [...new Set(spec.kernel)] : [], byHand: slides && spec.weights.length > 0 };
}
