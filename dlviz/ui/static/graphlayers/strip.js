// A vector as cells: each number on its colour, orange below 0, blue above.

import { css } from "../lib/color.js";
import { h, setText, steady } from "../lib/dom.js";
import { contrast } from "../lib/graphview.js";

const SHOWN = 8;

/** `{element, set(values, scale, colors)}`: full colour at ±`scale`; of a long vector the first eight. */
export function vectorStrip(label) {
  const cells = [];
  const more = h("span.label");
  const element = h("span.gy-strip.value", { role: "img" });
  return {
    element,
    set(values, scale, colors) {
      const shown = values.slice(0, SHOWN);
      if (cells.length !== shown.length) {
        cells.length = 0;
        for (let k = 0; k < shown.length; k += 1) cells.push(h("span"));
        element.replaceChildren(...cells, more);
      }
      shown.forEach((value, k) => {
        const ground = css(colors.diverging(scale ? value / scale : 0));
        setText(cells[k], steady(value, 2));
        cells[k].style.background = ground;
        cells[k].style.color = contrast(ground);
      });
      setText(more, values.length > SHOWN ? `and ${values.length - SHOWN} more` : "");
      element.setAttribute("aria-label", `${label}: ${shown.map((value) => steady(value, 2)).join(", ")}`);
    },
  };
}
