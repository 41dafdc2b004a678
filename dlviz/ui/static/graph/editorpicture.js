// What the drawing shows of a graph: nodes and edges as lib/graphview.js paints them, coloured by what the network says.

import { css, mix, rgb } from "../lib/color.js";
import { answerOf, graphOf, probabilities } from "../lib/graphs.js";
import { classFill } from "../lib/graphview.js";
import { offeredPairs, pairScore } from "./editorlinks.js";
import { countsOf, stepsTo } from "./editorreach.js";

const PALEST = 0.82; // of the way to the paper, where the network is as unsure as can be
const SHADES = 24;
export const ELEMENT_CLASS = { N: 1, O: 3, F: 2, Cl: 2, Br: 0, I: 4 }; // carbon and all others: ink
const BONDS = ["aromatic", "single", "double", "triple"];
const BOND_WIDTH = [3, 1.75, 4.5, 7];
const blended = new Map();

function blend(from, to, share) {
  const key = `${from}|${to}|${Math.round(share * SHADES)}`;
  if (!blended.has(key)) {
    if (blended.size > 2000) blended.clear();
    blended.set(key, css(mix(rgb(from), rgb(to), Math.round(share * SHADES) / SHADES)));
  }
  return blended.get(key);
}

/** A class's colour, paler the less sure: `share` from 1 / classes to 1. */
export function paled(colors, k, share, classes) {
  const sure = Math.max(0, (share - 1 / classes) / (1 - 1 / classes));
  return blend(classFill(colors, k), colors.paper, PALEST * (1 - sure));
}

export const radiusFor = (count) => (count <= 24 ? 12 : count <= 40 ? 10 : count <= 90 ? 8 : count <= 160 ? 6.5 : 5);

export const isMolecule = (graph) => graph.edges.some(({ kind }) => kind >= 0);

export const elementFill = (colors, element) => (element in ELEMENT_CLASS ? blend(colors.classes[ELEMENT_CLASS[element]], colors.paper, 0.12) : blend(colors.ink, colors.paper, element === "C" ? 0.35 : 0.6));

export const bondLook = (kind) => ({ width: BOND_WIDTH[kind] ?? 1.75, dashed: kind === 0 });

export const bondName = (kind) => BONDS[kind] ?? "";

const hopFill = (colors, hop, layers) => (hop === 0 ? colors.accent : blend(colors.accent, colors.paper, 0.18 + (0.62 * hop) / Math.max(1, layers)));

/**
 * {nodes, edges, offered, said (per node {label, share, rest, isWrong}), reach: {at, steps, counts} or null}. `hovered` and `picked`
 * are places in `graph`, which may be ahead of the scene: what the network says goes by the nodes' keys.
 */
export function pictureOf({ graph, scene, result, colors, hovered, picked, isReaching, dragged, joinFrom, edge }) {
  const drawn = graphOf(scene);
  const { spec } = scene.numbers;
  const placeOfKey = new Map(Array.from(drawn.keys, (key, k) => [Number(key), k]));
  const there = graph.nodes.map(({ key }) => placeOfKey.get(key) ?? null);
  const about = { graph, drawn, spec, result, colors, there, molecule: isMolecule(graph), isWeighted: graph.edges.some(({ weight }) => weight !== graph.edges[0].weight), classes: scene.numbers.classes };
  const said = graph.nodes.map((node, k) => sayingOf(about, node, k));
  const reach = isReaching ? reachOf(about, hovered ?? picked) : null;
  const near = hovered === null || reach ? null : nearTo(graph, hovered);
  const radius = radiusFor(graph.nodes.length);
  const nodes = graph.nodes.map((node, k) => {
    const look = reach ? hopLook(about, reach, k) : nodeLook(about, node, said[k]);
    const [x, y] = dragged?.at === k ? dragged.place : [node.x, node.y];
    return { x, y, radius, name: about.molecule ? "" : node.name, dim: near ? !near.has(k) : reach ? reach.steps[k] < 0 : false, ...look };
  });
  const edges = graph.edges.map((one, e) => ({
    a: one.a, b: one.b, ...edgeLook(about, one),
    dim: reach ? reach.steps[one.a] < 0 || reach.steps[one.b] < 0 : near ? one.a !== hovered && one.b !== hovered : false,
    ...(edge === e ? { color: colors.accent, width: 3.5 } : {}),
  }));
  const offered = spec.task === "link" && result && !reach ? offeredPairs(graph, drawn, result, there) : [];
  for (const { a, b, share } of offered) edges.push({ a, b, dashed: true, width: 1.25, color: colors.accent, alpha: near ? 0.15 : 0.8, text: share.toFixed(2) });
  return {
    nodes, edges, offered, said, reach, links: linkCounts(about),
    directed: graph.directed, halo: joinFrom === null ? [] : [{ node: joinFrom, color: colors.accent }],
  };
}

// What the network says of a node, and whether that is wrong where it was not told.
function sayingOf({ spec, result, there, classes }, node, k) {
  const at = there[k];
  if (spec.task !== "node" || !result || at === null || result.answers.length < (at + 1) * classes.length) return { label: -1, share: 0, rest: [], isWrong: false };
  const label = answerOf(result.answers, at, classes.length);
  const rest = probabilities(result.answers, at, classes.length);
  return { label, share: rest[label], rest, isWrong: node.label >= 0 && !node.given && label !== node.label };
}

function nodeLook({ spec, colors, molecule, classes }, node, said) {
  const element = molecule ? { label: node.name || "?" } : {};
  if (molecule && spec.task !== "node") return { fill: elementFill(colors, element.label), ...element };
  if (spec.task !== "node") return { fill: blend(colors.ink, colors.paper, 0.62) };
  const fill = said.label < 0 ? undefined : paled(colors, said.label, said.share, classes.length);
  if (node.given) return { fill, square: true, ring: colors.ink, ringWidth: 2.75, ...element };
  const ring = node.label < 0 ? undefined : classFill(colors, node.label);
  return { fill, ring, ringWidth: 2.5, ...element, ...(said.isWrong ? { [molecule ? "badge" : "label"]: "✕" } : {}) };
}

function hopLook({ colors, spec }, { steps }, k) {
  const hop = steps[k];
  return hop < 0 ? {} : { fill: hopFill(colors, hop, spec.hidden.length), label: String(hop) };
}

function edgeLook({ drawn, result, colors, there, spec, molecule, isWeighted }, edge) {
  // Where all weigh the same a width would say nothing.
  if (spec.task !== "link" || !isHeld(drawn, there, edge)) return molecule ? bondLook(edge.kind) : isWeighted ? { weight: edge.weight } : {};
  const isFound = result && pairScore(result, there[edge.a], there[edge.b]) > 0;
  return { dashed: true, width: 2.5, color: isFound ? colors.positive : colors.negative };
}

/** Whether an edge of a graph is one that the scene keeps back. */
function isHeld(drawn, there, { a, b }) {
  const [from, to] = [there[a], there[b]];
  if (from === null || to === null) return false;
  return heldOf(drawn).has(`${Math.min(from, to)} ${Math.max(from, to)}`);
}

const held = new WeakMap();
function heldOf(drawn) {
  if (!held.has(drawn)) held.set(drawn, new Set(drawn.edges.filter((_, e) => drawn.held[e]).map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`)));
  return held.get(drawn);
}

function linkCounts(about) {
  if (about.spec.task !== "link") return null;
  const kept = about.graph.edges.filter((edge) => isHeld(about.drawn, about.there, edge));
  const found = about.result ? kept.filter(({ a, b }) => pairScore(about.result, about.there[a], about.there[b]) > 0).length : 0;
  return { held: kept.length, found, missed: kept.length - found };
}

function nearTo(graph, at) {
  const near = new Set([at]);
  for (const { a, b } of graph.edges) {
    if (a === at) near.add(b);
    if (b === at) near.add(a);
  }
  return near;
}

function reachOf({ graph, drawn, there, spec }, at) {
  if (at === null || at === undefined || !graph.nodes[at]) return null;
  const layers = spec.hidden.length;
  const isKept = (edge) => spec.task === "link" && isHeld(drawn, there, edge); // no message travels there
  const forth = graph.edges.filter((edge) => !isKept(edge));
  const back = graph.directed ? [] : forth;
  const steps = stepsTo({
    count: graph.nodes.length, sources: [...forth.map(({ a }) => a), ...back.map(({ b }) => b)], targets: [...forth.map(({ b }) => b), ...back.map(({ a }) => a)],
  }, at, layers);
  return { at, layers, steps, counts: countsOf(steps, layers), fills: (colors) => Array.from({ length: layers + 1 }, (_, hop) => hopFill(colors, hop, layers)) };
}
