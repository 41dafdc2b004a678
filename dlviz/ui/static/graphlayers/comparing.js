// What six layers make of one node, what each neighbour counts for, and what changes where the graph is changed a little.

import { edgesFor, layerSteps } from "../lib/gnn.js";
import { KINDS } from "./weighing.js";

const SAME = 1e-5; // below this share of the output a change is rounding
export const CHANGES = ["own", "twins", "weights", "stranger", "order"];

/** A graph as messages travel, with numbers of its own: {count, sources, targets, weight, x}. */
const plain = ({ count, sources, targets, weight, x }) => ({ count, sources, targets, weight, x });

/** One layer over a graph: its record, with `edges`. */
export function stepsOf(kind, graph, weights) {
  const edges = edgesFor(kind, graph);
  return { edges, ...layerSteps(weights.rows[kind], graph.x, edges, weights.of[kind]) };
}

/**
 * [{node, coefficient: [one a head], isOwn}] of all that node `i` hears in a layer, itself first. A coefficient is null where the
 * largest is taken.
 */
export function heardBy(kind, record, i, row) {
  const { edges, attention } = record;
  const heard = [];
  const incoming = Array.from(edges.targets, (_, e) => e).filter((e) => edges.targets[e] === i);
  for (const e of incoming) {
    let coefficient = [edges.scale[e]];
    if (kind === "gat") coefficient = Array.from({ length: row.heads }, (_, k) => attention[e * row.heads + k]);
    if (kind === "sage" || kind === "gin") coefficient = [{ sum: 1, mean: 1 / incoming.length, max: null }[row.how]];
    heard.push({ node: edges.sources[e], coefficient, isOwn: edges.sources[e] === i, degree: edges.degree[edges.sources[e]], weight: edges.weight[e] });
  }
  return heard.sort((a, b) => b.isOwn - a.isOwn);
}

/** What the node adds of itself apart from what it hears: GraphSAGE's W_r x, GIN's (1 + ε) x; null elsewhere. */
export const apartOf = (kind, weights) => ({ sage: 1, gin: kind === "gin" ? 1 + weights.of.gin("eps")[0] : null })[kind] ?? null;

/** All six for node `i`: {kind: {record, heard, apart, output, norm, degree}}. */
export function compare(graph, weights, i) {
  return Object.fromEntries(KINDS.map((kind) => {
    const record = stepsOf(kind, graph, weights);
    const output = Array.from(record.output.slice(i * weights.outputs, (i + 1) * weights.outputs));
    return [kind, { record, heard: heardBy(kind, record, i, weights.rows[kind]), apart: apartOf(kind, weights), output, norm: Math.hypot(...output), degree: record.edges.degree[i] }];
  }));
}

/** W x of one node. */
export function transformed({ W, inputs, outputs }, x, node) {
  return Array.from({ length: outputs }, (_, o) => {
    let sum = 0;
    for (let k = 0; k < inputs; k += 1) sum += W[o * inputs + k] * x[node * inputs + k];
    return sum;
  });
}

/** The graph changed as `change` says around node `i`; null where that means nothing here. */
export function changedGraph(change, graph, i, inputs) {
  const one = plain(graph);
  const incoming = Array.from(one.targets, (_, e) => e).filter((e) => one.targets[e] === i && one.sources[e] !== i);
  if (change === "own") {
    const x = Float32Array.from(one.x);
    for (let k = 0; k < inputs; k += 1) x[i * inputs + k] += 1;
    return { ...one, x };
  }
  if (change === "weights") return one.sources.length ? { ...one, weight: one.weight.map((w) => 2 * w) } : null;
  if (!incoming.length) return null;
  const more = (sources, targets, weight) => ({ ...one, sources: Int32Array.from([...one.sources, ...sources]), targets: Int32Array.from([...one.targets, ...targets]), weight: Float32Array.from([...one.weight, ...weight]) });
  if (change === "twins") return more(incoming.map((e) => one.sources[e]), incoming.map(() => i), incoming.map((e) => one.weight[e]));
  if (change === "order") return { ...one, sources: one.sources.slice().reverse(), targets: one.targets.slice().reverse(), weight: one.weight.slice().reverse() };
  const x = new Float32Array((one.count + 1) * inputs);
  x.set(one.x);
  return { ...more([one.count], [one.sources[incoming[0]]], [1]), count: one.count + 1, x };
}

/** {kind: {change: {size, changes}}}: by how much of its length the output of node `i` moves; null where it means nothing. */
export function perturb(graph, weights, i, compared) {
  const found = Object.fromEntries(KINDS.map((kind) => [kind, {}]));
  for (const change of CHANGES) {
    const other = changedGraph(change, graph, i, weights.inputs);
    for (const kind of KINDS) {
      if (!other) {
        found[kind][change] = null;
        continue;
      }
      const { output } = stepsOf(kind, other, weights);
      const moved = Math.hypot(...compared[kind].output.map((value, o) => output[i * weights.outputs + o] - value));
      const size = moved === 0 ? 0 : moved / (compared[kind].norm || 1);
      found[kind][change] = { size, changes: size > SAME };
    }
  }
  return found;
}
