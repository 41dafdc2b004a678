// When to ask for which method: all anew when the question or the moment changes, the fast ones once a second
// while training goes on. One call at a time: a probe holds up the training for as long as it runs.

import { METHODS } from "../lib/methods.js";

const PACE = 1000; // ms between two rounds while training

/**
 * question() → {options, version, key} of what is asked now, or null; moment() → {step, playing, follow, visible};
 * curve() → {method, layers} still wanted for the sanity check, or null; took(job, answer) hears each answer.
 */
export class Asker {
  constructor({ live, question, moment, curve, took, signal }) {
    Object.assign(this, { live, question, moment, curve, took, signal });
    this.round = null;
    this.todo = [];
    this.asking = null;
    this.timer = 0;
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** A person changed the question: everything is asked again at once. */
  fresh() {
    this.round = null;
    this.nudge();
  }

  isWaiting(method) {
    return this.asking?.method === method || this.todo.includes(method);
  }

  begin(question, step, methods) {
    this.round = { ...question, step, began: performance.now() };
    this.todo = methods.map(({ slug }) => slug);
  }

  plan() {
    const question = this.question();
    const { step, playing, follow, visible } = this.moment();
    if (!question || !visible) return;
    const { round } = this;
    if (!round || round.version !== question.version) {
      this.begin(question, step, METHODS);
      return;
    }
    if (!playing) {
      if (round.key !== question.key || round.step !== step || round.partial) this.begin(question, step, METHODS);
      return;
    }
    if (!follow || this.todo.length) return;
    const wait = round.began + PACE - performance.now();
    clearTimeout(this.timer);
    if (wait > 0) {
      this.timer = setTimeout(() => this.nudge(), wait);
      return;
    }
    this.begin(question, step, METHODS.filter(({ fast }) => fast));
    this.round.partial = true;
  }

  next() {
    this.plan();
    if (this.todo.length) {
      const method = this.todo.shift();
      return { method, key: this.round.key, options: { ...this.round.options, method } };
    }
    const wanted = this.round && this.curve();
    if (!wanted) return null;
    return { ...wanted, key: this.round.key, options: { ...this.round.options, method: wanted.method, randomized: wanted.layers } };
  }

  async nudge() {
    if (this.asking || this.signal.aborted) return;
    const job = this.next();
    if (!job) return;
    this.asking = job;
    const answer = await this.live.ask({ do: "probe", panel: "attribution", options: job.options }, { quiet: true });
    this.asking = null;
    if (this.signal.aborted) return;
    this.took(job, answer);
    this.nudge();
  }
}
