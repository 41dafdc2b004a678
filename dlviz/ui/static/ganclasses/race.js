// A training of both, told and not told, as the replies bring it: moments with fakes and counts, and the scores at the marks.

export const KINDS = ["unconditional", "conditional"];
export const LABELS = { unconditional: "Told nothing", conditional: "Told the class" };
export const SCORES = ["quality", "frechet", "modes", "entropy", "precision", "recall", "diversity", "obedience"];

export class Race {
  /** `settings`: {recipe, steps, seed, key}. */
  constructor(settings) {
    this.settings = settings;
    this.moments = []; // {step, unconditional: {fakes, labels, counts}, conditional: …}
    this.isDone = false;
  }

  /** Take a reply; false where it brings nothing new to look at. */
  take({ arrays, numbers }) {
    if (!arrays.step) return false;
    this.plan ??= JSON.parse(numbers.texts["state/plan"][0]);
    const step = arrays.step.data[0];
    if (this.moments.at(-1)?.step !== step) {
      const side = (kind) => ({ fakes: arrays[`${kind}_fakes`], labels: arrays[`${kind}_labels`].data, counts: arrays[`${kind}_counts`]?.data ?? null });
      this.moments.push({ step, ...Object.fromEntries(KINDS.map((kind) => [kind, side(kind)])) });
    }
    this.steps = [...arrays.steps.data];
    this.curves = Object.fromEntries(KINDS.map((kind) => [kind, Object.fromEntries(SCORES.map((name) => [name, [...arrays[`${kind}_${name}`].data]]))]));
    this.isDone = !numbers.progress;
    return true;
  }

  /** The scores of both at the mark of a moment. */
  both(step) {
    return KINDS.map((kind) => this.scores(kind, step));
  }

  /** The scores of one. */
  scores(kind, step) {
    const at = this.steps.indexOf(step);
    return Object.fromEntries(SCORES.map((name) => [name, this.curves[kind][name][at]]));
  }
}
