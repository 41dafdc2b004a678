// The words and numbers of a sub-step, its histogram and the layers that take part.

import { h, number, replace, setText } from "../lib/dom.js";
import { buildHistogram } from "./histogram.js";

export function buildReadout() {
  const [title, sentence] = [h("h3.gt-title"), h("p.gt-sentence.value", { "aria-live": "polite" })];
  const formulas = h("div.gt-formulas");
  const numbers = h("dl.gt-numbers");
  const histogram = buildHistogram();
  const layers = h("div.gt-layers");
  const element = h("div.gt-readout", title, sentence, formulas, numbers, histogram.element, layers);
  let read = null;

  function show(index, sub, facts, colors) {
    setText(title, `${index + 1}. ${sub.title}`);
    setText(sentence, facts.sentence);
    replace(formulas, facts.formulas.map((text) => h("p.gt-formula.value", text)));
    replace(numbers, facts.numbers.map(([name, , words]) => h("div", h("dt", name), h("dd.value", words))));
    histogram.show(facts.histogram ?? null, colors);
    replace(layers, (facts.layers ?? []).map(layerBars));
    read = { sentence: facts.sentence, formulas: facts.formulas, numbers: facts.numbers.map(([name, value, words]) => ({ name, value, words })), layers: (facts.layers ?? []).map(({ title: name, values }) => ({ title: name, values: [...values] })), histogram: histogram.read() };
  }
  return { element, show, read: () => read };
}

function layerBars({ title, names, values }) {
  const most = Math.max(...values) || 1;
  return h("figure.gt-bars", h("figcaption.label", title), names.map(({ name, label }, k) => h("div.gt-bar", { title: label },
    h("span.gt-bar-name", name), h("span.gt-bar-track", h("i", { style: { width: `${(100 * values[k]) / most}%` } })), h("span.value.gt-bar-number", number(values[k])))));
}
