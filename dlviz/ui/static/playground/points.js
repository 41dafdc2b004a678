// Points a person placed: the same five characters a point as encode_points and decode_points in
// dlviz/labs/playground/data.py. A point is {x1, x2, label}; coordinates run from -6 to 6.

export const HALF_WIDTH = 6;
export const MOST_POINTS = 2000;
export const MOST_CLASSES = 8;

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const TOP_LEVEL = DIGITS.length ** 2 - 1;
const VALUE = new Map([...DIGITS].map((digit, value) => [digit, value]));

// Halves go to the even number, as torch.round has them: x = -4 lies exactly between two levels.
function roundHalfEven(number) {
  const floor = Math.floor(number);
  if (number - floor !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}

function encodeCoordinate(x) {
  const level = roundHalfEven(((x + HALF_WIDTH) / (2 * HALF_WIDTH)) * TOP_LEVEL);
  const kept = Math.min(Math.max(level, 0), TOP_LEVEL);
  return DIGITS[Math.floor(kept / 64)] + DIGITS[kept % 64];
}

function decodeCoordinate(text, at) {
  return ((VALUE.get(text[at]) * 64 + VALUE.get(text[at + 1])) / TOP_LEVEL) * 2 * HALF_WIDTH - HALF_WIDTH;
}

/** Points as text for the spec and the link. */
export function encodePoints(points) {
  return points.map(({ x1, x2, label }) => label + encodeCoordinate(x1) + encodeCoordinate(x2)).join("");
}

/** What encodePoints wrote. The server has checked the text; a broken tail is left out. */
export function decodePoints(text) {
  const points = [];
  for (let at = 0; at + 5 <= text.length; at += 5) {
    points.push({ x1: decodeCoordinate(text, at + 1), x2: decodeCoordinate(text, at + 3), label: Number(text[at]) });
  }
  return points;
}
