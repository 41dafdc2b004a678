// One layer at one node: its formula, the same with this node's numbers, what each neighbour counts for, and what comes out.

import { h, number, replace, setText, steady } from "../lib/dom.js";
import { coefficientBars } from "./bars.js";
import { formula, NAMES, SAID, WITH } from "./formulas.js";
import { vectorStrip } from "./strip.js";

// x with the name of the node below, as in the formula.
const named = (node, around, isOwn) => h("span", { class: isOwn ? "gy-x own" : "gy-x" }, h("i", "x"), h("sub", around.names[node] || String(node + 1)));

const TERMS = 6;
const MORE = 24;

/** `{element, draw(one, around), read()}`; `around`: {weights, nameOf, node, focus, colors, scale}. */
export function buildCard(kind, { onhover, onpick, redraw }) {
  const state = { head: 0, open: false };
  const law = h("div.gy-formula");
  const terms = h("div.gy-terms.value");
  const [line, sum, note, tag] = [h("p.small.value.gy-line"), h("span.small.muted.value"), h("p.label"), h("span.gy-tag.hidden")];
  const heads = h("div.row.gy-heads", { role: "group", "aria-label": "Head of the attention" });
  const bars = coefficientBars({ label: `${NAMES[kind]}: what each neighbour counts for`, onhover, onpick });
  const strip = vectorStrip(`${NAMES[kind]}: output`);
  const [length, shape] = [h("span.small.value"), h("span.label")];
  const element = h("section.gy-card", { "data-kind": kind, "aria-label": NAMES[kind] },
    h("div.gy-cardhead", h("h4", NAMES[kind]), tag), h("p.small.muted", SAID[kind]), law, note, terms, heads, bars.element, h("div.row.gy-under", line, sum),
    h("div.row.gy-out", h("span.label", "h"), strip.element, length), shape);
  let [lastHow, lastHeads, read] = [null, null, null];

  function saidOf(one, heard, around) {
    const name = around.nameOf(heard.node);
    const value = heard.coefficient[state.head] ?? heard.coefficient[0];
    if (value === null) return `${name}: counts where its number is the largest`;
    if (kind === "gcn") return `${name}: ${heard.weight === 1 ? "1" : number(heard.weight)} ÷ √(${number(one.degree)} × ${number(heard.degree)}) = ${number(value)}`;
    if (kind === "sage" && around.weights.rows.sage.how === "mean") return `${name}: 1 ÷ ${one.heard.length} = ${number(value)}`;
    if (kind === "gat") return `${name}: α = ${steady(value)}, head ${state.head + 1}`;
    if (kind === "gin") return `${name}: ${number(value)}, like every neighbour`;
    return `${name}: w = ${number(value)}`;
  }

  function drawTerms(one, around) {
    const shown = one.heard.slice(0, state.open ? MORE : TERMS);
    const rest = one.heard.length - shown.length;
    const made = shown.map(({ node, coefficient, isOwn }, k) => h("button.plain.gy-term", {
      type: "button", class: node === around.focus ? "lit" : null, onpointerenter: () => onhover(node), onpointerleave: () => onhover(null), onclick: () => onpick(node),
    }, k ? "+ " : "", h("b", number(coefficient[state.head] ?? coefficient[0] ?? 1)), named(node, around, isOwn)));
    if (one.apart !== null) made.unshift(h("span.gy-term.own", h("b", number(one.apart)), named(around.node, around, true), made.length ? "" : ", and no neighbour"));
    if (one.apart !== null && shown.length) made[1].prepend("+ ");
    if (!made.length) made.push(h("span.muted", "0: nobody sends it anything"));
    if (rest > 0 || state.open) made.push(h("button.plain.gy-term", { type: "button", "aria-expanded": state.open, onclick: () => { state.open = !state.open; redraw(); } }, state.open ? (rest > 0 ? `and ${rest} more; fewer` : "fewer") : `and ${rest} more`));
    replace(terms, made);
  }

  let before = "";
  return {
    element,
    draw(one, around) {
      const { weights } = around;
      const row = weights.rows[kind];
      if (row.how !== lastHow) replace(law, formula(kind, row.how));
      lastHow = row.how;
      setText(note, WITH[kind]);
      const isStage = weights.trained && weights.first.kind === kind;
      tag.classList.toggle("hidden", !isStage);
      setText(tag, "the layer above, as trained");
      state.head = Math.min(state.head, row.heads - 1);
      if (row.heads !== lastHeads) {
        replace(heads, row.heads > 1 ? Array.from({ length: row.heads }, (_, k) => h("button.chip", { type: "button", onclick: () => { state.head = k; redraw(); } }, `Head ${k + 1}`)) : []);
        lastHeads = row.heads;
      }
      [...heads.children].forEach((chip, k) => chip.setAttribute("aria-pressed", k === state.head));
      // The terms are made anew only when they say something else: what is pointed at must stay under the pointer.
      const now = JSON.stringify([one.heard.map(({ node, coefficient }) => [node, coefficient[state.head] ?? coefficient[0]]), one.apart, state, around.node, around.names]);
      if (now !== before) drawTerms(one, around);
      before = now;
      for (const [k, term] of [...terms.querySelectorAll("button.gy-term:not([aria-expanded])")].entries()) term.classList.toggle("lit", one.heard[k].node === around.focus);
      bars.set({ heard: one.heard, head: state.head, nameOf: around.nameOf, focus: around.focus, apart: one.apart });
      const focus = one.heard.find(({ node }) => node === around.focus) ?? one.heard.find(({ isOwn }) => !isOwn) ?? one.heard[0];
      setText(line, focus ? saidOf(one, focus, around) : "No neighbour.");
      const values = one.heard.map(({ coefficient }) => coefficient[state.head] ?? coefficient[0]);
      setText(sum, values.length && values[0] !== null ? `all together ${number(values.reduce((a, b) => a + b, 0))}` : "");
      strip.set(one.output, around.scale, around.colors);
      setText(length, `‖h‖ = ${number(one.norm)}`);
      setText(shape, `${weights.outputs} numbers, from ${one.heard.length} ${one.heard.length === 1 ? "message" : "messages"}`);
      read = { head: state.head, terms: one.heard.map(({ node, coefficient }) => ({ node, coefficient })), apart: one.apart, output: one.output, norm: one.norm, line: line.textContent, tag: isStage };
    },
    read: () => read,
  };
}
