// The builder: the graph, what is asked of it, the layer that passes messages, the network as a row of boxes, all else folded.

import { count, h, number, replace, setText } from "../lib/dom.js";
import { fold } from "../lib/fold.js";
import { fieldControl, problemLine, settingsOf } from "../lib/settings.js";
import { chipsControl } from "./builderchips.js";
import { KINDS, formulaFor } from "./builderlayers.js";
import { buildRow } from "./builderrow.js";
import { isSet, reasonAgainst, together } from "./buildertogether.js";
import { dataWords, reachWords, typeset } from "./builderwords.js";

// Whether a field says anything in these settings; the others always do.
const APPLIES = {
  heads: (get) => get("layer") === "gat",
  aggregate: (get) => ["sage", "gin"].includes(get("layer")),
  activation: (get) => get("hidden").length > 1,
  readout: (get) => isSet(get("dataset")),
  held_edges: (get) => get("task") === "link",
  batch_size: (get) => isSet(get("dataset")),
};
const SHORT = { node: "Label nodes", link: "Find edges", graph: "Label graphs", regression: "Measure graphs" };
const FEATURES = { identity: "One-hot identity", degree: "Degree", constant: "All the same", own: "The graph’s own" };
const PUBLISHED = { sage: "mean", gin: "sum" };

export function buildBuilder(area, stage) {
  const settings = settingsOf(stage);
  const get = (name) => settings.value(name);
  const controls = new Map();
  const adjusted = h("p.small.gnb-adjusted", { role: "status" });
  const changes = (name) => (value) => {
    const found = together(get, name, value);
    setText(adjusted, sayAdjusted(name, value, found));
    return found;
  };
  const keep = (name, control) => {
    if (!control) return null;
    controls.set(name, control);
    if (settings.fields[name].role === "live") control.element.querySelector(".knob-head")?.append(h("span.live-mark", { title: "May be changed while it trains", role: "img", "aria-label": "may be changed while it trains" }));
    return control.element;
  };
  const put = (name) => keep(name, fieldControl(stage, name, { changes: changes(name) }));
  const chips = (name, options) => keep(name, chipsControl(stage, name, { changes: changes(name), reason: (value) => reasonAgainst(get, name, value), ...options }));
  const row = (...names) => h("div.knob-row", names.map(put));
  const { options } = settings.fields.dataset;
  const pointer = h("button.plain.gnb-point", { type: "button", onclick: () => showEditor(area) }, "Show me where");
  const datasetName = (value) => (value === get("dataset") && value !== "own" && !isSet(value) && get("graph")?.trim() ? `${settings.fields.dataset.labels[options.indexOf(value)]}, edited` : null);

  const [data, words, reach] = [h("p.gnb-words.gnb-data"), h("p.gnb-words"), h("p.small.muted.gnb-reach")];
  const [formula, symbols] = [h("div.code.gnb-formula"), h("p.small.muted.gnb-symbols")];
  const network = buildRow(stage, { changes: changes("hidden") });
  const between = fold("Between the layers", betweenWords, [row("residual", "norm", "dropout", "drop_edge", "readout", "held_edges")]);
  const training = fold("Training", () => trainingWords(), [row("optimizer", "learning_rate", "weight_decay", "batch_size", "seed")]);
  area.classList.add("builder");
  area.append(
    h("div.gnb-top",
      chips("dataset", { groups: [["One graph", options.filter((each) => !isSet(each))], ["Many graphs", options.filter(isSet)]], wordOf: datasetName, more: pointer }),
      h("div.gnb-asks", chips("task", { groups: [["", settings.fields.task.options]], wordOf: (value) => SHORT[value] }),
        chips("features", { groups: [["", settings.fields.features.options]], wordOf: (value) => FEATURES[value] }))),
    data, problemLine(settings, "graph"),
    h("div.gnb-network",
      h("div.knob-row.gnb-layer", chips("layer", { groups: [["", settings.fields.layer.options]], wordOf: (value) => KINDS[value].name }), ["heads", "aggregate", "activation"].map(put)),
      h("div.gnb-kind", words, formula, symbols),
      network.element, adjusted, reach),
    h("div.folds", between.head, training.head), between.body, training.body,
    h("p.small.muted.gnb-legend", h("span.live-mark", { "aria-hidden": "true" }), "may be changed while it trains. All else begins a new run."));
  let written = "";

  function sayAdjusted(name, value, { heads, hidden }) {
    if (name === "heads" && hidden) return `${value} heads share a layer’s features evenly, so the widths are now ${hidden.join(", ")}.`;
    if (["hidden", "layer"].includes(name) && heads) return `${heads} ${heads === 1 ? "head" : "heads"} now, since ${get("heads")} would not share these widths evenly.`;
    return "";
  }

  function show() {
    for (const [name, applies] of Object.entries(APPLIES)) controls.get(name)?.element.classList.toggle("hidden", !applies(get) || settings.isHidden(name));
    const kind = get("layer");
    const how = get("aggregate") === "usual" ? PUBLISHED[kind] ?? "sum" : get("aggregate");
    setText(words, KINDS[kind].words);
    const text = formulaFor(kind, how);
    if (text !== written) replace(formula, typeset(text));
    written = text;
    showScene();
    between.say();
    training.say();
  }

  function showScene() {
    if (!stage.scene) return;
    const { rows } = stage.scene.numbers;
    const [{ inputs, outputs }] = rows;
    setText(data, dataWords(stage.scene, stage.graph()));
    setText(symbols, `i is a node, j one that sends to it${["loops", "gcn", "gat"].includes(get("layer")) ? ", or i itself" : ""}. h: a node’s features before the layer, ${count(inputs)} in the first; h′: after it, ${count(outputs)}. ${kindSymbols(get("layer"))}`);
    setText(reach, reachWords(stage.scene, stage.graph()));
    network.show();
  }

  function betweenWords() {
    const on = [];
    if (get("residual")) on.push("residual");
    if (get("norm") !== "none") on.push("PairNorm");
    if (get("dropout")) on.push(`dropout ${number(get("dropout"))}`);
    if (get("drop_edge")) on.push(`DropEdge ${number(get("drop_edge"))}`);
    if (APPLIES.readout(get)) on.push(`readout: ${get("readout")}`);
    if (APPLIES.held_edges(get)) on.push(`${number(100 * get("held_edges"))} % of the edges kept back`);
    return on.join(", ") || "no residual, no norm, no dropout";
  }

  const trainingWords = () => `${settings.fields.optimizer.labels[settings.fields.optimizer.options.indexOf(get("optimizer"))]}, rate ${number(get("learning_rate"))}${get("weight_decay") ? `, decay ${number(get("weight_decay"))}` : ""}${APPLIES.batch_size(get) ? `, ${get("batch_size")} graphs a step` : ", the whole graph at each step"}, seed ${get("seed")}`;

  settings.on(show);
  stage.on("scene", show);
  return {
    draw() {},
    read: () => ({
      ...network.read(), formula: formula.textContent, words: words.textContent, data: data.textContent, reach: reach.textContent, adjusted: adjusted.textContent,
      chosen: Object.fromEntries([...area.querySelectorAll(".gnb-choice")].map((each) => [each.dataset.field, each.querySelector("[aria-checked=true]")?.value ?? null])),
      fields: [...area.querySelectorAll("[data-field]")].filter((each) => !each.matches(".hidden")).map((each) => each.dataset.field),
      reasons: Object.fromEntries([...area.querySelectorAll(".gnb-why")].filter(({ textContent }) => textContent).map((each) => [each.closest("[data-field]").dataset.field, each.textContent])),
      problems: Object.fromEntries([...area.querySelectorAll(".problem, .wrong")].filter(({ textContent }) => textContent).map((each) => [each.closest("[data-field]")?.dataset.field ?? "graph", each.textContent])),
    }),
  };
}

const kindSymbols = (kind) => ({
  gcn: "w: weight of an edge, 1 for a loop; d: weights that come in; W, b: learned.", sage: "W₁, W₂, b: learned.",
  gat: "W, a₁, a₂, b: learned.", gin: "W₁, W₂, b₁, b₂, ε: learned.",
}[kind] ?? "w: weight of an edge; W, b: learned.");

function showEditor(area) {
  const editor = area.getRootNode().querySelector(".graph-editor");
  editor?.scrollIntoView({ block: "start", behavior: "auto" });
  editor?.querySelector("button")?.focus({ preventScroll: true });
}
