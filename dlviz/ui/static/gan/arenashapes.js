// Shapes to begin a drawing with: places [[x, y], …] in the plane of ±1.5. The same each time.

const turn = (share) => 2 * Math.PI * share;
const between = (n, fn) => Array.from({ length: n }, (_, k) => fn((k + 0.5) / n));
const way = (corners, n) => {
  const lengths = corners.slice(1).map(([x, y], k) => Math.hypot(x - corners[k][0], y - corners[k][1]));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  return between(n, (share) => {
    let [left, k] = [share * whole, 0];
    while (k < lengths.length - 1 && left > lengths[k]) {
      left -= lengths[k];
      k += 1;
    }
    return [0, 1].map((i) => corners[k][i] + (left / lengths[k]) * (corners[k + 1][i] - corners[k][i]));
  });
};

export const SHAPES = {
  "Two moons": () => [
    ...between(120, (t) => [0.8 * Math.cos(Math.PI * t) - 0.4, 0.8 * Math.sin(Math.PI * t) - 0.2]),
    ...between(120, (t) => [0.4 - 0.8 * Math.cos(Math.PI * t), 0.2 - 0.8 * Math.sin(Math.PI * t)]),
  ],
  "Letter S": () => [
    ...between(110, (t) => [0.55 * Math.cos(turn(0.08 + 0.67 * t)), 0.5 + 0.5 * Math.sin(turn(0.08 + 0.67 * t))]),
    ...between(110, (t) => [0.55 * Math.cos(turn(0.25 - 0.67 * t)), -0.5 + 0.5 * Math.sin(turn(0.25 - 0.67 * t))]),
  ],
  "Letter N": () => way([[-0.7, -1], [-0.7, 1], [0.7, -1], [0.7, 1]], 220),
  "Two rings": () => [
    ...between(80, (t) => [0.45 * Math.cos(turn(t)), 0.45 * Math.sin(turn(t))]),
    ...between(160, (t) => [1.1 * Math.cos(turn(t)), 1.1 * Math.sin(turn(t))]),
  ],
};
