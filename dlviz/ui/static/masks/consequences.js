// What the mask does to the answers, before and after; and whether it lets the network see what it is to foretell.

import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { Tokens } from "../lib/tokens.js";
import { sharesOfNext } from "./passes.js";

export function buildConsequences(ctx) {
  const rows = ["own", "new"].map((name) => ({ name, title: h("p.label.value"), tokens: new Tokens({ label: name === "own" ? "Answers under the network's own mask" : "Answers under the mask on the left", colors: () => ctx.colors }) }));
  const words = h("p.sentence", { "aria-live": "polite" });
  const element = h("section.part", h("h3", "What it does to the answers"),
    h("p.about.under-words"), rows.map(({ title, tokens }) => h("div.answers-of", title, tokens.element)), words);
  const about = element.querySelector(".about");

  /** `own`, `changed`: what `under` found; `isOwn`: they are the same mask. */
  function show({ moment, own, changed, isOwn, blind, labels }) {
    const { classes, vocabulary, words: inWords } = moment.scene.numbers;
    const isTranslator = Boolean(moment.read);
    setText(about, isTranslator ? "What the decoder writes when the encoder reads under each mask; the colour is how sure it is of what it writes." : "Under each token what the network answers there; the colour is the probability of that answer, and a wrong one is in the warning colour.");
    rows.forEach(({ name, title, tokens }) => {
      const found = name === "own" ? own : changed;
      const rights = found.answers.filter(({ right }) => right !== null);
      const score = rights.length && !isTranslator ? `, ${rights.filter(({ right }) => right).length} of ${rights.length} right` : "";
      setText(title, `${name === "own" ? "The network's own mask" : "The mask drawn above"}: loss ${found.loss === null ? "not known" : `${steady(found.loss)} nats`}${score}`);
      const marks = found.answers.map(({ right }) => (right === null ? null : right ? "right" : "wrong"));
      if (isTranslator) tokens.set({ tokens: found.answers.map(({ said }) => classes[said]), values: found.answers.map(({ sure }) => sure), marks: null, below: null, words: false });
      else tokens.set({ tokens: moment.ids.map((id) => vocabulary[id]), values: found.answers.map(({ sure }) => sure), below: found.answers.map(({ said }) => classes[said]), marks, words: inWords });
    });
    setText(words, sentence({ own, changed, isOwn, blind, labels }));
  }

  return { element, show };
}

function sentence({ own, changed, isOwn, blind }) {
  if (isOwn) return "This is the mask that the network was trained with. Paint a cell, or begin with another mask, to see what changes.";
  const differing = changed.answers.filter(({ said }, i) => said !== own.answers[i]?.said).length;
  const count = Math.max(changed.answers.length, own.answers.length);
  const loss = own.loss === null ? "" : changed.loss - own.loss > 5e-4 ? ` The loss rises from ${steady(own.loss)} to ${steady(changed.loss)}: the network had learned to use what is now hidden, or is thrown off by what it now sees.` : own.loss - changed.loss > 5e-4 ? ` The loss falls from ${steady(own.loss)} to ${steady(changed.loss)}.` : ` The loss stays at ${steady(changed.loss)}.`;
  const none = blind.length ? ` ${blind.length === 1 ? "One token sees" : `${blind.length} tokens see`} nothing; all numbers are still numbers.` : "";
  return `${differing} of ${count} answers differ.${loss} The weights are the same; only the mask has changed.${none}`;
}

/** The part about seeing what is to be foretold; hidden where a task has no such thing. */
export function buildLookingAhead() {
  const words = h("p.sentence");
  const bars = h("ol.counts.heads-ahead.value");
  const element = h("section.part.ahead", h("h3", "May it look at the answer?"),
    h("p.about", "In this task the answer at a token is the token that follows. A causal mask hides it; any mask that shows it lets the network copy instead of foretell. Each bar is a head: its weight on the next token, the mean over all tokens, under the mask drawn above."),
    bars, words);

  /**
   * `seen`: how many queries see the next token under the drawn mask; `ownSeen`: under the network's own; `leaks`: how
   * many know of it within the network's layers. `even`: what an even pattern would give the next token.
   */
  function show({ moment, changed, seen, ownSeen, leaks, even, tokens }) {
    const shares = sharesOfNext(changed.pass);
    const most = shares.reduce((a, b) => (b.share > a.share ? b : a));
    replace(bars, shares.map(({ layer, head, share }) => h("li", { class: share === most.share && seen ? "now" : null }, h("span", `layer ${layer + 1}, head ${head + 1}`), h("span.bar", h("i", { style: { width: `${100 * share}%` } })), h("span", percent(share)))));
    const top = `layer ${most.layer + 1}, head ${most.head + 1} gives it ${percent(most.share)} of its attention (spread evenly it would be ${percent(even)})`;
    let text;
    const { layers } = moment.scene.numbers.spec;
    if (!seen && leaks) text = `No token sees the next one itself, so every head gives it exactly 0. But it leaks: within ${layers} layers ${leaks} of ${tokens - 1} tokens can know of it by way of others that see it.`;
    else if (!seen) text = `Under this mask no token can know of the next one: every head gives it exactly 0, and no way leads to it in ${layers} layer${layers > 1 ? "s" : ""}. This network has to foretell.`;
    else if (!ownSeen) text = `This mask shows the answer to ${seen} of ${tokens - 1} tokens, but the network was trained without seeing it, so no head has learned to copy it: at most, ${top}. Train with this mask to watch it cheat.`;
    else text = `This network was trained with the answer in sight of ${ownSeen} of ${tokens - 1} tokens. At most, ${top}.${changed.loss === null ? "" : ` Its loss here is ${steady(changed.loss)} nats, chance is ${steady(moment.scene.numbers.chance)}.`} A low loss won by copying is worth nothing: when it writes, there is no next token to look at.`;
    setText(words, text);
    return { shares, most, text };
  }

  return { element, show };
}
