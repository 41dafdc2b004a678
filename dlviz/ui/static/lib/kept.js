// Frames kept in the browser, so that scrubbing shows a moment at once.

const BUDGET = 16 * 1024 * 1024; // bytes a run
const PASSING = new Set(["curve", "held"]); // grow with the run and belong to now, not to the moment

function bytes(frame) {
  return Object.values(frame.arrays).reduce((sum, { data }) => sum + data.byteLength, 256);
}

/**
 * Moments sorted by step. Past the budget the least missed one is dropped: the one whose neighbours are
 * closest together relative to its step, which leaves the moments log-spaced, dense where learning is fast.
 */
export class Kept {
  constructor(budget = BUDGET) {
    this.budget = budget;
    this.clear();
  }

  clear() {
    this.moments = [];
    this.size = 0;
  }

  /** Index of the first moment at or after `step`. */
  place(step) {
    let [low, high] = [0, this.moments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.moments[middle].step < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  add(frame) {
    const arrays = {};
    for (const [name, { shape, data }] of Object.entries(frame.arrays)) {
      if (!PASSING.has(name)) arrays[name] = { shape, data: data.slice() };
    }
    const moment = { ...frame, arrays };
    const at = this.place(frame.step);
    const same = this.moments[at]?.step === frame.step;
    this.size += bytes(moment) - (same ? bytes(this.moments[at]) : 0);
    this.moments.splice(at, same ? 1 : 0, moment);
    while (this.size > this.budget && this.moments.length > 2) this.dropOne();
  }

  dropOne() {
    let [worst, least] = [1, Infinity];
    for (let i = 1; i < this.moments.length - 1; i += 1) {
      const gap = (this.moments[i + 1].step - this.moments[i - 1].step) / (this.moments[i].step + 1);
      if (gap < least) [worst, least] = [i, gap];
    }
    this.size -= bytes(this.moments[worst]);
    this.moments.splice(worst, 1);
  }

  /** Drop the moments of a scene that is no longer here. */
  forget(version) {
    this.moments = this.moments.filter((moment) => moment.version !== version);
    this.size = this.moments.reduce((sum, moment) => sum + bytes(moment), 0);
  }

  /** The moment nearest to `step`, or null. */
  nearest(step) {
    const at = this.place(step);
    const [before, after] = [this.moments[at - 1], this.moments[at]];
    if (!before || !after) return before ?? after ?? null;
    return step - before.step < after.step - step ? before : after;
  }

  get steps() {
    return this.moments.map((moment) => moment.step);
  }
}
