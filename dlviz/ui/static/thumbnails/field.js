// The decision of a small network over the plane: colours, lines of equal confidence, and the points.

import { css, rgb } from "../lib/color.js";
import { crossings } from "../lib/contour.js";
import { fit } from "../lib/dom.js";
import { inks, paintSigned, Sheet } from "../lib/heat.js";

const SIDE = 64;
const LEVELS = [-0.9, -0.5, 0.5, 0.9]; // of p(class 1) − p(class 0), drawn faintly; zero is the decision

/** A painter for `Living` that draws on its canvas; `after(pen, size)` may draw on top. */
export function fieldPainter(ctx, after) {
  const sheet = new Sheet(SIDE);
  const map = new Float32Array(SIDE * SIDE), shifted = new Float32Array(SIDE * SIDE);
  return ({ network, data, canvas }) => {
    const { pen, width } = fit(canvas);
    if (!width) return;
    network.decision(SIDE, map);
    paintSigned(sheet, 0, map, 1.35, inks(ctx.colors));
    sheet.flush();
    pen.clearRect(0, 0, width, width);
    pen.imageSmoothingEnabled = true;
    pen.imageSmoothingQuality = "high";
    pen.globalAlpha = 0.72;
    sheet.drawTo(pen, 0, 0, 0, width);
    pen.globalAlpha = 1;
    for (const level of LEVELS) {
      for (let k = 0; k < map.length; k++) shifted[k] = map[k] - level;
      contour(pen, shifted, width, css(rgb(ctx.colors.ink), 0.16), 1);
    }
    contour(pen, map, width, ctx.colors.ink, 2);
    data.inputs.forEach(([x, y], n) => dot(pen, ((x + 1) / 2) * width, ((1 - y) / 2) * width, data.labels[n], ctx.colors, width > 260 ? 3.6 : 2.6));
    after?.(pen, width);
  };
}

export function dot(pen, x, y, label, colors, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = label ? colors.positive : colors.negative;
  pen.fill();
  pen.lineWidth = 1;
  pen.strokeStyle = colors.paper;
  pen.stroke();
}

function contour(pen, values, size, color, thick) {
  const cell = size / SIDE;
  let start = true;
  pen.beginPath();
  crossings(values, SIDE, SIDE, (from, to) => {
    const t = values[from] / (values[from] - values[to]);
    const x = (from % SIDE) + t * ((to % SIDE) - (from % SIDE)), y = Math.floor(from / SIDE) + t * (Math.floor(to / SIDE) - Math.floor(from / SIDE));
    pen[start ? "moveTo" : "lineTo"]((x + 0.5) * cell, (y + 0.5) * cell);
    start = !start;
  });
  pen.strokeStyle = color;
  pen.lineWidth = thick;
  pen.lineCap = "round";
  pen.stroke();
}
