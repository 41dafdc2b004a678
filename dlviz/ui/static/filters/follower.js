// Asking a probe again whenever what is on screen has changed: at once when a person changed it or the moment stands
// still, at a calm pace while training goes on. One question at a time.

const RETRY = 300; // ms, while the server is still on its way to the moment looked back to
const TRIES = 4;
const REST = 2; // times as long as the last answer took, so that training keeps most of the time

/**
 * wish() → {key, options, …} of what is asked now, or null; took(answer, wish) hears each reply, refused(text) why there is
 * none, progress(message, wish) what there is on the way. `pace`: ms between two questions while training goes on.
 */
export class Follower {
  constructor({ live, ctx, panel, pace, wish, took, refused, progress }) {
    Object.assign(this, { live, ctx, panel, pace, wish, took, refused, progress });
    this.job = null; // {key, step, began, leaving}: under way
    this.done = null; // {key, step, at, lasted}: answered last
    this.timer = 0;
    ctx.signal.addEventListener("abort", () => {
      clearTimeout(this.timer);
      this.job?.leaving.abort();
    });
  }

  get busy() {
    return this.job !== null;
  }

  /** What is asked now, with the run it is asked of; null where nothing is shown. */
  now() {
    const wish = this.live.frame ? this.wish() : null;
    return wish && { wish, key: `${this.live.shown} ${wish.key}` };
  }

  /** Call it whenever something may have changed. */
  nudge() {
    const { live, ctx, job, done } = this;
    const now = ctx.visible && !ctx.signal.aborted ? this.now() : null;
    if (!now) return;
    const { wish, key } = now;
    const { step } = live.frame;
    const training = Boolean(live.state.playing) || (live.state.goal ?? null) !== null;
    if (job) {
      if (job.key !== key || (!training && job.step !== step)) job.leaving.abort();
      return;
    }
    if (done?.key === key && done.step === step) return;
    clearTimeout(this.timer);
    const wait = done?.key === key && training ? done.at + Math.max(this.pace, REST * done.lasted) - performance.now() : 0;
    if (wait > 0) this.timer = setTimeout(() => this.nudge(), wait);
    else this.ask(wish, key, step);
  }

  async ask(wish, key, step) {
    const job = { key, step, began: performance.now(), leaving: new AbortController() };
    this.job = job;
    const isNow = () => !job.leaving.signal.aborted && !this.ctx.signal.aborted && this.now()?.key === key;
    const answer = await this.live.ask({ do: "probe", panel: this.panel, options: wish.options }, {
      quiet: true, signal: job.leaving.signal, progress: (message) => { if (isNow()) this.progress?.(message, wish); },
    });
    const wanted = isNow();
    this.job = null;
    if (this.ctx.signal.aborted) return;
    if (wanted) {
      const now = performance.now();
      this.tries = this.done?.key === key && this.done.step === step ? this.tries + 1 : 0;
      this.done = { key, step, at: now, lasted: now - job.began };
      if (answer.kind === "reply") this.took(answer, wish);
      else this.refused(answer.numbers.text);
      const at = answer.arrays?.at_step?.data[0] ?? answer.step;
      if (answer.kind === "reply" && at !== step && !this.live.state.playing && this.tries < TRIES) {
        this.timer = setTimeout(() => this.again(), RETRY);
        return;
      }
    }
    this.nudge();
  }

  /** Ask once more although nothing has changed here. */
  again() {
    if (this.done) this.done.step = null;
    this.nudge();
  }
}
