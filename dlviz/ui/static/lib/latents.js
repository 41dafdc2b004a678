// The autoencoder of the moment on screen, read once for all pictures of the page, and the classifier that reads pictures.

import { readAutoencoder, readClassifier } from "./autoencoder.js";
import { MomentStore, oneFor } from "./momentstore.js";

/**
 * Its moments are {scene, reply, step, network, pixels, label, code}: `code` is what the network makes of the picture on
 * screen, `pixels`.
 */
class Latents extends MomentStore {
  constructor(live) {
    super(live);
    this.readers = new Map(); // data set → promise of its classifier
  }

  read(scene, reply) {
    const network = this.now?.reply === reply ? this.now.network : readAutoencoder(scene, reply);
    if (!network) return null;
    const pixels = scene.arrays.picture.data;
    const label = scene.numbers.label ?? 0;
    return { scene, reply, step: reply.step, network, pixels, label, code: network.encode(pixels, label) };
  }

  /** The classifier of the pictures on screen, pixels → probabilities; null where there is none. */
  classifier() {
    const { spec: { dataset }, shape } = this.live.scene.numbers;
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

/** The one store of the page's session. */
export const latentsOf = oneFor(Latents);
