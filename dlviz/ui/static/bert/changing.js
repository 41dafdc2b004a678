// Mask, replace or hide a token, and see how far every token's vector went after each layer.

import { css } from "../lib/color.js";
import { fit, h, number, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { Pattern } from "../lib/pattern.js";
import { written } from "../lib/tokens.js";
import { LAYERS, SEPARATOR, largest, shift, shifts } from "./reading.js";
import { changeInWords, place, quoted } from "./words.js";

const ROWS = ["embedding", ...Array.from({ length: LAYERS }, (_, i) => `layer ${i + 1}`)];
const SIGN = { mask: "[MASK]", hide: "hidden" };

/** What a change is called: “it” → [MASK]. */
const named = (pieces, { at, to, word }) => `${quoted(pieces[at])} ${to === "hide" ? "hidden" : `→ ${to === "word" ? word : SIGN[to]}`}`;

/** `panel`: {ctx, state, change(changes), choose({layer, head}), look}. */
export function buildChanging(panel) {
  const { ctx, state } = panel;
  let dirty = false;
  const redraw = () => { dirty = true; ctx.redraw(); };
  const of = h("p.of");
  const word = h("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "New word", placeholder: "another word", maxlength: 80 });
  const button = (label, onclick, title) => h("button", { type: "button", onclick, title }, label);
  const mask = button("Mask it", () => put({ to: "mask" }), "In its place stands [MASK], as in the task BERT was first trained on");
  const hide = button("Hide it", () => put({ to: "hide" }), "It stays, but nobody may look at it, in any layer");
  const replace_ = button("Replace", () => put({ to: "word", word: word.value }));
  const tools = h("div.row.tools", of, mask, hide, h("span.row.replacing", word, replace_));
  const list = h("div.row.changes");
  const problem = h("p.problem", { role: "alert" });
  const says = h("p.says", { "aria-live": "polite" });
  const metric = knob({ name: "metric", kind: "choice", label: "Show", options: ["turned", "distance"], labels: ["1 − cosine", "Length of the difference"], default: "turned", help: "1 − cosine: how far the vector has turned, 0 not at all. Length: of the vector after less the vector before." },
    { onchange: (value) => { state.metric = value; refresh(); } });
  const readout = h("p.label.value", "Point at a cell to read it.");
  const map = new Pattern({ label: "How far each token went", redraw, onhover: point, onpick: point, side: 40 });
  const scale = h("canvas.scale", { role: "img", "aria-label": "Colour scale" });
  const high = h("span");
  const jump = button("Show the head that moved most", () => panel.choose(most));
  const found = h("div.found", says, h("div.controls", metric.element, jump), h("div.map", map.element), h("div.scale-of.value", h("span", "0"), scale, high), readout);
  let most = null;

  word.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") put({ to: "word", word: word.value });
  });

  function put(change) {
    const at = state.picked;
    if (at === null) return;
    if (change.to === "word" && !change.word.trim()) {
      fail("Type the new word first, such as “dog”.");
      return;
    }
    const others = state.changes.filter((each) => each.at !== at || (each.to === "hide") !== (change.to === "hide"));
    panel.change([...others, { at, ...change }]);
  }

  function fail(text) {
    setText(problem, text);
  }

  function point(layer, token) {
    const { reading } = state;
    map.light(layer, token);
    if (layer === null || token === null || !reading?.changed) {
      setText(readout, "Point at a cell to read it.");
      return;
    }
    const at = layer * reading.count + token;
    setText(readout, `${quoted(reading.pieces[token])} after ${layer ? `layer ${layer}` : "the embedding"}: 1 − cosine ${number(reading.changed.turned[at])}, length of the difference ${number(reading.changed.distance[at])}`);
  }

  /** Another answer, another token picked, or another head. */
  function refresh() {
    const { reading, picked, changes } = state;
    const sign = picked !== null && (picked === 0 || reading.ids[picked] === SEPARATOR);
    tools.classList.toggle("idle", picked === null);
    for (const each of [mask, hide, replace_, word]) each.disabled = picked === null || (sign && each !== hide);
    setText(of, picked === null ? "Click a token to change it." : `Token ${picked + 1}, ${quoted(reading.pieces[picked])}:${sign ? " a sign of every sentence, it may only be hidden." : ""}`);
    replace(list, changes.map((change) => h("button.chip", { type: "button", "aria-label": `Undo: ${named(reading.pieces, change)}`, onclick: () => panel.change(changes.filter((each) => each !== change)) }, `${named(reading.pieces, change)} ×`)),
      changes.length > 1 ? h("button.chip", { type: "button", onclick: () => panel.change([]) }, "Undo all") : null);
    found.classList.toggle("hidden", !reading.changed);
    if (!reading.changed) return;
    const { layer, head, metric: kind } = state;
    if (state.shiftsOf !== reading) Object.assign(state, { shiftsOf: reading, shifts: shifts(reading) });
    [most] = state.shifts;
    setText(says, changeInWords(reading, changes.map((each) => named(reading.pieces, each)).join(", "), most, { layer, head, shift: shift(reading, layer, head) }));
    jump.disabled = most.layer === layer && most.head === head;
    jump.title = place(most);
    const values = reading.changed[kind];
    // What was replaced goes farthest by itself; the scale is for what that did to the others.
    const replaced = new Set(changes.filter(({ to }) => to !== "hide").map(({ at }) => at));
    const others = values.filter((_, at) => !replaced.has(at % reading.count));
    map.set({ rows: ROWS, columns: reading.pieces, values, scale: "sequential", high: largest(others) || largest(values) || 1 });
    setText(high, `${number(map.high)}${replaced.size ? " and more: full colour is reached by the largest of the tokens that were not replaced" : ""}`);
    metric.set(kind);
  }

  return {
    tools: h("div.changer", tools, problem, list),
    element: h("section.part", h("h3", "What a change of one token changes"),
      h("p.muted.lead", "Click a token of the sentence at the top, then mask it, hide it or write another word in its place. BERT reads again, and a map here shows how far the vector of every token went, from the embedding at the top to the last layer. "
        + "The heads can then be shown as changed, or as the difference."),
      found),
    refresh, fail, map,
    draw(colors, resized) {
      if (found.classList.contains("hidden") || !(dirty || resized)) return;
      dirty = false;
      map.draw(colors);
      if (!resized) return;
      const { pen, width, height } = fit(scale);
      for (let x = 0; x < width; x += 1) {
        pen.fillStyle = css(colors.sequential(x / Math.max(1, width - 1)));
        pen.fillRect(x, 0, 1.5, height);
      }
    },
    expose: () => ({ says: says.textContent, problem: problem.textContent, readout: readout.textContent, most, of: of.textContent, list: [...list.children].map((each) => each.textContent), written: state.reading?.changed?.pieces.map(written) }),
  };
}
