// Beam search: its knobs, its tree, its ranking, and what came of it.

import { h, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { textOf, walk } from "./beam.js";
import { buildTree } from "./tree.js";
import { beamSentence, chance } from "./words.js";

export const OPENING = { beams: 4, penalty: 0 };

/** `onchange({beams, penalty})`; `onhypothesis(index)`: which one the alignment shows. */
export function buildBeams({ onchange, onhypothesis }) {
  const settings = { ...OPENING }; // as the knobs stand
  const range = (name, label, low, high, more) => knob({ name, kind: "range", label, low, high, default: OPENING[name], ...more }, { value: OPENING[name], onchange: (value) => { settings[name] = value; onchange({ ...settings }); } });
  const beams = range("beams", "Beams", 1, 8, { whole: true, help: "How many beginnings are followed side by side. 1 is greedy." });
  const penalty = range("penalty", "Length penalty", 0, 2, { help: "Log-probabilities are divided by tokens to this power before hypotheses are ranked: 0 favours short ones, 1 ranks by the mean of a token." });
  const tree = buildTree();
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const rows = h("tbody");
  const table = h("table.ranks", h("thead", h("tr", ["Rank", "Hypothesis", "Tokens", "Log-probability", "Probability", "Score", ""].map((name) => h("th", { scope: "col" }, name)))), rows);
  const formula = h("p.small.muted.value");
  const element = h("section.part", { "aria-label": "Beam search" },
    h("h3", "Beam search: several beginnings side by side"),
    h("p.about", "Greedy cannot take a token back. A beam keeps the likeliest beginnings at every step, looks at what may follow each, and keeps the likeliest of all these; the rest is cut."),
    h("div.controls", beams.element, penalty.element), sentence,
    h("div.keys.label", h("span", h("i.mark.winner"), "best hypothesis"), h("span", h("i.mark.greedy"), "greedy's way"), h("span", h("i.mark.cut"), "cut (the best 4 a step are drawn)")),
    tree.element, h("div.wide", table), formula);

  /** `found` with the `settings` it was found by, `greedy` (a hypothesis), `right` ids or null. */
  function show({ found, settings: by, greedy, right, vocabulary }) {
    const way = walk(found.nodes, greedy.tokens);
    const lost = way.find((i) => !found.nodes[i].kept);
    tree.show(found, { greedy: way, beams: by.beams, vocabulary });
    setText(sentence, beamSentence({ found, greedy, right, ...by, cutAt: lost === undefined ? null : found.nodes[lost].step, vocabulary }));
    const same = (tokens, other) => other && tokens.join() === other.join();
    replace(rows, found.ranked.map((each, i) => h("tr", { class: i === 0 ? "first" : "", onclick: () => onhypothesis(i) },
      h("td.value", i + 1), h("td.code", textOf(each.tokens, vocabulary) || "nothing", each.ended ? "" : " …"), h("td.value", each.tokens.length), h("td.value", steady(each.total, 3)),
      h("td.value", chance(each.total)), h("td.value", steady(each.score, 3)), h("td.small.muted", [same(each.tokens, greedy.tokens) ? "greedy" : "", same(each.tokens, right) ? "right" : ""].filter(Boolean).join(", ")))));
    const first = found.ranked[0];
    setText(formula, `Score = log-probability / tokens^penalty; here of the first ${steady(first.total, 3)} / ${first.tokens.length}^${by.penalty} = ${steady(first.score, 3)}. The end sign counts as a token.`);
  }

  return { element, show, settings, tree };
}
