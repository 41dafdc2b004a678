// A small chart over the way, aligned with the stations above it: lines, bars between stations, a band, and where one is.

import { css, rgb } from "../lib/color.js";
import { fit, h, number } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";

export const GAP = 6; // px between two stations, as in the style sheet

/** Where the place t of the way lies on a chart with so many stations. */
export function acrossOf(t, count, width) {
  const each = (width - (count - 1) * GAP) / count;
  return each / 2 + t * (count - 1) * (each + GAP);
}

/** `onpick(t)` hears clicks. */
export function buildWayChart({ height = 96, onpick }) {
  const canvas = h("canvas.walk-chart", { role: "img", style: { height: `${height}px` } });
  let stations = 2;
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect();
    const [first, last] = [0, 1].map((t) => acrossOf(t, stations, box.width));
    onpick(Math.min(1, Math.max(0, (event.clientX - box.left - first) / (last - first))));
  });
  return {
    element: canvas,
    /**
     * `lines`: {values evenly over the way, color, weight, dash, dots, name}; `bars`: [{values (one between two stations), color}];
     * `band` [low, high] and `guides` values across. `words` for those who cannot see it.
     */
    show({ count, t, low, high, lines = [], bars = [], band = null, guides = [], words, colors }) {
      stations = count;
      canvas.setAttribute("aria-label", words);
      const { pen, width, height: tall } = fit(canvas);
      if (!width) return;
      pen.clearRect(0, 0, width, tall);
      const toY = (value) => tall - 5 - ((value - low) / (high - low || 1)) * (tall - 12);
      const toX = (share) => acrossOf(share, count, width);
      if (band) {
        pen.fillStyle = css(rgb(colors.ink), 0.07);
        pen.fillRect(0, toY(band[1]), width, toY(band[0]) - toY(band[1]));
      }
      pen.font = `11px ${colors.font}`;
      pen.textAlign = "left";
      pen.textBaseline = "bottom";
      pen.lineWidth = 1;
      for (const value of ticks(low, high, 3)) {
        const y = Math.round(toY(value)) + 0.5;
        pen.strokeStyle = css(rgb(colors.ink), 0.1);
        pen.beginPath();
        pen.moveTo(0, y);
        pen.lineTo(width, y);
        pen.stroke();
        pen.fillStyle = colors.muted;
        if (y > 12) pen.fillText(number(value), 2, y - 1);
      }
      pen.strokeStyle = colors.muted;
      pen.setLineDash([5, 4]);
      for (const value of guides) {
        pen.beginPath();
        pen.moveTo(0, toY(value));
        pen.lineTo(width, toY(value));
        pen.stroke();
      }
      pen.setLineDash([]);
      const thick = Math.min(16, (toX(1 / (count - 1)) - toX(0)) / (bars.length + 1));
      bars.forEach(({ values, color }, k) => {
        pen.fillStyle = color;
        values.forEach((value, i) => pen.fillRect(toX((i + 0.5) / (count - 1)) + (k - bars.length / 2) * thick + 0.5, toY(value), thick - 1, tall - 5 - toY(value)));
      });
      for (const { values, color, weight = 2, dash = [], dots = false } of lines) {
        pen.strokeStyle = pen.fillStyle = color;
        pen.lineWidth = weight;
        pen.setLineDash(dash);
        pen.beginPath();
        values.forEach((value, i) => (i ? pen.lineTo(toX(i / (values.length - 1)), toY(value)) : pen.moveTo(toX(0), toY(value))));
        pen.stroke();
        pen.setLineDash([]);
        const every = (values.length - 1) / (count - 1);
        for (let i = 0; dots && i < count; i += 1) {
          pen.beginPath();
          pen.arc(toX(i / (count - 1)), toY(values[Math.round(i * every)]), 3, 0, 2 * Math.PI);
          pen.fill();
        }
      }
      pen.textAlign = "center";
      for (const { values, color, name } of lines.filter((line) => line.name)) {
        const top = values.indexOf(Math.max(...values));
        const x = Math.min(width - 12, Math.max(44, toX(top / (values.length - 1))));
        pen.font = `600 12.5px ${colors.font}`;
        pen.lineWidth = 3;
        pen.strokeStyle = colors.paper;
        const y = Math.max(15, toY(values[top]) - 2) + (toY(values[top]) < 17 ? 14 : 0);
        pen.strokeText(name, x, y);
        pen.fillStyle = color;
        pen.fillText(name, x, y);
      }
      const x = Math.round(toX(t)) + 0.5;
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.moveTo(x, 0);
      pen.lineTo(x, tall);
      pen.stroke();
    },
  };
}
