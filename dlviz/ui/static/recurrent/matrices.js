// The weight matrices of the network: their names, their shapes, and what each of them does at every step.

import { count } from "../lib/dom.js";

const GATES = { rnn: 1, lstm: 4, gru: 3 };
const PARTS = { core: "", encoder: "encoder, ", decoder: "decoder, " };

/**
 * All matrices by key: `${kind} ${part} ${layer} ${direction}` for the kinds "in" and "back", and "out". Each is {key, kind, part,
 * layer, direction, name, rows, cols, words}; shapes as torch has them.
 */
export function matricesOf({ numbers: { spec, layers, pattern, classes } }) {
  const found = new Map();
  const add = (matrix) => found.set(matrix.key, matrix);
  const directions = spec.bidirectional ? 2 : 1;
  const rows = GATES[spec.cell] * spec.hidden_size;
  const gates = GATES[spec.cell] === 1 ? `${spec.hidden_size} units` : `${GATES[spec.cell]} gates of ${spec.hidden_size} units`;
  for (const part of pattern === "decoder" ? ["encoder", "decoder"] : ["core"]) {
    for (const { layer, input } of layers) {
      for (let direction = 0; direction < directions; direction += 1) {
        const where = [PARTS[part], spec.layers > 1 ? `layer ${layer + 1}, ` : "", directions > 1 ? `${direction ? "from the end, " : "from the beginning, "}` : ""].join("");
        const from = layer === 0 ? "what is read" : `the state of layer ${layer}`;
        const before = direction ? "after" : "before";
        add({ key: `in ${part} ${layer} ${direction}`, kind: "in", part, layer, direction, name: "W_ih", rows, cols: input, words: `${where}from ${from} (${count(input)}) to ${gates}` });
        add({ key: `back ${part} ${layer} ${direction}`, kind: "back", part, layer, direction, name: "W_hh", rows, cols: spec.hidden_size, words: `${where}from the state of the step ${before} to ${gates}` });
      }
    }
  }
  const answers = classes.length || 1;
  add({ key: "out", kind: "out", part: null, layer: null, direction: null, name: "W_out", rows: answers, cols: spec.hidden_size * directions,
    words: `from the state to ${answers === 1 ? "one number" : `${count(answers)} logits`}` });
  return found;
}

/** "W_hh 256 × 64" */
export const shapeOf = ({ name, rows, cols }) => `${name} ${count(rows)} × ${count(cols)}`;

/** What is said of a matrix while it is pointed at. */
export function explain(matrix) {
  return `${shapeOf(matrix)}: the same ${count(matrix.rows * matrix.cols)} numbers at every step, ${matrix.words}.`;
}
