// The one place that both planes are looked at: under the pointer, pinned, or where the chosen picture's codes lie.

import { NETWORKS } from "./race.js";

/**
 * `{hover(u), pin(places, why), release(), of(moment, index)}`. A place is u = [u₁, u₂], in standard deviations of a network's own
 * codes from their mean. Under the pointer it is one place for both; the pinned one may be another for each (a hole).
 */
export function buildPlace(changed) {
  let [hover, pinned, why] = [null, null, ""];
  return {
    hover(u) {
      hover = u;
      changed();
    },
    pin(places, reason = "pinned") {
      [pinned, why] = [places, reason];
      changed();
    },
    release() {
      [hover, pinned, why] = [null, null, ""];
      changed();
    },
    get isPinned() { return pinned !== null; },
    /** {how, plain: {u, z}, variational: {u, z}}; `how`: pointer, pinned, hole or picture. */
    of(moment, index) {
      const how = hover ? "pointer" : pinned ? why : "picture";
      const at = (kind) => {
        const side = moment[kind];
        const u = hover ?? pinned?.[kind];
        return u ? { u, z: side.toCode(u) } : { u: side.placeOf(index), z: side.codes[index] };
      };
      return { how, ...Object.fromEntries(NETWORKS.map((kind) => [kind, at(kind)])) };
    },
  };
}
