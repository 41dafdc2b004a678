// How many sentences each network writes right to the last letter, against their length; what lies beyond training is shaded.

import { css, rgb } from "../lib/color.js";
import { fit, h, percent } from "../lib/dom.js";

const TALL = 260;
const MARGIN = { top: 16, right: 16, bottom: 40, left: 50 };

export function buildLengths({ redraw }) {
  const canvas = h("canvas.lengths", { tabindex: 0, role: "img", style: { height: `${TALL}px` },
    onpointermove: (event) => point(at(event)), onpointerleave: () => point(null), onblur: () => point(null),
    onkeydown: (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!way || !state) return;
      event.preventDefault();
      point(Math.max(0, Math.min(state.lengths.length - 1, (hover ?? (way > 0 ? -1 : state.lengths.length)) + way)));
    } });
  const words = h("div.curve-words.value", { hidden: true });
  const element = h("div.curve", canvas, words);
  let state = null; // {lengths, trained, unit, lines: [{label, ys, color}]}
  let hover = null;
  let toX = null;

  function at(event) {
    if (!toX) return null;
    const far = state.lengths.map((length) => Math.abs(toX(length) - event.offsetX));
    return far.indexOf(Math.min(...far));
  }

  function point(next) {
    if (next === hover) return;
    hover = next;
    redraw();
  }

  function show(next) {
    state = next;
    const said = state.lines.map(({ label, ys }) => `${label}: ${ys.map((y, i) => `${state.lengths[i]} ${state.unit} ${percent(y, 0)}`).join(", ")}`);
    canvas.setAttribute("aria-label", `Sentences written right, by length. ${said.join(". ")}`);
  }

  function draw(colors) {
    if (!state || !canvas.clientWidth) return;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const { lengths, trained, unit, lines } = state;
    const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    const [low, high] = [lengths[0] - 0.5, lengths.at(-1) + 0.5];
    toX = (length) => box.left + ((length - low) / (high - low)) * (box.right - box.left);
    const toY = (share) => box.bottom - share * (box.bottom - box.top);
    pen.font = `12px ${colors.font}`;
    if (lengths.at(-1) > trained) {
      const edge = toX(trained + 0.5);
      pen.fillStyle = css(rgb(colors.ink), 0.06);
      pen.fillRect(edge, box.top, box.right - edge, box.bottom - box.top);
      pen.fillStyle = colors.muted;
      pen.textAlign = "center";
      pen.textBaseline = "top";
      pen.fillText("never trained on", (edge + box.right) / 2, box.top + 4, box.right - edge - 4);
    }
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      pen.strokeStyle = colors.line;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(box.left, Math.round(toY(share)) + 0.5);
      pen.lineTo(box.right, Math.round(toY(share)) + 0.5);
      pen.stroke();
      pen.fillStyle = colors.muted;
      pen.fillText(percent(share, 0), box.left - 8, toY(share));
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const length of lengths) pen.fillText(String(length), toX(length), box.bottom + 7);
    pen.fillText(`${unit} in the sentence`, (box.left + box.right) / 2, box.bottom + 23);
    for (const { ys, color } of lines) {
      pen.strokeStyle = pen.fillStyle = color;
      pen.lineWidth = 2.2;
      pen.lineJoin = "round";
      pen.beginPath();
      ys.forEach((y, i) => { if (Number.isFinite(y)) pen[i ? "lineTo" : "moveTo"](toX(lengths[i]), toY(y)); });
      pen.stroke();
      ys.forEach((y, i) => {
        if (!Number.isFinite(y)) return;
        pen.beginPath();
        pen.arc(toX(lengths[i]), toY(y), i === hover ? 5 : 3.4, 0, 2 * Math.PI);
        pen.fill();
      });
    }
    words.hidden = hover === null;
    if (hover === null) return;
    words.replaceChildren(h("b", `${lengths[hover]} ${unit}${lengths[hover] > trained ? ", never trained on" : ""}`),
      ...lines.map(({ label, ys, color }) => h("span", h("i", { style: { background: color } }), `${label} `, h("b", percent(ys[hover], 0)))));
    const x = toX(lengths[hover]);
    const room = canvas.clientWidth - words.offsetWidth;
    words.style.left = `${Math.max(0, x + 14 <= room ? x + 14 : x - 14 - words.offsetWidth)}px`;
    words.style.top = `${box.top + 22}px`;
  }

  return { element, show, draw };
}
