// Two trainings at the same seed as the replies bring them: their moments, and the curves so far.

import { NAMES } from "./formulas.js";
import { agreement } from "./ranks.js";

export const SIDES = ["first", "second"];
export const CURVES = ["discriminator_loss", "generator_loss", "value", "gap", "d_real", "d_fake", "separation", "accuracy", "modes", "entropy", "quality", "precision", "recall", "frechet", "diversity", "called_real", "called_fake"];

const SAID = {
  loss: (value) => NAMES[value],
  batch_norm: (value) => ({ none: "no batch norm", generator: "batch norm in G", both: "batch norm in both" })[value],
  spectral_norm: (value) => (value ? "spectral norm" : "no spectral norm"),
  discriminator_steps: (value) => `${value} D-step${value === 1 ? "" : "s"}`,
  label_smoothing: (value) => (value ? `smoothing ${value}` : "no smoothing"),
  instance_noise: (value) => (value ? `instance noise ${value}` : "no instance noise"),
  rate_ratio: (value) => `D's rate × ${value}`,
  clip: (value) => `clip ${value}`,
  penalty: (value) => `penalty ${value}`,
};

const LABELLED = ["nonsaturating", "minimax", "leastsquares"]; // losses with labels to smooth
const NEEDS = { clip: ["wgan"], penalty: ["wgangp"], label_smoothing: LABELLED };

/** Whether a setting means something to a loss. */
export const matters = (name, loss) => NEEDS[name]?.includes(loss) ?? true;

/** What a setting is called in a title. */
export const saidOf = (name, value) => SAID[name](value);

export class Race {
  constructor(steps) {
    this.wanted = steps;
    this.moments = []; // {step, first: {fake, realLogits, fakeLogits, map, counts}, second}
    this.isDone = false;
  }

  /** Take a reply; false where it brings nothing to look at. */
  take({ arrays, numbers }) {
    if (!arrays.step) return false;
    this.plan ??= JSON.parse(numbers.texts["state/plan"][0]);
    this.real ??= arrays.real?.data ?? null;
    const step = arrays.step.data[0];
    if (this.moments.at(-1)?.step !== step) {
      const own = (side, name) => arrays[`${side}_${name}`]?.data ?? null;
      this.moments.push({
        step,
        ...Object.fromEntries(SIDES.map((side) => [side, { fake: own(side, "fake"), real: own(side, "real_logits"), fakes: own(side, "fake_logits"), map: own(side, "d_map"), counts: own(side, "mode_counts") }])),
      });
    }
    this.steps = [...arrays.steps.data];
    this.curves = Object.fromEntries(SIDES.map((side) => [side, Object.fromEntries(CURVES.map((name) => [name, [...arrays[`${side}_${name}`].data]]))]));
    this.fell = Object.fromEntries(SIDES.map((side) => [side, arrays[`${side}_fell`].data[0]]));
    this.isDone = !numbers.progress;
    return true;
  }

  /** The measurement `name` of a side at a moment; null where it means nothing. */
  at(side, name, moment) {
    const value = this.curves[side][name][this.steps.indexOf(moment.step)];
    return Number.isFinite(value) ? value : null;
  }

  isCritic(side) {
    return ["wgan", "wgangp"].includes(this.plan.sides[side].loss);
  }

  /** Whether D's output is the logit of odds. */
  hasOdds(side) {
    return ["minimax", "nonsaturating"].includes(this.plan.sides[side].loss);
  }

  /** Settings that make a difference: of those that belong to a loss, only where both have that loss. */
  get differ() {
    const { first, second } = this.plan.sides;
    return Object.keys(first).filter((name) => first[name] !== second[name] && [first, second].every(({ loss }) => matters(name, loss)));
  }

  /** What a side is called: what it has and the other has not. */
  nameOf(side) {
    const { differ, plan: { sides } } = this;
    if (!differ.length) return `${NAMES[sides[side].loss]}, ${side}`;
    const said = differ.map((name) => saidOf(name, sides[side][name])).join(", ");
    return said[0].toUpperCase() + said.slice(1);
  }

  /** Lowest and highest output of D over all moments of a side, so that its histogram stands still while one scrubs. */
  rangeOf(side) {
    let [low, high] = [Infinity, -Infinity];
    for (const { [side]: one } of this.moments) for (const values of [one.real, one.fakes]) for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
    return low < high ? [low, high] : [low - 1, high + 1];
  }

  agreementOf(side, name) {
    return agreement(this.curves[side][name], this.curves[side].frechet);
  }
}
