// What lies in the plane: the nodes after a layer, or the readouts of all graphs of a set, or what was predicted against what is.

import { answerOf, graphCount } from "../lib/graphs.js";
import { aligned, pca } from "./embeddingplane.js";

const LANE = 0.62; // of half the height: where the lanes of a single feature lie
const GOLDEN = 0.618034;
const SCATTER = 0.22; // within a lane

/**
 * {kind: "nodes" | "graphs" | "regression", moment, layer, count, width, values, labels, wrong, told, keys, names, edges, head}:
 * of the moment on screen, or null while it is computed. `head`: of the network where it looks at just these rows.
 */
export function pointsOf(stage, layer, readouts) {
  const { scene } = stage;
  const { task } = scene.numbers.spec;
  return task === "node" || task === "link" ? nodesOf(stage, layer) : graphsOf(scene, layer, readouts.found);
}

function nodesOf(stage, layer) {
  const result = stage.result();
  if (!result) return null;
  const graph = stage.graph();
  const { moment } = stage;
  const { width, values } = { width: result.layers[layer].row.outputs, values: result.layers[layer].after };
  const isNode = moment.network.spec.task === "node";
  const answered = isNode ? Array.from({ length: graph.count }, (_, k) => answerOf(result.answers, k, moment.network.outputs)) : null;
  const isLast = layer === result.layers.length - 1;
  return {
    kind: "nodes", moment, layer, isLast, count: graph.count, width, values, graph, result, answered,
    labels: graph.labels, names: graph.names, keys: graph.keys,
    told: Array.from(graph.labels, (label, k) => isNode && label >= 0 && Boolean(graph.given[k])),
    wrong: Array.from(graph.labels, (label, k) => isNode && label >= 0 && answered[k] !== label),
    head: isNode && isLast ? moment.network.head : null,
  };
}

function graphsOf(scene, layer, found) {
  if (!found || found.moment.scene !== scene) return null;
  const { moment, layers, widths, answers } = found;
  const { network } = moment;
  const { spec, mean, spread, own } = scene.numbers;
  const count = graphCount(scene);
  const every = Array.from({ length: count }, (_, g) => g);
  const isLast = layer === layers.length - 1;
  const shared = {
    moment, layer, isLast, count, keys: every, names: every.map((g) => (own && g === count - 1 ? "Your graph" : `Graph ${g}`)),
    told: every.map((g) => scene.arrays.split.data[g] === 0), labels: scene.arrays.graph_label.data, answers,
  };
  if (spec.task === "regression") {
    const targets = scene.arrays.graph_target.data;
    const predicted = Float64Array.from(answers, (value) => value * spread + mean);
    const values = Float64Array.from({ length: 2 * count }, (_, at) => (at % 2 ? predicted[at >> 1] : targets[at >> 1]));
    return { ...shared, kind: "regression", layer: layers.length - 1, isLast: true, width: 2, values, targets, predicted, labels: shared.labels, wrong: every.map(() => false), head: null };
  }
  const answered = every.map((g) => answerOf(answers, g, network.outputs));
  return {
    ...shared, kind: "graphs", width: widths[layer], values: layers[layer], answered,
    wrong: every.map((g) => shared.labels[g] >= 0 && answered[g] !== shared.labels[g]), head: isLast ? network.head : null,
  };
}

/** Where the points lie: {places, share, how: "as they are" | "one" | "pca"}. `before`: key → place of the moment before. */
export function placesOf(points, before, classes) {
  const { count, width, values, labels, kind, targets, predicted, keys } = points;
  if (kind === "regression") {
    // A person's own graph has no target: it lies on the diagonal, at what is predicted.
    return { how: "as they are", share: 1, places: Array.from({ length: count }, (_, k) => [Number.isFinite(targets[k]) ? targets[k] : predicted[k], predicted[k]]) };
  }
  if (width === 1) {
    const lanes = Math.max(1, classes);
    const lane = (k) => (labels[k] < 0 || lanes === 1 ? 0 : LANE * (1 - (2 * labels[k]) / (lanes - 1)));
    return { how: "one", share: 1, places: Array.from({ length: count }, (_, k) => [values[k], lane(k) + (SCATTER * (2 * ((k * GOLDEN) % 1) - 1)) / Math.max(1, lanes / 3)]) };
  }
  if (width === 2) return { how: "as they are", share: 1, places: Array.from({ length: count }, (_, k) => [values[2 * k], values[2 * k + 1]]) };
  const found = pca(values, count, width);
  return { how: "pca", share: found.share, places: before ? aligned(found.places, Array.from(keys, (key) => before.get(key) ?? null)) : found.places };
}
