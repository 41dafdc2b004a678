// Moments of the training that were on the screen while the page was open, thinned out as they become many.

const MOST = 12;
const LOOKED = ["view", "live"]; // roles of settings under which weights stay comparable

/** Moments of one network, by step: each is the moment of lib/moments.js with room for what was computed of it. */
export class History {
  /** `fields`: descriptions of the settings, which say what their change means. */
  constructor(fields) {
    this.structure = fields.filter(({ role }) => !LOOKED.includes(role)).map(({ name }) => name);
    this.forget();
  }

  forget() {
    [this.key, this.kept] = ["", []];
  }

  /** Take a moment in; true where it was not here yet. `isNewest`: nobody is looking back. */
  add(moment, run, isNewest) {
    const { spec } = moment.scene.numbers;
    const key = `${run} ${this.structure.map((name) => spec[name]).join("|")}`;
    if (key !== this.key) [this.key, this.kept] = [key, []];
    if (isNewest) this.kept = this.kept.filter(({ step }) => step <= moment.step); // begun anew
    const same = this.kept.find(({ step }) => step === moment.step);
    if (same?.reply === moment.reply) return false;
    this.kept = [...this.kept.filter((each) => each !== same), { step: moment.step, reply: moment.reply, network: moment.network, found: new Map() }].sort((a, b) => a.step - b.step);
    while (this.kept.length > MOST) this.dropOne();
    return true;
  }

  // The one whose neighbours are closest together for its step: what stays is dense where learning is fast.
  dropOne() {
    let [worst, least] = [1, Infinity];
    for (let i = 1; i < this.kept.length - 1; i += 1) {
      const gap = (this.kept[i + 1].step - this.kept[i - 1].step) / (this.kept[i].step + 1);
      if (gap < least) [worst, least] = [i, gap];
    }
    this.kept.splice(worst, 1);
  }
}

/** `count` of these steps, close together at the beginning, the first and the last among them. */
export function spreadOver(steps, count) {
  if (steps.length <= count) return [...steps];
  const [low, high] = [Math.log1p(steps[0]), Math.log1p(steps.at(-1))];
  const wanted = Array.from({ length: count }, (_, i) => Math.expm1(low + ((high - low) * i) / (count - 1)));
  return [...new Set(wanted.map((x) => steps.reduce((best, step) => (Math.abs(step - x) < Math.abs(best - x) ? step : best))))];
}
