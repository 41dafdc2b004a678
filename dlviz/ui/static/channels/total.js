// The partial sums and the bias, added up to one cell of one map; and that map, to point at another cell.

import { h, replace, setText, steady } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { setOnce } from "../lib/once.js";
import { namesOf } from "./opened.js";
import { plane } from "../lib/ramps.js";

const LARGEST_OUTPUT = 34;

/** A number of a sum: its sign stands before it as the operation, the first one excepted. */
export function signed(value, first) {
  const text = steady(value);
  if (first) return text;
  return text.startsWith("−") ? ` − ${text.slice(1)}` : ` + ${text}`;
}

export function buildTotal(stage) {
  const { opened } = stage;
  const sentence = h("p.opened-words");
  const terms = h("span.terms.value");
  const total = h("output.total.value.big");
  const sum = h("div.sum-line", terms, h("span.sign", { "aria-hidden": "true" }, " = "), total);
  const cell = (place) => (place ? opened.place({ o: opened.cell.o, y: place[0], x: place[1] }) : null);
  const map = new Grid({
    label: "Map", largest: LARGEST_OUTPUT, onhover: (place) => stage.focus(cell(place)), onwalk: (place) => stage.focus(cell(place)),
    onpick: (place) => stage.pin(cell(place)),
  });
  const pinned = h("button.chip", { onclick: () => stage.pin(null), title: "Let go of the pinned cell (Escape)" }, "pinned ×");
  const element = h("div.total-side", h("div.total-inner", h("h3", "Added up"), sentence, sum, h("div.output-map", map.element), pinned));

  function sayTerms({ rows, bias, total: value }, names) {
    const { shown } = opened;
    const parts = rows.map((row, i) => h("span.partial", {
      tabindex: "0", title: `partial sum of ${names.inputs[row.channel]}`, onpointerenter: () => stage.lightRow(row.channel), onpointerleave: () => stage.lightRow(null),
      onfocus: () => stage.lightRow(row.channel), onblur: () => stage.lightRow(null),
    }, signed(row.sum, i === 0)));
    if (!shown.pools) parts.push(h("span.partial.bias", { title: "bias of the filter" }, signed(bias, false)));
    replace(terms, shown.kind === "max" ? "largest of the patch" : parts);
    setText(total, steady(value));
  }

  return {
    element,
    map,
    show(sums, limit, isPinned, colors) {
      const { shown, cell: at } = opened;
      const names = namesOf(opened);
      const name = names.outputs[at.o];
      const own = name === `map ${at.o + 1}` ? "" : `, ${name}`;
      const where = `Row ${at.y + 1}, column ${at.x + 1} of map ${at.o + 1}${own}`;
      const bias = "and the bias";
      const channels = sums.rows.length === 1 ? "one partial sum" : `${sums.rows.length} partial sums`;
      const made = { max: "the largest of its patch", average: "the mean of its patch" }[shown.kind] ?? `${channels} ${bias}`;
      setText(sentence, `${where}: ${made}.`);
      sayTerms(sums, names);
      map.label = `Map ${at.o + 1}, ${name}`;
      setOnce(map, `${opened.version} ${opened.layer} ${at.o}`, () => ({
        values: plane(opened.output, at.o, shown.outHeight * shown.outWidth), rows: shown.outHeight, cols: shown.outWidth, limit, title: `map ${at.o + 1}`,
      }));
      map.light("cell", { cells: [[at.y, at.x]], stroke: colors.accent, width: 2.5 });
      pinned.classList.toggle("hidden", !isPinned);
    },
    draw(colors) {
      map.draw(colors);
    },
  };
}
