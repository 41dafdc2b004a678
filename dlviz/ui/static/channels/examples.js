// Layers that are well known, to compare with: each an array it takes and what stands on it.

import { denseParameters, slidingParameters } from "../lib/costs.js";
import { count } from "../lib/number.js";

const dense = (name, height, width, channels, units) => ({ name, kind: "dense", height, width, channels, units });
const conv = (name, height, width, channels, filters, kernel) => ({ name, kind: "conv", height, width, channels, filters, kernel });

export const EXAMPLES = [
  dense("A picture of 256 × 256 in RGB, dense", 256, 256, 3, 1000),
  conv("The same picture, convolution", 256, 256, 3, 64, 3),
  conv("LeNet-5, first layer (C1)", 32, 32, 1, 6, 5),
  dense("LeNet-5, first dense layer (C5)", 5, 5, 16, 120),
  conv("VGG-16, first layer", 224, 224, 3, 64, 3),
  dense("VGG-16, first dense layer (fc6)", 7, 7, 512, 4096),
];

/** Parameters of an example or of what stands in the calculator. */
export function parametersOfExample({ kind, height, width, channels, units, filters, kernel }) {
  if (kind === "dense") return denseParameters(height * width * channels, units);
  return slidingParameters({ kh: kernel, kw: kernel, inputs: channels, outputs: filters });
}

/** Its formula with the numbers put in. */
export function formulaOfExample({ kind, height, width, channels, units, filters, kernel }) {
  if (kind === "dense") return `${count(height * width * channels)} · ${count(units)} + ${count(units)}`;
  return `(${kernel}·${kernel}·${count(channels)} + 1) · ${count(filters)}`;
}

/** What it is, in a few words. */
export function wordsOfExample({ kind, units, filters, kernel }) {
  return kind === "dense" ? `${count(units)} dense units` : `${count(filters)} filter${filters === 1 ? "" : "s"} of ${kernel} × ${kernel}`;
}

// The largest sizes multiply to 4 × 10¹⁵, which a number of JavaScript still holds to the unit.
export const LIMITS = {
  height: { label: "Height", most: 10_000, such: 256 },
  width: { label: "Width", most: 10_000, such: 256 },
  channels: { label: "Channels", most: 4096, such: 3 },
  units: { label: "Dense units", most: 10_000, such: 1000 },
  filters: { label: "Filters", most: 10_000, such: 64 },
  kernel: { label: "Kernel", most: 10_000, such: 3 },
};

/** What is wrong with one size of the calculator, in words; "" when nothing is. `typed` is what stands in the field. */
export function complaint(name, value, typed, sizes) {
  const { label, most, such } = LIMITS[name];
  const given = typed.trim() === "" ? "nothing" : typed.trim();
  if (!Number.isInteger(value) || value < 1 || value > most) {
    return `${label} must be a whole number from 1 to ${count(most)}. Got ${given}. Try ${count(such)}.`;
  }
  const shorter = Math.min(sizes.height, sizes.width);
  if (name === "kernel" && shorter >= 1 && value > shorter) {
    return `Kernel must fit on the picture, whose shorter side has ${count(shorter)} cells. Got ${given}. Try ${count(Math.min(such, shorter))}.`;
  }
  return "";
}
