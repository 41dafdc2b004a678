// Told beside not told: the training, the moment looked at, both sides, the verdict and the curves.

import { curveChart } from "../lib/curve.js";
import { count, h, setText } from "../lib/dom.js";
import { KINDS, LABELS } from "./race.js";
import { buildSide } from "./sides.js";
import { buildTraining } from "./training.js";
import { basis, compared, verdict } from "./verdict.js";

export function buildBeside({ live, ctx, happened }) {
  let [at, drawn] = [null, null];
  const training = buildTraining({ live, ctx, happened, onrace: (isNew) => { if (isNew) at = null; ctx.redraw(); } });
  const sides = Object.fromEntries(KINDS.map((kind) => [kind, buildSide(kind)]));
  const pick = (step) => {
    const far = training.race.moments.map((moment) => Math.abs(moment.step - step));
    at = far.indexOf(Math.min(...far));
    ctx.redraw();
  };
  const charts = { quality: chart("Share of good ones, over training steps"), frechet: chart("Fréchet distance, over training steps") };
  const slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Moment of the race", oninput: () => { at = slider.valueAsNumber; ctx.redraw(); } });
  const where = h("output.value");
  const sentence = h("p.gc-sentence.value", { "aria-live": "polite" });
  const ground = h("p.small.muted.value");
  const body = h("div.gc-racebody.hidden", sentence, ground, h("div.gc-scrub", h("span.label", "Moment of training"), slider, where),
    h("div.gc-sides", KINDS.map((kind) => sides[kind].element)),
    h("div.gc-charts", h("figure.gc-stack", h("h4", "Good ones"), charts.quality.element), h("figure.gc-stack", h("h4", "Fréchet distance"), charts.frechet.element)));
  const element = h("section.gc-part.gc-beside", { "aria-label": "Told beside not told" }, h("h3", "Is being told worth anything?"),
    h("p.gc-about", "Two GANs with the same layers, seed, real examples, batches and noise: one is told the class of every example, the other never hears of classes. What does each make when both have had the same training?"), training.element, body);

  function chart(label) {
    return curveChart({ height: 210, redraw: () => ctx.redraw(), onpick: (step) => pick(step), label });
  }

  function drawCharts(race, step, colors) {
    const inks = { unconditional: colors.muted, conditional: colors.accent };
    for (const [name, each] of Object.entries(charts)) {
      const series = KINDS.map((kind) => {
        const ys = race.curves[kind][name].filter((value, i) => race.steps[i] <= race.moments.at(-1).step && Number.isFinite(value));
        return { label: LABELS[kind].toLowerCase(), xs: race.steps.slice(0, ys.length), ys, color: inks[kind] };
      });
      each.element.parentElement.classList.toggle("hidden", !series.some(({ ys }) => ys.length));
      const values = series.flatMap(({ ys }) => ys).filter((value) => value > 0);
      each.show({ series, cursor: step, last: race.steps.at(-1), logY: name === "frechet" && Math.max(...values) > 20 * Math.min(...values) });
      each.draw(colors);
    }
  }

  return {
    element,
    draw(colors) {
      training.nudge();
      const { race } = training;
      body.classList.toggle("hidden", !race?.moments.length);
      drawn = null;
      if (!race?.moments.length) return;
      const index = Math.min(at ?? race.moments.length - 1, race.moments.length - 1);
      const moment = race.moments[index];
      slider.max = Math.max(1, race.moments.length - 1);
      slider.value = index;
      slider.style.setProperty("--share", race.moments.length > 1 ? index / (race.moments.length - 1) : 0);
      slider.setAttribute("aria-valuetext", `step ${moment.step}`);
      setText(where, `step ${count(moment.step)} of ${count(race.settings.steps)}`);
      setText(sentence, verdict(race, moment.step, training.labelOf(race.settings)));
      setText(ground, basis(race));
      for (const kind of KINDS) sides[kind].draw({ race, moment }, colors);
      drawCharts(race, moment.step, colors);
      drawn = { race, moment, index };
    },
    read: () => ({
      running: training.running,
      shown: drawn && {
        settings: drawn.race.settings, step: drawn.moment.step, index: drawn.index, moments: drawn.race.moments.map(({ step }) => step), steps: drawn.race.steps, isDone: drawn.race.isDone,
        sentence: sentence.textContent, curves: drawn.race.curves, sides: Object.fromEntries(KINDS.map((kind) => [kind, sides[kind].read()])),
        compared: compared(drawn.race.both(drawn.moment.step), drawn.race.plan), plan: drawn.race.plan,
      },
    }),
  };
}
