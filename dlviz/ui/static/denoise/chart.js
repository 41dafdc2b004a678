// Lines over an axis of numbers, with a read-out at the nearest point.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, steady } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";
import { extent } from "../lib/curve.js";

const TALL = 300;
const MARGIN = { top: 18, right: 16, bottom: 42, left: 44 };

/** `show({lines: [{label, xs, ys, color, dash, told?(i)}], x, y, mark: {at, text} | null, names})`; every line has as many points. */
export function buildChart({ redraw, label }) {
  let [state, hover, toX] = [null, null, null];
  const point = (at) => { if (at !== hover) { hover = at; redraw(); } };
  const near = (event) => {
    if (!toX) return null;
    const far = state.lines[0].xs.map((x) => Math.abs(toX(x) - event.offsetX));
    return far.indexOf(Math.min(...far));
  };
  const canvas = h("canvas.noise-chart", { tabindex: 0, role: "img", "aria-label": label, style: { height: `${TALL}px` },
    onpointermove: (event) => point(near(event)), onpointerleave: () => point(null), onblur: () => point(null),
    onkeydown: (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!way || !state) return;
      event.preventDefault();
      const count = state.lines[0].xs.length;
      point(Math.max(0, Math.min(count - 1, (hover ?? (way > 0 ? -1 : count)) + way)));
    } });
  const bubble = h("div.curve-words.value", { hidden: true });

  function draw(colors) {
    if (!state || !canvas.clientWidth) return;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    const { lines } = state;
    const [low, high] = state.xs ?? extent(lines.map(({ xs }) => xs));
    const top = extent(lines.map(({ ys }) => ys))[1] * 1.05;
    toX = (x) => box.left + ((x - low) / (high - low || 1)) * (box.right - box.left);
    const toY = (y) => box.bottom - (y / top) * (box.bottom - box.top);
    pen.font = `12px ${colors.font}`;
    pen.lineWidth = 1;
    pen.strokeStyle = colors.line;
    pen.fillStyle = colors.muted;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const value of ticks(0, top, 5)) {
      pen.beginPath();
      pen.moveTo(box.left, Math.round(toY(value)) + 0.5);
      pen.lineTo(box.right, Math.round(toY(value)) + 0.5);
      pen.stroke();
      pen.fillText(number(value), box.left - 7, toY(value));
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const value of ticks(low, high, Math.max(3, width / 100))) pen.fillText(number(value), toX(value), box.bottom + 6);
    pen.fillText(state.x, (box.left + box.right) / 2, box.bottom + 24);
    pen.textAlign = "left";
    pen.fillText(state.y, 0, 0);
    if (state.mark) {
      const x = toX(state.mark.at);
      pen.strokeStyle = pen.fillStyle = colors.muted;
      pen.setLineDash([3, 4]);
      pen.beginPath();
      pen.moveTo(x, box.top);
      pen.lineTo(x, box.bottom);
      pen.stroke();
      pen.setLineDash([]);
      pen.textAlign = x > (box.left + box.right) / 2 ? "right" : "left";
      pen.fillText(state.mark.text, x + (pen.textAlign === "left" ? 5 : -5), box.top);
    }
    for (const { xs, ys, color, dash = [] } of lines) {
      pen.strokeStyle = pen.fillStyle = color;
      pen.lineWidth = 2.2;
      pen.lineJoin = "round";
      pen.setLineDash(dash);
      pen.beginPath();
      xs.forEach((x, i) => pen[i ? "lineTo" : "moveTo"](toX(x), toY(ys[i])));
      pen.stroke();
      pen.setLineDash([]);
      xs.forEach((x, i) => {
        pen.beginPath();
        pen.arc(toX(x), toY(ys[i]), i === hover ? 5 : 3, 0, 2 * Math.PI);
        pen.fill();
      });
    }
    bubble.hidden = hover === null;
    canvas.setAttribute("aria-label", `${label}. ${hover === null ? `Arrow keys read it. ${lines.map((line) => `${line.label}: ${line.ys.map((y, i) => `${state.names[i]} ${steady(y, 1)} dB`).join(", ")}`).join(". ")}` : told(hover)}`);
    if (hover === null) return;
    bubble.replaceChildren(h("b", state.names[hover]), ...lines.map(({ label: name, ys, color, told: more }) => h("span", h("i", { style: { background: color } }), `${name} `, h("b", `${steady(ys[hover], 1)} dB`), more ? ` ${more(hover)}` : "")));
    const x = toX(lines[0].xs[hover]);
    pen.strokeStyle = css(rgb(colors.ink), 0.3);
    pen.beginPath();
    pen.moveTo(x, box.top);
    pen.lineTo(x, box.bottom);
    pen.stroke();
    const room = canvas.clientWidth - bubble.offsetWidth;
    bubble.style.left = `${Math.max(0, x + 14 <= room ? x + 14 : x - 14 - bubble.offsetWidth)}px`;
    bubble.style.top = `${box.top}px`;
  }
  const told = (at) => `${state.names[at]}: ${state.lines.map(({ label: name, ys }) => `${name} ${steady(ys[at], 1)} dB`).join(", ")}`;

  return { element: h("div.curve", canvas, bubble), show(next) { state = next; }, draw, get hover() { return hover; } };
}
