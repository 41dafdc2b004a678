// Edits of a graph: each takes one (as lib/graphcode.js holds it) and gives a new one; what cannot be throws an Error with words.

export const LIMITS = { nodes: 400, edges: 2000, features: 32, classes: 10, letters: 60_000, name: 40, key: 2 ** 53 - 1 };

const clamp = (value) => Math.min(1, Math.max(-1, value));
const nodesWith = (graph, at, changes) => ({ ...graph, nodes: graph.nodes.map((node, k) => (k === at ? { ...node, ...changes } : node)) });
const isMolecule = ({ edges }) => edges.some(({ kind }) => kind >= 0);

function refuse(words) {
  throw new Error(words);
}

/** The place of the edge between two nodes (from a to b in a directed graph), −1 where there is none. */
export function edgeBetween({ edges, directed }, a, b) {
  return edges.findIndex((edge) => (edge.a === a && edge.b === b) || (!directed && edge.a === b && edge.b === a));
}

export function addNode(graph, [x, y]) {
  if (graph.nodes.length >= LIMITS.nodes) refuse(`A graph here has at most ${LIMITS.nodes} nodes.`);
  const key = graph.nodes.reduce((most, node) => Math.max(most, node.key), -1) + 1;
  if (key > LIMITS.key) refuse("The keys of this graph's nodes leave no room for another one.");
  const names = new Set(graph.nodes.map(({ name }) => name));
  let number = graph.nodes.length;
  while (names.has(String(number))) number += 1;
  // Of an atom one thing is known: carbon is the commonest.
  const features = graph.featureNames.map((_, f) => (isMolecule(graph) && f === 0 ? 1 : 0));
  const name = isMolecule(graph) ? graph.featureNames[0] ?? "C" : String(number);
  return { ...graph, nodes: [...graph.nodes, { key, x: clamp(x), y: clamp(y), label: -1, given: false, name, features }] };
}

export function removeNode(graph, at) {
  if (graph.nodes.length === 1) refuse("The last node stays: a graph without any is none.");
  const place = (k) => (k > at ? k - 1 : k);
  return {
    ...graph, nodes: graph.nodes.filter((_, k) => k !== at),
    edges: graph.edges.filter(({ a, b }) => a !== at && b !== at).map((edge) => ({ ...edge, a: place(edge.a), b: place(edge.b) })),
  };
}

export function addEdge(graph, a, b) {
  if (edgeBetween(graph, a, b) >= 0) refuse(`There is an edge between ${nameOf(graph, a)} and ${nameOf(graph, b)} already.`);
  if (graph.edges.length >= LIMITS.edges) refuse(`A graph here has at most ${LIMITS.edges.toLocaleString("en")} edges.`);
  if (a === b && isMolecule(graph)) refuse("No atom has a bond with itself.");
  const kind = isMolecule(graph) ? 1 : -1;
  const ends = graph.directed || a <= b ? { a, b } : { a: b, b: a };
  return { ...graph, edges: [...graph.edges, { ...ends, weight: 1, kind }] };
}

export function removeEdge(graph, at) {
  return { ...graph, edges: graph.edges.filter((_, e) => e !== at) };
}

export function setEdge(graph, at, changes) {
  if (changes.weight !== undefined && !(Math.fround(changes.weight) > 0 && Number.isFinite(Math.fround(changes.weight)))) {
    refuse("A weight is a number over 0.");
  }
  return { ...graph, edges: graph.edges.map((edge, e) => (e === at ? { ...edge, ...changes } : edge)) };
}

export function turnEdge(graph, at) {
  const { a, b } = graph.edges[at];
  if (edgeBetween(graph, b, a) >= 0) refuse("There is an edge the other way already.");
  return setEdge(graph, at, { a: b, b: a });
}

/** One arrow each, from the first node to the second; or, back, one edge for both ways, with the weight of the first. */
export function setDirected(graph, directed) {
  const seen = new Set();
  const edges = graph.edges.map((edge) => (directed || edge.a <= edge.b ? edge : { ...edge, a: edge.b, b: edge.a })).filter(({ a, b }) => {
    const key = `${a} ${b}`;
    return !seen.has(key) && seen.add(key);
  });
  return { ...graph, directed, edges };
}

export function moveNode(graph, at, [x, y]) {
  return nodesWith(graph, at, { x: clamp(x), y: clamp(y) });
}

export function moveAll(graph, places) {
  return { ...graph, nodes: graph.nodes.map((node, k) => ({ ...node, x: clamp(places[k][0]), y: clamp(places[k][1]) })) };
}

export function renameNode(graph, at, name) {
  const kept = name.replace(/\s+/g, " ").trim();
  if ([...kept].length > LIMITS.name) refuse(`A name has at most ${LIMITS.name} letters.`);
  return nodesWith(graph, at, { name: kept });
}

/** A class for a node (−1: nobody knows it), told in training or not. */
export function labelNode(graph, at, label, given) {
  return nodesWith(graph, at, { label, given: label >= 0 && given });
}

export function setFeature(graph, at, f, value) {
  if (!Number.isFinite(Math.fround(value))) refuse("A feature is a finite number.");
  return nodesWith(graph, at, { features: graph.nodes[at].features.map((one, k) => (k === f ? value : one)) });
}

/** Another element for an atom: its name, and the one of its features that is 1. */
export function setElement(graph, at, element) {
  return nodesWith(graph, at, { name: element, features: graph.featureNames.map((name) => (name === element ? 1 : 0)) });
}

export function addFeature(graph) {
  if (graph.featureNames.length >= LIMITS.features) refuse(`A node has at most ${LIMITS.features} features.`);
  let number = graph.featureNames.length + 1;
  while (graph.featureNames.includes(`x${number}`)) number += 1;
  return { ...graph, featureNames: [...graph.featureNames, `x${number}`], nodes: graph.nodes.map((node) => ({ ...node, features: [...node.features, 0] })) };
}

export function removeFeature(graph, f) {
  const without = (list) => list.filter((_, k) => k !== f);
  return { ...graph, featureNames: without(graph.featureNames), nodes: graph.nodes.map((node) => ({ ...node, features: without(node.features) })) };
}

export function addClass(graph) {
  if (graph.classes.length >= LIMITS.classes) refuse(`There are at most ${LIMITS.classes} classes.`);
  let letter = graph.classes.length;
  while (graph.classes.includes(`Class ${String.fromCharCode(65 + letter)}`)) letter += 1;
  return { ...graph, classes: [...graph.classes, `Class ${String.fromCharCode(65 + letter)}`] };
}

export function renameClass(graph, k, name) {
  const kept = name.replace(/\s+/g, " ").trim();
  if (!kept || [...kept].length > LIMITS.name) refuse(`A class has a name of 1 to ${LIMITS.name} letters.`);
  if (graph.classes.some((one, c) => one === kept && c !== k)) refuse(`There is a class "${kept}" already.`);
  return { ...graph, classes: graph.classes.map((one, c) => (c === k ? kept : one)) };
}

/** A node's name as a sentence has it: "Valjean", "node 7". */
export function nameOf({ nodes }, at) {
  const { name } = nodes[at];
  if (!name) return `node ${at + 1} of ${nodes.length}`;
  return /^\d+$/.test(name) ? `node ${name}` : name;
}

/** The two nodes farthest apart in the largest part of a graph (steps along edges, whatever their direction): {a, b, far}. */
export function farthestPair({ nodes, edges }) {
  const around = nodes.map(() => []);
  for (const { a, b } of edges) {
    around[a].push(b);
    around[b].push(a);
  }
  let best = { a: 0, b: Math.min(1, nodes.length - 1), far: 0, size: 0 };
  for (let start = 0; start < nodes.length; start += 1) {
    const steps = new Map([[start, 0]]);
    const line = [start];
    for (const at of line) for (const next of around[at]) if (!steps.has(next)) { steps.set(next, steps.get(at) + 1); line.push(next); }
    const [last] = line.slice(-1);
    if (line.length > best.size || (line.length === best.size && steps.get(last) > best.far)) best = { a: start, b: last, far: steps.get(last), size: line.length };
  }
  return best;
}
