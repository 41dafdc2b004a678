// Results of a filter as something to look at: numbers with signs, of any size, as shades.

import { number, percent } from "./dom.js";

const BINS = 4096;
const REACHED_BY = 0.005; // the share of results that may lie beyond the ends of a stretched scale
const LEVELS = 511;
const EVEN = 1e-4; // of the size of all weights: a smaller sum is none

export const MAPPINGS = ["signed", "absolute", "middle", "clamp"];
export const MAPPING_LABELS = ["Signed", "Absolute", "Grey at zero", "Clamp"];

/** {least, most, limit}: the ends of the results, and a size that all but 0.5 % of them stay below. */
export function rangeOf(values) {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i += 1) {
    const v = values[i];
    if (v < least) least = v;
    if (v > most) most = v;
  }
  const largest = Math.max(Math.abs(least), Math.abs(most));
  if (!(largest > 0) || !Number.isFinite(largest)) return { least, most, limit: 1 };
  const counts = new Uint32Array(BINS);
  const factor = (BINS - 1) / largest;
  for (let i = 0; i < values.length; i += 1) counts[Math.round(Math.abs(values[i]) * factor)] += 1;
  let beyond = 0;
  let bin = BINS - 1;
  while (bin > 0 && beyond + counts[bin] <= REACHED_BY * values.length) {
    beyond += counts[bin];
    bin -= 1;
  }
  const limit = (bin + 0.5) / factor;
  return { least, most, limit: limit > 0 ? Number(Math.min(limit, largest).toPrecision(3)) : largest };
}

/** The mapping that suits a kernel best: what keeps brightness is clamped, what takes differences has signs. */
export function usual(layer, o) {
  if (!layer.weight) return "clamp";
  let [sum, size] = [0, 0];
  layer.channelsOf(o).forEach((_, i) => {
    for (let ky = 0; ky < layer.kh; ky += 1) {
      for (let kx = 0; kx < layer.kw; kx += 1) {
        const weight = layer.weightAt(o, i, ky, kx);
        sum += weight;
        size += Math.abs(weight);
      }
    }
  });
  return size > 0 && Math.abs(sum) < EVEN * size ? "signed" : "clamp";
}

/** The low and the high end of the scale of a mapping. */
export function ends(mapping, { limit }) {
  if (mapping === "clamp") return [0, 1];
  return mapping === "absolute" ? [0, limit] : [-limit, limit];
}

/** How a value is shown, [r, g, b], by mapping and range. */
export function shade(value, mapping, { limit }, colors) {
  if (mapping === "signed") return colors.diverging(value / limit);
  const share = mapping === "clamp" ? value : mapping === "absolute" ? Math.abs(value) / limit : 0.5 + value / (2 * limit);
  const level = Math.round(255 * Math.min(1, Math.max(0, share)));
  return [level, level, level];
}

/** The results as an ImageData: one plane as shades, three as red, green and blue. */
export function picture({ values, height, width }, mapping, range, colors) {
  const image = new ImageData(width, height);
  const count = height * width;
  const three = values.length === 3 * count;
  const [low, high] = mapping === "absolute" ? [-range.limit, range.limit] : ends(mapping, range);
  const table = new Uint8ClampedArray(3 * LEVELS);
  for (let i = 0; i < LEVELS; i += 1) table.set(shade(low + ((high - low) * i) / (LEVELS - 1), mapping, range, colors), 3 * i);
  const factor = (LEVELS - 1) / (high - low);
  const { data } = image;
  const entry = (value) => 3 * Math.round(Math.min(LEVELS - 1, Math.max(0, (value - low) * factor || 0)));
  for (let i = 0, to = 0; i < count; i += 1, to += 4) {
    const at = entry(values[i]);
    data[to] = table[at];
    data[to + 1] = three ? table[entry(values[count + i])] : table[at + 1];
    data[to + 2] = three ? table[entry(values[2 * count + i])] : table[at + 2];
    data[to + 3] = 255;
  }
  return image;
}

/** The mapping in one sentence, with its numbers. `values` tells how much of them lies beyond its ends. */
export function inWords(mapping, range, values) {
  const limit = number(range.limit);
  switch (mapping) {
    case "signed":
      return `Orange is negative, blue positive, the colour of the page zero; full colour from ±${limit} on.`;
    case "absolute":
      return range.least >= 0 ? `Black is 0, white ${limit} and more.` : `Black is 0, the sign is left out; white from ±${limit} on.`;
    case "middle":
      return `Grey is 0; black from −${limit} down, white from ${limit} up.`;
    default: {
      let beyond = 0;
      for (let i = 0; i < values.length; i += 1) if (values[i] < 0 || values[i] > 1) beyond += 1;
      const cut = beyond ? `, which cuts ${percent(beyond / values.length)} of the results off` : "";
      return `Black is 0 and less, white is 1 and more${cut}.`;
    }
  }
}
