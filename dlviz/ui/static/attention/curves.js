// How training goes: loss and share of right answers of the training and the validation part, and what chance comes to.

import { curveChart } from "../lib/curve.js";
import { h, number, percent, setText, steady } from "../lib/dom.js";
import { seriesOfPage } from "../lib/series.js";

const PARTS = [["train", "Training"], ["validation", "Validation"]];
const DOTS = [2, 3];
const PAUSE = 250; // ms between two drawings while it trains

export function buildCurves(area, stage) {
  const { live, ctx } = stage;
  let now = false;
  const touched = () => { now = true; ctx.redraw(); };
  const chart = (label) => curveChart({ height: 178, redraw: touched, onpick: (step) => live.scrub(step), label });
  const losses = chart("Loss over training steps");
  const accuracies = chart("Share answered rightly over training steps");
  const shareName = h("figcaption.label");
  const words = h("p.small.chance-words");
  const charts = h("div.charts", h("figure", h("figcaption.label", "Cross-entropy loss in nats, logarithmic"), losses.element), h("figure", shareName, accuracies.element));
  area.append(h("h3", "How well it does"), words, charts);

  function lineOf(name, label, color, dash) {
    return seriesOfPage(live, ctx.colors, [name]).map((series, k) => {
      const run = live.beside && live.runs.find(({ id }) => id === (k ? live.beside : live.shown))?.label;
      return { ...series, label: run ? `${label}, ${run}` : label, color, dash: series.dash ?? dash };
    });
  }

  function seriesOf(what, chance, isTranslator) {
    const { colors } = ctx;
    const found = PARTS.flatMap(([part, name]) => lineOf(`${part}_${what}`, name, part === "validation" ? colors.muted : colors.ink));
    if (isTranslator) found.push(...lineOf("validation_whole", "Wholly right", colors.muted, [6, 4]));
    const last = Math.max(...found.map(({ xs }) => xs[xs.length - 1]));
    if (chance > 0 && found.length) found.push({ label: "Chance", xs: [0, last], ys: [chance, chance], color: colors.muted, dash: DOTS, weight: 1.2 });
    return found;
  }

  let [drawnAt, timer] = [-Infinity, 0];
  let key = null;

  function draw() {
    const { frame } = live;
    if (!frame || !stage.scene) return;
    // A frame comes many times a second; a curve need not.
    const fresh = [frame, ctx.colors, charts.clientWidth, live.looking, live.beside];
    if (!now && key?.every((each, i) => each === fresh[i])) return;
    const wait = drawnAt + PAUSE - performance.now();
    if (!now && wait > 0 && live.state?.playing) {
      clearTimeout(timer);
      timer = setTimeout(() => ctx.redraw(), wait);
      return;
    }
    [drawnAt, key, now] = [performance.now(), fresh, false];
    const { chance, chance_words: why, chance_accuracy: share, pattern } = stage.scene.numbers;
    const isTranslator = pattern === "decoder";
    const cursor = live.looking === null ? null : frame.step;
    const marks = live.state.marks ?? [];
    setText(shareName, isTranslator ? "Accuracy: share of single letters right; dashed: share of sequences written wholly right" : "Accuracy: share answered rightly");
    const few = frame.arrays.curve.shape[1] < 2;
    charts.classList.toggle("hidden", few);
    if (!few) {
      losses.show({ series: seriesOf("loss", chance, false), logY: true, marks, cursor });
      accuracies.show({ series: seriesOf("accuracy", share, isTranslator), marks, cursor });
      losses.draw(ctx.colors);
      accuracies.draw(ctx.colors);
    }
    const { validation_loss: loss, validation_accuracy: right, validation_whole: whole } = frame.numbers;
    const wholly = whole === undefined || whole === null ? "" : `; written by itself, ${percent(whole)} of the sequences are wholly right`;
    setText(words, loss === null || loss === undefined ? "" : `At step ${number(frame.numbers.measured_at)}: validation loss ${steady(loss)}, chance ${steady(chance)}: ${why}. ${percent(right)} of the held-back answers are right (chance ${percent(share)})${wholly}.${few ? " The curves begin with the second measurement." : ""}`);
  }

  stage.on("frame", () => ctx.redraw());
  return { draw, words: () => words.textContent };
}
