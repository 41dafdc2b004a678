// The graph as a file to take away: a list of edges, or GraphML.

const escaped = (text) => text.replace(/[&<>"']/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" })[letter]);
const NAMED = /^[\p{L}][\p{L}\p{N}_ .'’-]*$/u; // what the lab reads as a name
const short = (value) => String(Number(value.toPrecision(6)));

// Names where all are different and can be read again; else places from 0.
function idsOf({ nodes }) {
  const names = nodes.map(({ name }) => name);
  const isGood = new Set(names).size === names.length && (names.every((name) => /^\d{1,15}$/.test(name)) || names.every((name) => NAMED.test(name) && !/-/.test(name)));
  return isGood ? names : nodes.map((_, k) => String(k));
}

/** An edge a line: `a,b` or `a,b,weight`, `a->b` in a directed graph; a node without edges by itself. */
export function edgeListOf(graph) {
  const ids = idsOf(graph);
  const joined = new Set(graph.edges.flatMap(({ a, b }) => [a, b]));
  const edges = graph.edges.map(({ a, b, weight }) => `${ids[a]}${graph.directed ? "->" : ","}${ids[b]}${weight === 1 ? "" : `,${short(weight)}`}`);
  return [...edges, ...ids.filter((_, k) => !joined.has(k))].join("\n");
}

export function graphmlOf(graph) {
  const key = (id, on, type) => `<key id="${id}" for="${on}" attr.name="${id}" attr.type="${type}"/>`;
  const data = (id, value) => `<data key="${id}">${escaped(String(value))}</data>`;
  const nodes = graph.nodes.map(({ name, label, given }, k) => `<node id="n${k}">${data("name", name)}${label >= 0 ? data("class", graph.classes[label]) : ""}${data("told", given)}</node>`);
  const edges = graph.edges.map(({ a, b, weight }) => `<edge source="n${a}" target="n${b}">${data("weight", short(weight))}</edge>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    key("name", "node", "string"), key("class", "node", "string"), key("told", "node", "boolean"), key("weight", "edge", "double"),
    `<graph edgedefault="${graph.directed ? "directed" : "undirected"}">`, ...nodes, ...edges, "</graph>", "</graphml>", "",
  ].join("\n");
}

/** Offer a text as a file. */
export function save(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
