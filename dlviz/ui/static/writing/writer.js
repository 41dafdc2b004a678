// A text that grows token by token: what was written, from which distribution each token came, and the way back.

import { softmax } from "../lib/softmax.js";
import { chances, draw, Luck } from "./sampling.js";

export const LONGEST = 2000; // tokens
const REMEMBERED = 200; // texts

export class Writer {
  constructor() {
    this.network = null;
    this.rules = { temperature: 1, topK: null, topP: 1 };
    this.luck = new Luck(1);
    this.prefix = [];
    this.written = []; // {id, forced}
    this.probabilities = []; // what the network gave each of them, before temperature and cuts
    this.places = []; // before each token, and after the last: {logits, h, c}
    this.cursor = null; // where the next token goes, or null: at the end
    this.past = []; // earlier texts, for undo
    this.end = null; // id behind which nothing comes
  }

  /** Begin anew: read `prefix` from a state that `begin()` gives. What was written is no longer there. */
  read(network, prefix, { part = network.main, begin = () => network.begin(), end = null } = {}) {
    Object.assign(this, { network, prefix, part, end, cursor: null, written: [], probabilities: [] });
    const state = begin();
    let logits = null;
    for (const id of prefix) ({ logits } = network.step(id, state, part));
    this.places = [{ logits, h: [...state.h], c: [...state.c] }];
  }

  get length() {
    return this.written.length;
  }

  /** Where the next token goes. */
  get here() {
    return this.cursor ?? this.length;
  }

  get full() {
    return this.length >= LONGEST || (this.end !== null && this.written.at(-1)?.id === this.end);
  }

  chancesAt(place) {
    return chances(this.places[place].logits, this.rules);
  }

  put(token) {
    const { logits: before, h, c } = this.places.at(-1);
    const state = { h: [...h], c: [...c] };
    const { logits } = this.network.step(token.id, state, this.part);
    this.written.push(token);
    this.probabilities.push(softmax(before)[token.id]);
    this.places.push({ logits, h: state.h, c: state.c });
  }

  /** What luck draws for the next place. */
  write() {
    const { final } = this.chancesAt(this.length);
    this.put({ id: draw(final, this.luck.number(this.length)), forced: false });
  }

  shorten(length) {
    this.written = this.written.slice(0, length); // not in place: an earlier text may be remembered
    this.probabilities = this.probabilities.slice(0, length);
    this.places = this.places.slice(0, length + 1);
    this.cursor = null;
  }

  /** Go back to the cursor: what stood behind it is gone from here on, but remembered. */
  cut() {
    this.past.push(this.written);
    if (this.past.length > REMEMBERED) this.past.shift();
    this.shorten(this.here);
  }

  /** Back to the text before: what both have in common stays; returns the tokens to put behind it, or null. */
  undo() {
    const before = this.past.pop();
    if (!before) return null;
    let same = 0;
    while (same < before.length && before[same] === this.written[same]) same += 1;
    this.shorten(same);
    return before.slice(same);
  }
}
