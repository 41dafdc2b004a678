// The transport of the slide: the filter goes from place to place and the output fills in behind it. Nothing is
// trained by it, so it is not called Play. Without motion wanted it only steps.

import { count, h, icon, isTyping, replace, setText } from "../lib/dom.js";
import { asPosition, asValue } from "../lib/scale.js";

const SPEED = { low: 1, high: 240, log: true, typical: 8 };
const NOTCHES = 100;

export function buildSlide(area, stage) {
  const { live, ctx } = stage;
  const state = { index: -1, term: null, playing: false, speed: SPEED.typical, terms: false, everyMap: false, due: 0, last: 0 };
  const back = h("button.round.plain", { type: "button", title: "One place back", "aria-label": "One place back", onclick: () => step(-1) }, icon("left"));
  const play = h("button.primary.slide-play", { type: "button", onclick: () => (state.playing ? pause() : start()) });
  const on = h("button.round.plain", { type: "button", title: "One place on", "aria-label": "One place on", onclick: () => step(1) }, icon("right"));
  const scrub = h("input.scrub", { type: "range", min: 0, value: 0, "aria-label": "Place of the filter", oninput: () => { pause(); go(scrub.valueAsNumber - 1, null); } });
  const where = h("span.where.label.value");
  const speed = h("input", { type: "range", min: 0, max: NOTCHES, "aria-label": "Places a second", oninput: () => setSpeed(asValue(SPEED, speed.valueAsNumber / NOTCHES)) });
  const rate = h("span.label.value.rate");
  const terms = h("button.chip", { type: "button", "aria-pressed": "false", title: "Slow motion: one product after the other", onclick: () => toggle("terms", terms) }, "Term by term");
  const maps = h("button.chip", { type: "button", "aria-pressed": "false", title: "One map after the other", onclick: () => toggle("everyMap", maps) }, "Every map");
  area.append(h("div.row.slide", { role: "toolbar", "aria-label": "Slide" }, h("span.row.steps-row", back, play, on), h("span.way", scrub, where),
    h("span.row.pace", h("span.label", "Speed"), speed, rate), h("span.row", terms, maps)));

  const size = () => stage.layer.outHeight * stage.layer.outWidth;
  const places = () => size() * (state.everyMap ? stage.layer.outputs : 1);

  function toggle(name, button) {
    const here = state.index;
    const cell = here < 0 ? -1 : here % size();
    state[name] = !state[name];
    button.setAttribute("aria-pressed", state[name]);
    if (name === "everyMap") state.index = here < 0 ? -1 : cell + (state.everyMap ? stage.filter * size() : 0);
    if (state.index >= 0) go(state.index, state.terms ? 0 : null);
    ctx.redraw();
  }

  function setSpeed(value) {
    state.speed = value;
    speed.value = Math.round(asPosition(SPEED, value) * NOTCHES);
    speed.style.setProperty("--share", asPosition(SPEED, value));
    setText(rate, `${count(value)} a second`);
  }

  // ---- moving

  /** Stand at a place, −1 before the first; `term` is the last product added, null for all of them. */
  function go(index, term) {
    const last = places() - 1;
    Object.assign(state, { index: Math.max(-1, Math.min(index, last)), term });
    if (stage.pinned) stage.unpin();
    tell();
    if (state.index === last && isWhole()) {
      state.playing = false;
      tell();
      live.shared.set("happened.slid", true);
    }
  }

  function tell() {
    const { index, term, playing } = state;
    const { layer, at } = stage;
    if (index < 0) {
      stage.sliding = null;
    } else {
      const cell = index % size();
      const o = state.everyMap ? Math.floor(index / size()) : stage.filter;
      stage.sliding = { kind: "output", layer: at, o, y: Math.floor(cell / layer.outWidth), x: cell % layer.outWidth, term, playing };
    }
    stage.term = null;
    stage.refresh();
  }

  const termsHere = () => (stage.sliding ? stage.layer.terms(stage.taken, stage.sliding.o, stage.sliding.y, stage.sliding.x).length : 0);
  const isWhole = () => state.term === null || state.term >= termsHere() - 1;

  /** On by one place, or by one product in slow motion; the same back. */
  function move(way) {
    if (!state.terms) go(state.index + way, null);
    else if (state.index < 0) go(0, 0);
    else if (way > 0 && !isWhole()) go(state.index, state.term + 1);
    else if (way < 0 && (state.term ?? 0) > 0) go(state.index, state.term - 1);
    else if (way < 0 && state.index === 0) go(-1, null);
    else if (way > 0 ? state.index < places() - 1 : state.index > 0) {
      go(state.index + way, 0);
      if (way < 0) go(state.index, termsHere() - 1);
    }
  }

  function step(way) {
    pause();
    move(way);
  }

  function start() {
    if (state.index >= places() - 1 && isWhole()) go(-1, null);
    if (ctx.reducedMotion) {
      move(1);
      return;
    }
    if (stage.pinned) stage.unpin();
    Object.assign(state, { playing: true, due: 1, last: performance.now() });
    requestAnimationFrame(tick);
    ctx.redraw();
  }

  function pause() {
    if (!state.playing) return;
    state.playing = false;
    tell();
  }

  function tick(now) {
    if (!state.playing || ctx.signal.aborted) return;
    requestAnimationFrame(tick);
    stage.frames.push(now - state.last);
    if (stage.frames.length > 240) stage.frames.shift();
    state.due += (Math.min(now - state.last, 100) / 1000) * state.speed;
    state.last = now;
    const steps = Math.floor(state.due);
    if (!ctx.visible || steps < 1) return;
    state.due -= steps;
    if (state.terms) for (let k = 0; k < steps && state.playing; k += 1) move(1);
    else go(state.index + steps, null);
  }

  function stop() {
    Object.assign(state, { index: -1, term: null, playing: false });
    tell();
  }

  // ---- what is shown

  /** The cells of the chosen map that are not computed yet stay blank. */
  function known() {
    if (state.index < 0) return state.playing ? 0 : null;
    const { filter } = stage.view;
    const done = state.index + (isWhole() ? 1 : 0);
    if (!state.everyMap) return filter === stage.sliding?.o ? done : null;
    return Math.max(0, Math.min(done - filter * size(), size()));
  }

  function show() {
    const total = places();
    scrub.max = total;
    scrub.value = state.index + 1;
    scrub.style.setProperty("--share", (state.index + 1) / total);
    scrub.setAttribute("aria-valuetext", state.index < 0 ? "not begun" : `place ${state.index + 1} of ${total}`);
    setText(where, state.index < 0 ? `${count(total)} places` : `place ${count(state.index + 1)} of ${count(total)}`);
    const word = state.playing ? "Pause" : "Slide";
    if (play.dataset.word !== word) {
      play.dataset.word = word;
      replace(play, icon(state.playing ? "pause" : "play", 18), word);
    }
    play.title = ctx.reducedMotion ? "Your system asks for less motion: one press is one place" : "Slide the filter over the whole input";
    back.disabled = state.index < 0;
    on.disabled = state.index >= total - 1 && isWhole();
    maps.classList.toggle("hidden", stage.layer.outputs === 1);
    stage.grids.output[0].known = known();
  }

  stage.on("scene", () => {
    if (stage.sliding === null || state.index >= places()) Object.assign(state, { index: -1, term: null, playing: false });
    if (stage.layer.outputs === 1) {
      state.everyMap = false;
      maps.setAttribute("aria-pressed", "false");
    }
  });
  stage.on("chosen", (what) => {
    if (what === "filter" && !state.everyMap && state.index >= 0) tell();
  });
  live.on("shared", ({ key, value }) => { if (key === "convolution.pinned" && value) pause(); }, ctx.signal);
  ctx.root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isTyping(event) || event.defaultPrevented) return;
    if (stage.pinned) stage.unpin();
    else if (state.index >= 0) stop();
    else return;
    event.preventDefault();
  }, { signal: ctx.signal });
  setSpeed(SPEED.typical);
  return { show, state };
}
