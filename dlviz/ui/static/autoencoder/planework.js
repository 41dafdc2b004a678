// What takes longer than a frame, one thing at a time. What a person changed begins anew at once; a new moment of training
// waits until the pass under way is done, and the cores have had a rest.

import { inSlices } from "../lib/slices.js";

const REST = 1200; // ms between two passes for moments of training

export class Work {
  constructor(ctx, isPlaying) {
    Object.assign(this, { ctx, isPlaying, finished: new Map(), waiting: new Map(), now: null, awaited: false });
  }

  /**
   * See to it that `name` is done for what a person chose (`chosen`, a text) and for the moment `of` (any value): `make()` gives
   * the generator, `done(value)` takes what it ends in. Call it at every drawing.
   */
  want(name, chosen, of, make, done) {
    const last = this.finished.get(name);
    if (last?.chosen === chosen && last.of === of) {
      this.waiting.delete(name);
      return;
    }
    if (this.now?.name === name) {
      if (this.now.chosen === chosen) return; // it goes on; a newer moment comes after
      this.now = null;
    }
    this.waiting.set(name, { name, chosen, of, make, done });
    this.go();
  }

  /** No longer wanted. */
  drop(name) {
    this.waiting.delete(name);
    this.finished.delete(name);
    if (this.now?.name === name) this.now = null;
  }

  get next() {
    for (const job of this.waiting.values()) {
      const last = this.finished.get(job.name);
      const isHurry = last?.chosen !== job.chosen || !this.isPlaying();
      if (isHurry || performance.now() - last.at > REST) return job;
    }
    return null;
  }

  go() {
    if (this.now || this.awaited || !this.waiting.size) return;
    this.awaited = true;
    requestAnimationFrame(() => {
      this.awaited = false;
      if (this.ctx.signal.aborted || this.now || !this.ctx.visible) return;
      const job = this.next;
      if (!job) return; // the next drawing asks again
      this.waiting.delete(job.name);
      this.now = job;
      inSlices(job.make(), (value) => {
        this.now = null;
        this.finished.set(job.name, { chosen: job.chosen, of: job.of, at: performance.now() });
        job.done(value);
        this.go();
      }, { signal: this.ctx.signal, wanted: () => this.now === job });
    });
  }
}
