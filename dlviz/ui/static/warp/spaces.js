// The spaces that a network leads through, one stop after the other, and how each is seen.
//
// A stop is the input plane, the features, or a layer before (`sum`) or after (`value`) its activation.
// `viewOf` gives the axes on which a stop is drawn, `place` puts a batch of points on them, and
// `between` moves from one stop to the next.

import { ACTIVATIONS } from "../lib/activation.js";
import { FEATURES, makeBatch } from "../lib/nn.js";
import { moments, principal } from "./linear.js";

export const REACH = 6;
export const MESH_SIDE = 61; // 0.2 apart, so that every fifth line is a whole number

/** The stops of a model, input first. `last` marks the space that the output weights cut with a flat cut. */
export function stopsOf(model) {
  const stops = [{ layer: 0, part: "plane", units: 2, name: "Input", short: "input", unit: (i) => ["x₁", "x₂"][i] }];
  const { features, layers } = model;
  if (features.join() !== "x1,x2") {
    const unit = (i) => FEATURES[features[i]].text;
    stops.push({ layer: 0, part: "features", units: features.length, name: "Features", short: "features", unit });
  }
  layers.forEach((layer, l) => {
    const isOutput = l === layers.length - 1;
    const name = isOutput ? "Output" : `Layer ${l + 1}`;
    const unit = isOutput ? (i) => (model.problem === "classification" ? `logit ${i + 1}` : "output") : (i) => `unit ${i + 1}`;
    const stop = { layer: l + 1, units: layer.outputs, name, unit };
    const bends = layer.activation !== ACTIVATIONS.linear;
    if (bends) stops.push({ ...stop, part: "sum", short: "" });
    stops.push({ ...stop, part: "value", short: isOutput ? "output" : String(l + 1), bends });
  });
  const before = layers.length - 1;
  const last = stops.findLast((stop) => stop.layer === before && stop.part !== "sum");
  last.last = true;
  return stops;
}

/** The mesh of the whole plane followed by the data points, as one batch. */
export function carriedBatch(model, points) {
  const count = MESH_SIDE * MESH_SIDE, more = points.length / 2;
  const x1 = new Float64Array(count + more), x2 = new Float64Array(count + more);
  for (let row = 0, k = 0; row < MESH_SIDE; row++) {
    for (let column = 0; column < MESH_SIDE; column++, k++) {
      x1[k] = REACH * ((2 * column) / (MESH_SIDE - 1) - 1);
      x2[k] = REACH * ((2 * row) / (MESH_SIDE - 1) - 1);
    }
  }
  for (let n = 0; n < more; n++) {
    x1[count + n] = points[2 * n];
    x2[count + n] = points[2 * n + 1];
  }
  return makeBatch(model, x1, x2, true);
}

/** The values of a stop's units over a batch, one array a unit; `from` skips the mesh. */
export function columnsOf(stop, batch, from = 0) {
  if (stop.part === "plane") return [batch.x1.subarray(from), batch.x2.subarray(from)];
  const flat = stop.part === "sum" ? batch.sums[stop.layer - 1] : batch.values[stop.layer];
  return Array.from({ length: stop.units }, (_, u) => flat.subarray(u * batch.size + from, (u + 1) * batch.size));
}

/**
 * How a stop is seen: `axes` (rows, at most `dimensions`), `origin` (what they are measured from), `rest` (where
 * the units that are not shown are held), `names`, `share` of the variance (principal components).
 * `choice` is {mode: "units", units: [i, j, k]} or {mode: "components"}; `previous` keeps the sign of
 * each component from one moment to the next.
 */
export function axesOf(stop, choice, dimensions, points, previous) {
  const wanted = Math.min(stop.units, dimensions);
  const rest = moments(points).mean;
  if (choice.mode === "components" && stop.units > 2) {
    const { mean, axes, share } = principal(points);
    const shown = axes.slice(0, wanted).map((axis, k) => {
      const before = previous?.components?.[k];
      const along = before ? before.reduce((sum, x, i) => sum + x * axis[i], 0) : 1;
      return along < 0 ? axis.map((x) => -x) : axis;
    });
    const names = shown.map((_, k) => `component ${k + 1}`);
    return { axes: shown, components: shown, origin: mean, rest, names, share: share.slice(0, wanted) };
  }
  const units = choice.units.slice(0, wanted);
  const axes = units.map((unit) => Array.from({ length: stop.units }, (_, i) => Number(i === unit)));
  return { axes, origin: axes[0].map(() => 0), rest, names: units.map(stop.unit), units };
}

function along(axis, origin, columns, size) {
  const out = new Float32Array(size);
  columns.forEach((column, i) => {
    if (axis[i] === 0) return;
    for (let p = 0; p < size; p++) out[p] += axis[i] * (column[p] - origin[i]);
  });
  return out;
}

/** The view of a stop: its axes, and the centre and scale that bring the whole mesh into [-1, 1]. */
export function viewOf(stop, choice, dimensions, batch, previous) {
  const meshSize = MESH_SIDE * MESH_SIDE;
  const points = columnsOf(stop, batch, batch.size > meshSize ? meshSize : 0);
  const view = axesOf(stop, choice, dimensions, points, previous);
  const columns = columnsOf(stop, batch);
  let half = 0;
  view.centre = view.axes.map((axis) => {
    let low = Infinity, high = -Infinity;
    for (const x of along(axis, view.origin, columns, batch.size)) {
      if (x < low) low = x;
      if (x > high) high = x;
    }
    half = Math.max(half, (high - low) / 2);
    return (low + high) / 2;
  });
  view.half = half > 1e-9 && Number.isFinite(half) ? half : 1;
  return view;
}

/**
 * A batch's points in a view, each coordinate in [-1, 1] or so: {x, y, z}. A space of one unit is a line;
 * its points are spread a little upwards by x₂, so that they can be told apart.
 */
export function place(stop, view, batch) {
  const columns = columnsOf(stop, batch);
  const coordinate = (k) => {
    if (k >= view.axes.length) return new Float32Array(batch.size);
    const out = along(view.axes[k], view.origin, columns, batch.size);
    for (let p = 0; p < out.length; p++) out[p] = (out[p] - view.centre[k]) / view.half;
    return out;
  };
  const [x, y, z] = [0, 1, 2].map(coordinate);
  if (stop.units === 1) for (let p = 0; p < y.length; p++) y[p] = (0.12 * batch.x2[p]) / REACH;
  return { x, y, z };
}

/** The turn in the picture's plane that brings one placement closest to another (Procrustes), in radians. */
export function turnBetween(a, b) {
  let dot = 0, cross = 0;
  for (let p = 0; p < a.x.length; p++) {
    dot += a.x[p] * b.x[p] + a.y[p] * b.y[p];
    cross += a.x[p] * b.y[p] - a.y[p] * b.x[p];
  }
  return Math.atan2(cross, dot);
}

/**
 * A share t of the way from placement a to b. The two are first turned alike and the turn is made
 * gradually, because points that move straight through a half turn would all meet in the middle.
 */
export function between(a, b, t, turn) {
  if (t === 0) return a;
  if (t === 1) return b;
  const size = a.x.length;
  const out = { x: new Float32Array(size), y: new Float32Array(size), z: new Float32Array(size) };
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const [c2, s2] = [Math.cos(turn * t), Math.sin(turn * t)];
  for (let p = 0; p < size; p++) {
    const x = (1 - t) * a.x[p] + t * (c * b.x[p] + s * b.y[p]);
    const y = (1 - t) * a.y[p] + t * (c * b.y[p] - s * b.x[p]);
    out.x[p] = c2 * x - s2 * y;
    out.y[p] = s2 * x + c2 * y;
    out.z[p] = (1 - t) * a.z[p] + t * b.z[p];
  }
  return out;
}
