// The builder: the task, the network with its parameters by formula, and the training. Only what applies is shown.

import { count, h, number, replace } from "../lib/dom.js";
import { fold } from "../lib/fold.js";
import { fieldControl, settingsOf } from "../lib/settings.js";
import { formulasOf, totalOf, written } from "./formulas.js";

const ROOMY = "(min-width: 800px)"; // of the window: there the network is open to begin with
const OF_LENGTH = ["repeats", "characters", "reverse", "neighbours"];

// Whether a field says anything in these settings; the others always do.
const APPLIES = {
  text: (get) => get("task") === "characters",
  length: (get) => OF_LENGTH.includes(get("task")),
  examples: (get) => get("task") !== "characters",
  window: (get) => get("mask") === "window",
};

export function buildBuilder(area, stage) {
  const settings = settingsOf(stage);
  const get = (name) => settings.value(name);
  const controls = new Map();
  const put = (name, options) => {
    const control = fieldControl(stage, name, options);
    if (control) controls.set(name, control);
    return control?.element;
  };
  let dragging = false; // the width by its slider, which then keeps to widths that the heads divide
  const fitting = (width) => (dragging ? { width: Math.min(128, Math.max(get("heads"), Math.round(width / get("heads")) * get("heads"))) } : { width });
  const task = put("task", { changes: (value) => ({ task: value, reading: "", example: 0 }) });
  const totals = h("div.totals");
  const groups = [
    fold("Network", networkSummary, [h("div.knob-row", ["position", "mask", "window", "norm", "scaled"].map((name) => put(name)))], matchMedia(ROOMY).matches),
    fold("Parameters", () => (stage.scene ? count(stage.scene.numbers.parameters) : ""), [totals]),
    fold("Training", trainingSummary, [h("div.knob-row", ["batch_size", "optimizer", "clip_at", "dropout", "examples", "seed"].map((name) => put(name)))]),
  ];
  area.classList.add("builder");
  area.append(h("div.knob-row.first", task, ["text", "length", "layers", "heads"].map((name) => put(name)), put("width", { changes: fitting }), put("feed_forward")),
    h("div.folds", groups.map(({ head }) => head)), ...groups.map(({ body }) => body));
  const slider = controls.get("width")?.element.querySelector("input[type=range]");
  const typed = controls.get("width")?.element.querySelector("input[type=text]");
  slider?.addEventListener("input", () => { dragging = true; }, { capture: true });
  slider?.addEventListener("keydown", () => { dragging = false; });
  typed?.addEventListener("input", () => { dragging = false; });

  function show() {
    for (const [name, applies] of Object.entries(APPLIES)) controls.get(name)?.element.classList.toggle("hidden", !applies(get) || settings.isHidden(name));
    const drawn = controls.get("mask")?.element.querySelector("option[value=drawn]");
    if (drawn) drawn.hidden = drawn.disabled = !get("drawn"); // a mask is drawn in its panel, then it can be chosen here
    showTotals();
    for (const each of groups) each.say();
  }

  let totalled = "";

  function showTotals() {
    if (!stage.scene) return;
    const rows = formulasOf(stage.scene.numbers);
    const key = JSON.stringify(rows);
    if (key === totalled) return;
    totalled = key;
    replace(totals, rows.map((row) => h("span.total-row", { title: row.symbols }, h("span.label", row.name), h("span.value", written(row)))),
      h("span.total-row.all", h("span.label", "Parameters"), h("b.value", count(stage.scene.numbers.parameters))));
  }

  function networkSummary() {
    if (!stage.scene) return "";
    const { options, labels } = settings.fields.position;
    const positions = labels[options.indexOf(get("position"))];
    const { masked, pattern } = stage.scene.numbers;
    const mask = { none: "every token sees every token", causal: "no token looks ahead", window: `a token sees ${get("window")} to either side`, drawn: "a drawn mask" }[masked];
    const norm = { pre: "norm before each part", post: "norm after each sum", none: "no norm" }[get("norm")];
    return `positions: ${get("position") === "none" ? "none" : /^[A-Z]\w*[A-Z]/.test(positions) ? positions : positions.toLowerCase()}; ${pattern === "decoder" ? "encoder: " : ""}${mask}; ${norm}${get("scaled") ? "" : "; scores not divided by √d"}`;
  }

  function trainingSummary() {
    if (!stage.scene) return "";
    const { options, labels } = settings.fields.optimizer;
    const { split, words } = stage.scene.numbers;
    const drop = get("dropout") ? `, dropout ${number(get("dropout"))}` : "";
    return `${labels[options.indexOf(get("optimizer"))]}, batches of ${get("batch_size")} out of ${count(split.train)} ${words ? "sentences" : "sequences"}, clipped at norm ${number(get("clip_at"))}${drop}`;
  }

  settings.on(show);
  stage.on("scene", show);
  return {
    rows: () => (stage.scene ? formulasOf(stage.scene.numbers) : []),
    total: () => totalOf(formulasOf(stage.scene.numbers)),
    shown: () => [...area.querySelectorAll("[data-field]")].filter((each) => !each.closest(".hidden")).map((each) => each.dataset.field),
  };
}
