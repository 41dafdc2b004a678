// The last layer: the same test pictures as points, before the network and after it, at any moment of the training.

import { h, number, percent, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { settingsOf } from "../lib/settings.js";
import { buildBar } from "./bar.js";
import { buildCard } from "./card.js";
import { Cloud } from "./cloud.js";
import { Gathering } from "./gathering.js";
import { Journey } from "./journey.js";
import { Layouts } from "./layouts.js";
import { buildNumbers } from "./numbers.js";
import { featuresView, layoutView, pixelsView, placedHere } from "./showing.js";
import { subjectOf } from "./subject.js";
import { Tiles } from "./tiles.js";
import { buildUnder } from "./under.js";
import { around } from "./views.js";
import { WARNING, reading } from "./words.js";

const GLIDE = { pca: 320, tsne: 900 }; // ms that points take to their next places
const SPACES = ["pixels", "features"];
const SETTLE = 450; // ms that the perplexity rests before a layout is asked for

export default mount((root, live, ctx) => {
  const settings = settingsOf({ live, ctx });
  const state = { method: "pca", axes: "own", points: "dots", perplexity: 30, alone: null, pointed: null };
  const wanted = { pixels: "", features: "" }; // keys of the layouts asked for last
  let drawn = null; // the last view of the features on principal axes, to which the next one keeps
  let tiles = null;
  let resting = 0;

  const redraw = () => ctx.redraw();
  const layouts = new Layouts(live, redraw, ctx.signal);
  const gathering = new Gathering({
    live, ctx, state, isBusy: () => journey.on, changed: redraw,
    begun() {
      [drawn, tiles, state.pointed, state.alone] = [null, null, null, null];
      journey.stop();
      layouts.cancel();
    },
  });
  const journey = new Journey({ live, fetch: (step) => gathering.fetch(step), path, changed: redraw, still: () => ctx.reducedMotion });

  // ---- the page

  const bar = buildBar(state, { change, choose: only, travel });
  const words = h("p.reading", { "aria-live": "off" });
  const trouble = h("p.trouble", { role: "alert" });
  const warning = h("p.small.muted.warning");
  const card = buildCard({ put, point });
  const numbers = buildNumbers({ redraw, scrub: (step) => live.scrub(step) });
  const titles = { pixels: "Before the network", features: "What the last layer is given" };
  const labels = { pixels: "Test pictures by their pixels", features: "Test pictures by the features of the last layer" };
  const clouds = Object.fromEntries(SPACES.map((space) => [space, new Cloud({ label: labels[space], point, pick, choose: only, redraw })]));
  const heads = Object.fromEntries(SPACES.map((space) => [space, h("span.label.value")]));
  const unders = Object.fromEntries(SPACES.map((space) => [space, buildUnder(space, { cancel: () => change({ method: "pca" }), again: layOut })]));
  const figure = (space) => h(`figure.cloud.${space}`, h("h3", titles[space], heads[space]), clouds[space].canvas, unders[space].element);
  root.append(h("div.lastlayer", bar.element, words, trouble,
    h("div.clouds", figure("pixels"), figure("features"), card.element),
    h("div.row.small.muted.key", h("span.ringed", h("i"), "ringed: answered wrongly"),
      h("span.ringed", h("i.cross"), "the picture on the stage, joined to its five nearest"),
      h("span", "Point at a picture or walk with the arrow keys; a click or Enter puts it on the stage.")),
    warning, numbers.element));

  for (const kind of ["scene", "frame", "state"]) live.on(kind, () => { gathering.follow(); redraw(); }, ctx.signal);
  ctx.signal.addEventListener("abort", () => { journey.stop(); clearTimeout(resting); });
  ctx.host.dlviz = { lastLayer: expose, scrub: (step) => live.scrub(step) };

  // ---- what a person does

  function change(changes) {
    Object.assign(state, changes);
    if ("method" in changes || "axes" in changes) journey.stop();
    clearTimeout(resting);
    if (state.method === "tsne") resting = setTimeout(layOut, "perplexity" in changes ? SETTLE : 0);
    else layouts.cancel();
    gathering.nudge();
    redraw();
  }

  function point(index) {
    if (state.pointed === index) return;
    state.pointed = index;
    redraw();
  }

  function pick(index, isTouch) {
    if (isTouch && state.pointed !== index) point(index); // the first touch opens it, as the pointer does
    else put(index);
  }

  function put(index) {
    settings.change({ picture: index, own_pixels: "" });
  }

  function only(label) {
    state.alone = state.alone === label ? null : label;
    redraw();
  }

  function travel() {
    if (journey.on) {
      journey.stop();
      live.scrub(null);
      return;
    }
    change({ method: "pca" });
    journey.start();
  }

  function layOut() {
    if (!gathering.scene || !live.frame) return;
    layouts.cancel();
    wanted.pixels = `pixels ${gathering.scene.spec.dataset} ${state.perplexity}`;
    wanted.features = `${gathering.structure} ${live.frame.step} ${state.perplexity}`;
    layouts.ask(["features", "pixels"].map((space) => ({ key: wanted[space], options: { space, perplexity: state.perplexity } })));
  }

  // ---- what is shown

  /** Views of all moments of a journey; each keeps to the one after it, and the last to what is on the screen. */
  function path(moments) {
    const views = [];
    let after = drawn;
    for (const each of [...moments].reverse()) {
      after = featuresView(each, gathering.moments, state.axes, after);
      views.unshift(after);
    }
    if (state.axes === "own") return views;
    const square = around(views.map((view) => view.square));
    return views.map((view) => ({ ...view, square }));
  }

  const layoutOf = (space) => (state.method === "tsne" ? layouts.get(wanted[space]) : null);

  /** Of which moment the points of a space are: where their neighbours and distances come from. */
  const source = (space) => layoutOf(space) ?? (space === "pixels" ? gathering.pixels?.moment : gathering.moment) ?? null;

  function viewOf(space, now) {
    const layout = layoutOf(space);
    if (layout) return (layout.view ??= layoutView(layout, wanted[space]));
    if (space === "pixels") return gathering.pixels && (gathering.pixels.view ??= pixelsView(gathering.pixels.moment));
    const passing = journey.isFlying ? journey.at(now) : null;
    if (passing) {
      gathering.moment = passing.moment;
      return passing.view;
    }
    const { moment, moments } = gathering;
    if (!moment) return null;
    const key = `${moment.step} ${state.axes} ${moments.isFramed(moment)}`;
    if (drawn?.moment !== moment || drawn.for !== key) drawn = { ...featuresView(moment, moments, state.axes, drawn), moment, for: key };
    return drawn;
  }

  /** The place among the test pictures of the one on the stage; null for a picture of one's own. */
  function hereIndex() {
    const { spec, split } = gathering.scene;
    return spec.own_pixels ? null : spec.picture % split.test;
  }

  function draw() {
    gathering.nudge(); // it may have come into sight
    if (!gathering.scene || !live.frame) return;
    const now = performance.now();
    const colors = { ...ctx.colors, warn: getComputedStyle(root.firstChild).getPropertyValue("--warn").trim() };
    let moving = false;
    for (const space of SPACES) moving = drawCloud(space, colors, now) || moving;
    say();
    numbers.draw(ctx.colors);
    if (moving || journey.isFlying) redraw();
  }

  function drawCloud(space, colors, now) {
    const view = viewOf(space, now);
    const at = source(space);
    const cloud = clouds[space];
    if (!view || !at) return false;
    const { moment, pixels, scene: { classes } } = gathering;
    cloud.flight.to(view, { lasts: ctx.reducedMotion || journey.isFlying ? 0 : GLIDE[state.method], now });
    const hasHere = cloud.flight.put(view.count, placedHere(space, { view, source: at, moment, pixels, live, index: hereIndex() }));
    const answer = source("features")?.answer;
    cloud.draw({
      count: view.count, truth: at.truth, classes, alone: state.alone, pointed: state.pointed, hasHere, linked: linked(space, at, hasHere),
      wrong: Uint8Array.from(at.truth, (truth, i) => (answer && answer[i] !== truth ? 1 : 0)), tiles: state.points === "pictures" ? tilesNow() : null, axes: view.axes,
    }, colors, now);
    cloud.describe(view, classes);
    return cloud.flight.isMoving(now);
  }

  function linked(space, at, hasHere) {
    if (state.pointed !== null) return [...at.neighbours.subarray(5 * state.pointed, 5 * state.pointed + 5)];
    const own = space === "pixels" ? gathering.pixels?.moment : gathering.moment;
    return hasHere && own ? [...own.hereNeighbours] : [];
  }

  function tilesNow() {
    const { pixels } = gathering;
    if (pixels && (tiles?.pictureOf !== pixels.pictureOf || tiles.colors !== ctx.colors)) {
      tiles = Object.assign(new Tiles(pixels.pictureOf, pixels.moment.truth, ctx.colors), { pictureOf: pixels.pictureOf, colors: ctx.colors });
    }
    return tiles;
  }

  function say() {
    const { moment, moments, pixels, scene } = gathering;
    const units = { features: number(moment?.units ?? 0), pixels: number(pixels?.moment.units ?? 0) };
    const tooMany = moments.frame && !moments.frame.text ? "Too many features to be sent along." : "";
    bar.show({ classes: scene.classes, alone: state.alone, journey, colors: ctx.colors, frameProblem: tooMany });
    setText(heads.pixels, pixels ? `${live.scene.arrays.picture.shape.join(" × ")} = ${units.pixels} pixels` : "…");
    setText(heads.features, moment ? `${units.features} features` : "…");
    for (const space of SPACES) {
      const progress = state.method === "tsne" ? layouts.progress(wanted[space]) : null;
      unders[space].show({ progress, layout: layoutOf(space), axes: state.axes, moment: space === "features" ? moment : null, frame: moments.frame, now: live.frame.step });
    }
    setText(trouble, gathering.problem || layouts.problem);
    setText(warning, state.method === "tsne" ? WARNING : "");
    setText(words, moment ? reading({ features: moment, pixels: pixels?.moment }) : "Looking at the test pictures …");
    numbers.show({ features: moment, pixels: pixels?.moment, units, curves: moments.curves(), cursor: live.looking === null ? null : live.frame.step });
    if (!pixels || !moment) return;
    const sources = { features: source("features"), pixels: source("pixels") };
    card.show(subjectOf({ pointed: state.pointed, here: hereIndex(), scene: live.scene, frame: live.frame, sources, moment, pixels, names: scene.classes }));
  }

  function expose() {
    const { moment, moments, scene, asker } = gathering;
    const now = performance.now();
    const of = (value) => Object.fromEntries(SPACES.map((space) => [space, value(clouds[space], space)]));
    return {
      ...state, step: moment?.step ?? null, busy: Boolean(asker.underWay), picture: scene?.spec.picture,
      journey: { on: journey.on, flying: journey.isFlying, moments: journey.moments.length },
      places: of((cloud) => cloud.places()), moving: of((cloud) => cloud.flight.isMoving(now)),
      view: of(({ flight: { view } }) => view && { xs: [...view.xs], ys: [...view.ys], axes: view.axes, key: view.key }),
      layouts: of((_, space) => Boolean(layouts.get(wanted[space]))), kept: [...moments.kept.keys()], curves: moments.curves(), newest: moments.frame?.step ?? null,
    };
  }

  return { draw, update: redraw };
});
