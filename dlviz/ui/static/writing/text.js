// The text written so far, each token coloured by how much it surprised the network; pointing looks back, a click goes back.

import { readable } from "../lib/cells.js";
import { css } from "../lib/color.js";
import { h, percent, setText } from "../lib/dom.js";
import { spoken } from "../lib/tokens.js";
import { STRONGEST } from "./scale.js";

export const MOST_BITS = 8; // surprise that has the strongest colour
export const bitsOf = (p) => -Math.log2(Math.max(p, Number.MIN_VALUE));

/**
 * `onpoint(place | null)`, `onstand(place)`: the place of a written token, or the number of tokens for the end.
 * `show({prefix, written, probabilities, here, pointed, words, vocabulary, colors})`.
 */
export function buildText({ onpoint, onstand, onundo }) {
  const seed = h("span.seed");
  const body = h("span.body");
  const caret = h("span.caret", { "aria-hidden": "true" });
  const element = h("div.text.code", {
    tabindex: 0, role: "application", "aria-roledescription": "text", dir: "ltr",
    onpointermove: (event) => onpoint(placeOf(event)),
    onpointerleave: () => onpoint(null),
    onclick: (event) => { const place = placeOf(event); if (place !== null) onstand(place); },
    onkeydown: keys,
  }, seed, body);
  let spans = [];
  let shown = null;

  function placeOf(event) {
    const found = event.target.closest?.("[data-place]");
    return found ? Number(found.dataset.place) : null;
  }

  function keys(event) {
    if (!shown) return;
    const { here, written } = shown;
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: written.length, Escape: written.length }[event.key];
    if (event.key === "Backspace") onundo();
    else if (to !== undefined) onstand(Math.min(written.length, Math.max(0, to)));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // A line end is a sign and a new line, so that it can be pointed at.
  const visible = (token, words) => (token === "\n" ? "↵\n" : words ? `${token} ` : token);

  return {
    element,
    show(next) {
      shown = next;
      const { prefix, written, probabilities, here, pointed, words, vocabulary, colors, forcedWord } = next;
      setText(seed, prefix.map((id) => visible(vocabulary[id], words)).join(""));
      while (spans.length > written.length) spans.pop().remove();
      written.forEach(({ id, forced }, place) => {
        const span = spans[place] ?? (spans[place] = body.appendChild(h("span.letter", { "data-place": place })));
        const p = probabilities[place];
        const back = colors.sequential(Math.min(1, bitsOf(p) / MOST_BITS) * STRONGEST);
        const look = `${id} ${p.toFixed(4)} ${colors.dark}`;
        if (span.look !== look) {
          span.look = look;
          span.textContent = visible(vocabulary[id], words);
          span.style.background = css(back);
          span.style.color = css(readable(back, colors));
        }
        span.classList.toggle("forced", forced);
        span.classList.toggle("old", place >= here);
        span.classList.toggle("pointed", place === pointed);
        span.classList.toggle("end", vocabulary[id] === "\n");
      });
      const before = spans[here] ?? null;
      if (caret.parentNode !== body || caret.nextSibling !== before) body.insertBefore(caret, before);
      const last = written.at(here - 1);
      const said = here > 0 && last ? `The last is ${spoken(vocabulary[last.id])}, ${percent(probabilities[here - 1])}${last.forced ? `, ${forcedWord}` : ""}.` : "";
      element.setAttribute("aria-label", `What was written, ${written.length} tokens, at ${here}. ${said} Left and right go back and forth, Backspace undoes.`);
    },
  };
}
