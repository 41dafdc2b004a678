// A sentence and the same words in another order: with no positions every word is answered alike in both.

import { h, number, percent, replace, setText, svg } from "../lib/dom.js";
import { written } from "../lib/tokens.js";
import { kindColor, KINDS, NAMES } from "./kinds.js";
import { compareOrders } from "./network.js";
import { buildSortable } from "./sorting.js";

const SENTENCE = "I love cats";
const MOST = 64; // tokens, as everywhere in this lab
const NAMED = 5; // unknown words that the line names
const SAME = 1e-6; // outputs nearer than this are the same but for rounding

export function buildOrder({ ctx }, happened) {
  const state = { ids: null, text: SENTENCE, order: [], kind: "none", pointed: null };
  let known = null; // {networks, vocabulary, words: what is said of them}
  let shown = null;
  let stale = true;
  const again = () => { stale = true; ctx.redraw(); };
  const chips = KINDS.map((kind) => h("button.chip", { type: "button", "data-kind": kind, onclick: () => { state.kind = kind; happened("order_kind"); again(); } }, NAMES[kind]));
  const input = h("input", { type: "text", id: "positions-sentence", value: SENTENCE, autocomplete: "off", spellcheck: "false", oninput: () => read(input.value) });
  const problem = h("p.problem.small", { role: "alert" });
  const notice = h("p.small.muted", { role: "status" });
  const words = h("p.small.muted.vocabulary");
  const point = (at) => { if (state.pointed !== at) { state.pointed = at; ctx.redraw(); } };
  const plain = h("div.sortable.fixed", { role: "list", "aria-label": "The sentence" });
  const lines = svg("svg.lines", { "aria-hidden": "true" });
  const other = buildSortable({ label: "The same words in another order", onpoint: point, onorder: (order) => { state.order = order; happened("reordered"); again(); } });
  const tool = (label, title, order) => h("button", { type: "button", title, onclick: () => { if (state.ids) { state.order = order(state.order); happened("reordered"); again(); } } }, label);
  const tools = h("div.row.tools", tool("Mirror", "The sentence from its end", () => state.ids.map((_, i) => state.ids.length - 1 - i)), tool("Rotate", "The last word to the front", (order) => [order.at(-1), ...order.slice(0, -1)]), tool("As it was", "The order of the sentence", () => state.ids.map((_, i) => i)));
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const table = h("table.results.value", { "aria-label": "Largest difference of any output between the two orders" });
  const about = h("p.small.muted.value");
  const element = h("section.part", { "aria-label": "I love cats, cats love I" }, h("h3", "“I love cats” and “cats love I”"),
    h("p.about", "Five small networks for the task “who does it to whom” read a sentence, and the same words in another order. Under each word: the probability that it is the doer. Drag the words of the lower row, or move them with Alt and the arrow keys."),
    h("div.row.asked", h("div.stack.grow", h("label.label", { for: input.id }, "Your sentence"), input), h("div.chips", { role: "group", "aria-label": "Positions of the network shown" }, chips)),
    problem, notice, h("div.frame", h("div.orders", plain, lines, other.element)), tools, sentence, h("div.frame", table), about, words);

  function read(text) {
    if (!known) return;
    state.text = text;
    const given = text.normalize("NFKC").trim().split(/\s+/).filter(Boolean);
    const idOf = (word) => { const at = known.vocabulary.indexOf(word); return at < 0 ? known.vocabulary.indexOf(word.toLowerCase()) : at; };
    const unknown = [...new Set(given.slice(0, MOST).filter((word) => idOf(word) < 0))];
    setText(problem, !given.length ? "Type some words that the networks know, such as: I love cats." : unknown.length ? `The networks have never read ${unknown.slice(0, NAMED).map((word) => word.slice(0, 24)).join(", ")}${unknown.length > NAMED ? " …" : ""}. The sentence below is still the one before. Words they know are named under the table.` : "");
    if (!given.length || unknown.length) return;
    const ids = given.slice(0, MOST).map(idOf);
    setText(notice, given.length > MOST ? `${number(given.length)} words were given; a sequence has ${MOST} at most, so the rest is left out.` : "");
    state.ids = ids;
    state.order = ids.map((_, i) => ids.length - 1 - i);
    again();
  }

  /** `networks`: kind → Transformer; `nouns`: the words that are asked for a role; `said`: what training they have had. */
  function take(networks, { vocabulary, nouns }, said) {
    known = { networks, vocabulary, nouns: new Set(nouns), said };
    setText(words, `Words they know: ${vocabulary.join(", ")}.`);
    if (!state.ids) read(state.text);
    again();
  }

  // A verb has no role in the task: what the network puts out there was never asked for.
  const asked = (names) => names.map((name) => known.nouns.has(name));
  const texts = (shares, names) => asked(names).map((isAsked, at) => (isAsked ? `doer ${percent(shares[at], 1)}` : "not asked"));

  function refresh() {
    stale = false;
    const { vocabulary, networks } = known;
    const names = state.ids.map((id) => vocabulary[id]);
    const all = Object.fromEntries(KINDS.map((kind) => [kind, compareOrders(networks[kind], state.ids, state.order)]));
    const found = all[state.kind];
    for (const chip of chips) chip.setAttribute("aria-pressed", chip.dataset.kind === state.kind);
    const isAsked = asked(names);
    const shares = found.words.map(({ share }) => share);
    const bars = (values) => values.map((share, at) => (isAsked[at] ? share : 0));
    replace(plain, names.map((name, at) => h("div.word", { role: "listitem", "data-at": at, onpointerenter: () => point(at), onpointerleave: () => point(null) }, h("bdi", written(name)), h("span.bar", h("i", { style: { width: `${100 * bars(shares)[at]}%` } })), h("span.under.value", texts(shares, names)[at]))));
    other.set(names, state.order);
    const moved = found.words.map(({ reordered }) => reordered);
    other.mark(bars(moved), texts(moved, names));
    const mirrored = state.order.every((at, i) => at === names.length - 1 - i);
    const isSame = state.order.every((at, i) => at === i);
    setText(sentence, said({ kind: state.kind, found, names, mirrored, isSame, at: Math.max(0, isAsked.indexOf(true)) }));
    replace(table, h("thead", h("tr", h("th", "Positions"), KINDS.map((kind) => h("th", { "data-kind": kind, class: kind === state.kind ? "now" : null }, NAMES[kind])))),
      h("tbody", h("tr", h("th", { scope: "row" }, "Largest difference of an output"), KINDS.map((kind) => h("td", { "data-kind": kind, class: kind === state.kind ? "now" : null }, number(all[kind].largest, 2)))),
        h("tr", h("th", { scope: "row" }, "The two orders"), KINDS.map((kind) => h("td", { class: kind === state.kind ? "now" : null }, all[kind].largest <= SAME ? "the same" : "differ")))));
    setText(about, `Outputs are the two numbers of each word before the softmax, in double precision; below 10⁻⁶ is rounding. ${known.said}`);
    shown = { ids: [...state.ids], order: [...state.order], kind: state.kind, all, text: sentence.textContent };
  }

  // From each word above to the same word below.
  function drawLines() {
    const box = lines.getBoundingClientRect();
    const color = kindColor(state.kind, ctx.colors);
    const parts = state.ids.map((_, at) => {
      const [a, b] = [plain.children[at], other.boxOf(at)].map((each) => { const { left, width } = each.getBoundingClientRect(); return left + width / 2 - box.left; });
      const on = state.pointed === at;
      return svg("path", { d: `M${a.toFixed(1)},0 C${a.toFixed(1)},28 ${b.toFixed(1)},18 ${b.toFixed(1)},46`, fill: "none", stroke: on ? ctx.colors.accent : color, "stroke-width": on ? 3 : 1.6, opacity: state.pointed === null || on ? 0.9 : 0.25 });
    });
    lines.replaceChildren(...parts);
  }

  function draw() {
    if (!known || !state.ids) return;
    if (stale) refresh();
    [...plain.children].forEach((box, at) => box.classList.toggle("lit", at === state.pointed));
    other.light(state.pointed);
    element.style.setProperty("--kind", kindColor(state.kind, ctx.colors));
    drawLines();
  }

  return { element, take, draw, read: () => shown, again };
}

/** `at`: the word that the sentence names. */
function said({ kind, found, names, mirrored, isSame, at }) {
  const first = found.words[at];
  const word = written(names[at]);
  if (isSame) return "Both rows are in the same order. Move a word.";
  if (found.largest <= SAME) {
    if (kind === "none") return `Without positions every word gets the very same answer in both orders: ${word} is the doer with ${percent(first.share)} here and ${percent(first.reordered)} there, and no output differs by more than ${number(found.largest, 2)}. The answers move with the words, whatever the weights.`;
    return mirrored && kind === "alibi" ? "With ALiBi the answers are the same too: the lower row is the mirror image of the upper one, all distances are as they were, and ALiBi knows distances only. Rotate the words instead." : `With ${NAMES[kind]} no output of these words differs.`;
  }
  return `With ${NAMES[kind]} the order counts: ${word} is the doer with ${percent(first.share)} in the upper order and with ${percent(first.reordered)} in the lower one; the largest difference of an output is ${number(found.largest, 2)}.`;
}
