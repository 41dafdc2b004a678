// The activation curve with every point on it at its z.

import { ACTIVATIONS } from "../lib/activation.js";
import { css, rgb } from "../lib/color.js";
import { fit, h, number } from "../lib/dom.js";

const sigmoid = ACTIVATIONS.sigmoid.value;
const clip = (x) => Math.min(Math.max(x, -1), 1);

/** `value` is f; `shade` puts f(z) on the diverging colours; `floor` and `ceiling` bound it, null where nothing does. */
export const RESPONSES = {
  step: { label: "Step", name: "step", value: (z) => Number(z > 0), shade: (z) => (z > 0 ? 1 : -1), floor: 0, ceiling: 1, smooth: false },
  sigmoid: { label: "Sigmoid", name: "σ", value: sigmoid, shade: (z) => 2 * sigmoid(z) - 1, floor: 0, ceiling: 1, smooth: true },
  tanh: { label: "Tanh", name: "tanh", value: Math.tanh, shade: Math.tanh, floor: -1, ceiling: 1, smooth: true },
  relu: { label: "ReLU", name: "ReLU", value: ACTIVATIONS.relu.value, shade: (z) => clip(Math.max(z, 0) / 4), floor: 0, ceiling: null, smooth: true },
  linear: { label: "Linear", name: "f", value: (z) => z, shade: (z) => clip(z / 4), floor: null, ceiling: null, smooth: true },
};

const EDGE = { left: 34, right: 12, top: 14, bottom: 26 };
const NEAR = 10;

export function responseCurve({ hovered }) {
  const canvas = h("canvas", { role: "img" });
  const element = h("div.response", canvas);
  let spots = [];

  function draw({ zs, points, hover, current, activation }, colors) {
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    pen.clearRect(0, 0, width, height);
    const widest = Math.max(4, ...zs.map(Math.abs)) * 1.06;
    const low = activation.floor ?? -widest, high = activation.ceiling ?? widest;
    const room = (high - low) * 0.08;
    const x = (z) => EDGE.left + ((z + widest) / (2 * widest)) * (width - EDGE.left - EDGE.right);
    const y = (a) => EDGE.top + ((high + room - a) / (high - low + 2 * room)) * (height - EDGE.top - EDGE.bottom);
    drawAxes(pen, { x, y, low, high, widest, width, height, floor: activation.floor ?? 0 }, colors);
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 1.75;
    pen.beginPath();
    for (let k = 0; k <= 400; k++) {
      const z = widest * ((2 * k) / 400 - 1);
      pen.lineTo(x(z), y(activation.value(z)));
    }
    pen.stroke();
    spots = zs.map((z) => [x(z), y(activation.value(z))]);
    spots.forEach((spot, n) => mark(pen, spot, points[n], 3.2, colors));
    const shown = spots[current] ? current : hover;
    if (spots[shown]) guide(pen, spots[shown], points[shown], { y, x, low, left: EDGE.left }, colors);
    const [first, last] = [number(Math.min(...zs)), number(Math.max(...zs))];
    canvas.setAttribute("aria-label", `Activation ${activation.label}: ${points.length} points at their z from ${first} to ${last}.`);
  }

  function drawAxes(pen, { x, y, low, high, widest, width, height, floor }, colors) {
    pen.font = `12px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.strokeStyle = css(rgb(colors.ink), 0.16);
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x(0), EDGE.top - 6);
    pen.lineTo(x(0), height - EDGE.bottom);
    pen.moveTo(EDGE.left, y(floor));
    pen.lineTo(width - EDGE.right, y(floor));
    pen.stroke();
    pen.textAlign = "center";
    const step = 10 ** Math.floor(Math.log10(widest)) * (widest / 10 ** Math.floor(Math.log10(widest)) > 4 ? 2 : 1);
    for (let z = Math.ceil(-widest / step) * step; z <= widest; z += step) pen.fillText(number(z), x(z), height - 8);
    pen.textAlign = "right";
    for (const a of new Set([low, 0, high])) if (a >= low && a <= high) pen.fillText(number(Number(a.toPrecision(2))), EDGE.left - 8, y(a) + 4);
    pen.fillText("z", width - 2, height - 8);
    pen.textAlign = "left";
    pen.fillText("f(z)", x(0) + 6, EDGE.top);
  }

  function mark(pen, [cx, cy], { y }, radius, colors) {
    pen.beginPath();
    pen.arc(cx, cy, radius, 0, 2 * Math.PI);
    pen.fillStyle = y > 0 ? colors.positive : colors.negative;
    pen.fill();
    pen.lineWidth = 0.8;
    pen.strokeStyle = colors.paper;
    pen.stroke();
  }

  function guide(pen, [cx, cy], point, { y, low, left }, colors) {
    pen.save();
    pen.setLineDash([3, 3]);
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 1.25;
    pen.beginPath();
    pen.moveTo(cx, y(low));
    pen.lineTo(cx, cy);
    pen.lineTo(left, cy);
    pen.stroke();
    pen.restore();
    mark(pen, [cx, cy], point, 5.5, colors);
  }

  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let best = -1, nearest = NEAR;
    spots.forEach(([cx, cy], n) => {
      const away = Math.hypot(cx - px, cy - py);
      if (away < nearest) [best, nearest] = [n, away];
    });
    hovered(best);
  });
  canvas.addEventListener("pointerleave", () => hovered(-1));
  return { element, draw };
}
