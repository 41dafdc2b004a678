// The weights of the moment on screen, for pictures that compute the network in the browser. Asked for calmly: at once
// when a person moves in time, about once a second while training goes on, never while nobody can see the answer.

const PACE = 700; // ms between two answers while training: what a page computes of them shares the cores with the training
const REST = 12; // times as long as an answer has kept the page busy, it leaves the cores to the training
const BYTES_A_SECOND = 4e6; // a large network is asked for less often

const stores = new WeakMap(); // Session → Weights

/** The one store of the page's session; all its components share the answers. */
export function weightsOf(live) {
  if (!stores.has(live)) stores.set(live, new Weights(live));
  return stores.get(live);
}

class Weights {
  constructor(live) {
    this.live = live;
    this.watchers = new Set();
    this.reply = null; // the newest answer: its arrays, step and version
    this.asking = null;
    this.next = 0;
    this.timer = 0;
  }

  /** Call `fn(reply)` with every new answer while `ctx` is in sight, and at once if there is one. */
  watch(ctx, fn) {
    const watcher = { ctx, fn, heard: null };
    this.watchers.add(watcher);
    const ask = () => this.ask();
    for (const kind of ["scene", "frame", "state"]) this.live.on(kind, ask, ctx.signal);
    ctx.signal.addEventListener("abort", () => { this.watchers.delete(watcher); clearTimeout(this.timer); });
    this.tell();
    this.ask();
  }

  /** To be called when a component comes into sight again. */
  nudge() {
    this.tell();
    this.ask();
  }

  get wanted() {
    return [...this.watchers].some(({ ctx }) => ctx.visible);
  }

  isOf(frame) {
    return this.reply !== null && this.reply.version === frame.version && this.reply.step === frame.step;
  }

  async ask() {
    const { frame } = this.live;
    if (!frame || this.asking || !this.wanted || this.isOf(frame)) return;
    const wait = this.next - performance.now();
    if (wait > 0 && this.live.state?.playing && this.reply?.version === frame.version) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), wait);
      return;
    }
    this.asking = this.live.ask({ do: "probe", panel: "weights" }, { quiet: true });
    const answer = await this.asking;
    this.asking = null;
    if (answer.kind !== "reply") return;
    const bytes = Object.values(answer.arrays).reduce((sum, { data }) => sum + data.byteLength, 0);
    this.next = performance.now() + Math.max(PACE, (1000 * bytes) / BYTES_A_SECOND);
    this.reply = answer;
    const began = performance.now();
    this.tell();
    this.rest(began);
    this.ask();
  }

  // The more the page has to compute and draw of an answer, the longer it waits for the next while training.
  rest(began) {
    requestAnimationFrame(() => setTimeout(() => {
      const now = performance.now();
      this.next = Math.max(this.next, now + REST * (now - began));
    }));
  }

  tell() {
    for (const watcher of this.watchers) {
      if (!this.reply || watcher.heard === this.reply || !watcher.ctx.visible) continue;
      watcher.heard = this.reply;
      try {
        watcher.fn(this.reply);
      } catch (problem) {
        reportError(problem); // one broken picture must not stop the others
      }
    }
  }
}
