// The small networks of the race, read in the browser, and what each answers to a sentence in two orders.

import { rowOf, softmax, Transformer } from "../lib/transformer.js";
import { KINDS } from "./kinds.js";

export const ROLES = ["doer", "done to"]; // classes of the task "who"

/** The stack that reads the sequence. */
export const readingStack = (pass) => pass.stacks.core ?? pass.stacks.encoder;

/** kind → Transformer, of a reply of the probe "positions" with parameters; `fields` gives the defaults they were built with. */
export function networksOf({ arrays }, fields, vocabulary) {
  const defaults = Object.fromEntries(fields.map((field) => [field.name, field.default]));
  return Object.fromEntries(KINDS.map((kind) => {
    const numbers = { spec: { ...defaults, task: "who", position: kind }, masked: "none", vocabulary, classes: ROLES };
    return [kind, new Transformer(numbers, (name) => arrays[`state/${kind}.${name}`])];
  }));
}

/**
 * A sentence (ids) and the same words in another order: `order[i]` is the word that stands at place i there. For each word,
 * in the sentence's order: {shares, reordered: probability of doer, largest: its largest difference of an output}.
 */
export function compareOrders(network, ids, order) {
  const plain = network.read(ids);
  const other = network.read(order.map((at) => ids[at]));
  const words = ids.map((_, at) => {
    const [a, b] = [rowOf(plain, at), rowOf(other, order.indexOf(at))];
    return { share: softmax(a)[0], reordered: softmax(b)[0], largest: Math.max(...a.map((x, k) => Math.abs(x - b[k]))), logits: [...a], others: [...b] };
  });
  return { words, largest: Math.max(...words.map(({ largest }) => largest)) };
}
