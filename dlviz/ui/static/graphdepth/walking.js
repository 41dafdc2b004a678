// Messages without weights, as dlviz/labs/graph/depth/walking.py has them: the matrix that passes features on, what stays, and how
// alike the nodes are after each layer.

import { eigen } from "./eigen.js";

const SAME = 1e-6; // eigenvalues closer than this are one
const TINY = 1e-30;

/** Rows of the adjacency of a graph (lib/graphs.js), every edge both ways; edges kept back to be found are left out. */
export function adjacency(graph) {
  const a = Array.from({ length: graph.count }, () => new Float64Array(graph.count));
  graph.edges.forEach(([from, to], e) => {
    if (graph.held[e]) return;
    a[from][to] += graph.edgeWeights[e];
    if (from !== to) a[to][from] += graph.edgeWeights[e];
  });
  return a;
}

/** {matrix, symmetric, root, weights, degrees, kind}; see walking.py. `kind`: gcn, mean, naive. */
export function passing(kind, graph) {
  const weights = adjacency(graph);
  if (kind === "gcn") weights.forEach((row, i) => { if (row[i] === 0) row[i] = 1; });
  const degrees = Float64Array.from(weights, (row) => row.reduce((sum, value) => sum + value, 0));
  const over = degrees.map((degree) => (degree > 0 ? 1 / Math.sqrt(degree) : 0));
  const normal = weights.map((row, i) => row.map((value, j) => over[i] * value * over[j]));
  const ones = new Float64Array(graph.count).fill(1);
  const rest = { kind, weights, degrees, over };
  if (kind === "gcn") return { matrix: normal, symmetric: normal, root: ones, ...rest };
  if (kind === "mean") return { matrix: weights.map((row, i) => row.map((value) => (degrees[i] > 0 ? value / degrees[i] : 0))), symmetric: normal, root: degrees.map(Math.sqrt), ...rest };
  return { matrix: weights, symmetric: weights, root: ones, ...rest };
}

/** {values, alike, rate, second, basis}: eigenvalues from the largest down, how many are the largest, by what the rest shrinks. */
export function* spectrum(how) {
  const { values, vectors } = yield* eigen(how.symmetric);
  const most = values[0];
  const alike = values.filter((value) => value > most - SAME * Math.max(1, Math.abs(most))).length;
  const rest = values.slice(alike);
  const second = rest.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return { values, alike, second, rate: most > SAME ? Math.abs(second) / most : 0, basis: vectors.slice(0, alike) };
}

/** matrix · x, x (node, width) row by row. */
export function passed(matrix, x, width) {
  const out = new Float64Array(x.length);
  matrix.forEach((row, i) => row.forEach((value, j) => {
    if (value !== 0) for (let f = 0; f < width; f += 1) out[i * width + f] += value * x[j * width + f];
  }));
  return out;
}

/** [x, after one layer, …], `layers` + 1 of them; divided by the largest where they would leave the numbers. */
export function* walk(x, width, how, layers) {
  const found = [Float64Array.from(x)];
  for (let k = 0; k < layers; k += 1) {
    const y = passed(how.matrix, found[k], width);
    const most = y.reduce((best, value) => Math.max(best, Math.abs(value)), 0);
    found.push(most > 1e30 ? y.map((value) => value / most) : y);
    yield;
  }
  return found;
}

const squares = (x) => x.reduce((sum, value) => sum + value * value, 0);

/** {away, energy, variance, cosine} of x (node, width); NaN where nothing is left. See walking.py. */
export function measures(x, width, how, { basis }) {
  const n = how.degrees.length;
  const size = squares(x);
  if (size <= TINY) return { away: NaN, energy: NaN, variance: NaN, cosine: NaN };
  const y = x.map((value, at) => value * how.root[Math.floor(at / width)]);
  const whole = Math.max(squares(y), TINY);
  const away = Float64Array.from(y);
  for (const u of basis) {
    for (let f = 0; f < width; f += 1) {
      let along = 0;
      for (let i = 0; i < n; i += 1) along += u[i] * y[i * width + f];
      for (let i = 0; i < n; i += 1) away[i * width + f] -= along * u[i];
    }
  }
  const z = y.map((value, at) => value * how.over[Math.floor(at / width)]);
  const mixed = passed(how.weights, z, width);
  let apart = 0;
  z.forEach((value, at) => { apart += how.degrees[Math.floor(at / width)] * value * value - value * mixed[at]; });
  return { away: Math.sqrt(squares(away) / whole), energy: Math.max(0, apart) / whole, variance: squares(centred(x, width)) / size, cosine: cosineDistance(x, width) };
}

function centred(x, width) {
  const mean = new Float64Array(width);
  x.forEach((value, at) => { mean[at % width] += (value * width) / x.length; });
  return x.map((value, at) => value - mean[at % width]);
}

function cosineDistance(x, width) {
  const unit = [];
  for (let at = 0; at < x.length; at += width) {
    const row = x.subarray(at, at + width);
    const long = Math.sqrt(squares(row));
    if (long > TINY) unit.push(...row.map((value) => value / long));
  }
  const n = unit.length / width;
  return n < 2 ? NaN : squares(centred(Float64Array.from(unit), width)) / (n - 1);
}

/** Parts that nothing joins, and how many of them are without odd rings; `loops`: whether every node hears itself. */
export function partsOf(how) {
  const n = how.degrees.length;
  const side = new Int8Array(n);
  let [parts, even] = [0, 0];
  for (let start = 0; start < n; start += 1) {
    if (side[start]) continue;
    parts += 1;
    let isEven = true;
    let members = 0;
    const waiting = [start];
    side[start] = 1;
    while (waiting.length) {
      const at = waiting.pop();
      members += 1;
      how.weights[at].forEach((weight, to) => {
        if (weight === 0) return;
        if (!side[to]) {
          side[to] = -side[at];
          waiting.push(to);
        } else if (side[to] === side[at]) isEven = false;
      });
    }
    if (isEven && members > 1) even += 1;
  }
  return { parts, even };
}

/** Everything of one walk: {how, found, width, features: [x, …], rows: [measures, …], parts, even}. A generator, for lib/slices.js. */
export function* wholeWalk(kind, graph, x, width, layers) {
  const how = passing(kind, graph);
  const found = yield* spectrum(how);
  const features = yield* walk(x, width, how, layers);
  const rows = [];
  for (const row of features) {
    rows.push(measures(row, width, how, found));
    yield;
  }
  return { how, found, width, features, rows, ...partsOf(how) };
}

/** What `away` can be at most after k layers: its angle to the limit, whose tangent shrinks at least by the rate. */
export const atMost = (away, rate, k) => (away >= 1 ? 1 : Math.sin(Math.atan((away / Math.sqrt(1 - away * away)) * rate ** k)));
