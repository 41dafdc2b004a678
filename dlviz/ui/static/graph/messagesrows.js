// The rows of a station: one for each message that arrives, or one of the node itself.

import { number } from "../lib/number.js";

const MOST_TERMS = 5;

/** A cell that is made of nothing further. */
export const plain = (title) => (f, value) => ({ title: `${title}, feature ${f + 1}`, terms: [], total: value, note: "" });

/** A row for each message that arrives: `values(source, e)`. */
export function rowsOf(about, values, { open, before = () => "" } = {}) {
  const { arriving, edges, node, name } = about;
  return arriving.map((e) => {
    const source = edges.sources[e];
    const found = values(source, e);
    const isOwn = source === node;
    return { key: `e${e}`, node: source, name: name(source), isOwn, before: before(e), values: found, open: open ? (f) => open(f, source, e) : (f) => plain(name(source))(f, found[f]) };
  });
}

/** One row of the node itself. */
export const resultRow = (about, values, open, extra = {}) => ({ key: "result", node: about.node, name: about.name(about.node), isResult: true, before: "", values, open, ...extra });

/** The messages written as a sum: 0.31·[…] + …, at most five of them. */
export function writtenSum(about, values) {
  const { arriving, row, edges, name } = about;
  if (!arriving.length) return "nothing";
  const isWeighed = about.isLinear || about.kind === "gat";
  const terms = arriving.slice(0, MOST_TERMS).map((e) => (isWeighed ? `${number(about.share(e), 2)} · ` : "") + values(edges.sources[e], e));
  const rest = arriving.length > MOST_TERMS ? [`${arriving.length - MOST_TERMS} more`] : [];
  if (row.how === "max") return `max(${[...terms, ...rest].join(", ")})`;
  const sum = [...terms, ...rest].join(" + ");
  return row.how === "mean" ? `(${sum}) / ${arriving.length}` : sum;
}

export const counted = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
export const capital = (words) => words[0].toUpperCase() + words.slice(1);
