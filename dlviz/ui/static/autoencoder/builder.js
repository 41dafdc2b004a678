// The builder: pictures, kind, layers and code in one row, what only some kinds have under it, all else folded.

import { count, h, number, replace, setText } from "../lib/dom.js";
import { fold } from "../lib/fold.js";
import { fieldControl, settingsOf } from "../lib/settings.js";
import { widthsControl } from "../lib/widths.js";
import { leavingControl } from "./leaving.js";
import { SYMBOLS, countOf, formulaOf, shapeText } from "./stations.js";

const VARIATIONAL = ["variational", "conditional"];
// Whether a field says anything in these settings; the others always do.
const APPLIES = {
  hidden: (get) => get("network") === "dense",
  channels: (get) => get("network") === "convolutional",
  beta: (get) => VARIATIONAL.includes(get("kind")),
  warmup: (get) => VARIATIONAL.includes(get("kind")),
  noise: (get) => get("kind") === "denoising",
  noise_kind: (get) => get("kind") === "denoising",
  sparsity: (get) => get("kind") === "sparse",
  target_activity: (get) => get("kind") === "sparse",
};
const LIVE = ["beta", "warmup", "noise", "noise_kind", "sparsity", "target_activity"];
const WHAT = {
  plain: "A plain autoencoder is trained for its reconstruction alone.",
  denoising: "It is shown damaged pictures and must give back the clean ones.",
  sparse: "Each unit of the code pays for being active more often than the target.",
  variational: "The code is a cloud, N(μ, σ²), that pays for being other than N(0, 1).",
  conditional: "As a VAE, but encoder and decoder are told the class, so the code need not hold it.",
};

export function buildBuilder(area, stage) {
  const settings = settingsOf(stage);
  const get = (name) => settings.value(name);
  const controls = new Map();
  const put = (name, options) => {
    const control = fieldControl(stage, name, options);
    if (control) controls.set(name, control.element);
    return control?.element;
  };
  const widths = (name, one) => {
    const control = widthsControl(stage, name, one);
    if (control) controls.set(name, control.element);
    return control?.element;
  };
  const first = h("div.knob-row.first",
    put("dataset", { changes: (value) => ({ dataset: value, leave_out: "none", own_pixels: "" }) }), put("kind"), put("network"),
    widths("hidden", "units"), widths("channels", "maps"), put("latent"));
  const effective = h("p.small.muted.value.effective", { role: "status" });
  const what = h("p.small.muted.kind-words");
  const live = h("div.kind-part", what, h("div.knob-row", LIVE.map((name) => put(name)), effective));
  const totals = h("div.parameters-frame");
  const groups = [
    fold("Parameters", () => (stage.scene ? count(stage.scene.numbers.parameters) : ""), [totals]),
    fold("Function and loss", () => `${labelOf("activation")}, ${labelOf("likelihood").toLowerCase()}`, [h("div.knob-row", ["activation", "likelihood"].map((name) => put(name)))]),
    fold("Training", () => `${labelOf("optimizer")}, rate ${number(get("learning_rate"))}, batches of ${get("batch_size")}, seed ${get("seed")}`, [h("div.knob-row", ["optimizer", "learning_rate", "batch_size", "seed"].map((name) => put(name)))]),
    fold("Pictures", splitWords, [h("div.knob-row", put("examples"), leavingControl(stage))]),
  ];
  area.classList.add("builder");
  area.append(first, live, h("div.folds", groups.map(({ head }) => head)), ...groups.map(({ body }) => body));
  let totalled = "";

  function show() {
    for (const [name, applies] of Object.entries(APPLIES)) controls.get(name)?.classList.toggle("hidden", !applies(get) || settings.isHidden(name));
    setText(what, WHAT[get("kind")] ?? "");
    showTotals();
    for (const each of groups) each.say();
  }

  function showTotals() {
    if (!stage.scene) return;
    const { rows, parameters, told } = stage.scene.numbers;
    const key = JSON.stringify(rows);
    if (key === totalled) return;
    totalled = key;
    const line = (row) => h("tr", h("td.muted", row.part), h("th", { scope: "row" }, row.label), h("td.value.muted", `${shapeText(row.input_shape)} → ${shapeText(row.output_shape)}`),
      h("td.value", { title: SYMBOLS[row.kind] ?? "it has none" }, row.parameters ? formulaOf(row) : "0"));
    replace(totals, h("table.parameters", h("tbody", rows.map(line)), h("tfoot", h("tr", h("td"), h("th", { scope: "row" }, "in all"), h("td"), h("td.value", h("b", count(parameters)))))),
      told ? h("p.small.muted", `${told} of the numbers that go into μ, log σ² and the decoder are the class, one of them 1.`) : null);
  }

  /** What is paid for a nat of KL at this moment. */
  function sayBeta() {
    const { frame } = stage;
    const beta = frame?.numbers.beta;
    const [goal, steps] = [get("beta"), get("warmup")];
    const shows = VARIATIONAL.includes(get("kind")) && beta !== undefined;
    const way = !steps ? "no warm-up" : frame?.step < steps ? `warm-up: step ${count(frame.step)} of ${count(steps)}, ${number(goal)} at its end` : "the warm-up is over";
    setText(effective, shows ? `β of this moment: ${number(beta)} (${way})` : "");
    effective.classList.toggle("hidden", !shows);
  }

  function labelOf(name) {
    const { options, labels } = settings.fields[name];
    return labels[options.indexOf(get(name))] ?? String(get(name));
  }

  function splitWords() {
    const { split, classes } = stage.scene?.numbers ?? {};
    if (!split) return "";
    const without = get("leave_out") === "none" ? "" : `, without ${classes[Number(get("leave_out"))]}`;
    return `${count(split.train)} to train on${without}, ${count(split.validation)} to validate, ${count(split.test)} to test`;
  }

  settings.on(show);
  stage.on("scene", show);
  return {
    draw: sayBeta,
    read: () => ({
      rows: stage.scene.numbers.rows.map((row) => ({ name: row.name, count: countOf(row), formula: formulaOf(row) })),
      total: stage.scene.numbers.rows.reduce((sum, row) => sum + countOf(row), 0),
      written: totals.textContent, effective: effective.textContent, beta: stage.frame?.numbers.beta ?? null,
      fields: [...area.querySelectorAll("[data-field]")].filter((each) => !each.closest(".knob-row > .hidden, .hidden[data-field]")).map((each) => each.dataset.field),
      problems: [...area.querySelectorAll(".problem, .wrong")].map((each) => each.textContent).filter(Boolean),
    }),
  };
}
