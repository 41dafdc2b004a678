// The five kinds of position: names, colours, what each does.

export const KINDS = ["none", "sinusoidal", "learned", "rope", "alibi"];
export const NAMES = { none: "None", sinusoidal: "Sinusoidal", learned: "Learned", rope: "RoPE", alibi: "ALiBi" };
const CLASS = { none: 7, sinusoidal: 0, learned: 1, rope: 2, alibi: 4 };

export const kindColor = (kind, colors) => colors.classes[CLASS[kind]];

export const WORDS = {
  none: "Nothing is added: a word is the same vector wherever it stands, and the score of two words does not know where they are.",
  sinusoidal: "Before the first layer, waves of different lengths are added to every token: each place has its own mixture of them. Nothing of it is learned.",
  learned: "Before the first layer, a vector is added that belongs to the place. The network has one such vector for each place, and learns them like all its other weights.",
  rope: "Nothing is added. In every head, queries and keys are cut into pairs of numbers, and each pair is turned by an angle that grows with the place. The product of two turned vectors knows only how far apart they stand.",
  alibi: "Nothing is added to the tokens. Every head's score is made smaller by the distance times a slope of that head, so that some heads see only what is near.",
};

/** Sizes and rates of RoPE and sinusoids. */
export const BASE = 10_000;
export const rateOf = (pair, width) => BASE ** ((-2 * pair) / width);

/** ALiBi's slopes, one a head. */
export const slopesOf = (heads) => Array.from({ length: heads }, (_, head) => 2 ** ((-8 * (head + 1)) / heads));

/** Products of each place's vector with each other's, by distance: {mean, low, high}, one number a distance. */
export function productsByDistance(matrix, places, width, upTo = places) {
  const [mean, low, high] = [[], [], []];
  for (let d = 0; d < upTo; d += 1) {
    let [total, least, most] = [0, Infinity, -Infinity];
    for (let t = 0; t + d < places; t += 1) {
      const product = dot(matrix, t * width, matrix, (t + d) * width, width);
      total += product;
      least = Math.min(least, product);
      most = Math.max(most, product);
    }
    mean.push(total / (places - d));
    low.push(least);
    high.push(most);
  }
  return { mean, low, high };
}

export function dot(a, from, b, at, width) {
  let total = 0;
  for (let i = 0; i < width; i += 1) total += a[from + i] * b[at + i];
  return total;
}

/** A vector turned to a place, as RoPE does it: pairs (2i, 2i+1) by place · rate. */
export function turned(vector, place) {
  const out = new Float64Array(vector.length);
  for (let k = 0; k < vector.length; k += 2) {
    const angle = place / BASE ** (k / vector.length);
    out[k] = vector[k] * Math.cos(angle) - vector[k + 1] * Math.sin(angle);
    out[k + 1] = vector[k] * Math.sin(angle) + vector[k + 1] * Math.cos(angle);
  }
  return out;
}
