// The noises one walks between: two, or four for two directions. One of them is held, and gets what is chosen.

import { h, setText, steady } from "../lib/dom.js";
import { norm, priorCode } from "../lib/latentpath.js";
import { paintPixels } from "../lib/pixels.js";

export const LETTERS = ["a", "b", "c", "d"];

/** A noise newly drawn, as the generator's are. */
export const drawn = (long, kind) => (kind === "uniform" ? Float32Array.from({ length: long }, () => 2 * Math.random() - 1) : priorCode(long));

/**
 * Noises to begin with, {at, z}: the first one shown, the one farthest from it, and twice the one farthest from those before.
 * Where pictures are told classes, each noise is shown once a class: then of the first class.
 */
export function firstCorners({ numbers: { told, planar, spec }, arrays: { shown_z: { data } } }) {
  const long = spec.noise_dimensions;
  const every = planar ? 1 : Math.max(1, told);
  const all = Array.from({ length: data.length / long / every }, (_, k) => ({ at: k * every, z: data.slice(k * every * long, (k * every + 1) * long) }));
  const far = (p, q) => Math.hypot(...p.z.map((value, i) => value - q.z[i]));
  const found = [all[0]];
  while (found.length < LETTERS.length) {
    const least = all.map((each) => Math.min(...found.map((other) => far(each, other))));
    found.push(all[least.indexOf(Math.max(...least))]);
  }
  return found;
}

/** `onhold(k)`, `onact(name)` of the buttons. `show({corners, held, count, sampleOf, shape, planar})`. */
export function buildCorners({ onhold, onact }) {
  const slots = LETTERS.map((letter, k) => {
    const parts = { canvas: h("canvas.walk-corner-picture", { width: 1, height: 1, "aria-hidden": "true" }), words: h("span.small.muted.value") };
    parts.button = h("button.walk-corner", { type: "button", onclick: () => onhold(k) }, h("b", h("i", "z"), h("sub", letter)), parts.canvas, parts.words);
    return parts;
  });
  const action = (name, text) => h("button", { type: "button", onclick: () => onact(name) }, text);
  const one = action("draw", "Draw anew");
  const element = h("div.stack", h("div.walk-corners", { role: "group", "aria-label": "Noises to walk between" }, slots.map(({ button }) => button)),
    h("div.row", one, action("all", "Draw all anew"), action("swap", "Swap a and b")));
  return {
    element,
    show({ corners, held, count, sampleOf, shape, planar }) {
      slots.forEach(({ button, canvas, words }, k) => {
        button.classList.toggle("hidden", k >= count);
        button.setAttribute("aria-pressed", k === held);
        if (k >= count) return;
        const { at, z } = corners[k];
        const sample = sampleOf(k);
        canvas.classList.toggle("hidden", planar);
        if (!planar) paintPixels(canvas, sample, shape);
        const place = planar ? `(${steady(sample[0], 2)}, ${steady(sample[1], 2)})` : at === null ? "drawn" : `fake ${at + 1}`;
        setText(words, `${place}, |z| ${steady(norm(z), 2)}`);
        button.setAttribute("aria-label", `Noise ${LETTERS[k]}: ${words.textContent}${k === held ? ", held" : ""}`);
      });
      setText(one, `Draw ${LETTERS[held]} anew`);
    },
  };
}
