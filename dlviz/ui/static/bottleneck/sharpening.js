// The moments of training side by side: the alignment of the sentence on screen at each, and which moment is shown.

import { css } from "../lib/color.js";
import { h, number, setText } from "../lib/dom.js";
import { sharpness } from "./race.js";

const BUDGET = 8; // ms of a frame for sentences that no moment has read yet

/** `onpick(index)`; `show({race, at, ids})`, then `draw(colors)` from the component's draw. */
export function buildSharpening({ redraw, onpick }) {
  const slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Moment of training", oninput: () => onpick(slider.valueAsNumber) });
  const where = h("output.value");
  const frame = h("div.moments", { role: "group", "aria-label": "The alignment at each moment" });
  const element = h("div.sharpening", h("div.row.scrub", h("span.label", "Moment of training"), where), slider, frame);
  let boxes = []; // {button, canvas, words, look}
  let state = null;
  let reached = ""; // the moment that was brought into view

  // Within its own line; the page stays where it is.
  function reveal({ offsetLeft, offsetWidth }) {
    frame.scrollLeft = offsetLeft - frame.offsetLeft - (frame.clientWidth - offsetWidth) / 2;
  }

  function build(count) {
    boxes = Array.from({ length: count }, (_, i) => {
      const canvas = h("canvas");
      const words = h("span.small.value");
      const sharp = h("span.label.value");
      return { canvas, words, sharp, look: "", button: h("button.moment", { type: "button", onclick: () => onpick(i) }, canvas, words, sharp) };
    });
    frame.style.gridTemplateColumns = `repeat(${state.race.steps.length}, minmax(74px, 1fr))`; // room for those to come
    frame.replaceChildren(...boxes.map(({ button }) => button));
  }

  function show(next) {
    state = next;
    const { race, at } = next;
    if (boxes.length !== race.moments.length) build(race.moments.length);
    slider.max = Math.max(1, race.moments.length - 1);
    slider.value = at;
    slider.disabled = race.moments.length < 2;
    slider.style.setProperty("--share", race.moments.length > 1 ? at / (race.moments.length - 1) : 0);
    const { step } = race.moments[at];
    slider.setAttribute("aria-valuetext", `step ${step}`);
    setText(where, `step ${number(step)}${race.isTrained ? ` of ${number(race.settings.steps)}` : ", nothing learned yet"}`);
    boxes.forEach(({ button }, i) => button.setAttribute("aria-pressed", i === at));
    if (reached !== `${race.moments.length} ${at}`) reveal(boxes[at].button);
    reached = `${race.moments.length} ${at}`;
    element.classList.toggle("single", race.moments.length < 2);
  }

  function draw(colors) {
    const { race, ids } = state;
    const until = performance.now() + BUDGET;
    for (const [i, box] of boxes.entries()) {
      const moment = race.moments[i];
      const look = `${ids.join()} ${colors.dark}`;
      if (box.look === look && box.moment === moment) continue;
      if (performance.now() > until) {
        redraw();
        return;
      }
      const { attention } = race.read(moment, ids);
      paint(box.canvas, attention, colors);
      const sharp = sharpness(attention);
      setText(box.words, `step ${number(moment.step)}`);
      setText(box.sharp, number(sharp, 2));
      box.button.setAttribute("aria-label", `Step ${moment.step}: the largest weight is ${number(sharp, 2)} on average`);
      Object.assign(box, { look, moment, attention: sharp });
    }
  }

  return { element, show, draw, read: () => boxes.map((box) => box.attention ?? null) };
}

function paint(canvas, { states, letters }, colors) {
  [canvas.width, canvas.height] = [states.length, letters.length];
  const pen = canvas.getContext("2d");
  letters.forEach(({ weights }, i) => weights.forEach((weight, j) => {
    pen.fillStyle = css(colors.sequential(weight));
    pen.fillRect(j, i, 1, 1);
  }));
}
