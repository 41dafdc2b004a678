// The five steps of a draw, one after the other: by button, by arrow key, or played.

import { h, setText } from "../lib/dom.js";

export const LAST = 4;
const PAUSE = 1400; // ms
const STEPS = [
  ["Encode", "The encoder reads the picture and gives two numbers for each number of the code: μ, where it lies, and log σ², how sure that is."],
  ["Spread", "σ = exp(½ log σ²) is positive whatever the network says. μ and σ make the bell q(z|x); the dashed bell is the prior N(0, 1)."],
  ["Draw", "ε falls under the standard bell. No weight of the network has a say in it: all chance is here."],
  ["Place", "z = μ + σ ε: the standard bell is stretched by σ and moved to μ, and ε goes with it. The thin lines are this map."],
  ["Decode", "The decoder makes a picture of z. Another ε makes another z, and the picture follows."],
];

/** `onstep(stage)`; `show(stage)`. */
export function buildStepper({ ctx, onstep }) {
  let [at, timer] = [LAST, 0];
  const stop = () => { clearTimeout(timer); timer = 0; };
  // `at` at once: a second press may come before the first is drawn.
  const go = (stage) => { at = Math.max(0, Math.min(LAST, stage)); onstep(at); };
  const by = (way) => { stop(); go(at + way); };
  const tick = () => {
    if (at >= LAST) {
      stop();
      onstep(LAST);
      return;
    }
    go(at + 1);
    timer = setTimeout(tick, PAUSE);
  };
  const toggle = () => {
    if (timer) {
      stop();
      onstep(at);
      return;
    }
    go(at >= LAST ? 0 : at);
    timer = setTimeout(tick, PAUSE);
    onstep(at);
  };
  const back = h("button.square", { type: "button", "aria-label": "Back", title: "The step before", onclick: () => by(-1) }, "‹");
  const next = h("button.square", { type: "button", "aria-label": "Next", title: "The next step", onclick: () => by(1) }, "›");
  const play = h("button", { type: "button", onclick: toggle }, "Play");
  const buttons = STEPS.map(([title], i) => h("button.chip", { type: "button", role: "radio", onclick: () => { stop(); go(i); } }, h("span.muted.value", i + 1), title));
  const says = h("p.says", { "aria-live": "polite" });
  const keys = (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    by(way);
    buttons[at].focus();
  };
  const element = h("div.stack.stepper", h("div.row", back, next, play, h("div.row.step-chips", { onkeydown: keys, role: "radiogroup", "aria-label": "Steps of a draw" }, buttons)), says);
  ctx.signal.addEventListener("abort", stop);
  return {
    element,
    show(stage) {
      at = stage;
      buttons.forEach((button, i) => {
        button.setAttribute("aria-checked", i === stage);
        button.tabIndex = i === stage ? 0 : -1;
      });
      back.disabled = stage === 0;
      next.disabled = stage === LAST;
      setText(play, timer ? "Pause" : "Play");
      setText(says, STEPS[stage][1]);
    },
  };
}
