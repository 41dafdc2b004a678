// The whole of a long sequence as a strip: how sure each answer is, right or wrong, and which part is in sight.

import { css, rgb } from "../lib/color.js";
import { fit, h } from "../lib/dom.js";

/** Under the frame of the chain; dragging on it moves the frame. */
export function buildOverview(stage, frame) {
  const canvas = h("canvas.overview", { role: "img", "aria-hidden": "true" });
  let dragging = false;
  const go = (event) => {
    const share = event.offsetX / canvas.clientWidth;
    frame.scrollLeft = share * frame.scrollWidth - frame.clientWidth / 2;
  };
  canvas.addEventListener("pointerdown", (event) => {
    dragging = true;
    canvas.setPointerCapture(event.pointerId);
    go(event);
  });
  canvas.addEventListener("pointermove", (event) => { if (dragging) go(event); });
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, () => { dragging = false; });

  function draw() {
    const isNeeded = frame.scrollWidth > frame.clientWidth + 2;
    canvas.classList.toggle("hidden", !isNeeded);
    if (!isNeeded) return;
    const { pen, width, height } = fit(canvas);
    const { columns, ctx: { colors } } = stage;
    const ink = rgb(colors.ink);
    const pitch = width / columns.length;
    pen.clearRect(0, 0, width, height);
    columns.forEach(({ asked, said, sure, target, fed }, i) => {
      const tall = !asked ? 2 : 2 + (height - 6) * (sure ?? 0.5);
      pen.fillStyle = asked && target !== null && sure !== null && said !== target ? stage.warn : css(ink, fed ? 0.25 : 0.42);
      pen.fillRect(i * pitch + 0.5, height - 2 - tall, Math.max(1, pitch - 1), tall);
    });
    const scale = width / frame.scrollWidth;
    pen.fillStyle = css(rgb(colors.accent), 0.13);
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.roundRect(frame.scrollLeft * scale + 0.75, 0.75, frame.clientWidth * scale - 1.5, height - 1.5, 4);
    pen.fill();
    pen.stroke();
  }

  return { element: canvas, draw };
}
