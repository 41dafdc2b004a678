// Everything along the way between two noises, computed from the networks of the moment on screen; in slices.

import { norm, sharesOf, wayBetween } from "../lib/latentpath.js";

export const FINE = 4; // places a curve has between two stations, the second station counted
const MOST_SIDE = 7; // of the grid

/** Pixels in [0, 1] of what the networks see; points as they are. */
export const seen = (example, planar) => (planar ? example : example.map((value) => Math.min(1, Math.max(0, (value + 1) / 2))));

/** How far one sample is from another: root mean square over pixels, or distance in the plane. */
export function apart(a, b, planar) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(planar ? sum : sum / a.length);
}

/** Distance of a point from the nearest of `real` (x0, y0, x1, …). */
export function toReal([x, y], real) {
  let best = Infinity;
  for (let i = 0; i < real.length; i += 2) best = Math.min(best, (real[i] - x) ** 2 + (real[i + 1] - y) ** 2);
  return Math.sqrt(best);
}

/** What becomes of a noise: {z, sample, logit, norm}, and `shares` of the classifier, or `far`, a point's distance from real ones. */
export function place({ gan, read, label, planar, real }, z) {
  const { example } = gan.generate(z, label);
  const { logit } = gan.judge(example, label);
  const sample = seen(example, planar);
  return { z, sample, logit, norm: norm(z), shares: read?.(sample) ?? null, far: planar ? toReal(sample, real) : null };
}

/**
 * Work that yields at every place. `what`: {gan, read, corners ({z}), steps, way, label, planar, real, second}. Its value:
 * {what, way, fine: places all along, stations: every FINE-th of them, changes (of each station from the one before), others:
 * places of the other kind of way at the stations, of points also between them (null where it is the same), otherNorms, grid or
 * null: {side, places: side × side, every: how many of these from a line of the net to the next, lines}}.
 */
export function* walk(what) {
  const { corners, steps, planar } = what;
  const [a, b, c, d] = corners.map(({ z }) => z);
  const kinds = [what.way, what.way === "linear" ? "spherical" : "linear"];
  const [way, other] = kinds.map((kind) => wayBetween(a, b, kind));
  const among = planar ? FINE : 1; // the other way, and the net: only a plane shows how they bend between stations
  const fine = [];
  for (const t of sharesOf((steps - 1) * FINE + 1)) {
    fine.push(place(what, way.at(t)));
    yield;
  }
  const stations = fine.filter((_, i) => i % FINE === 0);
  const changesOf = (list) => list.map(({ sample }, i) => (i ? apart(sample, list[i - 1].sample, planar) : 0));
  let others = null;
  if (other.isArc !== way.isArc) {
    others = [];
    for (const t of sharesOf((steps - 1) * among + 1)) {
      others.push(place(what, other.at(t)));
      yield;
    }
  }
  let grid = null;
  if (what.second) {
    const lines = Math.min(steps, MOST_SIDE);
    const side = (lines - 1) * among + 1;
    const rows = [way, wayBetween(c, d, what.way)];
    const places = [];
    for (const s of sharesOf(side)) {
      for (const t of sharesOf(side)) {
        places.push(place(what, wayBetween(rows[0].at(t), rows[1].at(t), what.way).at(s)));
        yield;
      }
    }
    grid = { side, lines, every: among, places };
  }
  return { what, way, fine, stations, changes: changesOf(stations), others, otherChanges: others && changesOf(others.filter((_, i) => i % among === 0)), otherNorms: others && sharesOf(fine.length).map((t) => norm(other.at(t))), grid };
}

/** Between which norms 90 % of noises lie, of those given one after the other: [low, high]. */
export function usualNorms(all, long) {
  const norms = Array.from({ length: all.length / long }, (_, k) => norm(all.subarray(k * long, (k + 1) * long))).sort((a, b) => a - b);
  const at = (share) => norms[Math.round(share * (norms.length - 1))];
  return [at(0.05), at(0.95)];
}
