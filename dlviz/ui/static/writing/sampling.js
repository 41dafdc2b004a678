// From logits to the next token: temperature, top-k, top-p, and one draw. Nothing here draws a picture.

import { softmax } from "../lib/softmax.js";

/**
 * What may be drawn. `temperature` 0: the likeliest alone. `topK`: so many of the largest (null: all). `topP`: of those the
 * fewest whose sum reaches it (1: all). Returns, each of all classes: `own` as the network says, `warmed` by temperature,
 * `kept` (1 or 0), `final` to draw from; and `left`, what of `warmed` was kept.
 * Source of top-p: A. Holtzman et al., The Curious Case of Neural Text Degeneration, 2019.
 */
export function chances(logits, { temperature, topK, topP }) {
  const own = softmax(logits);
  const count = logits.length;
  const order = Array.from({ length: count }, (_, k) => k).sort((a, b) => logits[b] - logits[a]);
  if (temperature === 0) {
    const final = new Float64Array(count);
    final[order[0]] = 1;
    return { own, warmed: final, kept: Uint8Array.from(final), final, left: 1, order };
  }
  const warmed = softmax(logits, temperature);
  const kept = new Uint8Array(count).fill(1);
  if (topK !== null && topK < count) {
    const least = logits[order[topK - 1]];
    for (let k = 0; k < count; k += 1) if (logits[k] < least) kept[k] = 0;
  }
  const sum = (of) => of.reduce((all, p, k) => all + (kept[k] ? p : 0), 0);
  if (topP < 1) {
    const within = sum(warmed);
    let before = 0;
    order.forEach((k, place) => {
      if (!kept[k]) return;
      if (place > 0 && before / within >= topP) kept[k] = 0; // what stood before is enough already
      before += warmed[k];
    });
  }
  const left = sum(warmed);
  return { own, warmed, kept, final: warmed.map((p, k) => (kept[k] ? p / left : 0)), left, order };
}

/** The class in which a number from [0, 1) falls, classes side by side as wide as they are likely. */
export function draw(final, random) {
  let sum = 0;
  let last = 0;
  for (let k = 0; k < final.length; k += 1) {
    if (final[k] <= 0) continue;
    sum += final[k];
    last = k;
    if (random < sum) return k;
  }
  return last; // the sum fell short of 1 by rounding
}

const WORDS = 624;

/**
 * The numbers that torch.rand draws after manual_seed(seed), one for each place of a text, so that the command line and
 * another moment of training write with the same luck. Source: M. Matsumoto and T. Nishimura, Mersenne Twister, 1998.
 */
export class Luck {
  constructor(seed) {
    this.words = new Uint32Array(WORDS);
    this.words[0] = seed;
    for (let i = 1; i < WORDS; i += 1) {
      const mixed = this.words[i - 1] ^ (this.words[i - 1] >>> 30);
      this.words[i] = Math.imul(1812433253, mixed) + i;
    }
    this.at = WORDS;
    this.drawn = [];
  }

  /** The number for a place, in [0, 1). */
  number(place) {
    while (this.drawn.length <= place) this.drawn.push((this.next() & 0xffffff) / 0x1000000);
    return this.drawn[place];
  }

  next() {
    if (this.at === WORDS) this.twist();
    let y = this.words[this.at];
    this.at += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  twist() {
    const { words } = this;
    for (let i = 0; i < WORDS; i += 1) {
      const y = (words[i] & 0x80000000) | (words[(i + 1) % WORDS] & 0x7fffffff);
      words[i] = words[(i + 397) % WORDS] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.at = 0;
  }
}

const LONGEST_LOOP = 100;
const SHORTEST_SIGHT = 32; // tokens that must repeat before it is called a loop: an indentation is none

/** How many tokens the end of a text repeats, three times at least; 0 where it does not. */
export function loopOf(ids) {
  for (let period = 1; period <= LONGEST_LOOP; period += 1) {
    const needed = Math.max(3 * period, SHORTEST_SIGHT);
    if (ids.length < needed) return 0;
    let same = true;
    for (let i = ids.length - 1; same && i >= ids.length - needed + period; i -= 1) same = ids[i] === ids[i - period];
    if (same) return period;
  }
  return 0;
}

/** exp of the mean of −ln p: between how many equally likely tokens the network seemed to choose. */
export const perplexity = (probabilities) => Math.exp(probabilities.reduce((sum, p) => sum - Math.log(Math.max(p, Number.MIN_VALUE)), 0) / probabilities.length);
