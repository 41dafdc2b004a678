// What the rows of the strip are: gates and states of a cell, their letters, words, ranges, and numbers.

const ROWS = {
  lstm: ["forget_gate", "input_gate", "candidate", "output_gate", "cell", "hidden"],
  gru: ["reset_gate", "update_gate", "candidate", "hidden"],
  rnn: ["hidden"],
};
const LETTERS = { forget_gate: "f", input_gate: "i", output_gate: "o", reset_gate: "r", update_gate: "z", cell: "c", hidden: "h" };
const WORDS = { cell: "cell state", hidden: "hidden state" };

/** Names of the rows of a cell, in the order in which they are shown. */
export const rowsOf = (cell) => ROWS[cell];

/** The row that says most of what a cell keeps. */
export const stateOf = (cell) => (cell === "lstm" ? "cell" : "hidden");

/** f, i, g, o, c, h; of a GRU r, z, n, h. */
export const letterOf = (cell, name) => (name === "candidate" ? (cell === "gru" ? "n" : "g") : LETTERS[name]);

/** "forget gate", "cell state". */
export const wordsOf = (name) => WORDS[name] ?? name.replace("_", " ");

/** Gates lie in 0 … 1; candidates and states have signs. */
export const isSigned = (name) => !name.endsWith("_gate");

/** Values of one row, Float32Array(step · unit). */
export const valuesOf = (read, name, { layer, direction }) => read.gates[name][layer][direction];

/** One number a step: of one unit, or the mean of all (`unit` null). */
export function seriesOf(values, steps, units, unit) {
  const found = new Float32Array(steps);
  for (let t = 0; t < steps; t += 1) {
    if (unit !== null) {
      found[t] = values[t * units + unit];
      continue;
    }
    let sum = 0;
    for (let k = t * units, end = k + units; k < end; k += 1) sum += values[k];
    found[t] = sum / units;
  }
  return found;
}

/**
 * The end of a colour scale: the size that a share of the values stays within (1: the largest), with two digits, so that
 * it does not flicker; 1 for nothing at all.
 */
export function limitOf(values, share = 1) {
  const sizes = Float32Array.from(values, (value) => (Number.isFinite(value) ? Math.abs(value) : 0)).sort();
  const most = sizes[Math.ceil(share * (sizes.length - 1))] || sizes.at(-1);
  if (!(most > 0)) return 1;
  const digit = 10 ** (Math.floor(Math.log10(most)) - 1);
  return Number((Math.ceil(most / digit - 1e-6) * digit).toPrecision(2));
}
