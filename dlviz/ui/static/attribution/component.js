// The attribution wall: eight methods asked the same question of one picture, on one scale, cell beside cell.

import { limitOf, read, shareAlike } from "../lib/attributed.js";
import { Tile } from "../lib/attributedtile.js";
import { css } from "../lib/color.js";
import { fit, h, number, replace, setText, steady } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { METHODS } from "../lib/methods.js";
import { mount } from "../lib/mount.js";
import { brightness, drawOutline, outlineOf, trueColor } from "../lib/pixels.js";
import { Asker } from "./asking.js";
import { buildBar } from "./bar.js";
import { buildSanity } from "./sanity.js";
import { denseLayers, layersFromTheTop, notesOf, reading } from "./words.js";

export const styles = ["lib/grid.css", "lib/attributed.css"];

export default mount((root, live, ctx) => {
  const state = {
    minus: null, baseline: "black", steps: 32, randomized: 0, follow: true, sign: "signed", over: "over", scale: "own", clip: 99,
    place: null, problem: "",
  };
  const known = new Map(); // method → what it found last
  const curve = { key: "", wanted: false, values: Object.fromEntries(METHODS.map(({ slug }) => [slug, [1]])) };
  let picture = null;

  const bar = buildBar(state, {
    ask(changes) { Object.assign(state, changes); if ("follow" in changes) asker.nudge(); else asker.fresh(); refresh(); },
    look(changes) { Object.assign(state, changes); refresh(); },
    choose(index) { live.shared.set("cnn.class", index); },
  });
  const words = h("p.reading", { "aria-live": "off" });
  const problem = h("p.problem", { role: "alert", hidden: true });
  const point = (place) => {
    state.place = place;
    tell();
    ctx.redraw();
  };
  const original = new Grid({ label: "The picture", largest: 40, onhover: point, onwalk: point, onpick: point });
  const pointed = h("p.read.value");
  const scale = h("canvas.scale", { role: "img" });
  const ends = { low: h("span"), high: h("span") };
  const scaleWords = h("p.label");
  const tiles = METHODS.map((method) => new Tile(method, point));
  const notes = h("div.notes.label");
  const sanity = buildSanity({
    randomize(layers) { state.randomized = layers; live.shared.set("happened.randomized", true); asker.fresh(); refresh(); },
    compute() { curve.wanted = true; live.shared.set("happened.sanity", true); asker.nudge(); refresh(); },
    redraw: () => ctx.redraw(),
  });
  root.append(h("div.attribution", bar.element, words, problem,
    h("div.wall", h("div.side", original.element, pointed, h("div.legend", scale, h("div.ends.value", ends.low, ends.high), scaleWords)),
      h("div.tiles", tiles.map((tile) => tile.element))),
    notes, sanity.element));

  const asker = new Asker({
    live, signal: ctx.signal, question, curve: nextOfCurve, took,
    moment: () => ({ step: live.frame?.step, playing: Boolean(live.state?.playing), follow: state.follow, visible: ctx.visible }),
  });

  const scene = () => live?.scene?.numbers;
  const layers = () => layersFromTheTop(scene().rows);

  function answered() {
    const logits = live.frame?.arrays.logits?.data;
    return logits ? logits.indexOf(Math.max(...logits)) : 0;
  }

  /**
   * What is asked now. The class is settled here, so that all eight answer for the same one; while training goes on it
   * stays that of the last question, since the slow methods are not asked again when the answer changes.
   */
  function question() {
    const logits = live?.frame?.arrays.logits?.data;
    if (!logits || !live.scene) return null;
    const { version } = live.scene;
    const last = live.state?.playing && asker.round?.version === version ? asker.round.options : null;
    const target = live.shared.get("cnn.class") ?? last?.target ?? answered();
    const runnerUp = () => logits.reduce((best, value, i) => (i !== target && (best < 0 || value > logits[best]) ? i : best), -1);
    const minus = state.minus === "next" ? (last?.minus ?? runnerUp()) : state.minus;
    const options = { target, baseline: state.baseline, steps: state.steps, randomized: Math.min(state.randomized, layers().length) };
    if (minus !== null && minus !== target) options.minus = minus;
    return { options, version, key: JSON.stringify([version, options]) };
  }

  // The curves belong to one question at one moment, whatever the slider says.
  function curveKey() {
    const { round } = asker;
    return round ? JSON.stringify([live.scene.version, round.step, { ...round.options, randomized: 0 }]) : "";
  }

  function nextOfCurve() {
    if (curve.key !== curveKey()) forgetCurve();
    if (!curve.wanted || live.state?.playing) return null;
    for (let k = 1; k <= layers().length; k += 1) {
      for (const { slug } of METHODS) if (curve.values[slug].length === k) return { method: slug, layers: k };
    }
    return null;
  }

  function forgetCurve() {
    Object.assign(curve, { key: curveKey(), wanted: false, values: Object.fromEntries(METHODS.map(({ slug }) => [slug, [1]])) });
  }

  function took(job, answer) {
    if (answer.kind !== "reply") {
      state.problem = answer.numbers.text;
      asker.todo = [];
      curve.wanted = false;
    } else {
      state.problem = "";
      const found = read(answer);
      if (job.layers) {
        if (curve.values[job.method].length === job.layers) curve.values[job.method].push(found.correlation);
        curve.wanted &&= METHODS.some(({ slug }) => curve.values[slug].length <= layers().length);
      } else {
        known.set(job.method, { ...found, key: job.key });
        live.shared.set("happened.attributed", true);
      }
    }
    refresh();
  }

  function refresh() {
    if (!scene()) return;
    if (curve.key !== curveKey()) forgetCurve();
    const { classes, rows } = scene();
    bar.show({ classes, answered: answered(), chosen: live.shared.get("cnn.class") ?? null, minus: state.minus });
    problem.hidden = !state.problem;
    setText(problem, state.problem && `The wall could not be asked: ${state.problem}`);
    showPicture();
    const at = live.frame?.step;
    const field = state.sign === "signed" ? "signed" : "sizes";
    const limits = [...known.values()].map((found) => limitOf(found[field], state.clip));
    const shared = state.scale === "all" && limits.length ? Math.max(...limits) : null;
    for (const tile of tiles) {
      const { slug } = tile.method;
      const found = known.get(slug) ?? null;
      // A later moment of the same question does not dim a map: it would blink once a second while training.
      const waiting = asker.isWaiting(slug) && found?.key !== asker.round?.key;
      tile.set({ found, picture, waiting, display: state, limit: shared, step: at });
    }
    const one = METHODS.map(({ slug }) => known.get(slug)).find(Boolean);
    setText(words, one ? reading(classes, one, state.sign, state.randomized, layers()) : "Asking the first method …");
    showScale(shared);
    replace(notes, notesOf(known).map((note) => h("p", note)));
    const values = curve.values;
    const done = METHODS.reduce((sum, { slug }) => sum + values[slug].length - 1, 0);
    sanity.show({
      names: layers(), dense: denseLayers(rows), randomized: Math.min(state.randomized, layers().length), values, done,
      total: METHODS.length * layers().length, running: curve.wanted, alike: one ? shareAlike(one) : 0, step: at,
    });
    tell();
    ctx.redraw();
  }

  function showPicture() {
    const array = live.scene.arrays.picture;
    if (picture?.picture === array.data) return;
    const [channels, rows, cols] = array.shape;
    if (picture && (picture.rows !== rows || picture.channels !== channels)) known.clear();
    picture = { picture: array.data, channels, rows, cols };
    const count = rows * cols;
    original.set({ values: brightness(array.data, channels, count), rows, cols, hatched: false, signed: false, shape: `${channels} × ${rows} × ${cols}`,
      paint: (r, c) => trueColor(array.data, channels, count, r * cols + c) });
    if (state.place && (state.place[0] >= rows || state.place[1] >= cols)) state.place = null;
  }

  function showScale(shared) {
    const top = shared === null ? "full" : number(shared);
    setText(ends.low, state.sign === "signed" ? `−${top}` : "0");
    setText(ends.high, state.sign === "signed" ? `+${top}` : top);
    const upTo = state.clip === 100 ? "the largest size of the map" : `the ${state.clip}th percentile of the sizes of the map`;
    setText(scaleWords, shared === null
      ? `Full colour is ${upTo}, the number under it: their units differ.`
      : `For all eight alike; logits, or logits per brightness for the gradients.`);
    scale.setAttribute("aria-label", `Colours from ${ends.low.textContent} to ${ends.high.textContent}`);
  }

  function tell() {
    const { place } = state;
    const at = place ? original.at(place) : null;
    setText(pointed, place && at !== null ? `row ${place[0] + 1}, column ${place[1] + 1}: brightness ${steady(at, 2)}` : "Point at a cell of any map.");
    for (const tile of tiles) tile.tell(place);
  }

  function drawScale() {
    const { pen, width, height } = fit(scale);
    const [paint, low] = state.sign === "signed" ? [ctx.colors.diverging, -1] : [ctx.colors.sequential, 0];
    for (let x = 0; x < width; x += 1) {
      pen.fillStyle = css(paint(low + ((1 - low) * x) / Math.max(1, width - 1)));
      pen.fillRect(x, 0, 1.5, height);
    }
  }

  live?.on("scene", () => { asker.nudge(); refresh(); }, ctx.signal);
  live?.on("frame", () => { asker.nudge(); refresh(); }, ctx.signal);
  live?.on("state", () => asker.nudge(), ctx.signal);
  live?.on("shared", ({ key }) => { if (key === "cnn.class") { state.minus = state.minus === live.shared.get(key) ? null : state.minus; asker.fresh(); refresh(); } }, ctx.signal);
  ctx.host.dlviz = { attribution: () => expose() };

  function expose() {
    return {
      place: state.place, randomized: state.randomized, busy: Boolean(asker.asking) || asker.todo.length > 0, round: asker.round && { step: asker.round.step, options: asker.round.options },
      tiles: tiles.map((tile) => ({
        method: tile.method.slug, waiting: tile.waiting, read: tile.read.textContent, facts: tile.facts.textContent, time: tile.time(), limit: tile.limit,
        values: tile.found && [...tile.values], milliseconds: tile.found?.milliseconds, correlation: tile.found?.correlation, step: tile.found?.step,
      })),
      curve: { done: !curve.wanted, values: curve.values }, alike: known.size ? shareAlike([...known.values()][0]) : null,
    };
  }

  return {
    update: () => refresh(),
    draw() {
      asker.nudge(); // it may have come into sight
      if (!picture) return;
      original.light("point", state.place ? { cells: [state.place], stroke: ctx.colors.accent, width: 2 } : null);
      original.draw(ctx.colors);
      const mask = known.get("saliency")?.mask;
      if (mask) drawOutline(original, outlineOf(mask, picture.rows, picture.cols), ctx.colors);
      for (const tile of tiles) tile.draw(ctx.colors, state.place);
      drawScale();
      sanity.draw(ctx.colors);
    },
  };
});
