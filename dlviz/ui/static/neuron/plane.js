// The plane of the neuron: its answer as colours, the points, the line where z = 0 and the arrow w, which
// are dragged by two handles or moved by the arrow keys.

import { css, mix, rgb } from "../lib/color.js";
import { fit, h, number, svg } from "../lib/dom.js";
import { score } from "./rules.js";

const REACH = 6;
const CELLS = 72; // of the coloured field, a side
const STRENGTH = 0.42;
const ARROW_AT_MOST = 4.2; // the arrow's length on the plane, however long w is
const NEAR = 12; // pixels within which the pointer takes a point

/** `changed(neuron)` is called while a handle moves, `hovered(index or −1)` as the pointer moves over points. */
export function neuronPlane({ changed, hovered }) {
  const canvas = h("canvas", { role: "img" });
  const shapes = {
    old: svg("line", { class: "old" }), line: svg("line", { class: "line" }),
    shaft: svg("line", { class: "shaft" }), tip: svg("path", { class: "tip" }), label: svg("text", { class: "w" }),
    ring: svg("circle", { class: "ring", r: 8 }),
    move: svg("circle", { class: "handle", r: 9, tabindex: 0, role: "slider", "aria-label": "Move the line (changes the bias)" }),
    aim: svg("circle", { class: "handle aim", r: 9, tabindex: 0, role: "slider", "aria-label": "Turn and stretch the weights" }),
  };
  const overlay = svg("svg", { "aria-hidden": "false" }, Object.values(shapes));
  const element = h("div.plane", canvas, overlay, h("span.axis.label.right", "x₁"), h("span.axis.label.top", "x₂"));
  const field = document.createElement("canvas");
  field.width = field.height = CELLS;
  let neuron = { w1: 1, w2: 0, b: 0 }, points = [], size = 1, anchor = [0, 0], stretch = 1, held = false;

  const toX = (x1) => ((x1 + REACH) / (2 * REACH)) * size;
  const toY = (x2) => ((REACH - x2) / (2 * REACH)) * size;
  const fromEvent = (event) => {
    const box = canvas.getBoundingClientRect();
    const clip = (x) => Math.min(Math.max(x, -REACH), REACH);
    return [clip(((event.clientX - box.left) / box.width) * 2 * REACH - REACH), clip(REACH - ((event.clientY - box.top) / box.height) * 2 * REACH)];
  };

  // The handle sits on the line, as near to where it was as the line allows.
  function settle() {
    const length = neuron.w1 ** 2 + neuron.w2 ** 2;
    if (length < 1e-12) return;
    const z = score(neuron, { x1: anchor[0], x2: anchor[1] });
    anchor = [anchor[0] - (z * neuron.w1) / length, anchor[1] - (z * neuron.w2) / length];
    if (Math.max(...anchor.map(Math.abs)) > REACH - 0.5) {
      const foot = [-(neuron.b * neuron.w1) / length, -(neuron.b * neuron.w2) / length];
      anchor = foot.map((x) => Math.min(Math.max(x, -REACH + 0.3), REACH - 0.3));
    }
  }

  const through = (w1, w2) => ({ w1, w2, b: -(w1 * anchor[0] + w2 * anchor[1]) });

  function grab(handle, follow) {
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
      const end = new AbortController();
      const { signal } = end;
      held = true; // the arrow keeps its scale under the hand
      handle.addEventListener("pointermove", (move) => follow(fromEvent(move)), { signal });
      for (const name of ["pointerup", "pointercancel"]) handle.addEventListener(name, () => end.abort(), { signal });
      signal.addEventListener("abort", () => { held = false; });
    });
  }

  grab(shapes.move, (to) => {
    anchor = to;
    changed(through(neuron.w1, neuron.w2));
  });
  grab(shapes.aim, ([x, y]) => changed(through((x - anchor[0]) / stretch, (y - anchor[1]) / stretch)));
  const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  function nudge(event, act) {
    const way = keys[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    act(way.map((x) => x * (event.shiftKey ? 0.5 : 0.1)));
  }
  shapes.move.addEventListener("keydown", (event) => nudge(event, ([x, y]) => {
    anchor = [anchor[0] + x, anchor[1] + y];
    changed(through(neuron.w1, neuron.w2));
  }));
  shapes.aim.addEventListener("keydown", (event) => nudge(event, ([x, y]) => changed(through(neuron.w1 + x, neuron.w2 + y))));
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let best = -1, nearest = NEAR;
    points.forEach((point, n) => {
      const away = Math.hypot(toX(point.x1) - x, toY(point.x2) - y);
      if (away < nearest) [best, nearest] = [n, away];
    });
    hovered(best);
  });
  canvas.addEventListener("pointerleave", () => hovered(-1));

  function paintField(colors, activation) {
    const pen = field.getContext("2d");
    const image = pen.createImageData(CELLS, CELLS);
    const paper = rgb(colors.paper);
    const [below, above] = [rgb(colors.negative), rgb(colors.positive)];
    const shades = Array.from({ length: 65 }, (_, k) => mix(paper, k < 32 ? below : above, (STRENGTH * Math.abs(k - 32)) / 32));
    for (let row = 0, k = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++, k += 4) {
        const x1 = REACH * ((2 * (column + 0.5)) / CELLS - 1), x2 = REACH * (1 - (2 * (row + 0.5)) / CELLS);
        const shade = shades[Math.round(32 + 32 * activation.shade(score(neuron, { x1, x2 })))];
        [image.data[k], image.data[k + 1], image.data[k + 2], image.data[k + 3]] = [...shade, 255];
      }
    }
    pen.putImageData(image, 0, 0);
  }

  function placeLine(line, { w1, w2, b }) {
    const length = w1 ** 2 + w2 ** 2;
    line.style.display = length < 1e-12 ? "none" : "";
    if (length < 1e-12) return;
    const foot = [(-b * w1) / length, (-b * w2) / length], unit = Math.sqrt(length);
    const far = (s) => [foot[0] - (s * w2) / unit, foot[1] + (s * w1) / unit];
    setLine(line, far(-30), far(30));
  }

  /** `state`: {neuron, before (where a correction began, or null), points, hover, current, activation}. */
  function draw(state, colors) {
    ({ neuron, points } = state);
    settle();
    const { pen, width } = fit(canvas);
    if (!width) return;
    size = width;
    overlay.setAttribute("viewBox", `0 0 ${size} ${size}`);
    paintField(colors, state.activation);
    pen.imageSmoothingEnabled = state.activation.smooth;
    pen.drawImage(field, 0, 0, size, size);
    pen.strokeStyle = css(rgb(colors.ink), 0.14);
    pen.lineWidth = 1;
    pen.strokeRect(toX(0), -1, 0, size + 2);
    pen.strokeRect(-1, toY(0), size + 2, 0);
    points.forEach((point, n) => dot(pen, point, n === state.hover || n === state.current, colors));
    placeLine(shapes.line, neuron);
    shapes.old.classList.toggle("hidden", !state.before);
    if (state.before) placeLine(shapes.old, state.before);
    placeArrow();
    const shown = points[state.current] ?? points[state.hover];
    shapes.ring.style.display = shown ? "" : "none";
    if (shown) setCircle(shapes.ring, shown.x1, shown.x2);
  }

  function dot(pen, { x1, x2, y }, strong, colors) {
    pen.beginPath();
    pen.arc(toX(x1), toY(x2), strong ? 5 : points.length > 20 ? 3.6 : 6, 0, 2 * Math.PI);
    pen.fillStyle = y > 0 ? colors.positive : colors.negative;
    pen.strokeStyle = colors.paper;
    pen.fill();
    pen.stroke();
  }

  function setLine(line, from, to) {
    const ends = { x1: toX(from[0]), y1: toY(from[1]), x2: toX(to[0]), y2: toY(to[1]) };
    for (const [name, value] of Object.entries(ends)) line.setAttribute(name, value);
  }

  function setCircle(circle, x1, x2) {
    circle.setAttribute("cx", toX(x1));
    circle.setAttribute("cy", toY(x2));
  }

  function placeArrow() {
    const length = Math.hypot(neuron.w1, neuron.w2);
    if (!held) stretch = Math.min(2, ARROW_AT_MOST / Math.max(length, 1e-9));
    const tip = [anchor[0] + stretch * neuron.w1, anchor[1] + stretch * neuron.w2];
    setCircle(shapes.move, ...anchor);
    setCircle(shapes.aim, ...tip);
    setLine(shapes.shaft, anchor, tip);
    const away = Math.atan2(toY(tip[1]) - toY(anchor[1]), toX(tip[0]) - toX(anchor[0])) * (180 / Math.PI);
    shapes.tip.setAttribute("d", "M8 0L20 0M13 -5L21 0L13 5");
    shapes.tip.setAttribute("transform", `translate(${toX(tip[0])} ${toY(tip[1])}) rotate(${away})`);
    shapes.label.setAttribute("x", toX(tip[0]) + Math.cos((away * Math.PI) / 180) * 34);
    shapes.label.setAttribute("y", toY(tip[1]) + Math.sin((away * Math.PI) / 180) * 34 + 5);
    shapes.label.textContent = length > 1e-9 ? "w" : "";
    shapes.move.setAttribute("aria-valuenow", neuron.b);
    shapes.move.setAttribute("aria-valuetext", `bias ${number(neuron.b)}`);
    shapes.aim.setAttribute("aria-valuenow", length);
    shapes.aim.setAttribute("aria-valuetext", `weights ${number(neuron.w1)} and ${number(neuron.w2)}`);
  }

  return { element, draw, canvas };
}
