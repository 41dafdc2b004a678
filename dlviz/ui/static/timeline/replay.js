// Playing back: the thumb walks from the first moment (or where it stands) to the newest.

import { strip } from "./strip.js";

const WHOLE = 6000; // ms from step 0 to now
const GATHERED = 40; // moments fetched first when few are here

export class Replay {
  constructor(live, changed) {
    this.live = live;
    this.changed = changed;
    this.on = false;
  }

  /** Begin; `log` is the scale of the strip, so that the thumb moves evenly on it. */
  async start(log) {
    if (this.on || !this.live.newest) return;
    this.on = true;
    this.changed();
    const last = this.live.newest.numbers.live_step;
    const scale = strip(last, log);
    if (this.live.state.playing) await this.live.play(false);
    const from = this.live.looking ?? 0;
    this.live.scrub(from);
    await this.live.gather(GATHERED);
    const begin = performance.now() - scale.share(from) * WHOLE;
    const walk = (now) => {
      if (!this.on) return;
      const share = (now - begin) / WHOLE;
      if (share >= 1) {
        this.live.scrub(null);
        this.stop();
        return;
      }
      this.live.scrub(Math.round(scale.step(Math.max(0, share))));
      requestAnimationFrame(walk);
    };
    requestAnimationFrame(walk);
  }

  stop() {
    if (!this.on) return;
    this.on = false;
    this.changed();
  }
}
