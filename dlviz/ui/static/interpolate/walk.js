// Everything along the way between two ends, computed from the weights of the moment on screen.

import { changesOf, norm, sharesOf, wayBetween } from "../lib/latentpath.js";
import { readingOf } from "../lib/reading.js";

/**
 * `ends`: two of {z, pixels (null: a point that is no picture)}; `told`: the class for the decoder. The cross-fade of a point is
 * that of what is decoded from it. Gives the way, its codes, pictures, readings, norms and changes, and `at(t)`, any place on it.
 */
export function walk({ network, read, ends, steps, way, told }) {
  const began = performance.now();
  const found = wayBetween(ends[0].z, ends[1].z, way);
  const other = wayBetween(ends[0].z, ends[1].z, way === "spherical" ? "linear" : "spherical");
  const shares = sharesOf(steps);
  const path = shares.map(found.at);
  const strip = path.map((z) => network.decode(z, told).picture);
  const [from, to] = ends.map(({ pixels }, k) => pixels ?? strip[k * (steps - 1)]);
  const blend = (t) => Float32Array.from(from, (value, i) => (1 - t) * value + t * to[i]);
  const fade = shares.map(blend);
  return {
    way: found, path, strip, fade, told, network,
    norms: path.map(norm), otherNorms: other.isArc === found.isArc ? null : shares.map((t) => norm(other.at(t))),
    changes: changesOf(strip), fadeChanges: changesOf(fade),
    said: strip.map((picture) => readingOf(read, picture)), fadeSaid: fade.map((picture) => readingOf(read, picture)),
    at(t) {
      const z = found.at(t);
      const [picture, faded] = [network.decode(z, told).picture, blend(t)];
      return { z, picture, faded, said: readingOf(read, picture), fadeSaid: readingOf(read, faded), norm: norm(z) };
    },
    milliseconds: performance.now() - began,
  };
}
