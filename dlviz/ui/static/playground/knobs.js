// The row over the network: what kind of problem, how it is trained, what holds the weights back.

import { h, icon, parseNumber, setText } from "../lib/dom.js";
import { fieldControl, problemLine, settingsOf } from "../lib/settings.js";

export function buildKnobs(el, stage) {
  const settings = settingsOf(stage);
  const controls = Object.fromEntries(
    ["problem", "activations", "optimizer", "regularization", "regularization_rate", "l1_method", "dropout", "batch_norm"]
      .map((name) => [name, fieldControl(stage, name)]).filter(([, control]) => control));
  const penalty = h("div.knob-group", ["regularization", "regularization_rate", "l1_method"].map((name) => controls[name]?.element));
  el.classList.add("knobs");
  el.append(
    ...["problem", "activations", "optimizer"].map((name) => controls[name]?.element).filter(Boolean),
    penalty,
    ...["dropout", "batch_norm"].map((name) => controls[name]?.element).filter(Boolean),
    ...(settings.fields.seed ? [seedControl(stage, settings)] : []),
  );

  const showIf = (name, wanted) => controls[name]?.element.classList.toggle("unused", !wanted);
  settings.on(() => {
    const regularization = settings.value("regularization");
    showIf("regularization_rate", regularization !== "none");
    showIf("l1_method", regularization === "l1");
    const hasHidden = (settings.value("hidden_layers") ?? []).length > 0;
    for (const name of ["activations", "dropout", "batch_norm"]) {
      if (hasHidden) controls[name]?.enable();
      else controls[name]?.disable("No hidden layer.");
    }
  });
  return {};
}

// A seed is a name, not an amount: a field to type it and dice to draw another, and no slider.
function seedControl(stage, settings) {
  const { low, high, label, help } = settings.fields.seed;
  const typed = h("input.value", { type: "text", inputmode: "numeric", id: "seed", size: 6, autocomplete: "off", title: help });
  const wrong = h("span.problem.small", { role: "alert" });
  const dice = h("button.round.plain", { "aria-label": "Draw another seed", title: "Draw another seed", onclick: draw }, diceIcon());
  const element = h("div.knob", { "data-field": "seed" }, h("label.knob-head.label", { for: "seed" }, label),
    h("div.seed", typed, dice), wrong, problemLine(settings, "seed"));

  function draw() {
    settings.change({ seed: Math.floor(low + Math.random() * (high - low + 1)) });
  }

  typed.addEventListener("change", () => {
    const given = parseNumber(typed.value);
    const isGood = Number.isInteger(given) && given >= low && given <= high;
    typed.setAttribute("aria-invalid", String(!isGood));
    setText(wrong, isGood ? "" : `A whole number from ${low} to ${high}.`);
    if (isGood) settings.change({ seed: given });
  });
  let shown = null;
  settings.on(() => {
    element.classList.toggle("hidden", settings.isHidden("seed"));
    const seed = settings.value("seed");
    if (seed === shown) return;
    shown = seed;
    typed.value = String(seed);
    typed.removeAttribute("aria-invalid");
    setText(wrong, "");
  });
  return element;
}

function diceIcon() {
  const picture = icon("compare", 18);
  picture.firstChild.setAttribute("d", "M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM8.5 8.5v.01M15.5 8.5v.01M12 12v.01M8.5 15.5v.01M15.5 15.5v.01");
  return picture;
}
