// A patch over the picture: all places are computed once, so that dragging it asks nobody.

import { h, number, percent, setText } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { knob } from "../lib/knob.js";
import { brightness, drawOutline, outlineOf, trueColor } from "../lib/pixels.js";
import { Asker } from "./asking.js";
import { buildBars } from "./bars.js";
import { buildPart } from "./part.js";
import { drawScale } from "./scalebar.js";
import { argmax } from "./stage.js";
import { mapWords, patchWords } from "./words.js";

const FILLS = ["grey", "black", "mean", "blurred"];
const FILL_LABELS = ["Grey", "Black", "Mean colour", "Blurred"];
const LARGEST = 400; // px of the side of a picture
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function buildPatch(stage) {
  const { live, ctx } = stage;
  const state = { size: null, fill: "grey", at: null, found: null, side: 0, pointed: null };
  const place = h("div.patch-size");
  const fill = knob({ name: "fill", kind: "choice", label: "Patch", options: FILLS, labels: FILL_LABELS,
    help: "What the patch shows: one half everywhere, nothing, the mean colour of the training pictures, or the picture itself blurred." },
  { value: state.fill, onchange: (value) => { state.fill = value; asker.nudge(); refresh(); } });
  const worst = h("button.chip", { type: "button", onclick: () => moveTo(lowest().place) }, "Go to the worst place");
  const picture = new Grid({ label: "The picture under the patch; arrow keys move the patch", onkey: walk });
  const map = new Grid({ label: "Probability by place of the patch; arrow keys move the patch", onkey: walk });
  const scale = h("canvas.scale", { role: "img", "aria-label": "Colours of the map from 0 % to 100 %" });
  const reading = h("p.reading", { role: "status" });
  const pointed = h("p.small.value.muted.pointed");
  const said = h("p.reading");
  const bars = buildBars(stage, { label: "Probabilities without and with the patch", heads: ["class", "", "without → with"] });
  const part = buildPart(stage, {
    name: "patch", title: "Cover a part", seen: () => asker.nudge(),
    lead: "Drag the patch over the picture, or move it with the arrow keys: where the network loses the class, it was looking. "
      + "Every place has been computed beforehand, so nothing is asked while you drag. Press a class to map it.",
  },
  h("div.controls", place, fill.element, worst),
  h("div.three",
    h("div.side", picture.element),
    h("div.side", map.element, h("div.legend", scale, h("div.ends.value", h("span", "0 %"), h("span", "100 %"))), pointed),
    h("div.side", reading, bars.element, said)));
  const asker = new Asker({
    stage, panel: "patch", long: true, sight: part.sight, took,
    question: () => (begin() ? { options: { size: state.size, fill: state.fill }, about: about() } : null),
  });
  const about = () => JSON.stringify([stage.networkKey(), stage.pictureKey(), state.size, state.fill]);
  letHold(picture);
  letHold(map);

  // ---- the hand

  const places = () => state.side - state.size + 1;
  const inside = ([top, left]) => [top, left].map((at) => Math.min(places() - 1, Math.max(0, at)));

  function moveTo(at) {
    const next = inside(at);
    if (state.at && next[0] === state.at[0] && next[1] === state.at[1]) return;
    state.at = next;
    live.shared.set("happened.covered", true);
    refresh();
  }

  function walk(event) {
    const way = WAYS[event.key];
    if (!way || !state.at) return false;
    const far = event.shiftKey ? state.size : 1;
    moveTo([state.at[0] + far * way[0], state.at[1] + far * way[1]]);
    return true;
  }

  /** The patch's middle follows the pointer while it is held down on a grid of cells of the picture. */
  function letHold(grid) {
    const { canvas } = grid;
    canvas.classList.add("movable");
    const follow = (event) => {
      if (!state.side) return;
      const box = canvas.getBoundingClientRect();
      const at = (value, from, far) => Math.round(((value - from) / far) * state.side - state.size / 2);
      moveTo([at(event.clientY, box.top, box.height), at(event.clientX, box.left, box.width)]);
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      follow(event);
    });
    canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) follow(event); });
  }
  map.onhover = (cell) => {
    state.pointed = cell;
    tell();
  };

  // ---- the server

  function took(answer, { options, about: asked }) {
    const { probabilities, before, cover, input, mask, on_shape: onShape, evenly, step } = answer?.arrays ?? {};
    // While it trains, the whole map of a moment ago stays until the next is whole.
    const isAgain = state.found?.about === asked && state.found.done && !answer?.done;
    if (probabilities && !isAgain) {
      const [, height, width] = input.shape;
      state.found = {
        about: asked, size: options.size, rows: probabilities.shape[0], places: width - options.size + 1, classes: before.data.length, done: answer.done, side: height,
        probabilities: probabilities.data, before: before.data, cover: cover.data, picture: input.data, channels: input.shape[0], step: step.data[0],
        outline: mask ? outlineOf(mask.data, height, width) : [], onShape: onShape?.data ?? null, evenly: evenly?.data[0] ?? null,
      };
    }
    part.say(asker.problem);
    refresh();
  }

  /** Probabilities of every class with the patch at a place, or null where they have not come yet. */
  function at([top, left]) {
    const { found } = state;
    if (!found || found.size !== state.size || found.side !== state.side || top >= found.rows) return null;
    const from = (top * found.places + left) * found.classes;
    return found.probabilities.subarray(from, from + found.classes);
  }

  /** The lowest probability of the class in question, where that is, and at how many places the answer is another. */
  function lowest() {
    const { probabilities, classes, places: across, rows, before } = state.found;
    const [k, was] = [stage.focus, argmax(before)];
    let [best, others] = [0, 0];
    for (let i = 0; i < rows * across; i += 1) {
      if (probabilities[i * classes + k] < probabilities[best * classes + k]) best = i;
      if (argmax(probabilities.subarray(i * classes, (i + 1) * classes)) !== was) others += 1;
    }
    return { place: [Math.floor(best / across), best % across], lowest: probabilities[best * classes + k], others, places: rows * across };
  }

  // ---- what is shown

  /** Whether there is a picture; one of another size begins with a patch of its own. */
  function begin() {
    if (!stage.scene) return false;
    const { rows } = stage.picture;
    if (state.side === rows) return true;
    const size = Math.max(2, Math.floor(rows / 4));
    Object.assign(state, { side: rows, size, at: null, found: null, pointed: null });
    picture.largest = map.largest = Math.floor(LARGEST / rows);
    const slider = knob({ name: "size", kind: "range", label: "Side of the patch", low: 2, high: Math.floor(rows / 2), whole: true, default: size, unit: "cells" },
      { value: size, onchange: (value) => { resize(value); asker.nudge(); refresh(); } });
    place.replaceChildren(slider.element);
    return true;
  }

  function resize(size) {
    const middle = state.at?.map((each) => each + (state.size - size) / 2);
    state.size = size;
    if (middle) state.at = inside(middle.map(Math.round));
  }

  function refresh() {
    if (!begin()) return;
    const { found } = state;
    const current = found && found.size === state.size && found.side === state.side && found.classes === stage.names.length ? found : null;
    // It begins in the middle, where the thing is most likely to be.
    state.at ??= inside([0, 0].map(() => Math.round(places() / 2 - 0.5)));
    const shown = stage.picture;
    const count = shown.rows * shown.cols;
    const covered = (r, c) => r >= state.at[0] && r < state.at[0] + state.size && c >= state.at[1] && c < state.at[1] + state.size;
    const cover = current?.cover ?? null;
    picture.set({
      values: brightness(shown.data, shown.channels, count), rows: shown.rows, cols: shown.cols, hatched: false, signed: false,
      title: "Picture", shape: `${number(shown.rows)} × ${number(shown.cols)}`,
      paint: (r, c) => trueColor(cover && covered(r, c) ? cover : shown.data, shown.channels, count, r * shown.cols + c),
    });
    const k = stage.focus;
    const now = at(state.at);
    if (current) {
      showMap(current, k);
      bars.show({ before: current.before, after: now, truth: stage.truth, focus: k, change: null });
      setText(reading, now ? patchWords(stage, k, state.at, state.size, current.before, now) : "Not yet computed here …");
      const low = lowest();
      worst.disabled = !current.done;
      setText(said, current.done ? mapWords(stage, k, { ...low, before: current.before, onShape: current.onShape?.[k] ?? null, evenly: current.evenly }) : `${number(current.rows * current.places)} of ${number(current.places ** 2)} places …`);
    } else {
      worst.disabled = true;
      setText(reading, "Computing every place …");
    }
    tell();
    ctx.redraw();
  }

  function showMap({ probabilities, places: across, rows, classes }, k) {
    const [before, after] = [Math.floor((state.size - 1) / 2), Math.ceil((state.size - 1) / 2)];
    const values = Float32Array.from({ length: across * across }, (_, i) => (i < rows * across ? probabilities[i * classes + k] : 0));
    map.set({ values, rows: across, cols: across, pad: [before, after, before, after], signed: false, limit: 1, title: `p(${stage.names[k]}) by place`, shape: `${number(across)} × ${number(across)}` });
    map.known = rows < across ? rows * across : null;
  }

  function tell() {
    const cell = state.pointed;
    const value = cell && map.rows ? map.at(cell) : null;
    setText(pointed, value === null || !cell ? "Each cell: the patch's middle lies there." : `patch at row ${number(cell[0] + 1)}, column ${number(cell[1] + 1)}: ${percent(value)}`);
  }

  return {
    element: part.element,
    nudge: () => asker.nudge(),
    refresh,
    draw() {
      if (!state.at || !picture.rows) return;
      const edge = [];
      for (let r = 0; r < state.size; r += 1) for (let c = 0; c < state.size; c += 1) edge.push([state.at[0] + r, state.at[1] + c]);
      picture.light("patch", { cells: edge, stroke: ctx.colors.accent, hull: true, width: 2 });
      picture.draw(ctx.colors);
      if (state.found?.outline.length && state.found.side === state.side) drawOutline(picture, state.found.outline, ctx.colors);
      if (!map.rows) return;
      map.light("patch", { cells: [state.at], stroke: ctx.colors.accent, width: 2.5 });
      map.draw(ctx.colors);
      drawScale(scale, ctx.colors.sequential, 0);
    },
    expose: () => ({
      busy: asker.busy || !asker.isFresh, at: state.at, size: state.size, fill: state.fill, after: state.at && at(state.at) ? [...at(state.at)] : null,
      before: state.found && [...state.found.before], step: state.found?.step, lowest: state.found && lowest(), times: asker.times,
      values: map.rows ? [...map.values] : null, painted: (r, c) => picture.paint(r, c), reading: reading.textContent, said: said.textContent,
    }),
  };
}
