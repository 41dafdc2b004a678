// The output: the map that the network has made of the plane (or the map of the unit pointed at), with axes,
// legend, data points and a read-out of what lies under the pointer.

import { css, mix, rgb } from "../lib/color.js";
import { fit, h, icon, number, replace, setText, steady } from "../lib/dom.js";
import { CLASS_REACH, drawScale, largest, paintLikeliest, paintShare, paintSigned, Sheet } from "../lib/heat.js";
import { FEATURES, forward, makeBatch, PLANE, setPoint } from "../lib/nn.js";
import { COARSE, FEATURE_NAMES, FINE } from "./maps.js";
import { unitName } from "./notation.js";
import { drawPoints, pointAt } from "./scatter.js";

const TICKS = [-6, -3, 0, 3, 6];

/** Paint what `shown` (a unit, or null for the network's output) is over the plane. Returns the full colour's value. */
export function paintShown(sheet, maps, batch, shown, inks, discretize) {
  const { model } = maps;
  const last = model.widths.length - 1;
  const classified = model.problem === "classification";
  if (shown && shown.layer === last && classified) {
    paintShare(sheet, 0, maps.probability(shown.unit, batch), shown.unit, inks, discretize);
    return 1;
  }
  if (shown && shown.layer !== last) {
    const map = maps.unit(shown.layer, shown.unit, batch);
    const bound = shown.layer === 0 ? null : model.layers[shown.layer - 1].activation.bound;
    const limit = bound ?? largest(map);
    paintSigned(sheet, 0, map, limit, inks);
    return limit;
  }
  if (!classified) paintSigned(sheet, 0, maps.unit(last, 0, batch), 1, inks, discretize);
  else if (model.classes === 2) paintSigned(sheet, 0, maps.contrast(batch), 1, inks, discretize);
  else paintLikeliest(sheet, 0, batch.probabilities, model.classes, inks, discretize);
  return 1;
}

export function buildOutput(el, stage) {
  const { live, ctx } = stage;
  const title = h("span.output-title");
  const unpin = h("button.plain.round.tiny.hidden", { "aria-label": "Show the output again", onclick: () => stage.select(null) }, icon("cross", 15));
  const heat = h("canvas.heat", { "aria-hidden": "true" });
  const points = h("canvas.points", { role: "img", tabindex: "0" });
  const cross = h("i.cross.hidden");
  const square = h("div.square", heat, points, cross);
  const tick = (value, axis) => h(`span.tick.${axis}`, { style: { [axis === "x" ? "left" : "bottom"]: `${((value + PLANE) / (2 * PLANE)) * 100}%` } }, number(value));
  const legend = h("div.legend");
  const readout = h("p.readout.value.small", { "aria-live": "off" });
  el.append(h("div.output-head.row", title, unpin),
    h("div.figure",
      h("div.axis.y", { "aria-hidden": "true" }, h("span.axis-name", "x₂"), TICKS.map((value) => tick(value, "y"))),
      square,
      h("div.axis.x", { "aria-hidden": "true" }, h("span.axis-name", "x₁"), TICKS.map((value) => tick(value, "x")))),
    legend, readout);

  const sheets = { [COARSE]: new Sheet(COARSE), [FINE]: new Sheet(FINE) };
  const view = { shown: null, legendKey: "", pointsKey: "", point: null, model: null, place: null };

  // ---- pointer

  function placeOf(event) {
    const box = points.getBoundingClientRect();
    const clip = (t) => Math.min(PLANE, Math.max(-PLANE, t));
    return { x1: clip(((event.clientX - box.left) / box.width) * 2 * PLANE - PLANE), x2: clip(PLANE - ((event.clientY - box.top) / box.height) * 2 * PLANE) };
  }

  function report(kind, event, place) {
    stage.pointer = kind === "leave" ? null : place;
    view.place = stage.pointer;
    stage.emit("pointer", { ...place, kind, event });
    ctx.redraw();
  }

  points.addEventListener("pointermove", (event) => report("move", event, placeOf(event)));
  points.addEventListener("pointerleave", (event) => report("leave", event, placeOf(event)));
  points.addEventListener("click", (event) => {
    const place = placeOf(event);
    report("click", event, place);
    if (stage.tool || !stage.model) return;
    const touch = event.pointerType === "touch";
    const hit = pointAt(live.scene, place.x1, place.x2, { width: points.clientWidth, showTest: setting("show_test"), touch });
    if (hit) stage.backprop.start(hit.set, hit.index);
  });
  points.addEventListener("keydown", (event) => walk(event));

  /** By keyboard: Enter opens the backprop view of the first point; then n and p go to the next and the previous. */
  function walk(event) {
    const { backprop } = stage;
    const count = live.scene?.arrays.train_targets.data.length ?? 0;
    const by = { Enter: 0, n: 1, p: -1 }[event.key];
    if (by === undefined || !count || stage.tool) return;
    event.preventDefault();
    const from = backprop.open && backprop.set === "train" ? backprop.index : 0;
    backprop.start("train", (from + by + count) % count);
    points.focus();
  }

  const setting = (name) => stage.setting(name);

  // ---- what is under the pointer

  function read() {
    const { model } = stage;
    if (!view.place || !model) {
      setText(readout, stage.tool ? "" : "Click a point to follow it forward and back.");
      readout.classList.add("muted");
      cross.classList.add("hidden");
      return;
    }
    readout.classList.remove("muted");
    const { x1, x2 } = view.place;
    if (view.model !== model) Object.assign(view, { model, point: makeBatch(model, new Float64Array(1), new Float64Array(1)) });
    forward(model, setPoint(model, view.point, x1, x2));
    const where = `(${steady(x1, 1)}, ${steady(x2, 1)})`;
    replace(readout, h("span.muted", where), " ", describe(model, view.point, x1, x2));
    cross.classList.remove("hidden");
    cross.style.left = `${((x1 + PLANE) / (2 * PLANE)) * 100}%`;
    cross.style.top = `${((PLANE - x2) / (2 * PLANE)) * 100}%`;
  }

  function describe(model, point, x1, x2) {
    const { shown } = view;
    if (shown && shown.layer === 0) return `${FEATURES[FEATURE_NAMES[shown.unit]].text} = ${steady(FEATURES[FEATURE_NAMES[shown.unit]].of(x1, x2), 2)}`;
    if (shown && shown.layer < model.widths.length - 1) return `a = ${steady(point.values[shown.layer][shown.unit])}`;
    if (model.problem !== "classification") return `output ${steady(point.values.at(-1)[0])}`;
    const ranked = [...point.probabilities.keys()].sort((a, b) => point.probabilities[b] - point.probabilities[a]);
    return ranked.slice(0, 3).map((k) => h("span.probability", h("i.swatch", { style: { background: ctx.colors.classes[k] } }),
      `${k}: ${steady(point.probabilities[k], 2)}`));
  }

  // ---- drawing

  function showLegend(model, limit, discretize) {
    const { shown } = view;
    const classMap = model.problem === "classification" && (!shown || shown.layer === model.widths.length - 1);
    const key = `${model.structure}${shown?.layer}.${shown?.unit}${number(limit)}${discretize}${ctx.colors.paper}`;
    if (key === view.legendKey) return;
    view.legendKey = key;
    const ramp = (k) => h("span.ramp", { style: { "--from": ctx.colors.paper, "--to": css(mix(rgb(ctx.colors.paper), rgb(ctx.colors.classes[k]), CLASS_REACH)) } });
    if (classMap && shown) {
      replace(legend, h("div.scale", ramp(shown.unit), h("div.ends", h("span", "0"), h("span", `p(class ${shown.unit})`), h("span", "1"))));
    } else if (classMap && model.classes > 2) {
      const least = number(1 / model.classes, 2);
      replace(legend, h("div.classes", Array.from({ length: model.classes }, (_, k) => h("span.class-ramp", ramp(k), h("span", String(k))))),
        h("div.ends", h("span", `likeliest class, paper at p = ${least}, full colour at p = 1`)));
    } else {
      const bar = h("canvas.bar");
      drawScale(bar, ctx.colors, discretize && !(shown && shown.layer < model.widths.length - 1));
      const ends = classMap ? ["−1 class 0", "p(1) − p(0)", "class 1 +1"] : [`−${number(limit)}`, "0", number(limit)];
      replace(legend, h("div.scale", bar, h("div.ends", ends.map((text) => h("span", text)))));
    }
  }

  function drawHeat() {
    const { maps, model } = stage;
    const sheet = sheets[maps.side];
    const discretize = setting("discretize");
    const limit = paintShown(sheet, maps, maps.best, view.shown, stage.inks, discretize);
    sheet.flush();
    const { pen, width } = fit(heat);
    pen.imageSmoothingEnabled = !discretize || view.shown !== null;
    pen.imageSmoothingQuality = "high";
    sheet.drawTo(pen, 0, 0, 0, width);
    showLegend(model, limit, discretize);
  }

  function drawScatter() {
    const { scene } = live;
    const chosen = stage.backprop?.open ? stage.backprop : null;
    const key = [scene.version, points.clientWidth, setting("show_test"), stage.lit?.set, stage.litCount, chosen?.x1, chosen?.x2, ctx.colors.paper].join();
    if (key === view.pointsKey) return;
    view.pointsKey = key;
    drawPoints(points, scene, { colors: ctx.colors, showTest: setting("show_test"), lit: stage.lit, chosen });
    const count = scene.arrays.train_targets.data.length;
    points.setAttribute("aria-label", `Output over the plane with ${count} training points. Enter opens the backprop view of a point, n and p go on and back.`);
  }

  function draw() {
    const { model, maps } = stage;
    if (!model || model.step < 0) return;
    view.shown = stage.hovered ?? stage.selected;
    const name = view.shown ? unitName(model, view.shown.layer, view.shown.unit) : "output";
    setText(title, name[0].toUpperCase() + name.slice(1));
    unpin.classList.toggle("hidden", stage.selected === null);
    square.classList.toggle("tool", Boolean(stage.tool));
    if (maps) drawHeat();
    drawScatter();
    read();
  }

  return { draw, update() { view.legendKey = ""; view.pointsKey = ""; } };
}
