// A text written letter by letter from the weights: each letter is drawn from what the network expects, and read next.

import { softmax } from "../lib/softmax.js";
import { stream } from "../lib/tinytrain.js";
import { likeliest } from "./states.js";

/** The class that a number in [0, 1) falls on; at temperature 0 the likeliest, whatever the number. */
export function drawFrom(logits, temperature, share) {
  if (temperature <= 0) return likeliest(logits);
  const shares = softmax(logits, temperature);
  let sum = 0;
  for (let k = 0; k < shares.length; k += 1) {
    sum += shares[k];
    if (share < sum) return k;
  }
  return shares.length - 1;
}

/** Writes `length` letters after `start`, as many at a time as there is time for. The same seed writes the same. */
export class Writing {
  constructor(network, { start, length, temperature, seed }) {
    Object.assign(this, { network, length, temperature });
    this.random = stream(seed);
    this.state = network.begin();
    this.text = [];
    const known = [...start].map((letter) => network.vocabulary.indexOf(letter)).filter((id) => id >= 0);
    this.unread = known.length ? known : [0]; // something must be read first
    this.start = known.map((id) => network.vocabulary[id]).join("");
  }

  get done() {
    return this.text.length >= this.length;
  }

  /** Go on for so many milliseconds; at least one letter. */
  advance(budget) {
    const until = performance.now() + budget;
    while (!this.done) {
      const { logits } = this.network.step(this.unread.shift(), this.state);
      if (this.unread.length === 0) {
        const id = drawFrom(logits, this.temperature, this.random());
        this.text.push(this.network.vocabulary[id]);
        this.unread.push(id);
      }
      if (performance.now() > until) break;
    }
  }
}
