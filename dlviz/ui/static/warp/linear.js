// The linear algebra of a few units: eigenvectors, principal components, least squares. Matrices are
// arrays of rows. tests/browser/test_warp.py checks each against numpy and scikit-learn.

/** Eigenvalues (largest first) and eigenvectors (rows) of a small symmetric matrix, by Jacobi's rotations. */
export function eigen(symmetric) {
  const n = symmetric.length;
  const a = symmetric.map((row) => Float64Array.from(row));
  const v = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => Number(i === j)));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0, size = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        size += a[i][j] ** 2;
        if (i !== j) off += a[i][j] ** 2;
      }
    }
    if (off <= 1e-30 * size) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, v, p, q);
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v[i]) };
}

// Turns axes p and q so that a[p][q] becomes 0; the rows of v collect the turns.
function rotate(a, v, p, q) {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1), s = t * c;
  for (let k = 0; k < a.length; k++) {
    const kp = a[k][p], kq = a[k][q];
    a[k][p] = c * kp - s * kq;
    a[k][q] = s * kp + c * kq;
  }
  for (let k = 0; k < a.length; k++) {
    const pk = a[p][k], qk = a[q][k];
    a[p][k] = c * pk - s * qk;
    a[q][k] = s * pk + c * qk;
    const vp = v[p][k], vq = v[q][k];
    v[p][k] = c * vp - s * vq;
    v[q][k] = s * vp + c * vq;
  }
}

/** Mean of the columns and their covariance (divided by n) of `columns`: one typed array a unit. */
export function moments(columns) {
  const mean = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / column.length);
  const covariance = columns.map((a, i) => columns.map((b, j) => {
    let sum = 0;
    for (let n = 0; n < a.length; n++) sum += (a[n] - mean[i]) * (b[n] - mean[j]);
    return sum / a.length;
  }));
  return { mean, covariance };
}

/**
 * Principal components of the points: `mean`, `axes` (unit rows, the largest variance first) and
 * `share`, the part of the variance that each explains. The sign of an axis is free: its largest
 * entry is made positive, so that the picture does not flip from one frame to the next.
 */
export function principal(columns) {
  const { mean, covariance } = moments(columns);
  const { values, vectors } = eigen(covariance);
  const total = values.reduce((sum, x) => sum + Math.max(x, 0), 0);
  const axes = vectors.map((row) => {
    const largest = row.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
    return largest < 0 ? row.map((x) => -x) : row;
  });
  return { mean, axes, share: values.map((x) => (total > 0 ? Math.max(x, 0) / total : 0)) };
}

/**
 * Least squares with an intercept: for each target, the solution of `[columns, 1] · coefficients ≈ target`
 * of smallest norm, and its prediction for every point. Directions without variance (dead units) are
 * left out, as in numpy's lstsq.
 */
export function leastSquares(columns, targets) {
  const { mean, covariance } = moments(columns);
  const { values, vectors } = eigen(covariance);
  const used = values.map((value) => value > 1e-12 * Math.max(values[0], 1e-300));
  return targets.map((target) => {
    const count = target.length;
    const middle = target.reduce((sum, y) => sum + y, 0) / count;
    const along = columns.map((column, i) => {
      let sum = 0;
      for (let n = 0; n < count; n++) sum += (column[n] - mean[i]) * (target[n] - middle);
      return sum / count;
    });
    const coefficients = columns.map(() => 0);
    vectors.forEach((vector, k) => {
      if (!used[k]) return;
      const part = vector.reduce((sum, x, i) => sum + x * along[i], 0) / values[k];
      vector.forEach((x, i) => { coefficients[i] += part * x; });
    });
    const intercept = middle - coefficients.reduce((sum, c, i) => sum + c * mean[i], 0);
    const prediction = new Float64Array(count).fill(intercept);
    coefficients.forEach((c, i) => { for (let n = 0; n < count; n++) prediction[n] += c * columns[i][n]; });
    return { coefficients, intercept, prediction };
  });
}

/**
 * How well one flat cut does in a space. Classification: the share of points on the right side when
 * each class is fitted as 0 or 1 by least squares and the largest wins. Regression (`classes` is 0):
 * R², the share of the target's variance that a linear fit explains. NaN where there is nothing to fit.
 */
export function separability(columns, targets, classes) {
  if (!targets.length || columns.some((column) => column.some((x) => !Number.isFinite(x)))) return NaN;
  if (!classes) {
    const [{ prediction }] = leastSquares(columns, [targets]);
    const middle = targets.reduce((sum, y) => sum + y, 0) / targets.length;
    let rest = 0, all = 0;
    targets.forEach((y, n) => {
      rest += (y - prediction[n]) ** 2;
      all += (y - middle) ** 2;
    });
    return all > 0 ? 1 - rest / all : NaN;
  }
  const oneHot = Array.from({ length: classes }, (_, c) => Float64Array.from(targets, (y) => Number(y === c)));
  const scores = leastSquares(columns, oneHot).map((fit) => fit.prediction);
  let right = 0;
  for (let n = 0; n < targets.length; n++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[c][n] > scores[best][n]) best = c;
    right += Number(best === targets[n]);
  }
  return right / targets.length;
}
