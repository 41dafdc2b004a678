// What a cell of a strip is made of: the terms of its sum, longest first, and how they come to its number.

import { number } from "../lib/number.js";
import { rowOf, winnerOf } from "./messagesabout.js";

const SOME = 12; // terms listed; the rest on request

/**
 * {title, terms: [{label, text, value}], rest, joined, total}: `rest` {count, value} of the terms that are not listed, `joined`
 * how they come together ("sum"; "sum / 4"; "largest"), `note` words after it. `all`: list every term.
 */
export function listed({ title, terms, joined = "sum", total, note = "" }, all = false) {
  const size = joined === "largest" ? (term) => term.value : (term) => Math.abs(term.value);
  const ordered = [...terms].sort((a, b) => size(b) - size(a));
  const shown = all || ordered.length <= SOME + 1 ? ordered : ordered.slice(0, SOME);
  const rest = ordered.slice(shown.length);
  return { title, terms: shown, rest: rest.length ? { count: rest.length, value: rest.reduce((sum, { value }) => sum + value, 0) } : null, joined, total, note };
}

/** Feature f of weight (outputs, inputs) · x, with its bias. */
export function dotProduct({ title, x, weight, f, inputName, bias = null, note = "" }) {
  const inputs = x.length;
  const terms = [];
  let total = 0;
  for (let i = 0; i < inputs; i += 1) {
    const w = weight[f * inputs + i];
    total += w * x[i];
    if (x[i] !== 0) terms.push({ label: inputName(i), text: `${number(w)} · ${number(x[i])}`, value: w * x[i] });
  }
  const zeros = inputs - terms.length;
  if (bias !== null) {
    terms.push({ label: "bias", text: "b", value: bias });
    total += bias;
  }
  const few = zeros ? `${zeros} of ${inputs} inputs are 0 and add nothing.` : "";
  return { title, terms, total, note: [few, note].filter(Boolean).join(" ") };
}

/** Feature f of what arrives at the node, from its messages: (sum, mean, max or weighed by attention). */
export function together(about, f) {
  const { arriving, edges, row, node, name } = about;
  const terms = arriving.map((e) => {
    const value = about.message(e)[f];
    const source = edges.sources[e];
    return { label: source === node ? `${name(node)} itself` : name(source), text: about.isLinear || about.kind === "gat" ? `${number(about.share(e))} · ${number(scaled(about, e, f))}` : "", value };
  });
  const total = about.record.aggregate[node * about.record.messageWidth + about.from + f];
  const title = `Feature ${f + 1} of what arrives`;
  if (!arriving.length) return { title, terms, total, note: "Nothing arrives, which counts as 0." };
  if (row.how === "mean") return { title, terms, joined: `sum / ${arriving.length}`, total };
  if (row.how === "max") return { title, terms, joined: "largest", total, note: `Of ${name(edges.sources[winnerOf(about, f)])}; how many others have the same is not seen.` };
  return { title, terms, total };
}

/** New feature f of the node: what the layer adds up for it, and what residual, norm and activation make of that. */
export function newFeature(about, f) {
  const { record, row, node, kind, name } = about;
  const of = (matrix) => rowOf(record[matrix], node, row.outputs)[f];
  const [output, value] = [of("output"), of("after")];
  const terms = kind === "sage" ? [{ label: "W_l · heard + b", text: "", value: of("heard") }, { label: "W_r · its own", text: "", value: of("own") }]
    : kind === "gin" ? [{ label: "out of the MLP", text: "", value: output }]
      : kind === "gat" ? [{ label: row.heads === 1 ? "what arrives" : row.beside ? "heads joined" : "heads averaged", text: "", value: of("joined") }, { label: "bias", text: "b", value: about.of("bias")[f] }]
        : [...together(about, f).terms, { label: "bias", text: "b", value: about.of("bias")[f] }];
  if (row.residual) terms.push({ label: "residual", text: "its input", value: rowOf(record.input, node, row.inputs)[f] });
  const normed = row.norm === "pairnorm" ? "PairNorm of sum" : "sum";
  const joined = { relu: `ReLU of ${normed}`, tanh: `tanh of ${normed}`, none: normed }[row.activation];
  const before = of("normed");
  const note = row.activation === "none" ? "" : row.activation === "relu" ? (before < 0 ? `Before: ${number(before)}. Below 0, so ReLU makes it 0.` : `Before: ${number(before)}. ReLU leaves it as it is.`) : `Before: ${number(before)}.`;
  return { title: `New feature ${f + 1} of ${name(node)}`, terms, joined, total: value, note };
}

// Feature f of what message e carries before it is multiplied.
function scaled({ record, edges, from, kind, row, isLinear }, e, f) {
  const width = isLinear ? row.outputs : kind === "gat" ? record.messageWidth : row.inputs;
  return rowOf(isLinear || kind === "gat" ? record.transformed : record.input, edges.sources[e], width)[from + f];
}
