// The data points over the output map, and which of them is nearest to the pointer.

import { fit } from "../lib/dom.js";
import { PLANE } from "../lib/nn.js";

const RADIUS = 3.2;
const GRAB = 12; // pixels within which a click means a point
const GRAB_TOUCH = 22;

/** All points as circles: training points filled, test points (if shown) as rings; unlit ones fade when some are lit. */
export function drawPoints(canvas, scene, { colors, showTest, lit, chosen, radius = null }) {
  const { pen, width } = fit(canvas);
  pen.clearRect(0, 0, width, width);
  const scale = width / (2 * PLANE);
  const regression = scene.numbers.problem === "regression";
  const color = (target) => {
    if (!regression) return colors.classes[target];
    const [r, g, b] = colors.diverging(target);
    return `rgb(${r} ${g} ${b})`;
  };
  const outline = regression ? colors.muted : colors.paper; // a value near zero has the colour of paper itself
  const size = radius ?? (scene.arrays.train_targets.data.length > 900 ? RADIUS * 0.8 : RADIUS);
  for (const set of showTest || lit?.set === "test" ? ["test", "train"] : ["train"]) {
    const points = scene.arrays[`${set}_points`].data;
    const targets = scene.arrays[`${set}_targets`].data;
    for (let p = 0; p < targets.length; p += 1) {
      const isLit = lit?.set === set && lit.points.has(p);
      pen.globalAlpha = lit && !isLit ? 0.16 : 1;
      const [x, y] = [width / 2 + points[2 * p] * scale, width / 2 - points[2 * p + 1] * scale];
      pen.beginPath();
      pen.arc(x, y, isLit ? size * 1.4 : size, 0, 2 * Math.PI);
      if (set === "train") {
        pen.fillStyle = color(targets[p]);
        pen.fill();
        pen.strokeStyle = isLit ? colors.ink : outline;
        pen.lineWidth = isLit ? 1.8 : 1;
      } else {
        pen.strokeStyle = colors.paper;
        pen.lineWidth = 3.4;
        pen.stroke();
        pen.fillStyle = colors.paper;
        pen.fill();
        pen.strokeStyle = color(targets[p]);
        pen.lineWidth = isLit ? 2.6 : 1.8;
      }
      pen.stroke();
    }
  }
  pen.globalAlpha = 1;
  if (chosen) ring(pen, width / 2 + chosen.x1 * scale, width / 2 - chosen.x2 * scale, colors);
}

function ring(pen, x, y, colors) {
  for (const [color, line] of [[colors.paper, 5], [colors.accent, 2.5]]) {
    pen.strokeStyle = color;
    pen.lineWidth = line;
    pen.beginPath();
    pen.arc(x, y, 8, 0, 2 * Math.PI);
    pen.stroke();
  }
}

/** The shown data point under a place of the plane: {set, index}, or null. `width`: of the map in pixels. */
export function pointAt(scene, x1, x2, { width, showTest, touch }) {
  let found = null;
  let closest = (((touch ? GRAB_TOUCH : GRAB) / width) * 2 * PLANE) ** 2;
  for (const set of showTest ? ["train", "test"] : ["train"]) {
    const points = scene.arrays[`${set}_points`].data;
    for (let p = 0; p < points.length / 2; p += 1) {
      const distance = (points[2 * p] - x1) ** 2 + (points[2 * p + 1] - x2) ** 2;
      if (distance < closest) [closest, found] = [distance, { set, index: p }];
    }
  }
  return found;
}
