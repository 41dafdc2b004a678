// One draw of a code and what it costs, computed in the page: z = μ + σ ε, the KL of each number, the reconstruction loss.

import { normal, stream } from "../lib/tinytrain.js";

export const FARTHEST = 4; // ε a person can drag to; less than 1 draw in 10,000 falls outside
const NUDGE = 0.02; // of a central difference

/** `count` numbers from N(0, 1) that the seed fixes, each within ±FARTHEST. */
export function draws(seed, count) {
  const random = stream(seed);
  return Float32Array.from({ length: count }, () => Math.max(-FARTHEST, Math.min(FARTHEST, normal(random))));
}

/** σ = exp(½ log σ²) of every number. */
export const sigmas = (logVariance) => Float32Array.from(logVariance, (value) => Math.exp(value / 2));

/** z = μ + σ ε. */
export const placed = (mean, sigma, epsilon) => Float32Array.from(mean, (value, i) => value + sigma[i] * epsilon[i]);

/** KL(N(μ, σ²) ‖ N(0, 1)) of one number, in nats. */
export const divergence = (mean, logVariance) => (mean * mean + Math.exp(logVariance) - 1 - logVariance) / 2;

/** β of a step, as the run has it: it rises in a straight line during the warm-up. */
export const betaAt = ({ beta, warmup }, step) => (warmup ? beta * Math.min(1, step / warmup) : beta);

/** −log p(x | z) in nats, from what the decoder gives before its sigmoid (or the pixels, where squared error counts). */
export function lossOf(decoded, pixels, likelihood) {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 1) {
    const [y, x] = [decoded[i], pixels[i]];
    sum += likelihood === "bernoulli" ? Math.max(y, 0) - y * x + Math.log1p(Math.exp(-Math.abs(y))) : (y - x) ** 2 / 2;
  }
  return sum;
}

/** {picture, lost} of a code under a moment (lib/latents.js). */
export function decoded({ network, pixels, label, scene }, z) {
  const { picture, layers } = network.decode(z, label);
  return { picture, lost: lossOf(layers.at(-1).values, pixels, scene.numbers.spec.likelihood) };
}

/** ∂R/∂z of one number by a central difference: the page's own estimate, to hold against autograd. */
export function slopeAt(moment, z, at) {
  const moved = (by) => decoded(moment, Float32Array.from(z, (value, i) => (i === at ? value + by : value))).lost;
  return (moved(NUDGE) - moved(-NUDGE)) / (2 * NUDGE);
}
