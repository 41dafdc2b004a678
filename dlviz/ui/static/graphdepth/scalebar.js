// A colour scale with its two ends in numbers, logarithmic; and the colour of a value on it.

import { css } from "../lib/color.js";
import { fit, h, number, setText } from "../lib/dom.js";

const LOWEST = 0.12; // of the ramp: the smallest value still is seen on the paper

/** `{element, color(value), draw(colors, values, what)}`; values that are 0 have the paper's colour, drawn as a ring. */
export function buildScale() {
  const canvas = h("canvas.gd-ramp", { "aria-hidden": "true" });
  const [low, high, words] = [h("span.value"), h("span.value"), h("span.muted")];
  const element = h("div.gd-scale.small", words, low, canvas, high);
  let [least, most, ramp] = [1, 1, null];
  const share = (value) => (most > least ? Math.log(value / least) / Math.log(most / least) : 1);
  const at = (t) => css(ramp(LOWEST + (1 - LOWEST) * Math.min(1, Math.max(0, t))));
  return {
    element,
    color: (value) => (value > 0 ? at(share(value)) : null),
    draw(colors, values, what) {
      ramp = colors.sequential;
      const known = values.filter((value) => value > 0);
      [least, most] = known.length ? [Math.min(...known), Math.max(...known)] : [1, 1];
      setText(words, what);
      setText(low, known.length ? number(least) : "0");
      setText(high, known.length ? number(most) : "");
      const { pen, width, height } = fit(canvas);
      for (let x = 0; x < width; x += 1) {
        pen.fillStyle = at(x / Math.max(1, width - 1));
        pen.fillRect(x, 0, 1.5, height);
      }
    },
  };
}
