// Shares from 0 to 1 against ε on a canvas; where one is in ε can be dragged.

import { css, rgb } from "../lib/color.js";
import { trace } from "../lib/curve.js";
import { fit, h, percent } from "../lib/dom.js";
import { number } from "../lib/number.js";
import { ticks } from "../lib/scale.js";
import { argmax } from "./stage.js";

const MARGIN = { top: 20, right: 14, bottom: 28, left: 46 };
const NAMED = 0.12; // a line that never comes so high is not named
const APART = [26, 15]; // px between two names, across and down

/** `onpick(epsilon)` hears the pointer and the arrow keys, whose steps are `step` wide. `ends`: lines are named at their end, else at their top. */
export function buildEpsilonChart({ label, height, largest, step, onpick, ends = false }) {
  const canvas = h("canvas.epsilon-chart", { tabindex: 0, role: "slider", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": largest, style: { height: `${height}px` } });
  let state = { series: [], marks: [], cursor: 0 };

  const box = () => ({ left: MARGIN.left, right: canvas.clientWidth - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom });
  const toX = (epsilon) => box().left + (epsilon / largest) * (box().right - box().left);
  const toY = (share) => box().bottom - share * (box().bottom - box().top);
  const pick = (epsilon) => onpick(Math.min(largest, Math.max(0, epsilon)));
  const at = (event) => {
    const { left, right } = box();
    return ((event.clientX - canvas.getBoundingClientRect().left - left) / (right - left)) * largest;
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    pick(at(event));
  });
  canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) pick(at(event)); });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const to = way ? state.cursor + way * step * (event.shiftKey ? 5 : 1) : { Home: 0, End: largest }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    pick(to);
  });

  function axes(pen, colors) {
    const { left, right, bottom } = box();
    pen.font = `12px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const y = Math.round(toY(share)) + 0.5;
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(right, y);
      pen.stroke();
      pen.fillText(percent(share, 0), left - 8, y);
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const epsilon of ticks(0, largest, Math.max(3, Math.floor((right - left) / 90)))) pen.fillText(epsilon ? number(epsilon) : "ε = 0", toX(epsilon), bottom + 8);
  }

  function marks(pen, colors) {
    pen.font = `600 12px ${colors.font}`;
    pen.textBaseline = "bottom";
    pen.lineWidth = 1;
    let free = -Infinity; // px from which on there is room for words
    for (const { epsilon, text } of state.marks) {
      const x = Math.round(toX(epsilon)) + 0.5;
      pen.strokeStyle = css(rgb(colors.ink), 0.55);
      pen.setLineDash([3, 3]);
      pen.beginPath();
      pen.moveTo(x, box().top);
      pen.lineTo(x, box().bottom);
      pen.stroke();
      pen.setLineDash([]);
      const wide = pen.measureText(text).width;
      const from = Math.min(Math.max(x - wide / 2, 0), canvas.clientWidth - wide);
      if (from < free) continue;
      free = from + wide + 10;
      pen.fillStyle = colors.ink;
      pen.textAlign = "left";
      pen.fillText(text, from, box().top - 4);
    }
  }

  function names(pen, colors) {
    pen.font = `600 13px ${colors.font}`;
    pen.textBaseline = "bottom";
    const taken = [];
    for (const { name, color, xs, ys, below } of state.series) {
      const best = ends ? ys.length - 1 : argmax(ys);
      if (!name || !(ends || ys[best] > NAMED)) continue;
      const wide = pen.measureText(name).width;
      const shift = ends ? -wide / 2 : 0;
      const x = Math.min(Math.max(toX(xs[best]) + shift, box().left + wide / 2 + 3), box().right - wide / 2 - 3);
      const y = below ? Math.min(toY(ys[best]) + 20, box().bottom) : Math.max(toY(ys[best]) - (ends ? 8 : 3), box().top + 14);
      if (taken.some(([a, b, w]) => Math.abs(a - x) < Math.max(APART[0], (w + wide) / 2 + 4) && Math.abs(b - y) < APART[1])) continue;
      taken.push([x, y, wide]);
      pen.textAlign = "center";
      pen.lineWidth = 3;
      pen.strokeStyle = colors.paper;
      pen.strokeText(name, x, y);
      pen.fillStyle = color;
      pen.fillText(name, x, y);
    }
  }

  return {
    element: canvas,
    /** series: {name, color, xs, ys, dash, weight, below: its name stands under it}; marks: {epsilon, text}; cursor: ε; says: what stands at the cursor. */
    show(next) {
      state = { ...state, ...next };
      canvas.setAttribute("aria-valuenow", state.cursor);
      canvas.setAttribute("aria-valuetext", `ε = ${number(state.cursor, 4)}. ${state.says ?? ""}`);
    },
    draw(colors) {
      const { pen, width } = fit(canvas);
      pen.clearRect(0, 0, width, height);
      if (!width) return;
      axes(pen, colors);
      pen.lineJoin = "round";
      for (const { xs, ys, color, dash, weight = 2 } of state.series) {
        pen.strokeStyle = color;
        pen.lineWidth = weight;
        pen.setLineDash(dash ?? []);
        trace(pen, xs, ys, toX, toY);
        pen.stroke();
      }
      pen.setLineDash([]);
      marks(pen, colors);
      names(pen, colors);
      const x = toX(state.cursor);
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.moveTo(x, box().top);
      pen.lineTo(x, box().bottom);
      pen.stroke();
      pen.fillStyle = colors.accent;
      pen.beginPath();
      pen.arc(x, box().bottom, 5, 0, 2 * Math.PI);
      pen.fill();
    },
  };
}
