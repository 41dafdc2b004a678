// The parameters of the network by formula, with the numbers put in.

import { count } from "../lib/dom.js";
import { CELLS } from "./words.js";

/** Rows {name, formula, parameters} of a scene's numbers; together they are all parameters of the network. */
export function formulasOf({ spec, layers, vocabulary, classes, pattern }) {
  const h = spec.hidden_size;
  const directions = spec.bidirectional ? 2 : 1;
  const answers = classes.length || 1;
  const rows = [];
  if (vocabulary.length) rows.push({ name: "Embedding", formula: `${vocabulary.length} · ${spec.embedding_size}`, parameters: vocabulary.length * spec.embedding_size });
  for (const part of pattern === "decoder" ? ["encoder", "decoder"] : [""]) {
    for (const { layer, input, gates, parameters } of layers) {
      const name = [CELLS[spec.cell], part, layers.length > 1 ? `layer ${layer + 1}` : ""].filter(Boolean).join(" ");
      const inner = `${h}·${input} + ${h}·${h} + 2·${h}`;
      const times = [directions > 1 ? "2" : "", gates > 1 ? String(gates) : ""].filter(Boolean);
      rows.push({ name, formula: times.length ? `${times.join(" · ")} · (${inner})` : inner, parameters });
    }
  }
  rows.push({ name: "Answer", formula: `${answers} · ${h * directions} + ${answers}`, parameters: answers * h * directions + answers });
  return rows;
}

export const totalOf = (rows) => rows.reduce((sum, { parameters }) => sum + parameters, 0);

/** "20,992" after its formula. */
export const written = ({ formula, parameters }) => `${formula} = ${count(parameters)}`;
