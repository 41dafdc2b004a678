// The points that the neuron is shown: those of the run on the page, or one of four classics.

import { normal, stream } from "../lib/tinytrain.js";

const corners = (truth) => [[-3, -3], [3, -3], [-3, 3], [3, 3]].map(([x1, x2], k) => ({ x1, x2, y: truth[k] ? 1 : -1 }));

// Two clouds of 40 points; `apart` is half the distance between their middles.
function clouds(apart, spread, seed) {
  const random = stream(seed);
  return Array.from({ length: 80 }, (_, n) => {
    const y = n % 2 ? 1 : -1;
    const clip = (x) => Math.min(Math.max(x, -5.8), 5.8);
    return { x1: clip(y * apart + spread * normal(random)), x2: clip(y * apart * 0.7 + 0.8 + spread * normal(random)), y };
  });
}

const CLASSICS = {
  apart: { label: "Two clouds", points: () => clouds(2.3, 0.95, 4) },
  overlapping: { label: "Overlapping clouds", points: () => clouds(1.3, 1.5, 2) },
  and: { label: "And", points: () => corners([0, 0, 0, 1]) },
  or: { label: "Or", points: () => corners([0, 1, 1, 1]) },
  xor: { label: "Exclusive or", points: () => corners([0, 1, 1, 0]) },
};

const MOST = 400; // points of a run that are shown: more would hide the line

/** The points of classes 0 (y = −1) and 1 (y = 1) of a scene, or null when it is not about classes. */
export function fromScene(scene) {
  if (!scene || scene.numbers.problem !== "classification") return null;
  const { data: x } = scene.arrays.train_points;
  const { data: labels } = scene.arrays.train_targets;
  const points = [];
  for (let n = 0; n < labels.length && points.length < MOST; n++) {
    if (labels[n] <= 1) points.push({ x1: x[2 * n], x2: x[2 * n + 1], y: labels[n] === 1 ? 1 : -1 });
  }
  return points.length ? points : null;
}

/** The choices of the menu: [name, label]. */
export const sets = (scene) => [
  ...(fromScene(scene) ? [["run", "This page's run"]] : []),
  ...Object.entries(CLASSICS).map(([name, { label }]) => [name, label]),
];

/** The points of a choice. */
export const pointsOf = (name, scene) => (name === "run" ? fromScene(scene) : CLASSICS[name].points());
