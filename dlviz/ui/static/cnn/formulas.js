// Layers that treat every number by itself: what becomes of one of them, as a formula with its numbers put in.

import { number } from "../lib/dom.js";

const LEAK = 0.01;
const n4 = (x) => number(x, 4);
const bracket = (x) => (x < 0 ? `(${n4(x)})` : n4(x));

/** {value, letters, lines, facts}: the result as computed here, the formula, the steps, what is known of the map. */
export function formulaOf(row, activation, x, arrays) {
  if (row.kind === "norm") return normalised(x, arrays);
  if (row.kind === "activation") return activated(activation, x);
  return { value: x, letters: "y = x", lines: [`y = ${n4(x)}`], facts: "When the network answers, every unit passes; dropout works in training only." };
}

function normalised(x, arrays) {
  const [mean, variance, gain, shift, eps] = ["running_mean", "running_var", "weight", "bias", "eps"].map((name) => arrays[name].data[0]);
  const scale = Math.sqrt(variance + eps);
  const middle = (x - mean) / scale;
  const value = middle * gain + shift;
  return {
    value,
    letters: "y = (x − μ) / √(σ² + ε) · γ + β",
    lines: [
      `(${n4(x)} − ${bracket(mean)}) / √(${n4(variance)} + ${number(eps)}) = ${n4(middle)}`,
      `${n4(middle)} · ${bracket(gain)} + ${bracket(shift)} = ${n4(value)}`,
    ],
    facts: `Running mean μ ${n4(mean)}, running variance σ² ${n4(variance)}: averages over the batches of training. Learned: γ ${n4(gain)}, β ${n4(shift)}.`,
  };
}

function activated(name, x) {
  if (name === "tanh") return { value: Math.tanh(x), letters: "y = tanh(x)", lines: [`tanh(${n4(x)}) = ${n4(Math.tanh(x))}`], facts: "Large numbers of either sign are squeezed towards −1 and 1." };
  if (name === "leaky_relu") {
    const value = x > 0 ? x : LEAK * x;
    return { value, letters: `y = x for x > 0, else ${LEAK} · x`, lines: [x > 0 ? `${n4(x)} > 0, so y = ${n4(x)}` : `${LEAK} · ${bracket(x)} = ${n4(value)}`], facts: "What is below zero passes a hundredth." };
  }
  return { value: Math.max(0, x), letters: "y = max(0, x)", lines: [`max(0, ${n4(x)}) = ${n4(Math.max(0, x))}`], facts: "What is below zero becomes zero; the rest passes unchanged." };
}
