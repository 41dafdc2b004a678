// With two numbers to a code: q(z|x) as an ellipse on the plane, the draws as points, the codes of test pictures behind them.

import { css, rgb } from "../lib/color.js";
import { h, setText } from "../lib/dom.js";
import { Plane, viewOf } from "../lib/plane.js";
import { paintCross, paintEllipses, paintPoints } from "../lib/planepaint.js";
import { draws, FARTHEST } from "./drawing.js";

const POINTS = 200;

/** `onmove([ε₁, ε₂])`: the place pressed as an ε. */
export function buildPlane({ onmove }) {
  let now = null;
  const clamp = (value) => Math.max(-FARTHEST, Math.min(FARTHEST, value));
  const plane = new Plane({ label: "The plane of codes with q(z|x)", onhover: (at, event) => { if (at && event.buttons === 1) put(at); }, onpick: (at) => put(at) });
  const put = (at) => now && onmove(at.map((value, i) => clamp((value - now.mean[i]) / now.sigma[i])));
  const words = h("p.small.muted");
  const zoom = h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => { close = !close; zoom.setAttribute("aria-pressed", close); redraw?.(); } }, "Zoom to q(z|x)");
  let close = false;
  let redraw = null;
  const element = h("section.part", { "aria-label": "On the plane of codes" }, h("div.row", h("h3", "On the plane of codes"), h("span.grow"), zoom), h("div.reparam-sides", h("div.reparam-plane", plane.canvas), words));
  return {
    element,
    onredraw(fn) { redraw = fn; },
    show(moment, draw, { seed, frame }) {
      element.classList.toggle("hidden", draw.mean.length !== 2);
      if (draw.mean.length !== 2) {
        now = null;
        return;
      }
      now = { ...draw, seed, label: moment.label, frame, labels: moment.scene.arrays.labels.data };
      setText(words, `Ellipses of one and two standard deviations; ${POINTS} draws of this q as small points, the one on screen as the cross; test pictures' μ faint in their colours; dashed, the prior's first two standard deviations. Press anywhere, or use the arrow keys and Enter, to put z there${close ? "" : " (as far as ε of ±4 reaches)"}.`);
    },
    draw(colors) {
      if (!now || !plane.canvas.clientWidth) return;
      const { mean, sigma, z, frame } = now;
      const codes = frame?.arrays.mean?.data ?? [];
      if (close) {
        const reach = 4.5 * Math.max(sigma[0], sigma[1]);
        plane.view = { x: [mean[0] - reach, mean[0] + reach], y: [mean[1] - reach, mean[1] + reach] };
      } else plane.view = viewOf([...codes, ...mean], 3);
      const pen = plane.begin(colors);
      if (codes.length) paintPoints(pen, plane, codes, now.labels, colors, { radius: 2, strength: 0.35 });
      pen.setLineDash([4, 4]);
      for (const times of [1, 2]) {
        const [[x, y], [edge], [, top]] = [plane.toPixel([0, 0]), plane.toPixel([times, 0]), plane.toPixel([0, times])];
        pen.strokeStyle = css(rgb(colors.ink), 0.35);
        pen.lineWidth = 1.2;
        pen.beginPath();
        pen.ellipse(x, y, edge - x, y - top, 0, 0, 2 * Math.PI);
        pen.stroke();
      }
      pen.setLineDash([]);
      const epsilons = draws(now.seed + 1000, 2 * POINTS);
      const points = epsilons.map((value, i) => mean[i % 2] + sigma[i % 2] * value);
      pen.fillStyle = css(rgb(colors.accent), 0.55);
      for (let i = 0; i < points.length; i += 2) {
        const [x, y] = plane.toPixel([points[i], points[i + 1]]);
        pen.fillRect(x - 1, y - 1, 2.2, 2.2);
      }
      const strong = { ...colors, classes: [colors.accent] };
      for (const times of [1, 2]) for (let twice = 0; twice < 3; twice += 1) paintEllipses(pen, plane, mean, sigma, [0], strong, { times });
      paintCross(pen, plane, z, colors.negative);
    },
    middle: (at) => { const box = plane.canvas.getBoundingClientRect(); const [x, y] = plane.toPixel(at); return [box.left + x, box.top + y]; },
  };
}
