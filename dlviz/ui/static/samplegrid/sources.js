// Where codes are drawn from: the prior, a normal distribution fitted to the codes, a box around them, or the codes of pictures.

import { normal, stream } from "../lib/tinytrain.js";

export const SOURCES = ["prior", "fitted", "box", "posterior"];
const JITTER = 1e-6; // as in dlviz/labs/autoencoder/sampling.py

export const labelOf = (source, variational) => ({
  prior: variational ? "Prior N(0, 1)" : "N(0, 1)", fitted: "Normal fitted to the codes", box: "Box over the codes", posterior: variational ? "q of test pictures" : "Codes of test pictures",
})[source];

/** Mean, root of the covariance, lowest and highest of the codes of a frame: `mean` (point, latent), `logVariance` or null. */
export function statisticsOf(frame) {
  const { data: mean, shape: [count, latent] } = frame.arrays.mean;
  const center = new Float64Array(latent);
  const [low, high] = [new Float64Array(latent).fill(Infinity), new Float64Array(latent).fill(-Infinity)];
  for (let i = 0; i < mean.length; i += 1) {
    const k = i % latent;
    center[k] += mean[i] / count;
    low[k] = Math.min(low[k], mean[i]);
    high[k] = Math.max(high[k], mean[i]);
  }
  const found = { mean, logVariance: frame.arrays.log_variance?.data ?? null, count, latent, center, low, high };
  let root = null;
  return { ...found, get root() { return (root ??= rootOf(found)); } };
}

// Cholesky's lower triangle L of the covariance, Σ = L Lᵀ, row by row.
function rootOf({ mean, count, latent, center }) {
  const covariance = new Float64Array(latent * latent);
  for (let n = 0; n < count; n += 1) {
    for (let i = 0; i < latent; i += 1) {
      const a = mean[n * latent + i] - center[i];
      for (let j = 0; j <= i; j += 1) covariance[i * latent + j] += (a * (mean[n * latent + j] - center[j])) / Math.max(1, count - 1);
    }
  }
  const root = new Float64Array(latent * latent);
  for (let i = 0; i < latent; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = covariance[i * latent + j] + (i === j ? JITTER : 0);
      for (let k = 0; k < j; k += 1) sum -= root[i * latent + k] * root[j * latent + k];
      root[i * latent + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / root[j * latent + j];
    }
  }
  return root;
}

/** `count` codes of a source, drawn by `seed` at a temperature: a list of Float32Array. */
export function drawCodes(source, statistics, { count, temperature, seed }) {
  const random = stream(seed);
  const { latent, center, low, high, mean, logVariance } = statistics;
  return Array.from({ length: count }, () => {
    if (source === "box") return Float32Array.from({ length: latent }, (_, k) => (low[k] + high[k]) / 2 + temperature * (high[k] - low[k]) * (random() - 0.5));
    const which = source === "posterior" ? Math.floor(random() * statistics.count) * latent : 0;
    const noise = Float64Array.from({ length: latent }, () => temperature * normal(random));
    if (source === "prior") return Float32Array.from(noise);
    if (source === "posterior") return Float32Array.from(noise, (value, k) => mean[which + k] + (logVariance ? Math.exp(logVariance[which + k] / 2) * value : 0));
    const { root } = statistics;
    return Float32Array.from(center, (middle, i) => {
      let sum = middle;
      for (let k = 0; k <= i; k += 1) sum += root[i * latent + k] * noise[k];
      return sum;
    });
  });
}

/** {at, distance}: the code of the frame nearest to z. */
export function nearestCode({ mean, count, latent }, z) {
  let [at, least] = [0, Infinity];
  for (let n = 0; n < count; n += 1) {
    let sum = 0;
    for (let k = 0; k < latent && sum < least; k += 1) sum += (mean[n * latent + k] - z[k]) ** 2;
    if (sum < least) [at, least] = [n, sum];
  }
  return { at, distance: Math.sqrt(least) };
}
