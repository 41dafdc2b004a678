// The colours of surprise, from none to the most that is told apart.

import { css } from "../lib/color.js";
import { fit } from "../lib/dom.js";

export const STRONGEST = 0.85; // of the sequential colours, so that letters stay readable

/** Paint the scale on a canvas of its own. */
export function drawScaleOf(canvas, colors) {
  const { pen, width, height } = fit(canvas);
  for (let x = 0; x < width; x += 1) {
    pen.fillStyle = css(colors.sequential((x / width) * STRONGEST));
    pen.fillRect(x, 0, 1, height);
  }
}
