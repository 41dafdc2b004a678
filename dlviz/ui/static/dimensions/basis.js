// Directions in the space of codes that one slider each moves along: single numbers, or principal directions.

import { combine } from "../lib/latentpath.js";
import { name } from "../lib/latentslice.js";
import { number, percent } from "../lib/dom.js";

export const MOST_ROWS = 32;
export const REACH = 3; // standard deviations, of the prior or of the codes
const LEAST_SPREAD = 0.01; // variance below which a number has collapsed, as in dlviz/labs/autoencoder/measuring.py

const ends = (codes, latent, at) => {
  let [low, high] = [Infinity, -Infinity];
  for (let i = at; i < codes.length; i += latent) [low, high] = [Math.min(low, codes[i]), Math.max(high, codes[i])];
  return [low, high];
};
/** Outwards to a tenth, so that a slider ends at a number one can read. */
const wide = (low, high) => [Math.floor(10 * low) / 10, Math.ceil(10 * high) / 10];

/**
 * One row for each number, the most used first: {at, name, used, isCollapsed, span: [low, high] of the tiles, limits of the
 * slider, value(z), moved(z, value)}. `used` says how much the code uses it.
 */
export function numberRows({ frame, latent, isVariational }) {
  const { mean, dimension_kl: kl, dimension_spread: spread } = frame.arrays;
  const measure = isVariational ? kl.data : spread.data;
  const order = [...measure.keys()].sort((a, b) => measure[b] - measure[a] || a - b);
  return order.map((at) => {
    const [low, high] = ends(mean.data, latent, at);
    const span = isVariational ? [-REACH, REACH] : [low, high];
    const limits = wide(Math.min(span[0], low), Math.max(span[1], high));
    return {
      at, name: name(at), isCollapsed: spread.data[at] < LEAST_SPREAD, span, limits: limits[1] > limits[0] ? limits : [limits[0] - 0.1, limits[1] + 0.1],
      used: isVariational ? `KL ${number(kl.data[at], 2)}` : `spread ${number(spread.data[at], 2)}`, amount: measure[at],
      value: (z) => z[at],
      moved: (z, value) => { const next = Float32Array.from(z); next[at] = value; return next; },
    };
  });
}

/** One row for each principal direction, the widest first; `answer` is that of the probe `dimensions`. */
export function principalRows({ answer, latent, count }) {
  const { directions, singular, share, center } = answer.arrays;
  return [...singular.data].map((value, at) => {
    const direction = directions.data.subarray(at * latent, (at + 1) * latent);
    const deviation = value / Math.sqrt(count);
    const span = [-REACH * deviation, REACH * deviation];
    const along = (z) => direction.reduce((sum, weight, i) => sum + weight * (z[i] - center.data[i]), 0);
    const limits = wide(...span);
    return {
      at, name: `p${name(at).slice(1)}`, isCollapsed: deviation ** 2 < LEAST_SPREAD, span, limits, amount: share.data[at],
      used: `${percent(share.data[at], share.data[at] < 0.1 ? 1 : 0)} of variance`,
      value: along, moved: (z, to) => combine([1, z], [to - along(z), direction]),
    };
  });
}

/** Where the tiles of a row are put: evenly over its span. */
export const placesOf = (row, columns) => Array.from({ length: columns }, (_, i) => row.span[0] + ((row.span[1] - row.span[0]) * i) / (columns - 1));
