// The running sum as a picture: every product a step up or down from where the sum was, then the bias, then the answer.

import { css, rgb } from "./color.js";
import { fit, h, number } from "./dom.js";

const WIDEST = 34; // px of a step
const ROOM = 10;
const MARGIN = 44; // for the number at the end

/**
 * `stage` gives `terms` ({product, value, inside, wins}), `layer` ({kind, pools}), `term` (the one pointed at, or null),
 * `pointTerm(k)`, `shown` (nothing is drawn unless its kind is "output") and `ctx`. Show sums with `show({running, known,
 * sum, bias, result})`; each entry of `terms` is one step.
 */
export function buildWaterfall(area, stage) {
  const canvas = h("canvas.steps", { role: "img" });
  area.append(canvas);
  let sums = { running: [], known: 0 };

  function stepAt(event) {
    const box = canvas.getBoundingClientRect();
    const k = Math.floor((event.clientX - box.left - start(box.width)) / stepWidth(box.width));
    return k >= 0 && k < sums.known ? k : null;
  }

  canvas.addEventListener("pointermove", (event) => { if (stage.shown?.kind === "output") stage.pointTerm(stepAt(event)); });
  canvas.addEventListener("pointerleave", () => stage.pointTerm(null));

  const hasEnd = () => !stage.layer.pools; // the bias, and what comes of it
  const slots = () => (stage.terms.length || 1) + (hasEnd() ? 2 : 0);
  const start = (width) => (width - stepWidth(width) * slots()) / 2;
  const stepWidth = (width) => Math.min(WIDEST, (width - 2 * MARGIN) / slots());

  /** Every step as {from, to}: of a max pool the values, else the sum before and after. */
  function steps() {
    const { terms, layer } = stage;
    if (layer.kind === "max") return terms.map((term) => ({ from: 0, to: term.inside ? term.value : 0, wins: term.wins }));
    const found = sums.running.map((to, k) => ({ from: k ? sums.running[k - 1] : 0, to }));
    if (sums.known === terms.length && layer.kind !== "average") {
      found.push({ from: sums.sum, to: sums.sum + sums.bias, bias: true }, { from: 0, to: sums.result, result: true });
    }
    return found;
  }

  // The scale is that of the whole sum, so that nothing moves while it builds up.
  function range() {
    const { terms, layer } = stage;
    let [sum, low, high] = [0, 0, 0];
    for (const { product, value } of terms) {
      sum = layer.kind === "max" ? value : sum + (layer.kind === "average" ? value : product);
      low = Math.min(low, sum);
      high = Math.max(high, sum);
    }
    const end = layer.pools ? 0 : sum + (sums.bias ?? 0);
    return [Math.min(low, end), Math.max(high, end)];
  }

  return {
    show(next) {
      sums = next;
      if (stage.shown.kind !== "output") return;
      canvas.setAttribute("aria-label", `Running sum: ${sums.running.map((x) => number(x)).join(", ")}`);
    },
    draw() {
      const { pen, width, height } = fit(canvas);
      pen.clearRect(0, 0, width, height);
      if (stage.shown?.kind !== "output" || !stage.terms.length || !width) return;
      const { colors } = stage.ctx;
      const [low, high] = range();
      const span = high - low || 1;
      const y = (value) => ROOM + ((high - value) / span) * (height - 2 * ROOM);
      const step = stepWidth(width);
      const gap = step > 8 ? 2 : step > 3 ? 0.5 : 0;
      pen.save();
      pen.translate(start(width), 0);
      pen.fillStyle = css(rgb(colors.ink), 0.3);
      pen.fillRect(0, Math.round(y(0)), step * slots(), 1);
      const all = steps();
      all.forEach(({ from, to, bias, result, wins }, k) => {
        const [top, bottom] = [Math.min(y(from), y(to)), Math.max(y(from), y(to))];
        pen.fillStyle = result || wins ? colors.ink : to < from ? colors.negative : colors.positive;
        pen.globalAlpha = stage.term === null || stage.term === k || result ? (bias ? 0.55 : 1) : 0.35;
        pen.fillRect(k * step + gap, top, step - 2 * gap, Math.max(bottom - top, 1.5));
        pen.globalAlpha = 1;
        if (result || k + 1 >= all.length || step < 5 || wins !== undefined) return;
        pen.fillStyle = css(rgb(colors.ink), 0.35);
        pen.fillRect(k * step + gap, y(to) - 0.5, step, 1);
      });
      const last = all.at(-1);
      if (last && stage.layer.kind !== "max") {
        pen.font = `12px ${colors.font}`;
        pen.fillStyle = colors.ink;
        pen.textBaseline = "middle";
        pen.fillText(number(last.to), all.length * step + 4, Math.min(Math.max(y(last.to), 8), height - 8));
      }
      pen.restore();
    },
  };
}
