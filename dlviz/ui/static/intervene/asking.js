// When to ask the server: at once when the question or the moment changes, about once a second while training goes on,
// and only for what is in sight. One question of a kind at a time; of a fast hand the newest counts.

const PACE = 1000; // ms between two answers while training
const HASTE = 120; // ms that a long probe is left to itself before a newer question ends it

/**
 * new Asker({stage, panel, question, took, sight, long, follows, rest})
 *   question() → {options, about} or null; `about` is text that differs where the answer would
 *   took({arrays, numbers, done} | null, asked) hears the answer to what was asked, of a long probe also what has come
 *     of it so far; null where it was ended, or where the server refused, in the words of `problem`
 *   long: the probe goes on in turns, can be cancelled, and takes one of the stage's places
 *   follows: it is asked again while training; else it waits until training pauses
 *   rest(): ms for which a person's hand should come to rest first
 */
export class Asker {
  constructor({ stage, panel, question, took, sight, long = false, follows = true, rest = () => 0 }) {
    Object.assign(this, { stage, panel, question, took, sight, long, follows, rest });
    this.known = null; // {about, step} of the last answer
    this.job = null;
    this.timer = 0;
    this.problem = "";
    this.times = []; // ms that answers took, the newest last
    stage.askers.push(this);
    stage.ctx.signal.addEventListener("abort", () => {
      clearTimeout(this.timer);
      this.job?.controller.abort();
    });
  }

  get busy() {
    return this.job !== null;
  }

  /** Whether what is known answers the question of this moment. */
  get isFresh() {
    const moment = this.stage.moment();
    const asked = moment && this.question();
    return Boolean(asked && this.known?.about === asked.about && this.known.step === moment.step);
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.nudge(), ms);
  }

  nudge() {
    const { stage, known, job } = this;
    const moment = stage.moment();
    if (stage.ctx.signal.aborted || !moment || !this.sight()) return;
    const asked = this.question();
    if (job) {
      if (job.about !== asked?.about) this.end(job);
      return;
    }
    if (!asked || (known?.about === asked.about && known.step === moment.step)) return;
    if (moment.playing && !this.follows) return;
    const pace = known?.about === asked.about && moment.playing ? this.finished + PACE - performance.now() : 0;
    const wait = Math.max(pace, this.rest());
    if (wait > 0) {
      this.later(wait);
      return;
    }
    if (!moment.settled) return;
    if (this.long && !stage.enter(this.again ??= () => this.nudge())) return;
    this.ask(asked, moment.step);
  }

  end(job) {
    if (!this.long) return; // its answer is nearly here
    const wait = job.began + HASTE - performance.now();
    if (wait > 0) this.later(wait);
    else job.controller.abort();
  }

  async ask(asked, step) {
    const { options, about } = asked;
    const job = { about, step, began: performance.now(), controller: new AbortController() };
    this.job = job;
    const { signal } = job.controller;
    const progress = (message) => { if (!signal.aborted) this.took({ ...message, done: false }, asked); };
    const command = { do: "probe", panel: this.panel, options: { ...options, parameters: false } };
    const answer = await this.stage.live.ask(command, { quiet: true, progress, signal });
    this.job = null;
    if (this.long) this.stage.leave();
    if (this.stage.ctx.signal.aborted) return;
    this.finished = performance.now();
    const refused = answer.kind !== "reply";
    this.problem = refused && !signal.aborted ? answer.numbers.text : "";
    if (!signal.aborted) {
      this.known = { about, step };
      this.times = [...this.times.slice(-99), this.finished - job.began];
    }
    this.took(refused ? null : { ...answer, done: true }, asked);
    this.nudge();
  }

  /** Ask again what was refused: the connection is back. */
  forgive() {
    if (!this.problem) return;
    this.known = null;
    this.nudge();
  }
}
