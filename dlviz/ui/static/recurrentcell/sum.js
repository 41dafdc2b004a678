// A gate's sum opened into its terms: what the input adds and what the state adds, sorted by size, as a waterfall and as
// the largest few with their numbers.

import { h, replace, setText, steady } from "../lib/dom.js";
import { buildWaterfall } from "../lib/waterfall.js";
import { sortedTerms } from "./arithmetic.js";
import { typeset } from "./drawing.js";

const NAMED = 5; // terms of each part that are written out

/** `ctx` of the component; `nameOf(term)` says what a term is of, in words. */
export function buildSum(ctx, nameOf) {
  const fall = h("div.fall");
  const pointed = h("p.small.value.pointed");
  const parts = { input: part("What the input adds, Σ w·x"), state: part("What the state adds, Σ u·h") };
  const biases = h("p.small.biases");
  const title = h("h4");
  const why = h("span.small.muted");
  const opened = h("div.opened", fall, pointed, h("div.both-parts", parts.input.element, parts.state.element), biases);
  const element = h("section.sum", { "aria-label": "The sum, term by term" }, h("div.row", title, why), opened);
  const source = {
    terms: [], layer: { kind: "convolution", pools: false }, term: null, shown: { kind: "output" }, ctx,
    pointTerm(k) {
      if (k === source.term) return;
      source.term = k;
      ctx.redraw();
    },
  };
  const waterfall = buildWaterfall(fall, source);

  function part(name) {
    const heading = h("div.label", name);
    const rows = h("ol.terms");
    return { element: h("div.part", heading, rows), heading, rows, name };
  }

  function write({ heading, rows, name }, terms, sum, most, factor) {
    const which = terms.length <= NAMED ? (terms.length === 1 ? "one term" : `all ${terms.length} terms`) : `the ${NAMED} largest of ${terms.length} terms`;
    setText(heading, `${name} = ${steady(sum)}: ${which}${factor === null ? "" : ", before r"}`);
    replace(rows, terms.slice(0, NAMED).map((term) => h("li", {
      "data-part": term.part, "data-index": term.index,
      onpointerenter: () => source.pointTerm(term.at), onpointerleave: () => source.pointTerm(null),
    },
    h("span.of", nameOf(term)),
    h("span.value.product", `${steady(term.weight)} · ${term.value < 0 ? `(${steady(term.value)})` : steady(term.value)} = ${steady(term.weight * term.value)}`),
    h("i.bar", { class: term.product < 0 ? "below" : "", style: { width: `${(100 * Math.abs(term.product)) / (most || 1)}%` } }))));
  }

  let terms = [];
  return {
    element,
    get terms() {
      return terms;
    },
    /** The sum of a gate; `current` is the equation one is at, which may have none of its own. */
    show(equation, current) {
      setText(title, `The sum of the ${equation.name} ${equation.letter}, term by term`);
      setText(why, current === equation ? "" : `The ${current.name} has no sum of its own: it is worked out unit by unit, without weights.`);
      terms = sortedTerms(equation).map((term, at) => ({ ...term, at }));
      source.terms = terms;
      if (source.term >= terms.length) source.term = null;
      const running = [];
      terms.reduce((sum, { product }) => (running.push(sum + product), sum + product), 0);
      const factor = equation.gated;
      waterfall.show({ running, known: terms.length, sum: running.at(-1) ?? 0, bias: equation.sum - (running.at(-1) ?? 0), result: Number(equation.value.toFixed(3)) });
      const most = Math.max(...terms.map(({ product }) => Math.abs(product)));
      for (const name of ["input", "state"]) write(parts[name], terms.filter((term) => term.part === name), equation[name].sum, most, name === "state" ? factor : null);
      const both = `b_{ih} + b_{hh} = ${steady(equation.bi)} ${equation.bh < 0 ? "−" : "+"} ${steady(Math.abs(equation.bh))} = ${steady(equation.bi + equation.bh)}`;
      const words = factor === null
        ? `${both}. Torch keeps two biases, one beside each matrix, as cuDNN does; only their sum matters, so one would do.`
        : `b_{ih} = ${steady(equation.bi)}, b_{hh} = ${steady(equation.bh)}. The second is inside the bracket that r = ${steady(factor)} multiplies: torch and cuDNN apply r after the recurrent product, not before it as the first paper did. So here, and only here, two biases are not one.`;
      replace(biases, typeset(words));
      const term = terms[source.term];
      setText(pointed, term
        ? `${nameOf(term)}: ${steady(term.weight, 4)} · ${steady(term.value, 4)}${term.part === "state" && factor !== null ? ` · r` : ""} = ${steady(term.product, 4)}; the sum so far is ${steady(running[term.at], 3)}`
        : "Left to right: the input's terms, the state's terms, each by size; then the biases; then, in ink, what the curve makes of the sum.");
    },
    draw: () => waterfall.draw(),
  };
}
