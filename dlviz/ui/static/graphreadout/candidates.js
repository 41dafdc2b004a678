// The graphs one may put into a batch: those of the set; or, where the stage has one graph, the neighbourhoods of its nodes.

import { number } from "../lib/dom.js";
import { graphCount, graphOf, shownPlace } from "../lib/graphs.js";

export const MOST = 6; // graphs of a batch
const LARGEST = 40; // nodes of a neighbourhood, as dlviz/labs/graph/reading_out.py has it
const TOO_LARGE = 80; // nodes of a person's own graph beside a set, from which it has no room here

const known = new WeakMap(); // scene → candidates

/** {isSet, count, sizes, at(place) → graph, title(place), fits(place), first: the places chosen in the beginning}. */
export function candidatesOf(scene) {
  if (!known.has(scene)) known.set(scene, scene.numbers.spec.task === "graph" || scene.numbers.spec.task === "regression" ? ofSet(scene) : ofOne(scene));
  return known.get(scene);
}

function finish(made, first) {
  const all = made.sizes.map((size, place) => [size, place]).filter(([, place]) => made.fits(place));
  const smallest = all.reduce((best, each) => (each[0] < best[0] ? each : best), all[0]);
  const largest = all.reduce((best, each) => (each[0] > best[0] ? each : best), all[0]);
  const wanted = [...(made.fits(first) ? [first] : []), smallest?.[1], largest?.[1]].filter((place) => place !== undefined);
  return Object.assign(made, { first: [...new Set(wanted)] });
}

function ofSet(scene) {
  const starts = scene.arrays.node_start.data;
  const count = graphCount(scene);
  const sizes = Array.from({ length: count }, (_, g) => starts[g + 1] - starts[g]);
  const { own, classes } = scene.numbers;
  return finish({
    isSet: true, count, sizes, at: (place) => graphOf(scene, place),
    fits: (place) => place < count && sizes[place] > 0 && sizes[place] <= TOO_LARGE,
    title: (place) => (own && place === count - 1 ? "your own graph" : `no. ${place} of the set`),
    truth: (place) => {
      const { label, target } = graphOf(scene, place);
      if (classes.length) return label >= 0 ? classes[label] : "";
      return Number.isFinite(target) ? `${scene.numbers.target} ${number(target)}` : "";
    },
  }, shownPlace(scene));
}

function ofOne(scene) {
  const graph = graphOf(scene);
  const near = Array.from({ length: graph.count }, () => new Set());
  graph.sources.forEach((a, e) => { near[a].add(graph.targets[e]); near[graph.targets[e]].add(a); });
  const members = near.map((heard, node) => [node, ...[...heard].filter((other) => other !== node).sort((a, b) => a - b).slice(0, LARGEST - 1)].sort((a, b) => a - b));
  const made = new Map();
  return finish({
    isSet: false, count: graph.count, sizes: members.map((list) => list.length),
    fits: (place) => place < graph.count,
    title: (place) => `around ${graph.names[place] && graph.names[place] !== String(place) ? graph.names[place] : `node ${place}`}`,
    truth: () => "",
    at(place) {
      if (!made.has(place)) made.set(place, neighbourhood(graph, members[place]));
      return made.get(place);
    },
  }, members.map((_, node) => node).sort((a, b) => members[a].length - members[b].length || a - b)[Math.floor(graph.count / 2)] ?? 0);
}

// The nodes with the messages among them, as a graph of its own; features stay those of the whole graph.
function neighbourhood(graph, members) {
  const place = new Map(members.map((node, k) => [node, k]));
  const inside = [...graph.sources.keys()].filter((e) => place.has(graph.sources[e]) && place.has(graph.targets[e]));
  const edges = [...new Set(inside.map((e) => graph.pair[e]))].sort((a, b) => a - b);
  const x = new Float32Array(members.length * graph.inputs);
  members.forEach((node, k) => x.set(graph.x.subarray(node * graph.inputs, (node + 1) * graph.inputs), k * graph.inputs));
  return {
    count: members.length, directed: graph.directed, inputs: graph.inputs, x, members,
    names: members.map((node) => graph.names[node] || String(node)),
    places: members.flatMap((node) => [graph.places[2 * node], graph.places[2 * node + 1]]),
    edges: edges.map((e) => graph.edges[e].map((node) => place.get(node))),
    sources: Int32Array.from(inside, (e) => place.get(graph.sources[e])), targets: Int32Array.from(inside, (e) => place.get(graph.targets[e])),
    weight: Float32Array.from(inside, (e) => graph.weight[e]), pair: Int32Array.from(inside, (e) => edges.indexOf(graph.pair[e])),
  };
}
