// One place on the way, large: its picture and the cross-fade beside it. Played, paused or scrubbed; nothing plays by itself.

import { h, number, percent, setText } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";

const WHOLE = 4000; // ms from one end to the other
const STILL = 900; // ms a picture, where motion is to be reduced
const FINE = 1000;

/** `onmove(t)`: the place was changed, by hand or by playing; t in [0, 1]. */
export function buildPlayer({ ctx, onmove, onplay }) {
  let [t, heading, isPlaying, last, steps, waiting] = [0.5, 1, false, 0, 9, 0];
  const play = h("button.primary", { type: "button", onclick: () => start(!isPlaying) }, "Play");
  const slider = h("input", { type: "range", min: 0, max: FINE, step: 1, "aria-label": "Place on the way from A to B", oninput: () => { start(false); move(slider.valueAsNumber / FINE); } });
  const place = h("span.value.small.ip-place");
  const sides = ["Through the code", "Cross-fade"].map((title) => {
    const [canvas, words] = [h("canvas.ip-large", { width: 1, height: 1, role: "img" }), h("p.value.ip-words")];
    return { title, canvas, words, element: h("figure.ip-side", h("figcaption.label", title), canvas, words) };
  });
  const still = h("p.small.muted.hidden", "Your system asks for less motion, so playing goes from picture to picture.");
  const element = h("div.ip-player", h("div.ip-sides", sides.map((side) => side.element)), h("div.ip-scrub", play, slider, place), still);

  function move(next) {
    t = Math.min(1, Math.max(0, next));
    onmove(t);
  }

  function start(on) {
    if (isPlaying === on) return;
    isPlaying = on;
    clearTimeout(waiting);
    setText(play, on ? "Pause" : "Play");
    ctx.redraw();
    if (!on) return;
    onplay();
    if (t >= 1) heading = -1;
    if (t <= 0) heading = 1;
    last = performance.now();
    if (ctx.reducedMotion) waiting = setTimeout(jump, STILL);
    else requestAnimationFrame(tick);
  }

  // There and back again until it is paused, or out of sight.
  function tick(now) {
    if (!isPlaying || ctx.signal.aborted) return;
    if (!ctx.visible) { start(false); return; }
    let next = t + (heading * Math.max(0, now - last)) / WHOLE;
    last = now;
    if (next >= 1 || next <= 0) [next, heading] = [Math.min(1, Math.max(0, next)), -heading];
    move(next);
    requestAnimationFrame(tick);
  }

  function jump() {
    if (!isPlaying || ctx.signal.aborted) return;
    if (!ctx.visible) { start(false); return; }
    const at = Math.round(t * (steps - 1));
    if (at + heading > steps - 1 || at + heading < 0) heading = -heading;
    move((at + heading) / (steps - 1));
    waiting = setTimeout(jump, STILL);
  }

  /** `here` of a walk's `at(t)`. */
  function show(here, { shape, classes, count }) {
    steps = count;
    slider.value = Math.round(t * FINE);
    slider.style.setProperty("--share", t);
    slider.setAttribute("aria-valuetext", `${percent(t, 0)} of the way`);
    setText(place, `t = ${t.toFixed(2)}, |z| = ${here.norm.toFixed(2)}`);
    still.classList.toggle("hidden", !ctx.reducedMotion);
    [[here.picture, here.said], [here.faded, here.fadeSaid]].forEach(([picture, said], k) => {
      const { canvas, words, title } = sides[k];
      paintPixels(canvas, picture, shape);
      setText(words, said ? `${classes[said.answer]}, ${percent(said.confidence, 0)}` : "");
      canvas.setAttribute("aria-label", `${title} at ${number(t, 2)}${said ? `: read as ${words.textContent}` : ""}`);
    });
  }

  return { element, show, start, set: (next) => { t = next; }, get t() { return t; }, get playing() { return isPlaying; } };
}
