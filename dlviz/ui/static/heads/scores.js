// The roles of all heads as the server measures them over held-back sequences: of the moment on screen, and those of
// earlier moments as far as they have been asked for. Asked at most once a second, never while nobody can see the answer.

import { beginningOf } from "../lib/beginning.js";

const PACE = 1000; // ms between two questions

export class Scores {
  constructor({ live, ctx, told }) {
    Object.assign(this, { live, ctx, told });
    this.kept = new Map(); // step → reply
    this.key = "";
    this.problem = "";
    this.asking = false;
    this.gathering = false;
    this.last = -Infinity;
    live.on("scene", () => {
      const key = beginningOf({ live, ctx });
      if (key !== this.key) this.kept.clear();
      this.key = key;
      told();
    }, ctx.signal);
    live.on("state", ({ live_step: newest }) => {
      for (const step of this.kept.keys()) if (step > newest) this.kept.delete(step); // of a past that has been taken back
      this.ask();
    }, ctx.signal);
    live.on("frame", () => this.ask(), ctx.signal);
    ctx.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** The measured roles of the moment on screen; else of the nearest moment that there is, or null. */
  get now() {
    const step = this.live.frame?.step;
    if (step === undefined || this.kept.size === 0) return null;
    if (this.kept.has(step)) return this.kept.get(step);
    return [...this.kept.values()].reduce((best, reply) => (Math.abs(reply.step - step) < Math.abs(best.step - step) ? reply : best));
  }

  /** All that have been measured, by step. */
  get all() {
    return [...this.kept.values()].sort((a, b) => a.step - b.step);
  }

  ask() {
    const { live, ctx } = this;
    clearTimeout(this.timer);
    if (!ctx.visible || !live.frame || this.asking || this.gathering || this.kept.has(live.frame.step) || !this.key) return;
    const wait = this.last + PACE - performance.now();
    if (wait > 0) {
      this.timer = setTimeout(() => this.ask(), wait);
      return;
    }
    this.fetch().then((took) => { if (took) this.ask(); });
  }

  async fetch() {
    const { live, ctx, key } = this;
    this.asking = true;
    this.last = performance.now();
    const answer = await live.ask({ do: "probe", panel: "roles", options: { parameters: false } }, { quiet: true });
    this.asking = false;
    if (ctx.signal.aborted || key !== this.key) return false;
    this.problem = answer.kind === "reply" ? "" : answer.numbers.text;
    if (answer.kind === "reply" && answer.step <= (live.newest?.numbers.live_step ?? Infinity)) this.kept.set(answer.step, answer);
    this.told();
    return answer.kind === "reply";
  }

  /** Whether the run stands still at its newest moment, so that it may look back for a while. */
  get rests() {
    const { live } = this;
    const state = live.state ?? {};
    return Boolean(live.frame) && !state.playing && (state.goal ?? null) === null && !live.advancing && live.looking === null && !live.gone;
  }

  /** Up to `most` moments that the server holds and that have not been measured yet, spread evenly over their number. */
  missing(most) {
    const steps = [...(this.live.newest?.arrays.held?.data ?? [])]; // what the page alone keeps has no weights to look back to
    const share = Math.max(1, steps.length / most);
    return steps.filter((step, i) => Math.floor(i / share) !== Math.floor((i - 1) / share) && !this.kept.has(step));
  }

  /**
   * Measure kept moments one after the other: the server looks back to each and then returns. It is given up as soon as a
   * person moves in time, trains on or looks elsewhere.
   */
  async gather(most) {
    if (this.gathering || !this.rests) return;
    const { live, ctx, key } = this;
    const { channel } = live;
    const steps = this.missing(most);
    this.gathering = { done: 0, total: steps.length };
    const goesOn = () => !ctx.signal.aborted && ctx.visible && this.rests && key === this.key && channel === live.channel;
    for (const step of steps) {
      if (!goesOn()) break;
      const went = await live.ask({ do: "seek", step }, { quiet: true });
      channel.sought = step;
      if (went.kind === "note" || !goesOn() || !(await this.fetch())) break;
      this.gathering.done += 1;
      this.told();
    }
    this.gathering = false;
    if (channel === live.channel && live.looking === null && !live.state.playing && !live.advancing) live.scrub(null); // back to the newest
    this.told();
    this.ask();
  }
}
