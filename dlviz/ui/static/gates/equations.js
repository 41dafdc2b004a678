// The equations of a cell, with the numbers of one unit at one step put in.

import { steady } from "../lib/dom.js";

const n = (x) => steady(Math.abs(x) < 0.005 ? 0 : x, 2);
const inBrackets = (x) => (x < 0 ? `(${n(x)})` : n(x));
const sum = (letter) => `W${letter} x + U${letter} h₋₁ + b${letter}`;
const SMALL = { f: "ᶠ", i: "ⁱ", g: "ᵍ", o: "ᵒ", r: "ʳ", z: "ᶻ", n: "ⁿ" };
const gate = (letter, fn) => [letter, `${fn}(${sum(SMALL[letter])})`, (v) => n(v[letter])];

const EQUATIONS = {
  lstm: [
    gate("f", "σ"), gate("i", "σ"), gate("g", "tanh"), gate("o", "σ"),
    ["c", "f · c₋₁ + i · g", (v) => `${n(v.f)} · ${inBrackets(v.c_)} + ${n(v.i)} · ${inBrackets(v.g)} = ${n(v.c)}`],
    ["h", "o · tanh c", (v) => `${n(v.o)} · ${inBrackets(Math.tanh(v.c))} = ${n(v.h)}`],
  ],
  gru: [
    gate("r", "σ"), gate("z", "σ"),
    ["n", `tanh(Wⁿ x + bⁿ + r · (Uⁿ h₋₁ + dⁿ))`, (v) => n(v.n)],
    ["h", "(1 − z) · n + z · h₋₁", (v) => `${n(1 - v.z)} · ${inBrackets(v.n)} + ${n(v.z)} · ${inBrackets(v.h_)} = ${n(v.h)}`],
  ],
  rnn: [["h", "tanh(W x + U h₋₁ + b)", (v) => n(v.h)]],
};

/**
 * [[letter, right side, numbers or ""], …]. `values`: {f, i, g, o, c, h, c_, h_}, what the unit had at the step and, with
 * _, before it; null where all units are shown together.
 */
export function equationsOf(cell, values) {
  return EQUATIONS[cell].map(([letter, formula, numbers]) => [letter, formula, values ? numbers(values) : ""]);
}

/** Sizes of what stands in them: "x 16, h and c 64 numbers; W 256 × 16, U 256 × 64". */
export function shapesOf(cell, inputs, units) {
  const rows = { lstm: 4, gru: 3, rnn: 1 }[cell] * units;
  const state = cell === "lstm" ? "h and c" : "h";
  return `x: ${inputs}, ${state}: ${units} numbers. All W together: ${rows} × ${inputs}, all U: ${rows} × ${units}.`;
}
