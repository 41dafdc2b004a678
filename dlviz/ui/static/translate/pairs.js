// Held-back pairs: what the network writes for each by itself, and how many of them are wholly right.

import { h, percent, replace, setText } from "../lib/dom.js";
import { MOST_WRITTEN, Writer, searching, textOf } from "./beam.js";

export const PAIRS = 40;

/** A generator of what greedy writes for each pair: [{tokens, isRight}]. */
export function* writingAll(network, pairs) {
  const found = [];
  for (const { ids, targets } of pairs) {
    const writer = new Writer(network, ids);
    const { ranked } = yield* searching((tokens) => writer.following(tokens), { beams: 1, end: writer.end, most: MOST_WRITTEN });
    const { tokens } = ranked[0];
    found.push({ tokens, isRight: tokens.join() === targets.join() });
  }
  return found;
}

/** `onpick(index)`: a pair to look at above. */
export function buildPairs({ onpick }) {
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const rows = h("tbody");
  const only = h("input", { type: "checkbox", id: "translate-only-wrong", onchange: () => show(shown) });
  const table = h("table.pairs", h("thead", h("tr", ["Source", "It writes", "Right answer", ""].map((name) => h("th", { scope: "col" }, name)))), rows);
  const none = h("p.muted.small.hidden", "None of these is wrong.");
  const element = h("section.part", { "aria-label": "Held-back pairs" },
    h("h3", "Pairs that it has never trained on"), sentence,
    h("label.row.small", { for: "translate-only-wrong" }, only, "Only the wrong ones"), h("div.wide.pairs-of", table), none);
  let shown = null;

  /** `found` of `writingAll` or null, `pairs`, `step` that it is of, `whole`: the share that the server has measured, or null. */
  function show(next) {
    shown = next;
    const { found, pairs, step, vocabulary, whole } = next;
    const right = found.filter(({ isRight }) => isRight).length;
    setText(sentence, `At step ${step} it writes ${right} of these ${found.length} wholly right (${percent(right / found.length, 0)}), by itself and to the end sign.${whole === null ? "" : ` Of the 60 that the server measures while it trains: ${percent(whole, 0)}.`}`);
    const visible = found.map((each, i) => ({ ...each, i })).filter(({ isRight }) => !only.checked || !isRight);
    none.classList.toggle("hidden", visible.length > 0);
    replace(rows, visible.map(({ tokens, isRight, i }) => h("tr", { class: isRight ? "" : "wrong" },
      h("td", h("button.plain.code", { type: "button", title: "Look at it above", onclick: () => onpick(i) }, textOf(pairs[i].ids, vocabulary))),
      h("td.code", differing(textOf(tokens, vocabulary), textOf(pairs[i].targets, vocabulary))), h("td.code", textOf(pairs[i].targets, vocabulary)), h("td.small.verdict", isRight ? "right" : "wrong"))));
  }

  return { element, show };
}

/** A written text with the letters marked that are not those of the right one. */
function differing(text, right) {
  if (!text) return "nothing";
  return [...text].map((letter, i) => (letter === right[i] ? letter : h("u", letter)));
}
