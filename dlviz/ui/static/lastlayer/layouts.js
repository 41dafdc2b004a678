// Layouts by t-SNE: asked for one at a time, kept, and given up when they are no longer wanted.

import { read } from "./moments.js";

const KEPT = 24;

/** `changed()` hears of every step of the way. A layout is known by its key; `ask({key, options})` asks for it. */
export class Layouts {
  constructor(live, changed, signal) {
    Object.assign(this, { live, changed });
    this.kept = new Map();
    this.queue = [];
    this.job = null; // {key, options, ending, progress}
    this.problem = "";
    signal.addEventListener("abort", () => this.cancel());
  }

  get(key) {
    return this.kept.get(key) ?? null;
  }

  isWanted(key) {
    return this.job?.key === key || this.queue.some((wish) => wish.key === key);
  }

  /** {done, total, text} of the job for this key, or null. */
  progress(key) {
    if (this.job?.key === key) return this.job.progress;
    return this.queue.some((wish) => wish.key === key) ? { done: 0, total: 1, text: "after the other one" } : null;
  }

  ask(wishes) {
    for (const wish of wishes) if (!this.kept.has(wish.key) && !this.isWanted(wish.key)) this.queue.push(wish);
    this.go();
  }

  cancel() {
    this.queue = [];
    this.job?.ending.abort();
  }

  async go() {
    if (this.job || !this.queue.length) return;
    const wish = this.queue.shift();
    this.job = { ...wish, ending: new AbortController(), progress: { done: 0, total: 1, text: "being started" } };
    this.problem = "";
    this.changed();
    const { ending } = this.job;
    const answer = await this.live.ask({ do: "probe", panel: "last_layer", options: { ...wish.options, method: "tsne", parameters: false } }, {
      quiet: true, signal: ending.signal,
      progress: ({ numbers }) => {
        if (this.job) this.job.progress = numbers.progress;
        this.changed();
      },
    });
    this.job = null;
    if (answer.kind === "reply") this.keep(wish.key, read(answer));
    else if (!ending.signal.aborted) this.problem = answer.numbers.text;
    this.changed();
    this.go();
  }

  keep(key, layout) {
    this.kept.set(key, layout);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
  }
}
