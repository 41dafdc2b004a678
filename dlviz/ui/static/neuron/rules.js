// What changes a neuron of two weights and a bias: the perceptron's correction and a step of gradient
// descent; and whether a line can separate the points at all. Points are {x1, x2, y} with y = −1 or 1.
// tests/browser/test_neuron.py checks the corrections against Python, the gradient against autograd and
// separability against a linear program.

export const score = ({ w1, w2, b }, { x1, x2 }) => w1 * x1 + w2 * x2 + b;

/** A point is a mistake when it lies on the wrong side or on the line itself. */
export const isMistake = (neuron, point) => point.y * score(neuron, point) <= 0;

export const mistakes = (neuron, points) => points.reduce((sum, point) => sum + Number(isMistake(neuron, point)), 0);

/** The perceptron's correction (Rosenblatt 1958): w ← w + η y x, b ← b + η y. */
export function corrected({ w1, w2, b }, { x1, x2, y }, rate) {
  return { w1: w1 + rate * y * x1, w2: w2 + rate * y * x2, b: b + rate * y };
}

/** The first mistake at or after place `from`, going round: its index, or −1 when there is none. */
export function nextMistake(neuron, points, from) {
  for (let k = 0; k < points.length; k++) {
    const at = (from + k) % points.length;
    if (isMistake(neuron, points[at])) return at;
  }
  return -1;
}

/** Mean logistic loss, mean of log(1 + exp(−y z)), and its gradient. */
export function logistic(neuron, points) {
  const gradient = { w1: 0, w2: 0, b: 0 };
  let loss = 0;
  for (const point of points) {
    const m = point.y * score(neuron, point);
    // log(1 + e^−m) without overflow for large −m.
    loss += (Math.max(-m, 0) + Math.log1p(Math.exp(-Math.abs(m)))) / points.length;
    const pull = -point.y / (1 + Math.exp(m)) / points.length;
    gradient.w1 += pull * point.x1;
    gradient.w2 += pull * point.x2;
    gradient.b += pull;
  }
  return { loss, gradient };
}

/** One step of gradient descent on the mean logistic loss. */
export function descended(neuron, points, rate) {
  const { gradient } = logistic(neuron, points);
  return { w1: neuron.w1 - rate * gradient.w1, w2: neuron.w2 - rate * gradient.w2, b: neuron.b - rate * gradient.b };
}

const turn = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

/** The corners of the convex hull of points [[x, y]…], counterclockwise (Andrew's monotone chain). */
export function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list) => {
    const chain = [];
    for (const point of list) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const corners = [...half(sorted), ...half(sorted.reverse())];
  return corners.length ? corners : sorted.slice(0, 1);
}

/**
 * Whether some line has all points of y = 1 strictly on one side and all of y = −1 strictly on the other.
 * Such a line exists exactly when every difference between a corner of one class's hull and a corner of
 * the other's lies in one open half plane: when their directions leave a gap of more than half a turn.
 */
export function separable(points) {
  const corners = [1, -1].map((side) => hull(points.filter(({ y }) => y === side).map(({ x1, x2 }) => [x1, x2])));
  if (!corners[0].length || !corners[1].length) return true;
  const angles = [];
  for (const p of corners[0]) {
    for (const q of corners[1]) {
      if (p[0] === q[0] && p[1] === q[1]) return false;
      angles.push(Math.atan2(p[1] - q[1], p[0] - q[0]));
    }
  }
  angles.sort((a, b) => a - b);
  let gap = 2 * Math.PI + angles[0] - angles.at(-1);
  for (let k = 1; k < angles.length; k++) gap = Math.max(gap, angles[k] - angles[k - 1]);
  return gap > Math.PI + 1e-9;
}
