// What is translated: the sequence on the screen, a held-back one, or what a person types.

import { h, replace, setText } from "../lib/dom.js";

const NAMED = 5; // unknown letters that are named
const OFFERED = 8; // held-back sequences to choose from

/** A typed text as the server reads it: {ids, given, unknown}. Letters it does not know are left out of `ids`. */
export function readSource(text, { vocabulary, most_tokens: most }) {
  const clean = text.normalize("NFC").replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
  const spaced = !vocabulary.includes(" ");
  const letters = [...clean].filter((letter) => !(spaced && /\s/.test(letter)));
  const known = new Map(vocabulary.map((token, at) => [token, at]));
  const ids = [];
  const unknown = new Set();
  for (const letter of letters) {
    const id = known.get(letter) ?? known.get(letter.toLowerCase());
    if (id === undefined || id < 2) unknown.add(letter); // ids 0 and 1 are the signs for begin and end
    else ids.push(id);
  }
  return { ids: ids.slice(0, most), given: letters.length, unknown: [...unknown] };
}

/** What is wrong with a typed text, or worth knowing of it; "" where nothing is. */
export function saidOf({ ids, given, unknown }, { vocabulary, most_tokens: most }) {
  const some = vocabulary.slice(2).filter((token) => token.trim()).slice(0, 24).join(" ");
  if (!given) return `Type something to translate. It knows ${some} …`;
  if (unknown.length) {
    const named = unknown.slice(0, NAMED).join(" ") + (unknown.length > NAMED ? " …" : "");
    return `It has never seen ${named}. ${ids.length ? "The last text that it could read stays below." : ""} It knows ${some} …`;
  }
  return given > most ? `Only the first ${most} of ${given.toLocaleString("en")} characters are read: ${most} is the limit.` : "";
}

/** `onchoose({kind: "page" | "typed" | "held", ids, at})` hears what is to be translated. */
export function buildSource({ onchoose }) {
  const field = h("input.code", { type: "text", id: "translate-source", autocomplete: "off", spellcheck: "false", placeholder: "Type here", oninput: () => typed() });
  const said = h("p.small.said", { role: "status" });
  const own = h("button.chip", { type: "button", onclick: () => choose({ kind: "page" }) }, "Sequence on the screen");
  const chips = h("div.chips", { role: "group", "aria-label": "Held-back sequences" });
  const element = h("div.source",
    h("div.stack.typing", h("label.label", { for: "translate-source" }, "Your source, which only this panel reads"), field, said),
    h("div.stack.offers", h("span.label", "Or one that it has never trained on"), h("div.chips", own, chips)));
  let [numbers, held, state] = [null, [], { kind: "page" }];

  function typed() {
    const found = readSource(field.value, numbers);
    const problem = saidOf(found, numbers);
    setText(said, problem);
    const isBad = !found.given || found.unknown.length > 0;
    said.classList.toggle("problem", isBad);
    field.toggleAttribute("aria-invalid", false);
    if (isBad) field.setAttribute("aria-invalid", "true");
    if (!isBad) choose({ kind: "typed", ids: found.ids }, { keeps: true });
  }

  function choose(next, { keeps = false } = {}) {
    state = next;
    if (!keeps) {
      field.value = "";
      field.removeAttribute("aria-invalid");
      setText(said, "");
    }
    press();
    onchoose(next);
  }

  function press() {
    own.setAttribute("aria-pressed", state.kind === "page");
    [...chips.children].forEach((chip, at) => chip.setAttribute("aria-pressed", state.kind === "held" && state.at === at));
  }

  /** `pairs`: held-back ones, {ids, targets}. */
  function show(scene, pairs) {
    const isNew = numbers?.vocabulary.join("") !== scene.numbers.vocabulary.join("");
    numbers = scene.numbers;
    if (isNew) {
      state = { kind: "page" };
      field.value = "";
      setText(said, "");
    }
    if (held !== pairs) {
      held = pairs;
      replace(chips, pairs.slice(0, OFFERED).map(({ ids }, at) => h("button.chip.code", { type: "button", onclick: () => choose({ kind: "held", at, ids }) }, ids.map((id) => numbers.vocabulary[id]).join(""))));
    }
    press();
  }

  /** Choose a held-back one. */
  const pick = (at) => choose({ kind: "held", at, ids: held[at].ids });

  return { element, show, pick, get state() { return state; } };
}
