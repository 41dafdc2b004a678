// A digit that one drags: the map moves along, pooling holds still, a dense layer loses its way.

import { readLayers } from "../lib/conv.js";
import { curveChart } from "../lib/curve.js";
import { count, h, number, percent, replace, setText } from "../lib/dom.js";
import { Grid, limitOf } from "../lib/grid.js";
import { mount } from "../lib/mount.js";
import { readOut } from "./bars.js";
import { buildBar } from "./bar.js";
import { letDrag } from "./drag.js";
import { apart, change, dense, features, filtered, overall, pooled, seen, shifted, stageFilter, winner } from "./moving.js";
import { answers, equivariance, tested, way } from "./words.js";

export const styles = ["lib/grid.css"];

const SIDE = 28;
const FARTHEST = 6;
const HEADS = ["pixels", "pooled2", "pooled4", "global"];
const NAMES = { pixels: "pixels", pooled2: "2 × 2 max pooling", pooled4: "4 × 4 max pooling", global: "global pooling" };

export default mount((root, live, ctx) => {
  const state = {
    move: [0, 0], wrap: false, size: 4, label: 5, pick: 0, followed: null,
    filter: null, filterName: "", found: {}, now: null, home: null,
  };
  const parts = build(root, state, {
    choose(label) {
      state.pick = label === state.label ? (state.pick + 1) % 3 : 0;
      state.label = label;
      state.move = [0, 0];
      compute();
    },
    move,
    pool(size) { state.size = size; compute(); },
    wrap(on) { state.wrap = on; ask(); compute(); },
    again: () => ask(),
    redraw: () => ctx.redraw(),
  });
  ctx.host.dlviz = { symmetry: () => expose(state) };

  function move([down, right]) {
    const hold = (cells) => Math.min(FARTHEST, Math.max(-FARTHEST, cells));
    const next = [hold(down), hold(right)];
    if (next[0] === state.move[0] && next[1] === state.move[1]) return;
    state.move = next;
    live.shared.set("happened.dragged", true);
    compute();
  }

  async function ask() {
    const { wrap } = state;
    if (state.found[wrap] || !live?.scene) return;
    state.found[wrap] = "asked";
    parts.wait(wrap);
    const answer = await live.ask({ do: "probe", panel: "symmetry", options: { wrap } }, { quiet: true });
    if (ctx.signal.aborted) return;
    state.found[wrap] = answer.kind === "reply" ? read(answer) : null;
    if (answer.kind === "reply") parts.wait(null);
    else parts.fail(answer.numbers.text);
    compute();
  }

  function compute() {
    const found = ready(state);
    if (!found || !state.filter) return;
    const { move: by, wrap, size, filter } = state;
    const picture = found.pictures[state.label][state.pick];
    state.home = look(picture, filter, found, wrap, size);
    state.now = by[0] || by[1] ? look(shifted(picture, SIDE, by, wrap), filter, found, wrap, size) : state.home;
    const movedLast = shifted(state.home.map, SIDE, by, wrap);
    state.seen = seen(SIDE, filter, by, wrap);
    state.errors = apart(state.now.map, movedLast, SIDE, state.seen);
    state.differs = differing(state.now.map, movedLast, limitOf(state.home.map));
    parts.show();
    ctx.redraw();
  }

  live?.on("scene", (scene) => {
    const filter = stageFilter(readLayers(scene)[0]);
    state.filter = filter;
    state.filterName = filter.named ? scene.numbers.filter_names[0] : "Sobel, vertical edges";
    const { digit } = scene.numbers.spec;
    if (digit !== state.followed) [state.followed, state.label, state.pick, state.move] = [digit, digit, 0, [0, 0]];
    ask();
    compute();
  }, ctx.signal);

  return { draw: () => parts.draw(ctx.colors, root), update: () => ctx.redraw() };
});

/** The probe's answer: pictures by class in [0, 1], read-outs by name, accuracies by name. */
function read({ arrays }) {
  const pictures = Array.from({ length: 10 }, () => []);
  const bytes = arrays.pictures.data;
  arrays.labels.data.forEach((label, i) => {
    pictures[label].push(Float32Array.from(bytes.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE), (byte) => byte / 255));
  });
  const weights = arrays["state/bank"].data;
  const steps = arrays.shift.data.length;
  return {
    pictures,
    bank: Array.from({ length: weights.length / 9 }, (_, i) => ({ rows: 3, cols: 3, weights: weights.subarray(i * 9, i * 9 + 9) })),
    heads: Object.fromEntries(HEADS.map((head) => [head, { weight: arrays[`state/${head}.weight`].data, bias: arrays[`state/${head}.bias`].data }])),
    shift: arrays.shift.data,
    accuracy: Object.fromEntries(HEADS.map((head, i) => [head, arrays.accuracy.data.subarray(i * steps, (i + 1) * steps)])),
    held: arrays.held_out.data[0],
    learned: arrays.held_out.data[1],
  };
}

/** What was found for the way the edge is treated now; while that is on its way, weights found for the other serve. */
function ready(state) {
  const usable = (found) => (found && found !== "asked" ? found : null);
  return usable(state.found[state.wrap]) ?? usable(state.found[!state.wrap]);
}

/** Everything that one picture makes. */
function look(picture, filter, found, wrap, size) {
  const map = filtered(picture, SIDE, filter, wrap);
  const maps = found.bank.map((kernel) => filtered(picture, SIDE, kernel, wrap));
  const scores = Object.fromEntries(HEADS.map((head) => [head, dense(features(head, picture, maps, SIDE), found.heads[head])]));
  return { picture, map, pooled: pooled(map, SIDE, size), overall: overall(map), scores };
}

function differing(a, b, top) {
  const found = [];
  for (let k = 0; k < a.length; k += 1) if (Math.abs(a[k] - b[k]) > 1e-5 * top) found.push([Math.floor(k / SIDE), k % SIDE]);
  return found;
}

function changes({ home, now }) {
  return {
    picture: change(home.picture, now.picture), map: change(home.map, now.map), pooled: change(home.pooled, now.pooled),
    mean: change([home.overall[1]], [now.overall[1]]), largest: change([home.overall[0]], [now.overall[0]]),
  };
}

function build(root, state, { choose, move, pool, wrap, again, redraw }) {
  const bar = buildBar({ choose, pool, wrap, home: () => move([0, 0]), state });
  const reading = h("p.reading", { "aria-live": "polite" });
  const wait = h("p.wait.muted", { role: "status" }, "Waiting for the run.");
  const problem = h("p.problem", { role: "alert", hidden: true });
  const picture = new Grid({ label: "Picture: drag it", largest: 12 });
  const map = new Grid({ label: "Map after ReLU", largest: 12, walks: false });
  const small = new Grid({ label: "Max pooled", largest: 84, walks: false });
  letDrag(picture, { at: () => state.move, move });
  const errors = { inside: h("b.value"), border: h("b.value") };
  const hint = h("p.label", "Drag it, or use the arrow keys; 0 brings it home.");
  const told = h("p.label.errors", "max |conv(shift(x)) − shift(conv(x))|: ", errors.inside, " away from the border, ", errors.border, " at it");
  const rows = ["picture", "map", "pooled", "mean", "largest"].map((key) => {
    const row = { key, name: h("span.name"), bar: h("i.fill"), value: h("span.value") };
    row.element = h("div.changed", { role: "row" }, row.name, h("span.track", row.bar), row.value);
    return row;
  });
  const heads = {
    pixels: readOut("Dense on the pixels", "784 numbers → 10 classes"),
    pooled: readOut("", ""),
    global: readOut("Dense after global pooling", "8 filters → ReLU → largest and mean of each, 16 numbers"),
  };
  const chart = curveChart({ height: 250, unit: "cells moved", redraw, label: "Share of the held-out digits told rightly against the cells they are moved" });
  const sentence = h("p.small.muted");
  const body = h("div.body", { hidden: true },
    reading,
    h("div.pictures",
      h("div.cell", picture.element, hint), h("div.cell", map.element, told),
      h("div.cell", small.element, h("p.label", "The largest of every window of the map.")),
      h("div.cell.changes", h("p.label", "How much each changed, ‖now − before‖ ∕ ‖before‖"), h("div", { role: "table", "aria-label": "How much each changed" }, rows.map((row) => row.element)))),
    h("div.read-outs", Object.values(heads).map((head) => head.element)),
    h("p.label.legend", "Bars are the score of each class now, the thin marks where it stood before the move. Ridge regression aims at 1 for the class and at 0 for the others."),
    h("figure.curve-figure", h("figcaption", h("h4", "The same on every digit held out"), sentence), chart.element));
  root.append(h("div.symmetry", bar.element, wait, problem, body));

  function showNumbers() {
    const { now, home, size, wrap: around } = state;
    const pool = `${size} × ${size}`;
    setText(errors.inside, number(state.errors.inside));
    setText(errors.border, around ? "no border" : number(state.errors.border));
    const found = changes(state);
    const names = {
      picture: "Picture", map: "Map", pooled: `Max pooled ${pool}`,
      mean: `Mean of the map: ${number(now.overall[1])}`, largest: `Largest of the map: ${number(now.overall[0])}`,
    };
    for (const row of rows) {
      const value = found[row.key];
      setText(row.name, names[row.key]);
      setText(row.value, value === null ? "from 0" : percent(value));
      row.bar.style.width = `${Math.min(1, value ?? 1) * 100}%`;
    }
    heads.pooled.name(`Dense after ${pool} max pooling`, `8 filters → ReLU → max pool ${pool}, ${count(8 * (SIDE / size) ** 2)} numbers`);
    const shown = { pixels: "pixels", pooled: `pooled${size}`, global: "global" };
    for (const [name, head] of Object.entries(shown)) heads[name].show({ scores: now.scores[head], home: home.scores[head], truth: state.label });
    return Object.values(shown);
  }

  function showCurves(shown) {
    const found = ready(state);
    const farthest = Math.max(...state.move.map(Math.abs));
    for (const [name, head] of Object.entries({ pixels: "pixels", pooled: `pooled${state.size}`, global: "global" })) {
      heads[name].tell({ accuracy: found.accuracy[head][0], held: count(found.held) });
    }
    const current = state.found[state.wrap] === found;
    setText(sentence, current
      ? tested(HEADS.map((head) => ({ name: NAMES[head], accuracy: found.accuracy[head][farthest] })), farthest, count(found.held), state.wrap)
      : "The curves for a picture that wraps around are being measured.");
    return { found, farthest, shown };
  }

  let curves = null;
  return {
    show() {
      if (!body.hidden || ready(state)) body.hidden = false;
      const { now, home, wrap: around, move: by } = state;
      bar.show();
      const top = limitOf(home.map);
      picture.set({ values: now.picture, rows: SIDE, cols: SIDE, signed: false, limit: 1, title: "Picture" });
      map.set({ values: now.map, rows: SIDE, cols: SIDE, signed: false, limit: top, title: `Map of ${state.filterName}` });
      small.set({ values: now.pooled, rows: SIDE / state.size, cols: SIDE / state.size, signed: false, limit: top, title: "Max pooled" });
      const shown = showNumbers();
      curves = showCurves(shown);
      const said = shown.map((head) => ({ name: NAMES[head], before: winner(home.scores[head]), said: winner(now.scores[head]) }));
      const moved = way(by);
      const { level, text } = equivariance(state.errors, top, around);
      setText(reading, moved ? `Moved ${moved}. ${text} ${answers(said, state.label)}` : "Drag the digit and watch what follows it, what holds still and what loses its way.");
      reading.dataset.level = moved ? level : "home";
      replace(problem);
      problem.hidden = true;
    },
    wait(around) {
      wait.hidden = around === null;
      setText(wait, around ? "Measuring once more, for pictures that wrap around: about a second."
        : "Fitting four dense layers to 4,000 handwritten digits and testing them on 1,000 others: about two seconds the first time.");
    },
    fail(text) {
      wait.hidden = true;
      problem.hidden = false;
      replace(problem, `The read-outs could not be measured. ${text} `, h("button", { type: "button", onclick: again }, "Try again"));
    },
    draw(colors, place) {
      if (!state.now) return;
      place.style.setProperty("--amount", colors.positive);
      const warn = getComputedStyle(place).getPropertyValue("--warn").trim();
      map.light("differs", { cells: state.differs, stroke: warn, width: 1 });
      for (const grid of [picture, map, small]) grid.draw(colors);
      drawBorder(map, state, colors);
      const lines = { pixels: colors.negative, pooled2: colors.classes[5], pooled4: colors.positive, global: colors.classes[2] };
      const { found, farthest, shown } = curves;
      chart.show({
        cursor: farthest, marks: [], logY: false,
        series: HEADS.map((head) => ({ label: NAMES[head], xs: found.shift, ys: found.accuracy[head], color: lines[head], weight: shown.includes(head) ? 2.5 : 1.25 })),
      });
      chart.draw(colors);
    },
  };
}

/** Dashes around the cells where the kernel lies on the picture before and after the move. */
function drawBorder(grid, { seen: { rows, columns }, wrap }, colors) {
  if (wrap || rows[1] <= rows[0] || columns[1] <= columns[0]) return;
  const { cell } = grid;
  const pen = grid.canvas.getContext("2d");
  pen.setLineDash([4, 3]);
  pen.lineWidth = 1.25;
  pen.strokeStyle = colors.muted;
  pen.strokeRect(columns[0] * cell, rows[0] * cell, (columns[1] - columns[0]) * cell, (rows[1] - rows[0]) * cell);
  pen.setLineDash([]);
}

function expose(state) {
  if (!state.now) return null;
  const { now, home } = state;
  const plain = (all) => Object.fromEntries(Object.entries(all).map(([name, values]) => [name, [...values]]));
  return {
    move: state.move, wrap: state.wrap, label: state.label, size: state.size, picture: [...now.picture], home: [...home.picture],
    map: [...now.map], pooled: [...now.pooled], overall: now.overall, errors: state.errors, changes: changes(state),
    scores: plain(now.scores), accuracy: plain(ready(state).accuracy), kernel: { ...state.filter, weights: [...state.filter.weights] },
    waiting: state.found[state.wrap] === "asked",
  };
}
