// The tools of the drawing: what a press means, undo and redo, tidying, and the switches.

import { h, icon, setText } from "../lib/dom.js";

const TOOLS = [
  ["move", "Move", "m", "Drag a node to move it. A click picks a node or an edge."],
  ["add", "Add node", "a", "Click an empty place for a new node."],
  ["join", "Join", "j", "Drag from one node to another, or click one after the other."],
  ["label", "Label", "l", "Click a node to tell its class in training; click again to take that back."],
  ["erase", "Erase", "x", "Click a node or an edge to remove it."],
];

/** `{element, hint, show(state)}`; `acts`: tool(name), undo, redo, tidy, asItWas, directed, reach, paste, copy, download. */
export function buildTools(acts) {
  const buttons = TOOLS.map(([name, label, key, words]) => h("button", {
    type: "button", role: "radio", "aria-checked": "false", "data-tool": name, title: `${words} Key ${key.toUpperCase()}`, onclick: () => acts.tool(name),
    onkeydown: (event) => step(event, name),
  }, label));
  const act = (name, label, title, content) => h("button.plain", { type: "button", title, "aria-label": label, "data-act": name, onclick: () => acts[name]() }, content);
  const undo = act("undo", "Undo", "Undo the last edit. Ctrl or ⌘ with Z", icon("reset", 18));
  const redo = act("redo", "Redo", "Do it again. With Shift too", icon("reset", 18));
  redo.classList.add("ge-mirror");
  const tidy = act("tidy", "Tidy the drawing", "Lay the drawing out anew. Key T", "Tidy");
  const asItWas = act("asItWas", "The graph as it was", "Take back every edit of this graph", "As it was");
  const toggle = (name, label, title) => h("button.ge-toggle", { type: "button", "aria-pressed": "false", title, "data-act": name, onclick: () => acts[name]() }, label);
  const directed = toggle("directed", "Arrows", "Messages go one way only, along each arrow");
  const reach = toggle("reach", "Reach", "Shade the nodes that the picked one has heard of after all layers. Key H");
  const paste = h("button", { type: "button", "data-act": "paste", onclick: () => acts.paste() }, icon("upload", 16), "Paste or open");
  const copy = act("copy", "Copy as edge list", "Copy the graph as an edge list", [icon("copy", 16), h("span", "Copy edges")]);
  const download = act("download", "Download as GraphML", "Save the graph as GraphML", [icon("download", 16), h("span", "GraphML")]);
  const hint = h("p.small.muted.ge-hint", { role: "status" });
  const element = h("div.ge-tools",
    h("div.segments.ge-segments", { role: "radiogroup", "aria-label": "What a press on the drawing does" }, buttons),
    h("div.row.ge-acts", undo, redo, tidy, asItWas, reach, directed),
    h("div.row.ge-acts.ge-files", paste, copy, download));
  let said = "";

  function step(event, name) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    let next = TOOLS.findIndex(([one]) => one === name);
    do next = (next + way + TOOLS.length) % TOOLS.length; while (buttons[next].classList.contains("hidden"));
    acts.tool(TOOLS[next][0]);
    buttons[next].focus();
    event.preventDefault();
    event.stopPropagation();
  }

  return {
    element, hint,
    keys: { ...Object.fromEntries(TOOLS.map(([name, , key]) => [key, () => acts.tool(name)])), h: () => acts.reach(), t: () => acts.tidy() },
    /** A word beside the hint for what was just done, until another tool is chosen. */
    say(words) { said = words; },
    show({ tool, isLabelled, canUndo, canRedo, isEdited, isDirected, isReaching, className, joinFrom, isMolecule }) {
      TOOLS.forEach(([name], k) => {
        buttons[k].setAttribute("aria-checked", String(name === tool));
        buttons[k].classList.toggle("hidden", name === "label" && !isLabelled);
        buttons[k].tabIndex = name === tool ? 0 : -1;
      });
      [undo.disabled, redo.disabled, asItWas.disabled] = [!canUndo, !canRedo, !isEdited];
      directed.setAttribute("aria-pressed", String(isDirected));
      directed.classList.toggle("hidden", isMolecule);
      reach.setAttribute("aria-pressed", String(isReaching));
      const words = TOOLS.find(([name]) => name === tool)[3];
      const more = tool === "label" ? ` Chosen: ${className}.` : tool === "join" && joinFrom ? ` From ${joinFrom} to …` : "";
      setText(hint, said || `${words}${more}`);
    },
  };
}
