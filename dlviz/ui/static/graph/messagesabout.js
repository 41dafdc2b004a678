// What the messages area is about at a moment: the picked node, the layer, and the messages that arrive at the node.

import { number } from "../lib/number.js";

const LINEAR = ["naive", "loops", "gcn"];

/** A node's name for a sentence: "node 7", "Valjean", "C 3" where several nodes share a name. */
export function namer(graph) {
  const often = new Map();
  for (const name of graph.names) often.set(name, (often.get(name) ?? 0) + 1);
  return (k) => {
    const name = graph.names[k] || String(graph.keys[k]);
    if (/^\d+$/.test(name)) return `node ${name}`;
    return often.get(name) > 1 ? `${name} ${k}` : name;
  };
}

/** A node's name in a formula: only its number where it has one. */
export const shortly = (words) => words.replace(/^node /, "");

/**
 * All that the stations speak of, or null where no node is picked or the network does not belong to the graph.
 *
 * `at`: another node than the picked one. `arriving`: the layer's edges into the node, by their source, the node's own first; `share(e)`: what message `e` is multiplied
 * by, of GAT in head `head`; `from`, `till`: the features of that head among the transformed ones.
 */
export function aboutOf(stage, at = stage.pick.node) {
  const { scene, moment, pick } = stage;
  const result = stage.result();
  if (!result) return null;
  const graph = stage.graph();
  const node = at !== null && at < graph.count ? at : graph.count ? 0 : null;
  const layer = Math.min(pick.layer, result.layers.length - 1);
  const record = result.layers[layer];
  const { row, edges } = record;
  const head = Math.min(pick.head, row.heads - 1);
  const wide = row.kind === "gat" ? record.messageWidth / row.heads : record.messageWidth;
  const name = namer(graph);
  const about = {
    scene, numbers: scene.numbers, spec: scene.numbers.spec, step: moment.step, network: moment.network, of: moment.network.parameters(layer), graph, result, node, layer, record, row, edges, head, name,
    kind: row.kind, isLinear: LINEAR.includes(row.kind), isLast: layer === result.layers.length - 1,
    wide, from: row.kind === "gat" ? head * wide : 0,
    arriving: node === null ? [] : arrivingAt(edges, node),
  };
  about.till = about.from + wide;
  about.share = (e) => shareOf(about, e);
  about.message = (e) => record.messages.subarray(e * record.messageWidth + about.from, e * record.messageWidth + about.till);
  about.inputName = (f) => inputName(about, f);
  return about;
}

function arrivingAt({ sources, targets }, node) {
  const found = [];
  targets.forEach((to, e) => { if (to === node) found.push(e); });
  return found.sort((a, b) => (sources[b] === node) - (sources[a] === node) || sources[a] - sources[b]);
}

/** What message `e` counts: its factor, its attention, its share of a mean; of a max the share of features it wins. */
function shareOf({ kind, row, record, edges, head, arriving, wide, message }, e) {
  if (kind === "gat") return record.attention[e * row.heads + head];
  if (kind !== "sage" && kind !== "gin") return edges.scale[e];
  if (row.how === "sum") return 1;
  if (row.how === "mean") return 1 / arriving.length;
  let won = 0;
  for (let f = 0; f < wide; f += 1) if (winnerOf({ arriving, message }, f) === e) won += 1;
  return won / wide;
}

/** The message whose feature f is the largest; the first of equals. */
export function winnerOf({ arriving, message }, f) {
  let best = arriving[0];
  for (const e of arriving) if (message(e)[f] > message(best)[f]) best = e;
  return best;
}

// What input f of the layer is: a name where the features have one, else its number.
function inputName({ layer, numbers, graph, name }, f) {
  if (layer > 0) return `feature ${f + 1}`;
  if (numbers.identity) return `is ${name(f)}`;
  return numbers.feature_names[f] ?? graph.featureNames[f] ?? `feature ${f + 1}`;
}

/** [0.12, −0.4, …] */
export function vector(values, most = 3) {
  const shown = [...values.slice(0, most)].map((value) => number(value, 2));
  return `[${shown.join(", ")}${values.length > most ? ", …" : ""}]`;
}

/** Row k of a matrix so wide. */
export const rowOf = (matrix, k, width) => matrix.subarray(k * width, (k + 1) * width);
