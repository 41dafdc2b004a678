// The builder: the network as a row of cards that one edits in place, and beneath it, folded, what all blocks share,
// the pictures, and the training.

import { count, h, number, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { fieldControl, problemLine } from "../lib/settings.js";
import { buildCards } from "./cards.js";
import { makeDraft } from "./draft.js";
import { buildFetching } from "./fetching.js";
import { MOST_PARAMETERS, totalOf } from "./plan.js";

const ROOM = 900; // px of the stage
const OFFLINE = ["mnist", "digits", "shapes", "patches"];
const FIELD_WORDS = { channels: "maps", kernel_sizes: "kernel sizes", paddings: "padding", dense_units: "dense units" };

export function buildBuilder(area, stage) {
  const draft = makeDraft(stage);
  const { settings } = draft;
  const words = h("span.muted.summary", { role: "status" });
  let [pointed, typedWrong] = ["", ""];
  const speak = () => {
    setText(words, typedWrong || pointed || resting());
    words.classList.toggle("wrong", Boolean(typedWrong));
  };
  const cards = buildCards(draft, {
    explain: (text) => { pointed = text; speak(); },
    refuse: (text) => { typedWrong = text; speak(); },
  });
  const offer = h("div.offer.row");
  const problems = h("div.problems", ["channels", "kernel_sizes", "paddings", "own_pixels"].map((name) => problemLine(settings, name)));
  const groups = [
    group("Network", words, [cards.element, offer]),
    group("In every block", () => sharedSummary(draft), [h("div.knob-row", ["convs", "batch_norm", "activation", "pool", "dropout"].map((name) => structural(draft, name)))]),
    group("Pictures", () => splitWords(stage), [h("div.knob-row", dataset(draft, stage), fieldControl(stage, "examples")?.element, fieldControl(stage, "augment")?.element), buildFetching(draft, stage).element]),
    group("Training", () => trainingSummary(settings), [h("div.knob-row", ["batch_size", "optimizer", "weight_decay", "seed"].map((name) => fieldControl(stage, name)?.element))]),
  ];
  area.classList.add("builder");
  area.append(groups[0].box, problems, h("div.folds", groups.slice(1).map(({ head }) => head)), ...groups.slice(1).map(({ body }) => body));
  let opened = false; // where there is room for all cards in a line, it opens by itself

  function resting() {
    if (draft.waiting) return `${networkSummary(draft)}, not built`;
    return networkSummary(draft);
  }

  function show() {
    cards.show();
    area.classList.toggle("drafting", draft.waiting);
    replace(offer, draft.waiting ? offers(draft) : []);
    for (const each of groups) each.say();
    speak();
  }

  draft.on(show);
  stage.on("scene", show);
  stage.ctx.host.dlvizBuilder = {
    rows: () => draft.rows(),
    total: () => totalOf(draft.rows()),
    clash: () => draft.clash(),
    waiting: () => draft.waiting,
    words: () => words.textContent,
    split: () => splitWords(stage),
  };
  return {
    draw() {
      if (!opened) groups[0].open(stage.ctx.root.clientWidth >= ROOM);
      opened = true;
    },
  };
}

// A part that opens: its head says in one line what is in it. `summary` makes that line, or is it.
function group(name, summary, children) {
  const said = typeof summary === "function" ? h("span.muted.summary") : summary;
  const body = h("div.fold-body", { role: "region", "aria-label": name }, children);
  const head = h("button.fold-head.plain", { type: "button", "aria-expanded": "false", onclick: () => open(head.getAttribute("aria-expanded") !== "true") }, h("span.fold-name", name), said);
  const open = (on) => {
    head.setAttribute("aria-expanded", String(on));
    body.classList.toggle("hidden", !on);
  };
  open(false);
  return { head, body, box: h("section.fold", head, body), open, say: () => typeof summary === "function" && setText(said, summary()) };
}

/** The knob of a field of the structure: a change that does not work stays in the draft. */
function structural(draft, name, id = name) {
  const { settings } = draft;
  const field = settings.fields[name];
  if (!field) return null;
  let shown = JSON.stringify(draft.value(name));
  const control = knob({ ...field, unit: "" }, {
    value: draft.value(name),
    onchange: (value) => {
      shown = JSON.stringify(value);
      draft.edit({ [id]: value });
    },
  });
  control.element.append(problemLine(settings, name));
  draft.on(() => {
    const value = JSON.stringify(draft.value(name));
    if (value === shown) return;
    shown = value;
    control.set(draft.value(name));
  });
  control.element.classList.toggle("hidden", settings.isHidden(name));
  return control.element;
}

function dataset(draft, stage) {
  const element = structural(draft, "dataset");
  const here = () => new Set(stage.scene?.numbers.sets_here ?? OFFLINE);
  const show = () => {
    for (const option of element?.querySelectorAll("option") ?? []) option.disabled = !here().has(option.value) && option.value !== draft.value("dataset");
  };
  stage.on("scene", show);
  return element;
}

function splitWords(stage) {
  const { split } = stage.scene?.numbers ?? {};
  return split ? `${count(split.train)} to train on, ${count(split.validation)} to validate, ${count(split.test)} to test; none is in two.` : "";
}

function networkSummary(draft) {
  const [maps, units] = [draft.value("channels"), draft.value("dense_units")];
  const dense = units.length ? `, dense ${units.map(count).join(", ")}` : "";
  const rows = draft.rows();
  const whole = rows.every(({ output_shape: shape }) => Math.min(...shape) >= 1);
  return `${maps.length} ${maps.length === 1 ? "block" : "blocks"} of ${maps.map(count).join(", ")} maps${dense}${whole ? `: ${count(totalOf(rows))} parameters` : ""}`;
}

const labelOf = (settings, name) => {
  const { options, labels } = settings.fields[name];
  return labels[options.indexOf(settings.value(name))];
};

function sharedSummary(draft) {
  const { settings } = draft;
  const convs = draft.value("convs") > 1 ? "2 convolutions, " : "";
  const dropout = draft.value("dropout");
  return `${convs}${draft.value("batch_norm") ? "batch norm, " : ""}${labelOf(settings, "activation")}, ${labelOf(settings, "pool").toLowerCase().replace("none", "no")} pooling${dropout > 0 ? `, dropout ${number(dropout)}` : ""}`;
}

function trainingSummary(settings) {
  const decay = settings.value("weight_decay");
  return `${labelOf(settings, "optimizer")}, batches of ${settings.value("batch_size")}${decay > 0 ? `, weight decay ${number(decay)}` : ""}`;
}

/** What would work, as a button, and the way back. */
function offers(draft) {
  const changes = draft.mended();
  const found = draft.clash();
  const text = Object.entries(changes).map(([name, value]) => `${FIELD_WORDS[name]} ${value.map((each) => (typeof each === "number" ? count(each) : each)).join(", ") || "none"}`).join(", ");
  const why = found.rule.includes("parameters") ? `${found.given} are more than the ${count(MOST_PARAMETERS)} that are built.` : "This network cannot be built; the one below goes on as it was.";
  return [h("span.small.wrong", why), h("button.chip", { type: "button", onclick: () => draft.edit(changes) }, `Use ${text}`),
    h("button.chip.plain", { type: "button", onclick: () => draft.forget() }, "Back to the running network")];
}
