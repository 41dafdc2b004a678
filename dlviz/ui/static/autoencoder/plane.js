// The plane of codes: point at a code and see what is decoded from it, among the codes of the test pictures.

import { Album } from "../lib/album.js";
import { h, number, setText } from "../lib/dom.js";
import { latentsOf } from "../lib/latents.js";
import { density } from "../lib/normal.js";
import { draw as atNextFrame } from "../lib/paint.js";
import { distances, isAmong, nearest, reaching } from "./planecodes.js";
import { buildControls, labelled } from "./planecontrols.js";
import { makeCanvas } from "./planecanvas.js";
import { readPlane } from "./planereading.js";
import { buildReadout, NEAR } from "./planereadout.js";
import { makeSight } from "./planesight.js";
import { countsOf } from "./planetiles.js";
import { CodePlane } from "./planeview.js";
import { Walk } from "./planewalk.js";
import { planeWords, pointWords, shareWords, SPACING, tileWords } from "./planewords.js";

const CLICK = 6; // px that a pointer may move and still has clicked
const FETCHED = 100; // test pictures asked for at a time

export function buildPlane(area, stage) {
  const { live, ctx } = stage;
  const happened = (word) => live.shared.set(`happened.${word}`, true);
  const options = { on: { points: true, clouds: false, prior: true, density: false, tiles: false, classes: false }, quantiles: false, principal: false, a: 0, b: 1, chosen: false, label: null, alone: null };
  const isStill = () => ctx.reducedMotion;
  const walk = new Walk(isStill);
  const plane = new CodePlane({ label: "The plane of codes. The code at the place you point at is decoded; plus and minus zoom, 0 shows everything", onhover, onpick });
  const canvas = makeCanvas(plane);
  const sight = makeSight(stage, options, plane, () => again());
  const album = new Album(live, () => again(), { panel: "album", more: () => ({ parameters: false }) });
  const readout = buildReadout();
  const timings = { draw: 0, move: 0, decode: 0 };
  let [read, readerOf, shown, structure, fetched, asked, hoveredAt] = [null, null, null, "", "", false, 0];

  const controls = buildControls(options, {
    changed(what) {
      if (what === "tiles" || what === "classes") if (options.on.tiles) happened("manifold_shown");
      again();
    },
    zoom: (factor) => (factor ? zoom(factor) : fit()),
  });
  const sentence = h("p.plane-sentence", { "aria-live": "off" });
  const [plainWords, tilesSaid] = [1, 2].map(() => h("p.plane-words"));
  const [spacingSaid, planeSaid, cloudsSaid, stepSaid] = [1, 2, 3, 4].map(() => h("p.plane-words.muted.small"));
  const scale = h("div.plane-scale", h("span.small.muted", "density"), h("span.value.small", "0"), h("canvas", { width: 64, height: 1 }), h("span.value.small"));
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const body = h("div.plane-body.hidden",
    h("div.plane-controls", controls.which, controls.telling, h("div.plane-bar-of", labelled("On the plane", controls.layers), labelled("Steps", controls.spacing))),
    h("div.plane-both",
      h("div.plane-side", h("div.plane-frame", plane.canvas), h("div.plane-under", controls.legend, scale, controls.zooms)),
      h("div.plane-beside", sentence, readout.element, h("div.plane-said", plainWords, tilesSaid, spacingSaid, planeSaid, cloudsSaid, stepSaid))));
  area.append(h("h3", "Walk among the codes"), h("p.lead", "Every point is the code of a test picture. Move over the plane, or walk with the arrow keys: the code under you is decoded at once. Click to hold a code."), waiting, body);

  // --- what a person does -------------------------------------------------------------------------

  let [pressed, panning] = [null, null];
  function onhover(place, event) {
    if (event.key === "Escape") {
      walk.hover(null);
      return letGo();
    }
    if (!sight.slice || panning) return undefined;
    hoveredAt = performance.now();
    if (place) happened("latent_walked");
    if (event.key && place && walk.pin) hold(place); // the arrow keys carry what is held along
    walk.hover(place);
    if (event.key && place) keepInView(place);
    return again();
  }
  function onpick(place, event) {
    if (!sight.slice) return;
    if (event.type !== "pointerdown") toggle(place);
    else if (event.shiftKey) panning = [event.clientX, event.clientY];
    else pressed = [event.clientX, event.clientY, place];
  }
  function toggle(place) {
    if (walk.pin) letGo();
    else hold(place);
    again();
  }
  function hold(place) {
    walk.hold(sight.slice.toCode(place));
    happened("latent_pinned");
    live.shared.set("latent.z", [...walk.pin]);
  }
  function letGo() {
    if (walk.pin) {
      walk.hold(null);
      live.shared.set("latent.z", null);
    }
    again();
  }
  // A code that another panel names is held here as well.
  live.on("shared", ({ key, value }) => {
    if (key !== "latent.z" || String(value ?? "") === String(walk.pin ?? "")) return;
    walk.hold(value);
    again();
  }, ctx.signal);
  function keepInView(place) {
    const pixel = plane.toPixel(place);
    const sizes = [plane.canvas.clientWidth, plane.canvas.clientHeight];
    const over = pixel.map((value, i) => (value < 12 ? 12 - value : value > sizes[i] - 12 ? sizes[i] - 12 - value : 0));
    if (plane.zoomed && over.some(Boolean)) plane.pan(over.map((value) => 4 * value), sight.flat);
  }
  const zoom = (factor, pixel) => { plane.zoom(factor, pixel, sight.flat, performance.now(), isStill()); again(); };
  const fit = () => { plane.fit(performance.now(), isStill()); again(); };
  const hear = (kind, fn, extra) => plane.canvas.addEventListener(kind, fn, { signal: ctx.signal, ...extra });
  hear("pointermove", ({ clientX, clientY }) => {
    if (!panning) return;
    plane.pan([clientX - panning[0], clientY - panning[1]], sight.flat);
    panning = [clientX, clientY];
    again();
  });
  hear("pointerup", ({ clientX, clientY }) => {
    if (pressed && Math.hypot(clientX - pressed[0], clientY - pressed[1]) < CLICK) toggle(pressed[2]);
    [pressed, panning] = [null, null];
  });
  hear("pointercancel", () => { [pressed, panning] = [null, null]; });
  hear("blur", () => plane.go(null, {}));
  hear("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = plane.canvas.getBoundingClientRect();
    zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 150), [event.clientX - box.left, event.clientY - box.top]);
  }, { passive: false });
  hear("keydown", (event) => {
    const act = { "+": () => zoom(1 / 1.5), "=": () => zoom(1 / 1.5), "-": () => zoom(1.5), 0: fit }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  // --- drawing ------------------------------------------------------------------------------------

  // Pointing redraws the plane alone, not the whole stage.
  function again() {
    if (asked) return;
    asked = true;
    atNextFrame(() => {
      asked = false;
      if (!ctx.signal.aborted && ctx.visible && stage.scene) draw();
    });
  }

  function begin(moment) {
    const { numbers } = moment.scene;
    const { spec } = numbers;
    const next = `${moment.scene.version}/${spec.dataset}/${spec.latent}`;
    if (structure !== next) {
      if (structure) sight.forget();
      if (structure.split("/").slice(1).join() !== next.split("/").slice(1).join()) {
        if (walk.pin) live.shared.set("latent.z", null);
        walk.forget();
        Object.assign(options, { chosen: false, alone: null, label: null });
        if (spec.latent === 1) options.on.density = true;
      }
      structure = next;
    }
    if (options.label !== null && options.label >= numbers.classes.length) options.label = null;
    if (readerOf !== spec.dataset) {
      [readerOf, read] = [spec.dataset, null];
      latentsOf(live).classifier().then((found) => {
        if (readerOf !== spec.dataset) return;
        read = found;
        again();
      });
    }
    fetch(`${live.shown}/${spec.dataset}/${spec.leave_out}`, sight.codes?.shape[0]);
  }

  // All of them once, so that pointing never asks the server.
  async function fetch(key, n) {
    if (!n || fetched === key) return;
    fetched = key;
    album.clear();
    for (let from = 0; from < n && fetched === key && !ctx.signal.aborted; from += FETCHED) {
      await album.need(Array.from({ length: Math.min(FETCHED, n - from) }, (_, i) => from + i));
    }
  }

  function look(moment, label, time) {
    const { network, code } = moment;
    const { slice, codes, labels } = sight;
    const classes = moment.scene.numbers.classes;
    const { z, how } = walk.at(slice, code.mean, time);
    const began = performance.now();
    const { picture } = network.decode(z, label);
    timings.decode = performance.now() - began;
    const place = slice.toPlane(z);
    const far = distances(z, codes);
    const near = nearest(far, NEAR).map((index) => ({ index, distance: far[index], name: classes[labels[index]] }));
    const prior = sight.variational ? (sight.flat ? [0] : [0, 1]).reduce((product, axis) => product * density(place[axis] - slice.origin[axis]), 1) : null;
    return {
      z, how, place, picture, near, prior, label, step: moment.step, probabilities: read?.(picture) ?? null, codes: sight.mixture.at(...place),
      isInside: sight.reach === undefined ? null : isAmong(z, codes, sight.reach),
      clouds: sight.logVariance ? reaching(z, codes, sight.logVariance) : null,
    };
  }

  function draw() {
    const { frame, moment } = stage;
    const isReady = Boolean(moment && frame && moment.scene.version === frame.version && moment.network.latent === frame.arrays.mean.shape[1]);
    waiting.classList.toggle("hidden", isReady);
    body.classList.toggle("hidden", !isReady);
    if (!isReady) {
      shown = null;
      return;
    }
    const began = performance.now();
    const { colors } = ctx;
    begin(moment);
    const { classes, shape, told, label: truth, spec } = moment.scene.numbers;
    body.classList.toggle("flat", frame.arrays.mean.shape[1] === 1);
    const isMoving = sight.see(frame, moment, began, isStill());
    const label = told ? options.label ?? moment.label : moment.label;
    sight.long(moment, read, told ? label : 0);
    controls.show({ classes, colors, frame, latent: sight.latent, variational: sight.variational, reader: read, toldCount: told, label });
    shown = look(moment, told ? label : 0, began);
    const variances = moment.code.logVariance?.map(Math.exp);
    const covariance = (u, v) => (u && v ? variances.reduce((sum, value, i) => sum + u[i] * v[i] * value, 0) : 0);
    const [u, v] = sight.slice.directions;
    const places = {
      place: shown.place, how: shown.how, near: options.on.points ? shown.near.map(({ index }) => index) : [], home: sight.slice.toPlane(moment.code.mean),
      cloud: variances ? [covariance(u, u), covariance(u, v), covariance(v, v)] : null,
    };
    const alone = controls.alone();
    canvas.paint(sight, { options, alone, classes, places, colors });
    readout.show({
      ...shown, slice: sight.slice, options, size: shape, classes, shown: fetched, album, gaussian: spec.likelihood === "gaussian", numbers: Math.min(2, sight.latent), count: sight.labels.length, colors,
    });
    const own = Boolean(spec.own_pixels);
    setText(sentence, pointWords({ ...shown, classes, truth: own ? "" : classes[truth ?? 0], own, told: told ? classes[label] : null }));
    const counts = options.on.tiles && sight.tiles && !sight.growing ? countsOf(sight.tiles) : null;
    setText(plainWords, shareWords(sight.share, sight.variational, sight.flat));
    setText(tilesSaid, counts ? tileWords(counts, sight.tiles.step, options.on.classes) : options.on.tiles ? "The pictures are being decoded …" : "");
    setText(spacingSaid, sight.variational ? SPACING[plane.stretched ? "quantiles" : "even"] : "");
    setText(planeSaid, planeWords({ latent: sight.latent, principal: options.principal, names: sight.slice.names }));
    setText(cloudsSaid, canvas.clouds !== null && canvas.clouds < sight.labels.length ? `The clouds are large here: those of the first ${canvas.clouds} test pictures are drawn.` : "");
    setText(stepSaid, sight.measuredAt === moment.step ? "" : `The points are as measured at step ${number(sight.measuredAt)}, pictures are decoded with the weights of step ${number(moment.step)}.`);
    showScale(colors);
    Object.assign(shown, { counts, sentence: sentence.textContent, places, alone });
    timings.draw = performance.now() - began;
    if (hoveredAt) [timings.move, hoveredAt] = [performance.now() - Math.max(hoveredAt, began), 0];
    if (isMoving || shown.how === "way") again();
  }

  function showScale(colors) {
    const isShown = options.on.density && !sight.flat && sight.field;
    scale.classList.toggle("hidden", !isShown);
    if (!isShown) return;
    const image = new ImageData(64, 1);
    for (let i = 0; i < 64; i += 1) image.data.set([...colors.sequential(0.12 + (0.88 * i) / 63), 255 * Math.min(1, (12 * i) / 63)], 4 * i);
    scale.children[2].getContext("2d").putImageData(image, 0, 0);
    setText(scale.lastChild, `${number(sight.field.most)} per unit area`);
  }

  stage.on("theme", () => { canvas.forget(); again(); });
  return { draw, read: () => readPlane({ plane, sight, options, shown, walk, timings, album, draw, canvas }) };
}
