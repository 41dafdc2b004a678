// The parameters of the network by formula, with the numbers put in; row by row as the server counts them.

import { count } from "../lib/dom.js";
import { STACKS } from "./words.js";

/** Rows {name, part, formula, symbols, parameters} in the order of the flow; together they are all parameters. */
export function formulasOf({ spec, vocabulary, classes, pattern, most_tokens: places }) {
  const { width: d, feed_forward: f, layers, norm, position } = spec;
  const rows = [];
  const add = (name, symbols, formula, parameters, times = 1) => rows.push({ name, symbols, formula: times > 1 ? `${times} · (${formula})` : formula, parameters: parameters * times });
  for (const stack of pattern === "decoder" ? ["encoder", "decoder"] : ["core"]) {
    const of = STACKS[stack] ? `${STACKS[stack]}: ` : "";
    const named = (name) => (of ? of + name.toLowerCase() : name);
    const attentions = layers * (stack === "decoder" ? 2 : 1);
    const tokens = stack === "decoder" ? classes.length : vocabulary.length;
    const norms = (norm === "none" ? 0 : attentions + (f ? layers : 0)) + (norm === "pre" ? 1 : 0);
    add(named("Embedding"), "V · d", `${tokens} · ${d}`, tokens * d);
    if (position === "learned") add(named("Positions"), `${places} · d`, `${places} · ${d}`, places * d);
    add(named("Attention"), "4 (d² + d)", `4 · (${d}² + ${d})`, 4 * (d * d + d), attentions);
    if (f) add(named("Feed-forward"), "2 d f + f + d", `2 · ${d} · ${f} + ${f} + ${d}`, 2 * d * f + f + d, layers);
    if (norms) add(named("Layer norm"), "2 d", `2 · ${d}`, 2 * d, norms);
  }
  add("Answers", "d · C + C", `${d} · ${classes.length} + ${classes.length}`, d * classes.length + classes.length);
  return rows;
}

export const totalOf = (rows) => rows.reduce((sum, { parameters }) => sum + parameters, 0);

/** "8,448" after its formula. */
export const written = ({ formula, parameters }) => `${formula} = ${count(parameters)}`;
