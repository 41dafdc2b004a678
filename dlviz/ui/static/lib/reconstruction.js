// What an autoencoder gives back of a picture, and how far that is from it: squared error, nats, decibels.

const MOST_DECIBELS = 100;

/**
 * `given` encoded (the mean of its code) and decoded, judged by `pixels`, which is `given` itself unless that was damaged:
 * {mean, logVariance, picture, squaredError (mean over pixels), nats (−log p(x | z))}.
 */
export function reconstruct(network, spec, pixels, label, given = pixels) {
  const { mean, logVariance } = network.encode(given, label);
  const { picture, layers } = network.decode(mean, label);
  return { mean, logVariance, picture, squaredError: meanSquare(picture, pixels), nats: natsOf(layers.at(-1).values, pixels, spec.likelihood) };
}

/** The mean over pixels of the squared difference. */
export function meanSquare(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] - b[i]) ** 2;
  return sum / a.length;
}

/** −log p(x | z) in nats: summed cross-entropy of logits, or half the summed squared error of values. */
export function natsOf(decoded, pixels, likelihood) {
  let sum = 0;
  if (likelihood === "bernoulli") for (let i = 0; i < pixels.length; i += 1) sum += Math.max(decoded[i], 0) - decoded[i] * pixels[i] + Math.log1p(Math.exp(-Math.abs(decoded[i])));
  else for (let i = 0; i < pixels.length; i += 1) sum += (decoded[i] - pixels[i]) ** 2 / 2;
  return sum;
}

/** 10 log₁₀(1 / MSE), at most 100: the peak signal-to-noise ratio of pixels in [0, 1]. */
export const decibels = (squared) => Math.min(MOST_DECIBELS, -10 * Math.log10(Math.max(squared, 1e-20)));

/** Differences (channel, row, column) as one number a cell, the mean over channels. */
export function differenceOf(a, b, [channels, height, width]) {
  const found = new Float32Array(height * width);
  for (let i = 0; i < a.length; i += 1) found[i % found.length] += (a[i] - b[i]) / channels;
  return found;
}

/** Paint signed numbers (row, column) onto a canvas of as many pixels; full colours at ±`limit`. */
export function paintSigned(canvas, values, [, height, width], colors, limit = 1) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  values.forEach((value, i) => {
    const [r, g, b] = colors.diverging(value / limit);
    image.data.set([r, g, b, 255], 4 * i);
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}
