// What a box computes, as an equation and in the numbers of this moment.

import { number, percent } from "../lib/dom.js";
import { written } from "../lib/tokens.js";
import { cosineOf, rowAt } from "./contributing.js";
import { normAt, rowsOf } from "./flow.js";

/** [equation, lines with live numbers] of an item; `at`: the token looked at, or null for all. `moment` of lib/moments.js. */
export function equationOf(item, at, moment) {
  const { network } = moment;
  const { spec, width, heads, size } = network;
  if (item.kind === "add") return added(item, at);
  switch (item.role) {
    case "embedding": return ["x = E[token]", [`E has a row of ${width} numbers for each of ${item.parameters[0].shape[0]} tokens`]];
    case "learned": return ["P[t]", [`P has a row of ${width} numbers for each of ${item.parameters[0].shape[0]} places`]];
    case "sinusoidal": return ["sin(t / 10,000^(2i/d)), cos(t / 10,000^(2i/d))", [`d = ${width}; every one of these rows has the norm √(d/2) = ${number(Math.sqrt(width / 2))}`]];
    case "norm": return ["(x − mean) / √(variance + 10⁻⁵) · g + b", normed(item, at)];
    case "attention": case "cross": return [
      `softmax(Q Kᵀ${spec.scaled ? ` / √${size}` : ""}${spec.position === "alibi" && item.role === "attention" ? " − slope · distance" : ""}) V, ${heads} heads side by side, times W_O`,
      attention(item, at, moment)];
    case "feed_forward": return ["W₂ · max(0, W₁ x + b₁) + b₂", feeding(item, at, spec)];
    case "head": return ["W x + b", [`W is ${item.parameters[0].shape.join(" × ")}: a row for each answer`]];
    default: return ["exp(logit) / Σ exp(logit)", answering(item, at, moment)];
  }
}

function added({ inputs: [x, part], output }, at) {
  const lines = [`‖x‖ = ${number(normAt(x, at))}, ‖${part.name}‖ = ${number(normAt(part, at))} → ‖x + ${part.name}‖ = ${number(normAt(output, at))}`];
  const tokens = at === null ? [...Array(rowsOf(x)).keys()] : [at];
  const cosine = tokens.reduce((total, t) => total + cosineOf(rowAt(x.data, t, x.width), rowAt(part.data, t, x.width)), 0) / tokens.length;
  lines.push(`cosine of the two: ${number(cosine, 2)}${at === null ? " on average" : ""}; ${Math.abs(cosine) < 0.2 ? "it points elsewhere" : cosine > 0 ? "it strengthens what is there" : "it takes away from what is there"}`);
  return ["x + part(x)", lines];
}

function normed({ inputs: [x], output }, at) {
  const tokens = at === null ? [...Array(rowsOf(x)).keys()] : [at];
  const spread = (t) => {
    const row = rowAt(x.data, t, x.width);
    const mean = row.reduce((total, v) => total + v, 0) / x.width;
    return Math.sqrt(row.reduce((total, v) => total + (v - mean) ** 2, 0) / x.width);
  };
  const mean = tokens.reduce((total, t) => total + spread(t), 0) / tokens.length;
  return [`standard deviation ${number(mean)}${at === null ? " on average" : ""}, so it is divided by that`, `‖x‖ = ${number(normAt(x, at))} → ${number(normAt(output, at))}; after a plain norm it would be √${x.width} = ${number(Math.sqrt(x.width))}`];
}

function attention({ part, role, layer }, at, { network, pass }) {
  const { tokens, keys } = part;
  const lines = [`Q ${network.heads} × ${tokens} × ${network.size}, K and V ${network.heads} × ${keys} × ${network.size}, weights ${network.heads} × ${tokens} × ${keys}`];
  if (role === "attention" && network.spec.position === "rope") lines.push("RoPE turns queries and keys by an angle that grows with the place");
  if (role === "attention" && network.spec.position === "alibi") lines.push("ALiBi lowers scores with the distance, for each head with a slope of its own");
  if (at === null) return lines;
  const grid = pass.grids.find((each) => each.part === part);
  const most = part.weights.map((weights) => {
    const row = weights.subarray(at * keys, (at + 1) * keys);
    const to = row.indexOf(Math.max(...row));
    return `${to + 1} (${written(network.vocabulary[grid.keys[to]])}) with ${percent(row[to], 0)}`;
  });
  return [...lines, `in layer ${layer + 1} token ${at + 1} looks most at token ${most.join(", ")}`];
}

function feeding({ part }, at, spec) {
  const units = spec.feed_forward;
  const values = at === null ? part.units : rowAt(part.units, at, units);
  const active = values.reduce((total, u) => total + (u > 0 ? 1 : 0), 0) / values.length;
  return [`${units} units between; ${percent(active, 0)} of them are above 0${at === null ? " on average" : " for this token"}`];
}

function answering({ output }, at, { network }) {
  if (at === null) {
    const rows = rowsOf(output);
    const sure = [...Array(rows).keys()].reduce((total, t) => total + Math.max(...rowAt(output.data, t, output.width)), 0) / rows;
    return [`on average it is ${percent(sure, 0)} sure of its answer`];
  }
  const row = rowAt(output.data, at, output.width);
  const best = row.indexOf(Math.max(...row));
  return [`token ${at + 1}: it answers ${network.classes[best]} with ${percent(row[best])}`];
}

