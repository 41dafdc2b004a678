// Error against the size of the code: PCA as a line, each trained autoencoder as a point, and the network of the page.

import { css, rgb } from "../lib/color.js";
import { count, fit, h, number, steady } from "../lib/dom.js";
import { logTicks } from "../lib/scale.js";
import { METHODS, NAMES } from "./sweep.js";

const TALL = 380;
const MARGIN = { top: 16, right: 18, bottom: 56, left: 56 };
const NEAR = 1.25; // doublings of the axis beyond its ends

/** `{element, show({sweep, own, chosen, explained}), draw}`; `onpick(k)`: a size of the sweep. */
export function buildChart({ redraw, onpick }) {
  const canvas = h("canvas.sizes", { tabindex: 0, role: "img", style: { height: `${TALL}px` } });
  const words = h("div.compression-told.value", { hidden: true });
  const element = h("div.compression-chart", canvas, words);
  let [state, box, hover] = [null, null, null];
  const toX = (size) => box.left + (Math.log2(size) / Math.log2(box.last)) * (box.right - box.left);

  function nearest(event) {
    if (!state || !box) return null;
    const x = event.clientX - canvas.getBoundingClientRect().left;
    const far = state.sweep.sizes.map((size) => Math.abs(toX(size) - x));
    return far.indexOf(Math.min(...far));
  }
  const point = (next) => {
    if (next === hover) return;
    hover = next;
    redraw();
  };
  canvas.addEventListener("pointermove", (event) => point(nearest(event)));
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("click", (event) => onpick(nearest(event)));
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || !state) return;
    event.preventDefault();
    const next = Math.min(state.sweep.sizes.length - 1, Math.max(0, state.chosen + way));
    onpick(next);
    point(next);
  });

  function show(next) {
    state = next;
    const { sweep } = state;
    const said = METHODS.filter((name) => sweep.methods[name]).map((name) => `${NAMES[name]}: ${sweep.sizes.map((size, k) => (sweep.has(name, k) ? `${size} numbers ${steady(sweep.methods[name].error[k], 4)}` : "")).filter(Boolean).join(", ")}`);
    canvas.setAttribute("aria-label", `Mean squared error of test pictures against the numbers in the code. ${said.join(". ")}. Left and Right choose a size`);
  }

  function draw(colors) {
    if (!state || !canvas.clientWidth) return;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const { sweep, own, chosen } = state;
    const last = Math.max(64, own?.size ?? 1) * 2 ** (NEAR - 1);
    box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom, last };
    const all = [...sweep.curve.slice(1).filter((error) => error > 0), ...METHODS.flatMap((name) => sweep.methods[name]?.error.filter(Number.isFinite) ?? []), ...(own ? [Math.min(own.error, 1.3 * sweep.curve[1])] : [])];
    const [low, high] = [Math.min(...all) * 0.92, Math.max(...all) * 1.06];
    // An untrained network lies far above all others: it stands at the edge, and the legend says how far it is.
    const toY = (error) => box.bottom - (Math.log(Math.min(high, Math.max(error, low)) / low) / Math.log(high / low)) * (box.bottom - box.top);
    grid(pen, colors, toY, low, high);
    const x = toX(sweep.sizes[chosen]);
    pen.fillStyle = css(rgb(colors.accent), 0.12);
    pen.fillRect(x - 9, box.top, 18, box.bottom - box.top);

    pen.lineJoin = "round";
    pen.lineWidth = 2.2;
    pen.strokeStyle = colors.pca;
    pen.beginPath();
    sweep.curve.forEach((error, size) => { if (size) pen[size > 1 ? "lineTo" : "moveTo"](toX(size), toY(error)); });
    pen.stroke();
    for (const name of ["linear", "autoencoder"]) {
      const places = sweep.sizes.map((size, k) => (sweep.has(name, k) ? [toX(size), toY(sweep.methods[name].error[k])] : null)).filter(Boolean);
      pen.strokeStyle = pen.fillStyle = colors[name];
      pen.lineWidth = 2.2;
      if (name === "autoencoder") {
        pen.beginPath();
        places.forEach(([a, b], i) => pen[i ? "lineTo" : "moveTo"](a, b));
        pen.stroke();
      }
      for (const [a, b] of places) {
        pen.beginPath();
        pen.arc(a, b, name === "linear" ? 7 : 5, 0, 2 * Math.PI);
        if (name === "linear") pen.stroke();
        else pen.fill();
      }
    }
    if (own) {
      const [a, b] = [toX(own.size), toY(own.error)];
      pen.fillStyle = colors.ink;
      pen.beginPath();
      pen.moveTo(a, b - 7);
      pen.lineTo(a + 7, b);
      pen.lineTo(a, b + 7);
      pen.lineTo(a - 7, b);
      pen.fill();
    }
    tell(colors, toY);
  }

  function grid(pen, colors, toY, low, high) {
    const { sweep } = state;
    pen.font = `12px ${colors.font}`;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const value of logTicks(low, high)) {
      const y = Math.round(toY(value)) + 0.5;
      pen.strokeStyle = colors.line;
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.right, y);
      pen.stroke();
      pen.fillStyle = colors.muted;
      pen.fillText(number(value), box.left - 8, y);
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.fillStyle = colors.muted;
    for (const size of [...sweep.sizes, 64]) pen.fillText(String(size), toX(size), box.bottom + 8);
    pen.fillText("numbers in the code, logarithmic", (box.left + box.right) / 2, box.bottom + 28);
  }

  function tell(colors, toY) {
    words.hidden = hover === null;
    if (hover === null) return;
    const { sweep } = state;
    const size = sweep.sizes[hover];
    words.replaceChildren(h("b", `${size} number${size > 1 ? "s" : ""}, ${count(4 * size)} bytes`),
      ...METHODS.filter((name) => sweep.has(name, hover)).map((name) => h("span", h("i", { style: { background: colors[name] } }), `${NAMES[name]} `, h("b", steady(sweep.methods[name].error[hover], 4)))));
    const x = toX(size);
    const room = canvas.clientWidth - words.offsetWidth;
    words.style.left = `${Math.max(0, x + 16 <= room ? x + 16 : x - 16 - words.offsetWidth)}px`;
    words.style.top = `${Math.min(box.bottom - words.offsetHeight - 6, Math.max(box.top, toY(sweep.curve[Math.min(size, sweep.curve.length - 1)]) - words.offsetHeight - 14))}px`;
  }

  return { element, show, draw, middleOf: (k) => { const frame = canvas.getBoundingClientRect(); return [frame.left + toX(state.sweep.sizes[k]), frame.top + (box.top + box.bottom) / 2]; } };
}
