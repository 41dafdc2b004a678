// The units that are on all through the brushed span: the rule, their traces, and where else they are on together.

import { count, h, number, percent, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { written } from "../lib/tokens.js";
import { spark } from "./plots.js";
import { isSigned, letterOf, limitOf, rowsOf, seriesOf, valuesOf, wordsOf } from "./rows.js";
import { elsewhere, patternOf, unitsOn } from "./span.js";

const MOST_SHOWN = 24;
const MOST_PLACES = 12;
const LETTERS_OF_A_PLACE = 16;
const SENSES = { above: "Above", below: "Below", either: "Either" };

/** `change(rule changes)`, `span({from, to} | null)`, `unit(k)`, `look(step)`. */
export function buildSpanning(state, { change, span, unit, look }) {
  const [from, to] = ["first", "last"].map((which) => h("input.value", {
    type: "text", inputmode: "numeric", size: 4, "aria-label": `${which} step of the span`, onchange: typed,
  }));
  const wrong = h("span.wrong.small", { role: "alert" });
  const row = h("select", { id: "gates-span-row", onchange: () => change({ row: row.value, threshold: null }) });
  const thresholdPlace = h("div.threshold");
  const sense = knob({ name: "sense", kind: "choice", label: "On means", options: Object.keys(SENSES), labels: Object.values(SENSES),
    help: "Above: at least the threshold. Below: under minus the threshold; for a gate, under 1 less the threshold. Either: all the time above, or all the time below." },
  { value: state.sense, onchange: (value) => change({ sense: value }) });
  const edges = knob({ name: "edges", kind: "flag", label: "Only just there", help: "Leaves out units that are on right before the span or right after it as well." },
    { value: state.edges, onchange: (value) => change({ edges: value }) });
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const list = h("div.units", { role: "group", "aria-label": "Units that are on all through the span" });
  const more = h("p.label");
  const places = h("div.places");
  const element = h("section.part", { "aria-label": "A span of steps" },
    h("h3", "Which units hold on through a span?"),
    h("p.lead", "Drag over the strip, or hold Shift and press an arrow key there: these units are on at every step of the span. Where they are all on again, the network may have recognised the same thing."),
    h("div.controls", h("div.knob", h("div.knob-head.label", "Steps"), h("div.row.ends", from, h("span", "to"), to, h("button.plain", { type: "button", onclick: () => span(null) }, "Clear")), wrong),
      h("div.knob", h("div.knob-head.label", h("label", { for: row.id }, "By")), h("span.menu", row)), thresholdPlace, sense.element, edges.element),
    sentence, list, more, places);
  let threshold = null;
  let builtFor = "";
  let shown = null;
  let sparks = [];
  let stale = false;

  function typed() {
    const given = [from, to].map(({ value }) => Number(value));
    const right = given.every((n) => Number.isInteger(n) && n >= 1 && n <= (shown?.steps ?? 1));
    setText(wrong, right ? "" : `Give two whole numbers from 1 to ${shown?.steps ?? 1}, such as 2 and 5.`);
    if (right) span({ from: Math.min(...given) - 1, to: Math.max(...given) - 1 });
  }

  // The range of the threshold is that of the row, so that it is made anew with it.
  function showThreshold(rule, limit) {
    const key = `${rule.row} ${limit}`;
    if (key === builtFor) return;
    builtFor = key;
    threshold = knob({ name: "threshold", kind: "range", label: "Threshold τ", low: rule.signed ? 0 : 0.5, high: limit, default: rule.threshold },
      { value: rule.threshold, onchange: (value) => change({ threshold: value }) });
    replace(thresholdPlace, threshold.element);
  }

  /** The rule for the row that is chosen, or the usual one of a cell: {row, threshold, sense, edges, signed}. */
  function ruleOf({ cell, read, place }) {
    const names = rowsOf(cell);
    const name = names.includes(state.row) ? state.row : "hidden";
    const signed = isSigned(name);
    const values = valuesOf(read, name, place);
    const limit = signed ? Math.max(1, name === "cell" ? Math.ceil(limitOf(values)) : 1) : 1;
    const usual = signed ? 0.3 : 0.7;
    return { name, values, limit, rule: { row: name, threshold: Math.min(state.threshold ?? usual, limit), sense: state.sense, edges: state.edges, signed } };
  }

  /** What the span has of units: {rule, name, units: [{unit, way, least}], pattern, places}; `units` is null without a span. */
  function find(model) {
    const { name, values, limit, rule } = ruleOf(model);
    const { steps, units } = model;
    if (!state.span) return { name, values, limit, rule, units: null, pattern: null, places: [] };
    const found = unitsOn(values, steps, units, state.span, rule);
    const pattern = found.length ? patternOf(values, steps, units, found, rule) : null;
    return { name, values, limit, rule, units: found, pattern, places: pattern ? elsewhere(pattern, state.span) : [] };
  }

  function textOf({ labels, kind }, { from: a, to: b }) {
    const words = labels.slice(a, b + 1).map(written).join(kind === "letters" ? "" : " ");
    return words.length > LETTERS_OF_A_PLACE ? `${words.slice(0, LETTERS_OF_A_PLACE)}…` : words;
  }

  function say(model, found) {
    if (!found.units) return `No span is chosen.`;
    const { from: a, to: b } = state.span;
    const { rule, name } = found;
    const letter = letterOf(model.cell, name);
    const low = number(rule.signed ? -rule.threshold : 1 - rule.threshold);
    const high = number(rule.threshold);
    const test = { above: `${letter} ≥ ${high}`, below: `${letter} ≤ ${low}`, either: `${letter} ≥ ${high}, or ${letter} ≤ ${low},` }[rule.sense];
    const all = found.units.length;
    const which = `${all === 0 ? "No unit has" : all === 1 ? "One unit has" : `${count(all)} of ${model.units} units have`} ${test} ${a === b ? `at step ${a + 1}` : `from step ${a + 1} to ${b + 1}`}, “${textOf(model, state.span)}”`;
    if (!all) return `${which}. A lower threshold or a shorter span finds more.`;
    const stretches = found.places.length;
    const again = stretches ? `${all === 1 ? "It is" : "They are"} ${all === 1 ? "" : "all "}on again in ${stretches === 1 ? "one other place" : `${count(stretches)} other places`}.`
      : `Nowhere else ${all === 1 ? "is it on" : "are they all on"}.`;
    return `${which}${rule.edges ? ", and not right before or after" : ""}. ${again}`;
  }

  return {
    element,
    find,
    show(model, found) {
      shown = model;
      const names = rowsOf(model.cell);
      if (row.options.length !== names.length || [...row.options].some(({ value }, i) => value !== names[i])) {
        replace(row, names.map((name) => h("option", { value: name }, `${wordsOf(name)} ${letterOf(model.cell, name)}`)));
      }
      row.value = found.name;
      showThreshold(found.rule, found.limit);
      for (const [input, at] of [[from, state.span?.from], [to, state.span?.to]]) {
        if (input.getRootNode().activeElement !== input) input.value = at === undefined ? "" : at + 1;
      }
      if (state.span) setText(wrong, "");
      setText(sentence, say(model, found));
      const some = (found.units ?? []).slice(0, MOST_SHOWN);
      const key = JSON.stringify([some.map(({ unit: k, way }) => [k, way]), found.name]);
      if (list.dataset.key !== key) {
        list.dataset.key = key;
        sparks = some.map(({ unit: k, way }) => ({ unit: k, canvas: h("canvas.spark", { "aria-hidden": "true" }), least: h("span.value"), way }));
        replace(list, sparks.map(({ unit: k, canvas, least, way }) => h("button.unit", {
          type: "button", "data-unit": k, onclick: () => unit(k), title: "Follow this unit",
        }, h("span.unit-head", h("span", `unit ${k + 1} ${way > 0 ? "+" : "−"}`), least), canvas)));
      }
      [...list.children].forEach((button, i) => {
        button.setAttribute("aria-pressed", model.unit === some[i].unit);
        setText(sparks[i].least, number(some[i].least, 2));
        Object.assign(sparks[i], { values: seriesOf(found.values, model.steps, model.units, some[i].unit), level: some[i].way > 0 ? found.rule.threshold : found.rule.signed ? -found.rule.threshold : 1 - found.rule.threshold });
      });
      sparks.forEach((each) => { each.scale = { low: found.rule.signed ? -found.limit : 0, high: found.limit }; });
      const rest = (found.units?.length ?? 0) - some.length;
      setText(more, some.length ? `Each line is ${letterOf(model.cell, found.name)} over all ${model.steps} steps, from ${number(found.rule.signed ? -found.limit : 0)} to ${number(found.limit)}; the number is its weakest moment in the span.${rest > 0 ? ` And ${count(rest)} more.` : ""}` : "");
      const spots = found.places.slice(0, MOST_PLACES);
      replace(places, spots.length ? h("span.label", "All on again:") : null, spots.map((spot) => h("button.chip", {
        type: "button", onclick: () => look(spot.from), "data-from": spot.from,
      }, h("bdi.code", textOf(model, spot)), h("span.label", spot.from === spot.to ? `${spot.from + 1}` : `${spot.from + 1}–${spot.to + 1}`))),
      found.places.length > spots.length ? h("span.label", `and ${count(found.places.length - spots.length)} more`) : null,
      found.pattern ? h("span.label", `On average over all steps ${percent(found.pattern.reduce((sum, x) => sum + x, 0) / model.steps, 0)} of them are on.`) : null);
      stale = true;
    },
    draw(colors, resized) {
      if (!(stale || resized) || !state.span) return;
      stale = false;
      for (const { canvas, values, scale, level } of sparks) spark(canvas, values, { ...scale, span: state.span, level }, colors);
    },
  };
}
