// A place on a way from A to B that is played, paused or scrubbed; nothing plays by itself. Give "lib/player.css".

import { h, percent, setText } from "./dom.js";

const WHOLE = 4000; // ms from one end to the other
const STILL = 900; // ms a station, where motion is to be reduced
const FINE = 1000;

/**
 * `onmove(t)`: the place was changed, by hand or by playing; t in [0, 1]. `show(words, stations)`: what stands under the slider, and
 * of how many stations the way has, between which it jumps where motion is to be reduced.
 */
export function buildPlayer({ ctx, onmove, onplay, label }) {
  let [t, heading, isPlaying, last, steps, waiting] = [0.5, 1, false, 0, 9, 0];
  const play = h("button.primary", { type: "button", onclick: () => start(!isPlaying) }, "Play");
  const slider = h("input", { type: "range", min: 0, max: FINE, step: 1, "aria-label": label, oninput: () => { start(false); move(slider.valueAsNumber / FINE); } });
  const place = h("span.value.small.way-place");
  const still = h("p.small.muted.hidden", "Your system asks for less motion, so playing goes from picture to picture.");
  ctx.signal.addEventListener("abort", () => clearTimeout(waiting));

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

  return {
    element: h("div.way-scrub", play, slider, place), still, start,
    show(words, stations) {
      steps = stations;
      slider.value = Math.round(t * FINE);
      slider.style.setProperty("--share", t);
      slider.setAttribute("aria-valuetext", `${percent(t, 0)} of the way`);
      setText(place, words);
      still.classList.toggle("hidden", !ctx.reducedMotion);
    },
    set(next) { t = next; },
    get t() { return t; },
    get playing() { return isPlaying; },
  };
}
