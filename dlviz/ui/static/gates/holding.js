// What holding gates at a number does to a pass: losses, changed answers, and how a text goes on.

import { softmax } from "../lib/softmax.js";
import { meanLoss } from "./pass.js";

/** A clamp as network.read takes it, of what a person chose. `units` null: all. */
export function clampOf({ name, part, layer, direction, from, to, value, units = null }) {
  return { name, part, layer, direction, from, to, value, units };
}

/**
 * A clamped pass held against the free one: {from, to, within, after, all, changed, backward}. `from` and `to` are the
 * ends of all spans together; `within`, `after`, `all` are {before, now, count}: mean losses of the same answers. Where a
 * second cell reads from the end (`backward`), `after` is all that lies outside. `changed`: the steps at which something
 * else is answered (a number: by more than a hundredth).
 */
export function effectOf(free, clamped) {
  const { clamps, answering } = clamped;
  const own = clamps.filter(({ part }) => part === answering);
  // What an encoder is made to hold is felt from the decoder's first step on.
  const [from, to] = own.length === clamps.length ? [Math.min(...own.map((c) => c.from)), Math.max(...own.map((c) => c.to))] : [0, -1];
  const backward = free.network.directions === 2;
  const where = (is) => {
    const before = meanLoss(free.losses, is);
    return { before: before.mean, now: meanLoss(clamped.losses, is).mean, count: before.count };
  };
  const isWithin = (t) => t >= from && t <= to;
  const changed = [];
  for (let t = 0; t < free.logits.length; t += 1) {
    const [a, b] = [free.saidAt(t), clamped.saidAt(t)];
    if (a !== null && (free.classes.length ? a !== b : Math.abs(a - b) > 0.01)) changed.push(t);
  }
  return { from, to, backward, changed, within: where(isWithin), after: where((t) => t > to || (backward && t < from)), all: where(() => true) };
}

/** The same numbers in [0, 1) for the same seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function drawn(shares, chance) {
  let sum = 0;
  for (let k = 0; k < shares.length; k += 1) {
    sum += shares[k];
    if (chance < sum) return k;
  }
  return shares.length - 1;
}

/**
 * Token ids that a network of letters writes after reading `inputs` up to and with step `at`, untouched; while it writes,
 * every clamp holds all the time. `temperature` divides the logits.
 */
export function writeOn(network, inputs, at, clamps, { count, seed, temperature }) {
  const held = clamps.map((clamp) => ({ ...clamp, from: 0, to: 0 }));
  const random = randomFrom(seed);
  const read = network.read(inputs.slice(0, at + 1));
  let { state } = read;
  let logits = network.answer(read.top[at]);
  const tokens = [];
  while (tokens.length < count) {
    const token = drawn(softmax(logits, temperature), random());
    tokens.push(token);
    const next = network.read([token], { state, clamps: held });
    ({ state } = next);
    logits = network.answer(next.top[0]);
  }
  return tokens;
}
