// A small chart of lines and points over a range of numbers, with what lies under the pointer named in a line below.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, setText } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";

const MARGIN = { top: 12, right: 12, bottom: 34, left: 44 };

/**
 * `show({xs, lines, points, ceiling, log, xName, yName, tell})`: lines are {ys, color, dash, dots, fill}; points {x, y, color,
 * hollow}; `tell(i)` says what stands at xs[i], `tell(null)` what is said where nobody points. `draw(colors)` paints.
 */
export function buildChart({ label, redraw, height = 210, onhover }) {
  const canvas = h("canvas", {
    role: "application", tabindex: 0, "aria-roledescription": "chart", style: { height: `${height}px` },
    onpointermove: (event) => point(indexAt(event)), onpointerleave: () => point(null), onblur: () => point(null),
    onkeydown: (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!way || !state) return;
      event.preventDefault();
      event.stopPropagation();
      point(Math.min(state.xs.length - 1, Math.max(0, at === null ? (way > 0 ? 0 : state.xs.length - 1) : at + way)));
    },
  });
  const words = h("p.small.value.under-chart", { "aria-live": "polite" });
  let [state, at, toX, drawn, inked] = [null, null, null, "", null];

  function point(next) {
    if (next === at) return;
    at = next;
    onhover?.(at);
    setText(words, state.tell(at));
    drawn = "";
    redraw();
  }

  function indexAt(event) {
    if (!toX) return null;
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    return state.xs.reduce((best, value, i) => (Math.abs(toX(value) - x) < Math.abs(toX(state.xs[best]) - x) ? i : best), 0);
  }

  return {
    element: h("div.chart", canvas, words),
    show(next) {
      state = next;
      drawn = "";
      if (at !== null && at >= state.xs.length) at = null;
      setText(words, state.tell(at));
      canvas.setAttribute("aria-label", `${label}. ${state.tell(null)}`);
    },
    draw(colors) {
      if (drawn === canvas.clientWidth && inked === colors) return;
      const { pen, width, height: tall } = fit(canvas);
      [drawn, inked] = [width, colors];
      pen.clearRect(0, 0, width, tall);
      if (!state || !width) return;
      const { xs, lines, points = [], log, xName, yName, most } = state;
      const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top + 8, bottom: tall - MARGIN.bottom };
      const place = log ? Math.log : (x) => x;
      const [low, high] = [place(xs[0]), place(xs.at(-1))];
      toX = (x) => box.left + (high > low ? (place(x) - low) / (high - low) : 0.5) * (box.right - box.left);
      const toY = (y) => box.bottom - (y / most) * (box.bottom - box.top);
      pen.font = `12px ${colors.font}`;
      pen.fillStyle = colors.muted;
      pen.strokeStyle = colors.line;
      pen.lineWidth = 1;
      pen.textBaseline = "middle";
      pen.textAlign = "right";
      for (const level of ticks(0, most, 4)) {
        const y = Math.round(toY(level)) + 0.5;
        pen.beginPath();
        pen.moveTo(box.left, y);
        pen.lineTo(box.right, y);
        pen.stroke();
        pen.fillText(number(level), box.left - 7, y);
      }
      pen.textAlign = "left";
      pen.fillText(yName, 2, 7);
      pen.textAlign = "center";
      pen.textBaseline = "top";
      const every = Math.ceil((xs.length * 30) / (box.right - box.left));
      xs.forEach((x, i) => { if (i % every === 0) pen.fillText(number(x), toX(x), box.bottom + 6); });
      pen.textAlign = "right";
      pen.fillText(xName, box.right, box.bottom + 20);
      if (at !== null) {
        pen.strokeStyle = css(rgb(colors.ink), 0.35);
        pen.beginPath();
        pen.moveTo(toX(xs[at]), box.top - 4);
        pen.lineTo(toX(xs[at]), box.bottom);
        pen.stroke();
      }
      for (const { ys, color, dash, dots } of lines) {
        pen.strokeStyle = pen.fillStyle = color;
        pen.lineWidth = 2;
        pen.setLineDash(dash ?? []);
        pen.beginPath();
        let open = false;
        ys.forEach((y, i) => {
          if (Number.isNaN(y)) { open = false; return; }
          if (open) pen.lineTo(toX(xs[i]), toY(y)); else pen.moveTo(toX(xs[i]), toY(y));
          open = true;
        });
        pen.stroke();
        pen.setLineDash([]);
        ys.forEach((y, i) => {
          if (!dots && i !== at) return;
          pen.beginPath();
          pen.arc(toX(xs[i]), toY(y), i === at ? 4 : 2.5, 0, 2 * Math.PI);
          pen.fill();
        });
      }
      for (const { x, y, color, hollow } of points) {
        if (!Number.isFinite(y)) continue;
        pen.beginPath();
        pen.arc(toX(x), toY(y), 5.5, 0, 2 * Math.PI);
        pen.lineWidth = 2.5;
        pen.strokeStyle = color;
        pen.fillStyle = hollow ? colors.paper : color;
        pen.fill();
        pen.stroke();
      }
    },
  };
}
