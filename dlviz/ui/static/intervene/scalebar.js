// The bar of a colour scale.

import { css } from "../lib/color.js";
import { fit } from "../lib/dom.js";

/** Fill the canvas with the scale `paint(t)` from t = low to 1. */
export function drawScale(canvas, paint, low) {
  const { pen, width, height } = fit(canvas);
  for (let x = 0; x < width; x += 1) {
    pen.fillStyle = css(paint(low + ((1 - low) * x) / Math.max(1, width - 1)));
    pen.fillRect(x, 0, 1.5, height);
  }
}
