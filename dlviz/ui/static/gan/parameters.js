// The parameters of a row of the plan, by formula from its shapes.

import { count } from "../lib/dom.js";

/** "(784 + 1) · 64 = 50,240"; "0" where there are none. A layer before a batch norm has no bias of its own. */
export function formulaOf(row) {
  const { kind, input_shape: [from], output_shape: [to], kernel, bias, parameters } = row;
  if (!parameters) return "0";
  const left = {
    linear: () => (bias ? `(${from} + 1) · ${to}` : `${from} · ${to}`),
    conv: () => (bias ? `(${kernel} · ${kernel} · ${from} + 1) · ${to}` : `${kernel} · ${kernel} · ${from} · ${to}`),
    transposed: () => `${kernel} · ${kernel} · ${from} · ${to}${bias ? ` + ${to}` : ""}`,
    norm: () => `2 · ${from}`,
  }[kind]();
  return `${left} = ${count(countOf(row))}`;
}

/** The same, evaluated from the shapes alone. */
export function countOf({ kind, input_shape: [from], output_shape: [to], kernel, bias }) {
  switch (kind) {
    case "linear": return (from + (bias ? 1 : 0)) * to;
    case "conv":
    case "transposed": return kernel * kernel * from * to + (bias ? to : 0);
    case "norm": return 2 * from;
    default: return 0;
  }
}

/** The symbols of that formula. */
export const SYMBOLS = {
  linear: "(inputs + 1) · outputs; inputs · outputs before a batch norm", conv: "(kernel · kernel · maps in + 1) · maps out",
  transposed: "kernel · kernel · maps in · maps out + maps out", norm: "a scale and a shift for each",
};

/** "3 × 24 × 24" */
export const shapeText = (shape) => shape.map((n) => count(n)).join(" × ");
