// Walk: from one noise to another, straight or on an arc, and in two directions: what is made on the way, and what is said of it.

import { gansOf } from "../lib/gans.js";
import { h, number, percent, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { buildMosaic } from "../lib/mosaic.js";
import { bytesOf, paintPixels } from "../lib/pixels.js";
import { buildPlayer } from "../lib/player.js";
import { inSlices } from "../lib/slices.js";
import { buildVerdictLegend, verdictScale } from "../lib/verdicts.js";
import { buildFakes, buildNoises, buildPoints } from "./chooser.js";
import { buildCorners, drawn, firstCorners } from "./corners.js";
import { exposeForTests } from "./exposing.js";
import { buildStations } from "./stations.js";
import { place, seen, usualNorms, walk } from "./walk.js";
import { aboutNorm, aboutVerdict, aboutWalk } from "./words.js";

export const styles = ["lib/player.css"];

const STEPS = { name: "walk_steps", kind: "range", label: "Stations", low: 3, high: 15, whole: true, default: 9, help: "How many stations the way has, its two ends among them." };
const WAY = { name: "walk_way", kind: "choice", label: "Way", options: ["linear", "spherical"], labels: ["Straight", "Arc"], default: "linear", help: "Straight: z = (1 − t) a + t b. Arc (slerp): the direction turns evenly and |z| goes evenly from |a| to |b|." };

export default mount((root, live, ctx) => {
  const state = { corners: null, held: 0, steps: STEPS.default, way: WAY.default, label: 0, second: false };
  let [moment, read, readerOf, found, wanted, key, shown, usual] = [null, null, null, null, null, null, null, null];
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const change = (changes) => { Object.assign(state, changes); happened("gan_walked"); ctx.redraw(); };
  const put = (k, corner) => change({ corners: state.corners.with(k, corner) });
  const hold = (held) => { state.held = held; ctx.redraw(); };
  const count = () => (state.second ? 4 : 2);

  const corners = buildCorners({ onhold: hold, onact: act });
  const fakes = buildFakes({ onpick: take });
  const points = buildPoints({ onpick: (at) => take(nearestFake(at)) });
  const noises = buildNoises({ onhold: hold, onmove: (k, z) => put(k, { at: null, z }) });
  const player = buildPlayer({ ctx, label: "Place on the way from a to b", onmove: () => ctx.redraw(), onplay: () => happened("gan_walked") });
  const stations = buildStations({ onpick: (t) => { player.start(false); player.set(t); ctx.redraw(); } });
  const steps = knob(STEPS, { onchange: (value) => change({ steps: value }) });
  const way = knob(WAY, { onchange: (value) => { change({ way: value }); if (value === "spherical") happened("gan_slerped"); } });
  const label = h("select", { id: "walk-label", onchange: () => change({ label: Number(label.value) }) });
  const labels = h("div.knob", h("div.knob-head.label", h("label", { for: "walk-label" }, "Class told all the way")), h("span.menu", label));
  const second = h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => { change({ second: !state.second, held: Math.min(state.held, state.second ? 1 : 3) }); happened("gan_walked_twice"); } }, "Second direction");
  const large = h("canvas.walk-large", { width: 1, height: 1, role: "img" });
  const said = h("p.value.walk-said");
  const legend = buildVerdictLegend();
  const [sentence, verdict, about, shapes] = [h("p.value.walk-sentence", { "aria-live": "polite" }), h("p.value.walk-text"), h("p.value.walk-text"), h("p.small.muted.value")];
  const grid = buildMosaic({ label: "The walk in two directions", onpick: (at) => { state.cell = at; ctx.redraw(); } });
  const cellWords = h("p.small.muted.value");
  const gridText = h("p.walk-text.muted");
  const gridPart = h("section.walk-part", { "aria-label": "Two directions" }, h("h3", "In two directions"), gridText, h("div.walk-grid", grid.element), cellWords);
  const waiting = h("p.muted", "The weights of these networks are on their way …");
  const [pictureParts, planeParts] = [h("section.walk-choose", { "aria-label": "Fakes" }, fakes.element), h("section.walk-choose", { "aria-label": "The way in the plane" }, points.element)];
  const here = h("section.walk-here", { "aria-label": "One place on the way" }, h("h3", "One place on the way"), large, noises.element, said, player.element, player.still);
  const body = h("div.walk-body.hidden",
    h("div.walk-top", h("section.walk-ends", { "aria-label": "The ends" }, h("h3", "From one noise to another"), corners.element, h("div.walk-controls", way.element, steps.element, labels), h("div.row", second), legend.element), pictureParts, planeParts, here),
    sentence, stations.element, h("div.walk-notes", verdict, about), shapes, gridPart);
  root.append(h("div.ganwalk", h("p.walk-lead", "Every noise becomes an example, so between two noises there is a way of examples. Nobody showed G what lies between: where the walk is smooth, G has found an order of its own; where it jumps, a small step of z crosses from one kind to another."), waiting, body));

  const watching = gansOf(live).watch(ctx, (next) => { moment = next; ctx.redraw(); });
  for (const kind of ["frame", "scene"]) live.on(kind, () => ctx.redraw(), ctx.signal);

  const noiseOf = (at) => {
    const { noise_dimensions: long } = live.scene.numbers.spec;
    return live.scene.arrays.shown_z.data.slice(at * long, (at + 1) * long);
  };
  function take(at) {
    if (at === null || !live.scene) return;
    put(state.held, { at, z: noiseOf(at) });
  }

  function nearestFake([x, y]) {
    const { data } = live.frame.arrays.fake;
    let [best, least] = [null, Infinity];
    for (let k = 0; k < data.length / 2; k += 1) {
      const distance = Math.hypot(data[2 * k] - x, data[2 * k + 1] - y);
      if (distance < least) [best, least] = [k, distance];
    }
    return best;
  }

  function act(name) {
    if (!state.corners) return;
    const { noise_dimensions: long, noise: kind } = moment.scene.numbers.spec;
    const fresh = () => ({ at: null, z: drawn(long, kind) });
    if (name === "draw") put(state.held, fresh());
    if (name === "all") change({ corners: state.corners.map(fresh) });
    if (name === "swap") change({ corners: [state.corners[1], state.corners[0], ...state.corners.slice(2)] });
  }

  // Other noises, or another data set: begin anew.
  function settle(scene) {
    const { spec, told, planar, classes } = scene.numbers;
    const next = [spec.dataset, spec.noise_dimensions, spec.noise, spec.seed, told].join();
    if (key === next) return;
    key = next;
    Object.assign(state, { corners: firstCorners(scene), held: 0, label: 0, cell: null });
    [found, wanted] = [null, null];
    usual = usualNorms(scene.arrays.shown_z.data, spec.noise_dimensions);
    labels.classList.toggle("hidden", !told);
    label.replaceChildren(...classes.map((name, k) => h("option", { value: k }, name)));
    pictureParts.classList.toggle("hidden", planar);
    planeParts.classList.toggle("hidden", !planar);
    large.classList.toggle("hidden", planar);
    noises.element.classList.toggle("hidden", !planar || spec.noise_dimensions !== 2);
    if (readerOf === spec.dataset) return;
    [readerOf, read] = [spec.dataset, undefined];
    gansOf(live).classifier().then((reader) => {
      if (readerOf !== spec.dataset || ctx.signal.aborted) return;
      read = reader;
      ctx.redraw();
    });
  }

  function begin(scene) {
    const { planar } = scene.numbers;
    const what = { moment, gan: moment.gan, read: planar ? null : read, corners: state.corners, steps: state.steps, way: state.way, label: state.label, planar, real: scene.arrays.real.data, second: state.second };
    if (wanted && Object.keys(what).every((name) => what[name] === wanted[name])) return;
    // While it trains a walk is finished before the next moment begins one; what a person chooses begins at once.
    const isOnlyLater = wanted && wanted !== found?.what && Object.keys(what).every((name) => ["moment", "gan"].includes(name) || what[name] === wanted[name]);
    if (isOnlyLater && wanted.moment.scene === moment.scene) return;
    wanted = what;
    inSlices(walk(what), (value) => { found = value; ctx.redraw(); }, { signal: ctx.signal, wanted: () => wanted === what });
  }

  function showGrid(scene, scale) {
    const { planar, classes, shape } = scene.numbers;
    gridPart.classList.toggle("hidden", !state.second || !found.grid);
    if (!state.second || !found.grid) return;
    const { side, lines, places } = found.grid;
    setText(gridText, `The first row leads from a to b, the last from c to d; each column leads from the one to the other in the same way, ${found.what.way === "linear" ? "so that z = (1 − s)((1 − t) a + t b) + s ((1 − t) c + t d)" : "on arcs"}. ${planar ? `The net of ${lines} × ${lines} lines in the plane above shows what becomes of them.` : `${side} × ${side} places.`}`);
    grid.element.parentElement.classList.toggle("hidden", planar);
    const cell = Math.min(state.cell ?? 0, places.length - 1);
    const at = places[cell];
    const shares = at.shares ? ` read as ${classes[at.shares.indexOf(Math.max(...at.shares))]} with ${percent(Math.max(...at.shares), 0)},` : "";
    setText(cellWords, planar ? "" : `Row ${Math.floor(cell / side) + 1}, column ${(cell % side) + 1}:${shares} D says ${scale.words(scale.value(at.logit))}, |z| ${steady(at.norm, 2)}`);
    if (planar) return;
    found.gridBytes ??= bytesOf(places.flatMap(({ sample }) => [...sample]));
    grid.show({ pictures: found.gridBytes, shape, count: places.length, columns: side, group: 0, names: null, edges: places.map(({ logit }) => ctx.colors.diverging(scale.share(logit))), captions: at.shares ? places.map(({ shares: each }) => { const most = Math.max(...each); return { text: classes[each.indexOf(most)], strong: most > 0.8 }; }) : null, chosen: cell, colors: ctx.colors });
  }

  function draw() {
    watching.nudge();
    const { scene, frame } = live;
    if (!scene || !frame || !moment || moment.scene !== scene || frame.version !== scene.version) return;
    settle(scene);
    const { planar, shape, classes, spec, told } = scene.numbers;
    if (read === undefined) return;
    begin(scene);
    const isShown = found && found.what.moment.scene.numbers.shape.join() === shape.join() && found.what.corners[0].z.length === spec.noise_dimensions;
    waiting.classList.toggle("hidden", Boolean(isShown));
    body.classList.toggle("hidden", !isShown);
    if (!isShown) return;
    const { colors } = ctx;
    const { what } = found;
    const scale = verdictScale(spec.loss, frame.arrays.real_logits.data, frame.arrays.fake_logits.data);
    const now = place(what, found.way.at(player.t));
    const all = { scene, frame, corners: state.corners, held: state.held, count: count(), label: state.label, found, here: now, scale, way: state.way, colors };
    const sampleOf = (k) => seen(moment.gan.generate(state.corners[k].z, state.label).example, planar);
    if (planar) points.show(all);
    else fakes.show(all);
    if (planar && spec.noise_dimensions === 2) noises.show(all);
    stations.show({ found, shape, planar, classes, scale, t: player.t, usual, colors });
    corners.show({ corners: state.corners, held: state.held, count: count(), sampleOf, shape, planar });
    if (!planar) {
      paintPixels(large, now.sample, shape);
      large.style.borderColor = `rgb(${colors.diverging(scale.share(now.logit)).join(" ")})`;
    }
    const most = now.shares ? Math.max(...now.shares) : null;
    const output = `D says ${scale.words(scale.value(now.logit))}`;
    setText(said, planar ? `(${steady(now.sample[0], 2)}, ${steady(now.sample[1], 2)}): ${output}, ${steady(now.far, 2)} from a real point` : `${most === null ? "" : `Read as ${classes[now.shares.indexOf(most)]}, ${percent(most, 0)}; `}${output}`);
    large.setAttribute("aria-label", `t = ${number(player.t, 2)}: ${said.textContent}`);
    player.show(`t = ${steady(player.t, 2)}, |z| = ${steady(now.norm, 2)}`, found.stations.length);
    label.value = String(state.label);
    second.setAttribute("aria-pressed", String(state.second));
    legend.show(scale, colors);
    setText(sentence, aboutWalk(found, classes));
    setText(verdict, aboutVerdict(found, scale));
    setText(about, aboutNorm(found, usual, spec.noise_dimensions, spec.noise));
    setText(shapes, `z ${found.stations.length} × ${spec.noise_dimensions} → samples ${found.stations.length} × ${shape.join(" × ")}${told ? `, told ${classes[what.label]}` : ""}; step ${what.moment.step} of training`);
    showGrid(scene, scale);
    shown = { found, scale, now, t: player.t, playing: player.playing, state: { ...state }, usual, step: what.moment.step, sentence: sentence.textContent, verdict: verdict.textContent, about: about.textContent };
  }

  exposeForTests(ctx.host, { shown: () => shown, stations, fakes, points, noises, grid });
  return { draw, update: () => ctx.redraw() };
});
