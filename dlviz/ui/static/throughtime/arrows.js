// Pictures of a clipped gradient: a histogram with the two cuts, and three arrows in one plane.

import { css, rgb } from "../lib/color.js";
import { fit, number, steady } from "../lib/dom.js";

const FOOT = 24; // px under the histogram for its axis
const HEAD = 9; // px of an arrow's head

export function drawHistogram(canvas, colors, { counts, reach, limit }) {
  const { pen, width, height } = fit(canvas);
  pen.clearRect(0, 0, width, height);
  const top = Math.log1p(Math.max(...counts));
  const bottom = height - FOOT;
  const bar = width / counts.length;
  const toX = (g) => ((g + reach) / (2 * reach)) * width;
  counts.forEach((n, k) => {
    const tall = (Math.log1p(n) / top) * (bottom - 14);
    const middle = ((k + 0.5) / counts.length) * 2 * reach - reach;
    const isCut = Math.abs(middle) > limit;
    pen.fillStyle = css(rgb(middle < 0 ? colors.negative : colors.positive), isCut ? 0.3 : 0.85);
    if (k === (counts.length - 1) / 2) pen.fillStyle = css(rgb(colors.muted), 0.8);
    pen.fillRect(k * bar + 0.5, bottom - tall, Math.max(1, bar - 1), tall);
  });
  pen.fillStyle = colors.muted;
  pen.font = `12px ${colors.font}`;
  pen.textBaseline = "top";
  pen.strokeStyle = colors.line;
  pen.beginPath();
  pen.moveTo(0, bottom + 0.5);
  pen.lineTo(width, bottom + 0.5);
  pen.stroke();
  for (const [g, align] of [[-reach, "left"], [0, "center"], [reach, "right"]]) {
    pen.textAlign = align;
    pen.fillText(number(g), toX(g), bottom + 6);
  }
  if (limit >= reach) return;
  pen.strokeStyle = colors.ink;
  pen.setLineDash([4, 3]);
  for (const g of [-limit, limit]) {
    pen.beginPath();
    pen.moveTo(toX(g), 0);
    pen.lineTo(toX(g), bottom);
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.fillStyle = colors.ink;
  const room = toX(limit) + 90 < width;
  pen.textAlign = room ? "left" : "right";
  pen.fillText(`±${number(limit)}`, toX(limit) + (room ? 5 : -5), 0);
}

export function drawArrows(canvas, colors, { norm, byNorm, byValue, cosineByValue }) {
  const { pen, width, height } = fit(canvas);
  pen.clearRect(0, 0, width, height);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosineByValue)));
  const [left, right, bottom] = [14, width - 14, angle < 0.02 ? height / 2 : height - 40];
  const longest = Math.max(byNorm, byValue) || 1;
  // The clipped arrows are drawn to one scale; the whole gradient goes to the edge where it is longer than that.
  const unit = Math.min((right - left) * 0.86, (bottom - 26) / Math.max(0.12, Math.sin(angle))) / longest;
  const whole = Math.min(norm * unit, right - left);
  pen.font = `13px ${colors.font}`;
  arrow(pen, left, bottom, left + whole, bottom, colors.muted, 2, [5, 4]);
  arrow(pen, left, bottom, left + byNorm * unit, bottom, colors.positive, 5);
  const tip = [left + byValue * unit * Math.cos(angle), bottom - byValue * unit * Math.sin(angle)];
  arrow(pen, left, bottom, ...tip, colors.negative, 2.5);
  if (angle > 0.01) {
    pen.strokeStyle = colors.line;
    pen.beginPath();
    pen.arc(left, bottom, 46, -angle, 0);
    pen.stroke();
  }
  pen.textBaseline = "top";
  pen.textAlign = "left";
  pen.fillStyle = colors.muted;
  const more = norm * unit > right - left + 1 ? `, ${number((norm * unit) / (right - left))} times as long as there is room` : "";
  pen.fillText(`whole: ${number(norm)}${more}`, left, bottom + 8);
  pen.fillStyle = colors.positive;
  pen.fillText(`by norm: ${number(byNorm)}, cosine ${steady(norm > 0 ? 1 : 0)}`, left, bottom + 24);
  pen.textBaseline = "bottom";
  pen.fillStyle = colors.negative;
  const text = `by value: ${number(byValue)}, cosine ${steady(cosineByValue)}`;
  const room = pen.measureText(text).width;
  pen.fillText(text, Math.max(left, Math.min(tip[0] - room / 2, right - room)), Math.max(16, tip[1] - 8));
}

function arrow(pen, x0, y0, x1, y1, color, weight, dash = []) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const long = Math.hypot(dx, dy);
  if (long < 1) return;
  const [ux, uy] = [dx / long, dy / long];
  const head = Math.min(HEAD, long);
  pen.strokeStyle = pen.fillStyle = color;
  pen.lineWidth = weight;
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1 - ux * head * 0.8, y1 - uy * head * 0.8);
  pen.stroke();
  pen.setLineDash([]);
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x1 - ux * head - uy * head * 0.5, y1 - uy * head + ux * head * 0.5);
  pen.lineTo(x1 - ux * head + uy * head * 0.5, y1 - uy * head - ux * head * 0.5);
  pen.fill();
}
