// The matrices of a graph: as it is, with self-loops, its degrees, normalised, and what GAT learned. Row i collects from column j.

import { edgesFor } from "../lib/gnn.js";

/** `symbol`: what a cell is called; `formula` in words of the row i and the column j. */
export const STEPS = [
  { slug: "plain", name: "A", symbol: "A", formula: "A[i, j] = weight of the edge that brings j’s message to i, 0 where there is none" },
  { slug: "loops", name: "A + I", symbol: "(A + I)", formula: "A + I: every node hears itself as well; a node with a loop of its own keeps that" },
  { slug: "degree", name: "D", symbol: "D", formula: "D[i, i] = Σⱼ (A + I)[i, j]: the sum of a row, on the diagonal" },
  { slug: "normal", name: "D⁻½ (A + I) D⁻½", symbol: "Â", formula: "Â[i, j] = (A + I)[i, j] / √(D[i, i] · D[j, j])" },
  { slug: "attention", name: "Attention", symbol: "α", formula: "α[i, j] = exp(s[i, j]) / Σₖ exp(s[i, k]), s = LeakyReLU(a_dst · W hᵢ + a_src · W hⱼ)" },
];

/** The matrix that the layers of a kind multiply by; GraphSAGE and GIN go along A, without looking at its weights. */
export const USED = { naive: "plain", loops: "loops", gcn: "normal", gat: "attention", sage: "plain", gin: "plain" };

const plain = new WeakMap(); // graph → step → matrix
const learned = new WeakMap(); // record of a layer → head → matrix

/**
 * {slug, count, values (count², row by row), rows: each row's [columns], edge (i, j) → edge of the drawing or −1, sums, degree,
 * filled, most}. `attention` needs the record of a layer of GAT and a head.
 */
export function matrixOf(slug, graph, record = null, head = 0) {
  if (slug === "attention") return once(learned, record, head, () => ofAttention(graph, record, head));
  return once(plain, graph, slug, () => make(slug, graph));
}

function once(all, owner, name, build) {
  if (!all.has(owner)) all.set(owner, new Map());
  const known = all.get(owner);
  if (!known.has(name)) known.set(name, build());
  return known.get(name);
}

const KINDS = { plain: "naive", loops: "loops", degree: "loops", normal: "gcn" };

function make(slug, graph) {
  const edges = edgesFor(KINDS[slug], graph);
  if (slug !== "degree") return filled(slug, graph, edges, edges.scale);
  const every = Int32Array.from({ length: graph.count }, (_, node) => node);
  const looped = Int32Array.from(every, (node) => edges.from[edges.from.length - graph.count + node]);
  return filled(slug, graph, { ...edges, sources: every, targets: every, from: looped }, edges.degree);
}

function ofAttention(graph, record, head) {
  const { edges, attention, scores } = record;
  const heads = attention.length / Math.max(1, edges.sources.length);
  const of = (all) => Float32Array.from(edges.sources, (_, e) => all[e * heads + head]);
  const made = filled("attention", graph, edges, of(attention));
  const raw = of(scores);
  return Object.assign(made, { score: (i, j) => raw[made.message.get(i * graph.count + j)], scoresOf: (i) => made.rows[i].map((j) => raw[made.message.get(i * graph.count + j)]) });
}

function filled(slug, graph, { sources, targets, from, degree }, values) {
  const { count } = graph;
  const cells = new Float32Array(count * count);
  const rows = Array.from({ length: count }, () => []);
  const message = new Map();
  sources.forEach((j, e) => {
    const i = targets[e];
    if (!message.has(i * count + j)) rows[i].push(j);
    message.set(i * count + j, e);
    cells[i * count + j] += values[e];
  });
  for (const row of rows) row.sort((a, b) => a - b);
  const sums = Float32Array.from({ length: count }, (_, i) => rows[i].reduce((sum, j) => sum + cells[i * count + j], 0));
  const drawn = (e) => (e === undefined || from[e] < 0 ? -1 : graph.pair[from[e]]);
  return {
    slug, count, values: cells, rows, message, sums, degree,
    filled: message.size, most: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    edge: (i, j) => drawn(message.get(i * count + j)),
  };
}

/** Whether M[i, j] = M[j, i] everywhere, but for the last digit. */
export function isSymmetric({ values, rows, count, most }) {
  return rows.every((row, i) => row.every((j) => Math.abs(values[i * count + j] - values[j * count + i]) <= 1e-6 * most));
}

/**
 * The largest eigenvalue of a symmetric matrix without negative cells, by power iteration; null of any other. The identity is added
 * on the way, so that −λ, which a bipartite graph has as well, is no rival.
 */
export function largestEigenvalue(matrix) {
  const { values, rows, count, sums } = matrix;
  if (!count || !isSymmetric(matrix)) return null;
  let vector = Float64Array.from(sums, (sum) => Math.sqrt(Math.max(0, sum)) + 1e-3);
  let before = -1;
  for (let turn = 0; turn < 2000; turn += 1) {
    const length = Math.hypot(...vector);
    const unit = vector.map((value) => value / length);
    vector = unit.map((own, i) => rows[i].reduce((sum, j) => sum + values[i * count + j] * unit[j], own));
    const now = vector.reduce((sum, value, i) => sum + value * unit[i], 0);
    if (Math.abs(now - before) < 1e-11) break;
    before = now;
  }
  return before - 1;
}
