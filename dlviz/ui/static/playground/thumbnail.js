// Data sets as small pictures: points on the plane, or a surface in the diverging colours.

import { css } from "../lib/color.js";
import { fit } from "../lib/dom.js";
import { HALF_WIDTH } from "./points.js";

/** Draw points {x1, x2, label} in their class colours. */
export function drawPoints(canvas, points, colors, radius = 1.5) {
  const { pen, width, height } = fit(canvas);
  pen.clearRect(0, 0, width, height);
  for (const { x1, x2, label } of points) {
    pen.fillStyle = colors.classes[label];
    pen.beginPath();
    pen.arc(((x1 + HALF_WIDTH) / (2 * HALF_WIDTH)) * width, ((HALF_WIDTH - x2) / (2 * HALF_WIDTH)) * height, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** Draw rows of values in [-1, 1], the first row at the top. */
export function drawSurface(canvas, rows, colors) {
  const { pen, width, height } = fit(canvas);
  const [across, down] = [width / rows[0].length, height / rows.length];
  pen.clearRect(0, 0, width, height);
  rows.forEach((row, r) => row.forEach((value, c) => {
    pen.fillStyle = css(colors.diverging(value));
    pen.fillRect(c * across, r * down, across + 0.5, down + 0.5);
  }));
}
