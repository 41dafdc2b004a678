// Losses and accuracy, and their curve so far; the same for a second run while two are compared.

import { extent, readCurve, trace } from "../lib/curve.js";
import { fit, h, percent, setText, steady } from "../lib/dom.js";

const SETS = [["train", "Training"], ["test", "Test"]];

export function buildLosses(el, stage) {
  const { ctx } = stage;
  const rows = SETS.map(([set, label]) => {
    const loss = h("span.big.value");
    const accuracy = h("span.label.value");
    return { set, loss, accuracy, root: h("div.loss", h("span.label", h(`i.key.${set}`), `${label} loss`), loss, accuracy) };
  });
  const curve = h("canvas.loss-curve", { role: "img" });
  el.append(h("div.losses", rows.map((row) => row.root)), curve);

  function draw(frame) {
    if (!frame) return;
    const { numbers } = frame;
    for (const { set, loss, accuracy } of rows) {
      const value = numbers[`${set}_loss`];
      setText(loss, steady(value));
      const share = numbers[`${set}_accuracy`];
      setText(accuracy, share === undefined || share === null ? "" : `${percent(share)} right`);
    }
    drawCurve(curve, frame, ctx.colors);
    curve.setAttribute("aria-label", `Training loss ${steady(numbers.train_loss)}, test loss ${steady(numbers.test_loss)} at step ${frame.step}`);
  }
  return { draw };
}

/** The losses so far from zero up, test in grey under train in ink. */
export function drawCurve(canvas, frame, colors) {
  const { pen, width, height } = fit(canvas);
  pen.clearRect(0, 0, width, height);
  pen.strokeStyle = colors.line;
  pen.lineWidth = 1;
  pen.strokeRect(-1, -1, width + 2, height + 0.5);
  const curve = readCurve(frame);
  const rows = curve ? SETS.map(([set]) => curve.rows[`${set}_loss`]).filter(Boolean) : [];
  const range = extent(rows);
  if (!range) return;
  const last = Math.max(1, curve.steps.at(-1));
  const toX = (step) => 1 + (step / last) * (width - 2);
  const toY = (loss) => height - 3 - (loss / (range[1] || 1)) * (height - 6);
  pen.lineWidth = 1.7;
  pen.lineJoin = "round";
  for (const [set] of [...SETS].reverse()) {
    pen.strokeStyle = set === "train" ? colors.ink : colors.muted;
    trace(pen, curve.steps, curve.rows[`${set}_loss`], toX, toY);
    pen.stroke();
  }
}
