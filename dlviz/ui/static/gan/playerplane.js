// The fake's place among the real points, as a small plane with the way that it is to go.

import { css, rgb } from "../lib/color.js";
import { fit, h } from "../lib/dom.js";

const HALF_WIDTH = 1.5;
const ARROW = 26; // px

export function buildSmallPlane() {
  const canvas = h("canvas.gp-plane", { role: "img", "aria-label": "The example among the real points" });
  return {
    canvas,
    /** `real` (n, 2) flat; `example` the point shown; `gradient` of the fake, or null. */
    draw({ real, example, gradient, isReal }, colors) {
      const { pen, width, height } = fit(canvas);
      if (!width) return;
      const at = (x, y) => [(x / HALF_WIDTH + 1) / 2 * width, (1 - y / HALF_WIDTH) / 2 * height];
      pen.clearRect(0, 0, width, height);
      pen.fillStyle = css(rgb(colors.positive), 0.3);
      for (let k = 0; k < real.length; k += 2) {
        const [x, y] = at(real[k], real[k + 1]);
        pen.fillRect(x - 1, y - 1, 2, 2);
      }
      const [x, y] = at(...example);
      const color = isReal ? colors.positive : colors.negative;
      const length = gradient ? Math.hypot(...gradient) : 0;
      if (length > 0) {
        const [dx, dy] = [(-gradient[0] / length) * ARROW, (gradient[1] / length) * ARROW];
        pen.strokeStyle = pen.fillStyle = colors.ink;
        pen.lineWidth = 2;
        pen.beginPath();
        pen.moveTo(x, y);
        pen.lineTo(x + dx, y + dy);
        pen.stroke();
        const turn = Math.atan2(dy, dx);
        pen.beginPath();
        pen.moveTo(x + dx * 1.25, y + dy * 1.25);
        for (const side of [2.5, -2.5]) pen.lineTo(x + dx + 5 * Math.cos(turn + side), y + dy + 5 * Math.sin(turn + side));
        pen.fill();
      }
      pen.beginPath();
      pen.arc(x, y, 5, 0, 2 * Math.PI);
      pen.fillStyle = color;
      pen.fill();
      pen.strokeStyle = colors.paper;
      pen.lineWidth = 1.5;
      pen.stroke();
    },
  };
}
