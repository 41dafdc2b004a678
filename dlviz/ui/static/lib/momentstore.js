// What the page reads from the weights of the moment on screen: read once, told to all pictures of the page.

import { weightsOf } from "./weights.js";

/** `(live) → store`: the one store of that kind of a page's session. */
export function oneFor(Store) {
  const stores = new WeakMap(); // Session → Store
  return (live) => {
    if (!stores.has(live)) stores.set(live, new Store(live));
    return stores.get(live);
  };
}

/**
 * A store; a subclass has `read(scene, reply)` → a moment {scene, reply, step, …}, or null where the two do not belong
 * together. `now` is the moment told last.
 */
export class MomentStore {
  constructor(live) {
    this.live = live;
    this.now = null;
  }

  /**
   * Call `fn(moment)` with every new moment while `ctx` is in sight. What is read may change under the same weights (another
   * sequence, another picture): then the moment is a new one too. Call `nudge()` of what comes back in `draw`.
   */
  watch(ctx, fn) {
    const weights = weightsOf(this.live);
    let told = null;
    const tell = () => {
      const moment = ctx.visible ? this.find(weights.reply) : null;
      if (!moment || moment === told) return;
      told = moment;
      fn(moment);
    };
    weights.watch(ctx, tell);
    this.live.on("scene", tell, ctx.signal);
    return { nudge: () => { weights.nudge(); tell(); } };
  }

  find(reply) {
    const { scene } = this.live;
    if (!scene || reply?.version !== scene.version) return null;
    if (this.now?.reply === reply && this.now.scene === scene) return this.now;
    const found = this.read(scene, reply);
    if (found) this.now = found;
    return found;
  }
}
