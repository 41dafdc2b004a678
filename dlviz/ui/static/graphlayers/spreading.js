// What the adjacency alone does when a layer is repeated: every node begins with a vector of its own of length 1, no weights.

import { ranksOf } from "../lib/ranks.js";
import { edgesFor } from "../lib/gnn.js";

export const SPREADS = ["naive", "loops", "mean", "gcn"];
export const MOST = 6;
const POWER_STEPS = 3000;
const SETTLED = 1e-13;

/** Edges with the scale that row i takes of column j. */
export function spreadEdges(kind, graph) {
  const edges = edgesFor(kind === "mean" ? "sage" : kind, graph);
  const scale = kind === "mean" ? Float64Array.from(edges.targets, (to) => 1 / edges.degree[to]) : edges.scale;
  return { count: graph.count, sources: edges.sources, targets: edges.targets, scale };
}

/** Lengths of the rows of S, S², … as {kind: [Float64Array (node,) a power]}; a generator: it pauses after every product. */
export function* norms(graph) {
  const found = {};
  for (const kind of SPREADS) {
    const { count, sources, targets, scale } = spreadEdges(kind, graph);
    let power = new Float64Array(count * count);
    for (let k = 0; k < count; k += 1) power[k * (count + 1)] = 1;
    found[kind] = [];
    for (let k = 0; k < MOST; k += 1) {
      const next = new Float64Array(count * count);
      for (let e = 0; e < sources.length; e += 1) {
        const [from, to, share] = [sources[e] * count, targets[e] * count, scale[e]];
        for (let f = 0; f < count; f += 1) next[to + f] += share * power[from + f];
      }
      power = next;
      found[kind].push(Float64Array.from({ length: count }, (_, i) => {
        let square = 0;
        for (let f = 0; f < count; f += 1) square += power[i * count + f] ** 2;
        return Math.sqrt(square);
      }));
      yield;
    }
  }
  return found;
}

/** The largest eigenvalue of the adjacency, by power iteration on A + I: of the two ends of the spectrum the positive one wins. */
export function largestEigenvalue(graph) {
  const { count, sources, targets, scale } = spreadEdges("naive", graph);
  if (!count || !sources.length) return 0;
  let v = new Float64Array(count).fill(1 / Math.sqrt(count));
  let value = 0;
  for (let k = 0; k < POWER_STEPS; k += 1) {
    const next = v.slice();
    for (let e = 0; e < sources.length; e += 1) next[targets[e]] += scale[e] * v[sources[e]];
    const length = Math.hypot(...next);
    const dot = next.reduce((sum, x, i) => sum + x * v[i], 0); // the Rayleigh quotient: v has length 1
    const isSettled = Math.abs(dot - value) < SETTLED * Math.abs(dot);
    value = dot;
    v = next.map((x) => x / length);
    if (isSettled) break;
  }
  return value - 1;
}

/** Pearson's r of two rows; null where one of them never changes. */
export function pearson(a, b) {
  const n = a.length;
  const mean = (row) => row.reduce((sum, x) => sum + x, 0) / n;
  const [ma, mb] = [mean(a), mean(b)];
  let [top, sa, sb] = [0, 0, 0];
  for (let k = 0; k < n; k += 1) {
    const [da, db] = [a[k] - ma, b[k] - mb];
    [top, sa, sb] = [top + da * db, sa + da * da, sb + db * db];
  }
  return sa > 1e-18 * n && sb > 1e-18 * n ? top / Math.sqrt(sa * sb) : null;
}

/** Ranks from 1; equal values (to eight digits, since sums end differently) share the mean of theirs. */
export const ranks = (values) => ranksOf(Array.from(values, (x) => Number(x.toPrecision(8))));

/** Spearman's rank correlation; null where one of the rows never changes. */
export const spearman = (a, b) => pearson(ranks(a), ranks(b));
