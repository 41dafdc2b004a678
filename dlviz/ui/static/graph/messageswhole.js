// What a whole layer does at once, and what a node has heard of after each layer, in words and strips.

import { number, percent } from "../lib/number.js";
import { rowOf, shortly, vector } from "./messagesabout.js";
import { capital, counted, plain } from "./messagesrows.js";
import { newFeature } from "./messagesterms.js";

export const LAYER_STATIONS = [{ id: "before", name: "Before" }, { id: "travel", name: "All messages", isTravel: true }, { id: "after", name: "After" }];

const FORMULAS = {
  naive: "A H Wᵀ + b", loops: "(A + I) H Wᵀ + b", gcn: "D^−½ (A + I) D^−½ H Wᵀ + b", sage: "{how}(H of neighbours) W_lᵀ + b + H W_rᵀ",
  gin: "MLP((1 + ε) H + {how}(H of neighbours))", gat: "α H Wᵀ + b, α a softmax in each row",
};

/** All nodes in one layer at station `id`; `at` is the node that is looked at, `aboutFor(k)` what there is to say of node k. */
export function layerStation(about, id, at, aboutFor) {
  const { record, row, edges, graph, name, kind } = about;
  const own = edges.from.reduce((count, from) => count + (from < 0 ? 1 : 0), 0);
  const along = edges.sources.length - own;
  const before = (k) => rowOf(record.input, k, row.inputs);
  const after = (k) => rowOf(record.after, k, row.outputs);
  const line = (k, values, key, more = {}) => ({ key, node: k, name: name(k), before: "", values, open: (f) => plain(name(k))(f, values[f]), ...more });
  const sentences = {
    before: `Every node has ${counted(row.inputs, "number")}, drawn as a strip under it. Nothing has been sent yet.`,
    travel: `All ${counted(edges.sources.length, "message")} travel at the same moment: ${along} along edges${own ? `, and one from each of ${counted(own, "node")} to itself` : ""}. Then every strip changes.`,
    after: `Every node has ${counted(row.outputs, "new number")}, made of what it heard: the input of ${about.isLast ? "the answer" : `layer ${about.layer + 2}`}.`,
  };
  const inner = FORMULAS[kind].replace("{how}", row.how);
  const bent = row.activation === "none" ? inner : `${row.activation === "relu" ? "ReLU" : row.activation}(${inner})`;
  const nodes = [about.node, ...Array.from({ length: graph.count }, (_, k) => k).filter((k) => k !== about.node)];
  return {
    sentence: sentences[id],
    formulas: [`H′ = ${bent}`, `${graph.count} × ${row.inputs} → ${graph.count} × ${row.outputs}`, `h(${shortly(name(at))}): ${vector(before(at))} → h′(${shortly(name(at))}): ${vector(after(at))}`],
    groups: id === "before"
      ? [{ title: "Before: H", shape: `${graph.count} × ${row.inputs}`, rows: nodes.map((k) => line(k, before(k), `n${k}`)), feature: about.inputName }]
      : [
        { title: `${capital(name(at))}: before`, shape: `1 × ${row.inputs}`, rows: [line(at, before(at), "before")], feature: about.inputName },
        { title: "After: H′", shape: `${graph.count} × ${row.outputs}`, rows: nodes.map((k) => line(k, after(k), `n${k}`, { open: (f) => newFeature(aboutFor(k), f) })) },
      ],
  };
}

export const fieldStations = ({ result }) => Array.from({ length: result.layers.length + 1 }, (_, k) => ({ id: `hop${k}`, name: k ? `Layer ${k}` : "Alone", isTravel: k > 0 }));

const percentOf = (part, all) => percent(all ? part / all : 0, 0);

/** {sentence, counts: [{hop, fresh, heard, names}], note} of what the node has heard of after `hop` layers. */
export function fieldStation(about, field, hop) {
  const { node, name, graph, result, spec, kind } = about;
  const now = field.heard[hop];
  const fresh = field.rings[hop]?.length ?? 0;
  const never = field.distance.filter((far) => far === Infinity).length;
  const forgets = kind === "naive" && !now.has(node);
  const farthest = Math.max(...field.distance.filter(Number.isFinite));
  const first = hop === 0 ? `${capital(name(node))} knows of itself alone.`
    : `After ${counted(hop, "layer")} ${name(node)} has heard of ${now.size} of ${counted(graph.count, "node")} (${percentOf(now.size, graph.count)}): ${fresh ? `the news of ${fresh} of them came over ${counted(hop, "step")}` : `nobody is ${counted(hop, "step")} away`}.`;
  const rest = [];
  if (forgets) rest.push("Without self-loops a layer forgets the node itself: only walks of exactly so many steps count.");
  if (hop === result.layers.length && farthest > hop) rest.push(`The farthest is ${farthest} steps away: ${counted(farthest - hop, "more layer")} would be needed to hear of it.`);
  if (never && hop === result.layers.length) rest.push(`${counted(never, "node")} can never be heard of: no way leads from there.`);
  if (spec.norm === "pairnorm") rest.push("PairNorm also takes the mean of all nodes away, so that a trace of every node comes in.");
  return {
    sentence: [first, ...rest].join(" "),
    formulas: [`${field.heard.slice(0, hop + 1).map((set) => number(set.size)).join(" → ")} of ${graph.count}`],
    counts: field.heard.map((set, k) => ({ hop: k, heard: set.size, fresh: field.rings[k]?.length ?? 0, names: (field.rings[k] ?? []).map((other) => shortly(name(other))) })),
  };
}
