// Which of the kernels that have a name a 3 × 3 kernel is most like: the cosine of the angle between the two.

const NAMED = [
  ["a vertical edge (Sobel)", [-1, 0, 1, -2, 0, 2, -1, 0, 1]],
  ["a horizontal edge (Sobel)", [-1, -2, -1, 0, 0, 0, 1, 2, 1]],
  ["a diagonal edge ╱", [-2, -1, 0, -1, 0, 1, 0, 1, 2]],
  ["a diagonal edge ╲", [0, -1, -2, 1, 0, -1, 2, 1, 0]],
  ["a vertical line", [-1, 2, -1, -1, 2, -1, -1, 2, -1]],
  ["a horizontal line", [-1, -1, -1, 2, 2, 2, -1, -1, -1]],
  ["a point (Laplacian)", [0, -1, 0, -1, 4, -1, 0, -1, 0]],
  ["a mean (box blur)", [1, 1, 1, 1, 1, 1, 1, 1, 1]],
  ["the cell itself (identity)", [0, 0, 0, 0, 1, 0, 0, 0, 0]],
];
export const CELLS = 9;
export const BY_CHANCE = { half: 0.59, twentieth: 0.8 }; // what half, and one in twenty, of all random kernels reach; held by a test

/** {name, cosine} of the named kernel with the largest |cosine|; null for a kernel of another size or of zeros. */
export function likeness(kernel) {
  const length = Math.hypot(...kernel);
  if (kernel.length !== CELLS || !(length > 0)) return null;
  let best = { name: "", cosine: 0 };
  for (const [name, weights] of NAMED) {
    const cosine = weights.reduce((sum, w, i) => sum + w * kernel[i], 0) / (Math.hypot(...weights) * length);
    if (Math.abs(cosine) > Math.abs(best.cosine)) best = { name, cosine };
  }
  return best;
}
