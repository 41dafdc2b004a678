// An autoencoder as a thumbnail: a picture, its sums, the plane of two numbers with the path of the code, bells, the picture
// again, in the shape of an hourglass.

import { css, rgb } from "../lib/color.js";
import { fit } from "../lib/dom.js";
import { SIDE } from "./autoencoding.js";

const EDGE = 0.045; // of the width, around everything
const PICTURE = 0.28; // of the width
const STRIP = 0.026; // of the width: a layer of sums or bells
const PLANE = 0.17; // of the width
const TONE = 0.92; // of the sequential scale

/** A painter for `Autoencoding`. */
export function autoencoderPainter(ctx) {
  return ({ canvas, picture, sums, code, bells, decoded, trail }) => {
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const { colors } = ctx;
    const sizes = [[PICTURE, PICTURE], [STRIP, 0.23], [PLANE, PLANE], [STRIP, 0.23], [PICTURE, PICTURE]].map(([w, h]) => [w * width, Math.min(h * width, height * 0.8)]);
    const gap = (width * (1 - 2 * EDGE) - sizes.reduce((sum, [w]) => sum + w, 0)) / 4;
    let x = EDGE * width;
    const places = sizes.map(([w, h]) => {
      const place = { x, y: (height - h) / 2, w, h };
      x += w + gap;
      return place;
    });
    pen.clearRect(0, 0, width, height);
    glass(pen, places, height, colors);
    const most = Math.max(...sums);
    cells(pen, places[0], SIDE, SIDE, picture, 1, colors);
    cells(pen, places[1], 1, 2 * SIDE, sums, most, colors);
    plane(pen, places[2], code, trail, colors);
    cells(pen, places[3], 1, 2 * SIDE, bells, 1, colors);
    cells(pen, places[4], SIDE, SIDE, decoded, 1, colors);
  };
}

// As narrow in the middle as two numbers are.
function glass(pen, places, height, colors) {
  const middle = height / 2;
  const spans = places.map(({ x, w, h }, k) => ({ from: x, to: x + w, half: k === 2 ? 3 : h / 2 }));
  pen.beginPath();
  side(spans, -1);
  side([...spans].reverse().map(({ from, to, half }) => ({ from: to, to: from, half })), 1);
  pen.closePath();
  pen.fillStyle = css(rgb(colors.accent), 0.14);
  pen.fill();

  function side(list, sign) {
    list.forEach(({ from, to, half }, k) => {
      pen.lineTo(from, middle + sign * half);
      pen.lineTo(to, middle + sign * half);
      const next = list[k + 1];
      if (!next) return;
      const between = (to + next.from) / 2;
      pen.bezierCurveTo(between, middle + sign * half, between, middle + sign * next.half, next.from, middle + sign * next.half);
    });
  }
}

function cells(pen, { x, y, w, h }, cols, rows, values, full, colors) {
  const [across, down] = [w / cols, h / rows];
  const round = Math.min(6, w * 0.06);
  pen.save();
  pen.beginPath();
  pen.roundRect(x, y, w, h, round);
  pen.clip();
  for (let k = 0; k < cols * rows; k += 1) {
    pen.fillStyle = css(colors.sequential(TONE * Math.min(1, values[k] / full)));
    pen.fillRect(x + (k % cols) * across, y + Math.floor(k / cols) * down, across + 0.5, down + 0.5);
  }
  pen.restore();
  border(pen, { x, y, w, h }, round, css(rgb(colors.ink), 0.28), 1);
}

function plane(pen, place, code, trail, colors) {
  const { x, y, w, h } = place;
  const at = ([a, b]) => [x + w * (0.5 + 0.4 * a), y + h * (0.5 + 0.4 * b)];
  pen.beginPath();
  pen.roundRect(x, y, w, h, 6);
  pen.fillStyle = colors.paper;
  pen.fill();
  border(pen, place, 6, colors.accent, 1.4);
  pen.strokeStyle = css(rgb(colors.ink), 0.14);
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x + w / 2, y + 5);
  pen.lineTo(x + w / 2, y + h - 5);
  pen.moveTo(x + 5, y + h / 2);
  pen.lineTo(x + w - 5, y + h / 2);
  pen.stroke();
  pen.beginPath();
  trail.forEach((each, k) => pen[k ? "lineTo" : "moveTo"](...at(each)));
  pen.strokeStyle = css(rgb(colors.accent), 0.45);
  pen.lineWidth = 1.6;
  pen.lineJoin = "round";
  pen.stroke();
  pen.beginPath();
  pen.arc(...at(code), Math.max(3, w * 0.055), 0, 2 * Math.PI);
  pen.fillStyle = colors.accent;
  pen.fill();
}

function border(pen, { x, y, w, h }, round, color, thick) {
  pen.beginPath();
  pen.roundRect(x, y, w, h, round);
  pen.lineWidth = thick;
  pen.strokeStyle = color;
  pen.stroke();
}
