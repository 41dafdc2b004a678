// Choosing a unit: a layer, then one of its channels; and how a map becomes one number.

import { h, replace } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { channelName, isMap, rowOf, shapeText, unitRows } from "./units.js";

const MEASURE = {
  name: "measure", kind: "choice", label: "A map counts as", options: ["cell", "map"], labels: ["Its strongest cell", "The mean of its cells"], default: "cell",
  help: "One number for a whole map. The strongest cell asks whether something is there at all, the mean how much of it. A unit and a class are one number already.",
};

/** `choose(unit)`, `count(measure)`; `show({rows, classes, unit, measure})`. */
export function buildChooser({ choose, count }) {
  const layer = h("select", { id: "filters-layer", onchange: () => choose({ row: layer.value, channel: now.unit.channel }) });
  const channel = h("select", { id: "filters-channel", onchange: () => choose({ row: now.unit.row, channel: Number(channel.value) }) });
  const step = (way, word, sign) => h("button.square", { type: "button", "aria-label": word, title: word, onclick: () => go(way) }, sign);
  const measure = knob(MEASURE, { value: "cell", onchange: count });
  const labelled = (text, control, ...more) => h("div.knob", h("div.knob-head.label", h("label", { for: control.id }, text)), h("div.row.with-steps", ...more));
  const element = h("div.chooser",
    labelled("Layer", layer, h("span.menu", layer)),
    labelled("Channel", channel, step(-1, "The channel before", "‹"), h("span.menu", channel), step(1, "The next channel", "›")),
    measure.element);
  let now = null;
  let built = "";

  function go(way) {
    const total = rowOf(now.rows, now.unit.row).output_shape[0];
    choose({ row: now.unit.row, channel: (now.unit.channel + way + total) % total });
  }

  return {
    element,
    show(next) {
      now = next;
      const { rows, classes, unit } = next;
      const row = rowOf(rows, unit.row);
      const key = JSON.stringify([rows, classes, unit.row]);
      if (key !== built) {
        built = key;
        replace(layer, unitRows(rows).map((each) => h("option", { value: each.name }, `${each.name}   ${shapeText(each.output_shape)}`)));
        replace(channel, Array.from({ length: row.output_shape[0] }, (_, c) => h("option", { value: c }, channelName(row, c, classes))));
      }
      layer.value = unit.row;
      channel.value = unit.channel;
      measure.set(next.measure);
      if (isMap(row)) measure.enable();
      else measure.disable(`${row.name === "output" ? "A class" : "A unit"} is one number already.`);
    },
  };
}
