// Measured milliseconds over lengths on two logarithmic axes, with fitted lines; a read-out for the length pointed at.

import { css, rgb } from "../lib/color.js";
import { count, fit, h, number, replace } from "../lib/dom.js";
import { logTicks } from "../lib/scale.js";

const MARGIN = { top: 12, right: 16, bottom: 34, left: 62 };

/** `show({xs, series: [{label, color, ys, fit, shape}]})`: ys in ms, NaN where not measured; fit {p, c, from} or null. */
export function logChart({ label, unit = "tokens", redraw }) {
  const canvas = h("canvas.loglog", { tabindex: 0, role: "img", "aria-label": label });
  const readout = h("p.small.value.told", { "aria-live": "polite" });
  const element = h("div.stack.chart", canvas, readout);
  let state = { xs: [], series: [] };
  let toX = null;
  let at = null;

  const look = (next) => { at = next; redraw(); };
  canvas.addEventListener("pointermove", (event) => {
    if (!toX) return;
    const away = state.xs.map((x) => Math.abs(toX(x) - event.offsetX));
    look(away.indexOf(Math.min(...away)));
  });
  canvas.addEventListener("pointerleave", () => look(null));
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || !state.xs.length) return;
    event.preventDefault();
    look(Math.min(state.xs.length - 1, Math.max(0, (at ?? (way > 0 ? -1 : state.xs.length)) + way)));
  });

  function axes(pen, colors, box, [low, high], toY) {
    pen.font = `12px ${colors.font}`;
    pen.strokeStyle = colors.line;
    pen.fillStyle = colors.muted;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const level of logTicks(low, high)) {
      const y = Math.round(toY(level)) + 0.5;
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.right, y);
      pen.stroke();
      pen.fillText(number(level), box.left - 8, y);
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    let free = -Infinity;
    for (const x of state.xs) {
      const half = pen.measureText(count(x)).width / 2 + 5;
      if (toX(x) - half < free) continue;
      pen.fillText(count(x), toX(x), box.bottom + 7);
      free = toX(x) + half;
    }
    pen.textAlign = "right";
    pen.fillText(unit, box.right, box.bottom + 21);
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    pen.fillText("ms", 4, box.top + 8);
  }

  function dot(pen, shape, x, y, r) {
    pen.beginPath();
    if (shape === "square") pen.rect(x - r, y - r, 2 * r, 2 * r);
    else if (shape === "triangle") {
      pen.moveTo(x, y - 1.3 * r);
      pen.lineTo(x + 1.2 * r, y + r);
      pen.lineTo(x - 1.2 * r, y + r);
      pen.closePath();
    } else pen.arc(x, y, r, 0, 2 * Math.PI);
    pen.fill();
  }

  function draw(colors) {
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const known = state.series.flatMap(({ ys }) => ys.filter((y) => y > 0));
    if (!known.length || !width) return;
    const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    const range = [Math.min(...known) / 1.4, Math.max(...known) * 1.4];
    const share = (x, low, high) => Math.log(x / low) / Math.log(high / low);
    toX = (x) => box.left + 12 + share(x, state.xs[0], state.xs.at(-1)) * (box.right - box.left - 24);
    const toY = (y) => box.bottom - share(y, ...range) * (box.bottom - box.top);
    axes(pen, colors, box, range, toY);
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    pen.clip();
    for (const { ys, color, fit: line, shape } of state.series) {
      if (line) {
        pen.strokeStyle = color;
        pen.lineWidth = 1.6;
        pen.setLineDash([2, 5]);
        pen.beginPath();
        const ends = [line.from, state.xs.at(-1)];
        ends.forEach((x, i) => (i ? pen.lineTo(toX(x), toY(line.c * x ** line.p)) : pen.moveTo(toX(x), toY(line.c * x ** line.p))));
        pen.stroke();
        pen.setLineDash([]);
      }
      pen.strokeStyle = css(rgb(color), 0.55);
      pen.lineWidth = 1.5;
      pen.beginPath();
      ys.forEach((y, i) => { if (y > 0) pen.lineTo(toX(state.xs[i]), toY(y)); });
      pen.stroke();
      pen.fillStyle = color;
      ys.forEach((y, i) => { if (y > 0) dot(pen, shape, toX(state.xs[i]), toY(y), i === at ? 6 : 4); });
    }
    pen.restore();
    const said = at === null ? [] : state.series.map(({ label: name, ys }) => `${name} ${ys[at] > 0 ? `${number(ys[at])} ms` : "not measured"}`);
    const text = at === null ? "Point at a length, or use the arrow keys, to read its times." : `${count(state.xs[at])} ${unit}: ${said.join(", ")}`;
    if (readout.textContent !== text) replace(readout, text);
    canvas.setAttribute("aria-label", `${label}. ${state.series.map(({ label: name, ys }) => `${name}: ${ys.map((y, i) => (y > 0 ? `${state.xs[i]} tokens ${number(y)} ms` : "")).filter(Boolean).join(", ")}`).join(". ")}`);
  }

  return { element, draw, show: (next) => { state = next; } };
}
