// Five small multiples: for each function its equation, the score and the weight of every key, and the context.

import { h, percent, replace, setText } from "../lib/dom.js";
import { mark } from "./mark.js";
import { KINDS, NAMES } from "./rules.js";
import { bounds, doubled, equation, two } from "./words.js";

const sub = (letter) => h("sub", letter);
const FORMULAS = {
  dot: () => ["q · k"],
  scaled: () => ["q · k / √d"],
  cosine: () => ["q · k / (|q| |k|)"],
  bilinear: () => ["q · W k"],
  additive: () => ["v · tanh(W", sub("q"), " q + W", sub("k"), " k)"],
};

/** `choose(kind)`: whose field is in the plane; `look(hue)`: which key one looks at. */
export function buildCards({ choose, look }) {
  const cards = KINDS.map((kind) => {
    const parts = {
      button: h("button.plain.head", { type: "button", onclick: () => choose(kind) }, mark(kind), h("span.title", NAMES[kind])),
      rows: h("div.rows", { role: "list" }), context: h("p.context.value"), of: h("p.label"), equation: h("div.equation.value"),
      bounds: h("p.small.muted.value"), doubled: h("p.small.value"),
    };
    const element = h("article.card-of", { "data-kind": kind, "aria-label": NAMES[kind] },
      parts.button, h("p.math", FORMULAS[kind]()), parts.rows, parts.context,
      h("div.worked", parts.of, parts.equation), h("div.notes", parts.doubled, parts.bounds));
    return { kind, element, parts, rows: new Map() };
  });
  const element = h("div.cards", cards.map((card) => card.element));

  function row(card, key) {
    const parts = { name: h("b"), score: h("span.value"), fill: h("i"), share: h("span.value") };
    const line = h("div.line", { role: "listitem", onclick: () => look(key.hue) }, parts.name, parts.score, h("span.bar", parts.fill), parts.share);
    card.rows.set(key.hue, { line, ...parts });
    return card.rows.get(key.hue);
  }

  function fill(card, state, found, colors) {
    const { kind, parts } = card;
    const { keys, query, matrices, look: seen } = state;
    const { scores, weights, context, winner, tied } = found[kind];
    parts.button.setAttribute("aria-pressed", state.kind === kind);
    card.element.classList.toggle("chosen", state.kind === kind);
    for (const hue of card.rows.keys()) if (!keys.some((key) => key.hue === hue)) card.rows.delete(hue);
    const lines = keys.map((key, n) => {
      const { line, name, score, fill: bar, share } = card.rows.get(key.hue) ?? row(card, key);
      setText(name, key.name);
      name.style.color = colors.classes[key.hue];
      setText(score, two(scores[n]));
      bar.style.width = `${100 * weights[n]}%`;
      bar.style.background = colors.classes[key.hue];
      setText(share, percent(weights[n], 0));
      line.classList.toggle("best", n === winner && tied === 1);
      line.classList.toggle("seen", key.hue === seen);
      return line;
    });
    if (lines.length !== parts.rows.childElementCount || lines.some((line, n) => parts.rows.children[n] !== line)) replace(parts.rows, lines);
    setText(parts.context, `context (${two(context[0])}, ${two(context[1])})`);
    const at = Math.max(0, keys.findIndex((key) => key.hue === seen));
    setText(parts.of, `Score of ${keys[at].name}`);
    const worked = equation(kind, query, keys[at].at, scores[at], matrices);
    if (parts.equation.dataset.said !== worked.join()) replace(parts.equation, worked.map((text) => h("p", text)));
    parts.equation.dataset.said = worked.join();
    setText(parts.doubled, doubled(kind, found, query, keys, matrices).text);
    setText(parts.bounds, bounds(kind, matrices));
  }

  return { element, draw: (state, found, colors) => cards.forEach((card) => fill(card, state, found, colors)) };
}
