// The drawing as plain numbers: what is on screen, for tests and for whoever asks.

import { writeGraph } from "../lib/graphcode.js";

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;

export function readEditor({ shown, sight, history, view, legend, details, chooser, problem, pick }) {
  const { picture, graph, scene } = shown;
  if (!picture) return null;
  const seen = view.read();
  return {
    nodes: seen.nodes.map((node, k) => ({
      ...node, key: graph.nodes[k].key, label: graph.nodes[k].label, told: graph.nodes[k].given, says: picture.said[k].label, sure: picture.said[k].share,
      isWrong: picture.said[k].isWrong, dim: Boolean(picture.nodes[k].dim), mark: picture.nodes[k].label ?? "", square: Boolean(picture.nodes[k].square), features: [...graph.nodes[k].features],
    })),
    edges: seen.edges.slice(0, graph.edges.length).map((edge, e) => ({ ...edge, weight: graph.edges[e].weight, kind: graph.edges[e].kind, dashed: Boolean(picture.edges[e].dashed), dim: Boolean(picture.edges[e].dim) })),
    offered: picture.offered.map(({ a, b, share }) => ({ a, b, share })),
    directed: graph.directed, classes: [...graph.classes], featureNames: [...graph.featureNames],
    tool: sight.tool, chosenLabel: sight.label, picked: seen.picked, hovered: seen.hovered, hoveredEdge: seen.hoveredEdge, edge: pick.edge, joining: sight.joinFrom,
    reach: picture.reach && { at: picture.reach.at, layers: picture.reach.layers, steps: [...picture.reach.steps], counts: [...picture.reach.counts] },
    links: picture.links, legend: legend.read(), details: details.read(), chooser: chooser.read(),
    problem: problem.textContent, isAhead: history.isAhead || shown.isOld, canUndo: history.canUndo, canRedo: history.canRedo, sent: history.sent,
    code: writeGraph(graph), version: scene.version, told: scene.numbers.told, task: scene.numbers.spec.task, dataset: scene.numbers.spec.dataset,
    milliseconds: median(shown.times), draws: shown.times.length,
  };
}
