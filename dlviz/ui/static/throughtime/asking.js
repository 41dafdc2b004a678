// What the panel asks the server, one question at a time: at once when a person moves in time or in the data, calmly
// while training goes on, never while nobody can see the answer.

const PACE = 1500; // ms between two answers while training

export class Asker {
  /** `key()` names what is wanted, or null for nothing; `options()` of the probe; `took(answer, key)` hears answers. */
  constructor({ live, ctx, key, options, took }) {
    Object.assign(this, { live, ctx, key, options, took });
    this.had = null; // key of the newest question
    this.asking = false;
    this.next = 0;
    this.timer = 0;
    ctx.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  async nudge() {
    const key = this.key();
    if (!key || this.asking || !this.ctx.visible || key === this.had) return;
    const wait = this.next - performance.now();
    if (wait > 0 && this.live.state.playing && this.had) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.nudge(), wait);
      return;
    }
    this.had = key;
    this.asking = true;
    const { live, ctx } = this;
    const answer = await live.ask({ do: "probe", panel: "through_time", options: this.options() }, {
      quiet: true, progress: (message) => { if (!ctx.signal.aborted) this.took(message, key); },
    });
    this.asking = false;
    if (ctx.signal.aborted) return;
    this.next = performance.now() + PACE;
    this.took(answer, key);
    this.nudge();
  }
}
