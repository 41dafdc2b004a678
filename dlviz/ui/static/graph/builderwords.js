// What is learned from and how far the layers hear, in words with numbers; and formulas with their lower parts.

import { count, h } from "../lib/dom.js";
import { graphCount } from "../lib/graphs.js";

/** "h_{i}" as nodes: what stands in _{…} is set lower. */
export function typeset(formula) {
  return formula.split(/_\{([^}]*)\}/).map((part, k) => (k % 2 ? h("sub", part) : part));
}

const several = (n, one, more = `${one}s`) => `${count(n)} ${n === 1 ? one : more}`;

/** What the network learns from. */
export function dataWords(scene, graph) {
  const { spec, told, held, classes, target, own } = scene.numbers;
  const size = `${several(graph.count, "node")}, ${several(graph.edges.length, "edge")}`;
  if (spec.task === "node") {
    const unknown = graph.count - told - held;
    return `${size}, ${several(classes.length, "class", "classes")}. The network is told the class of ${several(told, "node")}; ${several(held, "node")} ${held === 1 ? "is" : "are"} kept back to measure it${unknown ? `, and of ${count(unknown)} nobody knows it` : ""}.`;
  }
  if (spec.task === "link") {
    const hidden = graph.held.reduce((sum, value) => sum + value, 0);
    return `${size}. Messages travel along ${count(graph.edges.length - hidden)} of the edges; ${count(hidden)} are kept back, to be told from ${several(scene.arrays.held_negative.shape[0], "pair")} without an edge.`;
  }
  const graphs = graphCount(scene) - (own ? 1 : 0);
  const asked = spec.task === "graph" ? `Each is one of ${several(classes.length, "class", "classes")}: ${classes.join(", ")}` : `The number to find: ${target.toLowerCase()} in a graph, ${scene.numbers.mean.toFixed(2)} on average`;
  return `${count(graphs)} graphs. ${asked}. ${count(told)} to learn from, ${count(held)} kept back to measure.${own ? " Your own graph is answered too, never trained on." : ""}`;
}

/** How far a node hears after all layers, and of how many others that is, on average over the graph shown. */
export function reachWords(scene, graph) {
  const hops = scene.numbers.rows.length;
  if (!graph.count) return "";
  const mean = heardBy(graph, hops).reduce((sum, n) => sum + n, 0) / graph.count;
  return `After ${several(hops, "layer")} a node has heard of all within ${several(hops, "step")}: here of ${mean.toFixed(1)} others on average, of ${count(graph.count - 1)}.`;
}

const counted = new WeakMap(); // graph → hops → how many

/** How many other nodes' features can have reached each node in so many layers. */
export function heardBy(graph, hops) {
  if (!counted.has(graph)) counted.set(graph, new Map());
  const known = counted.get(graph);
  if (!known.has(hops)) known.set(hops, within(graph, hops));
  return known.get(hops);
}

function within({ count: nodes, sources, targets }, hops) {
  const into = Array.from({ length: nodes }, () => []);
  targets.forEach((to, e) => into[to].push(sources[e]));
  return Array.from({ length: nodes }, (_, node) => {
    const seen = new Set([node]);
    let edge = [node];
    for (let hop = 0; hop < hops && edge.length; hop += 1) {
      edge = [...new Set(edge.flatMap((each) => into[each]))].filter((each) => !seen.has(each));
      for (const each of edge) seen.add(each);
    }
    return seen.size - 1;
  });
}
