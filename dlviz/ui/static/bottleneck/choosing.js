// Which sentence both networks read: one of those held back, or one of the reader's own.

import { h, replace, setText } from "../lib/dom.js";

const MOST = 64; // letters
const FIRST = 2; // the begin sign and the end sign come before the letters
const DIGITS = "zero one two three four five six seven eight nine".split(" ");

/**
 * What a typed text comes to: {ids, truth, notices}. Of the digit task digits are spelled out, and the right answer is
 * known where all words are digits; else `truth` is null. What no network knows is left out and named.
 */
export function readTyped(text, { vocabulary, task }) {
  const notices = [];
  let typed = text.trim().toLowerCase().replace(/\s+/g, " ");
  if (task === "digits" && /\d/.test(typed)) {
    typed = typed.replace(/\d/g, (digit) => ` ${DIGITS[digit]} `).trim().replace(/\s+/g, " ");
    notices.push("The digits are spelled out: words are what both have learned to read.");
  }
  const known = new Map(vocabulary.map((letter, id) => [letter, id]).slice(FIRST));
  const letters = [...typed];
  const odd = [...new Set(letters.filter((letter) => !known.has(letter)))];
  if (odd.length) {
    const named = odd.slice(0, 8).map((letter) => `“${letter}”`).join(" ");
    notices.push(`Left out, because neither network has ever met ${odd.length > 1 ? "them" : "it"}: ${named}${odd.length > 8 ? " and more" : ""}.`);
  }
  let ids = letters.filter((letter) => known.has(letter)).map((letter) => known.get(letter));
  if (ids.length > MOST) {
    notices.push(`Cut after ${MOST} letters of ${ids.length}, the most that are read here.`);
    ids = ids.slice(0, MOST);
  }
  while (vocabulary[ids.at(-1)] === " ") ids.pop();
  const words = ids.map((id) => vocabulary[id]).join("").split(" ");
  const right = task === "digits" && ids.length && words.every((word) => DIGITS.includes(word));
  return { ids, truth: right ? [...words.map((word) => String(DIGITS.indexOf(word))), "$"] : null, notices };
}

/** `onchange()` after every choice; `choice(race)` is {ids, truth, notices, own}. */
export function buildChoosing({ onchange, ontyped }) {
  let at = 0;
  let typed = "";
  let listed = "";
  const select = h("select", { id: "bottleneck-sentence", onchange: () => choose(select.selectedIndex) });
  const step = (way, sign, label) => h("button.square", { type: "button", "aria-label": label, title: label, onclick: () => choose((at + way + select.options.length) % select.options.length) }, sign);
  const own = h("input", { type: "text", id: "bottleneck-own", autocomplete: "off", spellcheck: "false", autocapitalize: "off", oninput: () => { typed = own.value; ontyped(); onchange(); } });
  const notice = h("p.notice.small", { role: "status" });
  const element = h("div.choosing",
    h("div.field", h("label.label", { for: "bottleneck-sentence" }, "A sentence neither has trained on"),
      h("div.row.pick", step(-1, "‹", "The sentence before"), h("span.menu", select), step(1, "›", "The next sentence"))),
    h("div.field.own", h("label.label", { for: "bottleneck-own" }, "Or type your own"), own), notice);

  function choose(next) {
    at = next;
    typed = own.value = "";
    onchange();
  }

  function list(race) {
    const key = `${race.settings.task} ${race.settings.seed}`;
    if (key === listed) return;
    listed = key;
    if (at >= race.examples.length) at = 0;
    replace(select, race.examples.map(({ ids, target }) => {
      const answer = race.text(target.slice(0, -1));
      const seen = race.settings.task === "digits" && answer.length <= 2 ? " (trained on: there are too few to hold back)" : race.unit === "digits" && answer.length > race.trained ? " (longer than trained)" : "";
      return h("option", `${race.text(ids)}  →  ${answer}${seen}`);
    }));
    own.placeholder = race.settings.task === "digits" ? "nine nine three one" : "4 july 1999";
    setText(element.querySelector("label"), "A sentence that was held back");
  }

  function choice(race) {
    list(race);
    if (select.selectedIndex !== at) select.selectedIndex = at;
    const mine = typed.trim() ? readTyped(typed, { vocabulary: race.vocabulary, task: race.settings.task }) : null;
    const lines = [...(mine?.notices ?? [])];
    if (mine && !mine.ids.length) lines.push("Nothing is left to read, so the sentence above stays.");
    setText(notice, lines.join(" "));
    if (mine?.ids.length) return { ...mine, own: true };
    const { ids, target } = race.examples[at];
    return { ids, truth: target.map((id) => race.vocabulary[id]), own: false };
  }

  return { element, choice };
}
