// The shelf of pairs: each drawn small with its reason.

import { h, setText } from "../lib/dom.js";
import { PAIRS, pairOf } from "./pairs.js";
import { small } from "./small.js";

/** `choose(slug)` puts a pair on the table. */
export function buildShelf({ stage, choose }) {
  const cards = PAIRS.map(({ slug, title, short, left, right }) => h("button.ga-card", { type: "button", "data-slug": slug, "aria-pressed": "false", onclick: () => choose(slug) },
    h("span.ga-two", small(left, left.colors), small(right, right.colors)), h("span.ga-name", title), h("span.ga-short", short)));
  const [why, source] = [h("p.ga-why", { role: "status" }), h("p.small.muted")];
  return {
    element: h("section.ga-part", { "aria-label": "Pairs" }, h("h3", "Pairs that some network takes for one"), h("div.ga-shelf", { role: "group", "aria-label": "Choose a pair" }, cards), h("div.ga-reason", why, source)),
    show() {
      const { slug } = stage.state;
      for (const card of cards) card.setAttribute("aria-pressed", String(card.dataset.slug === slug));
      const pair = pairOf(slug);
      setText(why, pair ? pair.why : "Your own pair. What the test and the networks make of it is computed below as you change it.");
      setText(source, pair ? `Source: ${pair.source}.` : "");
      source.classList.toggle("hidden", !pair);
    },
    read: () => ({ slug: stage.state.slug, why: why.textContent, pressed: cards.filter((card) => card.getAttribute("aria-pressed") === "true").map((card) => card.dataset.slug) }),
  };
}
