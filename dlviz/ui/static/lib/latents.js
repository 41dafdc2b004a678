// The autoencoder of the moment on screen, read once for all pictures of the page, and the classifier that reads pictures.

import { readAutoencoder, readClassifier } from "./autoencoder.js";
import { weightsOf } from "./weights.js";

const stores = new WeakMap(); // Session → Latents

/** The one store of the page's session. */
export function latentsOf(live) {
  if (!stores.has(live)) stores.set(live, new Latents(live));
  return stores.get(live);
}

class Latents {
  constructor(live) {
    this.live = live;
    this.now = null; // the moment told last
    this.readers = new Map(); // data set → promise of its classifier
  }

  /**
   * Call `fn(moment)` with every new moment while `ctx` is in sight: {scene, reply, step, network, pixels, label, code}. `code`
   * is what the network makes of the picture on screen, `pixels`. Another picture under the same weights is a new moment too.
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
    const network = this.now?.reply === reply ? this.now.network : readAutoencoder(scene, reply);
    if (!network) return null;
    const pixels = scene.arrays.picture.data;
    const label = scene.numbers.label ?? 0;
    this.now = { scene, reply, step: reply.step, network, pixels, label, code: network.encode(pixels, label) };
    return this.now;
  }

  /** The classifier of the pictures on screen, pixels → probabilities; null where there is none. */
  classifier() {
    const { spec, shape } = this.live.scene.numbers;
    if (!this.readers.has(spec.dataset)) {
      this.readers.set(spec.dataset, this.live.ask({ do: "probe", panel: "classifier" }, { quiet: true })
        .then((answer) => (answer.kind === "reply" ? readClassifier(answer, shape) : null)));
    }
    return this.readers.get(spec.dataset);
  }
}
