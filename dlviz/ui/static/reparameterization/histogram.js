// Two heaps of estimates over one axis, or each over its own: how far single estimates of one gradient scatter.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, steady } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";

const [BINS, ROW, GAP] = [61, 96, 34]; // bars of a heap, px of one, px between two

/** `show(heaps, shared)`: heaps are [{label, values, mean, color}]; `shared`: all over the axis of the widest. */
export function buildHistogram() {
  const canvas = h("canvas.reparam-heaps", { role: "img" });
  let state = null;
  let drawn = [];
  const reachOf = (values) => {
    const sizes = Float32Array.from(values, Math.abs).sort();
    return sizes[Math.floor(0.99 * (sizes.length - 1))] || 1;
  };

  function show(heaps, shared) {
    const reaches = heaps.map(({ values }) => reachOf(values));
    const most = Math.max(...reaches);
    drawn = heaps.map(({ label, values, mean, color }, k) => {
      const reach = shared ? most : reaches[k];
      const counts = new Uint32Array(BINS);
      for (const value of values) counts[Math.max(0, Math.min(BINS - 1, Math.floor(((value / reach + 1) / 2) * BINS)))] += 1;
      return { label, mean, color, reach, counts };
    });
    state = shared;
    canvas.style.height = `${heaps.length * (ROW + GAP)}px`;
    canvas.setAttribute("aria-label", `Single estimates. ${drawn.map(({ label, mean, reach }) => `${label}: mean ${steady(mean)}, nearly all within ±${number(reach)}`).join("; ")}`);
  }

  function draw(colors) {
    if (!drawn.length || !canvas.clientWidth) return;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    drawn.forEach(({ label, mean, color, reach, counts }, k) => {
      const base = k * (ROW + GAP) + ROW;
      const toX = (value) => (0.5 + value / (2 * reach)) * width;
      const most = Math.max(...counts);
      pen.fillStyle = css(rgb(color), 0.8);
      counts.forEach((count, i) => {
        const tall = (count / most) * (ROW - 22);
        pen.fillRect((i / BINS) * width, base - tall, Math.max(1, width / BINS - 1), tall);
      });
      pen.strokeStyle = colors.line;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(0, base + 0.5);
      pen.lineTo(width, base + 0.5);
      pen.stroke();
      pen.strokeStyle = colors.ink;
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.moveTo(toX(mean), base - ROW + 24);
      pen.lineTo(toX(mean), base + 4);
      pen.stroke();
      pen.font = `12px ${colors.font}`;
      pen.fillStyle = colors.muted;
      pen.textBaseline = "top";
      pen.textAlign = "center";
      for (const tick of ticks(-reach, reach, Math.max(3, width / 100))) {
        const x = toX(tick);
        if (x > 18 && x < width - 18) pen.fillText(number(tick), x, base + 5);
      }
      pen.font = `600 13px ${colors.font}`;
      pen.textAlign = "left";
      pen.fillStyle = color;
      pen.fillText(label, 2, base - ROW + 2);
    });
  }

  return { canvas, show, draw, read: () => drawn.map(({ label, reach, counts }) => ({ label, reach, counts: [...counts], shared: state })) };
}
