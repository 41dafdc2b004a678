// Curves over training steps on a canvas: what train bar, timeline and panels draw in common.

import { fit, h, number, steady } from "./dom.js";
import { css, rgb } from "./color.js";
import { logTicks, ticks } from "./scale.js";

const MARGIN = { top: 14, right: 14, bottom: 30, left: 54 };
const NARROW = 460; // px; below it the names stand above the lines instead of beside them
const LABEL_GAP = 15; // px between two names at the right edge

/** The curve of a frame: {names, steps, rows: {name: Float32Array}}; null when nothing was measured yet. */
export function readCurve(frame) {
  const curve = frame?.arrays.curve;
  const names = frame?.numbers.curve_names ?? [];
  if (!curve || curve.shape[1] === 0) return null;
  const row = (i) => curve.data.subarray(i * curve.shape[1], (i + 1) * curve.shape[1]);
  return { names, steps: row(0), rows: Object.fromEntries(names.map((name, i) => [name, row(i + 1)])) };
}

/** Index of the last measurement at or before `step`; 0 when all are later. */
export function indexAt(steps, step) {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Lowest and highest finite value of several arrays (positive ones only for a logarithmic axis). */
export function extent(arrays, positive = false) {
  let [low, high] = [Infinity, -Infinity];
  for (const values of arrays) {
    for (const value of values) {
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** Trace one line; what is not a number leaves a gap. */
export function trace(pen, xs, ys, toX, toY) {
  let open = false;
  pen.beginPath();
  for (let i = 0; i < xs.length; i += 1) {
    const y = toY(ys[i]);
    if (!Number.isFinite(y)) {
      open = false;
    } else if (open) {
      pen.lineTo(toX(xs[i]), y);
    } else {
      pen.moveTo(toX(xs[i]), y);
      open = true;
    }
  }
}

/**
 * A chart of series over steps with a read-out under the pointer.
 *
 * `show({series, logY, marks, cursor})`: series are {label, xs, ys, color, dash, weight, low, high}; between `low` and `high`,
 * where given, a band lies; marks {step, text};
 * cursor the step shown elsewhere, or null; so that charts under each other agree, `last`, a step up to which the axis
 * goes at least, and `room`, px left for names at least. `draw(colors)` paints. `onpick(step)` hears clicks.
 */
export function curveChart({ height = 260, unit = "step", onpick, redraw, label = "Loss over training steps" }) {
  const canvas = h("canvas.curve-canvas", { tabindex: 0, role: "img", "aria-label": label, style: { height: `${height}px` } });
  const words = h("div.curve-words.value", { hidden: true });
  const element = h("div.curve", canvas, words);
  let state = { series: [], marks: [], cursor: null, logY: false };
  let hover = null; // step under the pointer
  let axes = null;

  function roomForNames(pen, drawn, width, font) {
    if (width < NARROW) return MARGIN.right;
    pen.font = `13px ${font}`;
    return MARGIN.right + Math.max(state.room ?? 0, ...drawn.map(({ label: name }) => pen.measureText(name ?? "").width));
  }

  function layout(pen, width, tall, font) {
    const drawn = state.series.filter(({ xs }) => xs.length > 0);
    const range = extent(drawn.flatMap(({ ys, low = [], high = [] }) => [ys, low, high]), state.logY);
    const last = Math.max(1, state.last ?? 1, ...drawn.map(({ xs }) => xs[xs.length - 1]));
    const right = roomForNames(pen, drawn, width, font);
    const box = { left: MARGIN.left, right: width - right, top: MARGIN.top, bottom: tall - MARGIN.bottom };
    const toX = (step) => box.left + (step / last) * (box.right - box.left);
    if (!range) return { box, drawn, last, toX, toY: () => NaN, levels: [] };
    let [low, high] = range;
    if (!state.logY) low = Math.min(0, low);
    if (high <= low) high = low + (Math.abs(low) || 1);
    const share = state.logY
      ? (v) => (v > 0 ? Math.log(v / low) / Math.log(high / low) : NaN)
      : (v) => (v - low) / (high - low);
    const toY = (v) => box.bottom - share(v) * (box.bottom - box.top);
    return { box, drawn, last, toX, toY, levels: state.logY ? logTicks(low, high) : ticks(low, high, 4) };
  }

  function drawGrid(pen, colors, { box, last, toX, toY, levels }) {
    pen.font = `12px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const level of levels) {
      const y = Math.round(toY(level)) + 0.5;
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.right, y);
      pen.stroke();
      pen.fillText(number(level), box.left - 8, y);
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    const steps = ticks(0, last, Math.max(2, Math.floor((box.right - box.left) / 110)));
    for (const step of steps) pen.fillText(number(step), toX(step), box.bottom + 8);
    pen.textAlign = "right";
    if (toX(steps.at(-1)) < box.right - pen.measureText(unit).width - 20) pen.fillText(unit, box.right, box.bottom + 8);
  }

  function drawMarks(pen, colors, { box, toX }) {
    pen.fillStyle = colors.accent;
    for (const { step } of state.marks ?? []) {
      const x = toX(step);
      pen.beginPath();
      pen.moveTo(x - 4, box.bottom + 6);
      pen.lineTo(x + 4, box.bottom + 6);
      pen.lineTo(x, box.bottom);
      pen.fill();
    }
  }

  function drawSeries(pen, colors, { drawn, toX, toY }) {
    pen.lineJoin = "round";
    for (const { xs, ys, color, dash, weight = 2, low, high } of drawn) {
      if (low) drawBand(pen, color, xs, low, high, toX, toY);
      pen.strokeStyle = color;
      pen.lineWidth = weight;
      pen.setLineDash(dash ?? []);
      trace(pen, xs, ys, toX, toY);
      pen.stroke();
    }
    pen.setLineDash([]);
  }

  function drawBand(pen, color, xs, low, high, toX, toY) {
    pen.fillStyle = css(rgb(color), 0.16);
    pen.beginPath();
    xs.forEach((step, i) => pen[i ? "lineTo" : "moveTo"](toX(step), toY(low[i])));
    for (let i = xs.length - 1; i >= 0; i -= 1) pen.lineTo(toX(xs[i]), toY(high[i]));
    pen.fill();
  }

  function nameSeries(pen, colors, { box, drawn, toX, toY }, narrow) {
    pen.font = `13px ${colors.font}`;
    pen.textBaseline = narrow ? "top" : "middle";
    pen.textAlign = narrow ? "right" : "left";
    const places = drawn.map(({ xs, ys, color, label: name }, i) => ({
      color, name, x: toX(xs[xs.length - 1]) + 8, y: toY(ys[ys.length - 1]), i,
    })).filter(({ name, y }) => name && Number.isFinite(y)).sort((a, b) => a.y - b.y);
    // In a narrow chart names stand in a corner.
    const corner = narrow ? freeCorner(pen, { box, drawn, toX, toY }, places) : null;
    if (corner?.isLeft) pen.textAlign = "left";
    places.forEach((place, i) => {
      if (narrow) [place.x, place.y] = [corner.isLeft ? box.left + 8 : box.right, corner.top + i * LABEL_GAP];
      else if (i > 0) place.y = Math.max(place.y, places[i - 1].y + LABEL_GAP);
    });
    // What would stand below the axis moves up, and what is in its way with it; the others stay beside their lines.
    if (!narrow) for (let i = places.length - 1, floor = box.bottom; i >= 0 && places[i].y > floor; i -= 1, floor -= LABEL_GAP) places[i].y = floor;
    for (const { color, name, x, y } of places) {
      pen.fillStyle = color;
      pen.fillText(name, x, y);
    }
  }

  // Of the four corners the first that no line runs through; where there is none, the right one at the top.
  function freeCorner(pen, { box, drawn, toX, toY }, places) {
    const tall = places.length * LABEL_GAP;
    const wide = Math.max(0, ...places.map(({ name }) => pen.measureText(name).width)) + 10;
    const corners = [box.top, box.bottom - tall - 3].flatMap((top) => [false, true].map((isLeft) => ({ top, isLeft })));
    const isFree = ({ top, isLeft }) => {
      const [left, right] = isLeft ? [box.left, box.left + wide] : [box.right - wide, box.right];
      return drawn.every(({ xs, ys }) => {
        for (let i = 1; i < xs.length; i += 1) {
          const [y0, y1] = [toY(ys[i - 1]), toY(ys[i])];
          if (toX(xs[i]) >= left && toX(xs[i - 1]) <= right && Math.max(y0, y1) > top && Math.min(y0, y1) < top + tall) return false;
        }
        return true;
      });
    };
    return corners.find(isFree) ?? corners[0];
  }

  function drawLine(pen, colors, step, strong) {
    const x = Math.round(axes.toX(step)) + 0.5;
    pen.strokeStyle = strong ? colors.accent : css(rgb(colors.ink), 0.35);
    pen.lineWidth = strong ? 1.5 : 1;
    pen.beginPath();
    pen.moveTo(x, axes.box.top - 4);
    pen.lineTo(x, axes.box.bottom);
    pen.stroke();
    for (const { xs, ys, color } of axes.drawn) {
      const y = axes.toY(ys[indexAt(xs, step)]);
      if (!Number.isFinite(y) || step > xs[xs.length - 1]) continue;
      pen.fillStyle = color;
      pen.beginPath();
      pen.arc(x, y, 3.5, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  function tell(colors) {
    words.hidden = hover === null || axes.drawn.length === 0;
    if (words.hidden) return;
    const near = (state.marks ?? []).filter(({ step }) => Math.abs(axes.toX(step) - axes.toX(hover)) < 6);
    words.replaceChildren(
      h("b", `${unit} ${number(hover)}`),
      ...axes.drawn.map(({ xs, ys, label: name, color }) => h("span", h("i", { style: { background: color } }), `${name} `, h("b", steady(ys[indexAt(xs, hover)])))),
      ...near.map(({ text }) => h("em", text)),
    );
    const x = axes.toX(hover);
    const room = canvas.clientWidth - words.offsetWidth;
    const left = x + 12 <= room ? x + 12 : x - 12 - words.offsetWidth;
    words.style.left = `${Math.min(Math.max(0, left), Math.max(0, room))}px`;
    words.style.top = `${axes.box.top}px`;
  }

  function stepAt(event) {
    const { box, last } = axes;
    const share = (event.offsetX - box.left) / (box.right - box.left);
    const step = Math.round(Math.min(1, Math.max(0, share)) * last);
    const xs = axes.drawn[0]?.xs;
    return xs?.length ? xs[indexAt(xs, step)] : step;
  }

  function move(step) {
    hover = step;
    redraw();
  }

  canvas.addEventListener("pointermove", (event) => { if (axes) move(stepAt(event)); });
  canvas.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("blur", () => move(null));
  canvas.addEventListener("click", (event) => { if (axes && onpick) onpick(stepAt(event)); });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const xs = axes?.drawn[0]?.xs;
    if (way && xs) {
      event.preventDefault();
      const at = hover === null ? xs.length : indexAt(xs, hover);
      move(xs[Math.min(xs.length - 1, Math.max(0, at + way))]);
    } else if (event.key === "Enter" && hover !== null) {
      onpick?.(hover);
    }
  });

  return {
    element,
    show(next) {
      state = { ...state, ...next };
      const ends = state.series.map(({ label: name, ys }) => `${name} ${ys.length ? steady(ys[ys.length - 1]) : "not measured"}`);
      canvas.setAttribute("aria-label", `${label}. ${ends.join(", ")}`);
    },
    draw(colors) {
      const { pen, width, height: tall } = fit(canvas);
      pen.clearRect(0, 0, width, tall);
      axes = layout(pen, width, tall, colors.font);
      drawGrid(pen, colors, axes);
      drawMarks(pen, colors, axes);
      drawSeries(pen, colors, axes);
      nameSeries(pen, colors, axes, width < NARROW);
      if (state.cursor !== null && state.cursor !== undefined) drawLine(pen, colors, state.cursor, true);
      if (hover !== null) drawLine(pen, colors, hover, false);
      tell(colors);
    },
  };
}
