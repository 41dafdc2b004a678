// The noise beside the arena: every fake's place in it, and what is pointed at; pointing into it asks the generator.

import { css, rgb } from "../lib/color.js";
import { h, setText } from "../lib/dom.js";
import { Plane } from "../lib/plane.js";
import { paintCross } from "../lib/planepaint.js";
import { fakeInk } from "./arenapaint.js";
import { paintFold } from "./arenafold.js";

const NEAR = 9; // pixels within which a fake's noise is meant
const REACH = { normal: 3, uniform: 1.12 };

/** `pointed({kind: "fake", index} | {kind: "noise", z} | null)`; `picked(the same)`; `again()` draws. */
export function buildNoise({ pointed, picked, again, axesChanged }) {
  const plane = new Plane({
    label: "The noise that the generator is given", names: ["z₁", "z₂"],
    onhover: (place, event) => pointed(place ? meant(place) : null, event),
    onpick: (place, event) => picked(meant(place), event),
  });
  plane.canvas.classList.add("ga-noise-plane");
  const title = h("span.label");
  const words = h("p.small.muted.ga-noise-words");
  const selects = [0, 1].map((n) => h("select", { "aria-label": n ? "The number upwards" : "The number to the right", onchange: () => axesChanged(selects.map(({ value }) => Number(value))) }));
  const choose = h("div.row.ga-axes.hidden", h("span.label", "Slice"), selects[0], h("span.muted", "and"), selects[1]);
  const element = h("div.ga-noise", title, plane.canvas, choose, words);
  let [look, isLine, listed, painted] = [null, false, 0, ""];

  const placeOf = (k) => look.fold.axes.map((axis) => look.z[k * look.gan.noise + axis]);

  function meant(place) {
    let [best, least] = [-1, NEAR];
    const at = plane.toPixel(place);
    for (let k = 0; k < look.count; k += 1) {
      if (look.told && look.labels[k] !== look.label) continue;
      const [x, y] = plane.toPixel(isLine ? [placeOf(k)[0], 0] : placeOf(k));
      const far = isLine ? Math.abs(x - at[0]) : Math.hypot(x - at[0], y - at[1]);
      if (far < least) [best, least] = [k, far];
    }
    // On a line every place is near to some fake, and in a slice none lies in it: there the place itself is meant.
    if (best >= 0 && look.gan.noise === 2) return { kind: "fake", index: best };
    const z = look.fold.base ? Float32Array.from(look.fold.base) : new Float32Array(look.gan.noise);
    look.fold.axes.forEach((axis, n) => { z[axis] = place[n]; });
    return { kind: "noise", z };
  }

  function list() {
    if (listed === look.gan.noise) return;
    listed = look.gan.noise;
    for (const select of selects) select.replaceChildren(...Array.from({ length: listed }, (_, k) => h("option", { value: k }, `z${k + 1}`)));
  }

  return {
    element, plane,
    draw(next, { colors, chosen, on }) {
      look = next;
      const { noise: drawn, noise_dimensions: dimensions } = look.spec;
      isLine = dimensions === 1;
      const reach = REACH[drawn];
      plane.view = { x: [-reach, reach], y: isLine ? [-1, 1] : [-reach, reach] };
      plane.names = isLine ? ["z", ""] : look.fold.axes.map((axis) => `z${subscript(axis + 1)}`);
      plane.canvas.classList.toggle("line", isLine);
      choose.classList.toggle("hidden", dimensions <= 2);
      if (dimensions > 2) {
        list();
        selects.forEach((select, n) => { select.value = look.fold.axes[n]; });
      }
      setText(title, `The noise z: ${dimensions === 1 ? "one number" : dimensions === 2 ? "two numbers" : `two of ${dimensions} numbers`}, ${drawn === "uniform" ? "even between −1 and 1" : "each N(0, 1)"}`);
      setText(words, sayNoise(look));
      const key = [look.scene.version, look.label, look.fold.axes, plane.canvas.clientWidth, window.devicePixelRatio, colors.paper, on.fold, chosen?.z ?? ""].join();
      if (key === painted) return; // the noise shown stays the same while the networks change
      painted = key;
      const pen = plane.begin(colors);
      if (on.fold) {
        const { kind, at } = look.fold;
        const points = kind === "line" ? Array.from(at).flatMap((z) => [z, 0]) : Array.from(at).flatMap((y) => Array.from(at).flatMap((x) => [x, y]));
        paintFold(pen, (place) => plane.toPixel(place), { kind, points }, colors, 0.7);
      }
      pen.fillStyle = fakeInk(colors);
      pen.globalAlpha = dimensions > 2 ? 0.35 : 0.8;
      for (let k = 0; k < look.count; k += 1) {
        if (look.told && look.labels[k] !== look.label) continue;
        const [x, y] = plane.toPixel(isLine ? [placeOf(k)[0], ((k * 0.618) % 1) * 1.4 - 0.7] : placeOf(k));
        pen.fillRect(x - 1.2, y - 1.2, 2.4, 2.4);
      }
      pen.globalAlpha = 1;
      if (chosen?.z) {
        const at = look.fold.axes.map((axis) => chosen.z[axis]);
        paintCross(pen, plane, isLine ? [at[0], 0] : at, colors.accent, 6, css(rgb(colors.paper), 0.9));
      }
    },
  };
}

function sayNoise({ gan, fold }) {
  if (gan.noise === 1) return "Every point of this line becomes a point of the arena; the colours say which.";
  if (gan.noise === 2) return "Point here: where this noise goes is marked in the arena. The same lines are drawn there, where the generator puts them.";
  return `Other numbers stand at ${fold.base ? "those of the fake you hold" : "0"}; fakes lie off this slice. Hold a fake (click it) to lay the slice through it.`;
}

const subscript = (n) => [...String(n)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
