// The two networks of the moment on screen, read once for all pictures of the page, and the classifier that reads pictures.

import { readClassifier } from "./autoencoder.js";
import { readGan } from "./gan.js";
import { MomentStore, oneFor } from "./momentstore.js";

/**
 * Its moments are {scene, reply, step, gan}: `reply` is where the weights came from. Small networks travel in every frame and
 * are those of the frame on screen; of large ones the probe `weights` brings a moment now and then.
 */
class Gans extends MomentStore {
  constructor(live) {
    super(live);
    this.readers = new Map(); // data set → promise of its classifier
  }

  read(scene, reply) {
    const gan = readGan(scene, reply.arrays);
    return gan && { scene, reply, step: reply.step, gan };
  }

  watch(ctx, fn) {
    let told = null;
    const tell = () => {
      const { frame } = this.live;
      if (!carries(frame)) return;
      const moment = ctx.visible ? this.find(frame) : null;
      if (!moment || moment === told) return;
      told = moment;
      fn(moment);
    };
    for (const kind of ["frame", "scene"]) this.live.on(kind, tell, ctx.signal);
    let others = null;
    // Asking for weights that come anyway would cost the training its time.
    const nudge = () => {
      if (carries(this.live.frame)) tell();
      else if (others) others.nudge();
      else if (this.live.frame) others = super.watch(ctx, (moment) => { if (!carries(this.live.frame)) fn(moment); });
    };
    this.live.on("frame", nudge, ctx.signal);
    tell();
    return { nudge };
  }

  /** The classifier of the pictures on screen, pixels in [0, 1] → probabilities; null where there is none. */
  classifier() {
    const { spec: { dataset }, shape, planar } = this.live.scene.numbers;
    if (planar) return Promise.resolve(null);
    if (!this.readers.has(dataset)) this.readers.set(dataset, this.ask(dataset, shape));
    return this.readers.get(dataset);
  }

  async ask(dataset, shape) {
    const answer = await this.live.ask({ do: "probe", panel: "classifier" }, { quiet: true });
    if (answer.kind === "reply") return readClassifier(answer, shape);
    this.readers.delete(dataset); // refused or lost: whoever asks next tries again
    return null;
  }
}

const carries = (frame) => Boolean(frame && "state/generator.output.weight" in frame.arrays);

/** The one store of the page's session. */
export const gansOf = oneFor(Gans);
