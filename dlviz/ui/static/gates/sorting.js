// Units by what they follow: a property of the text, the correlation of every unit with it, and how large it is by chance.

import { h, number, replace, setText, steady } from "../lib/dom.js";
import { css } from "../lib/color.js";
import { knob } from "../lib/knob.js";
import { linePlot } from "./plots.js";
import { propertiesOf } from "./properties.js";
import { control, correlations, ranked, standardizedUnits } from "./ranking.js";
import { letterOf, seriesOf, stateOf, valuesOf } from "./rows.js";

const SHOWN = 8;
const rangeOf = (series) => `${number(Math.min(...series))} to ${number(Math.max(...series))}`;

/** `change(changes)`, `unit(k)`, `hover(step)`. */
export function buildSorting(state, { change, happened, unit, hover }) {
  const chips = h("div.chips", { role: "group", "aria-label": "Property of the text" });
  const of = knob({ name: "of", kind: "choice", label: "State", options: ["cell", "hidden"], labels: ["c", "h"] }, { value: "cell", onchange: (value) => change({ of: value }) });
  const order = knob({ name: "order", kind: "flag", label: "Order the strip by it", help: "An opened row then has the unit with the largest |r| on top." },
    { value: state.ordered, onchange: (value) => change({ ordered: value }) });
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const chance = h("p.lead");
  const list = h("div.ranks", { role: "group", "aria-label": "Units by the size of their correlation" });
  const plot = linePlot({ label: "The unit over the property", height: 132, onhover: hover });
  const element = h("section.part", { "aria-label": "What units follow" },
    h("h3", "What does a unit follow?"),
    h("p.lead", "Each unit's state is correlated with a property of what was read, over the steps on screen. Nobody taught the network these properties."),
    chips, h("div.controls", of.element, order.element), sentence, chance,
    h("div.follow", list, plot.element));
  let last = null; // what was found in the states of the moment, for they are asked for while one brushes and holds
  let keyOfChips = "";
  let buttons = [];

  /** {property, r, order, control, best} for every property that changes, from the states of a part. */
  function find(model) {
    const { cell, read, place, steps, units } = model;
    const name = cell === "lstm" ? (state.of ?? stateOf(cell)) : "hidden";
    const values = valuesOf(read, name, place);
    if (last?.values !== values) {
      const standard = standardizedUnits(values, steps, units);
      last = { values, standard, controls: new Map(), all: propertiesOf(model.text).map((property) => {
        if (property.constant) return { property, best: null };
        const r = correlations(standard, property.series);
        const order = ranked(r);
        return { property, r, order, best: r[order[0]] };
      }) };
    }
    const { all, standard, controls } = last;
    const known = all.filter(({ best }) => best !== null);
    const chosen = known.find(({ property }) => property.slug === state.property) ?? known[0] ?? null;
    if (chosen && !controls.has(chosen)) controls.set(chosen, control(standard, chosen.property.series));
    return { name, values, all, chosen, control: controls.get(chosen) ?? null };
  }

  function say(model, { chosen, name, control: byChance }) {
    const { property, r, order } = chosen;
    const k = state.followed ?? order[0];
    const value = r[k];
    const letter = letterOf(model.cell, name);
    const follows = property.yes
      ? `is ${value > 0 ? "high" : "low"} ${property.yes}`
      : `${value < 0 ? "falls with" : property.counts ? "counts" : "follows"} ${property.words}`;
    if (Math.abs(r[order[0]]) <= byChance.largest) {
      return `No unit stands out for ${property.words}: the largest is unit ${order[0] + 1} with r = ${steady(r[order[0]], 2)}, and chance finds as much.`;
    }
    return `The ${letter} of unit ${k + 1} ${follows}: r = ${steady(value, 2)}.`;
  }

  function showChips(found) {
    const key = JSON.stringify(found.all.map(({ property }) => property.slug));
    if (key !== keyOfChips) {
      keyOfChips = key;
      buttons = found.all.map(({ property }) => ({ r: h("span.value"), slug: property.slug }));
      replace(chips, found.all.map(({ property }, i) => h("button.chip", { type: "button", "data-property": property.slug, onclick: () => { happened("sorted_units"); change({ property: property.slug, followed: null }); } },
        h("span", property.words), buttons[i].r)));
    }
    found.all.forEach(({ property, best }, i) => {
      setText(buttons[i].r, best === null ? "" : steady(Math.abs(best), 2));
      const button = chips.children[i];
      button.disabled = best === null;
      button.title = best === null ? "The same at every step of this sequence" : "The largest |r| of any unit";
      button.setAttribute("aria-pressed", found.chosen?.property.slug === property.slug);
    });
  }

  function showRanks(some, r, chosen, colors) {
    const key = JSON.stringify(some);
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      replace(list, some.map((each) => h("button.rank", { type: "button", "data-unit": each, onclick: () => { change({ followed: each }); unit(each); } },
        h("span", `unit ${each + 1}`), h("span.bar", h("i")), h("span.value"))));
    }
    some.forEach((each, i) => {
      const button = list.children[i];
      button.setAttribute("aria-pressed", each === chosen);
      const bar = button.querySelector("i");
      bar.style.width = `${100 * Math.abs(r[each])}%`;
      bar.style.background = css(colors.diverging(r[each] < 0 ? -0.75 : 0.75));
      setText(button.lastChild, steady(r[each], 2));
    });
  }

  return {
    element,
    find,
    show(model, found, colors) {
      of.element.classList.toggle("hidden", model.cell !== "lstm");
      of.set(found.name);
      showChips(found);
      const { chosen } = found;
      for (const each of [chance, list, plot.element]) each.classList.toggle("hidden", !chosen);
      if (!chosen) {
        setText(sentence, "Every property is the same at all steps of this sequence: there is nothing to follow.");
        return;
      }
      const { property, r, order: units } = chosen;
      setText(sentence, say(model, found));
      setText(chance, `By chance: with the property rolled round the sequence by ${found.control.count} distances, the best of the ${model.units} units reaches |r| = ${steady(found.control.largest, 2)} at most and ${steady(found.control.typical, 2)} typically. A short text and many units make large correlations out of nothing.`);
      const k = state.followed ?? units[0];
      showRanks(units.slice(0, SHOWN), r, k, colors);
      plot.show({
        title: `Unit ${k + 1} and ${property.words}`, span: null,
        series: [
          { name: `${property.words}, ${rangeOf(property.series)}`, values: property.series, ink: (c) => c.muted, dash: [4, 3], own: true },
          { name: `${letterOf(model.cell, found.name)} of unit ${k + 1}`, values: seriesOf(found.values, model.steps, model.units, k), ink: (c) => c.positive },
        ],
      });
    },
    draw(colors, step) {
      if (!plot.element.classList.contains("hidden")) plot.draw(colors, step);
    },
  };
}
