// How often each value comes, as bars or outlines over one axis.

import { fit, h, setText } from "../lib/dom.js";
import { css, rgb } from "../lib/color.js";
import { number } from "../lib/number.js";
import { ticks } from "../lib/scale.js";

const BINS = 28;
const LEAST_WIDTH = 1e-6;

export function buildHistogram() {
  const title = h("figcaption.label");
  const canvas = h("canvas.gt-histogram-canvas", { role: "img" });
  const key = h("div.gt-histogram-key.small");
  const element = h("figure.gt-histogram", title, canvas, key);
  let read = null;

  /** `about` as in facts.js; null hides it. */
  function show(about, colors) {
    element.classList.toggle("hidden", !about);
    read = null;
    if (!about) return;
    setText(title, about.title);
    const all = about.sets.flatMap(({ values }) => [...values]);
    let [low, high] = about.range ?? [Math.min(...all), Math.max(...all)];
    if (about.border !== null) [low, high] = [Math.min(low, about.border), Math.max(high, about.border)];
    const room = Math.max((high - low) * 0.04, LEAST_WIDTH, Math.abs(high) * 1e-4);
    if (!about.range) [low, high] = [low - room, high + room];
    const bins = about.sets.map(({ values }) => {
      const counts = new Array(BINS).fill(0);
      for (const value of values) counts[Math.min(BINS - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * BINS)))] += 1;
      return counts;
    });
    const { pen, width, height } = fit(canvas);
    const floor = height - 18;
    const most = Math.max(1, ...bins.flat());
    const x = (value) => ((value - low) / (high - low)) * width;
    const y = (n) => floor - (n / most) * (floor - 14);
    pen.clearRect(0, 0, width, height);
    pen.font = `11px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.textAlign = "left";
    pen.fillText(`tallest bar ${most}`, 2, 10);
    bins.forEach((counts, k) => {
      const { ink, outline } = about.sets[k];
      const color = rgb(colors[ink]);
      pen.beginPath();
      pen.moveTo(0, floor);
      counts.forEach((n, b) => { pen.lineTo((b / BINS) * width, y(n)); pen.lineTo(((b + 1) / BINS) * width, y(n)); });
      pen.lineTo(width, floor);
      pen.lineWidth = outline ? 1.5 : 1;
      pen.strokeStyle = css(color, outline ? 0.9 : 0.6);
      pen.setLineDash(outline ? [3, 3] : []);
      if (!outline) { pen.fillStyle = css(color, 0.42); pen.fill(); }
      pen.stroke();
    });
    pen.setLineDash([]);
    pen.strokeStyle = colors.line;
    pen.beginPath();
    pen.moveTo(0, floor + 0.5);
    pen.lineTo(width, floor + 0.5);
    pen.stroke();
    if (about.border !== null) {
      pen.strokeStyle = colors.ink;
      pen.beginPath();
      pen.moveTo(x(about.border), 14);
      pen.lineTo(x(about.border), floor);
      pen.stroke();
    }
    pen.fillStyle = colors.muted;
    pen.textAlign = "center";
    for (const value of ticks(low, high, Math.max(3, width / 80))) if (x(value) > 16 && x(value) < width - 16) pen.fillText(number(value), x(value), height - 4);
    key.replaceChildren(...about.sets.map(({ label, ink, outline }) => h(`span.gt-swatch${outline ? ".gt-outlined" : ""}`, { style: { "--swatch": colors[ink] } }, label)));
    canvas.setAttribute("aria-label", `${about.title}: ${about.sets.map(({ label, values }) => `${values.length} ${label}`).join(", ")}, from ${number(Math.min(...all))} to ${number(Math.max(...all))}`);
    read = { low, high, bins };
  }
  return { element, show, read: () => read };
}
