// What to ask of the run, and when: one question at a time, of the features at most three times a second, because a
// probe takes its time from the training.

const PACE = 330; // ms between two questions of the features

/**
 * `wish()` → {options, of} or null: what is wanted most now; `of` is "features" or "pixels". `took(wish, answer)` hears
 * each answer.
 */
export class Asker {
  constructor({ live, wish, took, signal }) {
    Object.assign(this, { live, wish, took, signal });
    this.underWay = null; // a promise
    this.last = -Infinity;
    this.timer = 0;
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  nudge() {
    if (this.underWay || this.signal.aborted) return;
    const wish = this.wish();
    if (!wish) return;
    const wait = wish.of === "features" ? this.last + PACE - performance.now() : 0;
    clearTimeout(this.timer);
    if (wait > 0) this.timer = setTimeout(() => this.nudge(), wait);
    else this.ask(wish).then(() => this.nudge());
  }

  /** Ask this next, whatever else is wanted. Resolves with what `took` made of the answer. */
  async now(wish) {
    while (this.underWay) await this.underWay;
    return this.ask(wish);
  }

  ask(wish) {
    if (wish.of === "features") this.last = performance.now();
    const whole = this.live.ask({ do: "probe", panel: "last_layer", options: { ...wish.options, space: wish.of, parameters: false } }, { quiet: true })
      .then((answer) => {
        this.underWay = null;
        return this.signal.aborted ? null : this.took(wish, answer);
      });
    this.underWay = whole;
    return whole;
  }
}
