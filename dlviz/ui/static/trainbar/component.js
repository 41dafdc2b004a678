// The bar of every lab: play, step, reset, speed, learning rate, progress. Everything it does shows at once.

import { showAddress } from "../lib/address.js";
import { count, duration, h, icon, percent, rate, replace, setText, steady } from "../lib/dom.js";
import { shortcuts } from "../lib/keys.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { copyButton } from "./copy.js";
import { noticeBoard } from "./notices.js";
import { pin } from "./pin.js";

const SPEEDS = [[1, "1"], [10, "10"], [100, "100"], [null, "Full"]];

// `data.part`: "whole" is all of it, pinned to the top. Where training is one panel of a lab among others,
// "page" is what the page needs (notices, the link, the state of the connection), "training" the rest.
export default mount((root, live, ctx) => {
  const { part = "whole" } = ctx.data;
  const [trains, speaks] = [part !== "page", part !== "training"];
  const hidden = new Set(ctx.data.hide ?? []);
  const notices = speaks ? noticeBoard(live, ctx) : null;
  const transport = makeTransport(live);
  const figures = makeFigures();
  const speed = makeSpeed(live);
  const learningRate = makeLearningRate(live, ctx, hidden);
  const status = h("button.chip.status.hidden", { onclick: () => live.scrub(null) });
  const done = h("div.done");
  const goal = h("div.goal.hidden", { role: "progressbar", "aria-label": "Progress to the goal" }, done);
  const more = h("button.square.more", {
    title: "Speed and learning rate", "aria-label": "Speed and learning rate", "aria-expanded": "false",
    onclick: () => more.setAttribute("aria-expanded", bar.classList.toggle("open")),
  }, icon("chevron"));
  const bar = h("div.bar", { role: "toolbar", "aria-label": trains ? "Training" : "Page" },
    trains ? [transport.element, figures.element] : null, status,
    trains ? h("div.settings", learningRate?.element, speed.element) : null,
    h("div.end", speaks ? copyButton(live, ctx) : null, trains ? more : null), trains ? goal : null);
  bar.classList.toggle("quiet", !trains);
  root.append(h("div.pinned", bar));
  if (notices) root.append(notices.element);
  if (part === "whole") pin(ctx.host, ctx.signal);

  if (trains) {
    shortcuts({
      space: transport.toggle,
      ArrowRight: transport.step,
      ArrowLeft: () => live.nudge(-1),
      r: () => live.reset(),
    }, ctx.signal);
  }

  live.on("scene", (scene) => {
    learningRate?.set(scene.numbers.spec.learning_rate);
    if (speaks && ctx.data.slug) showAddress(ctx.data.slug, scene);
  }, ctx.signal);
  for (const kind of ["state", "frame"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  live.on("status", showStatus, ctx.signal);

  function showStatus() {
    const words = {
      connecting: "Connecting …",
      lost: live.gone ? "This run has ended on the server. Starting again …" : "Connection lost. Trying again …",
      relay: "Slow connection: two pictures a second",
    }[live.status];
    const looking = live.looking !== null && live.frame;
    status.classList.toggle("hidden", !words && !looking);
    status.disabled = Boolean(words);
    if (words) replace(status, words);
    else if (looking) replace(status, icon("clock", 16), `Looking at step ${count(live.frame.step)}`, h("b", "Back to now"));
    if (speaks && live.gone && lostRun !== live.shown) {
      lostRun = live.shown;
      ctx.trigger("lost", { run: live.shown, token: crypto.randomUUID() });
    }
  }
  let lostRun = null;

  function showGoal(state) {
    const under = state.goal !== null && state.goal !== undefined && state.live_step < state.goal;
    goal.classList.toggle("hidden", !under);
    if (!under) return;
    const share = state.live_step / state.goal;
    goal.setAttribute("aria-valuenow", Math.round(share * 100));
    done.style.width = percent(share).replace(" ", "");
  }

  return {
    draw() {
      const { state } = live;
      transport.show(state, live);
      figures.show(state, live.frame);
      speed.show(state);
      showGoal(state);
      showStatus();
    },
  };
});

function makeTransport(live) {
  const toggle = () => live.play(!live.state.playing);
  const step = (event) => {
    if (live.looking !== null) live.nudge(1);
    else live.advance(event?.shiftKey ? live.state.steps_per_epoch ?? 1 : 1);
  };
  const words = h("span.words", "Play");
  const faces = { play: icon("play", 22), pause: icon("pause", 22) };
  const play = h("button.primary.play", { onclick: toggle, title: "Play or pause (space)" }, faces.play, words);
  const next = h("button.square", { onclick: step, title: "One step (→). With Shift: one epoch", "aria-label": "One step" }, icon("step"));
  const epoch = h("button.epoch", {
    onclick: () => live.advance(live.state.steps_per_epoch ?? 1), title: "One epoch (Shift →)", "aria-label": "One epoch",
  }, icon("newest"));
  const reset = h("button.square", { onclick: () => live.reset(), title: "Back to step 0 (R)", "aria-label": "Reset" }, icon("reset"));
  let shown = null;
  return {
    element: h("div.transport", play, next, epoch, reset),
    toggle,
    step,
    show(state) {
      const playing = Boolean(state.playing);
      if (playing === shown) return;
      shown = playing;
      play.replaceChildren(faces[playing ? "pause" : "play"], words);
      setText(words, playing ? "Pause" : "Play");
      play.setAttribute("aria-label", words.textContent); // a narrow bar hides the words
    },
  };
}

function makeFigures() {
  const figure = (label, size = "") => {
    const value = h(`span.value${size}`, "–");
    return { value, element: h("div.figure", h("span.label", label), value) };
  };
  const epoch = figure("Epoch", ".big");
  const step = figure("Step", ".big");
  const train = figure("Training loss");
  const test = figure("Test loss");
  step.element.classList.add("step");
  train.element.classList.add("loss");
  test.element.classList.add("loss");
  const time = figure("Time");
  time.element.classList.add("time");
  const timeLabel = time.element.firstChild;
  return {
    element: h("div.figures", epoch.element, step.element, train.element, test.element, time.element),
    show(state, frame) {
      if (!frame) return;
      const { numbers } = frame;
      setText(epoch.value, count(Math.floor(numbers.epoch)));
      setText(step.value, count(frame.step));
      for (const [{ value, element }, name] of [[train, "train_loss"], [test, "test_loss"]]) {
        element.classList.toggle("hidden", !(name in numbers));
        if (name in numbers) setText(value, steady(numbers[name]));
      }
      const left = state.goal === null || state.goal === undefined ? 0 : state.goal - state.live_step;
      const remaining = left > 0 && state.rate > 0 ? left / state.rate : null;
      setText(timeLabel, remaining === null ? `Time on ${String(state.device ?? "cpu").toUpperCase()}` : "Remaining");
      setText(time.value, duration(remaining ?? state.elapsed ?? 0));
    },
  };
}

function makeSpeed(live) {
  const field = { name: "speed", kind: "choice", label: "steps a second", options: SPEEDS.map(([value]) => String(value)), labels: SPEEDS.map(([, word]) => word), default: "null" };
  const control = knob(field, { onchange: (word) => live.speed(word === "null" ? null : Number(word)) });
  control.element.classList.add("speed");
  const measured = h("span.measured.value");
  control.element.querySelector(".knob-head").append(measured);
  let shown;
  return {
    element: control.element,
    show({ speed, playing, rate: perSecond }) {
      setText(measured, playing && perSecond ? `now ${rate(perSecond)}` : "");
      if (speed === shown || speed === undefined) return;
      shown = speed;
      control.set(String(speed));
    },
  };
}

function makeLearningRate(live, ctx, hidden) {
  const field = (ctx.data.fields ?? []).find(({ name }) => name === "learning_rate");
  if (!field || hidden.has("learning_rate")) return null;
  let touched = 0;
  const control = knob(field, {
    onchange(value) {
      touched = performance.now();
      live.set({ learning_rate: value });
    },
  });
  control.element.classList.add("learning-rate");
  return {
    element: control.element,
    set(value) {
      // An answer to an earlier place of the thumb must not pull it back while it is dragged.
      if (value !== undefined && performance.now() - touched > 400) control.set(value);
    },
  };
}
