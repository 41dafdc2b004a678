// Which sequence is on the screen: one that was held back, stepped through or drawn, or what a person types.

import { count, h, icon, setText } from "../lib/dom.js";
import { problemLine, settingsOf } from "../lib/settings.js";
import { ON_ITS_OWN, TASKS } from "./words.js";

const TYPING = 350; // ms after the last key before the network reads what was typed

export function buildReading(area, stage) {
  const settings = settingsOf(stage);
  const position = h("span.value.position");
  const held = () => stage.scene?.numbers.split.validation ?? 1;
  const step = (by) => choose((settings.value("example") + by + held()) % held());
  const choose = (example) => settings.change({ example, reading: "" });
  const square = (name, label, onclick) => h("button.square", { type: "button", title: label, "aria-label": label, onclick }, icon(name, 18));
  const shuffle = h("button.chip", { type: "button", onclick: () => choose(Math.floor(Math.random() * held())) }, "Another one");
  const typed = h("input.typed-sequence.code", { type: "text", "aria-label": "Your own sequence", autocomplete: "off", spellcheck: "false", maxlength: 400, oninput: () => later(), onkeydown: (event) => { if (event.key === "Enter") send(); } });
  const clear = h("button.plain.small-button", { type: "button", onclick: () => { typed.value = ""; send(); } }, "Back to the held-back ones");
  const goOn = h("button.chip.go-on", { type: "button", "aria-pressed": "false", onclick: () => settings.change({ writes: goOn.getAttribute("aria-pressed") !== "true" }) }, "Goes on by itself");
  const problem = problemLine(settings, "reading");
  const field = h("label.own-sequence", h("span.label", "or your own"), typed);
  const says = h("p.task-says");
  area.append(says, h("div.row.choose", h("span.stepper-row", square("left", "The sequence before", () => step(-1)), position, square("right", "The next sequence", () => step(1))), shuffle, field, clear, goOn), problem);
  let timer = 0;
  let shown = "";

  function later() {
    clearTimeout(timer);
    timer = setTimeout(send, TYPING);
  }

  function send() {
    clearTimeout(timer);
    shown = typed.value;
    settings.change({ reading: typed.value });
    if (typed.value) stage.live.shared.set("happened.typed", true);
  }

  function show() {
    const { scene } = stage;
    if (!scene) return;
    const { spec, vocabulary, split, words } = scene.numbers;
    const reading = settings.value("reading");
    setText(says, spec.writes ? ON_ITS_OWN : TASKS[spec.task]);
    setText(position, reading ? "your sequence" : `${count((settings.value("example") % split.validation) + 1)} of ${count(split.validation)} held back`);
    field.classList.toggle("hidden", vocabulary.length === 0);
    clear.classList.toggle("hidden", !reading);
    goOn.classList.toggle("hidden", spec.task !== "characters");
    goOn.setAttribute("aria-pressed", String(Boolean(settings.value("writes"))));
    typed.placeholder = placeholder(scene.numbers);
    typed.dir = "auto";
    typed.toggleAttribute("aria-invalid", Boolean(settings.problem("reading")));
    if (settings.problem("reading")) typed.setAttribute("aria-invalid", "true");
    field.classList.toggle("of-words", words);
    // What is being typed stays; what came from elsewhere (a link, a preset) is shown.
    if (reading !== shown && !settings.problem("reading") && typed.getRootNode().activeElement !== typed) typed.value = shown = reading;
  }

  settings.on(show);
  stage.on("scene", show);
}

function placeholder({ spec, vocabulary, words }) {
  if (words) return spec.task === "tagging" ? "the old fish swims" : "the film was not good";
  const known = { characters: "def forward(self, x):", dates: "5 march 1987", digit_words: "three hundred and five", copy: "abcd........>", brackets: "(()", parity: "10110" };
  return [...(known[spec.task] ?? "")].every((letter) => vocabulary.includes(letter)) ? known[spec.task] : vocabulary.filter((letter) => letter.trim()).slice(0, 8).join("");
}
