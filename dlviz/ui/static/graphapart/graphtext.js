// A small graph from text and back: an edge a line (dlviz/labs/graph/apart/reading.py reads the same way).

import { relax } from "../lib/graphlayout.js";

export const [MOST_NODES, MOST_EDGES, MOST_LETTERS] = [100, 600, 12];
export const COLORS = "abc";
const ROUNDED = 40; // letters of a wrong line that are repeated

/** {colors, edges, places} of `0 1` (two nodes joined), `4` (a node alone), `4 = b` (a node's colour); or {problem}. */
export function readGraph(text) {
  const found = new Map(); // name → place
  const [colors, edges, known] = [[], [], new Set()];
  const problem = (rule, given, works) => ({ problem: `The graph ${rule}; you gave ${given}. What works: ${works}.` });
  for (const [at, raw] of text.split("\n").entries()) {
    const row = raw.trim();
    if (!row || row.startsWith("#")) continue;
    const line = `line ${at + 1}: ${row.slice(0, ROUNDED)}`;
    const cut = row.indexOf("=");
    const [node, color] = cut < 0 ? [null, null] : [row.slice(0, cut).trim(), row.slice(cut + 1).trim()];
    if (cut >= 0 && (!node || color.length !== 1 || !COLORS.includes(color) || /[\s,;]/.test(node))) return problem("must give colours as a, b or c", line, "4 = b");
    const parts = cut >= 0 ? [node] : row.split(/[\s,;]+/).filter(Boolean);
    if (parts.length < 1 || parts.length > 2) return problem("must have two names a line", line, "0 1");
    for (const part of parts) {
      if ([...part].length > MOST_LETTERS) return problem(`must have names of at most ${MOST_LETTERS} letters`, line, "0 1");
      if (found.has(part)) continue;
      if (found.size === MOST_NODES) return problem(`must have at most ${MOST_NODES} nodes`, `one more in line ${at + 1}`, "fewer");
      found.set(part, found.size);
      colors.push(0);
    }
    if (cut >= 0) colors[found.get(node)] = COLORS.indexOf(color);
    if (parts.length < 2) continue;
    const [a, b] = parts.map((part) => found.get(part)).sort((one, other) => one - other);
    if (a === b) return problem("must not join a node with itself", line, "0 1");
    if (known.has(`${a} ${b}`)) continue;
    known.add(`${a} ${b}`);
    edges.push([a, b]);
    if (edges.length > MOST_EDGES) return problem(`must have at most ${MOST_EDGES} edges`, `one more in line ${at + 1}`, "fewer");
  }
  if (!colors.length) return problem("must have a node", "none", "0 1");
  return { colors, edges, places: laid(colors.length, edges) };
}

/** Places for a graph that has none. */
export function laid(count, edges) {
  const start = Array.from({ length: count }, (_, k) => [0.7 * Math.cos((2 * Math.PI * k) / count), 0.7 * Math.sin((2 * Math.PI * k) / count)]);
  return count < 3 ? start : relax(start, edges.map(([a, b]) => ({ a, b })), { steps: 200 });
}

/** The text that `readGraph` reads back, nodes in their order. */
export function writeGraph({ colors, edges }) {
  return [...colors.map((color, k) => (color ? `${k} = ${COLORS[color]}` : `${k}`)), ...edges.map(([a, b]) => `${a} ${b}`)].join("\n");
}
