// Several filters, several maps: the output as a stack of small grids, one of them opened above.

import { count, h, replace, setText } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { problemLine, settingsOf } from "../lib/settings.js";
import { withMoreFilters, whyNoMore } from "../lib/changes.js";
import { setOnce } from "../lib/once.js";
import { namesOf } from "./opened.js";
import { plane } from "../lib/ramps.js";

const LARGEST = 14;

export function buildStack(stage) {
  const { opened } = stage;
  const settings = settingsOf(stage);
  const shape = h("span.label.value");
  const list = h("div.maps");
  const words = h("p.small.muted.stack-words");
  const add = h("button", { onclick: () => settings.change(withMoreFilters(opened.scene)) }, "Add a filter");
  const why = h("p.small.muted");
  const problems = ["kernel", "groups", "bias", "weights"].map((name) => problemLine(settings, name));
  const element = h("section.stack-section", h("div.section-head", h("h3", "The stack of maps"), shape), list, words, h("div.row", add, why), problems);
  let maps = [];

  function build() {
    maps = Array.from({ length: opened.shown.outputs }, (_, o) => {
      const cell = (place) => (place ? opened.place({ o, y: place[0], x: place[1] }) : null);
      const grid = new Grid({
        label: "", largest: LARGEST, onhover: (p) => stage.focus(cell(p)), onwalk: (p) => stage.focus(cell(p)), onpick: (p) => stage.pin(cell(p)),
      });
      const choose = h("button.map-name", { onclick: () => stage.openMap(o) });
      return { grid, choose, element: h("div.map", choose, grid.element) };
    });
    replace(list, maps.map((map) => map.element));
  }

  return {
    element,
    get maps() {
      return maps;
    },
    show(limit, colors) {
      const { shown, cell, layer, layers } = opened;
      if (maps.length !== shown.outputs) build();
      const names = namesOf(opened);
      maps.forEach(({ grid, choose, element: map }, o) => {
        grid.label = `Map ${o + 1}, ${names.outputs[o]}`;
        setOnce(grid, `${opened.version} ${layer}`, () => ({
          values: plane(opened.output, o, shown.outHeight * shown.outWidth), rows: shown.outHeight, cols: shown.outWidth, limit,
        }));
        grid.light("cell", { cells: [[cell.y, cell.x]], stroke: o === cell.o ? colors.accent : colors.muted, width: o === cell.o ? 2 : 1 });
        setText(choose, names.outputs[o] === `map ${o + 1}` ? names.outputs[o] : `${o + 1}  ${names.outputs[o]}`);
        choose.setAttribute("aria-pressed", o === cell.o);
        map.classList.toggle("opened", o === cell.o);
      });
      setText(shape, `${shown.outputs} × ${shown.outHeight} × ${shown.outWidth}`);
      setText(words, say(shown, layer, layers));
      const reason = layer === layers.length - 1 ? whyNoMore(opened.scene) : "Filters belong to the last stage.";
      add.disabled = Boolean(reason);
      const { groups } = opened.scene.numbers.spec;
      setText(add, groups > 1 && !reason ? `Add ${groups} filters` : "Add a filter");
      setText(why, reason);
      add.classList.toggle("hidden", Boolean(reason) && shown.pools);
    },
    draw(colors) {
      for (const { grid } of maps) grid.draw(colors);
    },
  };
}

function say(shown, layer, layers) {
  const cells = `${count(shown.outHeight * shown.outWidth)} numbers`;
  if (shown.pools) return "Pooling keeps the channels apart: one map for each channel.";
  const next = layer === layers.length - 1 ? "A layer that follows would take these maps as its input channels." : "These maps are the input channels of the next stage.";
  if (shown.outputs === 1) return `One filter makes one map of ${cells}. Every further filter adds one. ${next}`;
  return `${shown.outputs} filters make ${shown.outputs} maps of ${cells} each, in one colour scale. Click a map to open it above. ${next}`;
}
