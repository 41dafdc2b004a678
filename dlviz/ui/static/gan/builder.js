// The builder: what is real, both networks, their game, and all else folded. What may change under way carries a mark.

import { count, h, number, replace, setText, steady } from "../lib/dom.js";
import { fold } from "../lib/fold.js";
import { fieldControl, settingsOf } from "../lib/settings.js";
import { widthsControl } from "../lib/widths.js";
import { companions, hasClasses } from "./companions.js";
import { CRITICS, LABELLED, gameOf, turnOf } from "./games.js";
import { SYMBOLS, countOf, formulaOf, shapeText } from "./parameters.js";

// Whether a field says anything in these settings; the others always do.
const APPLIES = {
  generator_hidden: (get) => get("network") === "dense",
  discriminator_hidden: (get) => get("network") === "dense",
  channels: (get) => get("network") === "dcgan",
  discriminator_steps: (get) => get("moves") !== "generator",
  clip: (get) => get("loss") === "wgan",
  penalty: (get) => get("loss") === "wgangp",
  label_smoothing: (get) => LABELLED.includes(get("loss")),
  update_both: (get) => get("moves") !== "discriminator",
  beta1: (get) => get("optimizer") !== "sgd",
};
const PLAYERS = { generator: ["G", "Generator"], discriminator: ["D", "Discriminator"] };

export function buildBuilder(area, stage) {
  const settings = settingsOf(stage);
  const get = (name) => settings.value(name);
  const controls = new Map();
  const keep = (name, control) => {
    if (!control) return null;
    controls.set(name, control);
    if (settings.fields[name].role === "live") {
      control.element.querySelector(".knob-head")?.append(h("span.live-mark", { title: "May be changed while it trains", role: "img", "aria-label": "may be changed while it trains" }));
    }
    return control.element;
  };
  const put = (name) => keep(name, fieldControl(stage, name, { changes: (value) => companions(get, name, value) }));
  const widths = (name, one) => keep(name, widthsControl(stage, name, one));
  const row = (...names) => h("div.knob-row", names.map(put));

  const words = h("p.gb-words");
  const turn = h("p.gb-words.gb-turn");
  const bug = h("p.gb-words.gb-bug", { role: "status" }, "The bug is on: in G's move D takes the same gradient, so it is taught to call fakes real, and the two no longer play against each other.");
  const formulas = Object.fromEntries(Object.entries(PLAYERS).map(([part, [letter, name]]) => {
    const [formula, now] = [h("span.code.gb-formula"), h("b.value")];
    return [part, { formula, now, element: h("div.gb-formula-row", h("span.small.muted", `${name} ${letter} makes small`), formula, h("span.small.muted.gb-now", "now ", now)) }];
  }));
  const measured = h("p.small.muted");
  const totals = h("div.gb-totals");
  const groups = [
    fold("Parameters", parametersWords, [totals]),
    fold("Norms", () => `${get("batch_norm") === "none" ? "no batch norm" : `batch norm in ${get("batch_norm") === "both" ? "both" : "G"}`}, ${get("spectral_norm") ? "spectral norm in D" : "no spectral norm"}`, [row("batch_norm", "spectral_norm")]),
    fold("Steadying, and the classic bug", steadyingWords, [row("label_smoothing", "instance_noise", "update_both")]),
    fold("Training", () => `${labelOf("optimizer")}, rate ${number(get("learning_rate"))}${get("rate_ratio") === 1 ? "" : `, D ${number(get("rate_ratio"))} times`}, batches of ${get("batch_size")}, seed ${get("seed")}`,
      [row("batch_size", "optimizer", "learning_rate", "rate_ratio", "beta1", "seed")]),
    fold("How many real examples", () => (stage.scene ? `${count(stage.scene.numbers.split.train)} to train on, ${count(stage.scene.numbers.split.held)} to measure with` : ""), [row("examples")]),
  ];
  area.classList.add("builder");
  area.append(
    row("dataset", "conditional", "noise_dimensions", "noise"),
    h("div.knob-row.first", put("network"), widths("generator_hidden", "units"), widths("discriminator_hidden", "units"), widths("channels", "maps")),
    h("div.gb-game", h("div.knob-row", ["loss", "moves", "discriminator_steps", "clip", "penalty"].map(put)), words, h("div.gb-formulas", formulas.discriminator.element, formulas.generator.element), turn, bug, measured),
    h("div.folds", groups.map(({ head }) => head)), ...groups.map(({ body }) => body),
    h("p.small.muted.gb-legend", h("span.live-mark", { "aria-hidden": "true" }), "may be changed while it trains. All else begins a new run."));
  let totalled = "";

  function show() {
    for (const [name, applies] of Object.entries(APPLIES)) controls.get(name)?.element.classList.toggle("hidden", !applies(get) || settings.isHidden(name));
    const conditional = controls.get("conditional");
    if (hasClasses(get("dataset")) || get("conditional")) conditional?.enable();
    else conditional?.disable(`${labelOf("dataset")} has no classes to tell.`);
    const game = gameOf(get);
    setText(words, game.words);
    setText(formulas.discriminator.formula, game.discriminator);
    setText(formulas.generator.formula, game.generator);
    setText(turn, turnOf(get));
    bug.classList.toggle("hidden", !get("update_both") || get("moves") === "discriminator");
    showTotals();
    for (const each of groups) each.say();
  }

  function showTotals() {
    if (!stage.scene) return;
    const { rows, parameters, told } = stage.scene.numbers;
    const key = JSON.stringify([rows, told]);
    if (key === totalled) return;
    totalled = key;
    const line = (each) => h("tr", h("th", { scope: "row" }, each.label), h("td.value.muted", `${shapeText(each.input_shape)} → ${shapeText(each.output_shape)}`), h("td.value", { title: SYMBOLS[each.kind] ?? "it has none" }, formulaOf(each)));
    const table = (part) => h("div.gb-table", h("table.parameters", h("caption", h("b", PLAYERS[part][1])), h("tbody", rows.filter((each) => each.part === part).map(line)),
      h("tfoot", h("tr", h("th", { scope: "row" }, "in all"), h("td"), h("td.value", h("b", count(parameters[part])))))));
    replace(totals, Object.keys(PLAYERS).map(table), told ? h("p.small.muted", `${told} of what goes into the first layer of each are the class: numbers of which one is 1${get("network") === "dcgan" ? "; beside a picture, whole maps of them" : ""}.`) : null);
  }

  function parametersWords() {
    if (!stage.scene) return "";
    const { generator, discriminator } = stage.scene.numbers.parameters;
    return `G ${count(generator)}, D ${count(discriminator)}`;
  }

  function steadyingWords() {
    const on = [];
    if (LABELLED.includes(get("loss")) && get("label_smoothing")) on.push(`real is ${number(1 - get("label_smoothing"))}`);
    if (get("instance_noise")) on.push(`noise of ${number(get("instance_noise"))} on all that D sees`);
    if (get("update_both")) on.push("the bug is on");
    return on.join(", ") || "none";
  }

  function labelOf(name) {
    const { options, labels } = settings.fields[name];
    return labels[options.indexOf(get(name))] ?? String(get(name));
  }

  /** Both losses as last measured. */
  function sayNow() {
    const numbers = stage.frame?.numbers ?? {};
    for (const part of Object.keys(PLAYERS)) setText(formulas[part].now, steady(numbers[`${part}_loss`] ?? null));
    const without = get("loss") === "wgangp" ? ", without the penalty" : get("instance_noise") ? ", without the noise" : "";
    const D = CRITICS.includes(get("loss")) || get("loss") === "hinge" || get("loss") === "leastsquares" ? "D(x) is the output as it is" : "D(x) = σ(output)";
    setText(measured, numbers.measured_at === undefined ? "" : `x is a real example, z noise, ${D}. Now: means over examples that nobody trains on, at step ${count(numbers.measured_at)}${without}.`);
  }

  settings.on(show);
  stage.on("scene", show);
  return {
    draw: sayNow,
    read: () => ({
      rows: stage.scene.numbers.rows.map((each) => ({ name: each.name, count: countOf(each), formula: formulaOf(each) })),
      written: totals.textContent, words: words.textContent, turn: turn.textContent,
      formulas: Object.fromEntries(Object.entries(formulas).map(([part, { formula, now }]) => [part, { formula: formula.textContent, now: now.textContent }])),
      measured_at: stage.frame?.numbers.measured_at ?? null,
      losses: { generator: stage.frame?.numbers.generator_loss ?? null, discriminator: stage.frame?.numbers.discriminator_loss ?? null },
      fields: [...area.querySelectorAll("[data-field]")].filter((each) => !each.matches(".hidden")).map((each) => each.dataset.field),
      problems: Object.fromEntries([...area.querySelectorAll(".problem, .wrong, .why")].filter(({ textContent }) => textContent).map((each) => [each.closest("[data-field]").dataset.field, each.textContent])),
    }),
  };
}
