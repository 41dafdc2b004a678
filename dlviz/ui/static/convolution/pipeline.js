// The two stages of a separable convolution in sequence; the one chosen is explained by the grids below.

import { plane, scaleOf } from "../lib/ramps.js";
import { h, replace } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";

const STAGES = [["Depthwise", "every channel by a kernel of its own"], ["Pointwise", "the maps mixed, cell by cell"]];

export function buildPipeline(area, stage) {
  let pictures = [];
  let buttons = [];
  let version = null;

  function build() {
    const many = stage.layers.length > 1;
    area.classList.toggle("hidden", !many);
    pictures = [];
    buttons = [];
    if (!many) {
      replace(area);
      return;
    }
    const station = (count, at) => {
      const grids = Array.from({ length: count }, () => new Grid({ label: "", walks: false, largest: 64 }));
      pictures.push(...grids.map((grid, k) => ({ grid, at, k })));
      return h("span.station", { "aria-hidden": "true" }, grids.map((grid) => grid.canvas));
    };
    const parts = [station(stage.layers[0].inputs, 0)];
    stage.layers.forEach((layer, at) => {
      const [name, what] = STAGES[at];
      const button = h("button.stage-choice", { type: "button", "aria-pressed": at === stage.at, onclick: () => stage.explain(at) },
        h("b", `${name} ${layer.kh} × ${layer.kw}`), h("span.label", what));
      buttons.push(button);
      parts.push(h("span.arrow", { "aria-hidden": "true" }, "→"), button, h("span.arrow", { "aria-hidden": "true" }, "→"), station(layer.outputs, at + 1));
    });
    replace(area, parts);
    version = null;
  }

  stage.on("scene", build);
  return {
    draw() {
      if (!buttons.length) return;
      buttons.forEach((button, at) => button.setAttribute("aria-pressed", at === stage.at));
      const { colors } = stage.ctx;
      const key = `${stage.version} ${colors.dark}`;
      if (key !== version) {
        version = key;
        for (const { grid, at, k } of pictures) {
          const [rows, cols] = at ? [stage.layers[at - 1].outHeight, stage.layers[at - 1].outWidth] : [stage.layers[0].height, stage.layers[0].width];
          const values = plane(stage.outputs[at], k, rows * cols);
          const scale = at ? { signed: true } : scaleOf(stage.scene.numbers.channel_names[k], stage.outputs[0], colors);
          grid.set({ values, rows, cols, ...scale });
        }
      }
      for (const { grid } of pictures) grid.draw(colors);
    },
  };
}
