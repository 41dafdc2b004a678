// The tools of the editor: what is drawn next, with which element and which bond.

import { h } from "../lib/dom.js";
import { BONDS, ELEMENTS, nameOf } from "./chemistry.js";
import { elementColor } from "./paint.js";

const TOOLS = {
  add: ["Add", "Press an atom to bond a new one to it, a free place for one alone, or a bond to change its kind."],
  change: ["Change", "Press an atom to make it the chosen element, or a bond to make it of the chosen kind."],
  join: ["Join", "Pull from one atom to another for a bond of the chosen kind."],
  erase: ["Erase", "Press an atom or a bond to take it away."],
  nitro: ["Nitro group", "Press an atom to give it a nitro group, NO₂."],
  ring: ["Benzene ring", "Press an atom to give it a benzene ring, or a free place for one alone."],
};

/** `state` {tool, element, kind}; `onchange()`. */
export function buildTools({ onchange }) {
  const state = { tool: "add", element: "C", kind: 1 };
  const set = (changes) => { Object.assign(state, changes); onchange(); };
  const tools = Object.entries(TOOLS).map(([name, [label]]) => h("button.chip", { type: "button", "data-tool": name, onclick: () => set({ tool: name }) }, label));
  const letters = ELEMENTS.map((element) => h("span.gm-letter", element));
  const elements = ELEMENTS.map((element, k) => h("button.square", { type: "button", "data-element": element, "aria-label": nameOf(element), title: nameOf(element), onclick: () => set({ element, tool: state.tool === "change" ? "change" : "add" }) }, letters[k]));
  const kinds = [1, 2, 3, 0].map((kind) => h("button.gm-kind", { type: "button", "data-kind": BONDS[kind], "aria-label": `${BONDS[kind]} bond`, title: `${BONDS[kind]} bond`, onclick: () => set({ kind }) }, h("i", { class: BONDS[kind] })));
  const help = h("p.small.muted");
  const element = h("div.gm-tools",
    h("div.row", { role: "group", "aria-label": "Tool" }, tools),
    h("div.row", { role: "group", "aria-label": "Element" }, elements, h("span.gm-kinds", { role: "group", "aria-label": "Kind of bond" }, kinds)), help);

  return {
    element, state,
    draw(colors) {
      for (const tool of tools) tool.setAttribute("aria-pressed", tool.dataset.tool === state.tool);
      elements.forEach((button, k) => {
        button.setAttribute("aria-pressed", ELEMENTS[k] === state.element);
        letters[k].style.color = elementColor(ELEMENTS[k], colors);
      });
      for (const kind of kinds) kind.setAttribute("aria-pressed", kind.dataset.kind === BONDS[state.kind]);
      help.textContent = `${TOOLS[state.tool][1]} Atoms can be dragged.`;
    },
  };
}
