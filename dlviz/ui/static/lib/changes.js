// Changes of the settings that add channels or filters and lose nothing that was edited by hand.

const MOST_FILTERS = 8;
const MAKE_FILTERS = ["conv2d", "conv1d", "causal", "transposed", "pointwise", "separable"];
const KEEP_EDITS = ["conv2d", "conv1d", "causal"]; // where a filter is one block of the list of weights
const FOR_ROWS = ["sobel_vertical", "gaussian", "sharpen", "average", "identity"];
const FOR_SQUARES = ["sobel_vertical", "sobel_horizontal", "laplacian", "gaussian", "sharpen", "emboss", "edge", "average"];

/** Why no filter can be added, in words; "" when one can. */
export function whyNoMore({ numbers: { spec } }) {
  if (!MAKE_FILTERS.includes(spec.layer)) return "This layer has as many maps as the picture has channels.";
  if (spec.kernel.length + spec.groups > MOST_FILTERS) return `There is room for ${MOST_FILTERS} filters.`;
  if (spec.weights.length && !KEEP_EDITS.includes(spec.layer)) return "The weights of this layer are edited; a further filter would need all of them anew.";
  return "";
}

/** The changes that add one filter, or as many as there are groups, each with a kernel not there yet. */
export function withMoreFilters({ numbers: { spec, layers } }) {
  const row = spec.layer === "conv1d" || spec.layer === "causal";
  const known = spec.kernel_size >= 3 ? (row ? FOR_ROWS : FOR_SQUARES) : ["average", "identity"];
  const kernel = [...spec.kernel];
  for (let i = 0; i < spec.groups; i += 1) kernel.push(known.find((name) => !kernel.includes(name)) ?? known[kernel.length % known.length]);
  const added = kernel.length - spec.kernel.length;
  const changes = { kernel };
  if (spec.bias.length > 1) changes.bias = [...spec.bias, ...new Array(added).fill(0)];
  if (spec.weights.length) { // a flat average, which is the same list in every shape
    const [kh, kw] = layers[0].kernel_size;
    const each = (kh * kw * layers[0].inputs) / layers[0].groups;
    changes.weights = [...spec.weights, ...new Array(each * added).fill(1 / each)];
  }
  return changes;
}

/** The changes that give a grey picture "rgb" or "maps"; an edited filter is spread over the channels as a named one is. */
export function withChannels({ numbers: { spec, layers } }, channels) {
  if (!spec.weights.length) return { channels };
  if (!KEEP_EDITS.includes(spec.layer)) return { channels, weights: [] };
  const count = { rgb: 3, maps: 4 }[channels];
  const [kh, kw] = layers[0].kernel_size;
  const filters = Array.from({ length: layers[0].outputs }, (_, o) => spec.weights.slice(o * kh * kw, (o + 1) * kh * kw).map((weight) => weight / count));
  return { channels, weights: filters.flatMap((filter) => new Array(count).fill(filter).flat()) };
}
