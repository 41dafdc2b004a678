// Losses and accuracies of the three parts, with the step at which the validation loss was lowest.

import { curveChart, readCurve } from "../lib/curve.js";
import { h, number, setText, steady } from "../lib/dom.js";
import { seriesOfPage } from "../lib/series.js";
import { lowest } from "./counting.js";

const PARTS = [["train", "Training"], ["validation", "Validation"], ["test", "Test"]];
const DOTS = [2, 3];

/** `draw(frame)` paints both charts and the line under them; `best()` is the lowest validation loss so far, or null. */
export function buildCurves({ live, ctx }) {
  const chart = (label) => curveChart({ height: 230, redraw: ctx.redraw, onpick: (step) => live.scrub(step), label });
  const losses = chart("Cross-entropy over training steps");
  const accuracies = chart("Share answered rightly over training steps");
  const words = h("span.value");
  const go = h("button.chip", { type: "button", onclick: () => live.scrub(found.step) }, "Go there");
  const line = h("div.row.best", words, go);
  const element = h("section.curves", { "aria-label": "Curves" },
    h("div.charts",
      h("figure", h("figcaption.label", "Cross-entropy loss, logarithmic"), losses.element),
      h("figure", h("figcaption.label", "Accuracy: share answered rightly"), accuracies.element)),
    line);
  let found = null;

  function seriesOf(what) {
    const { colors } = ctx;
    return PARTS.flatMap(([part, name]) => seriesOfPage(live, colors, [`${part}_${what}`]).map((series, k) => {
      const run = live.beside && live.runs.find(({ id }) => id === (k ? live.beside : live.shown))?.label;
      const isMiddle = part === "validation"; // dotted: in ink it would hide the training curve, in grey be the test's
      return {
        ...series,
        label: run ? `${name}, ${run}` : name,
        color: isMiddle ? colors.muted : series.color,
        weight: isMiddle ? 1.5 : series.weight,
        dash: series.dash ?? (isMiddle ? DOTS : undefined),
      };
    }));
  }

  function draw(frame) {
    const curve = readCurve(live.newest);
    found = curve ? lowest(curve.steps, curve.rows.validation_loss) : null;
    const marks = [...(live.state.marks ?? [])];
    if (found) marks.push({ step: found.step, text: `lowest validation loss, ${steady(found.value)}` });
    const cursor = live.looking === null ? null : frame.step;
    losses.show({ series: seriesOf("loss"), logY: true, marks, cursor });
    accuracies.show({ series: seriesOf("accuracy"), marks, cursor });
    losses.draw(ctx.colors);
    accuracies.draw(ctx.colors);
    line.classList.toggle("hidden", !found);
    if (!found) return;
    const epoch = found.step / live.newest.numbers.steps_per_epoch;
    const isNewest = found.step === curve.steps.at(-1);
    const then = isNewest ? "It is the newest: training still helps." : "By validation, this is where to stop.";
    setText(words, `▲ Lowest validation loss: ${steady(found.value)} at step ${number(found.step)}, after epoch ${number(epoch)}. ${then}`);
    go.disabled = frame.step === found.step;
  }

  return { element, draw, best: () => found };
}
