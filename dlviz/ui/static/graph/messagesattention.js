// GAT's scores and their softmax, and what any layer counts each message: the row that a node's attention is.

import { number, percent } from "../lib/number.js";
import { rowOf, shortly } from "./messagesabout.js";
import { capital, resultRow, rowsOf } from "./messagesrows.js";
import { dotProduct } from "./messagesterms.js";

const SLOPE = 0.2; // as lib/gnn.js has it
const LARGE = 20; // above, the largest score is taken off before e is raised to it

export function scoresStation(about) {
  const { record, row, head, wide, node, name, edges } = about;
  const all = record.messageWidth;
  const toward = (k, which) => ({ x: rowOf(record.transformed, k, all).subarray(about.from, about.till), weight: about.of(which).subarray(head * wide, (head + 1) * wide), f: 0, inputName: (f) => `feature ${f + 1}` });
  const heard = record.heard[node * row.heads + head];
  const rows = rowsOf(about, (k, e) => {
    const sent = record.sent[k * row.heads + head];
    return Float32Array.of(sent, heard, sent + heard, record.scores[e * row.heads + head]);
  }, {
    open: (f, k, e) => {
      const sent = record.sent[k * row.heads + head];
      const raw = sent + heard;
      const score = record.scores[e * row.heads + head];
      if (f === 0) return dotProduct({ title: `a_src · W h(${shortly(name(k))})`, ...toward(k, "att_src") });
      if (f === 1) return dotProduct({ title: `a_dst · W h(${shortly(name(node))})`, ...toward(node, "att_dst") });
      if (f === 2) return { title: `Sum for ${name(k)}`, terms: [{ label: "of the sender", text: "a_src · W h", value: sent }, { label: "of the node", text: "a_dst · W h", value: heard }], total: raw, note: "" };
      return { title: `LeakyReLU for ${name(k)}`, terms: [{ label: "sum", text: raw < 0 ? `${SLOPE} · ${number(raw)}` : "stays", value: score }], total: score, note: raw < 0 ? "Below 0 a fifth is left." : "" };
    },
  });
  const first = about.arriving[0];
  const at = (e) => `LeakyReLU(${number(record.sent[edges.sources[e] * row.heads + head])} + ${number(heard)}) = ${number(record.scores[e * row.heads + head])}`;
  return {
    sentence: `How much ${name(node)} should listen to each: a number of the sender plus a number of its own, both learned, through LeakyReLU.${row.heads > 1 ? ` Head ${head + 1} of ${row.heads}.` : ""}`,
    formulas: [`e(${shortly(name(edges.sources[first]))} → ${shortly(name(node))}) = ${at(first)}`],
    groups: [{ title: "Scores e(j → i)", shape: `${about.arriving.length} × 1`, columns: ["a_src · Wh(j)", "a_dst · Wh(i)", "sum", "LeakyReLU"], rows }],
  };
}

export function softmaxStation(about) {
  const { record, row, head, arriving, node, name } = about;
  const score = (e) => record.scores[e * row.heads + head];
  const most = Math.max(...arriving.map(score));
  const off = most > LARGE ? most : 0;
  const raised = new Map(arriving.map((e) => [e, Math.exp(score(e) - off)]));
  const total = [...raised.values()].reduce((sum, value) => sum + value, 0);
  const open = (f, k, e) => {
    if (f === 0) return { title: `Score of ${name(k)}`, terms: [], total: score(e), note: "From the station before." };
    if (f === 1) return { title: `e to the score of ${name(k)}`, terms: [], total: raised.get(e), note: off ? `The largest score, ${number(off)}, is taken off all first, which changes no share.` : `exp(${number(score(e))})` };
    return { title: `α of ${name(k)}`, terms: [{ label: name(k), text: `${number(raised.get(e))} / ${number(total)}`, value: about.share(e) }], total: about.share(e), note: "" };
  };
  const rows = rowsOf(about, (k, e) => Float32Array.of(score(e), raised.get(e), about.share(e)), { open });
  const written = arriving.slice(0, 4).map((e) => number(raised.get(e))).join(" + ") + (arriving.length > 4 ? ` + ${arriving.length - 4} more` : "");
  const sums = Float32Array.of(total, arriving.reduce((sum, e) => sum + about.share(e), 0));
  return {
    sentence: `e is raised to each score and divided by the sum: shares of 1. ${said(about, head).sentence}`,
    formulas: [`Σ exp = ${written} = ${number(total)}`, `α(${shortly(name(about.edges.sources[arriving[0]]))} → ${shortly(name(node))}) = ${number(raised.get(arriving[0]))} / ${number(total)} = ${number(about.share(arriving[0]))}`],
    groups: [
      { title: "Softmax", shape: `${arriving.length} × 1`, columns: ["score", "exp(score)", "α"], rows },
      { title: "Sums", shape: "1 × 2", columns: ["Σ exp", "Σ α"], rows: [resultRow(about, sums, (f) => ({ title: f ? "All shares" : "Sum of exp", terms: arriving.map((e) => ({ label: name(about.edges.sources[e]), text: "", value: f ? about.share(e) : raised.get(e) })), total: sums[f], note: "" }))] },
    ],
  };
}

/** The share of each arriving message in head k: {shares, sum, entropy, most (nats for equal shares), sentence}. */
export function said(about, k) {
  const { kind, row, record, edges, arriving, node, name } = about;
  const shares = arriving.map((e) => (kind === "gat" ? record.attention[e * row.heads + k] : about.share(e)));
  const sum = shares.reduce((all, share) => all + share, 0);
  const d = arriving.length;
  if (!d) return { shares, sum, entropy: null, most: null, sentence: `${capital(name(node))} hears nothing in this layer.` };
  const parts = shares.map((share) => share / sum);
  const entropy = sum > 0 ? -parts.reduce((all, p) => all + (p > 0 ? p * Math.log(p) : 0), 0) : null;
  const most = Math.log(d);
  const best = shares.indexOf(Math.max(...shares));
  const bestName = edges.sources[arriving[best]] === node ? "itself" : name(edges.sources[arriving[best]]);
  return { shares, sum, entropy, most, best: edges.sources[arriving[best]], sentence: SENTENCES[kind]({ d, sum, entropy, most, share: shares[best], bestName, how: row.how, name: name(node), even: shares.every((share) => Math.abs(share - shares[0]) < 1e-6) }) };
}

const fixed = ({ d, sum, share, bestName, even }, why) => (d === 1 ? `There is one message, and it counts ${number(share)}.` : even ? `All ${d} messages count ${number(share)}, ${why}; together ${number(sum)}.` : `Fixed, ${why}: ${bestName === "itself" ? "its own message" : bestName} counts most, ${number(share)}; together they count ${number(sum)}, not 1.`);
const SENTENCES = {
  gat: ({ d, entropy, most, share, bestName }) => {
    if (d === 1) return "There is one message, so it gets all of the attention.";
    const part = entropy / most;
    const how = part > 0.995 ? "all but equal" : part > 0.95 ? "nearly equal" : part > 0.75 ? "uneven" : "very uneven";
    return `Entropy ${number(entropy)} of at most ln ${d} = ${number(most)} (${percent(part, 1)}): the attention is ${how}; most goes to ${bestName}, ${number(share)} against 1/${d} = ${number(1 / d)}.`;
  },
  gcn: (facts) => fixed(facts, "1 / √(d(j) d(i)), by degrees and not learned"),
  naive: (facts) => fixed(facts, "by the weights of the edges"),
  loops: (facts) => fixed(facts, "by the weights of the edges"),
  sage: (facts) => byHow(facts),
  gin: (facts) => byHow(facts),
};
const byHow = ({ d, how, share, bestName }) => (d === 1 ? "There is one message, and it counts 1." : {
  mean: `A mean: each of the ${d} counts 1/${d} = ${number(1 / d)}, whoever it is from.`,
  sum: `A sum: each of the ${d} counts 1, so that the result grows with their number.`,
  max: `The largest: ${bestName} wins ${percent(share, 0)} of the features; what does not win is not heard.`,
}[how]);
