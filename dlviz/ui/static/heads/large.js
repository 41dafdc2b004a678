// The chosen head large: as a grid, or as lines from token to token; or all heads of its layer as lines in their colours.

import { h, number, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { Pattern } from "../lib/pattern.js";
import { Strands } from "../lib/strands.js";
import { written } from "../lib/tokens.js";
import { placeOf } from "./naming.js";

const VIEW = { name: "view", kind: "choice", label: "View", options: ["grid", "lines"], labels: ["Grid", "Lines"], default: "grid" };
const OF = { name: "of", kind: "choice", label: "Lines of", options: ["one", "all"], labels: ["This head", "All heads"], default: "one" };
const SCALE = { name: "scale", kind: "choice", label: "Colours", options: ["whole", "own"], labels: ["0 to 1", "0 to its largest"], default: "whole", help: "From 0 to 1, so that heads can be compared; or each head up to its own largest weight, to see faint patterns." };
const LEAST = { name: "least", kind: "range", label: "Lines from a weight of", low: 0, high: 1, default: 0.05, help: "Weaker lines are left out." };

const SIDE = { least: 30, most: 46, whole: 560 }; // px of a cell, and of a grid of few

/** `state`: {view, of, scale, least, without: Set of heads left out}. `change(changes)` hears the controls. */
export function buildLarge(state, { live, ctx, attended, change, happened }) {
  const look = { onhover: (query, key) => attended.hover(query, key), onpick: (query, key) => (query === null && key !== null ? pinKey(key) : attended.pin(query, key)), redraw: () => ctx.redraw() };
  const pattern = new Pattern({ label: "Weights of the chosen head", side: 30, ...look });
  const strands = new Strands({ label: "Attention as lines", ...look });
  const set = (field, onchange) => knob(field, { value: state[field.name], onchange });
  const view = set(VIEW, (value) => { if (value === "lines") happened("lines"); change({ view: value }); });
  const of = set(OF, (value) => change({ of: value }));
  const scale = set(SCALE, (value) => change({ scale: value }));
  const least = set(LEAST, (value) => change({ least: value }));
  const menus = Object.fromEntries(["query", "key"].map((what) => [what, h("select", { id: `heads-${what}`, onchange: () => choose() })]));
  const menu = (what, label) => h("div.knob", h("div.knob-head.label", h("label", { for: menus[what].id }, label)), h("span.menu", menus[what]));
  const legend = h("div.legend", { role: "group", "aria-label": "Heads shown as lines" });
  const title = h("h3");
  const size = h("p.label.value");
  const ramp = h("canvas.ramp", { role: "img", "aria-label": "Colour scale" });
  const end = h("span.value");
  const ramps = h("div.scale.label", h("span.value", "0"), ramp, end, h("span", "weight; each row adds up to 1; hatched: hidden by the mask"));
  const axes = h("p.label", "down: the token that looks (query) · across: the tokens it looks at (keys)");
  const sides = h("p.label.sides", h("span", "the token that looks (query)"), h("span", "what it looks at (keys)"));
  const element = h("div.large", h("div.large-head", title, size),
    h("div.controls", view.element, of.element, scale.element, least.element, menu("query", "Only from"), menu("key", "Only to")),
    legend, sides, axes, h("div.frame", pattern.element, strands.element), ramps);
  let menuKey = "";

  // A key alone cannot be pinned by its row: what is pinned then is the column.
  function pinKey(key) {
    const again = attended.pinned && attended.query === null && attended.key === key;
    live.shared.set("attention.query", null);
    live.shared.set("attention.key", again ? null : key);
    live.shared.set("attention.pinned", !again);
  }

  function choose() {
    const [query, key] = ["query", "key"].map((what) => (menus[what].value === "" ? null : Number(menus[what].value)));
    if (query === null && key === null) attended.pin(null);
    else if (query === null) { if (attended.key !== key || attended.query !== null || !attended.pinned) pinKey(key); }
    else if (!(attended.pinned && attended.query === query && attended.key === key)) attended.pin(query, key);
    happened("filter");
  }

  function showMenus(rows, columns) {
    const key = JSON.stringify([rows, columns]);
    if (key !== menuKey) {
      menuKey = key;
      const options = (tokens) => [h("option", { value: "" }, "every token"), ...tokens.map((token, i) => h("option", { value: i }, `${i + 1}  ${written(token)}`))];
      replace(menus.query, options(rows));
      replace(menus.key, options(columns));
    }
    menus.query.value = attended.pinned ? attended.query ?? "" : "";
    menus.key.value = attended.pinned ? attended.key ?? "" : "";
  }

  function showLegend(heads) {
    const key = `${heads} ${ctx.colors.dark}`;
    if (legend.dataset.key !== key) {
      legend.dataset.key = key;
      replace(legend, Array.from({ length: heads }, (_, head) => h("button.chip", {
        type: "button", "data-head": head, style: { "--of-head": colorOf(head, ctx.colors) },
        onclick: () => {
          const without = new Set(state.without);
          if (!without.delete(head)) without.add(head);
          change({ without });
        },
      }, h("i.swatch"), `Head ${head + 1}`)));
    }
    [...legend.children].forEach((button, head) => button.setAttribute("aria-pressed", !state.without.has(head)));
  }

  /** `rows`, `columns`: the tokens; `high` of the scale. */
  function show({ grid, head, rows, columns, high }) {
    const { weights, hidden } = grid.part;
    const isLines = state.view === "lines";
    const isAll = isLines && state.of === "all";
    setText(title, isAll ? `${placeOf(grid)}: all heads` : `${placeOf(grid)}: head ${head + 1}`);
    setText(size, isAll ? `weights ${weights.length} × ${rows.length} × ${columns.length}` : `weights ${rows.length} × ${columns.length}`);
    pattern.side = Math.max(SIDE.least, Math.min(SIDE.most, SIDE.whole / columns.length)); // few tokens have room for numbers
    pattern.label = `Weights of head ${head + 1}, ${placeOf(grid)}`;
    pattern.set({ rows, columns, values: weights[head], hidden, scale: "sequential", high });
    const strong = (values) => values.map((w) => (w < state.least ? 0 : w));
    const layers = isAll ? weights.map((values, i) => ({ values: strong(values), color: colorOf(i, ctx.colors), head: i })).filter(({ head: i }) => !state.without.has(i)) : [{ values: strong(weights[head]), color: ctx.colors.accent, head }];
    strands.set({ rows, columns, layers });
    for (const part of [pattern.element, axes, ramps, scale.element]) part.classList.toggle("hidden", isLines);
    for (const part of [strands.element, sides, of.element, least.element]) part.classList.toggle("hidden", !isLines);
    legend.classList.toggle("hidden", !isAll);
    view.set(state.view);
    showMenus(rows, columns);
    if (isAll) showLegend(weights.length);
    setText(end, number(high, 2));
    return { layers: layers.map(({ head: i, values }) => ({ head: i, shown: values.reduce((sum, w) => sum + (w >= Math.max(0.01, state.least) ? 1 : 0), 0) })) };
  }

  function draw(colors) {
    const { query, key, pinned } = attended;
    if (state.view === "grid") {
      pattern.light(query, key, { pinned });
      pattern.draw(colors);
      drawRamp(ramp, colors);
    } else {
      strands.light(query, key);
      strands.draw(colors);
    }
    showMenus(pattern.state.rows, pattern.state.columns);
  }

  return { element, show, draw, pattern, strands };
}

const colorOf = (head, colors) => colors.classes[head % colors.classes.length];

function drawRamp(canvas, colors) {
  if (canvas.width !== 256) Object.assign(canvas, { width: 256, height: 1 });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(256, 1);
  for (let x = 0; x < 256; x += 1) image.data.set([...colors.sequential(x / 255), 255], 4 * x);
  pen.putImageData(image, 0, 0);
}
