// All norms at once: a cell for each answer and each step that was read.

import { fit, h, number } from "../lib/dom.js";
import { shade } from "./norms.js";

/** `draw(found, {answer, step, largest})`. `onpoint(answer, step)` hears the pointer, (null, null) when it has left. */
export function buildMatrix({ ctx, onpoint, onpick }) {
  const canvas = h("canvas.matrix", { role: "img", tabindex: 0, "aria-label": "Norms of the gradients" });
  const sheet = document.createElement("canvas");
  let drawn = null; // what the sheet holds: {norms, colors}
  let found = null;
  let at = null; // the answer that the arrow keys stand on

  function paint() {
    const { norms, answers, steps } = found;
    if (drawn?.norms === norms && drawn.colors === ctx.colors) return;
    drawn = { norms, colors: ctx.colors };
    sheet.width = steps;
    sheet.height = answers;
    const pen = sheet.getContext("2d");
    const image = pen.createImageData(steps, answers);
    const largest = found.largest;
    for (let k = 0; k < norms.length; k += 1) {
      const t = shade(norms[k], largest);
      if (Number.isNaN(t)) continue;
      image.data.set(ctx.colors.sequential(t), 4 * k);
      image.data[4 * k + 3] = 255;
    }
    pen.putImageData(image, 0, 0);
  }

  function cellOf(event) {
    const clamp = (share, n) => Math.min(n - 1, Math.max(0, Math.floor(share * n)));
    return [clamp(event.offsetY / canvas.clientHeight, found.answers), clamp(event.offsetX / canvas.clientWidth, found.steps)];
  }

  canvas.addEventListener("pointermove", (event) => { if (found) onpoint(...cellOf(event)); });
  canvas.addEventListener("pointerleave", () => onpoint(null, null));
  canvas.addEventListener("click", (event) => { if (found) onpick(cellOf(event)[0]); });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!found || !(way || event.key === "Enter")) return;
    event.preventDefault();
    if (event.key === "Enter") onpick(at);
    else onpoint(Math.min(found.answers - 1, Math.max(0, at + way)), null);
  });

  function draw(next, { answer, step, largest }) {
    found = { ...next, largest };
    at = answer;
    canvas.style.aspectRatio = `${Math.max(found.steps, 2 * found.answers / 3)} / ${Math.max(found.answers, found.steps / 3)}`;
    paint();
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(sheet, 0, 0, width, height);
    const [cell, line] = [width / found.steps, height / found.answers];
    pen.strokeStyle = ctx.colors.accent;
    pen.lineWidth = 1.5;
    pen.strokeRect(0.75, answer * line - 0.75, width - 1.5, Math.max(2, line) + 1.5);
    if (step !== null && step < found.steps) {
      pen.strokeStyle = ctx.colors.muted;
      pen.strokeRect(step * cell, 0.5, Math.max(1, cell), height - 1);
    }
    canvas.setAttribute("aria-label", `Norms of the gradients of ${found.answers} answers to ${found.steps} steps, up to ${number(largest)}. Answer ${answer + 1} is chosen; arrow keys move it.`);
  }

  return { element: canvas, draw };
}
