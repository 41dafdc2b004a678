// The formulas of recurrent layers with their numbers put in.

import { count } from "../lib/dom.js";

export const GATES = { rnn: ["state"], gru: ["reset r", "update z", "candidate n"], lstm: ["input i", "forget f", "candidate g", "output o"] };
export const ELEMENTWISE = { rnn: 0, gru: 3, lstm: 3 };
const PRODUCTS = { gru: "r · m, (1 − z) · n and z · h", lstm: "f · c, i · g and o · tanh c" };

/** What each layer reads at a step: the input, then both directions of the layer below. */
export function inputsOf({ layers, directions, input }, size) {
  return Array.from({ length: layers }, (_, k) => (k === 0 ? input : size * directions));
}

/** [{input, blocks, parameters, multiplications, text, products}] of each layer of a cell, in one core. */
export function layersOf(cell, size, shape) {
  const blocks = GATES[cell].length;
  const times = (n) => (n === 1 ? "" : `${n} · `);
  const { directions } = shape;
  return inputsOf(shape, size).map((input) => {
    const [H, D] = [count(size), count(input)];
    const parameters = directions * blocks * (size * input + size * size + 2 * size);
    const more = ELEMENTWISE[cell] * size;
    const multiplications = directions * (blocks * size * (input + size) + more);
    return {
      input, blocks, parameters, multiplications,
      text: `${times(directions)}${times(blocks)}(${H} · ${D} + ${H} · ${H} + 2 · ${H}) = ${count(parameters)}`,
      products: `${directions > 1 ? `${directions} · (` : ""}${times(blocks)}${H} · (${D} + ${H})${more ? ` + 3 · ${H}` : ""}${directions > 1 ? ")" : ""} = ${count(multiplications)}`,
    };
  });
}

/** What the formula says in letters. */
export const inLetters = (cell) => {
  const blocks = GATES[cell].length;
  const times = blocks === 1 ? "" : `${blocks} · `;
  return { parameters: `${times}(H · D + H · H + 2 · H)`, multiplications: `${times}H · (D + H)${ELEMENTWISE[cell] ? " + 3 · H" : ""}`, products: PRODUCTS[cell] ?? "" };
};
