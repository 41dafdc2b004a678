// The numbers of a noise as signed bars about zero.

import { css, rgb } from "./color.js";
import { fit, h, number } from "./dom.js";

const LEAST = 2; // half the height stands for at least this much

/** {element, show(z, colors)}: a bar a number, blue above zero, orange below; the ends of the scale at its left. */
export function buildNoiseBars({ height = 84 } = {}) {
  const canvas = h("canvas", { role: "img", style: { width: "100%", height: `${height}px`, display: "block" } });
  return {
    element: canvas,
    show(z, colors) {
      const { pen, width, height: tall } = fit(canvas);
      const most = Math.max(LEAST, ...Array.from(z, Math.abs));
      canvas.setAttribute("aria-label", `The noise, ${z.length} numbers: ${Array.from(z.slice(0, 16), (value) => number(value, 2)).join(", ")}${z.length > 16 ? ", …" : ""}`);
      if (!width) return;
      pen.clearRect(0, 0, width, tall);
      const [left, middle] = [30, tall / 2];
      pen.font = `11px ${colors.font}`;
      pen.fillStyle = colors.muted;
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      pen.fillText(`+${number(most, 2)}`, left - 5, 7);
      pen.fillText("0", left - 5, middle);
      pen.fillText(`−${number(most, 2)}`, left - 5, tall - 7);
      pen.strokeStyle = css(rgb(colors.ink), 0.25);
      pen.beginPath();
      pen.moveTo(left, Math.round(middle) + 0.5);
      pen.lineTo(width, Math.round(middle) + 0.5);
      pen.stroke();
      const wide = Math.min(26, (width - left) / z.length);
      z.forEach((value, k) => {
        pen.fillStyle = css(colors.diverging(value > 0 ? 0.75 : -0.75));
        const size = (Math.abs(value) / most) * (middle - 3);
        pen.fillRect(left + k * wide + wide * 0.1, value > 0 ? middle - size : middle, Math.max(1, wide * 0.8), size);
      });
    },
  };
}
