// The network as cards, from the picture to the classes: each block with its layers, their shapes and parameters, and
// what one can change about it in place.

import { count, h, icon, replace, setText } from "../lib/dom.js";
import { formulaOf, oneEach } from "./plan.js";
import { stepper } from "./stepper.js";

const shapeText = (shape) => (shape.length === 0 ? "–" : shape.every((side) => side >= 1) ? shape.map(count).join(" × ") : "nothing");
const twice = (value, way) => (way > 0 ? value * 2 : value / 2);

/** {element, show()}. `explain(words)` hears of the row pointed at, "" for none; `refuse(words)` of a typed text. */
export function buildCards(draft, { explain, refuse }) {
  const element = h("div.cards", { role: "group", "aria-label": "The network, layer by layer" });
  let [built, cards] = ["", []];

  function build(blocks, dense) {
    const limit = (name) => draft.settings.fields[name];
    cards = [
      card({ title: "Picture", kind: "ends", has: () => false }),
      ...Array.from({ length: blocks }, (_, i) => blockCard(i, blocks, limit)),
      blocks < limit("channels").at_most ? adder("block", draft.addBlock) : null,
      card({ title: "Flatten", kind: "ends flatten", has: (row) => row.kind === "flatten" }),
      ...Array.from({ length: dense }, (_, i) => denseCard(i, limit)),
      dense < limit("dense_units").at_most ? adder("dense layer", draft.addDense) : null,
      card({ title: "Classes", kind: "ends", has: (row) => row.name === "output" || row.kind === "softmax" }),
    ].filter(Boolean);
    replace(element, cards.map((each) => each.element));
  }

  function blockCard(at, blocks, limit) {
    const [maps, kernels] = [limit("channels"), limit("kernel_sizes")];
    const channels = stepper({ label: `Maps of block ${at + 1}`, low: maps.low, high: maps.high, step: twice, refuse, write: (n) => draft.setBlock(at, "channels", n) });
    const kernel = stepper({ label: `Kernel size of block ${at + 1}`, low: kernels.low, high: kernels.high, step: (k, way) => k + 2 * way, refuse, write: (n) => draft.setBlock(at, "kernel_sizes", n) });
    const padding = h("select", { "aria-label": `Padding of block ${at + 1}`, title: "Same keeps the size of the map, valid takes the border off", onchange: () => draft.setBlock(at, "paddings", padding.value) },
      h("option", { value: "same" }, "same"), h("option", { value: "valid" }, "valid"));
    return card({
      title: `Block ${at + 1}`, remove: blocks > 1 ? () => draft.removeBlock(at) : null,
      has: (row) => row.block === at + 1 && /^(conv|norm|act|pool)\d/.test(row.name),
      tools: [field("maps", channels.element), field("kernel", kernel.element), field("padding", h("span.menu", padding))],
      set() {
        const count = draft.value("channels").length;
        channels.set(draft.value("channels")[at]);
        kernel.set(oneEach(draft.value("kernel_sizes"), count)[at] ?? draft.value("kernel_sizes")[0]);
        padding.value = oneEach(draft.value("paddings"), count)[at];
      },
    });
  }

  function denseCard(at, limit) {
    const { low, high } = limit("dense_units");
    const units = stepper({ label: `Units of dense layer ${at + 1}`, low, high, step: twice, refuse, write: (n) => draft.setDense(at, n) });
    return card({
      title: `Dense ${at + 1}`, remove: () => draft.removeDense(at), tools: [field("units", units.element)],
      has: (row) => row.block === at + 1 && /^(dense|dense_act|dropout)\d/.test(row.name),
      set: () => units.set(draft.value("dense_units")[at]),
    });
  }

  function card({ title, kind = "", has, tools = [], remove = null, set = () => {} }) {
    const list = h("ul.rows");
    const wrong = h("p.wrong.small", { role: "alert" });
    const element = h("section.net-card", { class: kind, "aria-label": title },
      h("div.card-head", h("span.card-name", title), remove ? h("button.square.plain", { type: "button", title: `Remove ${title.toLowerCase()}`, "aria-label": `Remove ${title.toLowerCase()}`, onclick: remove }, icon("cross", 14)) : null),
      tools.length ? h("div.card-tools", tools) : null, list, wrong);
    let shown = "";
    return {
      element,
      show(rows, found) {
        set();
        const own = title === "Picture" ? [{ name: "picture", label: "Input", input_shape: [], output_shape: rows[0].input_shape, parameters: 0, kind: "picture" }] : rows.filter(has);
        const here = found && own.some(({ name }) => name === found.row);
        element.classList.toggle("clashing", Boolean(here));
        setText(wrong, here ? clashWords(found) : "");
        const text = JSON.stringify([own, here && found.row]);
        if (text === shown) return;
        shown = text;
        explain(""); // the row pointed at may be gone
        replace(list, own.map((row) => rowLine(row, here && row.name === found.row)));
      },
    };
  }

  function rowLine(row, isWrong) {
    const words = row.kind === "picture" || row.output_shape.length === 0 ? "" : inWords(row);
    return h("li.row-line", { "data-row": row.name, class: isWrong ? "clash" : null, title: words || null, onpointerenter: () => explain(words), onpointerleave: () => explain("") },
      h("span.row-name", isWrong ? icon("warning", 14) : null, row.label), h("span.row-shape.value", shapeText(row.output_shape)),
      h("span.row-count.value", row.parameters > 0 ? count(row.parameters) : ""));
  }

  return {
    element,
    show() {
      const [blocks, dense] = [draft.value("channels").length, draft.value("dense_units").length];
      const shape = `${blocks},${dense}`;
      if (shape !== built) build(blocks, dense);
      built = shape;
      const found = draft.clash();
      const rows = known(draft.rows());
      for (const each of cards) each.show?.(rows, found);
    },
  };
}

/** After a row that leaves nothing there are no sizes, whatever the sums say. */
function known(rows) {
  const at = rows.findIndex(({ output_shape: shape }) => Math.min(...shape) < 1);
  return at < 0 ? rows : rows.map((row, i) => (i > at ? { ...row, input_shape: [], output_shape: [], parameters: 0 } : row));
}

const field = (name, element) => h("label.tool", h("span.label", name), element);

function adder(what, add) {
  return { element: h("button.adder", { type: "button", title: `Add a ${what}`, "aria-label": `Add a ${what}`, onclick: add }, icon("plus", 16), h("span", what)) };
}

/** What a row does to the shape, and how its parameters come about. */
function inWords(row) {
  const sums = formulaOf(row);
  return `${row.name}: ${shapeText(row.input_shape)} → ${shapeText(row.output_shape)}. ${sums ? `Parameters: ${sums}${WHY[row.kind]}` : "No parameters."}`;
}

const WHY = {
  conv: ": the kernels of a map and its bias, for each map.",
  norm: ": a scale and a shift for each map.",
  linear: ": a weight from every input and a bias, for each unit.",
};

/** The rule of a clash as a sentence of its own. */
function clashWords({ rule, row }) {
  if (!row) return "";
  const [, sizes] = /: (.*)$/.exec(rule) ?? [];
  if (sizes) return `${sizes}.`;
  const [, alone] = /; (.*)$/.exec(rule) ?? [];
  return alone ? `${alone} parameters.` : `The kernel ${rule}.`;
}
