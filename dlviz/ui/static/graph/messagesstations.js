// The stations of one node in one layer: what happens, with the numbers of the moment on screen.

import { number } from "../lib/number.js";
import { rowOf, shortly, vector, winnerOf } from "./messagesabout.js";
import { answerStation } from "./messagesanswer.js";
import { scoresStation, softmaxStation } from "./messagesattention.js";
import { capital, counted, plain, resultRow, rowsOf, writtenSum } from "./messagesrows.js";
import { dotProduct, newFeature, together } from "./messagesterms.js";

const NAMES = {
  features: "Features", transform: "Times W", scores: "Scores", softmax: "Softmax", messages: "Messages", aggregate: "Put together",
  bias: "Plus bias", heads: "Heads, bias", combine: "With its own", own: "Plus its own", hidden: "MLP, hidden", mlp: "MLP, out", after: "New features", answer: "Answer",
};
const BY_KIND = {
  gat: ["features", "transform", "scores", "softmax", "messages", "aggregate", "heads"],
  sage: ["features", "messages", "aggregate", "combine"],
  gin: ["features", "messages", "aggregate", "own", "hidden", "mlp"],
};
const CONVOLUTION = ["features", "transform", "messages", "aggregate", "bias"];

/** [{id, name, isTravel}] of the layer. */
export function stationsOf({ kind, isLast }) {
  const ids = [...(BY_KIND[kind] ?? CONVOLUTION), "after", ...(isLast ? ["answer"] : [])];
  return ids.map((id) => ({ id, name: NAMES[id], isTravel: id === "messages" }));
}

/**
 * What station `id` shows: {sentence, formulas, groups}. A group: {title, shape, rows, columns}; a row: {key, node, name, before,
 * values, won (features to mark), open(f) → terms}. `columns` names the cells, whose numbers then have no common colour.
 */
export function stationAt(about, id) {
  return MAKERS[id](about);
}

const MAKERS = { features, transform, scores: scoresStation, softmax: softmaxStation, messages, aggregate, bias, heads, combine, own, hidden, mlp, after, answer: answerStation };

const who = (about) => shortly(about.name(about.node));

function features(about) {
  const { record, row, graph, arriving, node, edges, name, layer } = about;
  const others = arriving.filter((e) => edges.sources[e] !== node).length;
  const hasOwn = arriving.length > others;
  const values = (k) => rowOf(record.input, k, row.inputs);
  const rows = rowsOf(about, values);
  if (!hasOwn) rows.unshift({ ...resultRow(about, values(node), (f) => plain(name(node))(f, values(node)[f])), isResult: false, isOwn: true, key: "own" });
  const made = layer ? `what layer ${layer} made of them` : "what the data say of them";
  const alone = others ? "" : " It has no neighbour to hear from.";
  const without = about.kind === "naive" && !hasOwn ? " This layer does not listen to the node itself." : "";
  return {
    sentence: `${capital(name(node))} and ${counted(others, "neighbour")} that ${others === 1 ? "sends" : "send"} it something: ${row.inputs === 1 ? "one number" : `${row.inputs} numbers`} each, ${made}.${alone}${without}`,
    formulas: [`h(${who(about)}) = ${oneHot(about) ?? vector(values(node))}`, `H: ${graph.count} × ${row.inputs}`],
    groups: [{ title: "Features h(j)", shape: `${arriving.length + (hasOwn ? 0 : 1)} of ${graph.count} × ${row.inputs}`, rows, feature: about.inputName }],
  };
}

// "1 at its own place": of features that only say which node it is.
const oneHot = ({ numbers, layer, row }) => (numbers.identity && !layer && row.inputs > 3 ? "[0, …, 1 at its own place, …, 0]" : null);

function transform(about) {
  const { record, row, graph, name } = about;
  const all = about.kind === "gat" ? record.messageWidth : row.outputs;
  const weight = about.of("lin.weight");
  const ofHead = row.heads > 1 ? ` Head ${about.head + 1} of ${row.heads} is shown, ${counted(about.wide, "feature")}.` : "";
  const rows = rowsOf(about, (k) => rowOf(record.transformed, k, all).subarray(about.from, about.till), {
    open: (f, k) => dotProduct({ title: `W h(${shortly(name(k))}), feature ${f + 1}`, x: rowOf(record.input, k, row.inputs), weight, f: about.from + f, inputName: about.inputName }),
  });
  const first = about.arriving[0];
  const k = first === undefined ? about.node : about.edges.sources[first];
  return {
    sentence: `The same matrix W turns every node's ${counted(row.inputs, "number")} into ${all}. Open a cell: it is one row of W times the features.${ofHead}`,
    formulas: [`W h(${shortly(name(k))}) = ${vector(rowOf(record.transformed, k, all).subarray(about.from, about.till))}`, `H Wᵀ: (${graph.count} × ${row.inputs}) · (${row.inputs} × ${all}) = ${graph.count} × ${all}`],
    groups: [{ title: "W h(j)", shape: `${about.arriving.length} of ${graph.count} × ${all}`, rows }],
  };
}

const FACTOR = {
  gcn: (about, e) => `${number(about.edges.weight[e])} / √(${number(about.edges.degree[about.edges.sources[e]])} · ${number(about.edges.degree[about.node])})`,
  naive: (about, e) => number(about.edges.weight[e]), loops: (about, e) => number(about.edges.weight[e]),
};
const SENT = {
  gcn: "Each message is multiplied by w / √(d(j) d(i)), so that the well connected neither shout nor drown. d counts the node itself.",
  naive: "Each message is multiplied by the weight of its edge and by nothing else: who has many neighbours gets large numbers.",
  loops: "Each message is multiplied by the weight of its edge; the node sends one to itself, so that it does not forget what it was.",
  sage: "The features themselves travel: nothing is multiplied yet.", gin: "The features themselves travel: nothing is multiplied yet.",
  gat: "Each message is multiplied by its attention α, a share of 1.",
};

function messages(about) {
  const { kind, arriving, edges, record, name, node } = about;
  const from = about.isLinear || kind === "gat" ? "W h" : "h";
  const isWeighed = about.isLinear || kind === "gat";
  const source = kind === "gat" || about.isLinear ? record.transformed : record.input;
  const wide = record.messageWidth;
  const rows = rowsOf(about, (k, e) => about.message(e), {
    before: (e) => (isWeighed ? `${number(about.share(e), 3)} ×` : ""),
    open: (f, k, e) => {
      const carried = source[k * wide + about.from + f];
      const value = about.message(e)[f];
      const made = kind === "gcn" ? FACTOR.gcn(about, e) : number(about.share(e));
      return isWeighed ? { title: `From ${name(k)}, feature ${f + 1}`, terms: [{ label: `${from}(${shortly(name(k))})`, text: `${made} · ${number(carried)}`, value }], total: value, note: "" } : { title: `From ${name(k)}, feature ${f + 1}`, terms: [], total: value, note: "As it is." };
    },
  });
  const first = arriving.find((e) => edges.sources[e] !== node) ?? arriving[0];
  const formula = first === undefined ? "no message" : kind === "gcn"
    ? `m(${shortly(name(edges.sources[first]))} → ${who(about)}) = ${FACTOR.gcn(about, first)} · W h = ${number(about.share(first))} · ${vector(rowOf(source, edges.sources[first], wide))}`
    : `m(${shortly(name(edges.sources[first]))} → ${who(about)}) = ${isWeighed ? `${number(about.share(first))} · ` : ""}${vector(rowOf(source, edges.sources[first], wide).subarray(about.from, about.till))}`;
  return {
    sentence: `${counted(arriving.length, "message")} ${arriving.length === 1 ? "goes" : "go"} to ${name(node)}. ${SENT[kind]}`,
    formulas: [formula, `${edges.sources.length} messages in the whole graph: ${edges.sources.length} × ${wide}`],
    groups: [{ title: "Messages m(j → i)", shape: `${arriving.length} of ${edges.sources.length} × ${wide}`, rows }],
  };
}

const SUMMED = { sum: "added up", mean: "averaged: added up and divided by their number", max: "compared: of each feature only the largest stays, outlined" };

function aggregate(about) {
  const { arriving, record, node, name, row } = about;
  const wide = record.messageWidth;
  const values = rowOf(record.aggregate, node, wide).subarray(about.from, about.till);
  const won = row.how === "max" && arriving.length ? Array.from(values, (_, f) => winnerOf(about, f)) : null;
  const rows = rowsOf(about, (k, e) => about.message(e), { open: (f) => together(about, f) });
  if (won) arriving.forEach((e, at) => { rows[at].won = won.flatMap((winner, f) => (winner === e ? [f] : [])); });
  const isGat = about.kind === "gat";
  const source = about.isLinear || isGat ? record.transformed : record.input;
  const written = writtenSum(about, (k) => vector(rowOf(source, k, wide).subarray(about.from, about.till), 2));
  return {
    sentence: arriving.length > 1 ? `The ${arriving.length} messages are ${isGat ? "added up, weighed by attention" : SUMMED[row.how]}. Their order does not matter.` : arriving.length ? `There is one message, so it is all that ${name(node)} hears.` : `No message arrives at ${name(node)}: what is put together is 0.`,
    formulas: [`${written} = ${vector(values)}`],
    groups: [
      { title: "Messages", shape: `${arriving.length} × ${about.wide}`, rows },
      { title: row.how === "mean" ? "Their mean" : row.how === "max" ? "Their largest" : "Their sum", shape: `1 × ${about.wide}`, rows: [resultRow(about, values, (f) => together(about, f))] },
    ],
  };
}

// Two or three rows that are added, and what comes of it.
function added(about, parts, values, { sentence, formulas, title }) {
  const open = (f) => ({ title: `${title}, feature ${f + 1}`, terms: parts.map(({ label, values: part }) => ({ label, text: "", value: part[f] })), total: values[f], note: "" });
  return {
    sentence, formulas,
    groups: [
      { title: "What is added", shape: `${parts.length} × ${values.length}`, rows: parts.map(({ label, values: part, open: opening }, k) => ({ key: `part${k}`, node: null, name: label, before: "", values: part, open: opening ?? ((f) => plain(label)(f, part[f])) })) },
      { title, shape: `1 × ${values.length}`, rows: [resultRow(about, values, open)] },
    ],
  };
}

function bias(about) {
  const { record, row, node } = about;
  const [sum, values] = [rowOf(record.aggregate, node, row.outputs), rowOf(record.output, node, row.outputs)];
  return added(about, [{ label: "sum of messages", values: sum, open: (f) => together(about, f) }, { label: "bias b", values: about.of("bias") }], values, {
    sentence: "The bias b is added: the same for every node, learned.", title: "Output", formulas: [`${vector(sum)} + ${vector(about.of("bias"))} = ${vector(values)}`],
  });
}

function heads(about) {
  const { record, row, node, wide } = about;
  const all = rowOf(record.aggregate, node, record.messageWidth);
  const values = rowOf(record.output, node, row.outputs);
  const parts = Array.from({ length: row.heads }, (_, k) => ({ label: `head ${k + 1}`, values: all.subarray(k * wide, (k + 1) * wide) }));
  const joined = rowOf(record.joined, node, row.outputs);
  const made = added(about, [{ label: row.beside ? "heads joined" : "heads averaged", values: joined }, { label: "bias b", values: about.of("bias") }], values, {
    title: "Output", sentence: `${row.heads === 1 ? "There is one head." : row.beside ? `The ${row.heads} heads are put side by side: ${row.heads} · ${wide} = ${row.outputs} features.` : `In the last layer the ${row.heads} heads are averaged.`} Then the bias is added.`,
    formulas: [row.beside ? `${parts.map(({ values: part }) => vector(part, 2)).join(" ‖ ")} + b = ${vector(values)}` : `(${parts.map(({ values: part }) => vector(part, 2)).join(" + ")}) / ${row.heads} + b = ${vector(values)}`],
  });
  made.groups.unshift({ title: "What each head heard", shape: `${row.heads} × ${wide}`, rows: parts.map(({ label, values: part }, k) => ({ key: `head${k}`, node: null, name: label, before: "", values: part, open: (f) => plain(label)(f, part[f]) })) });
  return made;
}

function combine(about) {
  const { record, row, node, name } = about;
  const [heard, mine, values] = ["heard", "own", "output"].map((each) => rowOf(record[each], node, row.outputs));
  const inputs = row.inputs;
  return added(about, [
    { label: "W_l · heard + b", values: heard, open: (f) => dotProduct({ title: `W_l · heard + b, feature ${f + 1}`, x: rowOf(record.aggregate, node, inputs), weight: about.of("lin_l.weight"), f, inputName: about.inputName, bias: about.of("lin_l.bias")[f] }) },
    { label: "W_r · its own", values: mine, open: (f) => dotProduct({ title: `W_r · its own, feature ${f + 1}`, x: rowOf(record.input, node, inputs), weight: about.of("lin_r.weight"), f, inputName: about.inputName }) },
  ], values, {
    sentence: `What ${name(node)} heard goes through W_l, its own features through another matrix W_r, and both are added: it can tell itself from its neighbours.`,
    title: "Output", formulas: [`W_l · ${vector(rowOf(record.aggregate, node, inputs), 2)} + b + W_r · ${vector(rowOf(record.input, node, inputs), 2)} = ${vector(values)}`, `W_l, W_r: ${row.outputs} × ${inputs}`],
  });
}

function own(about) {
  const { record, row, node } = about;
  const [heard, mine, values] = ["aggregate", "own", "combined"].map((each) => rowOf(record[each], node, row.inputs));
  const eps = about.of("eps")[0];
  return added(about, [{ label: `messages (${row.how})`, values: heard, open: (f) => together(about, f) }, { label: `(1 + ε) · its own`, values: mine }], values, {
    sentence: `Its own features join, multiplied by 1 + ε = ${number(1 + eps)}; ε is learned, so that the sum can tell the node from its neighbours.`,
    title: "Combined", formulas: [`${vector(heard)} + ${number(1 + eps)} · ${vector(rowOf(record.input, node, row.inputs))} = ${vector(values)}`],
  });
}

function hidden(about) {
  const { record, row, node } = about;
  const x = rowOf(record.combined, node, row.inputs);
  const values = rowOf(record.first, node, row.outputs);
  const open = (f) => dotProduct({ title: `Hidden unit ${f + 1}`, x, weight: about.of("nn.0.weight"), f, inputName: about.inputName, bias: about.of("nn.0.bias")[f] });
  const relu = values.map((value) => Math.max(0, value));
  return {
    sentence: `A small network reads the sum: ${row.inputs} inputs, ${row.outputs} hidden units with ReLU, ${row.outputs} outputs.`,
    formulas: [`ReLU(W₁ · ${vector(x, 2)} + b₁) = ${vector(relu)}`, `W₁: ${row.outputs} × ${row.inputs}`],
    groups: [{ title: "Hidden, before ReLU", shape: `1 × ${row.outputs}`, rows: [resultRow(about, values, open)] }, { title: "After ReLU", shape: `1 × ${row.outputs}`, rows: [{ ...resultRow(about, relu, (f) => ({ ...open(f), title: `ReLU of hidden unit ${f + 1}`, joined: "ReLU of sum", total: relu[f] })), key: "relu" }] }],
  };
}

function mlp(about) {
  const { record, row, node } = about;
  const x = rowOf(record.first, node, row.outputs).map((value) => Math.max(0, value));
  const values = rowOf(record.output, node, row.outputs);
  const open = (f) => dotProduct({ title: `Output ${f + 1}`, x, weight: about.of("nn.2.weight"), f, inputName: (i) => `hidden ${i + 1}`, bias: about.of("nn.2.bias")[f] });
  return {
    sentence: "The second layer of the small network gives the output.", formulas: [`W₂ · ${vector(x, 2)} + b₂ = ${vector(values)}`, `W₂: ${row.outputs} × ${row.outputs}`],
    groups: [{ title: "Hidden", shape: `1 × ${row.outputs}`, rows: [{ key: "hidden", node: null, name: "after ReLU", before: "", values: x, open: (f) => plain("Hidden")(f, x[f]) }] }, { title: "Output", shape: `1 × ${row.outputs}`, rows: [resultRow(about, values, open)] }],
  };
}

const SIGMA = { relu: "ReLU", tanh: "tanh", none: "" };

function after(about) {
  const { record, row, node, name, graph } = about;
  const [output, sum, normed, values] = ["output", "added", "normed", "after"].map((each) => rowOf(record[each], node, row.outputs));
  const steps = [{ label: "output", values: output }];
  if (row.residual) steps.push({ label: "with its input", values: sum, open: (f) => ({ title: `Residual, feature ${f + 1}`, terms: [{ label: "output", text: "", value: output[f] }, { label: "input", text: "", value: rowOf(record.input, node, row.inputs)[f] }], total: sum[f], note: "" }) });
  if (row.norm === "pairnorm") steps.push({ label: "PairNorm", values: normed });
  const sigma = SIGMA[row.activation];
  const said = [row.residual && "its input is added (residual)", row.norm === "pairnorm" && "all nodes are centred and scaled to one mean length (PairNorm)", sigma && `${sigma} bends each number`].filter(Boolean);
  const inner = writtenSum(about, (k) => `${about.isLinear || about.kind === "gat" ? "Wh" : "h"}(${shortly(name(k))})`);
  const wrap = { sage: `W_l · ${about.row.how === "sum" ? `(${inner})` : inner} + b + W_r · h(${who(about)})`, gin: `MLP(${inner} + ${number(1 + (about.of("eps")?.[0] ?? 0))} · h(${who(about)}))`, gat: row.heads > 1 ? `${row.beside ? "‖" : "mean"} over heads (${inner}) + b` : `${inner} + b` };
  const core = `${wrap[about.kind] ?? `${inner} + b`}${row.residual ? ` + h(${who(about)})` : ""}`;
  const normal = row.norm === "pairnorm" ? `PairNorm(${core})` : core;
  return {
    sentence: said.length ? `${capital(said.join(", then "))}: the new features of ${name(node)}.` : `Nothing more happens to the output: it is the new features of ${name(node)}.`,
    formulas: [`h′(${who(about)}) = ${sigma ? `${sigma}(${normal})` : normal} = ${vector(values)}`, `H′: ${graph.count} × ${row.outputs}`],
    groups: [
      { title: "On the way", shape: `${steps.length} × ${row.outputs}`, rows: steps.map((step, k) => ({ key: `step${k}`, node: null, name: step.label, before: "", values: step.values, open: step.open ?? ((f) => plain(step.label)(f, step.values[f])) })) },
      { title: `New features h′(${who(about)})`, shape: `1 × ${row.outputs}`, rows: [resultRow(about, values, (f) => newFeature(about, f))] },
    ],
  };
}
