// The named kernels at any size, by the formulas of dlviz/labs/convolution/kernels.py; a browser test holds the
// two equal. "random" has no formula: its numbers come from the scene.

const range = (n) => Array.from({ length: n }, (_, i) => i);

function binomial(k) {
  let row = [1];
  for (let i = 1; i < k; i += 1) row = [1, ...range(row.length - 1).map((j) => row[j] + row[j + 1]), 1];
  return row;
}

function difference(k) {
  const row = [0, ...binomial(k - 1), 0];
  return range(k).map((i) => row[i] - row[i + 1]);
}

const ramp = (k) => range(k).map((i) => (k % 2 ? i - (k - 1) / 2 : 2 * i + 1 - k));

function secondDifference(k) {
  const row = [0, 0, ...binomial(k - 2), 0, 0];
  return range(k).map((i) => row[i] - 2 * row[i + 1] + row[i + 2]);
}

const outer = (down, across) => down.map((a) => across.map((b) => a * b));
const grid = (k, value) => range(k).map((y) => range(k).map((x) => value(y, x)));
const middle = (k) => Math.floor((k - 1) / 2);
const identity = (k) => grid(k, (y, x) => Number(y === middle(k) && x === middle(k)));

function laplacian(k) {
  const second = secondDifference(k);
  const at = middle(k);
  return grid(k, (y, x) => (y === at ? second[x] : 0) + (x === at ? second[y] : 0));
}

function sharpen(k) {
  const at = middle(k);
  const rows = grid(k, (y, x) => ((y === at) !== (x === at) ? -1 : 0));
  rows[at][at] = 1 - rows.flat().reduce((a, b) => a + b, 0);
  return rows;
}

function emboss(k) {
  const rows = grid(k, (y, x) => Math.max(-2, Math.min(2, y + x - (k - 1))));
  rows[middle(k)][middle(k)] += 1;
  return rows;
}

const KERNELS = {
  identity,
  average: (k) => grid(k, () => 1 / (k * k)),
  gaussian: (k) => outer(binomial(k), binomial(k)).map((row) => row.map((value) => value / 4 ** (k - 1))),
  sharpen,
  emboss,
  sobel_vertical: (k) => outer(binomial(k), difference(k)),
  sobel_horizontal: (k) => outer(difference(k), binomial(k)),
  prewitt_vertical: (k) => outer(new Array(k).fill(1), ramp(k)),
  prewitt_horizontal: (k) => outer(ramp(k), new Array(k).fill(1)),
  laplacian,
  edge: (k) => identity(k).map((row) => row.map((value) => value * k * k - 1)),
  cross: (k) => grid(k, (y, x) => Number(y === x || y === k - 1 - x)),
};

const NEEDS = { sobel_vertical: 2, sobel_horizontal: 2, prewitt_vertical: 2, prewitt_horizontal: 2, edge: 2, laplacian: 3, emboss: 3 };

/** The smallest size at which a kernel means something: a difference needs two cells, a second one three. */
export const leastSize = (name) => NEEDS[name] ?? 1;

/** The k × k kernel of that name, row by row in one list. */
export const kernel = (name, k) => KERNELS[name](k).flat();

/** The one-dimensional kernel: what the square one does to a picture that is the same in every row. */
export function profile(name, k) {
  const rows = KERNELS[name](k);
  return range(k).map((x) => rows.reduce((sum, row) => sum + row[x], 0));
}

/** A square kernel after half a turn. */
export const turned = (values) => [...values].reverse();
