// What the ascent is for: the channel chosen above, or a class.

import { h, replace } from "../lib/dom.js";
import { rowOf, unitName } from "./units.js";

const CHOSEN = "chosen";

/** `unit(chosen)` is the unit meant; `show(rows, classes, chosen, answered)`: until a person chooses, the class answered. */
export function buildTarget({ changed }) {
  const select = h("select", { id: "filters-target", onchange: () => { wanted = select.value; changed(); } });
  const element = h("div.knob", h("div.knob-head.label", h("label", { for: select.id }, "A picture for")), h("span.menu", select));
  let wanted = null; // null while nobody chose
  let meant = "0";
  let built = "";

  return {
    element,
    unit: (chosen) => (meant === CHOSEN ? chosen : { row: "output", channel: Number(meant) }),
    show(rows, classes, chosen, answered) {
      if (wanted !== CHOSEN && !(Number(wanted) < classes.length)) wanted = null;
      meant = wanted ?? String(answered);
      const key = JSON.stringify([classes, chosen, rows.length]);
      if (key !== built) {
        built = key;
        const name = unitName(rowOf(rows, chosen.row), chosen.channel, classes);
        replace(select, h("option", { value: CHOSEN }, `${name}, chosen above`), classes.map((each, k) => h("option", { value: k }, `the class ${each}`)));
      }
      select.value = meant;
    },
  };
}
