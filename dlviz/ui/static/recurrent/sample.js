// A text that the network writes at this moment, written again as it learns, and what it wrote before.

import { count, h, number, parseNumber, replace, setText } from "../lib/dom.js";
import { Writing } from "./writing.js";

const LENGTH = 200; // letters
const PAUSE = 1100; // ms between two texts while it trains
const BUDGET = 6; // ms of an animation frame
const KEPT = 5; // earlier lines
const APART = 1.7; // a line is kept when so many times as many steps were trained

export function buildSample(area, stage) {
  const text = h("p.written.code", { "aria-live": "off" });
  const when = h("span.small.muted.value");
  const start = h("input.start.code", { type: "text", value: "def ", maxlength: 60, "aria-label": "It begins with", autocomplete: "off", spellcheck: "false", oninput: () => again() });
  const warmth = h("input", { type: "range", min: 0, max: 1.5, step: 0.05, value: 0.6, "aria-label": "Temperature", oninput: () => again() });
  const warmthText = h("span.value");
  const dice = h("button.chip", { type: "button", onclick: () => { seed += 1; again(); } }, "Other letters");
  const earlier = h("ol.earlier");
  area.append(h("div.row.head", h("h3", "What it writes"), when),
    text,
    h("div.row.sample-knobs", h("label", h("span.label", "Begins with"), start), h("label.warmth", h("span.label", "Temperature ", warmthText), warmth), dice),
    h("section.history", { "aria-label": "What it wrote before" }, h("h4", "Before"), earlier));
  let seed = 1;
  let [writing, shown, next, timer] = [null, null, 0, 0];
  let lines = []; // {step, text}: first letters of what was written at earlier steps
  let structure = "";

  const options = () => ({ start: start.value, length: LENGTH, temperature: parseNumber(warmth.value), seed });
  const isOn = () => stage.scene?.numbers.spec.task === "characters";

  function again() {
    setText(warmthText, number(Number(warmth.value)));
    warmth.style.setProperty("--share", Number(warmth.value) / 1.5);
    next = 0;
    begin();
  }

  function begin() {
    if (!isOn() || !stage.network) return;
    clearTimeout(timer);
    const wait = next - performance.now();
    if (wait > 0) {
      timer = setTimeout(begin, wait);
      return;
    }
    writing = Object.assign(new Writing(stage.network, options()), { step: stage.reply.step });
    go(writing);
  }

  function go(own) {
    if (own !== writing || stage.ctx.signal.aborted) return;
    own.advance(BUDGET);
    if (!own.done) {
      requestAnimationFrame(() => go(own));
      return;
    }
    next = performance.now() + PAUSE;
    shown = { step: own.step, start: own.start, text: own.text.join(""), ...options() };
    replace(text, h("b.begun", shown.start), shown.text);
    setText(when, `at step ${count(own.step)}`);
    keep(shown);
  }

  function keep({ step, start: begun, text: all }) {
    const line = `${begun}${all}`.replace(/\s+/g, " ").slice(0, 90);
    lines = lines.filter((each) => each.step < step);
    showLines();
    const last = lines.at(-1);
    if (!last || step >= Math.max(last.step * APART, last.step + 20)) lines.push({ step, text: line });
    if (lines.length > KEPT + 1) lines.splice(2, 1);
  }

  function showLines() {
    area.classList.toggle("has-history", lines.length > 0);
    replace(earlier, lines.slice(-KEPT).map((line) => h("li", h("span.label.value", `step ${count(line.step)}`), h("bdi.code", line.text))));
  }

  stage.on("scene", (scene) => {
    const { spec, vocabulary } = scene.numbers;
    area.classList.toggle("hidden", !isOn());
    const key = JSON.stringify([spec.text, spec.own_text, spec.cell, spec.layers, spec.hidden_size, spec.embedding_size, spec.seed]);
    if (key === structure) return;
    structure = key;
    lines = [];
    showLines();
    if (![...start.value].every((letter) => vocabulary.includes(letter))) start.value = vocabulary.find((letter) => /\p{L}/u.test(letter)) ?? vocabulary[0];
  });
  stage.on("states", (reply) => {
    if (lines.length && reply.step < lines.at(-1).step) lines = lines.filter(({ step }) => step < reply.step);
    begin();
  });
  again();
  return { now: () => shown, writing: () => writing && !writing.done };
}
