// What is pointed at in the batch, in words with its numbers.

import { number } from "../lib/dom.js";

/** `over`: {node, column, edge, part} in numbers of the batch, or null. */
export function overWords(over, batch) {
  const { ptr, batch: of, graphs, sources, targets } = batch;
  if (!over) return "Point at a cell, a row, a node or an edge: everything shows where it is.";
  const name = (row) => `node ${row - ptr[of[row]]} of graph ${of[row]}`;
  if (over.edge !== null) {
    const [a, b] = [sources[over.edge], targets[over.edge]];
    const start = ptr[of[a]];
    const cell = over.part === "a" ? `A[${b}, ${a}] = ${number(batch.weight[over.edge])}. ` : "";
    return `${cell}Column ${over.edge} of edge_index, graph ${of[a]}: source ${a - start} + ${start} = ${a}, target ${b - start} + ${start} = ${b}.`;
  }
  const { node, column, part } = over;
  if (node === null) return "";
  if (part === "a" && column !== null) {
    if (of[node] !== of[column]) return `A[${node}, ${column}] = 0, always: ${name(node)} and ${name(column)} are of different graphs, so no message crosses.`;
    return `A[${node}, ${column}] = 0: no edge brings a message from ${name(column)} to ${name(node)}.`;
  }
  const start = ptr[of[node]];
  const where = `Row ${node} is ${name(node)}: ${node - start} + ${start} = ${node}, batch[${node}] = ${of[node]}`;
  return part === "x" ? `${where}; x[${node}, ${column}] = ${number(batch.x[node * batch.inputs + column])}.` : `${where}, one of ${graphs[of[node]].count}.`;
}

/** The shapes of the batch. */
export function batchWords({ graphs, count, sources, inputs }) {
  const parts = graphs.map((graph) => graph.count);
  const cells = count * count;
  const within = parts.reduce((sum, each) => sum + each * each, 0);
  return `${graphs.length === 1 ? "One graph is its own batch" : `${graphs.length} graphs become one with ${parts.join(" + ")} = ${count} nodes`}: x ${count} × ${inputs}, edge_index 2 × ${sources.length}, A ${count} × ${count}. ${graphs.length === 1 ? "" : `Of its ${cells.toLocaleString("en")} cells ${(cells - within).toLocaleString("en")} lie between two graphs and are 0, so one pass over the batch gives each graph what it would get alone.`}`;
}
