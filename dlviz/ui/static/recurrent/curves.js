// How training goes: loss and share of right answers of the training and the validation part, and what chance comes to.

import { curveChart, readCurve } from "../lib/curve.js";
import { h, number, percent, setText, steady } from "../lib/dom.js";
import { seriesOfPage } from "../lib/series.js";

const PARTS = [["train", "Training"], ["validation", "Validation"]];
const DOTS = [2, 3];

export function buildCurves(area, stage) {
  const { live, ctx } = stage;
  const chart = (label) => curveChart({ height: 178, redraw: ctx.redraw, onpick: (step) => live.scrub(step), label });
  const losses = chart("Loss over training steps");
  const accuracies = chart("Share answered rightly over training steps");
  const lossName = h("figcaption.label");
  const shares = h("figure", h("figcaption.label", "Accuracy: share answered rightly"), accuracies.element);
  const words = h("p.small.chance-words");
  const charts = h("div.charts", h("figure", lossName, losses.element), shares);
  area.append(h("h3", "How well it does"), words, charts);

  function seriesOf(what, chance) {
    const { colors } = ctx;
    const found = PARTS.flatMap(([part, name]) => seriesOfPage(live, colors, [`${part}_${what}`]).map((series, k) => {
      const run = live.beside && live.runs.find(({ id }) => id === (k ? live.beside : live.shown))?.label;
      const isCheck = part === "validation";
      return { ...series, label: run ? `${name}, ${run}` : name, color: isCheck ? colors.muted : series.color };
    }));
    const last = Math.max(...found.map(({ xs }) => xs[xs.length - 1]));
    if (chance !== null && chance > 0 && found.length) found.push({ label: "Chance", xs: [0, last], ys: [chance, chance], color: colors.muted, dash: DOTS, weight: 1.2 });
    return found;
  }

  function draw() {
    const { frame } = live;
    if (!frame || !stage.scene) return;
    const { chance, chance_words: why, chance_accuracy: share, classes, shown_as: { spread, unit } } = stage.scene.numbers;
    const isNumber = classes.length === 0;
    const cursor = live.looking === null ? null : frame.step;
    setText(lossName, isNumber ? "Squared error, logarithmic" : "Cross-entropy loss in nats, logarithmic");
    shares.classList.toggle("hidden", isNumber);
    charts.classList.toggle("hidden", frame.arrays.curve.shape[1] < 2);
    losses.show({ series: seriesOf("loss", chance), logY: true, marks: live.state.marks ?? [], cursor });
    losses.draw(ctx.colors);
    if (!isNumber) {
      accuracies.show({ series: seriesOf("accuracy", share), marks: live.state.marks ?? [], cursor });
      accuracies.draw(ctx.colors);
    }
    const { validation_loss: loss, validation_accuracy: right, validation_whole: whole } = frame.numbers;
    const typical = isNumber && unit ? `, typically ${number(Math.sqrt(loss) * spread)} ${unit} off; chance is ${number(Math.sqrt(chance) * spread)} ${unit} off` : "";
    const rightly = isNumber ? "" : ` ${percent(right)} of the held-back answers are right (chance ${percent(share)})${whole === undefined ? "" : `; written by itself, ${percent(whole)} of the sequences are wholly right`}.`;
    const begins = frame.arrays.curve.shape[1] < 2 ? " The curves begin with the second measurement." : "";
    setText(words, loss === null || loss === undefined ? "" : `At step ${number(frame.numbers.measured_at)}: validation loss ${steady(loss)}, chance ${steady(chance)}: ${why}${typical}.${rightly}${begins}`);
  }

  return { draw, words: () => words.textContent, best: () => readCurve(live.newest) };
}
