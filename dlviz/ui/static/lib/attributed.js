// From a probe's reply to one number a cell, and from that number to a colour. Nothing here draws.

import { mix, rgb } from "./color.js";

const FAINT = 0.34; // how strong the picture stands under a map
const EARLY = 0.6; // exponent: a small attribution already tints the picture under it

/** What one method found, read from the probe's reply. */
export function read({ arrays, numbers, step }) {
  const one = (name) => arrays[name]?.data[0] ?? null;
  const [channels, rows, cols] = arrays.attribution.shape;
  const count = rows * cols;
  const [signed, sizes] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < channels * count; i += 1) {
    signed[i % count] += arrays.attribution.data[i];
    sizes[i % count] += Math.abs(arrays.attribution.data[i]);
  }
  return {
    step, rows, cols, channels, signed, sizes,
    picture: arrays.input.data, baseline: arrays.baseline.data, mask: arrays.mask?.data ?? null,
    target: one("target"), minus: one("minus"), milliseconds: one("milliseconds"),
    score: one("score"), scoreBaseline: one("score_baseline"), total: one("total"), gap: one("completeness_gap"),
    correlation: one("rank_correlation"), inside: one("inside_share"), points: one("points_inside"),
    note: numbers.texts["state/note"]?.[0] ?? "",
  };
}

/** The q-th percentile of the sizes of values, between two of them by a straight line; 0 where all are 0. */
export function percentile(values, q) {
  const sorted = Float32Array.from(values, Math.abs).sort();
  const at = (q / 100) * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

/** The limit of a scale: the percentile, or the largest value where the percentile is still 0. */
export function limitOf(values, q) {
  return percentile(values, q) || percentile(values, 100) || 1;
}

/** The share of cells in which the picture is the baseline itself. */
export function shareAlike({ picture, baseline, channels, rows, cols }) {
  const count = rows * cols;
  let alike = 0;
  for (let i = 0; i < count; i += 1) {
    let same = true;
    for (let c = 0; c < channels; c += 1) same &&= picture[c * count + i] === baseline[c * count + i];
    if (same) alike += 1;
  }
  return alike / count;
}

/** (value, brightness) → [r, g, b]: the map alone, or laid over the picture. */
export function painter({ sign, over, limit, colors }) {
  const [paper, ink] = [rgb(colors.paper), rgb(colors.ink)];
  const scale = sign === "signed" ? colors.diverging : colors.sequential;
  return (value, light) => {
    const t = Math.min(1, Math.max(-1, value / limit));
    if (over === "alone") return scale(t);
    return mix(mix(paper, ink, FAINT * light), scale(t), Math.abs(t) ** EARLY);
  };
}
