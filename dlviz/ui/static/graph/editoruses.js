// What a graph that was read can be used for: the settings that change together with it, or why it cannot.

import { farthestPair, nameOf } from "./editoredits.js";

const LEAST_EDGES = 4; // of finding edges, as the server has it
const LEAST_APART = 2;

/** [{name, words, why ("" where it can), graph, changes}], the best first. `spec`: of the scene now. */
export function usesOf(graph, kind, spec, features) {
  const hasOwn = graph.featureNames.length > 0;
  const usable = hasOwn ? "own" : features === "own" ? "identity" : features;
  const own = (task, made) => ({ graph: made, changes: { dataset: "own", task, features: usable, shown: 0 } });
  const uses = [labelling(graph, own), finding(graph, own)];
  const isSet = spec.task === "graph" || spec.task === "regression";
  if (isSet) {
    const known = spec.features === "own" && !hasOwn ? "It brings no features of its own, so the network is given zeros for them." : "";
    uses.unshift({ name: "Ask the network of now", words: `It stays as it was trained and answers for this graph too. ${known}`.trim(), why: "", graph, changes: {} });
  }
  if (kind === "smiles" && spec.dataset !== "mutag") {
    uses.unshift({
      name: "Ask whether it is mutagenic", words: "Trains on the 188 molecules of MUTAG and answers for this one, which it never learns from.", why: "", graph,
      changes: { dataset: "mutag", task: "graph", features: "own", shown: 0 },
    });
  }
  return uses;
}

function labelling(graph, own) {
  const name = "Label its nodes";
  const told = graph.nodes.filter(({ given, label }) => given && label >= 0).length;
  if (graph.classes.length >= 2 && told) return { name, words: `It brings ${graph.classes.length} classes, and ${told} ${told === 1 ? "node is" : "nodes are"} told.`, why: "", ...own("node", graph) };
  if (graph.nodes.length < 2) return { name, words: "", why: "Two nodes are needed, one for each class.", graph, changes: {} };
  const { a, b, far } = farthestPair(graph);
  const nodes = graph.nodes.map((node, k) => ({ ...node, label: k === a ? 0 : k === b ? 1 : -1, given: k === a || k === b }));
  const words = `It has no classes, so this is only a beginning: ${nameOf(graph, a)} is told as Class A and ${nameOf(graph, b)} as Class B, ${far ? `${far} ${far === 1 ? "step" : "steps"} apart, the most there are` : "which nothing joins"}. Change them with Label.`;
  return { name, words, why: "", ...own("node", { ...graph, classes: ["Class A", "Class B"], nodes }) };
}

function finding(graph, own) {
  const name = "Find missing edges";
  const proper = new Set(graph.edges.filter(({ a, b }) => a !== b).map(({ a, b }) => `${Math.min(a, b)} ${Math.max(a, b)}`)).size;
  const apart = (graph.nodes.length * (graph.nodes.length - 1)) / 2 - proper;
  const isFit = proper >= LEAST_EDGES && apart >= LEAST_APART;
  const why = isFit ? "" : `${LEAST_EDGES} edges and ${LEAST_APART} pairs without one are needed; there are ${proper} and ${apart}.`;
  return { name, words: "Some edges are kept back, and the network is to say where they were. No classes are needed.", why, ...own("link", graph) };
}
