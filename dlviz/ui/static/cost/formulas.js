// What a stack of blocks costs by formula, as dlviz/labs/attention/costing.py has it; a test holds the two to each other.

export const FLOAT = 4; // bytes of a float32
export const GATES = { rnn: 1, gru: 3, lstm: 4 };

/** All costs of {n, d, heads, layers, f}; multiplications of matrices, of the blocks alone. */
export function costsOf({ n, d, heads, layers, f }) {
  const cells = n * n * heads * layers;
  const aToken = 4 * d * d + 2 * d * f;
  const [upTo, squares] = [(n * (n + 1)) / 2, (n * (n + 1) * (2 * n + 1)) / 6];
  const recurrent = Object.fromEntries(Object.entries(GATES).map(([cell, gates]) => [cell, layers * gates * n * d * 2 * d]));
  return {
    cells, weightsBytes: cells * FLOAT,
    projections: layers * 4 * n * d * d, mixing: layers * 2 * n * n * d, feedForward: layers * 2 * n * d * f,
    attention: layers * (n * aToken + 2 * n * n * d),
    uncached: layers * (aToken * upTo + 2 * d * squares), cached: layers * (aToken * n + 2 * d * upTo),
    cacheBytes: layers * 2 * n * d * FLOAT,
    ...recurrent,
  };
}

/** What the token at place t costs to write, everything before it read anew, or kept. */
export function aStep({ d, layers, f }, t) {
  const aToken = 4 * d * d + 2 * d * f;
  return { uncached: layers * (t * aToken + 2 * t * t * d), cached: layers * (aToken + 2 * t * d) };
}

/** From how many tokens on the part that grows like n² is more than half of a block: 2n²d = 4nd² + 2ndf. */
export const halfAt = ({ d, f }) => 2 * d + f;

/** From how many tokens on a layer of attention takes more multiplications than the cell: 4nd² + 2n²d = 2 · gates · nd². */
export const crossing = (cell, { d }) => (GATES[cell] - 2) * d;

/** The largest number of heads up to `heads` that divides d. */
export const dividing = (heads, d) => Array.from({ length: heads }, (_, i) => heads - i).find((each) => d % each === 0);

/** Bytes as a person says them, in powers of 1,024. */
export function bytes(n) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  let size = n;
  while (size >= 1024 && at < units.length - 1) [size, at] = [size / 1024, at + 1];
  return `${at === 0 ? size : size.toPrecision(size >= 1000 ? 4 : 3)} ${units[at]}`;
}

/** A large count, readable: 466,944 as it is, 1.65 billion shortened. */
export function large(n) {
  const names = [[1e15, "quadrillion"], [1e12, "trillion"], [1e9, "billion"], [1e6, "million"]];
  const found = names.find(([size]) => n >= size);
  return found ? `${Number((n / found[0]).toPrecision(3))} ${found[1]}` : Math.round(n).toLocaleString("en-US");
}
