// A training on the whole of a set: accuracies as they come, and beside them what was published.

import { curveChart } from "../lib/curve.js";
import { count, h, percent, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";

const STEPS = { planetoid: 200, tu: 60 };
const METHOD = {
  planetoid: "GCN of 16 hidden features, dropout ½, the split that comes with the data",
  tu: "GIN of three layers; a tenth of the graphs kept back to test, a tenth to choose the epoch",
};

export function buildWhole({ live, ctx, set }) {
  const unit = set.kind === "planetoid" ? "step" : "epoch";
  const chart = curveChart({ height: 190, unit, redraw: () => ctx.redraw(), label: `Accuracy on ${set.title}` });
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const figure = h("figure.glg-curve.hidden", h("figcaption.label", "Accuracy"), chart.element);
  let curve = null; // {steps, loss, told, validation, test}
  const job = buildJob({
    live, ctx, label: "Train on the whole", again: "Train again",
    command: () => ({ do: "probe", panel: "larger", options: { name: set.slug, do: "train", steps: STEPS[set.kind], seed: 1 } }),
    took(answer) {
      const found = answer.arrays?.curve;
      if (!found) return;
      const [rows, columns] = found.shape;
      const row = (k) => found.data.slice(k * columns, (k + 1) * columns);
      curve = rows ? { steps: row(0), loss: row(1), told: row(2), validation: row(3), test: row(4), isDone: !answer.numbers.progress } : null;
      ctx.redraw();
    },
  });
  const element = h("div.glg-whole", h("p.small.muted", `${METHOD[set.kind]}. Published: ${set.accuracy} %.`), job.element, sentence, figure);

  // The step with the best validation, as it is chosen in the papers.
  function chosen() {
    let best = 0;
    curve.validation.forEach((value, k) => { if (value >= curve.validation[best]) best = k; });
    return best;
  }

  function words() {
    const k = chosen();
    const here = 100 * curve.test[k];
    const apart = here - set.accuracy;
    const beside = Math.abs(apart) < 2 ? "about what was published" : apart > 0 ? "more than was published, on another split or by chance" : "less than was published";
    return `At the ${unit} with the best validation, ${count(curve.steps[k])}, ${percent(curve.test[k])} of the test are right${curve.isDone ? `: ${beside} (${set.accuracy} %)` : " so far"}. Of those told it is ${percent(curve.told[k])}.`;
  }

  return {
    element,
    draw() {
      figure.classList.toggle("hidden", !curve);
      if (!curve) return;
      const line = (name, label, color, dash) => ({ label, xs: curve.steps, ys: curve[name], color, dash });
      const published = { label: "published", xs: Float32Array.of(0, curve.steps.at(-1)), ys: new Float32Array(2).fill(set.accuracy / 100), color: ctx.colors.muted, weight: 1, dash: [3, 4] };
      chart.show({ series: [line("told", "told", ctx.colors.classes[0]), line("validation", "validation", ctx.colors.classes[2]), line("test", "test", ctx.colors.accent), published], marks: [], cursor: null });
      chart.draw(ctx.colors);
      setText(sentence, words());
    },
    read: () => curve && { steps: [...curve.steps], test: [...curve.test], validation: [...curve.validation], told: [...curve.told], sentence: sentence.textContent, isDone: curve.isDone },
  };
}
