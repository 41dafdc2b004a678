// Both over the steps of their training: quality, losses, and the band of D's verdicts.

import { curveChart } from "../lib/curve.js";
import { h, setText } from "../lib/dom.js";
import { SIDES } from "./race.js";

const TALL = 200;
const SECOND = 2; // class colours of the two
const FIRST = 7;

export const inksOf = (colors) => ({ first: colors.classes[FIRST], second: colors.classes[SECOND] });

/** `onpick(step)`; `draw(race, moment, colors)`. */
export function buildCharts({ redraw, onpick }) {
  const chart = (label) => {
    const made = curveChart({ height: TALL, redraw, onpick, label });
    const name = h("p.label");
    return { ...made, name, figure: h("figure.stack", h("h4", label), name, made.element) };
  };
  const frechet = chart("Fréchet distance");
  const modes = chart("Modes covered");
  const generator = chart("The generator's loss");
  const discriminator = chart("The discriminator's loss");
  const verdicts = chart("D's verdicts");
  const separation = chart("Real above fake");
  setText(frechet.name, "From held-back real examples, logarithmic: less is better. Click a chart for the moment near");
  setText(generator.name, "As each loss counts it: the two heights cannot be compared, only each with itself");
  setText(discriminator.name, "Without penalty and noise");
  setText(verdicts.name, "A band from its share right on real examples to its share right on fakes; the line, all. 0.5: it can only guess");
  setText(separation.name, "Chance that D puts a real example above a fake. 0.5: it can only guess");
  const element = h("div.gl-charts", [frechet, modes, generator, discriminator, verdicts, separation].map(({ figure }) => figure));

  return {
    element,
    draw(race, moment, colors) {
      const inks = inksOf(colors);
      const line = (side, name, more = {}) => {
        const known = race.steps.filter((_, i) => Number.isFinite(race.curves[side][name][i])).length;
        return { label: race.nameOf(side), xs: race.steps.slice(0, known), ys: race.curves[side][name].slice(0, known), color: inks[side], ...more };
      };
      const common = { cursor: moment.step, last: race.steps.at(-1), marks: [] };
      const show = (one, series, more = {}) => {
        const known = series.filter(({ xs }) => xs.length);
        one.figure.classList.toggle("hidden", !known.length);
        if (!known.length) return;
        one.show({ ...common, ...more, series: known });
        one.draw(colors);
      };
      const hasModes = SIDES.some((side) => Number.isFinite(race.curves[side].modes[0]));
      setText(modes.figure.querySelector("h4"), hasModes ? (race.plan.planar ? "Modes covered" : "Classes made") : "Recall");
      setText(modes.name, hasModes ? `Of ${race.plan.modes}` : "Share of the real set that the fakes reach");
      show(frechet, SIDES.map((side) => line(side, "frechet")), { logY: true });
      show(modes, SIDES.map((side) => line(side, hasModes ? "modes" : "recall")));
      show(generator, SIDES.map((side) => line(side, "generator_loss")));
      show(discriminator, SIDES.map((side) => line(side, "discriminator_loss")));
      show(verdicts, SIDES.filter((side) => !race.isCritic(side)).map((side) => line(side, "accuracy", { low: race.curves[side].called_real, high: race.curves[side].called_fake })));
      show(separation, SIDES.map((side) => line(side, "separation")));
    },
  };
}
