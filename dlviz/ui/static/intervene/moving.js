// FGSM in the browser: the picture moved along signs, and how far that is. float32 as torch has it.

/** clip(x + ε · way · sign(direction), 0, 1), every step rounded to float32. */
export function moved(x, direction, epsilon, way = 1) {
  const by = Math.fround(epsilon) * way;
  return Float32Array.from(x, (value, i) => Math.min(1, Math.max(0, value + by * Math.sign(direction[i]))));
}

/** What was added. */
export const difference = (after, before) => Float32Array.from(after, (value, i) => value - before[i]);

/** {largest, euclid}: the L∞ and the L2 norm. */
export function norms(change) {
  let [largest, squares] = [0, 0];
  for (const value of change) {
    largest = Math.max(largest, Math.abs(value));
    squares += value * value;
  }
  return { largest, euclid: Math.sqrt(squares) };
}
