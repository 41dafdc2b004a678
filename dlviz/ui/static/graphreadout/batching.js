// Several graphs as one large one, what a network makes of it in one pass, and what becomes of each graph as a whole.

import { aggregated, linear } from "../lib/gnn.js";
import { probabilities } from "../lib/graphs.js";

export const HOWS = ["sum", "mean", "max"];

/** Graphs one after the other: {graphs, count, inputs, x, sources, targets, weight, batch, ptr, edgePtr}, as PyTorch Geometric has it. */
export function batchOf(graphs) {
  const ptr = [0];
  const edgePtr = [0];
  for (const graph of graphs) {
    ptr.push(ptr.at(-1) + graph.count);
    edgePtr.push(edgePtr.at(-1) + graph.sources.length);
  }
  const inputs = graphs[0].inputs;
  const made = {
    graphs, ptr, edgePtr, inputs, count: ptr.at(-1), x: new Float32Array(ptr.at(-1) * inputs), batch: new Int32Array(ptr.at(-1)),
    sources: new Int32Array(edgePtr.at(-1)), targets: new Int32Array(edgePtr.at(-1)), weight: new Float32Array(edgePtr.at(-1)),
  };
  graphs.forEach((graph, g) => {
    made.x.set(graph.x, ptr[g] * inputs);
    made.batch.fill(g, ptr[g], ptr[g + 1]);
    graph.sources.forEach((node, e) => { made.sources[edgePtr[g] + e] = node + ptr[g]; });
    graph.targets.forEach((node, e) => { made.targets[edgePtr[g] + e] = node + ptr[g]; });
    made.weight.set(graph.weight, edgePtr[g]);
  });
  return made;
}

/** One pass over a batch: {embedding, width, sum, mean, max (graph, width), answers: how → (graph, outputs) logits or null}. */
export function readOut(network, batch) {
  const { embedding, width } = network.embed(batch);
  const graphs = batch.graphs.length;
  const found = { embedding, width };
  for (const how of HOWS) found[how] = aggregated(how, embedding, batch.batch, graphs, width);
  const { head, outputs } = network;
  found.answers = head && Object.fromEntries(HOWS.map((how) => [how, linear(found[how], graphs, width, head.weight, outputs, head.bias)]));
  return found;
}

/** Copies of a graph as one graph, without an edge between them. */
export function copiesOf(graph, copies) {
  const { graphs, batch, ...whole } = batchOf(Array.from({ length: copies }, () => graph));
  return batchOf([whole]);
}

/** The row of the node whose number is the largest, of the nodes of graph g. */
export function winnerOf({ embedding, width }, { ptr }, g, k) {
  let best = ptr[g];
  for (let node = ptr[g] + 1; node < ptr[g + 1]; node += 1) if (embedding[node * width + k] > embedding[best * width + k]) best = node;
  return best;
}

export const normOf = (row) => Math.hypot(...row);

/** What the head says of a graph: {text, value} by the logits of its row. Classes with a share, a measured number in its own unit. */
export function said(scene, logits, g) {
  const { classes, mean, spread, target } = scene.numbers;
  if (!classes.length) {
    const value = logits[g] * spread + mean;
    return { name: target, value };
  }
  const shares = probabilities(logits, g, classes.length);
  const best = shares.indexOf(Math.max(...shares));
  return { name: classes[best], value: shares[best], best };
}

/** Pearson's correlation; null where one of the two does not vary. */
export function correlation(a, b) {
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [x, y] = [a, b].map((list) => { const middle = mean(list); return list.map((value) => value - middle); });
  const dot = (p, q) => p.reduce((sum, value, k) => sum + value * q[k], 0);
  const scale = Math.sqrt(dot(x, x) * dot(y, y));
  return a.length > 2 && scale > 1e-12 * a.length ? dot(x, y) / scale : null;
}
