// Softmax step by step, and what is made of its probabilities. Nothing here draws.

/** The steps from logits to probabilities at a temperature: {largest, shifted, exponentials, sum, probabilities}. */
export function softmaxSteps(logits, temperature = 1) {
  const largest = Math.max(...logits);
  const shifted = logits.map((z) => z - largest);
  const exponentials = shifted.map((z) => Math.exp(z / temperature));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return { largest, shifted, exponentials, sum, probabilities: exponentials.map((e) => e / sum) };
}

/** −Σ p ln p in nats. */
export const entropyOf = (probabilities) => -probabilities.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);

/** −ln p of the true class, from the logits, so that it stays finite where p is too small for a number. */
export const crossEntropy = ({ shifted, sum }, truth, temperature = 1) => Math.log(sum) - shifted[truth] / temperature;

/** ∂L/∂z of the cross-entropy: (p − y) / T. */
export const gradientOf = (probabilities, truth, temperature = 1) => probabilities.map((p, k) => (p - (k === truth ? 1 : 0)) / temperature);

/** The same shares in float32, every step rounded, with and without taking the largest off first. */
export function inFloat32(logits, temperature, added, subtract) {
  const { fround } = Math;
  const moved = logits.map((z) => fround(fround(z) + fround(added)));
  const largest = subtract ? Math.max(...moved) : 0;
  const exponentials = moved.map((z) => fround(Math.exp(fround(fround(z - largest) / fround(temperature)))));
  const sum = exponentials.reduce((a, b) => fround(a + b), 0);
  return { exponentials, sum, probabilities: exponentials.map((e) => fround(e / sum)) };
}

/** A round number that no logit passes, for a scale that does not jump: 5, 10, 20, 50 … */
export function roundLimit(logits) {
  const most = Math.max(...logits.map(Math.abs));
  let limit = 5;
  for (const factor of [2, 2, 2.5, 2, 2, 2.5, 2, 2, 2.5, 2, 2, 2.5]) {
    if (most <= limit * 0.98) break;
    limit *= factor;
  }
  return Math.max(limit, most);
}
