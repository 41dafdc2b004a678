// Writing n tokens with and without a KV cache: the multiplications of each step, to scale; their sums; the bytes kept.

import { css, rgb } from "../lib/color.js";
import { count, fit, h, number, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { ticks } from "../lib/scale.js";
import { aStep, bytes, large } from "./formulas.js";

const SWITCH = { name: "cache", kind: "flag", label: "KV cache", default: false, help: "A token's key and value never change when more tokens come, so they can be kept. Only the new token is then read." };
const MARGIN = { left: 70, right: 12, top: 10, bottom: 26 };

export function buildCached({ changed }) {
  const state = { on: false, at: null };
  const canvas = h("canvas.steps", { tabindex: 0, role: "img" });
  const cache = knob(SWITCH, { value: false, onchange: (on) => { state.on = on; changed(on); } });
  const [sentence, told, sums, kept] = [h("p.sentence.value", { "aria-live": "polite" }), h("p.small.value.told"), h("p.value"), h("p.value")];
  const element = h("div.stack.caching", sentence, h("div.beside",
    h("figure.stack", h("figcaption.label", "Multiplications of each step of writing"), canvas, told),
    h("div.stack.sums", cache.element, sums, kept)));
  let n = 1;

  const look = (at) => { state.at = at; changed(state.on); };
  canvas.addEventListener("pointermove", (event) => {
    const share = (event.offsetX - MARGIN.left) / (canvas.clientWidth - MARGIN.left - MARGIN.right);
    look(Math.min(n, Math.max(1, Math.ceil(share * n))));
  });
  canvas.addEventListener("pointerleave", () => look(null));
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const by = way * (event.shiftKey ? Math.max(1, Math.round(n / 10)) : 1);
    look(Math.min(n, Math.max(1, (state.at ?? n) + by)));
  });

  function paint(sizes, colors) {
    const { pen, width, height } = fit(canvas);
    const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    const most = aStep(sizes, n).uncached;
    const toX = (t) => box.left + (t / n) * (box.right - box.left);
    const toY = (x) => box.bottom - (x / most) * (box.bottom - box.top);
    pen.clearRect(0, 0, width, height);
    pen.font = `12px ${colors.font}`;
    pen.lineWidth = 1;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    for (const level of ticks(0, most, 3)) {
      pen.strokeStyle = colors.line;
      pen.beginPath();
      pen.moveTo(box.left, Math.round(toY(level)) + 0.5);
      pen.lineTo(box.right, Math.round(toY(level)) + 0.5);
      pen.stroke();
      pen.fillStyle = colors.muted;
      pen.fillText(number(level), box.left - 8, toY(level));
    }
    pen.textBaseline = "top";
    pen.textAlign = "center";
    for (const t of ticks(0, n, Math.max(2, Math.floor(width / 130)))) pen.fillText(Number.isInteger(t) ? count(t) : "", toX(t), box.bottom + 7);
    // A step is a bar where there is room for one; thousands of steps are an outline.
    const few = Math.min(n, Math.floor(box.right - box.left));
    for (const [way, color, strong] of [["uncached", rgb(colors.classes[0]), !state.on], ["cached", rgb(colors.accent), state.on]]) {
      pen.fillStyle = css(color, strong ? 0.85 : 0.25);
      for (let i = 0; i < few; i += 1) {
        const t = few === n ? i + 1 : Math.round(((i + 1) * n) / few);
        const [from, to] = [box.left + (i / few) * (box.right - box.left), box.left + ((i + 1) / few) * (box.right - box.left)];
        const top = Math.min(toY(aStep(sizes, t)[way]), box.bottom - 1);
        pen.fillRect(from, top, Math.max(0.5, to - from - (few <= 128 ? 1 : 0)), box.bottom - top);
      }
    }
    if (state.at) {
      pen.strokeStyle = colors.ink;
      pen.beginPath();
      pen.moveTo(toX(state.at - 0.5), box.top);
      pen.lineTo(toX(state.at - 0.5), box.bottom);
      pen.stroke();
    }
  }

  function draw(sizes, colors) {
    ({ n } = sizes);
    if (state.at > n) state.at = n;
    const { costs, d, layers } = sizes;
    paint(sizes, colors);
    const at = state.at ?? n;
    const step = aStep(sizes, at);
    setText(told, `Token ${count(at)}: ${large(step.uncached)} without the cache, ${large(step.cached)} with it, ${number(step.uncached / step.cached)} times fewer.`);
    canvas.setAttribute("aria-label", `Multiplications of ${count(n)} steps of writing, with and without a cache. ${told.textContent}`);
    const ratio = costs.uncached / costs.cached;
    setText(sentence, n === 1 ? "The first token costs the same with and without a cache." : state.on
      ? `With the cache, writing ${count(n)} tokens takes ${large(costs.cached)} multiplications: each token is read once.`
      : `Without a cache, writing ${count(n)} tokens takes ${large(costs.uncached)} multiplications, ${number(ratio)} times as many as with it: every token is read again for each one that follows.`);
    setText(sums, `In all: ${count(costs.uncached)} without, ${count(costs.cached)} with. The sum over t of ${layers === 1 ? "" : "L · "}(4td² + 2t²d + 2tdf) against that of ${layers === 1 ? "" : "L · "}(4d² + 2td + 2df).`);
    setText(kept, `The price is memory: 2 · n · d · layers · 4 bytes = 2 · ${count(n)} · ${count(d)} · ${layers} · 4 = ${bytes(costs.cacheBytes)} of keys and values in the end.`);
  }

  return { element, draw, read: () => ({ ...state }) };
}
