// The last station: from the node's new features to the answer of the task.

import { number, percent } from "../lib/number.js";
import { answerOf, probabilities } from "../lib/graphs.js";
import { rowOf, vector } from "./messagesabout.js";
import { capital, resultRow, rowsOf } from "./messagesrows.js";
import { dotProduct } from "./messagesterms.js";

export function answerStation(about) {
  const { spec } = about;
  if (spec.task === "link") return links(about);
  return spec.task === "node" ? classes(about) : whole(about);
}

function headRows(about, x, names) {
  const { network, result, node, spec } = about;
  const { outputs } = network;
  const logits = spec.task === "node" ? rowOf(result.answers, node, outputs) : result.answers;
  const open = (f) => dotProduct({ title: `Answer for ${names[f] ?? "the graph"}`, x, weight: network.head.weight, f, inputName: (i) => `feature ${i + 1}`, bias: network.head.bias[f] });
  return { logits, group: { title: "Answer: W h′ + b", shape: `1 × ${outputs}`, columns: names, rows: [resultRow(about, logits, open, { name: spec.task === "node" ? about.name(node) : "the graph" })] } };
}

function classes(about) {
  const { numbers, network, result, node, row, name, graph } = about;
  const { outputs } = network;
  const x = rowOf(result.embedding, node, row.outputs);
  const { logits, group } = headRows(about, x, numbers.classes);
  const shares = probabilities(result.answers, node, outputs);
  const best = answerOf(result.answers, node, outputs);
  const label = graph.labels[node];
  const truth = label >= 0 ? (label === best ? " That is right." : ` It is ${numbers.classes[label]}.`) : "";
  return {
    sentence: `A last matrix turns the ${row.outputs} features into a number a class; the softmax says ${percent(shares[best])} ${numbers.classes[best]}.${truth}`,
    formulas: [`W · ${vector(x)} + b = ${vector(logits)}`, `Classes of all nodes: ${graph.count} × ${outputs}`],
    groups: [group, { title: "Probabilities", shape: `1 × ${outputs}`, columns: numbers.classes, rows: [resultRow(about, Float32Array.from(shares), (f) => ({ title: `Share of ${numbers.classes[f]}`, terms: [...logits].map((z, k) => ({ label: numbers.classes[k], text: `exp(${number(z)})`, value: Math.exp(z) })), joined: `exp(${number(logits[f])}) / sum`, total: shares[f], note: `For ${name(node)}.` }), { key: "shares" })] }],
  };
}

function links(about) {
  const { result, node, row, name, edges, graph } = about;
  const x = rowOf(result.embedding, node, row.outputs);
  const product = (k) => { const y = rowOf(result.embedding, k, row.outputs); return x.reduce((sum, value, f) => sum + value * y[f], 0); };
  const chance = (z) => 1 / (1 + Math.exp(-z));
  const open = (f, k) => {
    const y = rowOf(result.embedding, k, row.outputs);
    const z = product(k);
    return { title: f ? `Probability of an edge to ${name(k)}` : `${capital(name(node))} · ${name(k)}`, terms: [...x].map((value, i) => ({ label: `feature ${i + 1}`, text: `${number(value)} · ${number(y[i])}`, value: value * y[i] })), joined: f ? "σ of sum" : "sum", total: f ? chance(z) : z, note: "" };
  };
  const rows = rowsOf(about, (k) => Float32Array.of(product(k), chance(product(k))), { open }).filter((each) => !each.isOwn);
  const first = edges.sources[about.arriving.find((e) => edges.sources[e] !== node)] ?? node;
  return {
    sentence: "Two nodes are called joined where the product of their embeddings is large; σ makes a probability of it. Here for the nodes that sent a message; the edges kept back are drawn dashed.",
    formulas: [`σ(${vector(x)} · ${vector(rowOf(result.embedding, first, row.outputs))}) = σ(${number(product(first))}) = ${number(chance(product(first)))}`, `Embeddings: ${graph.count} × ${row.outputs}`],
    groups: [{ title: `Edges of ${name(node)}`, shape: `${rows.length} × 1`, columns: ["product", "probability"], rows }],
  };
}

const HOW = { sum: "added up", mean: "averaged", max: "compared, and of each feature the largest stays" };

function whole(about) {
  const { numbers, network, result, row, spec, graph, name } = about;
  const { readout } = result;
  const names = spec.task === "graph" ? numbers.classes : [numbers.target];
  const { logits, group } = headRows(about, readout, names);
  const columns = (f) => Array.from({ length: graph.count }, (_, k) => result.embedding[k * row.outputs + f]);
  const open = (f) => ({ title: `Readout, feature ${f + 1}`, terms: columns(f).map((value, k) => ({ label: name(k), text: "", value })), joined: { sum: "sum", mean: `sum / ${graph.count}`, max: "largest" }[spec.readout], total: readout[f], note: "" });
  const reads = { title: `Readout of all ${graph.count} nodes`, shape: `${graph.count} × ${row.outputs} → 1 × ${row.outputs}`, rows: [resultRow(about, readout, open, { key: "readout", name: "the graph" })] };
  const mine = { title: "The node's part", shape: `1 × ${row.outputs}`, rows: [{ ...resultRow(about, rowOf(result.embedding, about.node, row.outputs), (f) => open(f)), key: "mine", isResult: false }] };
  const value = logits[0] * numbers.spread + numbers.mean;
  const said = spec.task === "graph" ? (() => { const best = answerOf(logits, 0, network.outputs); return `the answer is ${percent(probabilities(logits, 0, network.outputs)[best])} ${numbers.classes[best]}${graph.label >= 0 ? `; the data say ${numbers.classes[graph.label]}` : ""}`; })()
    : `the answer is ${number(value)} ${numbers.target.toLowerCase()}${Number.isFinite(graph.target) && graph.target !== null ? `; the data say ${number(graph.target)}` : ""}`;
  return {
    sentence: `The ${graph.count} nodes are ${HOW[spec.readout]} (readout), and a last matrix reads that one row: ${said}.`,
    formulas: [`W · ${vector(readout)} + b = ${vector(logits)}`, ...(spec.task === "regression" ? [`${number(logits[0])} · ${number(numbers.spread)} + ${number(numbers.mean)} = ${number(value)}`] : [])],
    groups: [mine, reads, group],
  };
}
