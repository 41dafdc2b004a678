// The network under its own mask and under another one: answers, losses, what a translator writes.

import { likeliest, lossesOf, rowOf, softmax } from "../lib/transformer.js";

const MOST_WRITTEN = 24; // as the run writes where nobody knows how long the answer is
const FORETELLING = ["repeats", "characters"]; // the answer is the token that comes next

/** The stack whose self-attention a person may mask: what reads the sequence. */
export const readingStack = (pass) => pass.stacks.core ?? pass.stacks.encoder;

/** Its attentions, layer by layer. */
export const maskable = (pass) => pass.grids.filter(({ kind, stack }) => kind === "attention" && stack !== "decoder");

/**
 * A moment's network under a mask (null: its own): {pass, answers: [{said, sure, target, right}], loss, written}. A
 * translator's loss is taken while it is told the right letters before; `written` is what it writes by itself, else null.
 */
export function under(moment, mask) {
  const { network, ids, read, targets } = moment;
  const changes = mask ? { mask } : {};
  const asked = targets && read ? targets.filter((target) => target >= 0) : targets;
  let pass;
  let taught;
  let written = null;
  if (read) {
    const { tokens, pass: free } = network.write(ids, asked ? Math.max(asked.length, 1) : MOST_WRITTEN, { changes });
    taught = asked ? network.translate(ids, [0, ...asked.slice(0, -1)], { changes }) : null;
    pass = free;
    written = tokens;
  } else {
    pass = network.read(ids, { changes });
    taught = targets ? pass : null;
  }
  const answers = Array.from({ length: pass.answers }, (_, i) => {
    const shares = softmax(rowOf(pass, i));
    const said = likeliest(shares);
    const target = targets?.[i] >= 0 ? targets[i] : null;
    return { said, sure: shares[said], target, right: target === null ? null : said === target };
  });
  const losses = taught ? [...lossesOf(taught, asked)].filter(Number.isFinite) : [];
  return { pass, answers, written, loss: losses.length ? losses.reduce((a, b) => a + b, 0) / losses.length : null };
}

/** Whether what comes next is the answer: then whoever sees the next token has only to copy it. */
export const foretells = (moment) => FORETELLING.includes(moment.scene.numbers.spec.task);

/** How many queries may see the token after them. */
export function seesNext(mask, tokens) {
  let seen = 0;
  for (let q = 0; q + 1 < tokens; q += 1) if (!mask[q * tokens + q + 1]) seen += 1;
  return seen;
}

/** How many queries can know of the token after them within so many layers; `needed` as `layersNeeded` gives it. */
export function leaksOfNext(needed, tokens, layers) {
  let count = 0;
  for (let q = 0; q + 1 < tokens; q += 1) if (needed[q * tokens + q + 1] <= layers) count += 1;
  return count;
}

/** The mean weight on the next token of a head that spreads its attention evenly over what a query may see. */
export function evenShare(mask, tokens) {
  let total = 0;
  for (let q = 0; q + 1 < tokens; q += 1) {
    const open = mask.subarray(q * tokens, (q + 1) * tokens).reduce((n, cell) => n + 1 - cell, 0);
    if (!mask[q * tokens + q + 1]) total += 1 / open;
  }
  return tokens > 1 ? total / (tokens - 1) : 0;
}

/** Of every head the mean weight on the next token, over the queries that have one: [{layer, head, share}]. */
export function sharesOfNext(pass) {
  return maskable(pass).flatMap(({ layer, part }) => part.weights.map((weights, head) => {
    const { tokens } = part;
    let total = 0;
    for (let q = 0; q + 1 < tokens; q += 1) total += weights[q * tokens + q + 1];
    return { layer, head, share: tokens > 1 ? total / (tokens - 1) : 0 };
  }));
}

/** The row of a query in a head: score, masked score, e to what it is below the largest, weight; of each key. */
export function rowOfSoftmax(part, head, query) {
  const { keys, hidden } = part;
  const from = query * keys;
  const scores = [...part.scores[head].subarray(from, from + keys)];
  const masked = scores.map((score, k) => (hidden[from + k] ? -Infinity : score));
  const largest = Math.max(...masked);
  const powers = masked.map((score) => (score === -Infinity ? 0 : Math.exp(score - largest)));
  const total = powers.reduce((a, b) => a + b, 0);
  return { scores, masked, largest, powers, total, weights: [...part.weights[head].subarray(from, from + keys)] };
}
