// The stack as a table that is its own editor: kernel, stride and dilation of each layer, and what follows.

import { count, h, icon, replace } from "../lib/dom.js";
import { reach } from "./stack.js";

const LIMITS = { k: [1, 7], s: [1, 4], d: [1, 4] };
const NAMES = { k: "kernel", s: "stride", d: "dilation" };
export const LAYERS_AT_MOST = 6;

/** onchange(layers) hears every change; `show(layers, rows, swatch)` writes the table anew. */
export function stackTable({ onchange }) {
  const body = h("div.rows", { role: "rowgroup" });
  const head = ["Layer", "Kernel k", "Stride s", "Dilation d", "Jump j", "Receptive field r", "Weights so far", "Map", ""];
  const add = h("button", { type: "button" }, icon("plus", 16), "Add a layer");
  const element = h("div.stack-table", { role: "table", "aria-label": "The stack of layers" },
    h("div.line.head.label", { role: "row" }, head.map((text) => h("div", { role: "columnheader" }, text))), body, h("div.row.more", add));
  let layers = [];
  let written = "";

  const cell = (label, ...content) => h("div.cell", { role: "cell", "data-label": label }, content);

  function stepper(at, key) {
    const value = layers[at][key];
    const [low, high] = LIMITS[key];
    const step = (way, sign, words) => h("button.square", {
      type: "button", "aria-label": `${words} ${NAMES[key]} of layer ${at + 1}`, title: `${words} ${NAMES[key]}`, disabled: way < 0 ? value <= low : value >= high,
      onclick: () => onchange(layers.with(at, { ...layers[at], [key]: value + way })), "data-key": `${at}${key}${way}`,
    }, sign);
    return h("span.size", step(-1, "−", "Smaller"), h("span.value", value), step(1, "+", "Larger"));
  }

  function line(row, k, rows, color) {
    const name = h("div.cell.name", { role: "rowheader" }, h("i.swatch", { style: { background: color } }), k === 0 ? "Picture" : `Layer ${k}`);
    if (k === 0) {
      return h("div.line.first", { role: "row" }, name, cell("Kernel k"), cell("Stride s"), cell("Dilation d"), cell("Jump j", h("b", 1)),
        cell("Receptive field r", h("b", 1)), cell("Weights so far", h("b", 0)), cell("Map", h("b", `${count(row.side)} × ${count(row.side)}`)), cell(""));
    }
    const before = rows[k - 1];
    const { k: kernel, s, d } = row;
    return h("div.line", { role: "row" }, name, ...["k", "s", "d"].map((key) => cell(`${NAMES[key]} ${key}`, stepper(k - 1, key))),
      cell("Jump j", h("b", count(row.jump)), h("span.sum", `${count(before.jump)} · ${s}`)),
      cell("Receptive field r", h("b", count(row.field)), h("span.sum", `${count(before.field)} + (${kernel} − 1) · ${d} · ${count(before.jump)}`)),
      cell("Weights so far", h("b", count(row.weights)), h("span.sum", k > 1 ? `${count(before.weights)} + ${kernel}²` : `${kernel}²`)),
      cell("Map", h("b", `${count(row.side)} × ${count(row.side)}`), h("span.sum", `⌊(${count(before.side)} − ${reach(kernel, d)}) / ${s}⌋ + 1`)),
      cell("", h("button.square.plain", {
        type: "button", "aria-label": `Remove layer ${k}`, title: "Remove this layer", disabled: layers.length === 1, onclick: () => onchange(layers.toSpliced(k - 1, 1)),
      }, icon("cross", 16))));
  }

  add.addEventListener("click", () => onchange([...layers, { ...layers.at(-1), s: 1 }]));

  return {
    element,
    show(next, rows, colors) {
      const state = JSON.stringify([rows, colors]);
      if (state === written) return;
      written = state;
      layers = next;
      const focused = element.getRootNode().activeElement?.dataset?.key; // the buttons are made anew
      replace(body, rows.map((row, k) => line(row, k, rows, colors[k])));
      if (focused) body.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
      add.disabled = layers.length >= LAYERS_AT_MOST;
      add.title = add.disabled ? `At most ${LAYERS_AT_MOST} layers` : "";
    },
  };
}
