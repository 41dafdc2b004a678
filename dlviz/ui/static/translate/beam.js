// Greedy and beam search over lib/transformer.js: the same as dlviz/labs/attention/beam.py, number for number.

import { rowOf } from "../lib/transformer.js";

export const MOST_WRITTEN = 24; // tokens, as on the server
export const ROOT = -1; // the parent of a first token

/** Logits as log-probabilities, in nats. */
export function logSoftmax(logits) {
  let largest = -Infinity;
  for (const x of logits) if (x > largest) largest = x;
  let total = 0;
  for (const x of logits) total += Math.exp(x - largest);
  const shift = largest + Math.log(total);
  return Float64Array.from(logits, (x) => x - shift);
}

/** A translator and one source, read once: what may come after any beginning. */
export class Writer {
  constructor(network, ids) {
    Object.assign(this, { network, ids, encoder: network.stack("encoder", ids, {}) });
    this.end = network.classes.indexOf("$");
  }

  /** The pass in which the decoder reads the begin sign and these tokens. */
  pass(tokens) {
    const decoder = this.network.stack("decoder", [0, ...tokens], {}, this.encoder);
    return this.network.finish({ encoder: this.encoder, decoder }, decoder);
  }

  /** Log-probabilities of the token after a beginning. */
  following(tokens) {
    return logSoftmax(rowOf(this.pass(tokens), tokens.length));
  }
}

/** What hypotheses are ranked by: 0 leaves the log-probability, 1 makes it the mean of a token. */
export const scoreOf = (total, tokens, penalty) => total / tokens ** penalty;

// Places of the largest first; of equal ones the first.
const order = (logs) => [...logs.keys()].sort((a, b) => logs[b] - logs[a] || a - b);

/**
 * A generator, for lib/slices.js, of {nodes: [{parent, step, token, total, kept}], ranked: [{tokens, total, score, node,
 * ended}]}. What has ended takes its place in the beam with it. `following(tokens)` gives log-probabilities.
 */
export function* searching(following, { beams, end, penalty = 0, most = MOST_WRITTEN }) {
  const nodes = [];
  const done = [];
  let alive = [{ tokens: [], total: 0, node: ROOT }];
  for (let step = 0; step < most && alive.length; step += 1) {
    const children = [];
    for (const [row, { tokens, total }] of alive.entries()) {
      const logs = following(tokens);
      for (const token of order(logs).slice(0, beams)) children.push({ row, token, total: total + logs[token] });
      yield null;
    }
    children.sort((a, b) => b.total - a.total); // stable: of equal ones the better beginning goes first
    const places = beams - done.length;
    const next = [];
    children.forEach(({ row, token, total }, rank) => {
      const kept = rank < places;
      nodes.push({ parent: alive[row].node, step, token, total, kept });
      if (!kept) return;
      const tokens = [...alive[row].tokens, token];
      const node = nodes.length - 1;
      if (token !== end && step < most - 1) next.push({ tokens, total, node });
      else done.push({ tokens, total, score: scoreOf(total, tokens.length, penalty), node, ended: token === end });
    });
    alive = next;
  }
  return { nodes, ranked: done.sort((a, b) => b.score - a.score) };
}

/** The nodes on the way to `node`, the first token first. */
export function pathOf(nodes, node) {
  const path = [];
  for (let at = node; at !== ROOT; at = nodes[at].parent) path.unshift(at);
  return path;
}

/** The nodes along which these tokens were followed, as far as they were kept or at least looked at. */
export function walk(nodes, tokens) {
  const path = [];
  let parent = ROOT;
  for (const token of tokens) {
    const at = nodes.findIndex((node) => node.parent === parent && node.token === token);
    if (at < 0) break;
    path.push(at);
    parent = at;
  }
  return path;
}

/** Tokens as text: the end sign is not part of it. */
export const textOf = (tokens, vocabulary) => tokens.map((token) => vocabulary[token]).filter((sign) => sign !== "$").join("");
