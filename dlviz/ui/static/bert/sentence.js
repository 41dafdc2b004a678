// What BERT reads: a field for a sentence, one for a second, presets, and what there is to know about how it was read.

import { h, setText } from "../lib/dom.js";
import { PRESETS } from "./words.js";

export const MOST_BYTES = 200_000; // of a text sent: a command has at most 256 KiB

/** The beginning of a text that a command can carry. */
export function sendable(text) {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MOST_BYTES) return text;
  return new TextDecoder().decode(bytes.subarray(0, MOST_BYTES)).replace(/\uFFFD+$/, "");
}

/** `read({text, pair}, preset | null)` is called for what a person wants read. */
export function buildSentence(state, read) {
  const field = (label, placeholder) => {
    const input = h("textarea", { rows: 2, spellcheck: "false", autocomplete: "off", placeholder, "aria-label": label });
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      go();
    });
    return input;
  };
  const first = field("Sentence", "Type a sentence");
  const second = field("Second sentence", "Type a second sentence");
  const secondBox = h("label.second", h("span.label", "Second sentence"), second);
  const more = h("button.chip", { type: "button", onclick: () => open(secondBox.hidden) }, "Add a second sentence");
  const button = h("button.primary", { type: "button", onclick: () => go() }, "Read");
  const chips = PRESETS.map((preset) => h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => read({ text: preset.text, pair: preset.second ?? "" }, preset) }, preset.title));
  const problem = h("p.problem", { role: "alert" });
  const notes = h("div.notes", { "aria-live": "polite" });
  const meta = h("p.label.value");

  function go() {
    read({ text: first.value, pair: secondBox.hidden ? "" : second.value }, null);
  }

  function open(on) {
    secondBox.hidden = !on;
    setText(more, on ? "Without the second" : "Add a second sentence");
    if (on) second.focus();
    else if (state.pair) go();
  }

  return {
    element: h("div.sentence-bar",
      h("div.fields", h("label.first", h("span.label", "Sentence"), first), secondBox, h("div.row", button, more)),
      h("div.row.presets", h("span.label", "Worth reading"), chips), problem, notes),
    meta,
    /** What is read now, and the preset it came from. */
    show({ text, pair }, preset) {
      if (first.getRootNode().activeElement !== first || preset) first.value = text;
      if (second.getRootNode().activeElement !== second || preset) second.value = pair;
      if (preset || pair) {
        secondBox.hidden = !pair;
        setText(more, pair ? "Without the second" : "Add a second sentence");
      }
      chips.forEach((chip, i) => chip.setAttribute("aria-pressed", String(PRESETS[i] === preset)));
    },
    note(lines) {
      notes.replaceChildren(...lines.map((line) => h("p.note", line)));
    },
    fail(text) {
      setText(problem, text);
      first.setAttribute("aria-invalid", String(Boolean(text)));
    },
    busy(words) {
      button.setAttribute("aria-busy", String(Boolean(words)));
      setText(button, words ? "Reading …" : "Read");
    },
  };
}
