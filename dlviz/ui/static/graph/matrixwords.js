// What a cell, a row and the whole matrix say, with their numbers put in.

import { count as whole, number, percent } from "../lib/dom.js";
import { isSymmetric, largestEigenvalue, matrixOf } from "./matrixsteps.js";

const TERMS = 6; // of a sum that is written out
const eigen = new WeakMap(); // matrix → its largest eigenvalue

/** "a + b + … + z", short. */
export function sumOf(texts) {
  return texts.length <= TERMS ? texts.join(" + ") : `${texts.slice(0, TERMS - 1).join(" + ")} + … (${texts.length} in all)`;
}

/** "3", or "3 (Valjean)" where the name says more than the number. */
export function nodeName(graph, node) {
  const name = graph.names[node];
  return name && name !== String(node) ? `${node} (${name})` : String(node);
}

/** {equation, meaning} of a cell. */
export function cellWords(step, matrix, graph, i, j) {
  const { count, values, degree } = matrix;
  const value = values[i * count + j];
  const isFilled = matrix.message.has(i * count + j);
  const at = `${step.symbol}[${i}, ${j}]`;
  const [a, b] = [nodeName(graph, i), nodeName(graph, j)];
  const silent = { equation: `${at} = 0`, meaning: i === j ? `Node ${a} does not hear itself here.` : `No edge brings a message from ${b} to ${a}.` };
  const loops = matrixOf("loops", graph);
  if (step.slug === "degree") {
    if (i !== j) return { equation: `${at} = 0`, meaning: "D holds its numbers on the diagonal only." };
    return { equation: `${at} = ${sumOf(loops.rows[i].map((from) => number(loops.values[i * count + from])))} = ${number(value)}`, meaning: `What comes in at node ${a}, with the loop to itself.` };
  }
  if (!isFilled) return silent;
  const isOwn = matrix.edge(i, j) >= 0;
  const meaning = i === j ? `Node ${a} hears itself${isOwn ? " along a loop of its own" : ", along the loop that was added"}.` : `Node ${a} collects from node ${b}.`;
  if (step.slug === "plain") return { equation: `${at} = ${number(value)}`, meaning };
  if (step.slug === "loops") {
    if (i !== j) return { equation: `${at} = ${number(value)} + 0`, meaning };
    return { equation: isOwn ? `${at} = ${number(value)}` : `${at} = 0 + 1 = 1`, meaning };
  }
  if (step.slug === "normal") {
    const weight = loops.values[i * count + j];
    return { equation: `${at} = ${number(weight)} / √(${number(degree[i])} · ${number(degree[j])}) = ${number(value)}`, meaning };
  }
  const scores = matrix.scoresOf(i);
  const most = Math.max(...scores);
  const raised = scores.map((score) => Math.exp(score - most));
  const mine = Math.exp(matrix.score(i, j) - most);
  const total = raised.reduce((sum, each) => sum + each, 0);
  return { equation: `${at} = exp(${number(matrix.score(i, j))} − ${number(most)}) / (${sumOf(raised.map((each) => number(each)))}) = ${number(mine)} / ${number(total)} = ${number(value)}`, meaning };
}

/** What is to be said of the whole matrix, computed. */
export function wholeWords(step, matrix, graph) {
  const { count, filled, sums } = matrix;
  if (!count) return "This graph has no nodes.";
  const cells = `${whole(filled)} of ${whole(count * count)} cells are filled (${percent(filled / (count * count))})`;
  const [least, most] = [Math.min(...sums), Math.max(...sums)];
  if (step.slug === "degree") return `${whole(filled)} numbers on the diagonal, from ${number(least)} to ${number(most)}: the more a node hears, the larger its sum.`;
  if (step.slug === "attention") return `${cells}. Every row sums to 1: a node shares its attention among those that it hears, and itself.`;
  const isEven = isSymmetric(matrix);
  const shape = isEven ? "symmetric, since every edge carries messages both ways" : "not symmetric, since its edges go one way";
  const rows = least === most ? `every row sums to ${number(most)}` : `rows sum to ${number(least)} up to ${number(most)}`;
  if (!eigen.has(matrix)) eigen.set(matrix, largestEigenvalue(matrix));
  const largest = eigen.get(matrix);
  const grows = largest === null ? "" : step.slug === "normal"
    ? ` The largest eigenvalue is ${number(largest)}: however often it is applied, the features as a whole do not grow.`
    : ` The largest eigenvalue is ${number(largest)}: W aside, a layer may stretch the features by as much.`;
  const kept = graph.held.some(Boolean) ? ` The ${whole(graph.held.filter(Boolean).length)} edges kept back are not in it.` : "";
  return `${cells}; it is ${shape}; ${rows}.${grows}${kept}`;
}
