// The unit's gates and states over the whole sequence, one line each, under one another; dragging moves in time.

import { css, rgb } from "../lib/color.js";
import { fit, h, steady } from "../lib/dom.js";

const ROW = 38; // px a line has
const GAP = 8;
const NAMES = { forget_gate: "forget f", input_gate: "input i", candidate: "candidate", output_gate: "output o", cell: "cell c", hidden: "hidden h", reset_gate: "reset r", update_gate: "update z" };
const SIGNED = new Set(["candidate", "cell", "hidden"]);

/** `onstep(t)` hears where in time one is. `show({names, rows, step, scale})`, `draw(colors)`. */
export function buildTraces({ onstep }) {
  const canvas = h("canvas.traces", { role: "slider", tabindex: 0, "aria-label": "Step", "aria-valuemin": 1 });
  let shown = null;
  const left = () => (canvas.clientWidth < 520 ? 66 : 84);
  const right = 52;

  function at(event) {
    const box = canvas.getBoundingClientRect();
    const share = (event.clientX - box.left - left()) / (box.width - left() - right);
    return Math.min(shown.steps - 1, Math.max(0, Math.floor(share * shown.steps)));
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (!shown) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    onstep(at(event));
  });
  canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) onstep(at(event)); });

  return {
    element: canvas,
    show(next) {
      shown = next;
      canvas.style.height = `${next.names.length * (ROW + GAP)}px`;
      canvas.setAttribute("aria-valuemax", next.steps);
      canvas.setAttribute("aria-valuenow", next.step + 1);
      canvas.setAttribute("aria-valuetext", `step ${next.step + 1} of ${next.steps}: ${next.names.map((name) => `${NAMES[name]} ${steady(next.rows[name][next.step], 2)}`).join(", ")}`);
    },
    draw(colors) {
      const { pen, width, height } = fit(canvas);
      pen.clearRect(0, 0, width, height);
      if (!shown || !width) return;
      const { names, rows, steps, step } = shown;
      const from = left();
      const pitch = (width - from - right) / steps;
      pen.font = `12px ${colors.font}`;
      pen.textBaseline = "middle";
      pen.fillStyle = css(rgb(colors.accent), 0.14);
      pen.fillRect(from + step * pitch, 0, Math.max(pitch, 2), height);
      names.forEach((name, k) => {
        const top = k * (ROW + GAP);
        const signed = SIGNED.has(name);
        const limit = name === "cell" ? rows[name].reduce((most, x) => Math.max(most, Math.abs(x)), 1e-6) : 1;
        const zero = signed ? top + ROW / 2 : top + ROW;
        const size = signed ? ROW / 2 : ROW;
        pen.fillStyle = css(rgb(colors.ink), 0.16);
        pen.fillRect(from, Math.round(zero), width - from - right, 1);
        for (let t = 0; t < steps; t += 1) {
          const value = rows[name][t];
          const tall = (Math.abs(value) / limit) * size;
          pen.fillStyle = value < 0 ? colors.negative : colors.positive;
          pen.globalAlpha = t === step ? 1 : 0.62;
          pen.fillRect(from + t * pitch, value < 0 ? zero : zero - tall, Math.max(pitch - (pitch > 4 ? 1 : 0), 0.8), tall);
        }
        pen.globalAlpha = 1;
        pen.fillStyle = colors.muted;
        pen.textAlign = "left";
        pen.fillText(NAMES[name], 0, top + ROW / 2);
        pen.fillStyle = colors.muted;
        pen.font = `10.5px ${colors.font}`;
        pen.textAlign = "right";
        pen.fillText(name === "cell" ? steady(limit, 1) : "1", from - 4, top + 5);
        pen.fillText(signed ? (name === "cell" ? steady(-limit, 1) : "−1") : "0", from - 4, top + ROW - 4);
        pen.font = `600 12px ${colors.font}`;
        pen.textAlign = "left";
        pen.fillStyle = colors.ink;
        pen.fillText(steady(rows[name][step], 3), width - right + 6, top + ROW / 2);
        pen.font = `12px ${colors.font}`;
      });
      pen.fillStyle = colors.accent;
      pen.fillRect(from + (step + 0.5) * pitch - 0.75, 0, 1.5, height);
    },
  };
}
