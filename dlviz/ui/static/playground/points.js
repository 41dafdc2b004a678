// Points a person placed: the same five characters a point as encode_points and decode_points in
// dlviz/labs/playground/data.py. A point is {x1, x2, label}; coordinates run from -6 to 6.

import { decodeCoordinate, encodeCoordinate } from "../lib/placing.js";

export const HALF_WIDTH = 6;
export const MOST_POINTS = 2000;
export const MOST_CLASSES = 8;

/** Points as text for the spec and the link. */
export function encodePoints(points) {
  return points.map(({ x1, x2, label }) => label + encodeCoordinate(x1, HALF_WIDTH) + encodeCoordinate(x2, HALF_WIDTH)).join("");
}

/** What encodePoints wrote. The server has checked the text; a broken tail is left out. */
export function decodePoints(text) {
  const points = [];
  for (let at = 0; at + 5 <= text.length; at += 5) {
    points.push({ x1: decodeCoordinate(text, at + 1, HALF_WIDTH), x2: decodeCoordinate(text, at + 3, HALF_WIDTH), label: Number(text[at]) });
  }
  return points;
}
