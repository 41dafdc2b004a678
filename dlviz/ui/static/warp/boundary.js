// Where the network changes its mind: the boundary in the plane as line segments, and the flat cut of the
// output weights in the last hidden layer's space.

import { crossings } from "../lib/contour.js";
import { forward, makeBatch } from "../lib/nn.js";
import { MESH_SIDE } from "./spaces.js";

/** How many fields have the boundary as their zero level: one for two classes or a surface, else one a class. */
export function fieldsOf(model) {
  const outputs = model.widths.at(-1);
  return model.problem === "classification" && outputs > 2 ? outputs : 1;
}

/** Field `f` at point `p` of a batch that went forward: above zero on one side of the boundary. */
export function margin(model, batch, f, p) {
  const outputs = batch.values.at(-1), n = batch.size;
  if (model.problem !== "classification") return outputs[p];
  if (model.widths.at(-1) === 2) return outputs[n + p] - outputs[p];
  let other = -Infinity;
  for (let c = 0; c < model.widths.at(-1); c++) if (c !== f) other = Math.max(other, outputs[c * n + p]);
  return outputs[f * n + p] - other;
}

/**
 * The boundary of a model over the plane, as a batch of points that has gone forward: points 2k and 2k + 1
 * are the ends of segment k. `mesh` is a batch whose first points are the mesh, gone forward. Each end is
 * brought onto the boundary along its edge of the mesh by false position.
 */
export function boundary(model, mesh, rounds = 3) {
  const ends = [];
  const values = new Float64Array(MESH_SIDE * MESH_SIDE);
  for (let f = 0; f < fieldsOf(model); f++) {
    for (let p = 0; p < values.length; p++) values[p] = margin(model, mesh, f, p);
    crossings(values, MESH_SIDE, MESH_SIDE, (from, to) => {
      ends.push({ field: f, from, to, low: values[from], high: values[to], a: 0, b: 1, t: 0 });
    });
  }
  const x1 = new Float64Array(ends.length), x2 = new Float64Array(ends.length);
  let batch = null;
  for (let round = 0; round < rounds; round++) {
    ends.forEach((end, k) => {
      const share = end.low / (end.low - end.high);
      end.t = end.a + (end.b - end.a) * (Number.isFinite(share) ? share : 0.5);
      x1[k] = mesh.x1[end.from] + end.t * (mesh.x1[end.to] - mesh.x1[end.from]);
      x2[k] = mesh.x2[end.from] + end.t * (mesh.x2[end.to] - mesh.x2[end.from]);
    });
    batch = forward(model, makeBatch(model, x1, x2, true));
    ends.forEach((end, k) => {
      const value = margin(model, batch, end.field, k);
      if (value > 0 === end.low > 0) Object.assign(end, { a: end.t, low: value });
      else Object.assign(end, { b: end.t, high: value });
    });
  }
  return batch;
}

/**
 * The output's flat cuts in the coordinates of a view of the last hidden layer's space: each is
 * {normal, offset, rivals}, the points v with normal · v + offset = 0; `rivals` are the functions of the
 * other classes minus class i's, which must not be above zero where this cut counts. Units that the view
 * does not show are held at their mean.
 */
export function flatCuts(model, view) {
  const { weight, bias, inputs, outputs } = model.layers.at(-1);
  const shown = (rows, constant) => {
    const normal = view.axes.map((axis) => view.half * axis.reduce((sum, x, i) => sum + x * rows[i], 0));
    const base = view.axes.map((axis) => axis.reduce((sum, x, i) => sum + x * view.rest[i], 0));
    let offset = constant;
    for (let i = 0; i < inputs; i++) offset += rows[i] * view.rest[i];
    view.axes.forEach((axis, k) => {
      const here = view.centre[k] + axis.reduce((sum, x, i) => sum + x * view.origin[i], 0) - base[k];
      offset += (normal[k] / view.half) * here;
    });
    return { normal, offset };
  };
  const row = (i) => weight.subarray(i * inputs, (i + 1) * inputs);
  if (model.problem !== "classification") return [{ ...shown(row(0), bias[0]), rivals: [] }];
  const difference = (i, j) => shown(row(i).map((w, k) => w - row(j)[k]), bias[i] - bias[j]);
  const cuts = [];
  for (let i = 0; i < outputs; i++) {
    for (let j = i + 1; j < outputs; j++) {
      const others = Array.from({ length: outputs }, (_, c) => c).filter((c) => c !== i && c !== j);
      cuts.push({ ...difference(j, i), rivals: others.map((c) => difference(c, i)) });
    }
  }
  return cuts;
}

/** The part of a cut's line inside [-reach, reach]² where it counts: [[x, y], [x, y]], or null. */
export function cutSegment({ normal, offset, rivals }, reach) {
  const [nx, ny = 0] = normal;
  const length = nx * nx + ny * ny;
  if (!(length > 1e-18)) return null;
  const [px, py] = [(-offset * nx) / length, (-offset * ny) / length];
  const [dx, dy] = [-ny / Math.sqrt(length), nx / Math.sqrt(length)];
  let low = -Infinity, high = Infinity;
  const keep = (slope, value) => { // slope · s + value ≤ 0
    if (Math.abs(slope) < 1e-12) { if (value > 0) low = Infinity; }
    else if (slope > 0) high = Math.min(high, -value / slope);
    else low = Math.max(low, -value / slope);
  };
  for (const [d, p] of [[dx, px], [dy, py]]) {
    keep(d, p - reach);
    keep(-d, -p - reach);
  }
  for (const rival of rivals) {
    const [rx, ry = 0] = rival.normal;
    keep(rx * dx + ry * dy, rx * px + ry * py + rival.offset);
  }
  return low < high ? [[px + low * dx, py + low * dy], [px + high * dx, py + high * dy]] : null;
}

/** The corners, in order, of the polygon where a plane meets the cube [-reach, reach]³; empty when it does not. */
export function cutPolygon({ normal, offset }, reach) {
  const [nx, ny = 0, nz = 0] = normal;
  const corners = [];
  for (let axis = 0; axis < 3; axis++) {
    for (const u of [-reach, reach]) {
      for (const v of [-reach, reach]) {
        const n = [nx, ny, nz];
        const point = [0, 0, 0];
        point[(axis + 1) % 3] = u;
        point[(axis + 2) % 3] = v;
        const rest = offset + n[(axis + 1) % 3] * u + n[(axis + 2) % 3] * v;
        if (Math.abs(n[axis]) < 1e-12) continue;
        point[axis] = -rest / n[axis];
        if (Math.abs(point[axis]) <= reach) corners.push(point);
      }
    }
  }
  if (corners.length < 3) return [];
  const middle = [0, 1, 2].map((k) => corners.reduce((sum, c) => sum + c[k], 0) / corners.length);
  const a = corners[0].map((x, k) => x - middle[k]);
  const b = [ny * a[2] - nz * a[1], nz * a[0] - nx * a[2], nx * a[1] - ny * a[0]];
  const size = Math.hypot(nx, ny, nz);
  const angle = (c) => {
    const d = c.map((x, k) => x - middle[k]);
    return Math.atan2((d[0] * b[0] + d[1] * b[1] + d[2] * b[2]) / size, d[0] * a[0] + d[1] * a[1] + d[2] * a[2]);
  };
  return corners.sort((p, q) => angle(p) - angle(q));
}
