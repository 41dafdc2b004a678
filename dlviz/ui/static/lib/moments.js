// The Transformer of the moment on screen, read through once for all pictures of the page.

import { readTransformer } from "./transformer.js";
import { weightsOf } from "./weights.js";

const stores = new WeakMap(); // Session → Moments

/** The one store of the page's session. */
export function momentsOf(live) {
  if (!stores.has(live)) stores.set(live, new Moments(live));
  return stores.get(live);
}

class Moments {
  constructor(live) {
    this.live = live;
    this.now = null; // the moment told last
  }

  /**
   * Call `fn(moment)` with every new moment while `ctx` is in sight: {scene, reply, step, network, ids, read, targets,
   * pass}. `read`: what a translator's decoder reads, else null; `targets`: right classes of the answers, or null.
   * The sequence on the screen may change under the same weights: then the moment is a new one too.
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
    const network = readTransformer(scene, reply);
    if (!network) return null;
    const ids = [...scene.arrays.ids.data];
    const read = reply.arrays.read ? [...reply.arrays.read.data] : null;
    const pass = read ? network.translate(ids, read) : network.read(ids);
    const targets = scene.arrays.targets ? [...scene.arrays.targets.data] : null;
    this.now = { scene, reply, step: reply.step, network, ids, read, targets, pass };
    return this.now;
  }
}
