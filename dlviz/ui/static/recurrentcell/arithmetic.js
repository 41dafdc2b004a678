// Every equation of one unit of one cell at one step, with all its terms. Nothing here draws.
//
// An equation is {id, letter, name, kind, value, …}. A gate has `kind: "gate"`: its `input` and `state` terms
// ({index, weight, value, product}), their sums, both biases, `sum` before the curve `curve` and `value` after it.
// The others have the few numbers that they are made of.

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const CURVES = { "σ": sigmoid, tanh: Math.tanh };

// id, letter, name in words, curve, and which block of torch's stacked rows it is.
const GATES = {
  rnn: [["hidden", "h", "hidden state", "tanh", 0]],
  lstm: [["forget_gate", "f", "forget gate", "σ", 1], ["input_gate", "i", "input gate", "σ", 0], ["candidate", "g", "candidate", "tanh", 2], ["output_gate", "o", "output gate", "σ", 3]],
  gru: [["reset_gate", "r", "reset gate", "σ", 0], ["update_gate", "z", "update gate", "σ", 1], ["candidate", "n", "candidate", "tanh", 2]],
};
/** The equations of a cell in the order in which they are worked out. */
export const ORDER = {
  rnn: ["hidden"],
  lstm: ["forget_gate", "input_gate", "candidate", "cell", "output_gate", "hidden"],
  gru: ["reset_gate", "update_gate", "candidate", "hidden"],
};

function products(matrix, row, values) {
  const terms = [];
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    const weight = matrix[row * values.length + index];
    const product = weight * values[index];
    sum += product;
    terms.push({ index, weight, value: values[index], product });
  }
  return { terms, sum };
}

/**
 * `cell`: rnn, lstm or gru. `weights`: {w, u, b, d} of a layer and direction (lib/recurrent.js). `x`, `h`, `c`: what comes
 * in, all units; `c` only of an LSTM. `unit`: whose equations. Returns {equations: [in the order of working], before}.
 */
export function equationsOf(cell, weights, { x, h, c }, unit) {
  const size = h.length;
  const found = {};
  for (const [id, letter, name, curve, block] of GATES[cell]) {
    const row = block * size + unit;
    const input = products(weights.w, row, x);
    const state = products(weights.u, row, h);
    const [bi, bh] = [weights.b[row], weights.d[row]];
    const gated = cell === "gru" && id === "candidate" ? found.reset_gate.value : null;
    const recurrent = state.sum + bh;
    const sum = input.sum + bi + (gated ?? 1) * recurrent;
    found[id] = { id, letter, name, kind: "gate", curve, input, state, bi, bh, gated, recurrent, sum, value: CURVES[curve](sum) };
  }
  if (cell === "lstm") {
    const [f, i, g, o] = ["forget_gate", "input_gate", "candidate", "output_gate"].map((id) => found[id].value);
    const [kept, written] = [f * c[unit], i * g];
    found.cell = { id: "cell", letter: "c", name: "cell state", kind: "cell", f, i, g, before: c[unit], kept, written, value: kept + written };
    const squashed = Math.tanh(found.cell.value);
    found.hidden = { id: "hidden", letter: "h", name: "hidden state", kind: "output", o, c: found.cell.value, squashed, value: o * squashed };
  }
  if (cell === "gru") {
    const [z, n] = [found.update_gate.value, found.candidate.value];
    const [kept, written] = [z * h[unit], (1 - z) * n];
    found.hidden = { id: "hidden", letter: "h", name: "hidden state", kind: "mix", z, n, before: h[unit], kept, written, value: kept + written };
  }
  return { equations: ORDER[cell].map((id) => found[id]), before: { h: h[unit], c: c?.[unit] ?? null } };
}

/** The terms of a gate's equation as one list, each named by its part, sorted by size within the part. */
export function sortedTerms({ input, state, gated }) {
  const part = (name, { terms }, factor) => terms
    .map((term) => ({ ...term, part: name, product: factor * term.product }))
    .sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  return [...part("input", input, 1), ...part("state", state, gated ?? 1)];
}

/** What a cell of `network` reads and carries at a step of a reading: {x, h, c}, all units. */
export function comesIn(network, read, inputs, { layer, direction, step, begin = null }) {
  const size = network.hidden;
  const earlier = step + (direction ? 1 : -1);
  const starts = earlier < 0 || earlier >= read.steps;
  const row = (name, l, d, t) => read.gates[name][l][d].subarray(t * size, (t + 1) * size);
  const at = layer * network.directions + direction;
  const carried = (name, first) => {
    if (starts) return begin?.[first][at] ?? new Float64Array(size);
    return Float64Array.from(row(name, layer, direction, earlier));
  };
  const below = () => Float64Array.from(Array.from({ length: network.directions }, (_, d) => [...row("hidden", layer - 1, d, step)]).flat());
  return {
    x: layer ? below() : network.embed(inputs[step]),
    h: carried("hidden", "h"),
    c: network.cell === "lstm" ? carried("cell", "c") : null,
    starts,
  };
}
