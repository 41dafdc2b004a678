// Points of a plane as text that fits a link: two base-64 digits a coordinate (see dlviz/data/placing.py).

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const TOP_LEVEL = DIGITS.length ** 2 - 1;
const VALUE = new Map([...DIGITS].map((digit, value) => [digit, value]));

// Halves go to the even number, as Python and torch have them: x = -4 of ±6 lies exactly between two levels.
function roundHalfEven(number) {
  const floor = Math.floor(number);
  if (number - floor !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Two digits: the nearest of 4,096 levels between ±`halfWidth`; what lies outside is put on the edge. */
export function encodeCoordinate(x, halfWidth) {
  const level = roundHalfEven(((x + halfWidth) / (2 * halfWidth)) * TOP_LEVEL);
  const kept = Math.min(Math.max(level, 0), TOP_LEVEL);
  return DIGITS[Math.floor(kept / 64)] + DIGITS[kept % 64];
}

/** The coordinate that the two digits of `text` from `at` on stand for. */
export function decodeCoordinate(text, at, halfWidth) {
  return ((VALUE.get(text[at]) * 64 + VALUE.get(text[at + 1])) / TOP_LEVEL) * 2 * halfWidth - halfWidth;
}

/** Places [[x, y], …] as text, four characters each. */
export const encodePlaces = (places, halfWidth) => places.map((place) => place.map((x) => encodeCoordinate(x, halfWidth)).join("")).join("");

/** What `encodePlaces` wrote. A broken tail is left out. */
export function decodePlaces(text, halfWidth) {
  const places = [];
  for (let at = 0; at + 4 <= text.length; at += 4) places.push([decodeCoordinate(text, at, halfWidth), decodeCoordinate(text, at + 2, halfWidth)]);
  return places;
}
