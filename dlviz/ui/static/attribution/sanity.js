// The sanity check: make the layers random from the top down, and see which maps change.

import { curveChart } from "../lib/curve.js";
import { h, number, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { METHODS } from "../lib/methods.js";
import { verdict } from "./words.js";

const NARROW = 460; // px; below it eight names would cover the curves, and the table below tells them

/** `randomize(layers)` hears the slider, `compute()` the button. */
export function buildSanity({ randomize, compute, redraw }) {
  const place = h("div.slider");
  const lost = h("p.label");
  const button = h("button", { type: "button", onclick: compute }, "Compute the curves");
  const said = h("p.verdict", { "aria-live": "polite" });
  const chart = curveChart({ height: 270, unit: "layers random", redraw, label: "Rank correlation of each method's map with its first map, over the layers made random" });
  const table = h("div.ranks", { role: "table", "aria-label": "Rank correlation of each method" });
  const figure = h("div.curves", { hidden: true }, h("div", chart.element, h("p.label.axis", "ρ with the first map, over the layers made random from the output down")), table);
  const element = h("section.sanity",
    h("h3", "Does it see what was learned?"),
    h("p.muted.lead", "Make the layers random, one after the other from the output down. A map that explains the network must change with it; "
      + "one that stays the same explains the picture. ρ is Spearman's rank correlation of the sizes of a map with those of its first form."),
    h("div.row.ask", place, button), lost, said, figure);
  let slider = null;
  let built = "";
  let state = null;

  function build(names) {
    if (built === names.join()) return;
    built = names.join();
    slider = knob({ name: "randomized", kind: "range", label: "Layers made random", low: 0, high: names.length, whole: true, default: 0 }, { value: 0, onchange: randomize });
    replace(place, slider.element);
  }

  return {
    element,
    /** {names: layers from the top, randomized, dense, alike, values: method → [ρ…], done, waiting: words | ""} */
    show(next) {
      state = next;
      const { names, randomized, values, done, total, dense, alike, step } = next;
      build(names);
      slider.set(randomized);
      setText(lost, randomized ? `Random: ${names.slice(0, randomized).join(", ")}. As learned: ${names.slice(randomized).join(", ") || "nothing"}.` : `As learned: ${[...names].reverse().join(", ")}.`);
      button.disabled = Boolean(next.running) || (done > 0 && done === total);
      setText(button, next.running ? `${number(done)} of ${number(total)} maps …` : done === total && done > 0 ? "Computed" : "Compute the curves");
      figure.hidden = done === 0;
      setText(said, done === total && done > 0 ? verdict(values, dense, alike, step) : "");
      replace(table, METHODS.map(({ slug, name }, i) => h("div.rank", { role: "row", "data-method": slug },
        h("i", { style: { "--i": i } }), h("span", { role: "rowheader" }, name),
        h("b.value", { role: "cell" }, values[slug][randomized] === undefined ? "…" : steady(values[slug][randomized], 2)))));
    },
    draw(colors) {
      if (!state || figure.hidden) return;
      table.querySelectorAll("i").forEach((dot, i) => { dot.style.background = colors.classes[i]; });
      const narrow = chart.element.clientWidth < NARROW;
      chart.show({
        series: METHODS.map(({ slug, name }, i) => ({
          label: narrow ? "" : name, color: colors.classes[i], weight: slug === "guided_backprop" ? 3.5 : 1.75, xs: state.values[slug].map((_, k) => k), ys: state.values[slug],
        })),
        cursor: state.randomized,
      });
      chart.draw(colors);
    },
  };
}
