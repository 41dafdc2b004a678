// How the cells of a channel are coloured: red, green and blue as amounts of their own colour, grey as an
// amount, and what can be negative about zero.

import { rgb } from "./color.js";
import { limitOf } from "./grid.js";

// The theme's class colours nearest to the three primaries.
const PRIMARIES = { red: 6, green: 2, blue: 1 };

/** {signed, limit, ramp} for Grid.set: the scale of one channel, given its name and the numbers of all channels. */
export function scaleOf(name, values, colors) {
  const signed = values.some((value) => value < 0);
  const ramp = name in PRIMARIES && !signed ? rgb(colors.classes[PRIMARIES[name]]) : null;
  return { signed, limit: signed ? limitOf(values) : Math.max(1, limitOf(values)), ramp };
}

/** One channel (or map) of an array of many. */
export const plane = (values, channel, cells) => values.subarray(channel * cells, (channel + 1) * cells);
