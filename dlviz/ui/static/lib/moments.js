// The Transformer of the moment on screen, read through once for all pictures of the page.

import { MomentStore, oneFor } from "./momentstore.js";
import { readTransformer } from "./transformer.js";

/**
 * Its moments are {scene, reply, step, network, ids, read, targets, pass}. `read`: what a translator's decoder reads, else null;
 * `targets`: right classes of the answers, or null.
 */
class Moments extends MomentStore {
  read(scene, reply) {
    const network = readTransformer(scene, reply);
    if (!network) return null;
    const ids = [...scene.arrays.ids.data];
    const read = reply.arrays.read ? [...reply.arrays.read.data] : null;
    const pass = read ? network.translate(ids, read) : network.read(ids);
    const targets = scene.arrays.targets ? [...scene.arrays.targets.data] : null;
    return { scene, reply, step: reply.step, network, ids, read, targets, pass };
  }
}

/** The one store of the page's session. */
export const momentsOf = oneFor(Moments);
