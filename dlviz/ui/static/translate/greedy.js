// Greedy, one token after the other: what could come next, what is taken, and where every head looks at that moment.

import { h, percent, replace, setText } from "../lib/dom.js";
import { Pattern } from "../lib/pattern.js";
import { Tokens, spoken, written as sign } from "../lib/tokens.js";

const SHOWN = 8; // tokens of the bars
const least = (p) => (p > 0 && p < 0.0005 ? "< 0.1 %" : percent(p));

/** `onstep(at)`: the step that is looked at. `onhead(which)`: a row of the heads, {grid, head}. */
export function buildGreedy({ ctx, onstep, onhead }) {
  const source = new Tokens({ label: "The source, coloured by where it looks at this step", colors: () => ctx.colors });
  const target = new Tokens({ label: "What it writes; choose a token to see how it was chosen", colors: () => ctx.colors, onpick: (at) => { if (at !== null) go(at); } });
  const again = h("button", { type: "button", onclick: () => { hides = true; go(0); } }, "From the beginning");
  const back = h("button", { type: "button", "aria-label": "One token back", onclick: () => go(at - 1) }, "Back");
  const next = h("button.primary", { type: "button", onclick: () => go(at + 1) }, "Next token");
  const all = h("button", { type: "button", onclick: () => { hides = false; go(last()); } }, "All");
  const where = h("p.where.value", { "aria-live": "polite" });
  const list = h("ul.best", { "aria-label": "What could come next" });
  const rest = h("p.small.muted.value");
  const heads = new Pattern({
    label: "Cross-attention of every head at this step", redraw: ctx.redraw, side: 26,
    onhover: (row, key) => { pointed = [row, key]; ctx.redraw(); }, onpick: (row) => { if (row !== null) onhead(rows[row]); },
  });
  const read = h("p.small.value.read");
  const element = h("section.part", { "aria-label": "Greedy" },
    h("h3", "Greedy: the likeliest token each time"),
    h("div.lines", h("span.label", "It reads; under it % of attention"), source.element, h("span.label", "It writes"), target.element),
    h("div.row", again, back, next, all, where),
    h("div.both",
      h("div.stack", h("h4", "What could come next"), list, rest),
      h("div.stack", h("h4", "Where each head looks while it chooses"), heads.element, read)));
  let [at, hides, shown, told, pointed, rows] = [0, false, null, null, [null, null], []];

  const last = () => (shown ? shown.tokens.length - 1 : 0);
  function go(to) {
    at = Math.max(0, Math.min(last(), to));
    if (at === last()) hides = false;
    onstep(at);
  }

  /** `found`: {ids, tokens, logs: rows of log-probabilities, grids: cross-attentions}, `right` ids or null, `row`: chosen weights. */
  function show(found, { right, which, rowOf: weightsAt, vocabulary, name }) {
    told = { which, name, vocabulary };
    if (shown?.tokens.join() !== found.tokens.join()) at = Math.min(at, found.tokens.length - 1);
    shown = found;
    const { tokens, logs, grids } = found;
    const weights = weightsAt(at);
    source.set({ tokens: found.ids.map((id) => vocabulary[id]), values: weights, scale: { kind: "sequential", low: 0, high: Math.max(...weights, 0.05) }, below: [...weights].map((w) => (w >= 0.05 ? String(Math.round(100 * w)) : "")) });
    const visible = hides ? tokens.slice(0, at + 1) : tokens;
    const named = (id) => (vocabulary[id] === "$" ? "end" : vocabulary[id]);
    target.set({
      words: true, tokens: visible.map(named), below: visible.map((id, i) => percent(Math.exp(logs[i][id]), 0)),
      marks: right ? visible.map((id, i) => (id === right[i] ? "right" : "wrong")) : null,
    });
    target.light(at, { pinned: true });
    back.disabled = at === 0;
    again.disabled = hides && at === 0;
    next.disabled = all.disabled = at === last();
    const chance = Math.exp(logs[at][tokens[at]]);
    setText(where, `Step ${at + 1} of ${hides ? "…" : tokens.length}: it writes ${spoken(named(tokens[at]))}, ${percent(chance)} sure.`);
    const ranked = [...logs[at].keys()].sort((a, b) => logs[at][b] - logs[at][a]);
    replace(list, ranked.slice(0, SHOWN).map((id) => h("li", { class: id === tokens[at] ? "taken" : "" },
      h("span.token-name", sign(named(id))), h("span.bar", h("i", { style: { width: `${Math.exp(logs[at][id]) * 100}%` } })),
      h("span.value", least(Math.exp(logs[at][id]))), h("span.small.muted", right?.[at] === id ? "right" : ""))));
    const others = ranked.slice(SHOWN).reduce((total, id) => total + Math.exp(logs[at][id]), 0);
    setText(rest, `The ${ranked.length - SHOWN} others together: ${least(others)}.`);
    const keys = found.ids.length;
    rows = grids.flatMap(({ id, part }) => part.weights.map((_, head) => ({ grid: id, head })));
    const values = new Float64Array(rows.length * keys);
    grids.forEach(({ part }, layer) => part.weights.forEach((w, head) => values.set(w.subarray(at * keys, (at + 1) * keys), (layer * part.weights.length + head) * keys)));
    heads.set({ rows: grids.flatMap(({ layer, part }) => part.weights.map((_, head) => `layer ${layer + 1}, head ${head + 1}`)), columns: found.ids.map((id) => vocabulary[id]), values });
    point();
  }

  /** What is pointed at among the heads, or the chosen one. */
  function point() {
    if (!shown) return;
    const { ids, grids } = shown;
    const { which, name, vocabulary } = told;
    const { values } = heads.state;
    const [keys, perLayer] = [ids.length, grids[0].part.weights.length];
    const chosen = rows.findIndex(({ grid, head }) => which && which.grid === grid && which.head === head);
    const [row, key] = pointed[0] === null ? [chosen < 0 ? null : chosen, null] : pointed;
    heads.light(row, key, { pinned: row !== null && row === chosen });
    if (row === null) {
      setText(read, `${rows.length} heads × ${keys} tokens; the colour goes from 0 to 1. Choose a row to colour the source by that head; now it is coloured by ${name}.`);
      return;
    }
    const line = values.subarray(row * keys, (row + 1) * keys);
    const to = key ?? line.indexOf(Math.max(...line));
    setText(read, `Layer ${Math.floor(row / perLayer) + 1}, head ${(row % perLayer) + 1} gives ${percent(line[to])} to ${spoken(vocabulary[ids[to]])}, token ${to + 1}${key === null ? ", most of all" : ""}.`);
  }

  return {
    element, show, go, draw(colors) { point(); heads.draw(colors); }, get at() { return at; }, reset() { [at, hides] = [0, false]; },
    middle: (row, key) => heads.middle(row, key), weights: () => [...heads.state.values],
  };
}
