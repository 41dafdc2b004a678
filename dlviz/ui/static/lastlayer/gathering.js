// What is known of the run on the page: the moments seen, the one shown, and the pixels; and what to ask next.

import { Asker } from "./asking.js";
import { isSettled } from "../lib/settled.js";
import { Moments, album, read } from "./moments.js";

/**
 * `state.axes`: "own" or "newest"; `isBusy()`: whether somebody else asks now; `changed()` hears of every answer, and
 * `begun()` that another run, or a run of other settings, is on the page.
 */
export class Gathering {
  constructor({ live, ctx, state, isBusy, changed, begun }) {
    Object.assign(this, { live, ctx, state, isBusy, changed, begun });
    this.runs = new Map(); // run and structure → Moments
    this.moments = new Moments();
    this.moment = null; // of the features, shown
    this.pixels = null; // {moment, dataset, picture: which is on the stage, pictureOf}
    this.asked = null; // the logits of the frame that the newest question was about
    this.problem = "";
    this.asker = new Asker({ live, wish: () => this.wish(), took: (job, answer) => this.took(job, answer), signal: ctx.signal });
  }

  get scene() {
    return this.live.scene?.numbers ?? null;
  }

  /** What tells one run's moments from another's: the run, and the settings that make another network or other pictures. */
  get structure() {
    const { spec } = this.scene;
    const lasting = (this.ctx.data.fields ?? []).filter(({ role }) => role === "structure" || role === "data").map(({ name }) => spec[name]);
    return `${this.live.shown} ${JSON.stringify(lasting)}`;
  }

  /** Which picture is on the stage. */
  get picture() {
    const { picture, own_pixels: own } = this.scene.spec;
    return `${picture} ${own}`;
  }

  nudge() {
    this.asker.nudge();
  }

  /** Another scene or another moment has come. */
  follow() {
    const { live } = this;
    if (!this.scene || !live.frame) return;
    const key = this.structure;
    if (!this.runs.has(key)) this.runs.set(key, new Moments());
    if (this.runs.get(key) !== this.moments) {
      this.moments = this.runs.get(key);
      [this.moment, this.asked] = [null, null];
      this.begun();
    }
    if (this.pixels && this.pixels.dataset !== this.scene.spec.dataset) this.pixels = null;
    const newest = live.newest?.numbers.live_step ?? 0;
    if (this.moments.newest?.step > newest) { // time went back: what came later never happened
      this.moments.forgetAfter(newest);
      [this.moment, this.asked] = [null, null];
    }
    const here = this.isBusy() ? null : this.moments.get(live.frame.step);
    if (here && this.isComplete(here)) this.moment = here;
    this.nudge();
  }

  /** Whether nothing is lacking to show it on the axes wanted. */
  isComplete(moment) {
    return this.state.axes === "own" || !this.moments.frame?.text || this.moments.isFramed(moment);
  }

  /** A question about the features of the moment on the page. */
  question() {
    const { live, moments, state } = this;
    const isNewest = live.looking === null;
    const text = state.axes === "newest" && !isNewest ? moments.frame?.text : null;
    return { of: "features", options: text ? { axes: text } : {}, frameId: text ? moments.frame.id : null, isNewest, moments, logits: live.frame.arrays.logits.data };
  }

  wish() {
    const { live, moments, moment, pixels } = this;
    if (!this.scene || !live.frame || !this.ctx.visible || this.isBusy() || !isSettled(live)) return null;
    const known = live.looking === null ? null : moments.get(live.frame.step);
    const isNew = this.asked !== live.frame.arrays.logits.data && !(known && this.isComplete(known));
    // Asked with these axes it may still not be of this very step, where the server holds only others.
    const lacks = moment && live.looking !== null && !this.isComplete(moment) && moment.askedOn !== moments.frame.id;
    if ((!moment || pixels) && (isNew || lacks)) return this.question();
    const { dataset } = this.scene.spec;
    if (pixels?.dataset === dataset && pixels.picture === this.picture) return null;
    return { of: "pixels", options: { pictures: pixels?.dataset !== dataset }, dataset, picture: this.picture };
  }

  took(job, answer) {
    this.problem = answer.kind === "reply" ? "" : answer.numbers.text;
    this.changed();
    if (job.of === "pixels") return this.tookPixels(job, answer);
    this.asked = job.logits;
    if (this.problem) return null;
    const found = read(answer);
    job.moments.add(found, job);
    if (job.moments === this.moments) this.moment = found;
    return found;
  }

  tookPixels({ dataset, picture, options }, answer) {
    if (this.problem) {
      // Not asked again until something changes: the answer would be the same.
      this.pixels = this.pixels && { ...this.pixels, picture };
      return null;
    }
    this.pixels = { dataset, picture, moment: read(answer), pictureOf: options.pictures ? album(answer) : this.pixels.pictureOf };
    return this.pixels.moment;
  }

  /** The moment at that step: kept, or asked for; the page then looks at it. */
  async fetch(step) {
    const { live, moments } = this;
    const isNewest = step >= live.newest.numbers.live_step;
    const kept = moments.get(step);
    if (kept && (isNewest ? moments.frame?.step === step : this.isComplete(kept))) return kept;
    live.scrub(isNewest ? null : step);
    return this.asker.now(this.question());
  }
}
