// One number of the code as two bells: where ε fell under N(0, 1), and where z came out under q(z|x), joined by z = μ + σ ε.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, steady } from "../lib/dom.js";
import { FARTHEST } from "./drawing.js";

const [TOP, LOW, PEAK] = [56, 148, 42]; // px: the line of ε, the line of z, the height of a bell
const BETWEEN = 96; // above it the pointer sets ε, below it z
const KEY = 0.1;

/** `onmove(epsilon)`; `show({name, mean, sigma, epsilon, reach, stage})`, `draw(colors)`. */
export function buildBell({ onmove }) {
  const canvas = h("canvas.reparam-bell", { tabindex: 0, role: "slider", "aria-valuemin": -FARTHEST, "aria-valuemax": FARTHEST });
  let now = null;
  let holds = null; // "epsilon" or "z" while dragged
  // At once, so that a second key press before the next drawing counts from here.
  const set = (epsilon) => { now = { ...now, epsilon }; onmove(epsilon); };
  const clamp = (value) => Math.max(-FARTHEST, Math.min(FARTHEST, value));
  const toX = (value) => (0.5 + value / (2 * now.reach)) * canvas.clientWidth;
  const move = (event) => {
    const box = canvas.getBoundingClientRect();
    const value = ((event.clientX - box.left) / box.width - 0.5) * 2 * now.reach;
    set(clamp(holds === "z" ? (value - now.mean) / now.sigma : value));
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !now) return;
    canvas.setPointerCapture(event.pointerId);
    holds = event.clientY - canvas.getBoundingClientRect().top > BETWEEN ? "z" : "epsilon";
    move(event);
  });
  canvas.addEventListener("pointermove", (event) => { if (holds) move(event); });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { holds = null; });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!now || (!way && event.key !== "Home")) return;
    event.preventDefault();
    event.stopPropagation();
    set(event.key === "Home" ? 0 : clamp(Number((now.epsilon + way * KEY * (event.shiftKey ? 5 : 1)).toFixed(3))));
  });

  function show(next) {
    now = next;
    canvas.setAttribute("aria-label", `ε of ${next.name}. Arrow keys move it, Home puts it to 0`);
    canvas.setAttribute("aria-valuenow", next.epsilon.toFixed(2));
    canvas.setAttribute("aria-valuetext", `ε ${steady(next.epsilon, 2)}, z ${steady(next.mean + next.sigma * next.epsilon, 2)}`);
  }

  function curve(pen, mean, sigma, base, fill, stroke, dash = []) {
    const [from, to] = [mean - 4 * sigma, mean + 4 * sigma];
    pen.beginPath();
    for (let i = 0; i <= 60; i += 1) {
      const x = from + (i / 60) * (to - from);
      const y = base - PEAK * Math.exp(-((x - mean) ** 2) / (2 * sigma * sigma));
      pen[i ? "lineTo" : "moveTo"](toX(x), y);
    }
    if (fill) {
      pen.fillStyle = fill;
      pen.fill();
    }
    pen.setLineDash(dash);
    pen.strokeStyle = stroke;
    pen.lineWidth = 1.6;
    pen.stroke();
    pen.setLineDash([]);
  }

  function line(pen, points, color, width) {
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.beginPath();
    points.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](x, y));
    pen.stroke();
  }

  function dot(pen, x, y, color, paper) {
    pen.beginPath();
    pen.arc(x, y, 5, 0, 2 * Math.PI);
    pen.fillStyle = color;
    pen.fill();
    pen.strokeStyle = paper;
    pen.lineWidth = 1.5;
    pen.stroke();
  }

  function draw(colors) {
    if (!now || !canvas.clientWidth) return;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const { mean, sigma, epsilon, reach, stage } = now;
    const ink = (share) => css(rgb(colors.ink), share);
    for (const base of [TOP, LOW]) line(pen, [[0, base + 0.5], [width, base + 0.5]], colors.line, 1);
    pen.font = `11px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    const every = reach > 8 ? 4 : 2;
    for (let tick = -every * Math.floor(reach / every); tick <= reach; tick += every) {
      const x = toX(tick);
      if (x > 8 && x < width - 8) pen.fillText(number(tick), x, LOW + 5);
    }
    pen.textAlign = "left";
    pen.textBaseline = "top";
    pen.fillText("ε", 3, TOP - 15);
    pen.fillText("z", 3, LOW - 15);
    curve(pen, 0, 1, TOP, ink(0.06), ink(0.5));
    curve(pen, 0, 1, LOW, null, ink(0.4), [3, 3]);
    if (stage >= 1) {
      for (let k = -2; k <= 2; k += 1) line(pen, [[toX(k), TOP], [toX(mean + sigma * k), LOW]], ink(0.13), 1);
      curve(pen, mean, sigma, LOW, css(rgb(colors.accent), 0.22), colors.accent);
    }
    line(pen, [[toX(mean), LOW - 5], [toX(mean), LOW + 5]], colors.accent, 2);
    const [x, y] = [toX(epsilon), toX(mean + sigma * epsilon)];
    const warm = colors.negative;
    if (stage >= 3) line(pen, [[x, TOP], [y, LOW]], warm, 1.8);
    if (stage >= 2) dot(pen, x, TOP, warm, colors.paper);
    if (stage >= 3) dot(pen, y, LOW, warm, colors.paper);
  }

  return { canvas, show, draw, middle: (value, low) => {
    const box = canvas.getBoundingClientRect();
    return [box.left + toX(value), box.top + (low ? LOW : TOP)];
  } };
}
