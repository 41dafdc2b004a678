// What lies under the points: where the head answers what, the scale, the trails of the moments before.

import { css, mix, rgb } from "../lib/color.js";
import { fit, number } from "../lib/dom.js";
import { classFill } from "../lib/graphview.js";
import { ticks } from "../lib/scale.js";

const REGION = { light: 0.15, dark: 0.24 };
const NICE = [1, 1.5, 2, 3, 5, 7.5, 10];
const ROOM = 1.12; // around the points
const LEAST = 0.02; // of how far the points are from 0: where all lie at one place, the scale still has different numbers
const LOOSE = 1.9; // how much larger than needed a box may be, so that it does not move with every moment

/** A number at least `size`, of few digits. */
function nice(size) {
  const power = 10 ** Math.floor(Math.log10(Math.max(size, 1e-9)));
  return power * (NICE.find((each) => each >= (size / power) * (1 - 1e-9)) ?? 10);
}

/**
 * The part of the plane that is shown: {x, y, half, reach}: its middle, half its height, its width for its height. `before`
 * stays as long as it fits, so that the picture is calm. `isStrip`: y is no number.
 */
export function boxFor(places, before, reach, isStrip, isSquare) {
  const range = (i) => places.reduce(([low, high], place) => [Math.min(low, place[i]), Math.max(high, place[i])], [Infinity, -Infinity]);
  const [xs, ys] = [range(0), isStrip ? [0, 0] : range(1)];
  if (!Number.isFinite(xs[0]) || !Number.isFinite(ys[0])) return { x: 0, y: 0, half: 1, reach };
  if (isSquare) { // both axes are the same number
    const all = [Math.min(xs[0], ys[0]), Math.max(xs[1], ys[1])];
    xs.splice(0, 2, ...all);
    ys.splice(0, 2, ...all);
  }
  const far = Math.max(...xs.map(Math.abs), ...ys.map(Math.abs));
  const needed = Math.max((xs[1] - xs[0]) / 2 / reach, (ys[1] - ys[0]) / 2, LEAST * far, LEAST) * ROOM;
  const holds = before && before.reach === reach && before.half <= LOOSE * needed
    && Math.max(xs[1] - before.x, before.x - xs[0]) <= (before.half * reach * (1 + ROOM)) / 2 && (isStrip || Math.max(ys[1] - before.y, before.y - ys[0]) <= (before.half * (1 + ROOM)) / 2);
  if (holds) return before;
  const half = nice(needed * 1.1);
  const round = (value) => Math.round((value / half) * 8) * (half / 8);
  return { x: round((xs[0] + xs[1]) / 2), y: isStrip ? 0 : round((ys[0] + ys[1]) / 2), half, reach };
}

/** A place as GraphView takes it, ±1 high. */
export const within = (box, isStrip) => ([x, y]) => [(x - box.x) / box.half, isStrip ? y : (y - box.y) / box.half];

/** The corners of the whole canvas as places of the plane; `margin` px around ±1 are the view's. */
export function cornersOf(box, isStrip, { width, height, margin }) {
  const scale = Math.max(1, height / 2 - margin);
  const [far, tall] = [(width / 2 / scale) * box.half, (height / 2 / scale) * (isStrip ? 1 : box.half)];
  return [[-1, 1], [1, 1], [1, -1], [-1, -1]].map(([x, y]) => [box.x + x * far, (isStrip ? 0 : box.y) + y * tall]);
}

/** Paint the ground of the picture. `toPixel` of a place of the plane; `trails`: [{color, points: [[x, y]]}], the newest last. */
export function paintGround(canvas, { toPixel, toValue, regions, trails, diagonal, isStrip, names, colors }) {
  const { pen, width, height } = fit(canvas);
  if (!width) return;
  pen.clearRect(0, 0, width, height);
  pen.lineJoin = "round";
  for (const { answer, polygon } of regions) {
    pen.fillStyle = css(mix(rgb(colors.paper), rgb(classFill(colors, answer)), colors.dark ? REGION.dark : REGION.light));
    outline(pen, polygon.map(toPixel));
    pen.fill();
  }
  pen.strokeStyle = colors.paper;
  pen.lineWidth = 1.5;
  for (const { polygon } of regions) {
    outline(pen, polygon.map(toPixel));
    pen.stroke();
  }
  paintScale(pen, { toPixel, toValue, isStrip, names, colors, width, height });
  if (diagonal) paintDiagonal(pen, { toPixel, toValue, colors, width, height });
  paintTrails(pen, trails, toPixel);
}

function outline(pen, pixels) {
  pen.beginPath();
  pixels.forEach(([x, y], k) => pen[k ? "lineTo" : "moveTo"](x, y));
  pen.closePath();
}

function paintScale(pen, { toPixel, toValue, isStrip, names, colors, width, height }) {
  const [[left, top], [right, bottom]] = [toValue([0, 0]), toValue([width, height])];
  pen.font = `11px ${colors.font}`;
  pen.fillStyle = colors.muted;
  pen.lineWidth = 1;
  const line = (x0, y0, x1, y1, strong) => {
    pen.strokeStyle = css(rgb(colors.ink), strong ? 0.22 : 0.07);
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  };
  pen.textBaseline = "bottom";
  pen.textAlign = "center";
  for (const value of ticks(left, right, Math.max(2, Math.floor(width / 90)))) {
    const x = Math.round(toPixel([value, 0])[0]) + 0.5;
    line(x, 0, x, height, value === 0);
    if (x > 26 && x < width - 26) pen.fillText(number(value), x, height - 3);
  }
  if (!isStrip) {
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    for (const value of ticks(bottom, top, Math.max(2, Math.floor(height / 70)))) {
      const y = Math.round(toPixel([0, value])[1]) + 0.5;
      line(0, y, width, y, value === 0);
      if (y > 26 && y < height - 24) pen.fillText(number(value), 4, y);
    }
    pen.textBaseline = "top";
    pen.fillText(names[1], 4, 4);
  }
  pen.textAlign = "right";
  pen.textBaseline = "bottom";
  pen.fillText(names[0], width - 4, height - 17);
}

function paintDiagonal(pen, { toPixel, toValue, colors, width }) {
  const [left, right] = [toValue([0, 0])[0], toValue([width, 0])[0]];
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(...toPixel([left, left]));
  pen.lineTo(...toPixel([right, right]));
  pen.stroke();
}

function paintTrails(pen, trails, toPixel) {
  pen.lineWidth = 1.4;
  for (const [share, alpha] of [[0, 0.16], [1 / 3, 0.3], [2 / 3, 0.5]]) {
    for (const { color, points } of trails) {
      const [from, till] = [Math.floor(share * (points.length - 1)), Math.ceil((share + 1 / 3) * (points.length - 1))];
      if (till <= from) continue;
      pen.strokeStyle = css(rgb(color), alpha);
      pen.beginPath();
      for (let k = from; k <= till; k += 1) pen[k === from ? "moveTo" : "lineTo"](...toPixel(points[k]));
      pen.stroke();
    }
  }
}
