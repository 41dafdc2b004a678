// One head enlarged: as a grid or as lines, what it does, the row pointed at, and the arithmetic of one weight.

import { css } from "../lib/color.js";
import { fit, h, number, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { Pattern } from "../lib/pattern.js";
import { Strands } from "../lib/strands.js";
import { written } from "../lib/tokens.js";
import { barList } from "./bars.js";
import { ROLES, endOf, gridOf, largest, rolesOf, shownGrid } from "./reading.js";
import { ROLE_NAMES, headInWords, place, quoted, share, upper } from "./words.js";

const MOST_BARS = 8;
const WIDTH = 32; // numbers of a query and a key of one head

const choice = (name, label, options, labels, onchange, help) => knob({ name, kind: "choice", label, options, labels, default: options[0], help }, { onchange });

/** `panel`: {ctx, state, look(changes), point(query, key), pin(query, key)}, see component.js. */
export function buildHead(panel) {
  const { ctx, state } = panel;
  const handlers = { redraw: () => ctx.redraw(), onhover: panel.point, onpick: panel.pin };
  const pattern = new Pattern({ label: "Weights of the chosen head", ...handlers, side: 44 });
  const strands = new Strands({ label: "The chosen head as lines", ...handlers });
  const controls = {
    lines: choice("lines", "Show as", ["grid", "lines"], ["Grid", "Lines"], (form) => panel.look({ form })),
    own: choice("own", "Full colour at", ["word", "own", "one"], ["Its largest word", "Its largest", "1"], (scale) => panel.look({ scale }), "The largest weight that goes to a piece of a word: many heads rest on [CLS], and against that nothing else could be seen. Or the largest weight of the head; or 1, which is one scale for all heads."),
    view: choice("view", "Weights", ["before", "after", "difference"], ["As read", "Changed", "Difference"], (view) => panel.look({ view })),
  };
  const title = h("h4");
  const shape = h("span.label.value");
  const words = h("p.head-words");
  const scale = h("canvas.scale", { role: "img", "aria-label": "Colour scale" });
  const [low, high] = [h("span"), h("span")];
  const roles = barList({ label: "Where its weight goes" });
  const rowTitle = h("p.label");
  const row = barList({ label: "The row pointed at" });
  const products = h("canvas.products", { role: "img" });
  const sum = h("p.sum.value");
  const arithmetic = h("div.arithmetic", h("p.label", "How this weight comes about: 32 products of query and key"), products, sum);
  const legend = h("div.scale-of.value", low, scale, high);
  const lineWords = h("p.label", "A line is as wide and as strong as its weight; below 1 % there is none. Point at a token for its lines alone.");
  let shown = null; // {grid, high}
  let vectors = null; // {version, layer, head, query, key, scores}

  const element = h("div.head-look",
    h("div.head-top", title, shape),
    h("div.controls", controls.lines.element, controls.own.element, controls.view.element),
    h("div.picture", pattern.element, strands.element),
    legend, lineWords);
  const beside = h("div.head-beside", words,
    h("div", h("p.label", "Where its weight goes: bar, this sentence; tick, mean of 24 sentences"), roles.element),
    h("div", rowTitle, row.element), arithmetic);

  /** Another head, view or sentence. */
  function refresh() {
    const { reading, many, layer, head, form, scale: kind } = state;
    const view = reading.changed ? state.view : "before";
    const grid = shownGrid({ reading, view, layer, head });
    const signed = view === "difference";
    const end = signed ? largest(grid) || 1 : endOf(grid, kind, reading.signs, reading.count);
    shown = { grid, view, high: end };
    const lines = form === "lines" && !signed;
    pattern.element.classList.toggle("hidden", lines);
    strands.element.classList.toggle("hidden", !lines);
    legend.classList.toggle("hidden", lines);
    lineWords.classList.toggle("hidden", !lines);
    const { pieces } = reading;
    pattern.set({ rows: pieces, columns: pieces, values: grid, scale: signed ? "diverging" : "sequential", high: end });
    strands.set({ rows: pieces, columns: pieces, layers: [{ values: grid, color: ctx.colors.positive }] });
    setText(title, upper(place({ layer, head })));
    setText(shape, `${reading.count} × ${reading.count} · rows look, columns are looked at`);
    setText(words, headInWords(reading, many, { layer, head }));
    setText(low, signed ? number(-end, 2) : "0");
    setText(high, `${number(end, 2)}${largest(grid) > end ? " and more" : ""}`);
    const here = rolesOf(reading.roles, layer, head);
    const all = many ? rolesOf(many.roles, layer, head) : null;
    roles.set(ROLES.map((role, k) => ({ name: ROLE_NAMES[role], share: here[k], aside: all?.[k], text: all ? `${share(here[k])} · ${share(all[k])}` : share(here[k]) })));
    controls.view.element.classList.toggle("hidden", !reading.changed);
    controls.lines.set(form);
    controls.own.set(kind);
    controls.view.set(view);
    point();
  }

  /** Other tokens are pointed at. */
  function point() {
    const { reading, query, key, pinned } = state;
    if (!shown) return;
    pattern.light(query, key, { pinned });
    strands.light(query, query === null ? key : null); // all lines of the token that looks
    const { pieces, count } = reading;
    const column = query === null && key !== null;
    const at = query ?? (column ? key : count > 1 ? 1 : 0);
    const values = pieces.map((_, i) => shown.grid[column ? i * count + at : at * count + i]);
    const order = values.map((_, i) => i).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a])).slice(0, MOST_BARS);
    const signed = shown.view === "difference";
    setText(rowTitle, `${quoted(pieces[at])}, token ${at + 1}, ${column ? "is looked at by" : "looks at"}${signed ? ", changed less as read" : ""}`);
    row.set(order.map((i) => ({ name: `${written(pieces[i])}`, share: values[i], text: signed ? number(values[i], 2) : share(values[i]), strong: column ? i === query : i === key })));
    tellSum();
  }

  const hasVectors = () => vectors && vectors.reading === state.reading && vectors.layer === state.layer && vectors.head === state.head;

  /** The 32 products behind one weight. */
  function termsOf(query, key) {
    return Array.from({ length: WIDTH }, (_, i) => vectors.query[query * WIDTH + i] * vectors.key[key * WIDTH + i]);
  }

  function tellSum() {
    const { reading, query, key, layer, head } = state;
    const usable = query !== null && key !== null && shown.view === "before" && hasVectors();
    arithmetic.classList.toggle("empty", !usable);
    if (!usable) {
      setText(sum, shown.view === "before" ? "Point at a cell of the grid: its weight is opened here." : "Of the weights as read a cell can be opened here.");
      return;
    }
    const { count, pieces } = reading;
    const dot = termsOf(query, key).reduce((total, x) => total + x, 0);
    const scores = vectors.scores.subarray(query * count, (query + 1) * count);
    const score = scores[key];
    const total = scores.reduce((all, x) => all + Math.exp(x), 0);
    const weight = gridOf(reading.weights, count, layer, head)[query * count + key];
    setText(sum, `${quoted(pieces[query])} → ${quoted(pieces[key])}: q · k = ${number(dot)}; ÷ √32 = ${number(score)}; e^${number(score)} ÷ ${number(total)} (the sum over ${count} tokens) = ${number(weight)}`);
    products.setAttribute("aria-label", `32 products that add up to ${number(dot)}`);
  }

  function drawProducts(colors) {
    const { query, key } = state;
    const { pen, width, height } = fit(products);
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = colors.line;
    pen.fillRect(0, height / 2, width, 1);
    if (arithmetic.classList.contains("empty")) return;
    const terms = termsOf(query, key);
    const most = largest(terms) || 1;
    const pitch = width / WIDTH;
    terms.forEach((x, i) => {
      const tall = (Math.abs(x) / most) * (height / 2 - 1);
      pen.fillStyle = css(colors.diverging(x > 0 ? 0.8 : -0.8));
      pen.fillRect(i * pitch + 0.5, x > 0 ? height / 2 - tall : height / 2 + 1, Math.max(1, pitch - 2), tall);
    });
  }

  return {
    element, beside, refresh, point, hasVectors, pattern,
    take(reading, layer, head, { arrays }) {
      vectors = { reading, layer, head, query: arrays.query.data, key: arrays.key.data, scores: arrays.scores.data };
      point();
      ctx.redraw();
    },
    draw(colors, resized) {
      if (!shown) return;
      if (strands.element.classList.contains("hidden")) pattern.draw(colors);
      else strands.draw(colors);
      drawProducts(colors);
      if (resized) {
        const { pen, width, height } = fit(scale);
        for (let x = 0; x < width; x += 1) {
          const t = x / Math.max(1, width - 1);
          pen.fillStyle = css(shown.view === "difference" ? colors.diverging(2 * t - 1) : colors.sequential(t));
          pen.fillRect(x, 0, 1.5, height);
        }
      }
    },
    expose: () => shown && { view: shown.view, high: shown.high, grid: [...shown.grid], words: words.textContent, sum: sum.textContent, row: rowTitle.textContent, terms: !arithmetic.classList.contains("empty") ? termsOf(state.query, state.key) : null },
  };
}
