// The column beside the network: which points, how many, how noisy, and how they are shown.

import { h, icon, setText } from "../lib/dom.js";
import { buildHiding } from "./hiding.js";
import { buildOwn } from "./own.js";
import { decodePoints } from "./points.js";
import { fieldControl, problemLine, settingsOf } from "../lib/settings.js";
import { drawPoints, drawSurface } from "./thumbnail.js";

const TWO_CLASSES = new Set(["circle", "xor", "gauss", "moons"]);
const MADE = ["samples", "noise"]; // what own points do not have

export function buildData(el, stage) {
  const { ctx } = stage;
  const settings = settingsOf(stage);
  const previews = ctx.data.previews ?? { sets: {}, surfaces: {} };
  const isOwn = () => settings.value("problem") === "classification" && settings.value("dataset") === "own";

  const ownHome = h("div");
  const own = buildOwn(ownHome, stage);
  const ownMark = h("span.mark", icon("plus", 18));
  const chosenName = h("span.value.chosen");
  const sets = picker("dataset", chooseSet, (canvas, name) => drawPoints(canvas, pointsOf(name), ctx.colors, 1.4));
  const surfaces = picker("surface", (surface) => settings.change({ surface }),
    (canvas, name) => previews.surfaces[name] && drawSurface(canvas, previews.surfaces[name], ctx.colors));
  const controls = Object.fromEntries(["classes", "samples", "noise", "train_share", "batch_size", "show_test", "discretize"]
    .map((name) => [name, fieldControl(stage, name, name === "classes" ? { changes: classChanges } : {})])
    .filter(([, control]) => control));
  el.classList.add("data");
  el.append(
    h("div.row.between", h("h3", "Data"), chosenName), sets.element, surfaces.element, problemLine(settings, "dataset"), ownHome,
    ...["classes", ...MADE, "train_share", "batch_size", "show_test", "discretize"].map((name) => controls[name]?.element).filter(Boolean),
  );
  buildHiding(el, stage);

  // ---- choosing

  function chooseSet(name) {
    if (name === "own") own.enter();
    else {
      settings.change(TWO_CLASSES.has(name) ? { dataset: name, classes: 2 } : { dataset: name });
      stage.setTool(null);
    }
  }

  function classChanges(classes) {
    return isOwn() ? own.changesFor(classes) : { classes };
  }

  function picker(field, choose, paint) {
    const { options = [], labels = [] } = settings.fields[field] ?? {};
    const tiles = options.map((name, i) => {
      const canvas = h("canvas");
      const label = labels[i] ?? name;
      const button = h("button.plain.tile", {
        role: "radio", "aria-label": label, title: label, value: name,
        onclick: () => choose(name),
        onpointerenter: () => setText(chosenName, label), onpointerleave: nameChosen,
        onkeydown: (event) => walk(event, i),
      }, canvas, name === "own" && ownMark);
      return { name, label, canvas, button };
    });
    const element = h("div.tiles", { role: "radiogroup", "aria-label": settings.fields[field]?.label ?? field }, tiles.map((tile) => tile.button));
    function walk(event, at) {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = tiles[(at + step + tiles.length) % tiles.length];
      next.button.focus();
      choose(next.name);
    }
    return {
      element,
      tiles,
      show(chosen, visible) {
        element.classList.toggle("hidden", !visible);
        for (const { name, button } of tiles) {
          button.setAttribute("aria-checked", String(name === chosen));
          button.tabIndex = name === chosen ? 0 : -1;
        }
      },
      paint() {
        for (const { name, canvas } of tiles) if (canvas.clientWidth) paint(canvas, name);
      },
    };
  }

  function pointsOf(name) {
    if (name === "own") return own.points();
    const byClasses = previews.sets[name] ?? {};
    return decodePoints(byClasses[settings.value("classes")] ?? byClasses[2] ?? "");
  }

  // ---- showing

  function nameChosen() {
    const picked = settings.value("problem") === "regression" ? surfaces : sets;
    const value = settings.value(picked === sets ? "dataset" : "surface");
    setText(chosenName, picked.tiles.find((tile) => tile.name === value)?.label ?? "");
  }

  let painted = "";
  function show() {
    const isRegression = settings.value("problem") === "regression";
    const dataset = settings.value("dataset");
    sets.show(dataset, !isRegression && !settings.isHidden("dataset"));
    surfaces.show(settings.value("surface"), isRegression && !settings.isHidden("surface"));
    nameChosen();
    ownHome.classList.toggle("hidden", !isOwn() || settings.isHidden("own_points"));
    controls.classes?.element.classList.toggle("unused", isRegression);
    for (const name of MADE) controls[name]?.element.classList.toggle("unused", isOwn());
    if (TWO_CLASSES.has(dataset)) controls.classes?.disable(`${labelOf(dataset)} has two classes.`);
    else controls.classes?.enable();
    ownMark.classList.toggle("hidden", own.points().length > 0);
    const needed = JSON.stringify([isRegression, settings.value("classes"), own.points().length]);
    if (needed !== painted) ctx.redraw();
    painted = needed;
  }

  const labelOf = (name) => sets.tiles.find((tile) => tile.name === name)?.label ?? name;

  function draw() {
    sets.paint();
    surfaces.paint();
  }

  settings.on(show);
  return { draw, update: () => { own.update(); draw(); } };
}
