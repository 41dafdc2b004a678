// Eigenvalues and eigenvectors of a symmetric matrix: Householder's tridiagonal form, then QL with implicit shifts (J. Wilkinson
// and C. Reinsch, Handbook for Automatic Computation II, 1971). Exact to rounding also where eigenvalues lie close.

/** `matrix`: rows as Float64Arrays; left as it is. {values, vectors}: descending; vector k is `vectors[k]`, of length 1. */
export function eigenOf(matrix) {
  const n = matrix.length;
  const v = matrix.map((row) => Float64Array.from(row));
  const [d, e] = [new Float64Array(n), new Float64Array(n)];
  tridiagonal(v, d, e, n);
  implicitQl(v, d, e, n);
  const order = [...d.keys()].sort((a, b) => d[b] - d[a]);
  return { values: order.map((k) => d[k]), vectors: order.map((k) => Float64Array.from(v, (row) => row[k])) };
}

function tridiagonal(v, d, e, n) {
  for (let j = 0; j < n; j += 1) d[j] = v[n - 1][j];
  for (let i = n - 1; i > 0; i -= 1) {
    let [scale, size] = [0, 0];
    for (let k = 0; k < i; k += 1) scale += Math.abs(d[k]);
    if (scale === 0) {
      e[i] = d[i - 1];
      for (let j = 0; j < i; j += 1) {
        d[j] = v[i - 1][j];
        v[i][j] = v[j][i] = 0;
      }
    } else {
      for (let k = 0; k < i; k += 1) {
        d[k] /= scale;
        size += d[k] * d[k];
      }
      const f = d[i - 1];
      const g = f > 0 ? -Math.sqrt(size) : Math.sqrt(size);
      e[i] = scale * g;
      size -= f * g;
      d[i - 1] = f - g;
      reflect(v, d, e, i, size);
    }
    d[i] = size;
  }
  accumulate(v, d, n);
  e[0] = 0;
}

// The similarity transformation of the columns that are left.
function reflect(v, d, e, i, size) {
  e.fill(0, 0, i);
  for (let j = 0; j < i; j += 1) {
    const f = d[j];
    v[j][i] = f;
    let g = e[j] + v[j][j] * f;
    for (let k = j + 1; k < i; k += 1) {
      g += v[k][j] * d[k];
      e[k] += v[k][j] * f;
    }
    e[j] = g;
  }
  let sum = 0;
  for (let j = 0; j < i; j += 1) {
    e[j] /= size;
    sum += e[j] * d[j];
  }
  const half = sum / (size + size);
  for (let j = 0; j < i; j += 1) e[j] -= half * d[j];
  for (let j = 0; j < i; j += 1) {
    const [f, g] = [d[j], e[j]];
    for (let k = j; k < i; k += 1) v[k][j] -= f * e[k] + g * d[k];
    d[j] = v[i - 1][j];
    v[i][j] = 0;
  }
}

function accumulate(v, d, n) {
  for (let i = 0; i < n - 1; i += 1) {
    v[n - 1][i] = v[i][i];
    v[i][i] = 1;
    const size = d[i + 1];
    if (size !== 0) {
      for (let k = 0; k <= i; k += 1) d[k] = v[k][i + 1] / size;
      for (let j = 0; j <= i; j += 1) {
        let g = 0;
        for (let k = 0; k <= i; k += 1) g += v[k][i + 1] * v[k][j];
        for (let k = 0; k <= i; k += 1) v[k][j] -= g * d[k];
      }
    }
    for (let k = 0; k <= i; k += 1) v[k][i + 1] = 0;
  }
  for (let j = 0; j < n; j += 1) {
    d[j] = v[n - 1][j];
    v[n - 1][j] = 0;
  }
  v[n - 1][n - 1] = 1;
}

function implicitQl(v, d, e, n) {
  for (let i = 1; i < n; i += 1) e[i - 1] = e[i];
  e[n - 1] = 0;
  let [shift, most] = [0, 0];
  for (let l = 0; l < n; l += 1) {
    most = Math.max(most, Math.abs(d[l]) + Math.abs(e[l]));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * most) m += 1;
    while (m > l && Math.abs(e[l]) > Number.EPSILON * most) {
      let g = d[l];
      let p = (d[l + 1] - g) / (2 * e[l]);
      let r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
      d[l] = e[l] / (p + r);
      d[l + 1] = e[l] * (p + r);
      const next = d[l + 1];
      const moved = g - d[l];
      for (let i = l + 2; i < n; i += 1) d[i] -= moved;
      shift += moved;
      p = d[m];
      let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
      const after = e[l + 1];
      for (let i = m - 1; i >= l; i -= 1) {
        [c3, c2, s2] = [c2, c, s];
        g = c * e[i];
        const old = c * p;
        r = Math.hypot(p, e[i]);
        e[i + 1] = s * r;
        s = e[i] / r;
        c = p / r;
        p = c * d[i] - s * g;
        d[i + 1] = old + s * (c * g + s * d[i]);
        for (const row of v) {
          const right = row[i + 1];
          row[i + 1] = s * row[i] + c * right;
          row[i] = c * row[i] - s * right;
        }
      }
      p = (-s * s2 * c3 * after * e[l]) / next;
      e[l] = s * p;
      d[l] = c * p;
    }
    d[l] += shift;
    e[l] = 0;
  }
}
