// The builder: the task, the network with its parameters by formula, and the training. Only what applies is shown.

import { count, h, number, replace } from "../lib/dom.js";
import { fold } from "../lib/fold.js";
import { knob } from "../lib/knob.js";
import { fieldControl, problemLine, settingsOf } from "../lib/settings.js";
import { formulasOf, totalOf, written } from "./formulas.js";
import { buildOwnText } from "./owntext.js";
import { CELLS } from "./words.js";

const OF_LENGTH = ["weather", "sines", "copy", "adding", "brackets", "parity"];
const OF_TOKENS = ["characters", "sentiment", "tagging", "dates", "digit_words", "copy", "brackets", "parity"];
const READ_WHOLE = ["sentiment", "tagging", "brackets", "parity", "adding", "copy"];

// Whether a field says anything in these settings; the others always do.
const APPLIES = {
  text: (get) => get("task") === "characters",
  lag: (get) => OF_LENGTH.includes(get("task")),
  examples: (get) => !["characters", "weather"].includes(get("task")),
  embedding_size: (get) => OF_TOKENS.includes(get("task")),
  bidirectional: (get) => READ_WHOLE.includes(get("task")),
  forget_bias: (get) => get("cell") === "lstm",
  gain: (get) => get("initial") === "orthogonal",
  clip_at: (get) => get("clipping") !== "none",
};

export function buildBuilder(area, stage) {
  const settings = settingsOf(stage);
  const get = (name) => settings.value(name);
  const own = buildOwnText(settings);
  let wantsOwn = false; // chosen, but there is no text of one's own yet
  const controls = new Map();
  const put = (name, options) => {
    const control = fieldControl(stage, name, options);
    if (control) controls.set(name, control);
    return control?.element;
  };
  const task = put("task", { changes: (value) => ({ task: value, reading: "", example: 0, writes: false, ...(READ_WHOLE.includes(value) ? {} : { bidirectional: false }) }) });
  const text = textControl();
  const totals = h("div.totals");
  const groups = [
    fold("Data", dataSummary, [h("div.knob-row", put("examples"), put("seed"))]),
    fold("Network", networkSummary, [h("div.knob-row", ["bidirectional", "embedding_size", "dropout", "forget_bias", "initial", "gain"].map((name) => put(name))), totals]),
    fold("Training", trainingSummary, [h("div.knob-row", ["truncation", "batch_size", "optimizer", "clipping", "clip_at"].map((name) => put(name)))]),
  ];
  area.classList.add("builder");
  area.append(h("div.knob-row.first", task, text.element, put("lag"), put("cell"), put("hidden_size"), put("layers")), own.element,
    h("div.folds", groups.map(({ head }) => head)), ...groups.map(({ body }) => body));

  // A text of one's own is sent with the text, never before there is one.
  function textControl() {
    const field = settings.fields.text;
    const control = knob(field, {
      value: get("text"),
      onchange(value) {
        wantsOwn = value === "own";
        if (value !== "own") settings.change({ text: value, reading: "" });
        else own.focus();
        show();
        if (value === "own") own.focus();
      },
    });
    control.element.append(problemLine(settings, "text"));
    return control;
  }

  function show() {
    for (const [name, applies] of Object.entries(APPLIES)) {
      const element = name === "text" ? text.element : controls.get(name)?.element;
      element?.classList.toggle("hidden", !applies(get) || settings.isHidden(name));
    }
    if (get("text") === "own") wantsOwn = false;
    if (!(wantsOwn && get("task") === "characters")) text.set(get("text"));
    own.open(get("task") === "characters" && (wantsOwn || get("text") === "own"));
    own.take(get("own_text"));
    showTotals();
    for (const each of groups) each.say();
  }

  function showTotals() {
    if (!stage.scene) return;
    const rows = formulasOf(stage.scene.numbers);
    replace(totals, rows.map((row) => h("span.total-row", h("span.label", row.name), h("span.value", written(row)))), h("span.total-row.all", h("span.label", "Parameters"), h("b.value", count(stage.scene.numbers.parameters))));
  }

  function dataSummary() {
    if (!stage.scene) return "";
    const { split, stream, vocabulary, words } = stage.scene.numbers;
    const kinds = vocabulary.length ? `${count(vocabulary.length)} ${words ? "words" : "different letters"}` : "numbers";
    return `${stream ? `${count(stream)} letters` : `${count(split.train)} sequences`} to learn from, ${count(split.validation)} to validate, ${count(split.test)} to test; ${kinds}`;
  }

  function networkSummary() {
    const size = `${count(get("hidden_size"))} ${get("hidden_size") === 1 ? "unit" : "units"}`;
    const layers = get("layers") > 1 ? `${get("layers")} layers of ${size}` : size;
    const total = stage.scene ? `: ${count(stage.scene.numbers.parameters)} parameters` : "";
    return `${CELLS[get("cell")]}, ${layers}${get("bidirectional") ? ", both directions" : ""}${total}`;
  }

  function trainingSummary() {
    const { options, labels } = settings.fields.optimizer;
    const clip = { none: "no clipping", norm: `clipped to norm ${number(get("clip_at"))}`, value: `each number clipped at ${number(get("clip_at"))}` }[get("clipping")];
    return `${labels[options.indexOf(get("optimizer"))]}, batches of ${get("batch_size")}, back through ${get("truncation")} steps, ${clip}`;
  }

  settings.on(show);
  stage.on("scene", show);
  stage.ctx.host.dlvizBuilder = {
    rows: () => (stage.scene ? formulasOf(stage.scene.numbers) : []),
    total: () => totalOf(formulasOf(stage.scene.numbers)),
    shown: () => [...area.querySelectorAll("[data-field]")].filter((each) => !each.closest(".hidden")).map((each) => each.dataset.field),
  };
  return {};
}
