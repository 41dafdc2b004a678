// One question at a time to the server: what the person waits for first, then what is in sight, then the long methods.

/**
 * `sources`: functions that give the next job of their kind or null, the most urgent kind first. A job is {options,
 * took(answer), progress?(answer), long}; `took` hears replies and refusals, but not of a job that was dropped.
 */
export class Line {
  constructor({ live, signal, sources }) {
    Object.assign(this, { live, signal, sources });
    this.job = null;
    signal.addEventListener("abort", () => this.drop());
  }

  get busy() {
    return this.job !== null;
  }

  /** End a long job: its question is no longer asked, or something more urgent waits. */
  drop() {
    this.job?.ending?.abort();
  }

  async nudge() {
    if (this.job || this.signal.aborted) return;
    let job = null;
    for (const source of this.sources) {
      job = source();
      if (job) break;
    }
    if (!job) return;
    job.ending = job.long ? new AbortController() : null;
    this.job = job;
    const progress = job.progress && ((answer) => { if (!job.ending?.signal.aborted) job.progress(answer); });
    const answer = await this.live.ask({ do: "probe", panel: "imagenet", options: job.options }, { quiet: true, progress, signal: job.ending?.signal });
    this.job = null;
    if (this.signal.aborted) return;
    if (!job.ending?.signal.aborted) job.took(answer);
    this.nudge();
  }
}
