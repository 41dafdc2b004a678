// Space warp: the plane, its grid lines, its points and the decision boundary, carried through the
// network's layers one after the other. All of it is computed here from the frame's weights.

import { css } from "../lib/color.js";
import { fit, h, number, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { forward, readModel } from "../lib/nn.js";
import { boundary, cutPolygon, cutSegment, flatCuts } from "./boundary.js";
import { drawBoundary, drawCube, drawCut, drawDeepSheet, drawFlatSheet, drawGrid, drawPoints, project, sheetLevels,
  sheetShades } from "./draw.js";
import { separability } from "./linear.js";
import { layerList } from "./list.js";
import { Position } from "./position.js";
import { between, carriedBatch, columnsOf, MESH_SIDE, place, stopsOf, turnBetween, viewOf } from "./spaces.js";
import { describe } from "./words.js";

const MESH = MESH_SIDE * MESH_SIDE;
const FLAT = Object.freeze({ yaw: 0, pitch: 0, zoom: 0.9 }); // zoom: the share of the canvas that [-1, 1] fills
const READ_EVERY = 200; // ms between two fits of the separability while training

export default mount((root, live, ctx) => {
  const canvas = h("canvas", { tabindex: 0, role: "img" });
  const axisX = h("span.axis.x.label"), axisY = h("span.axis.y.label"), axisZ = h("span.axis.z.label");
  const words = h("p.words", { "aria-live": "polite" });
  const empty = h("p.muted", "The picture appears with the first frame of the run.");
  const position = new Position(ctx);
  const list = layerList({ go: (k) => position.glide(k), changed: () => { forget(); ctx.redraw(); } });
  const depth = h("button.chip.depth", { type: "button", "aria-pressed": false, onclick: toggleDepth }, "3-D");
  root.append(empty, h("div.warp.hidden",
    h("div.stage", canvas, axisX, axisY, axisZ, depth), position.element, h("div.side", list.element, words)));
  const [body] = root.getElementsByClassName("warp");

  const camera = { yaw: -0.6, pitch: -0.45, zoom: 0.58 };
  let model, stops = [], batch, line, fills = [], levels = new Uint16Array(MESH), shades = [];
  let deep = false, fitted = -Infinity, late = 0, opened = false, waiting = null;
  let views = new Map(), placed = new Map(), turns = new Map(), memory = new Map();

  function forget() {
    for (const [stop, view] of views) memory.set(stop, view);
    views = new Map();
    placed = new Map();
    turns = new Map();
  }

  function takeScene(scene) {
    model = readModel(scene);
    waiting = null;
    line = undefined;
    stops = stopsOf(model);
    memory = new Map();
    forget();
    batch = carriedBatch(model, scene.arrays.train_points.data);
    takeColors();
    list.build(stops, model);
    position.build(stops);
    fitted = -Infinity;
  }

  function takeColors() {
    if (!model) return;
    const classes = model.problem === "classification" ? model.widths.at(-1) : 0;
    shades = sheetShades(ctx.colors, classes || 2);
    const { data } = live.scene.arrays.train_targets;
    fills = Array.from(data, (y) => (classes ? ctx.colors.classes[y] : css(ctx.colors.diverging(y))));
  }

  function takeFrame(frame) {
    if (frame.version !== model?.version) return;
    waiting = frame; // carried through the layers when it is drawn: out of sight it costs nothing
    body.classList.remove("hidden");
    empty.classList.add("hidden");
    ctx.redraw();
  }

  function carry(frame) {
    waiting = null;
    model.load(frame);
    forward(model, batch);
    line = boundary(model, batch);
    sheetLevels(model, batch, levels);
    forget();
    readSoon();
  }

  // The fits cost more than the picture, and nobody reads a number that changes thirty times a second.
  function readSoon() {
    clearTimeout(late);
    const wait = fitted + READ_EVERY - performance.now();
    if (wait <= 0) read();
    else late = setTimeout(read, wait);
  }

  function read() {
    if (ctx.signal.aborted || !live.scene || live.scene.version !== model.version) return;
    fitted = performance.now();
    const targets = Array.from(live.scene.arrays.train_targets.data);
    const classes = model.problem === "classification" ? model.widths.at(-1) : 0;
    const scores = new Map(stops.map((stop) => [stop, stop.part === "sum" ? null : separability(columnsOf(stop, batch, MESH), targets, classes)]));
    list.show(scores);
    ctx.redraw();
  }

  function viewAt(stop) {
    if (!views.has(stop)) views.set(stop, viewOf(stop, list.choice(stop), deep ? 3 : 2, batch, memory.get(stop)));
    return views.get(stop);
  }

  function placedAt(k) {
    const stop = stops[k];
    if (!placed.has(stop)) {
      placed.set(stop, { mesh: place(stop, viewAt(stop), batch), line: place(stop, viewAt(stop), line) });
    }
    return placed.get(stop);
  }

  function turnAt(k) {
    if (!turns.has(k)) turns.set(k, turnBetween(placedAt(k).mesh, placedAt(k + 1).mesh));
    return turns.get(k);
  }

  function moment(at) {
    const k = Math.min(Math.floor(at), stops.length - 1), t = at - k;
    if (t === 0 || k === stops.length - 1) return placedAt(k);
    const [a, b, turn] = [placedAt(k), placedAt(k + 1), turnAt(k)];
    return { mesh: between(a.mesh, b.mesh, t, turn), line: between(a.line, b.line, t, turn) };
  }

  function draw() {
    if (waiting) carry(waiting);
    if (!model || !line || live.frame?.version !== model.version) return;
    if (!opened) opened = position.open(stops);
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const { at } = position;
    const now = moment(at);
    const seen = (points) => project(points, deep ? camera : FLAT, width);
    pen.clearRect(0, 0, width, height);
    if (deep) drawCube(pen, camera, width, ctx.colors);
    const mesh = seen(now.mesh);
    (deep ? drawDeepSheet : drawFlatSheet)(pen, mesh, levels, shades);
    if (!deep) drawGrid(pen, mesh, ctx.colors);
    drawBoundary(pen, seen(now.line), ctx.colors);
    drawCuts(pen, seen, at);
    drawPoints(pen, mesh, MESH, fills, ctx.colors, fills.length > 600 ? 2.2 : 3.2);
    say(at);
  }

  // The flat cut belongs to one space only: it fades in on arrival there.
  function drawCuts(pen, seen, at) {
    const k = stops.findIndex((stop) => stop.last);
    const opacity = Math.max(0, 1 - 4 * Math.abs(at - k));
    if (!opacity) return;
    for (const cut of flatCuts(model, viewAt(stops[k]))) {
      const inSpace = deep && viewAt(stops[k]).axes.length === 3;
      if (inSpace && cut.rivals.length) continue; // planes of many classes would hide each other
      const corners = inSpace ? cutPolygon(cut, 1) : cutSegment(cut, 1.1);
      if (!corners?.length) continue;
      const points = { x: [], y: [], z: [] };
      for (const [x, y, z = 0] of corners) ["x", "y", "z"].forEach((name, i) => points[name].push([x, y, z][i]));
      drawCut(pen, seen(points), ctx.colors, opacity);
    }
  }

  function say(at) {
    const k = Math.round(at), stop = stops[k];
    list.mark(k, deep);
    position.mark(at);
    const still = Math.abs(at - k) < 0.02;
    const view = viewAt(stop);
    const inside = (i) => {
      if (!still || deep && i === 2 || i >= view.axes.length || stop.units === 1 && i === 1) return "";
      const ends = [view.centre[i] - view.half, view.centre[i] + view.half].map((x) => number(x));
      return `${view.names[i]}, ${ends[0]} to ${ends[1]}`;
    };
    setText(axisX, deep ? "" : inside(0));
    setText(axisY, deep ? "" : inside(1));
    setText(axisZ, deep && still ? view.names.slice(0, 3).join(" · ") : "");
    const sentence = describe(stops, k, view, list.scores, model, deep);
    setText(words, sentence);
    canvas.setAttribute("aria-label", `The plane carried through the network. ${sentence}`);
    Object.assign(canvas.dataset, { at: at.toFixed(3), step: model.step });
  }

  function toggleDepth() {
    deep = !deep;
    depth.setAttribute("aria-pressed", deep);
    canvas.classList.toggle("deep", deep);
    forget();
    ctx.redraw();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (!deep) return;
    canvas.setPointerCapture(event.pointerId);
    let [x, y] = [event.clientX, event.clientY];
    const turning = new AbortController();
    const { signal } = turning;
    canvas.addEventListener("pointermove", (move) => {
      camera.yaw += (move.clientX - x) / 120;
      camera.pitch = Math.min(Math.max(camera.pitch - (move.clientY - y) / 120, -1.55), 1.55);
      [x, y] = [move.clientX, move.clientY];
      ctx.redraw();
    }, { signal });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => turning.abort(), { signal });
  });
  canvas.addEventListener("keydown", (event) => {
    const turn = { ArrowLeft: [-0.12, 0], ArrowRight: [0.12, 0], ArrowUp: [0, 0.12], ArrowDown: [0, -0.12] }[event.key];
    if (!deep || !turn) return;
    event.preventDefault();
    event.stopPropagation();
    camera.yaw += turn[0];
    camera.pitch = Math.min(Math.max(camera.pitch + turn[1], -1.55), 1.55);
    ctx.redraw();
  });
  ctx.signal.addEventListener("abort", () => clearTimeout(late));
  live?.on("scene", takeScene, ctx.signal);
  live?.on("frame", takeFrame, ctx.signal);
  return { draw, update: () => { takeColors(); ctx.redraw(); } };
});
