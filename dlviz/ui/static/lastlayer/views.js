// From a moment to places on the screen: which component stands on which axis, and which way it points.

const ROOM = 1.08;

/** A turn: component `order[k]` stands on axis k, times `signs[k]`. */
export const STRAIGHT = { order: [0, 1], signs: [1, 1] };

/**
 * The turn that keeps points nearest to where they were. A principal axis has two ends, and two axes of like variance
 * change places; neither means anything, and both would throw the picture about. `before`: {xs, ys} or null.
 */
export function turnOf(points, before) {
  if (!before || before.xs.length < points.length / 2) return STRAIGHT;
  const alike = [0, 1].map((axis) => [0, 1].map((component) => {
    const there = axis === 0 ? before.xs : before.ys;
    let [product, a, b] = [0, 0, 0];
    for (let i = 0; i < points.length / 2; i += 1) {
      const value = points[2 * i + component];
      product += value * there[i];
      a += value * value;
      b += there[i] * there[i];
    }
    return a > 0 && b > 0 ? product / Math.sqrt(a * b) : 0;
  }));
  const size = (order) => order.reduce((sum, component, axis) => sum + Math.abs(alike[axis][component]), 0);
  const order = size([1, 0]) > size([0, 1]) ? [1, 0] : [0, 1];
  return { order, signs: order.map((component, axis) => (alike[axis][component] < 0 ? -1 : 1)) };
}

/** Pairs of components as {xs, ys}. */
export function turned(points, { order, signs }) {
  const count = points.length / 2;
  const [xs, ys] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i += 1) {
    xs[i] = signs[0] * points[2 * i + order[0]];
    ys[i] = signs[1] * points[2 * i + order[1]];
  }
  return { xs, ys };
}

/** Where a vector falls on a plane of `mean` and `axes` (two rows): the two components. */
export function placed(vector, mean, axes) {
  const found = [0, 0];
  for (let i = 0; i < mean.length; i += 1) {
    const value = vector[i] - mean[i];
    found[0] += value * axes[i];
    found[1] += value * axes[mean.length + i];
  }
  return found;
}

/** The square of the plane that holds all points: middle and half a side. */
export function squareOf({ xs, ys }) {
  const ends = [xs, ys].map((values) => values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]));
  const [x, y] = ends.map(([low, high]) => (low + high) / 2);
  return { x, y, half: (ROOM / 2) * Math.max(...ends.map(([low, high]) => high - low)) || 1 };
}

/** The square that holds several others. */
export function around(squares) {
  const ends = (name) => [Math.min(...squares.map((s) => s[name] - s.half)), Math.max(...squares.map((s) => s[name] + s.half))];
  const [left, right] = ends("x"), [low, high] = ends("y");
  return { x: (left + right) / 2, y: (low + high) / 2, half: Math.max(right - left, high - low) / 2 };
}

/** Names and shares of the axes of a turn, for the labels. */
export function axisWords(explained, { order }) {
  return order.map((component) => ({ name: `PC ${component + 1}`, share: explained[component] }));
}

/** Between two views a share t of the way; both hold as many points. */
export function between(a, b, t) {
  const mix = (one, other) => one.map((v, i) => v + t * (other[i] - v));
  const square = { x: a.square.x + t * (b.square.x - a.square.x), y: a.square.y + t * (b.square.y - a.square.y), half: a.square.half + t * (b.square.half - a.square.half) };
  return { ...(t < 0.5 ? a : b), xs: mix(a.xs, b.xs), ys: mix(a.ys, b.ys), square };
}
