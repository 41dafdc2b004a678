// The shape that stands for each function, beside its name and in the plane of the values.

import { svg } from "../lib/dom.js";

const SHAPES = {
  dot: "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0",
  scaled: "M-5.5 -5.5h11v11h-11z",
  cosine: "M0 -7L6.5 5H-6.5z",
  bilinear: "M0 -7.5L7 0L0 7.5L-7 0z",
  additive: "M-2.2 -6.5h4.4v4.3h4.3v4.4h-4.3v4.3h-4.4v-4.3h-4.3v-4.4h4.3z",
};

/** The shape of a function around (0, 0). */
export const shape = (kind, attributes = {}) => svg("path", { d: SHAPES[kind], ...attributes });

/** The shape as a small picture of its own. */
export const mark = (kind) => svg("svg", { class: "mark", width: 16, height: 16, viewBox: "-8 -8 16 16", "aria-hidden": "true" }, shape(kind));
