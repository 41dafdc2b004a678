// What the plane shows of the moment: the slice of the codes, the test pictures on it, and what takes longer to compute.

import { sliceOf } from "../lib/latentslice.js";
import { choosePair } from "./planecontrols.js";
import { Gliding, isAmong, project, reachOf } from "./planecodes.js";
import { mapOf, mixtureOf } from "./planedensity.js";
import { tilesOf } from "./planetiles.js";
import { Work } from "./planework.js";

export const SIDE = 20; // cells along a side of the manifold, and of the square whose share among the codes is told
const FIELD = 72; // cells along a side of the density
const NEAR = 2; // standard deviations of the prior that this square reaches

/** The sight of one stage. `see(…)` brings it up to the moment; `long(…)` asks for what is not computed yet. */
export function makeSight({ live, ctx }, options, plane, redraw) {
  const work = new Work(ctx, () => Boolean(live.state?.playing));
  const sight = { gliding: new Gliding(), slice: null, codes: null, mixture: null, reach: undefined, share: null, tiles: null, growing: null, field: null, moments: 0 };
  let [codesKey, known] = ["", null];

  /** Slice, places and view of a frame and a moment that belong together. */
  sight.see = (frame, moment, time, still) => {
    const { mean, log_variance: clouds, center, axes } = frame.arrays;
    const latent = mean.shape[1];
    if (known !== moment) [known, sight.moments] = [moment, sight.moments + 1];
    choosePair(options, frame.arrays);
    const principal = options.principal && latent > 2;
    const code = moment.code.mean;
    sight.slice = sliceOf({ latent, a: options.a, b: options.b, code, principal, center: center.data, axes: axes.data, through: code });
    const which = `${frame.version}/${principal ? "principal" : `${options.a},${options.b}`}`;
    const measured = `${frame.numbers.measured_at}/${mean.data[0]}/${mean.data.at(-1)}/${clouds?.data[0]}`;
    Object.assign(sight, { latent, flat: latent === 1, variational: Boolean(clouds), codes: mean, logVariance: clouds ?? null, labels: moment.scene.arrays.labels.data, measuredAt: frame.numbers.measured_at });
    if (codesKey !== `${which}/${measured}`) {
      codesKey = `${which}/${measured}`;
      const found = project(frame.arrays, sight.slice);
      sight.gliding.take(found, time, still);
      sight.mixture = mixtureOf(found, Math.min(2, latent));
    }
    sight.keys = { version: String(frame.version), measured: `${frame.version}/${measured}`, codes: codesKey };
    plane.names = sight.slice.names;
    plane.stretch(options.quantiles && sight.variational, sight.slice.origin);
    plane.fitTo(sight.gliding.to.points, sight.variational, sight.flat, time, still);
    sight.space = `${which}/${plane.stretched}`;
    const isMoving = sight.gliding.step(time);
    return plane.glide(time) || isMoving;
  };

  /** Ask for what is on the plane and not computed yet. `read`: the classifier or null; `label`: what the decoder is told. */
  sight.long = (moment, read, label) => {
    const { keys, codes, slice, variational, flat } = sight;
    const { scene } = moment;
    const seen = `${sight.space}/${sight.latent > 2 || options.principal ? pictureOf(scene) : ""}`;
    work.want("reach", keys.version, keys.measured, () => reachOf(codes), (reach) => {
      Object.assign(sight, { reach, reachOf: keys.measured });
      redraw();
    });
    if (sight.reach === undefined || !sight.reachOf.startsWith(`${keys.version}/`)) return;
    const { reach } = sight;
    const [xs, ys] = squareOf(sight, variational, flat);
    work.want("share", seen, `${sight.reachOf}/${sight.latent > 2 ? sight.moments : ""}`, () => shareOf(xs, ys, slice, codes, reach), (share) => {
      sight.share = share;
      redraw();
    });
    const view = `${plane.wanted.x.join()}/${plane.wanted.y.join()}`;
    const box = { x: [...plane.wanted.x], y: flat ? [0, 1] : [...plane.wanted.y] };
    const { space } = sight;
    if (options.on.density && !flat) {
      const { mixture } = sight;
      const [across, up] = [plane.middles(0, FIELD), plane.middles(1, FIELD).reverse()];
      work.want("field", `${space}/${view}`, keys.codes, () => mapOf(mixture, across, up), (map) => {
        sight.field = { ...map, box, space };
        redraw();
      });
    } else work.drop("field");
    if (options.on.tiles) {
      const [across, up] = [plane.middles(0, SIDE), flat ? Float64Array.of(0) : plane.middles(1, SIDE).reverse()];
      const chosen = `${seen}/${view}/${label}/${Boolean(read)}`;
      const given = { network: moment.network, read, slice, label, xs: across, ys: up, codes, reach };
      const begun = (sheet) => { sight.growing = { sheet, box, space }; };
      work.want("tiles", chosen, `${sight.moments}/${sight.reachOf}`, () => announced(tilesOf(given, sight.tiles?.chosen === chosen ? null : begun), redraw), (tiles) => {
        sight.tiles = { ...tiles, box, space, chosen, step: moment.step, reach };
        sight.growing = null;
        redraw();
      });
    } else {
      work.drop("tiles");
      [sight.tiles, sight.growing] = [null, null];
    }
  };

  /** Nothing of another network holds. */
  sight.forget = () => Object.assign(sight, { reach: undefined, share: null, tiles: null, growing: null, field: null });
  return sight;
}

// The picture on screen as a text: its place, or its own pixels.
const pictureOf = ({ numbers: { spec } }) => `${spec.picture}/${spec.own_pixels}`;

function squareOf({ slice, gliding }, variational, flat) {
  const ranges = [0, 1].map((axis) => {
    if (variational) return [slice.origin[axis] - NEAR, slice.origin[axis] + NEAR];
    const values = gliding.to.points.filter((_, i) => i % 2 === axis);
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  });
  const [xs, ys] = ranges.map(([low, high]) => Float64Array.from({ length: SIDE }, (_, i) => low + ((i + 0.5) / SIDE) * (high - low)));
  return [xs, flat ? Float64Array.of(0) : ys];
}

function* shareOf(xs, ys, slice, codes, reach) {
  let inside = 0;
  for (const y of ys) {
    for (const x of xs) inside += Number(isAmong(slice.toCode([x, y]), codes, reach));
    yield;
  }
  return { cells: xs.length * ys.length, inside };
}

// A row of pictures more is shown as it comes.
function* announced(tiles, redraw) {
  for (;;) {
    const { done, value } = tiles.next();
    if (done) return value;
    if (value % SIDE === 0) redraw();
    yield value;
  }
}
