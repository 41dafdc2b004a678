// All eigenvalues and eigenvectors of a symmetric matrix: first into three diagonals by reflections (Householder), then QL with
// shifts, as EISPACK's tred2 and tql2 (B. T. Smith et al., 1976). A generator that yields often, for lib/slices.js.

const MOST_TURNS = 60; // of QL for one eigenvalue; a few are usual

/** `a`: n rows of n numbers. Returns {values, vectors} from the largest down; vectors[k] is the unit vector of values[k]. */
export function* eigen(a) {
  const n = a.length;
  const z = a.map((row) => Float64Array.from(row));
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  for (let i = n - 1; i > 0; i -= 1) {
    reflect(z, d, e, i);
    yield;
  }
  d[0] = 0;
  e[0] = 0;
  for (let i = 0; i < n; i += 1) {
    gather(z, d, i);
    yield;
  }
  for (let i = 1; i < n; i += 1) e[i - 1] = e[i];
  if (n) e[n - 1] = 0;
  for (let l = 0; l < n; l += 1) {
    for (let turns = 0; turns < MOST_TURNS; turns += 1) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m += 1;
      if (m === l) break;
      turn(z, d, e, l, m);
      yield;
    }
  }
  const order = Array.from(d, (_, k) => k).sort((i, j) => d[j] - d[i]);
  return { values: order.map((k) => d[k]), vectors: order.map((k) => Float64Array.from(z, (row) => row[k])) };
}

// Row i gets zeros left of the diagonal's neighbour.
function reflect(z, d, e, i) {
  const last = i - 1;
  const row = z[i];
  let scale = 0;
  for (let k = 0; k <= last; k += 1) scale += Math.abs(row[k]);
  if (last === 0 || scale === 0) {
    e[i] = row[last];
    d[i] = 0;
    return;
  }
  let square = 0;
  for (let k = 0; k <= last; k += 1) {
    row[k] /= scale;
    square += row[k] * row[k];
  }
  const f = row[last];
  const g = f >= 0 ? -Math.sqrt(square) : Math.sqrt(square);
  e[i] = scale * g;
  square -= f * g;
  row[last] = f - g;
  let sum = 0;
  for (let j = 0; j <= last; j += 1) {
    z[j][i] = row[j] / square;
    let along = 0;
    for (let k = 0; k <= j; k += 1) along += z[j][k] * row[k];
    for (let k = j + 1; k <= last; k += 1) along += z[k][j] * row[k];
    e[j] = along / square;
    sum += e[j] * row[j];
  }
  const half = sum / (square + square);
  for (let j = 0; j <= last; j += 1) {
    const at = row[j];
    e[j] -= half * at;
    for (let k = 0; k <= j; k += 1) z[j][k] -= at * e[k] + e[j] * row[k];
  }
  d[i] = square;
}

function gather(z, d, i) {
  if (d[i] !== 0) {
    for (let j = 0; j < i; j += 1) {
      let along = 0;
      for (let k = 0; k < i; k += 1) along += z[i][k] * z[k][j];
      for (let k = 0; k < i; k += 1) z[k][j] -= along * z[k][i];
    }
  }
  d[i] = z[i][i];
  z[i][i] = 1;
  for (let j = 0; j < i; j += 1) {
    z[j][i] = 0;
    z[i][j] = 0;
  }
}

// One sweep of QL over the places l to m.
function turn(z, d, e, l, m) {
  let g = (d[l + 1] - d[l]) / (2 * e[l]);
  let r = Math.hypot(g, 1);
  g = d[m] - d[l] + e[l] / (g + (g >= 0 ? Math.abs(r) : -Math.abs(r)));
  let [s, c, p] = [1, 1, 0];
  let i = m - 1;
  for (; i >= l; i -= 1) {
    const f = s * e[i];
    const b = c * e[i];
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[m] = 0;
      break;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    r = (d[i] - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
    for (const row of z) {
      const up = row[i + 1];
      row[i + 1] = s * row[i] + c * up;
      row[i] = c * row[i] - s * up;
    }
  }
  if (r === 0 && i >= l) return;
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}
