// Rows of many features as places in a plane: principal components, turned so that they lie as those of the moment before.

import { eigenOf } from "./embeddingeigen.js";

/**
 * The first two principal components of (count, width) values: {places: [[x, y]], share, axes}; `share` of the variance that
 * the plane holds, 1 where there is none at all.
 */
export function pca(values, count, width) {
  const mean = new Float64Array(width);
  for (let at = 0; at < count * width; at += 1) mean[at % width] += values[at] / count;
  const centred = Float64Array.from({ length: count * width }, (_, at) => values[at] - mean[at % width]);
  const matrix = Array.from({ length: width }, () => new Float64Array(width));
  for (let r = 0; r < count; r += 1) {
    for (let i = 0; i < width; i += 1) {
      const value = centred[r * width + i];
      if (value === 0) continue;
      for (let j = 0; j <= i; j += 1) matrix[i][j] += value * centred[r * width + j];
    }
  }
  for (let i = 0; i < width; i += 1) for (let j = 0; j < i; j += 1) matrix[j][i] = matrix[i][j];
  const { values: spread, vectors } = eigenOf(matrix);
  const axes = vectors.slice(0, 2).map(facing);
  const total = spread.reduce((sum, value) => sum + Math.max(0, value), 0);
  const places = Array.from({ length: count }, (_, r) => axes.map((axis) => axis.reduce((sum, part, f) => sum + part * centred[r * width + f], 0)));
  return { places, axes, share: total > 0 ? (Math.max(0, spread[0]) + Math.max(0, spread[1])) / total : 1 };
}

// An axis has no sign of its own: its largest part is positive.
function facing(axis) {
  const largest = axis.reduce((best, part) => (Math.abs(part) > Math.abs(best) ? part : best), 0);
  return largest < 0 ? axis.map((part) => -part) : axis;
}

/**
 * `places` turned, and mirrored where that is better, to lie as near as they can to `before` (places of the same, null where
 * there was none): orthogonal Procrustes in a plane, P. Schönemann 1966. Lengths and angles stay.
 */
export function aligned(places, before) {
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  places.forEach(([x, y], k) => {
    if (!before[k]) return;
    const [u, v] = before[k];
    [xx, xy, yx, yy] = [xx + x * u, xy + x * v, yx + y * u, yy + y * v];
  });
  const [turned, mirrored] = [Math.hypot(xx + yy, xy - yx), Math.hypot(xx - yy, xy + yx)];
  if (turned === 0 && mirrored === 0) return places;
  const isTurn = turned >= mirrored;
  const angle = isTurn ? Math.atan2(xy - yx, xx + yy) : Math.atan2(xy + yx, xx - yy);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return places.map(([x, y]) => (isTurn ? [c * x - s * y, s * x + c * y] : [c * x + s * y, s * x - c * y]));
}

/** Mean distance of pairs of rows with the same label and with different ones, {within, between}; null where there are none. */
export function distances(values, count, width, labels) {
  const sums = { within: [0, 0], between: [0, 0] };
  for (let a = 0; a < count; a += 1) {
    if (labels[a] < 0) continue;
    for (let b = a + 1; b < count; b += 1) {
      if (labels[b] < 0) continue;
      let square = 0;
      for (let f = 0; f < width; f += 1) square += (values[a * width + f] - values[b * width + f]) ** 2;
      const sum = sums[labels[a] === labels[b] ? "within" : "between"];
      sum[0] += Math.sqrt(square);
      sum[1] += 1;
    }
  }
  const mean = ([total, pairs]) => (pairs ? total / pairs : null);
  return { within: mean(sums.within), between: mean(sums.between) };
}
