// Confidence and variety against temperature: the same ε at every temperature, decoded in slices while the page stays quick.

import { css, rgb } from "../lib/color.js";
import { fit, h, percent, steady } from "../lib/dom.js";
import { inSlices } from "../lib/slices.js";
import { answerOf, graded } from "./grading.js";
import { drawCodes, nearestCode } from "./sources.js";

export const TEMPERATURES = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3];
const MANY = 60;
const TALL = 250;
const BOX = { left: 46, right: 14, top: 14, bottom: 40 };

/** `onpick(temperature)`. `begin(what)`, `draw(colors, temperature)`. */
export function buildSweep({ ctx, onpick }) {
  const canvas = h("canvas.sample-sweep", { role: "img", style: { height: `${TALL}px` } });
  const words = h("p.sentence.value", { "aria-live": "polite" });
  const element = h("div.stack", canvas, words);
  let [points, key, limits] = [[], null, null];
  const toX = (value, width) => BOX.left + ((value - 0.1) / 2.9) * (width - BOX.left - BOX.right);
  canvas.addEventListener("click", (event) => {
    const share = (event.offsetX - BOX.left) / (canvas.clientWidth - BOX.left - BOX.right);
    onpick(Math.min(3, Math.max(0.1, Math.round((0.1 + 2.9 * share) * 20) / 20)));
  });

  function* work({ moment, statistics, source, read, classes, seed }) {
    for (const temperature of TEMPERATURES) {
      const found = [];
      const codes = drawCodes(source, statistics, { count: MANY, temperature, seed });
      for (const [i, z] of codes.entries()) {
        const { picture } = moment.network.decode(z, i % classes);
        found.push({ picture, ...(read ? answerOf(read, picture) : {}) });
        yield;
      }
      const distance = codes.reduce((sum, z) => sum + nearestCode(statistics, z).distance, 0) / MANY;
      points.push({ temperature, distance, ...graded(found, classes) });
      ctx.redraw();
      yield;
    }
  }

  function say({ classes }) {
    const at = (t) => points.find(({ temperature }) => temperature === t);
    const [cold, warm, hot] = [at(0.1), at(1), at(3)];
    if (!hot) return "The sweep is being computed …";
    if (hot.clear === null) return `Pixels differ by ${steady(cold.spread, 3)} between pictures at T = 0.1, by ${steady(warm.spread, 3)} at 1 and by ${steady(hot.spread, 3)} at 3.`;
    const told = (point) => `${percent(point.clear, 0)} clear and ${point.classes} of ${classes} classes`;
    return `At T = 0.1: ${told(cold)}. At T = 1: ${told(warm)}. At T = 3: ${told(hot)}. ${cold.bits < warm.bits ? "Cold draws are alike. " : ""}A code lies ${steady(warm.distance, 2)} from the nearest code of a real picture at T = 1, and ${steady(hot.distance, 2)} at 3${hot.distance > 2 * warm.distance ? hot.clear > warm.clear - 0.1 ? ": far from all that was learned, and still read with confidence, so confidence is not truth" : ": hot draws leave what the decoder was trained on" : ""}.`;
  }

  return {
    element,
    begin(what) {
      const same = key && ["moment", "source", "read", "seed", "statistics"].every((name) => key[name] === what[name]);
      if (same) return;
      key = what;
      points = [];
      inSlices(work(what), () => ctx.redraw(), { signal: ctx.signal, wanted: () => key === what });
    },
    draw(colors, temperature) {
      if (!canvas.clientWidth || !key) return;
      const { pen, width, height } = fit(canvas);
      pen.clearRect(0, 0, width, height);
      const bottom = height - BOX.bottom;
      const bits = Math.log2(Math.max(2, key.classes));
      const most = key.read ? 1 : Math.max(0.01, ...points.map(({ spread }) => spread)) * 1.1;
      const toY = (share) => bottom - share * (bottom - BOX.top);
      pen.font = `12px ${colors.font}`;
      pen.textBaseline = "middle";
      pen.textAlign = "right";
      for (const share of [0, 0.25, 0.5, 0.75, 1]) {
        const y = Math.round(toY(share)) + 0.5;
        pen.strokeStyle = colors.line;
        pen.beginPath();
        pen.moveTo(BOX.left, y);
        pen.lineTo(width - BOX.right, y);
        pen.stroke();
        pen.fillStyle = colors.muted;
        pen.fillText(key.read ? percent(share, 0) : steady(share * most, 2), BOX.left - 6, y);
      }
      pen.textAlign = "center";
      pen.textBaseline = "top";
      for (const tick of [0.5, 1, 1.5, 2, 2.5, 3]) pen.fillText(String(tick), toX(tick, width), bottom + 6);
      pen.fillText("temperature T", (BOX.left + width - BOX.right) / 2, bottom + 22);
      const x = toX(temperature, width);
      pen.strokeStyle = css(rgb(colors.ink), 0.45);
      pen.setLineDash([3, 3]);
      pen.beginPath();
      pen.moveTo(x, BOX.top);
      pen.lineTo(x, bottom);
      pen.stroke();
      pen.setLineDash([]);
      const lines = key.read ? [["clear", (p) => p.clear, colors.accent], ["variety", (p) => p.bits / bits, colors.negative]] : [["spread", (p) => p.spread / most, colors.accent]];
      for (const [, of, color] of lines) {
        pen.strokeStyle = pen.fillStyle = color;
        pen.lineWidth = 2.2;
        pen.beginPath();
        points.forEach((point, i) => pen[i ? "lineTo" : "moveTo"](toX(point.temperature, width), toY(of(point))));
        pen.stroke();
        for (const point of points) {
          pen.beginPath();
          pen.arc(toX(point.temperature, width), toY(of(point)), 3, 0, 2 * Math.PI);
          pen.fill();
        }
      }
      limits = { most, bits };
      const said = say(key);
      if (words.textContent !== said) words.textContent = said;
      canvas.setAttribute("aria-label", `Against temperature: ${points.map((p) => `${p.temperature}: ${p.clear === null ? steady(p.spread, 3) : `${percent(p.clear, 0)} clear, ${steady(p.bits, 2)} bits`}`).join("; ")}`);
    },
    read: () => ({ points: points.map((point) => ({ ...point })), done: points.length === TEMPERATURES.length, limits, words: words.textContent }),
  };
}
