// One place on the way, large: its picture and the cross-fade beside it, played, paused or scrubbed.

import { h, number, percent, setText } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";
import { buildPlayer as buildScrub } from "../lib/player.js";

/** `onmove(t)`: the place was changed, by hand or by playing; t in [0, 1]. */
export function buildPlayer({ ctx, onmove, onplay }) {
  const scrub = buildScrub({ ctx, onmove, onplay, label: "Place on the way from A to B" });
  const sides = ["Through the code", "Cross-fade"].map((title) => {
    const [canvas, words] = [h("canvas.ip-large", { width: 1, height: 1, role: "img" }), h("p.value.ip-words")];
    return { title, canvas, words, element: h("figure.ip-side", h("figcaption.label", title), canvas, words) };
  });
  const element = h("div.ip-player", h("div.ip-sides", sides.map((side) => side.element)), scrub.element, scrub.still);

  /** `here` of a walk's `at(t)`. */
  function show(here, { shape, classes, count }) {
    scrub.show(`t = ${scrub.t.toFixed(2)}, |z| = ${here.norm.toFixed(2)}`, count);
    [[here.picture, here.said], [here.faded, here.fadeSaid]].forEach(([picture, said], k) => {
      const { canvas, words, title } = sides[k];
      paintPixels(canvas, picture, shape);
      setText(words, said ? `${classes[said.answer]}, ${percent(said.confidence, 0)}` : "");
      canvas.setAttribute("aria-label", `${title} at ${number(scrub.t, 2)}${said ? `: read as ${words.textContent}` : ""}`);
    });
  }

  return { element, show, start: scrub.start, set: scrub.set, get t() { return scrub.t; }, get playing() { return scrub.playing; } };
}
