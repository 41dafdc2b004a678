// Each number of the code: what it costs (its KL), and how far it moves from picture to picture (its spread). One that does
// not move has collapsed: it tells the decoder nothing (Y. Burda, R. Grosse, R. Salakhutdinov, 2016, section 5).

import { css, rgb } from "../lib/color.js";
import { count, fit, h, number, setText, steady } from "../lib/dom.js";
import { subscript } from "./glasspaint.js";

export const LEAST_SPREAD = 0.01; // as dlviz/labs/autoencoder/measuring.py has it
const LOW = 1e-4; // the least spread that the logarithmic axis shows
const LEFT = 54; // px for the numbers of the axes
const BOTTOM = 20;
const BETWEEN = 22;
const WIDEST = 84; // px for a number of the code

export function buildDimensions(area, stage, redraw) {
  const canvas = h("canvas.dimension-bars", { tabindex: 0, role: "img" });
  const name = h("figcaption.label");
  const words = h("p.small.value.dimension-words", { role: "status" });
  area.append(h("figure.code-dimensions", name, canvas, words));
  let [state, hover] = [null, null];

  const eachOf = (width) => Math.min(WIDEST, (width - LEFT) / Math.max(1, state?.spread.length ?? 1));
  const move = (at) => { hover = at; redraw(); };
  const within = (x) => {
    const at = Math.floor((x - LEFT) / eachOf(canvas.clientWidth));
    return at >= 0 && at < (state?.spread.length ?? 0) ? at : null;
  };
  canvas.addEventListener("pointermove", (event) => move(within(event.offsetX)));
  canvas.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("blur", () => move(null));
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || !state) return;
    event.preventDefault();
    event.stopPropagation();
    move(Math.min(state.spread.length - 1, Math.max(0, hover === null ? 0 : hover + way)));
  });

  function draw(frame) {
    const { variational } = stage.scene.numbers;
    const [kl, spread] = [frame.arrays.dimension_kl.data, frame.arrays.dimension_spread.data];
    const collapsed = [...spread].map((value) => value < LEAST_SPREAD);
    state = { kl: variational ? kl : null, spread, collapsed, points: frame.arrays.mean.shape[0] };
    if (hover !== null && hover >= spread.length) hover = null;
    canvas.style.height = variational ? "190px" : "112px";
    setText(name, variational ? "Each number of the code: KL in nats; below, its spread over test pictures, logarithmic" : "Each number of the code: its spread over test pictures, logarithmic");
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const half = variational ? (height - BOTTOM - BETWEEN) / 2 : 0;
    if (variational) bars(pen, width, 8, half, kl, { top: Math.max(0.1, ...kl), share: (v, top) => Math.max(0, v) / top, tick: (top) => [[0, "0"], [top, number(top, 2)]] });
    const most = Math.max(1, ...spread);
    const logarithm = (v) => Math.max(0, Math.log(Math.max(v, LOW) / LOW) / Math.log(most / LOW));
    bars(pen, width, variational ? half + BETWEEN : 8, height - BOTTOM - (variational ? half + BETWEEN : 8), spread, { top: most, share: logarithm, tick: () => [[LOW, number(LOW)], [LEAST_SPREAD, "0.01"], [1, "1"]], line: LEAST_SPREAD });
    labels(pen, width, height);
    say(variational);
  }

  function bars(pen, width, y, tall, values, { top, share, tick, line }) {
    const { colors } = stage.ctx;
    const each = eachOf(width);
    const thick = Math.min(38, each * 0.72);
    pen.font = `12px ${colors.font}`;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const [value, text] of tick(top)) {
      const at = Math.round(y + tall * (1 - share(value, top))) + 0.5;
      pen.strokeStyle = colors.line;
      pen.lineWidth = 1;
      pen.setLineDash(value === line ? [4, 4] : []);
      pen.beginPath();
      pen.moveTo(LEFT, at);
      pen.lineTo(width, at);
      pen.stroke();
      pen.setLineDash([]);
      pen.fillStyle = colors.muted;
      pen.fillText(text, LEFT - 8, at);
    }
    values.forEach((value, i) => {
      const x = LEFT + (i + 0.5) * each - thick / 2;
      const size = Math.max(1.5, tall * share(value, top));
      if (i === hover) {
        pen.fillStyle = css(rgb(colors.ink), 0.06);
        pen.fillRect(LEFT + i * each, y, each, tall);
      }
      pen.fillStyle = state.collapsed[i] ? css(rgb(colors.ink), 0.28) : colors.accent;
      pen.fillRect(x, y + tall - size, thick, size);
    });
  }

  // Under the bars their numbers; a collapsed one is crossed out.
  function labels(pen, width, height) {
    const { colors } = stage.ctx;
    const n = state.spread.length;
    const each = eachOf(width);
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    pen.font = `12px ${colors.font}`;
    for (let i = 0; i < n; i += 1) {
      const text = state.collapsed[i] ? "×" : each >= 24 ? `z${subscript(i + 1)}` : "";
      pen.fillStyle = colors.muted;
      if (text && each >= 5) pen.fillText(text, LEFT + (i + 0.5) * each, height - 5);
    }
  }

  function say(variational) {
    const gone = state.collapsed.filter(Boolean).length;
    const criterion = `Collapsed is a number whose ${variational ? "μ" : "value"} has a variance below 0.01 over ${count(state.points)} test pictures (dashed; Burda et al., 2016): ${gone ? `${gone} here, in grey` : "none here"}.`;
    const at = hover;
    const one = at === null ? "" : `z${subscript(at + 1)}: ${state.kl ? `KL ${steady(state.kl[at], 4)} nats, ` : ""}spread ${steady(state.spread[at], 4)}${state.collapsed[at] ? ", collapsed" : ""}. `;
    setText(words, `${one}${criterion}`);
    const label = `${name.textContent}. ${state.spread.length - gone} in use, ${gone} collapsed.`;
    if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  }

  return {
    draw,
    counted: ({ dimension_spread: { data } }) => ({ used: data.filter((value) => value >= LEAST_SPREAD).length, all: data.length }),
    read: () => state && { kl: state.kl && [...state.kl], spread: [...state.spread], collapsed: state.collapsed, dimension_words: words.textContent },
  };
}
