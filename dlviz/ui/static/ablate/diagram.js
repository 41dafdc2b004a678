// The network as switches: each head, each attention and feed-forward network, each layer, in the order of the flow.

import { h, replace, setText } from "../lib/dom.js";
import { paintThumb } from "../lib/thumb.js";
import { headName, layerName, partName, partsOf } from "./changing.js";

const FEW = 4; // heads that have room for more than their number
const SAID = { on: "on", silent: "silent", even: "even" };

/** `kind()`: what a click makes of a head, "silent" or "even". */
export function buildDiagram({ changes, kind }) {
  const element = h("div.diagram", { role: "group", "aria-label": "The network; each button switches a part off or on" });
  let built = "";
  let heads = []; // {id, button, canvas, word}
  let parts = []; // {ids, button, word}

  function headButton(id, head, many) {
    const name = `${id}.${head}`;
    const canvas = h("canvas.thumb", { "aria-hidden": "true" });
    const word = h("span.state");
    const button = h("button.head-switch", { type: "button", "data-head": name, onclick: () => changes.switchHead(name, kind()) }, canvas, h("span.caption", h("span", many > FEW ? head + 1 : `Head ${head + 1}`), word));
    heads.push({ id: name, grid: id, head, button, canvas, word });
    return button;
  }

  function partButton(ids, label, name) {
    const word = h("span.state");
    const button = h("button.part-switch", { type: "button", "data-part": ids.join(" "), onclick: () => changes.switchParts(ids) }, label, word);
    parts.push({ ids, button, word, name });
    return button;
  }

  function layerOf(stack, block, grids) {
    const at = `${stack.name}.${block.layer}`;
    const names = partsOf(block);
    const name = layerName(stack.name, block.layer);
    const boxes = names.map((part) => {
      const grid = grids.find(({ id }) => id === `${at}.${part}`);
      const title = part === "cross" ? "To the encoder" : part === "attention" ? "Attention" : "Feed-forward";
      return h("div.box", { class: grid ? "of-heads" : "of-units" }, partButton([`${at}.${part}`], title, `${partName(part)} of ${name}`),
        grid ? h("div.switches", { style: { "--heads": grid.part.weights.length } }, grid.part.weights.map((_, head, { length }) => headButton(grid.id, head, length))) : h("p.label.value", `${block.feed_forward.units.length / stack.tokens} units`));
    });
    return h("div.layer", partButton(names.map((part) => `${at}.${part}`), `Layer ${block.layer + 1}`, `all of ${name}`), h("div.boxes", boxes));
  }

  function build(pass) {
    const key = pass.grids.map(({ id, part }) => `${id}:${part.weights.length}`).join() + Object.values(pass.stacks).map(({ blocks }) => partsOf(blocks[0])).join();
    if (key === built) return;
    built = key;
    [heads, parts] = [[], []];
    const titles = { core: "", encoder: "Encoder: reads", decoder: "Decoder: writes" };
    replace(element, Object.values(pass.stacks).map((stack) => h("section.stack-of", titles[stack.name] ? h("h4", titles[stack.name]) : null,
      h("p.end.label", "tokens and positions"), stack.blocks.map((block) => layerOf(stack, block, pass.grids)), h("p.end.label", stack.name === "encoder" ? "what the decoder attends to" : "answers"))));
  }

  /** `pass`: with the changes in it. */
  function show(pass, colors) {
    build(pass);
    const grids = new Map(pass.grids.map((grid) => [grid.id, grid]));
    for (const { id, grid, head, button, canvas, word } of heads) {
      const { part, queries, keys } = grids.get(grid);
      const state = changes.of(id);
      const isOff = changes.off.has(grid);
      paintThumb(canvas, { values: part.weights[head], rows: queries.length, columns: keys.length, hidden: part.hidden }, colors);
      button.dataset.state = isOff ? "silent" : state;
      button.setAttribute("aria-pressed", state !== "on");
      setText(word, isOff && state === "on" ? "off" : SAID[state]);
      button.setAttribute("aria-label", `${headName(id)}: ${SAID[state]}`);
    }
    for (const { ids, button, word, name } of parts) {
      const off = ids.filter((id) => changes.off.has(id)).length;
      button.setAttribute("aria-pressed", off === ids.length);
      setText(word, off === ids.length ? "off" : off ? "partly off" : "on");
      button.setAttribute("aria-label", `${name}: ${word.textContent}`);
    }
  }

  return { element, show };
}
