// How densely codes lie on the plane: the aggregate posterior, (1/n) Σ q(z | xᵢ), or for points an estimate with a kernel.

const FAR = 40; // beyond this squared distance, in spreads, a cloud adds less than 1e-8 of its peak
const LEAST = 1e-12;

/**
 * The mixture of normals about `points` (2n): each with its own `spreads` (3n), or, where these are null, all with one kernel:
 * the points' covariance times n^(−2 / (d + 4)) (D. W. Scott, Multivariate Density Estimation, 1992). `at(x, y)`: its density
 * per unit of the plane, per unit of the line with `numbers` 1.
 */
export function mixtureOf({ points, spreads }, numbers) {
  const n = points.length / 2;
  const kernel = spreads ? null : scott(points, numbers);
  const [a, b, c, top] = Array.from({ length: 4 }, () => new Float64Array(n));
  for (let i = 0; i < n; i += 1) {
    const [xx, xy, yy] = kernel ?? spreads.subarray(3 * i, 3 * i + 3);
    if (numbers === 1) {
      a[i] = 1 / xx;
      top[i] = 1 / (n * Math.sqrt(2 * Math.PI * xx));
      continue;
    }
    const determinant = Math.max(LEAST * LEAST, xx * yy - xy * xy);
    [a[i], b[i], c[i]] = [yy / determinant, (-2 * xy) / determinant, xx / determinant];
    top[i] = 1 / (n * 2 * Math.PI * Math.sqrt(determinant));
  }
  return {
    kernel,
    at(x, y) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) {
        const [dx, dy] = [x - points[2 * i], y - points[2 * i + 1]];
        const far = numbers === 1 ? a[i] * dx * dx : a[i] * dx * dx + b[i] * dx * dy + c[i] * dy * dy;
        if (far < FAR) sum += top[i] * Math.exp(-far / 2);
      }
      return sum;
    },
  };
}

function scott(points, numbers) {
  const n = points.length / 2;
  let [mx, my, xx, xy, yy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i += 1) [mx, my] = [mx + points[2 * i] / n, my + points[2 * i + 1] / n];
  for (let i = 0; i < n; i += 1) {
    const [dx, dy] = [points[2 * i] - mx, points[2 * i + 1] - my];
    [xx, xy, yy] = [xx + dx * dx, xy + dx * dy, yy + dy * dy];
  }
  const factor = n ** (-2 / (numbers + 4)) / Math.max(1, n - 1);
  return [Math.max(LEAST, xx * factor), xy * factor, Math.max(LEAST, yy * factor)];
}

/** The density at every place of xs × ys, rows of ys in their order: {values, most}. A generator. */
export function* mapOf(mixture, xs, ys) {
  const values = new Float32Array(xs.length * ys.length);
  let most = 0;
  for (let r = 0, at = 0; r < ys.length; r += 1) {
    for (let q = 0; q < xs.length; q += 1, at += 1) {
      values[at] = mixture.at(xs[q], ys[r]);
      most = Math.max(most, values[at]);
      if (q % 8 === 7) yield;
    }
  }
  return { values, most, xs, ys };
}

/** A map as pixels of the sequential scale, clearer the fewer codes there are. */
export function paintMap(canvas, { values, most, xs, ys }, { sequential }) {
  Object.assign(canvas, { width: xs.length, height: ys.length });
  const image = new ImageData(xs.length, ys.length);
  for (let i = 0; i < values.length; i += 1) {
    const share = most > 0 ? values[i] / most : 0;
    const [r, g, b] = sequential(0.12 + 0.88 * share);
    image.data.set([r, g, b, 255 * Math.min(1, share * 12)], 4 * i);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}
