// The graph as the messages area draws it: messages on their way to one node, of a whole layer, and of all layers.

import { css, mix, rgb } from "../lib/color.js";
import { GraphView, classFill } from "../lib/graphview.js";

const MOST_NUMBERS = 13; // messages whose factors are written at their edges
const MANY = 60; // nodes: smaller from here on
const [MOST_NAMES, FEW_NAMES] = [14, 5]; // senders that are all named; of more, those that count most
const WIDEST = 9; // px of an edge that counts 1
const WIDEST_LOOP = 4; // a loop is small: wider, it would be a blot
const ENDS = [0.06, 0.88]; // of an edge: a dot at rest is beside its node, not on it
const STRIP = { cell: 5, wide: 40, high: 7, most: 90 };
const NARROW = 420; // px of a canvas on which everything is drawn smaller

/** A GraphView that writes each node's features beside it: `strips` {before, after, share, most: [before, after]} or null. */
export class MessageView extends GraphView {
  get narrow() { return this.canvas.clientWidth < NARROW; }

  draw(colors) {
    super.draw(colors);
    const { strips } = this;
    if (!strips || !this.canvas.clientWidth) return;
    const pen = this.canvas.getContext("2d");
    this.placed().spots.forEach(([x, y], k) => {
      if (strips.only && !strips.only.has(k)) return;
      const top = y + this.picture.nodes[k].radius + 3;
      const less = this.narrow ? 0.6 : 1;
      if (strips.share < 1) paintStrip(pen, strips.before(k), strips.most[0], x, top, 1 - strips.share, less, colors);
      if (strips.share > 0) paintStrip(pen, strips.after(k), strips.most[1], x, top, strips.share, less, colors);
    });
    pen.globalAlpha = 1;
  }
}

function paintStrip(pen, values, most, x, top, alpha, less, colors) {
  const [wide, high] = [less * Math.min(STRIP.wide, values.length * STRIP.cell), less * STRIP.high];
  const cell = wide / values.length;
  pen.globalAlpha = alpha;
  pen.fillStyle = colors.paper;
  pen.fillRect(x - wide / 2 - 1.5, top - 1.5, wide + 3, high + 3);
  pen.strokeStyle = css(mix(rgb(colors.ink), rgb(colors.paper), 0.6));
  pen.lineWidth = 1;
  pen.strokeRect(x - wide / 2 - 0.5, top - 0.5, wide + 1, high + 1);
  values.forEach((value, f) => {
    if (value === 0) return;
    pen.fillStyle = css(colors.diverging(value / most));
    pen.fillRect(x - wide / 2 + f * cell, top, Math.max(cell, 1.5), high);
  });
}

/** How the nodes look; `isFaint(k)` dims one. */
export function nodesOf({ graph, numbers }, { colors, narrow }, isFaint = () => false) {
  const small = graph.count > MANY;
  const less = narrow && graph.count > MANY / 3 ? 0.72 : 1;
  const isAtoms = numbers.own_feature_names.length > 1 && graph.labels.every((label) => label < 0);
  return Array.from({ length: graph.count }, (_, k) => {
    const name = graph.names[k];
    const isShort = name.length <= 2;
    const isKnown = graph.labels[k] >= 0 && graph.classes.length > 0;
    return {
      x: graph.places[2 * k], y: graph.places[2 * k + 1], radius: less * (small ? 6 : isShort || isAtoms ? 11 : 9), dim: isFaint(k),
      fill: isKnown ? classFill(colors, graph.labels[k]) : colors.panel, ring: isKnown ? undefined : colors.muted, ringWidth: 1.25,
      label: isShort && !small ? name : undefined, name: isShort ? undefined : name,
    };
  });
}

// Many names lie on each other: then only of `kept` nodes, and of the hovered one, which its name is looked for at.
function nameOnly(nodes, kept, hovered) {
  nodes.forEach((node, k) => { if (k !== hovered && !kept.has(k)) node.name = undefined; });
}

/** Where message e of the layer goes in the drawing: {edge, reverse}; the loop that the layer added is `extra`. */
export function wayOf({ graph, edges }, e, extra) {
  const at = edges.from[e];
  if (at < 0) return { edge: extra, reverse: false };
  const edge = graph.pair[at];
  return { edge, reverse: graph.edges[edge][0] !== edges.sources[e] };
}

/** Half-width and half-height of the places, so that the drawing fills its canvas. */
export function reachOf({ graph }) {
  const far = (axis) => Math.max(0.25, ...Array.from({ length: graph.count }, (_, k) => Math.abs(graph.places[2 * k + axis])));
  return [far(0), far(1)];
}

export const onWay = (phase) => ENDS[0] + (ENDS[1] - ENDS[0]) * phase;

const drawnEdges = ({ graph }, more = () => ({})) => graph.edges.map(([a, b], k) => ({ a, b, dashed: Boolean(graph.held[k]), ...more(k) }));

/** One node: who sends it something, at station `id`. */
export function nodePicture(about, id, phase, { colors, hovered, narrow }) {
  const { graph, edges, node, arriving, kind, spec } = about;
  const senders = new Set(arriving.map((e) => edges.sources[e]));
  const isRead = id === "answer" && (spec.task === "graph" || spec.task === "regression"); // every node speaks
  const nodes = nodesOf(about, { colors, narrow }, (k) => !isRead && k !== node && !senders.has(k));
  const longest = [...arriving].sort((a, b) => Math.abs(about.share(b)) - Math.abs(about.share(a)) || a - b);
  if (arriving.length > MOST_NAMES) nameOnly(nodes, new Set([node, ...longest.slice(0, FEW_NAMES).map((e) => edges.sources[e])]), hovered);
  const extra = graph.edges.length;
  const most = Math.max(1e-9, ...arriving.map((e) => Math.abs(about.share(e))));
  const isMultiplied = about.isLinear || kind === "gat";
  const unit = kind === "gat" || kind === "gcn" ? Math.max(1, most) : most;
  const says = ["softmax", "messages", "aggregate"].includes(id) && arriving.length <= MOST_NUMBERS;
  const list = drawnEdges(about, () => ({ dim: true, width: 1 }));
  if (arriving.some((e) => edges.from[e] < 0)) list.push({ a: node, b: node, dashed: true });
  const travel = [];
  for (const e of arriving) {
    const { edge, reverse } = wayOf(about, e, extra);
    const share = Math.abs(about.share(e));
    const wide = isMultiplied ? 1 + (WIDEST * share) / unit : 2.25;
    Object.assign(list[edge], { dim: false, color: colors.accent, width: list[edge].a === list[edge].b ? Math.min(wide, WIDEST_LOOP) : wide, text: says && isMultiplied ? share.toFixed(2) : undefined });
    if (id === "messages") travel.push({ edge, reverse, t: onWay(phase), color: nodes[edges.sources[e]].fill === colors.panel ? colors.accent : nodes[edges.sources[e]].fill });
  }
  const isDone = !["features", "transform", "scores", "softmax", "messages"].includes(id);
  return { nodes, edges: list, directed: graph.directed, travel, picked: node, halo: isDone ? [{ node }] : [] };
}

/** A whole layer: every message on its way, every node's features before and after. */
export function layerPicture(about, id, phase, { colors, hovered, narrow }) {
  const { graph, edges, record, row, node } = about;
  const nodes = nodesOf(about, { colors, narrow });
  if (graph.count > MOST_NAMES) nameOnly(nodes, new Set(), hovered);
  const extra = graph.edges.length;
  const list = drawnEdges(about);
  const travel = [];
  if (id === "travel" && phase < 1) {
    edges.sources.forEach((source, e) => {
      const { edge, reverse } = wayOf(about, e, extra);
      if (edge < extra) travel.push({ edge, reverse, t: onWay(phase), color: nodes[source].fill === colors.panel ? colors.accent : nodes[source].fill });
    });
  }
  const share = id === "before" ? 0 : id === "after" ? 1 : Math.max(0, (phase - 0.7) / 0.3);
  const top = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  return {
    picture: { nodes, edges: list, directed: graph.directed, travel, picked: node, halo: [] },
    strips: {
      share, most: [top(record.input), top(record.after)], only: graph.count > STRIP.most ? new Set([node]) : null,
      before: (k) => record.input.subarray(k * row.inputs, (k + 1) * row.inputs), after: (k) => record.after.subarray(k * row.outputs, (k + 1) * row.outputs),
    },
  };
}

/** All layers in order: what the node has heard of after `hop` of them, and the news on its way. */
export function fieldPicture(about, field, hop, phase, { colors, hovered, narrow }) {
  const { graph, node, edges } = about;
  const heard = field.heard[hop];
  const far = (k) => (field.distance[k] <= hop ? field.distance[k] : null);
  const nodes = nodesOf(about, { colors, narrow }, (k) => !heard.has(k));
  if (graph.count > 2 * MOST_NAMES) nameOnly(nodes, new Set([node]), hovered);
  nodes.forEach((each, k) => {
    if (!heard.has(k) || k === node) return;
    const share = 0.15 + (0.75 * (field.distance[k] - 1)) / Math.max(1, hop);
    Object.assign(each, { ring: css(mix(rgb(colors.accent), rgb(colors.paper), Math.min(0.8, share * 0.6))), ringWidth: 3 });
  });
  const list = drawnEdges(about, () => ({ dim: true, width: 1 }));
  const travel = [];
  const place = Math.min(hop - 1e-6, phase * hop);
  const leg = Math.floor(place);
  edges.sources.forEach((source, e) => {
    const target = edges.targets[e];
    if (edges.from[e] < 0 || source === target || far(source) === null || field.distance[target] !== field.distance[source] - 1) return;
    const { edge, reverse } = wayOf(about, e, graph.edges.length);
    Object.assign(list[edge], { dim: false, color: colors.accent, width: 1.75 });
    // The news of the outermost ring: in each layer one step nearer.
    if (hop > 0 && field.distance[source] === hop - leg && field.onWay.has(`${hop}:${source}`)) travel.push({ edge, reverse, t: onWay(place - leg), color: colors.accent });
  });
  return { nodes, edges: list, directed: graph.directed, travel, picked: node, halo: [{ node }] };
}
