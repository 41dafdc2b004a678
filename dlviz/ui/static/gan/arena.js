// The game in the plane: real points, fakes, D's map, the generator's sheet and the push of every fake, all of one moment.

import { count, h, replace, setText } from "../lib/dom.js";
import { draw as atNextFrame } from "../lib/paint.js";
import { Plane } from "../lib/plane.js";
import { buildDrawing } from "./arenadraw.js";
import { buildLayers, buildLegend } from "./arenalayers.js";
import { HALF_WIDTH, inspect } from "./arenalook.js";
import { makeLooking } from "./arenalooking.js";
import { buildMoves } from "./arenamoves.js";
import { buildNoise } from "./arenanoise.js";
import { makePainter } from "./arenapaint.js";
import { buildReading } from "./arenareading.js";
import { readArena } from "./arenaread.js";
import { scaleOf } from "./arenascale.js";
import { measuresOf, sentencesOf } from "./arenawords.js";
import { nearestFake, nextFake } from "./arenawalk.js";

export function buildArena(area, stage) {
  const { live, ctx } = stage;
  const happened = (word) => live.shared.set(`happened.${word}`, true);
  const sight = { hover: null, pin: null, label: 0, axes: [0, 1], structure: "" };
  const shown = { look: null, scale: null, measures: null, sentences: [], opened: null, drawing: 0 };
  let isAsked = false;

  const plane = new Plane({ label: "The plane of real points and fakes. With a fake held, arrow keys walk from fake to fake", names: ["x₁", "x₂"], onhover, onpick });
  plane.view = { x: [-HALF_WIDTH, HALF_WIDTH], y: [-HALF_WIDTH, HALF_WIDTH] };
  plane.canvas.classList.add("ga-plane");
  const painter = makePainter(plane);
  const looking = makeLooking({ signal: ctx.signal, changed: again });
  const drawing = buildDrawing(stage, again);
  const layers = buildLayers(live, again);
  const legend = buildLegend();
  const moves = buildMoves(stage);
  const reading = buildReading();
  const noise = buildNoise({
    again,
    pointed: (what, event) => point(event.key === "Escape" ? letGo() : what),
    picked: (what) => (what.kind === "fake" ? pin(what.index) : point(what)),
    axesChanged(axes) {
      sight.axes = axes[0] === axes[1] ? [axes[0], (axes[0] + 1) % shown.look.gan.noise].sort((a, b) => a - b) : axes;
      again();
    },
  });
  const sentence = h("div.ga-sentence", { role: "status", "aria-live": "off" }, [1, 2, 3].map(() => h("p")));
  const classes = h("div.ga-classes.hidden", { role: "radiogroup", "aria-label": "The class that is shown" });
  const lead = h("p.lead");
  const step = h("span.value.muted.ga-step");
  const waiting = h("p.muted", "The weights of both networks are on their way …");
  const body = h("div.ga-body.hidden",
    h("div.ga-stage", layers.element, classes, h("div.ga-frame", plane.canvas), h("div.ga-acts", moves.element, drawing.element)),
    h("div.ga-beside", sentence, h("div.ga-opened", noise.element, reading.element), legend.element));
  area.classList.add("ga");
  area.append(h("div.row.ga-head", h("h3", "The game in the plane"), step),
    lead,
    waiting, body);

  // --- pointing -----------------------------------------------------------------------------------

  function point(what) {
    sight.hover = what ?? null;
    if (what) happened(what.kind === "noise" ? "noise_pointed" : what.kind === "fake" ? "fake_pointed" : "plane_pointed");
    again();
  }

  function meant(place, event) {
    const index = nearestFake(shown.look, plane, place, event?.pointerType === "touch" ? 20 : 10);
    return index === null ? { kind: "place", place } : { kind: "fake", index };
  }

  function onhover(place, event) {
    if (drawing.isOn) {
      drawing.move(place, Boolean(event.buttons & 1));
      if (event.key === "Escape") drawing.leave();
      return again();
    }
    if (event.key === "Escape") letGo();
    if (!shown.look) return undefined;
    return point(place && meant(place, event));
  }

  function onpick(place, event) {
    if (drawing.isOn) {
      drawing.press(place);
      if (event.type !== "pointerdown") drawing.lift();
      return;
    }
    if (!shown.look) return;
    const what = meant(place, event);
    if (what.kind === "fake" && what.index !== sight.pin) pin(what.index);
    else letGo();
  }

  function pin(index) {
    if (sight.pin === index) return;
    sight.pin = index;
    happened("fake_held");
    stage.emit("chosen", index);
    again();
  }

  function letGo() {
    if (sight.pin === null) return null;
    sight.pin = null;
    stage.emit("chosen", null);
    again();
    return null;
  }
  // A fake that another part of the stage names is held here as well.
  stage.on("chosen", (index) => {
    if (index === sight.pin) return;
    sight.pin = index ?? null;
    again();
  });

  const hear = (kind, fn, options) => plane.canvas.addEventListener(kind, fn, { signal: ctx.signal, ...options });
  for (const kind of ["pointerup", "pointercancel"]) hear(kind, () => drawing.lift());
  // Before the plane's own keys, which walk from place to place.
  hear("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way || sight.pin === null || drawing.isOn || !shown.look) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sight.hover = null;
    const next = nextFake(shown.look, sight.pin, way);
    if (next !== null) pin(next);
  }, { capture: true });
  hear("blur", () => { if (sight.hover) plane.go(null, {}); });

  // --- drawing ------------------------------------------------------------------------------------

  // Pointing redraws the arena alone, not the whole stage.
  function again() {
    if (isAsked) return;
    isAsked = true;
    atNextFrame(() => {
      isAsked = false;
      if (!ctx.signal.aborted && ctx.visible && stage.scene?.numbers.planar) draw();
    });
  }

  function begin({ scene: { numbers, arrays } }) {
    const { spec, told } = numbers;
    const structure = [spec.dataset, told, spec.noise_dimensions, arrays.shown_labels.shape[0]].join("/");
    if (structure === sight.structure) return;
    if (sight.structure) letGo();
    Object.assign(sight, { structure, hover: null, label: Math.min(sight.label, Math.max(0, told - 1)), axes: [0, Math.min(1, spec.noise_dimensions - 1)] });
    classes.classList.toggle("hidden", !told);
    setText(lead, told
      ? "Colours are classes; round points are real, square ones are fakes: the generator made each of its own noise, asked for that class. The colour of the plane is what the discriminator says there of the class shown, and every arrow is the way it pushes a fake."
      : "Blue points are real, orange ones are fakes: the generator made each of its own noise. The colour of the plane is what the discriminator says there, and every arrow is the way it pushes a fake.");
    replace(classes, told ? [h("span.label", "Class shown"), ...numbers.classes.map((name, k) => h("button.chip", {
      type: "button", role: "radio", "aria-checked": "false", onclick: () => { sight.label = k; again(); },
    }, h("i.ga-dot"), name))] : []);
  }

  function showClasses(look, colors) {
    [...classes.querySelectorAll("button")].forEach((button, k) => {
      button.setAttribute("aria-checked", String(k === look.label));
      button.style.setProperty("--ga-class", colors.classes[k % 10]);
    });
  }

  function draw() {
    if (!stage.scene?.numbers.planar) return;
    const { moment } = stage;
    if (moment?.scene.numbers.planar) begin(moment);
    const dimensions = moment?.gan.noise ?? 0;
    const base = dimensions > 2 && sight.pin !== null ? moment.scene.arrays.shown_z.data.slice(sight.pin * dimensions, (sight.pin + 1) * dimensions) : null;
    const key = moment && [moment.scene.version, moment.step, moments(moment), sight.label, sight.axes, base ? sight.pin : ""].join("/");
    const look = looking.see(moment, { label: sight.label, axes: sight.axes, base }, key);
    waiting.classList.toggle("hidden", Boolean(look));
    body.classList.toggle("hidden", !look);
    if (!look || !plane.canvas.clientWidth) return;
    const began = performance.now();
    const { colors } = ctx;
    if (shown.look !== look || shown.field !== look.field) {
      Object.assign(shown, { look, field: look.field, scale: scaleOf(look) });
      shown.measures = measuresOf(look, shown.scale);
      shown.sentences = sentencesOf(shown.measures, look, shown.scale, stage.frame?.numbers);
    }
    const { scale } = shown;
    const what = sight.hover ?? (sight.pin !== null && sight.pin < look.count ? { kind: "fake", index: sight.pin } : null);
    const opened = what && !drawing.isOn ? inspect(look, what) : null;
    const isPinned = opened?.kind === "fake" && opened.index === sight.pin;
    const pen = painter.paint(look, scale, { on: layers.on, colors, chosen: opened, isPinned, drawing: drawing.isOn });
    drawing.paint(pen, plane, colors);
    plane.canvas.classList.toggle("drawing", drawing.isOn);
    layers.draw(look, colors);
    showClasses(look, colors);
    legend.draw(look, scale, { on: layers.on, colors, unit: painter.unit, pixels: painter.arrowPixels() });
    noise.draw(look, { colors, chosen: opened, on: layers.on });
    reading.show(opened, look, scale, isPinned);
    [...sentence.children].forEach((line, n) => setText(line, shown.sentences[n] ?? ""));
    setText(step, `step ${count(look.step)}${looking.isWorking ? ", the next one is being computed" : ""}`);
    Object.assign(shown, { opened, drawing: performance.now() - began });
  }

  const numbered = new WeakMap();
  // The same step may come with other weights, after a reset or an edit: every moment has a number of its own.
  function moments(moment) {
    if (!numbered.has(moment)) numbered.set(moment, (moments.last = (moments.last ?? 0) + 1));
    return numbered.get(moment);
  }

  stage.on("theme", () => { painter.forget(); again(); });
  return { draw, read: () => readArena({ shown, sight, looking, layers, legend, noise, reading, moves, drawing, sentence, plane, painter, stage }) };
}
