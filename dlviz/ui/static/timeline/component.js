// The timeline of a run: scrub to any moment, play back, branch from it, put two runs side by side.

import { count, h, icon, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { Replay } from "./replay.js";
import { runChips } from "./runs.js";
import { drawStrip } from "./strip.js";

export default mount((root, live, ctx) => {
  let log = true;
  let places = null;
  let branching = false;
  const replay = new Replay(live, () => ctx.redraw());
  const canvas = h("canvas.strip", {
    tabindex: 0, role: "slider", "aria-label": "Moment of the run", "aria-valuemin": 0,
  });
  const bubble = h("div.tip.small", { hidden: true });
  const words = h("span.moment.value");
  const back = h("button.chip", { onclick: () => (replay.on ? replay.stop() : replay.start(log)), title: "Play the run back from the start" });
  const branch = h("button.chip", { onclick: branchHere, title: "Start a new run from this very moment" }, icon("branch", 16), h("span", "Branch here"));
  const now = h("button.chip.hidden", { onclick: () => { replay.stop(); live.scrub(null); } }, icon("newest", 16), h("span", "Now"));
  const scale = knob(
    { name: "scale", kind: "choice", label: "Scale of the timeline", options: ["log", "linear"], labels: ["Log", "Linear"], default: "log" },
    { label: false, onchange: (word) => { log = word === "log"; ctx.redraw(); } },
  );
  scale.element.classList.add("scale");
  root.append(h("section.timeline", { "aria-label": "Timeline" },
    h("header.row", runChips(live, ctx), words, h("span.grow"), back, now, branch, scale.element),
    h("div.track", canvas, bubble)));

  async function branchHere() {
    replay.stop();
    branching = true;
    ctx.redraw();
    await live.branch(live.frame?.step ?? 0);
    branching = false;
    ctx.redraw();
  }

  function goTo(step) {
    replay.stop();
    live.scrub(step >= (live.newest?.numbers.live_step ?? 0) ? null : step);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !places) return;
    canvas.setPointerCapture(event.pointerId);
    goTo(places.toStep(event.offsetX));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!places) return;
    if (canvas.hasPointerCapture(event.pointerId)) goTo(places.toStep(event.offsetX));
    const mark = places.near(event.offsetX);
    bubble.hidden = !mark;
    if (!mark) return;
    setText(bubble, `Step ${count(mark.step)}: ${mark.text}`);
    bubble.style.left = `${Math.min(places.toX(mark.step), canvas.clientWidth - 160)}px`;
  });
  canvas.addEventListener("pointerleave", () => { bubble.hidden = true; });
  canvas.addEventListener("keydown", (event) => {
    const { moments } = live;
    const far = Math.max(1, Math.round(moments.length / 10));
    const here = moments.findLastIndex((step) => step <= (live.frame?.step ?? 0));
    const at = {
      ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: here - 1, ArrowDown: here - 1,
      PageUp: here + far, PageDown: here - far, Home: 0, End: moments.length,
    }[event.key];
    if (at === undefined || moments.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    goTo(at >= moments.length - 1 ? Infinity : moments[Math.max(0, at)]);
  });

  for (const kind of ["frame", "state", "compared", "runs"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  ctx.signal.addEventListener("abort", () => replay.stop());
  let face = null;

  function showButtons() {
    if (face !== replay.on) {
      face = replay.on;
      back.replaceChildren(icon(replay.on ? "pause" : "play", 16), h("span", replay.on ? "Stop" : "Play back"));
    }
    back.disabled = !live.newest || live.newest.numbers.live_step === 0;
    now.classList.toggle("hidden", live.looking === null);
    branch.disabled = branching || !live.newest || live.status === "relay"; // the relay carries one run
  }

  return {
    draw() {
      showButtons();
      const { frame, newest } = live;
      if (!frame || !newest) return;
      const held = newest.arrays.held?.data ?? [];
      const from = live.runs.find(({ id }) => id === live.shown)?.step ?? 0;
      places = drawStrip(canvas, {
        newest, beside: live.besideNewest, shown: frame.step, held, marks: live.state.marks, from, log,
      }, ctx.colors);
      const loss = frame.numbers.train_loss;
      const said = `Step ${count(frame.step)}${loss === undefined ? "" : ` · training loss ${steady(loss)}`}`;
      setText(words, live.looking === null ? "" : said);
      canvas.setAttribute("aria-valuemax", newest.numbers.live_step);
      canvas.setAttribute("aria-valuenow", frame.step);
      canvas.setAttribute("aria-valuetext", said);
    },
  };
});
