// The strip one scrubs on: the loss curve of the run, the moments held, what was changed under way, the thumb.

import { extent, indexAt, readCurve, trace } from "../lib/curve.js";
import { css, rgb } from "../lib/color.js";
import { fit, number } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";

const SIDE = 11; // px left free for the thumb at both ends
const FOOT = 20; // px for the steps below the line
const HEAD = 8;

/** Place in [0, 1] of a step, and back; a logarithmic strip gives early learning its room. */
export function strip(last, log) {
  const end = Math.max(1, last);
  return log
    ? { share: (step) => Math.log1p(step) / Math.log1p(end), step: (share) => Math.expm1(share * Math.log1p(end)) }
    : { share: (step) => step / end, step: (share) => share * end };
}

function axisSteps(last, log, room) {
  if (!log) return ticks(0, last, Math.max(2, Math.floor(room / 120)));
  const found = [0];
  for (let step = 1; step <= last; step *= 10) found.push(step);
  return found;
}

function curveOf(frame) {
  const curve = readCurve(frame);
  if (!curve) return null;
  const name = curve.names.includes("train_loss") ? "train_loss" : curve.names[0];
  return { steps: curve.steps, values: curve.rows[name] };
}

/**
 * Paint the strip. `view`: {newest, beside, shown (step), held, marks, from (first step of a branch), log}.
 * Returns {toX, toStep, near(x)} for the pointer.
 */
export function drawStrip(canvas, view, colors) {
  const { pen, width, height } = fit(canvas);
  const last = Math.max(view.newest.numbers.live_step, view.beside?.numbers.live_step ?? 0, 1);
  const scale = strip(last, view.log);
  const [left, right, floor] = [SIDE, width - SIDE, height - FOOT];
  const toX = (step) => left + scale.share(step) * (right - left);
  const toStep = (x) => Math.round(scale.step(Math.min(1, Math.max(0, (x - left) / (right - left)))));
  const main = curveOf(view.newest);
  const other = curveOf(view.beside);
  const [low, high] = extent([main, other].filter(Boolean).map(({ values }) => values)) ?? [0, 1];
  const floorLevel = Math.min(0, low);
  const toY = (value) => floor - ((value - floorLevel) / (high - floorLevel || 1)) * (floor - HEAD);
  const thumb = toX(view.shown);
  pen.clearRect(0, 0, width, height);
  if (main) paintCurve(pen, main, { toX, toY, floor, thumb, left, right }, colors);
  if (other) paintOther(pen, other, { toX, toY }, colors);
  paintLine(pen, { left, right, floor, thumb, end: toX(view.newest.numbers.live_step) }, colors);
  paintHeld(pen, view.held, { toX, floor }, colors);
  paintMarks(pen, view, { toX, floor }, colors);
  paintSteps(pen, axisSteps(last, view.log, right - left), { toX, left, right, height }, colors);
  paintThumb(pen, { thumb, floor, y: main ? toY(main.values[indexAt(main.steps, view.shown)]) : NaN }, colors);
  const near = (x) => (view.marks ?? []).find(({ step }) => Math.abs(toX(step) - x) < 7) ?? null;
  return { toX, toStep, near };
}

function paintCurve(pen, { steps, values }, { toX, toY, floor, thumb, left, right }, colors) {
  const halves = [[left - 1, thumb, 0.95, 0.13], [thumb, right + 1, 0.3, 0.05]];
  for (const [from, to, line, area] of halves) {
    pen.save();
    pen.beginPath();
    pen.rect(from, 0, Math.max(0, to - from), floor);
    pen.clip();
    trace(pen, steps, values, toX, toY);
    pen.strokeStyle = css(rgb(colors.ink), line * 0.75);
    pen.lineWidth = 1.6;
    pen.lineJoin = "round";
    pen.stroke();
    pen.lineTo(toX(steps[steps.length - 1]), floor);
    pen.lineTo(toX(steps[0]), floor);
    pen.fillStyle = css(rgb(colors.ink), area);
    pen.fill();
    pen.restore();
  }
}

function paintOther(pen, { steps, values }, { toX, toY }, colors) {
  trace(pen, steps, values, toX, toY);
  pen.strokeStyle = css(rgb(colors.ink), 0.6);
  pen.lineWidth = 1.4;
  pen.setLineDash([4, 4]);
  pen.stroke();
  pen.setLineDash([]);
}

function paintLine(pen, { left, floor, thumb, right, end }, colors) {
  const stroke = (from, to, color, weight) => {
    pen.strokeStyle = color;
    pen.lineWidth = weight;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(from, floor);
    pen.lineTo(to, floor);
    pen.stroke();
  };
  stroke(left, right, colors.line, 2);
  stroke(left, end, css(rgb(colors.ink), 0.22), 3);
  stroke(left, thumb, colors.accent, 3);
  pen.lineCap = "butt";
}

function paintHeld(pen, held, { toX, floor }, colors) {
  pen.fillStyle = css(rgb(colors.ink), 0.38);
  let before = -Infinity;
  for (const step of held) {
    const x = Math.round(toX(step));
    if (x - before < 3) continue; // denser than the eye can use
    pen.fillRect(x, floor + 4, 1, 3);
    before = x;
  }
}

function paintMarks(pen, { marks, from }, { toX, floor }, colors) {
  pen.fillStyle = colors.accent;
  for (const { step } of marks ?? []) {
    const x = toX(step);
    pen.beginPath();
    pen.moveTo(x, floor - 3);
    pen.lineTo(x - 4.5, floor - 11);
    pen.lineTo(x + 4.5, floor - 11);
    pen.fill();
  }
  if (from > 0) {
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 1;
    pen.setLineDash([2, 3]);
    pen.beginPath();
    pen.moveTo(toX(from), HEAD);
    pen.lineTo(toX(from), floor);
    pen.stroke();
    pen.setLineDash([]);
  }
}

function paintSteps(pen, steps, { toX, left, right, height }, colors) {
  pen.font = `11.5px ${colors.font}`;
  pen.fillStyle = colors.muted;
  pen.textBaseline = "bottom";
  let free = -Infinity;
  for (const step of steps) {
    const words = number(step);
    const half = pen.measureText(words).width / 2;
    const x = Math.min(right - half, Math.max(left + half - SIDE, toX(step)));
    if (x - half < free) continue;
    pen.textAlign = "center";
    pen.fillText(words, x, height - 1);
    free = x + half + 14;
  }
}

function paintThumb(pen, { thumb, floor, y }, colors) {
  pen.strokeStyle = css(rgb(colors.accent), 0.55);
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(Math.round(thumb) + 0.5, HEAD - 4);
  pen.lineTo(Math.round(thumb) + 0.5, floor);
  pen.stroke();
  if (Number.isFinite(y)) {
    pen.fillStyle = colors.accent;
    pen.beginPath();
    pen.arc(thumb, y, 3, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.fillStyle = colors.paper;
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 2.5;
  pen.beginPath();
  pen.arc(thumb, floor, 7.5, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}
