// What is looked at: one node, one layer or all layers; which layer, which head, which node.

import { h, setText } from "../lib/dom.js";

const MODES = [["node", "One node"], ["layer", "One layer"], ["all", "All layers"]];

/** `listeners`: onmode(mode), onlayer(k), onhead(k), onnode(k). `mode` is what is chosen. */
export function buildChoices({ onmode, onlayer, onhead, onnode }) {
  let [mode, layers, heads, nodes] = ["node", -1, -1, null];
  const segment = (label, names, onchoose) => {
    const buttons = names.map(([id, words]) => h("button.gm-choice", { type: "button", "aria-pressed": "false", onclick: () => onchoose(id) }, words));
    return { element: h("div.gm-segment", { role: "group", "aria-label": label }, buttons), buttons };
  };
  const modes = segment("What is looked at", MODES, (id) => { mode = id; onmode(id); });
  const layerPlace = h("span.gm-place");
  const headPlace = h("span.gm-place");
  const layerBox = h("span.gm-labelled", h("span.label", "Layer"), layerPlace);
  const headBox = h("span.gm-labelled", h("span.label", "Head"), headPlace);
  const select = h("select", { "aria-label": "Node", onchange: () => onnode(Number(select.value)) });
  const nodeBox = h("label.gm-labelled", h("span.label", "Node"), select);
  const element = h("div.gm-choices", modes.element, nodeBox, layerBox, headBox);
  let [layerButtons, headButtons] = [[], []];
  const press = (buttons, k) => buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(at === k)));

  function show({ graph, node, layer, head, row, result, name }) {
    press(modes.buttons, MODES.findIndex(([id]) => id === mode));
    if (layers !== result.layers.length) {
      layers = result.layers.length;
      const made = segment("Layer", Array.from({ length: layers }, (_, k) => [k, String(k + 1)]), onlayer);
      layerPlace.replaceChildren(made.element);
      layerButtons = made.buttons;
    }
    result.layers.forEach(({ row: each }, k) => { layerButtons[k].title = `${each.inputs} → ${each.outputs}`; });
    if (heads !== row.heads) {
      heads = row.heads;
      const made = segment("Head", Array.from({ length: heads }, (_, k) => [k, String(k + 1)]), onhead);
      headPlace.replaceChildren(made.element);
      headButtons = made.buttons;
    }
    press(layerButtons, layer);
    press(headButtons, head);
    layerBox.classList.toggle("hidden", mode === "all");
    headBox.classList.toggle("hidden", mode !== "node" || row.kind !== "gat" || row.heads === 1);
    if (nodes !== graph) {
      nodes = graph;
      const names = Array.from({ length: graph.count }, (_, k) => name(k).replace(/^node /, ""));
      if (select.options.length !== names.length) select.replaceChildren(...names.map((_, k) => h("option", { value: String(k) })));
      names.forEach((words, k) => setText(select.options[k], words));
    }
    if (select.value !== String(node)) select.value = String(node);
  }
  return { element, show, get mode() { return mode; } };
}
