// From step 0 to now: first the moments that the run holds are asked for, then the points travel through them.

import { between } from "./views.js";

const MOST = 32; // moments
const A_MOMENT = 420; // ms from one to the next
const WHOLE = [3000, 8000]; // ms, at the least and at the most
const STILL = 600; // ms a moment where motion is unwanted

/** `fetch(step)` → the moment or null; `path(moments)` → a view for each; `changed()` hears of everything. */
export class Journey {
  constructor({ live, fetch, path, changed, still }) {
    Object.assign(this, { live, fetch, path, changed, still });
    this.on = false;
    this.collected = null; // {done, total} while moments are asked for
    this.views = null;
    this.moments = [];
  }

  get isFlying() {
    return this.on && this.views !== null;
  }

  async start() {
    if (this.on || !this.live.newest) return;
    Object.assign(this, { on: true, views: null, moments: [] });
    if (this.live.state.playing) await this.live.play(false);
    const held = [...(this.live.newest.arrays.held?.data ?? [])];
    const newest = this.live.newest.numbers.live_step;
    const steps = thinned(held.includes(newest) ? held : [...held, newest]);
    for (const step of [newest, ...steps.slice(0, -1)]) {
      this.collected = { done: this.moments.length, total: steps.length };
      this.changed();
      const moment = await this.fetch(step);
      if (!this.on) return;
      if (moment) this.moments.push(moment);
    }
    this.collected = null;
    this.moments.sort((a, b) => a.step - b.step);
    this.views = this.path(this.moments);
    this.lasts = this.still() ? STILL * this.views.length : Math.min(WHOLE[1], Math.max(WHOLE[0], A_MOMENT * this.views.length));
    this.began = performance.now();
    this.passed = null;
    this.changed();
  }

  /** {view, moment} of now; null when somebody went elsewhere. At the end it stops by itself. */
  at(now) {
    if (this.live.state.playing || (this.passed !== null && this.live.looking !== this.scrubbed)) {
      this.stop();
      return null;
    }
    const { views, moments } = this;
    const last = views.length - 1;
    const along = last * Math.min(1, (now - this.began) / this.lasts);
    const k = Math.floor(along);
    this.pass(moments[k]);
    const view = this.still() || k === last ? views[k] : between(views[k], views[k + 1], along - k);
    if (along >= last) this.stop();
    return { view: { ...view, key: `journey ${along}` }, moment: moments[k] };
  }

  /** The whole page comes along. */
  pass(moment) {
    if (this.passed === moment) return;
    this.passed = moment;
    this.live.scrub(moment === this.moments.at(-1) ? null : moment.step);
    this.scrubbed = this.live.looking;
  }

  stop() {
    if (!this.on) return;
    Object.assign(this, { on: false, views: null, collected: null });
    this.changed();
  }
}

/** At most `MOST` of them, the first and the last among them. */
function thinned(steps) {
  if (steps.length <= MOST) return steps;
  return Array.from({ length: MOST }, (_, k) => steps[Math.round((k * (steps.length - 1)) / (MOST - 1))]);
}
