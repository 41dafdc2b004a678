// A colour scale with the numbers of its ends.

import { css } from "../lib/color.js";
import { fit, h, setText } from "../lib/dom.js";

/** `{element, show(high, words), draw(colors)}`: paper at 0 to the full colour at `high`. */
export function buildScaleBar(label) {
  const canvas = h("canvas.scale", { role: "img", "aria-label": label });
  const [end, words] = [h("span"), h("span")];
  const element = h("div.row.scale-of.small.muted.value", h("span", "0"), canvas, end, words);
  return {
    element,
    show(high, said) {
      setText(end, String(high));
      setText(words, said);
    },
    draw(colors) {
      const { pen, width, height } = fit(canvas);
      for (let x = 0; x < width; x += 1) {
        pen.fillStyle = css(colors.sequential(x / Math.max(1, width - 1)));
        pen.fillRect(x, 0, 1.5, height);
      }
    },
  };
}
