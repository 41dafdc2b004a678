// What is said where the run is told nothing: a friendly line, and a button that makes it conditional.

import { h, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";

const DIGITS = { dataset: "digits", network: "dense", noise_dimensions: 16, batch_norm: "generator", learning_rate: 0.0007, conditional: true };
const RING = { dataset: "ring8", network: "dense", conditional: true };

/** `{element, show(scene), read()}`. */
export function buildPlain({ live, ctx, happened }) {
  const settings = settingsOf({ live, ctx });
  const set = (changes) => { happened("made_conditional"); settings.change(changes); };
  const words = h("p");
  const own = h("button.primary", { type: "button", onclick: () => set({ conditional: true }) }, "Tell both the class");
  const ring = h("button", { type: "button", onclick: () => set(RING) }, "Ring of 8, told the mode");
  const digits = h("button", { type: "button", onclick: () => set(DIGITS) }, "Digits 8 × 8, told the digit");
  const element = h("div.gc-plain.card", words, h("div.row", own, ring, digits));

  return {
    element,
    show({ numbers: { told, classes, spec } }) {
      element.classList.toggle("hidden", told > 0);
      const hasClasses = classes.length > 0;
      own.classList.toggle("hidden", !hasClasses);
      ring.classList.toggle("hidden", hasClasses);
      digits.classList.toggle("hidden", spec.dataset === "digits");
      setText(words, hasClasses
        ? `This GAN is told nothing: of its noise it makes whatever comes. Its real examples have ${classes.length} classes, so both networks can be told which one is meant, and you can ask for it. They begin anew then, since their first layers get ${classes.length} more inputs.`
        : "This GAN is told nothing, and its real examples have no classes that one could ask for. Choose a set that has:");
    },
    read: () => ({ isShown: !element.classList.contains("hidden"), words: words.textContent }),
  };
}
