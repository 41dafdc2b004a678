// The size of the output as a formula with the numbers put in; what a number means lights on the grids.

import { count, h, replace, setText } from "../lib/dom.js";

const MEANINGS = {
  input: (n) => `${cells(n)} of the input along a side`,
  padding: (n, layer) => (layer.kind === "transposed" ? `${cells(n)} cut off each side of the output` : `${cells(n)} of padding before and after`),
  dilation: (n) => `dilation ${n}: from one tap of the kernel to the next`,
  kernel: (n) => `${cells(n)} of the kernel along a side`,
  stride: (n) => `stride ${n}: from one place of the filter to the next`,
  output: (n) => `${cells(n)} of the output along a side`,
};

const cells = (n) => `${n} ${n === "1" ? "cell" : "cells"}`;

export function buildFormula(area, stage) {
  const lines = h("div.sizes-lines");
  const meaning = h("p.label.meaning", { "aria-live": "polite" });
  const costs = h("div.costs");
  area.append(h("div.size-formula", h("p.label", "Output size"), lines, meaning), costs);

  function point(part) {
    stage.pointPart(part);
    setText(meaning, part ? MEANINGS[part](sizeOf(stage.layer, part), stage.layer) : "Point at a number to see what it is.");
  }

  function part(name, text) {
    return h("button.part", { type: "button", "data-part": name, onpointerenter: () => point(name), onpointerleave: () => point(null), onfocus: () => point(name), onblur: () => point(null) }, String(text));
  }

  stage.on("scene", () => {
    const { layer } = stage;
    const rows = sideOf(layer, 0);
    const columns = sideOf(layer, 1);
    const same = rows.text === columns.text;
    const isRow = layer.height === 1 && layer.kh === 1;
    replace(lines,
      isRow ? h("p.formula.value", h("span.label", "Length "), ...columns.parts(part))
        : same ? h("p.formula.value", h("span.label", layer.outHeight === layer.outWidth ? "Rows and columns " : ""), ...rows.parts(part))
          : [h("p.formula.value", h("span.label", "Rows "), ...rows.parts(part)), h("p.formula.value", h("span.label", "Columns "), ...columns.parts(part))]);
    point(null);
    showCosts();
  });

  function showCosts() {
    const { layer } = stage;
    const { parameters, multiplications, dense_parameters: dense } = layer.shape;
    const cost = (name, number, how) => h("div.cost", h("span.label", name), h("span.big.value", count(number)), h("span.label.value", how));
    const { kh, kw } = layer;
    const through = layer.shape.groups > 1 ? `${layer.inputs}/${layer.groups}` : layer.inputs;
    replace(costs, layer.pools
      ? [cost("Parameters", 0, "a pool has nothing to learn"), cost("Cells read", layer.outputs * layer.outHeight * layer.outWidth * kh * kw, `${kh} · ${kw} for each of ${count(layer.outputs * layer.outHeight * layer.outWidth)} outputs`)]
      : [
        cost("Parameters", parameters, `(${kh} · ${kw} · ${through} + 1) · ${layer.outputs}`),
        cost("Multiplications", multiplications, layer.kind === "transposed"
          ? `${kh} · ${kw} · ${layer.inputs} · ${layer.outputs}${layer.groups > 1 ? `/${layer.groups}` : ""} · ${layer.height} · ${layer.width}`
          : `${kh} · ${kw} · ${through} · ${layer.outputs} · ${layer.outHeight} · ${layer.outWidth}`),
        cost("A dense layer needs", dense, "parameters between the same two arrays"),
      ]);
  }

  return { text: () => [...lines.querySelectorAll(".formula")].map((line) => line.textContent) };
}

// One side: the formula as text, and as parts to point at.
function sideOf(layer, axis) {
  const [n, k, s, d] = [[layer.height, layer.width], [layer.kh, layer.kw], [layer.sh, layer.sw], [layer.dh, layer.dw]].map((pair) => pair[axis]);
  const [before, after] = axis === 0 ? [layer.top, layer.bottom] : [layer.left, layer.right];
  const m = [layer.outHeight, layer.outWidth][axis];
  const pad = before === after ? ["2·", ["padding", before]] : ["(", ["padding", before], " + ", ["padding", after], ")"];
  const pieces = layer.kind === "transposed"
    ? ["(", ["input", n], " − 1)·", ["stride", s], " − ", ...pad, " + ", ["dilation", d], "·(", ["kernel", k], " − 1) + 1 = ", ["output", m]]
    : ["⌊(", ["input", n], " + ", ...pad, " − ", ["dilation", d], "·(", ["kernel", k], " − 1) − 1) / ", ["stride", s], "⌋ + 1 = ", ["output", m]];
  return {
    text: pieces.flat().join(""),
    parts: (part) => pieces.map((piece) => (typeof piece === "string" ? piece : part(...piece))),
  };
}

function sizeOf(layer, part) {
  const pair = { input: [layer.height, layer.width], dilation: [layer.dh, layer.dw], kernel: [layer.kh, layer.kw], stride: [layer.sh, layer.sw], output: [layer.outHeight, layer.outWidth] }[part];
  const [rows, columns] = pair ?? [layer.top === layer.bottom ? layer.top : `${layer.top} and ${layer.bottom}`, layer.left === layer.right ? layer.left : `${layer.left} and ${layer.right}`];
  return rows === columns || layer.height === 1 ? String(columns) : `${rows} down and ${columns} across,`;
}
