// What goes into the open map: every incoming map with its kernel, and what the two give at the cell shown.

import { outline, written } from "../lib/cells.js";
import { fit, h } from "../lib/dom.js";
import { limitOf } from "../lib/grid.js";
import { Sprites } from "../lib/sprites.js";

const LINE = 15; // px for the number under a tile
const GAP = 12;

export function buildIncoming(area, onpoint) {
  const canvas = h("canvas.incoming-maps", { role: "img" });
  area.append(h("div.incoming-scroll", canvas));
  const maps = new Sprites();
  const kernels = new Sprites();
  let shown = null;
  let across = 1;

  const sizes = ({ layer }) => {
    const map = layer.height > 1 ? 44 : 16;
    const kernel = layer.kh === 1 ? 16 : layer.kh > 5 ? map : 28;
    return { map, kernel, width: map + 5 + kernel, height: map + LINE };
  };

  function at(event) {
    if (!shown) return null;
    const { width, height } = sizes(shown);
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / (width + GAP));
    const k = Math.floor((event.clientY - box.top) / (height + GAP / 2)) * across + column;
    return column < across && k >= 0 && k < shown.layer.inputs ? k : null;
  }
  canvas.addEventListener("pointermove", (event) => onpoint(at(event)));
  canvas.addEventListener("pointerleave", () => onpoint(null));

  return {
    /** {layer, input, y, x, partials, chosen}: of the sum shown. */
    show(next, colors) {
      const { layer, input } = next;
      const { width, height } = sizes(next);
      across = Math.max(1, Math.floor((area.clientWidth - 6 + GAP) / (width + GAP)));
      canvas.style.width = `${across * (width + GAP) - GAP + 2}px`;
      canvas.style.height = `${Math.ceil(layer.inputs / across) * (height + GAP / 2) + 2}px`;
      canvas.setAttribute("aria-label", `${layer.inputs} incoming maps with their kernels`);
      if (shown?.input !== input || shown.colors !== colors) {
        const amount = !input.some((value) => value < 0);
        maps.size(layer.inputs, layer.height, layer.width);
        maps.paintValues(input, limitOf(input), amount, colors);
        kernels.size(layer.inputs, layer.kh, layer.kw);
        kernels.paintValues(layer.weight, limitOf(layer.weight), false, colors);
      }
      shown = { ...next, colors };
    },
    draw(colors) {
      if (!shown) return;
      const { pen, width: whole, height: down } = fit(canvas);
      pen.clearRect(0, 0, whole, down);
      pen.imageSmoothingEnabled = false;
      const { layer, y, x, partials, chosen } = shown;
      const { map, kernel, width, height } = sizes(shown);
      const [w, d] = [map / layer.width, map / layer.height];
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      for (let k = 0; k < layer.inputs; k += 1) {
        const [left, top] = [(k % across) * (width + GAP) + 1, Math.floor(k / across) * (height + GAP / 2) + 1];
        maps.drawTo(pen, k, left, top, map, map);
        outline(pen, [left, top, map, map], colors.line, 1);
        const middle = top + (map - kernel) / 2;
        kernels.drawTo(pen, k, left + map + 5, middle, kernel, kernel);
        outline(pen, [left + map + 5, middle, kernel, kernel], colors.line, 1);
        if (layer.kh < layer.height) {
          pen.save();
          pen.beginPath();
          pen.rect(left, top, map, map);
          pen.clip();
          outline(pen, [left + (x - layer.left) * w - 0.5, top + (y - layer.top) * d - 0.5, layer.kw * w + 1, layer.kh * d + 1], colors.ink, 1.25);
          pen.restore();
        }
        if (k === chosen) outline(pen, [left - 1, top - 1, map + 2, map + 2], colors.accent, 2);
        pen.fillStyle = k === chosen ? colors.ink : colors.muted;
        pen.font = `${k === chosen ? 600 : 400} 11.5px ${colors.font}`;
        pen.fillText(written(partials[k]), left + width / 2, top + map + LINE / 2 + 1);
      }
    },
  };
}
