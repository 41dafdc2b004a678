// The sub-steps by name: chosen, walked by keys, scrubbed, or played at a speed. Nothing plays by itself.

import { h, replace, setText } from "../lib/dom.js";

const PACE = 2600; // ms a sub-step at normal speed
const SPEEDS = [["0.5", "Slow"], ["1", "Normal"], ["2.5", "Fast"]];

/** `onmove(index)` hears what a person or the playing chooses. */
export function buildStepper({ ctx, onmove }) {
  let [at, list, isPlaying, waiting, key] = [0, [], false, 0, ""];
  const back = h("button.square", { type: "button", "aria-label": "Previous sub-step", onclick: () => go(at - 1) }, "‹");
  const play = h("button.gt-play", { type: "button", onclick: () => start(!isPlaying) }, "Play");
  const on = h("button.square", { type: "button", "aria-label": "Next sub-step", onclick: () => go(at + 1) }, "›");
  const speed = h("select", { "aria-label": "Speed of playing" }, SPEEDS.map(([value, label]) => h("option", { value }, label)));
  speed.value = "1";
  const slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Sub-step", oninput: () => go(slider.valueAsNumber) });
  const place = h("span.small.muted.value.gt-place");
  const names = h("div.gt-names");
  // An application: the page leaves the arrow keys, which otherwise train a step, to what has this role.
  const element = h("div.gt-stepper", { role: "application", "aria-label": "Sub-steps. Arrow keys go from one to the next." },
    h("div.gt-controls", back, play, on, slider, place, h("span.menu.gt-speed", speed)), names);
  element.addEventListener("keydown", (event) => {
    if (event.target === slider || event.target === speed || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
    if (event.target.matches(".gt-name")) names.querySelectorAll(".gt-name")[at]?.focus();
  });

  function go(to, byHand = true) {
    if (byHand) start(false);
    const next = Math.min(list.length - 1, Math.max(0, to));
    if (next === at) return;
    at = next;
    onmove(at);
  }

  function start(wanted) {
    if (wanted === isPlaying) return;
    isPlaying = wanted;
    clearTimeout(waiting);
    if (wanted && at === list.length - 1) go(0, false);
    if (wanted) later();
    ctx.redraw();
  }

  function later() {
    waiting = setTimeout(() => {
      if (!isPlaying || ctx.signal.aborted) return;
      if (!ctx.visible || at >= list.length - 1) { start(false); return; }
      go(at + 1, false);
      if (at >= list.length - 1) start(false);
      else later();
    }, PACE / Number(speed.value));
  }

  /** The names are built anew only when they are others, so that a focused one stays. */
  function build() {
    const next = list.map(({ group, title }) => `${group}/${title}`).join("|");
    if (next === key) return;
    key = next;
    const groups = [...new Set(list.map(({ group }) => group))];
    replace(names, groups.map((group) => h("div.gt-group", h("span.label", group),
      h("div.gt-chips", list.map((sub, i) => (sub.group === group ? h("button.chip.gt-name", { type: "button", "data-at": i, title: sub.title, onclick: () => go(i) }, h("b", String(i + 1)), sub.short) : null)).filter(Boolean)))));
  }

  return {
    element, start,
    get playing() { return isPlaying; },
    show(substeps, index) {
      [list, at] = [substeps, index];
      build();
      back.disabled = at === 0;
      on.disabled = at === list.length - 1;
      setText(play, isPlaying ? "Pause" : "Play");
      slider.max = list.length - 1;
      slider.value = at;
      slider.style.setProperty("--share", at / Math.max(1, list.length - 1));
      slider.setAttribute("aria-valuetext", list[at].title);
      setText(place, `${at + 1} of ${list.length}`);
      for (const name of names.querySelectorAll(".gt-name")) {
        const isNow = Number(name.dataset.at) === at;
        name.classList.toggle("now", isNow);
        name.setAttribute("aria-current", isNow ? "step" : "false");
      }
    },
  };
}
