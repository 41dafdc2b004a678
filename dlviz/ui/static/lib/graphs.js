// The graphs of a scene, the network of the moment on screen, what it computes of a graph, and what a person has picked.

import { readGnn } from "./gnn.js";
import { MomentStore, oneFor } from "./momentstore.js";
import { softmax } from "./softmax.js";

/** Its moments are {scene, reply, step, network}; the weights come with every frame. */
class Graphs extends MomentStore {
  read(scene, reply) {
    const network = readGnn(scene, reply.arrays);
    return network && { scene, reply, step: reply.step, network };
  }

  watch(ctx, fn) {
    let told = null;
    const tell = () => {
      const moment = ctx.visible ? this.find(this.live.frame) : null;
      if (!moment || moment === told) return;
      told = moment;
      fn(moment);
    };
    for (const kind of ["frame", "scene"]) this.live.on(kind, tell, ctx.signal);
    tell();
    return { nudge: tell };
  }
}

/** The one store of the page's session. */
export const graphsOf = oneFor(Graphs);

const cut = new WeakMap(); // scene → graphs by place

/** How many graphs a scene has; a person's own beside a set is the last. */
export const graphCount = (scene) => scene.arrays.node_start.shape[0] - 1;

/** The place of the graph on screen: a person's own beside a set, else the one that the settings name. */
export function shownPlace(scene) {
  const { own, spec } = scene.numbers;
  const count = graphCount(scene);
  return own ? count - 1 : Math.min(spec.shown, count - 1);
}

/**
 * Graph number `g` of a scene: {count, directed, names, keys, places (2 a node), labels (−1 unknown), given, classes,
 * edges: [[a, b]], edgeWeights, kinds (of bonds, −1 none), held (edges kept back), features (the graph's own, or null), x,
 * inputs; and as messages travel: sources, targets, weight, pair (message → edge), split (0 told, 1 kept back, 2 own), label,
 * target}. Computed once a scene.
 */
export function graphOf(scene, g = shownPlace(scene)) {
  if (!cut.has(scene)) cut.set(scene, new Map());
  const known = cut.get(scene);
  if (!known.has(g)) known.set(g, slice(scene, g));
  return known.get(g);
}

function slice({ numbers, arrays }, g) {
  const [node, edge] = [arrays.node_start.data, arrays.edge_start.data];
  const [from, till] = [node[g], node[g + 1]];
  const count = till - from;
  const part = (name, width = 1) => arrays[name].data.slice(from * width, till * width);
  const edges = [];
  for (let e = edge[g]; e < edge[g + 1]; e += 1) edges.push([arrays.edges.data[2 * e], arrays.edges.data[2 * e + 1]]);
  const ofEdges = (name) => arrays[name].data.slice(edge[g], edge[g + 1]);
  const inputs = arrays.x.shape[1];
  const own = arrays.own_features;
  const graph = {
    place: g, count, directed: numbers.directed[g], names: numbers.names.slice(from, till), classes: numbers.node_classes,
    keys: part("keys"), places: part("places", 2), labels: part("labels"), given: part("given"),
    edges, edgeWeights: ofEdges("weights"), kinds: ofEdges("kinds"), held: ofEdges("held_edge"),
    features: g === 0 && own.shape[1] ? own.data : null, featureNames: numbers.own_feature_names,
    inputs, x: numbers.identity ? identity(count) : part("x", inputs),
    split: arrays.split.data[g], label: arrays.graph_label?.data[g] ?? null, target: arrays.graph_target?.data[g] ?? null,
  };
  return Object.assign(graph, messagesAlong(graph, (e) => !graph.held[e]));
}

/** The edges of a drawing as messages travel: both ways where they have none, a self-loop once. {sources, targets, weight, pair} */
export function messagesAlong({ edges, edgeWeights, directed }, isKept = () => true) {
  const forth = edges.map((_, e) => e).filter(isKept);
  const back = directed ? [] : forth.filter((e) => edges[e][0] !== edges[e][1]);
  const pair = Int32Array.from([...forth, ...back]);
  return {
    sources: Int32Array.from([...forth.map((e) => edges[e][0]), ...back.map((e) => edges[e][1])]),
    targets: Int32Array.from([...forth.map((e) => edges[e][1]), ...back.map((e) => edges[e][0])]),
    weight: Float32Array.from(pair, (e) => edgeWeights[e]),
    pair,
  };
}

function identity(count) {
  const x = new Float32Array(count * count);
  for (let k = 0; k < count; k += 1) x[k * (count + 1)] = 1;
  return x;
}

const computed = new WeakMap(); // moment → results by graph

/** What the network of a moment computes of a graph, once for all pictures of the page; see lib/gnn.js. */
export function resultOf(moment, graph) {
  if (!computed.has(moment)) computed.set(moment, new WeakMap());
  const known = computed.get(moment);
  if (!known.has(graph)) known.set(graph, moment.network.run(graph));
  return known.get(graph);
}

/** Probabilities of row `r` of logits with `classes` columns. */
export const probabilities = (logits, r, classes) => Array.from(softmax(logits.slice(r * classes, (r + 1) * classes)));

/** The place of the largest of row `r`. */
export function answerOf(logits, r, classes) {
  let best = 0;
  for (let k = 1; k < classes; k += 1) if (logits[r * classes + k] > logits[r * classes + best]) best = k;
  return best;
}

/**
 * What is picked on the page: `node` and `edge` (of the drawing) by a click, `hovered` and `hoveredEdge` by the pointer, `layer`
 * and `head` by a control; null for none. `set(changes)` tells `on(fn, signal)`. A new scene keeps what still is there.
 */
class Pick {
  constructor(live) {
    Object.assign(this, { node: 0, edge: null, hovered: null, hoveredEdge: null, layer: 0, head: 0 });
    this.listening = new Set();
    live.on("scene", (scene) => {
      const graph = graphOf(scene);
      const stays = (at, size) => (at !== null && at < size ? at : null);
      this.set({
        node: stays(this.node, graph.count) ?? (graph.count ? 0 : null), edge: stays(this.edge, graph.edges.length),
        hovered: stays(this.hovered, graph.count), hoveredEdge: stays(this.hoveredEdge, graph.edges.length),
        layer: Math.min(this.layer, scene.numbers.rows.length - 1), head: Math.min(this.head, scene.numbers.rows[0].heads - 1),
      });
    });
  }

  set(changes) {
    const fresh = Object.entries(changes).filter(([name, value]) => this[name] !== value);
    if (!fresh.length) return;
    Object.assign(this, Object.fromEntries(fresh));
    for (const fn of this.listening) fn(this);
  }

  on(fn, signal) {
    this.listening.add(fn);
    signal.addEventListener("abort", () => this.listening.delete(fn));
  }
}

/** The one Pick of the page's session. */
export const pickOf = oneFor(Pick);
