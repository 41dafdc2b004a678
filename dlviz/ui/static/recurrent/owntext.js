// A text of one's own to learn from: pasted or typed, counted, and refused here before it is sent when it is too long.

import { count, h, setText } from "../lib/dom.js";
import { problemLine } from "../lib/settings.js";

const FEWEST = 20; // characters, as the server has it

/** Characters as people count them: one of 😀. */
const lengthOf = (text) => {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
};

export function buildOwnText(settings) {
  const most = settings.fields.own_text.at_most;
  const counter = h("span.small.muted.value", { "aria-live": "polite" });
  const refusal = h("p.small.wrong", { role: "alert" });
  const area = h("textarea.own-text.code", { rows: 5, spellcheck: "false", dir: "auto", "aria-label": "A text of your own", placeholder: "Paste a page of a book, a poem, a list of names …" });
  const learn = h("button.primary.learn", { type: "button", onclick: send }, "Learn from it");
  const element = h("div.own.hidden", area, refusal, h("div.row", learn, counter), problemLine(settings, "own_text"));

  // What comes in is looked at before it is in the field: ten megabytes in a field would stop the page.
  const arriving = (event, data) => {
    const text = data?.getData("text/plain") ?? "";
    const kept = area.value.length - (area.selectionEnd - area.selectionStart);
    if (text.length + kept <= most) return;
    const n = text.length > 8 * most ? text.length : lengthOf(text) + kept; // a letter may be two code units
    if (n <= most) return;
    event.preventDefault();
    setText(refusal, `That would be ${count(n)} characters; at most ${count(most)} can be learned from. Nothing was changed. Paste a part of it.`);
  };
  area.addEventListener("paste", (event) => arriving(event, event.clipboardData));
  area.addEventListener("drop", (event) => arriving(event, event.dataTransfer));
  area.addEventListener("input", show);

  function show() {
    const n = lengthOf(area.value);
    setText(counter, `${count(n)} of ${count(most)} characters`);
    if (n <= most) setText(refusal, "");
    learn.disabled = n < FEWEST || n > most;
    learn.title = n < FEWEST ? `At least ${FEWEST} characters are needed` : "";
  }

  function send() {
    settings.change({ text: "own", own_text: area.value, reading: "" });
  }

  show();
  return {
    element,
    open(on) {
      element.classList.toggle("hidden", !on);
    },
    /** What the run learns from, where nothing else is being written. */
    take(text) {
      if (area.value || !text) return;
      area.value = text;
      show();
    },
    focus: () => area.focus(),
  };
}
