// The filters of the first layer as large tiles: of three channels as a colour, and below it each channel with its sign.

import { h, number, percent, replace, setText } from "../lib/dom.js";
import { paintColour, paintKernel } from "./painting.js";

/** `show(found)`, `mark(place)`; `onpoint(place | null)` and `onpick(place)` hear of {k, c}, filter and channel. */
export function buildTiles({ onpoint, onpick }) {
  const element = h("div.filter-tiles", { onpointerleave: () => onpoint(null) });
  let built = "";
  let tiles = [];
  let first = 0; // the number of the filter on the first tile

  function build({ outputs, inputs, from }) {
    first = from;
    tiles = Array.from({ length: outputs }, (_, i) => {
      const k = from + i;
      const tell = (c) => () => onpoint({ k, c });
      const parts = Array.from({ length: inputs }, (_each, c) => h("canvas.kernel", { onpointerenter: tell(c) }));
      const whole = inputs > 1 ? h("canvas.kernel.whole", { onpointerenter: tell(0) }) : null;
      const moved = h("span.value");
      const button = h("button.filter-tile.plain", { type: "button", onclick: () => onpick({ k, c: 0 }), onfocus: tell(0) },
        whole, inputs > 1 ? h("span.parts", parts) : parts, h("span.tile-foot.label", h("b", number(k + 1)), moved));
      return { button, whole, parts, moved };
    });
    element.style.setProperty("--tile", outputs > 32 ? "46px" : outputs > 16 ? "60px" : "76px");
    replace(element, tiles.map(({ button }) => button));
  }

  return {
    element,
    /** found: {weight, outputs, inputs, side, from, limit, moved}, as kernels.js reads it. */
    show(found, colors) {
      const { weight, outputs, inputs, side, from, limit, moved } = found;
      const key = [outputs, inputs, from].join();
      if (built !== key) build(found);
      built = key;
      const cells = side * side;
      tiles.forEach(({ button, whole, parts, moved: words }, i) => {
        const filter = weight.subarray(i * inputs * cells, (i + 1) * inputs * cells);
        parts.forEach((canvas, c) => paintKernel(canvas, filter.subarray(c * cells, (c + 1) * cells), side, limit, colors));
        if (whole) paintColour(whole, filter, side, limit);
        setText(words, percent(moved[i], 0));
        button.setAttribute("aria-label", `Filter ${from + i + 1}, moved ${percent(moved[i], 0)} from its first value`);
      });
    },
    mark(k) {
      tiles.forEach(({ button }, i) => button.setAttribute("aria-pressed", String(first + i === k)));
    },
  };
}
