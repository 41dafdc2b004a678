// Where the vectors can stand to begin with, each with what to look for, and the matrices one can begin with.

export const REACH = 4; // the plane goes from −4 to 4
export const [FEWEST, MOST] = [3, 8];

export const MATRICES = {
  w: [[0.2, 0], [0, 1.5]], wQuery: [[1, 0], [0, 1]], wKey: [[1, 0], [0, 1]], v: [1, 1],
};

/** `hue`: which of the chart colours is its own, for as long as it is there. */
const key = (name, at, value, hue) => ({ name, at, value, hue });
const CORNERS = [[2.5, 2], [2.5, -2], [-2.5, 2], [-2.5, -2], [0, 3], [3, 0], [0, -3], [-3, 0]];
const named = (places) => places.map((at, i) => key("abcdefgh"[i], at, CORNERS[i], i));

export const SITUATIONS = {
  winners: {
    title: "Three winners", query: [1.5, 1], keys: named([[0.8, 0.9], [3, -0.5], [-0.4, 2.2], [-1.5, -1]]),
    look: "The same vectors, and three keys that win, each by another function.",
  },
  long: {
    title: "Long beats near", query: [1, 0.6], keys: named([[1, 0.6], [2.4, 3.2], [0.4, -1], [-1, 0.6]]),
    look: "Key a is the query itself. Key b points elsewhere but is long.",
  },
  lengths: {
    title: "One direction", query: [0.8, 0.6], keys: named([[0.8, 0.6], [1.6, 1.2], [2.4, 1.8], [3.2, 2.4]]),
    look: "The cosine cannot tell these keys apart; the additive score hardly can once tanh is near 1.",
  },
  angles: {
    title: "Equal angles", query: [2, 0], keys: named([[1.5, 1.5], [1.5, -1.5], [3, 3], [3, -3]]),
    look: "Mirrored keys get the same score where only lengths and angles count; a matrix can tell them apart.",
  },
  opposite: {
    title: "Opposite", query: [2, 1], keys: named([[2, 1], [-2, -1], [-1, 2], [1, -2]]),
    look: "A key against the query gets a negative score and almost no weight; keys at right angles get zero.",
  },
  none: {
    title: "No query", query: [0, 0], keys: named([[0.8, 0.9], [3, -0.5], [-0.4, 2.2], [-1.5, -1]]),
    look: "A query of zero asks nothing: all products are zero. The additive score still prefers some keys.",
  },
};

export const BILINEAR = {
  identity: { title: "The dot product", w: [[1, 0], [0, 1]] },
  height: { title: "Mostly height", w: [[0.2, 0], [0, 1.5]] },
  turn: { title: "A quarter turn", w: [[0, -1], [1, 0]] },
  mirror: { title: "Minus", w: [[-1, 0], [0, -1]] },
};

export const ADDITIVE = {
  sum: { title: "Add them", wQuery: [[1, 0], [0, 1]], wKey: [[1, 0], [0, 1]], v: [1, 1] },
  difference: { title: "Key minus query", wQuery: [[-1, 0], [0, -1]], wKey: [[1, 0], [0, 1]], v: [1, 1] },
  keys: { title: "Ignore the query", wQuery: [[0, 0], [0, 0]], wKey: [[1, 0], [0, 1]], v: [1, 1] },
};

export function situation(name) {
  const { query, keys } = SITUATIONS[name];
  return { query: [...query], keys: keys.map(({ name: called, at, value, hue }) => key(called, [...at], [...value], hue)) };
}

export const copyOf = (matrices) => structuredClone(matrices);

/** A key for a free corner, with a name that none has. */
export function anotherKey(keys) {
  const name = [..."abcdefghijklmnop"].find((letter) => !keys.some((each) => each.name === letter));
  const places = [[2, 2], [-2, 2], [-2, -2], [2, -2], [0, 2.5], [2.5, 0], [0, -2.5], [-2.5, 0], [1, 1]];
  const far = (at) => Math.min(...keys.map((each) => Math.hypot(each.at[0] - at[0], each.at[1] - at[1])));
  const at = places.reduce((best, place) => (far(place) > far(best) ? place : best));
  const hue = [0, 1, 2, 3, 4, 5, 6, 7].find((each) => !keys.some((other) => other.hue === each));
  return key(name, [...at], [...CORNERS[hue]], hue);
}
