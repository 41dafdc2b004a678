// Which sequence is on the screen: one that was held back, stepped through or drawn, or what a person types; token by token.

import { count, h, icon, setText } from "../lib/dom.js";
import { problemLine, settingsOf } from "../lib/settings.js";
import { Tokens, written } from "../lib/tokens.js";
import { exampleOf, TASKS } from "./words.js";

const TYPING = 350; // ms after the last key before the network reads what was typed

export function buildReading(area, stage) {
  const settings = settingsOf(stage);
  const most = settings.fields.reading?.at_most ?? 400; // characters, as the server has it
  const position = h("span.value.position");
  const held = () => stage.scene?.numbers.split.validation ?? 1;
  const choose = (example) => settings.change({ example, reading: "" });
  const step = (by) => choose((settings.value("example") + by + held()) % Math.min(held(), 1000));
  const square = (name, label, onclick) => h("button.square", { type: "button", title: label, "aria-label": label, onclick }, icon(name, 18));
  const shuffle = h("button.chip", { type: "button", onclick: () => choose(Math.floor(Math.random() * Math.min(held(), 1000))) }, "Another one");
  const typed = h("input.typed-sequence.code", {
    type: "text", "aria-label": "Your own sequence", autocomplete: "off", spellcheck: "false", dir: "auto",
    oninput: () => later(), onkeydown: (event) => { if (event.key === "Enter") send(); },
    onpaste: (event) => arrive(event, event.clipboardData), ondrop: (event) => arrive(event, event.dataTransfer),
  });
  const clear = h("button.plain.small-button", { type: "button", onclick: () => { typed.value = ""; send(); } }, "Back to the held-back ones");
  const cut = h("p.small.wrong.cut", { role: "status" });
  const field = h("label.own-sequence", h("span.label", "or your own"), typed);
  const says = h("p.task-says");
  const row = (label, stack) => new Tokens({
    label, colors: () => stage.ctx.colors,
    onhover: (at) => stage.point(stack(), at), onpick: (at) => stage.pin(stack(), at),
  });
  const isTranslator = () => stage.scene?.numbers.pattern === "decoder";
  const read = row("The sequence, token by token", () => (isTranslator() ? "encoder" : "core"));
  const wrote = row("What the decoder writes, token by token", () => "decoder");
  const readName = h("span.label.row-name", "Read");
  const right = h("p.right-text");
  const answerRow = h("div.token-row", h("span.label.row-name", "Written"), wrote.element);
  const rightRow = h("div.token-row", h("span.label.row-name", "Right"), right);
  area.append(says, h("div.row.choose", h("span.stepper-row", square("left", "The sequence before", () => step(-1)), position, square("right", "The next sequence", () => step(1))), shuffle, field, clear),
    problemLine(settings, "reading"), cut, h("div.token-rows", h("div.token-row", readName, read.element), answerRow, rightRow));
  let [timer, shown, tooLong] = [0, "", ""];

  // What comes in is cut before it is in the field: a long text would stop the page, and be refused.
  function arrive(event, data) {
    const text = data?.getData("text/plain") ?? "";
    const [from, to] = [typed.selectionStart ?? typed.value.length, typed.selectionEnd ?? typed.value.length];
    const room = most - (typed.value.length - (to - from));
    if (text.length <= room) return;
    event.preventDefault();
    take(text.slice(0, Math.max(0, room)), from, to, text.length);
  }

  function take(text, from, to, given) {
    typed.setRangeText(text.replace(/\s+/g, " "), from, to, "end");
    tooLong = `That was ${count(given)} characters; your sequence may have ${count(most)}. The rest was left out.`;
    later(true);
  }

  function later(keep = false) {
    if (!keep) tooLong = "";
    if (typed.value.length > most) {
      tooLong = `Your sequence may have ${count(most)} characters. The rest was left out.`;
      typed.value = typed.value.slice(0, most);
    }
    show();
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
    const { numbers } = scene;
    const reading = settings.value("reading");
    const problem = settings.problem("reading");
    setText(says, TASKS[numbers.spec.task]);
    setText(position, reading ? "your sequence" : `${count((settings.value("example") % numbers.split.validation) + 1)} of ${count(numbers.split.validation)} held back`);
    clear.classList.toggle("hidden", !reading);
    const tokens = numbers.words ? "words" : "characters";
    const left = numbers.cut ? `Your sequence has ${count(numbers.cut)} ${tokens}; the network reads at most ${numbers.most_tokens} tokens, so the first ${numbers.most_tokens} are read.` : "";
    setText(cut, [tooLong, left].filter(Boolean).join(" "));
    typed.placeholder = exampleOf(numbers);
    if (problem) typed.setAttribute("aria-invalid", "true");
    else typed.removeAttribute("aria-invalid");
    // What is being typed stays; what came from elsewhere (a link, a preset) is shown.
    if (reading !== shown && !problem && typed.getRootNode().activeElement !== typed) typed.value = shown = reading;
    if (!reading && !typed.value) tooLong = "";
  }

  let drawn = null; // the moment whose tokens are shown

  function draw() {
    const { moment, answers, ctx: { colors } } = stage;
    if (!moment) return;
    if (drawn?.moment !== moment || drawn.colors !== colors) {
      drawn = { moment, colors };
      const { vocabulary, classes, words, pattern } = moment.scene.numbers;
      const marks = answers.map(({ right: isRight }) => (isRight === null ? null : isRight ? "right" : "wrong"));
      const own = { below: answers.map(({ asked, said }) => (asked ? written(said) : "")), marks };
      const isDecoder = pattern === "decoder";
      read.set({ tokens: moment.ids.map((id) => vocabulary[id]), words, ...(isDecoder ? { below: null, marks: null } : own) });
      if (isDecoder) wrote.set({ tokens: moment.read.slice(0, answers.length).map((id) => classes[id]), ...own });
      setText(right, isDecoder && moment.targets ? moment.targets.filter((id) => id >= 0).map((id) => classes[id]).join("").replace(/\$$/, "") : "");
      answerRow.classList.toggle("hidden", !isDecoder);
      rightRow.classList.toggle("hidden", !isDecoder || !moment.targets);
      setText(readName, isDecoder ? "Read" : "Read, and below it what is said");
    }
    const { focus } = stage;
    const lit = (tokens, stack) => tokens.light(focus?.stack === stack && focus.at < tokens.boxes.length ? focus.at : null, { pinned: stage.attended.pinned });
    if (isTranslator()) lit(wrote, "decoder");
    lit(read, isTranslator() ? "encoder" : "core");
  }

  settings.on(show);
  stage.on("scene", show);
  return { draw, cut: () => cut.textContent, tokens: () => read.state.tokens };
}
