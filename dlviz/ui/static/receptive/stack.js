// A stack of layers along one side, as numbers: how far back a cell looks, where, and over how many paths.
// Height and width are alike, so one dimension says it all; the count of paths in two is the product of both.
// Checked against torch's autograd in tests/browser/test_receptive.py.

/** What a kernel of k cells with dilation d reaches over: d (k − 1) + 1. */
export const reach = (k, d) => d * (k - 1) + 1;

/**
 * The rows of a stack, the picture first: {k, s, d, jump, field, start, weights, side}.
 *   jump    cells of the picture between two neighbours of this layer's map
 *   field   cells of the picture that one cell of it sees: r ← r + (k − 1) · d · jump
 *   start   the first cell of the picture that its cell 0 sees (0 without padding)
 *   weights k² of all layers up to here, for one channel in and one out
 *   side    cells of the map along a side, without padding; 0 when the kernel does not fit
 */
export function rowsOf(layers, side) {
  const rows = [{ k: 1, s: 1, d: 1, jump: 1, field: 1, weights: 0, side }];
  for (const { k, s, d } of layers) {
    const { jump, field, weights, side: before } = rows.at(-1);
    rows.push({ k, s, d, jump: jump * s, field: field + (k - 1) * d * jump, weights: weights + k * k, side: Math.max(0, Math.floor((before - reach(k, d)) / s) + 1) });
  }
  return rows;
}

/** The smallest side of a picture that leaves at least `wanted` cells of the last map. */
export function sideFor(layers, wanted = 1) {
  return layers.reduceRight((side, { k, s, d }) => (side - 1) * s + reach(k, d), wanted);
}

/**
 * Paths from each cell of the field to one cell of the last map: the ones-kernels of all layers convolved, each
 * spread by its dilation and by the jump before it. A Float64Array as long as the field; exact below 2⁵³.
 */
export function pathsOf(layers) {
  let paths = Float64Array.of(1);
  let jump = 1;
  for (const { k, s, d } of layers) {
    const gap = d * jump;
    const next = new Float64Array(paths.length + (k - 1) * gap);
    for (let tap = 0; tap < k; tap += 1) for (let i = 0; i < paths.length; i += 1) next[i + tap * gap] += paths[i];
    paths = next;
    jump *= s;
  }
  return paths;
}

/**
 * What cell `at` of map `level` sees: for every level from its own down to `lowest` (0 is the picture) the cells,
 * ascending. cone[0] are cells of the picture.
 */
export function coneOf(layers, level, at, lowest = 0) {
  const cone = Array.from({ length: level + 1 }, () => []);
  cone[level] = [at];
  for (let l = level; l > lowest; l -= 1) {
    const { k, s, d } = layers[l - 1];
    const seen = new Set();
    for (const cell of cone[l]) for (let tap = 0; tap < k; tap += 1) seen.add(cell * s + tap * d);
    cone[l - 1] = [...seen].sort((a, b) => a - b);
  }
  return cone;
}

/** First and last cell of each map, down to the picture, among those that cell `at` of map `level` sees. */
export function edgesOf(layers, level, at) {
  const edges = [[at, at]];
  for (let l = level; l > 0; l -= 1) {
    const { k, s, d } = layers[l - 1];
    const [first, last] = edges[0];
    edges.unshift([first * s, last * s + (k - 1) * d]);
  }
  return edges;
}

/** From cell `at` of the last map down through the middle tap of every kernel: a cell of each map, the picture first. */
export function middleOf(layers, at) {
  return layers.reduceRight((cells, { k, s, d }) => [cells[0] * s + ((k - 1) >> 1) * d, ...cells], [at]);
}

/** How many cells of the picture, along a side, one cell of the last of these layers is reached from. */
export const reached = (layers) => pathsOf(layers).reduce((cells, p) => cells + (p > 0), 0);

/** First and last cell of the picture that cell `at` of map `level` lies over: what it could see, holes included. */
export function spanOf(rows, level, at) {
  const { jump, field } = rows[level];
  return [at * jump, at * jump + field - 1];
}

/** Standard deviation, in cells, of where the paths begin along a side. */
export function spread(paths) {
  let [total, first, second] = [0, 0, 0];
  paths.forEach((p, i) => {
    total += p;
    first += p * i;
    second += p * i * i;
  });
  return Math.sqrt(Math.max(0, second / total - (first / total) ** 2));
}

/** Share of all paths of the square that begin in its middle: the cells nearer to the centre than half the field. */
export function middleShare(paths) {
  const middle = (paths.length - 1) / 2;
  let [inside, total, cells] = [0, 0, 0];
  paths.forEach((p, i) => {
    total += p;
    if (Math.abs(i - middle) > paths.length / 4) return;
    inside += p;
    cells += 1;
  });
  return { cells, share: (inside / total) ** 2 };
}

/** Weights of a convolution of k × k cells with c channels in and c out, biases not counted. */
export const weightsOf = (k, c) => k * k * c * c;

/** What one layer that sees as much would cost, and what the stack does: {stack, one, field}. */
export function comparison(layers, channels) {
  const { field } = rowsOf(layers, 1).at(-1);
  return { field, stack: layers.reduce((total, { k }) => total + weightsOf(k, channels), 0), one: weightsOf(field, channels) };
}
