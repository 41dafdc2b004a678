// Probabilities of logits.

/** Probabilities of one row of logits, at a temperature. */
export function softmax(logits, temperature = 1) {
  let largest = -Infinity;
  for (const z of logits) if (z > largest) largest = z;
  const out = new Float64Array(logits.length);
  let sum = 0;
  for (let k = 0; k < out.length; k += 1) sum += out[k] = Math.exp((logits[k] - largest) / temperature);
  for (let k = 0; k < out.length; k += 1) out[k] /= sum;
  return out;
}
