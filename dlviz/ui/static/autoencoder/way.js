// The way of the picture on screen through the network of a moment: every number of every station, and of one of them the sums.

import { active, largest, lossOf, products, reach } from "./sums.js";

/**
 * The way with `epsilon` (latent,) or null for z = μ: {values: one array a station, sums: before the activation, mean, sigma
 * (or null), logVariance, z, picture, step, label}.
 */
export function wayOf(stations, moment, epsilon) {
  const { network, pixels, label, code, scene, step } = moment;
  const sigma = code.logVariance && code.logVariance.map((v) => Math.exp(v / 2));
  const z = sigma && epsilon ? code.mean.map((m, i) => m + sigma[i] * epsilon[i]) : code.mean;
  const decoded = network.decode(z, label);
  const layers = [...code.layers, ...decoded.layers];
  const of = (name) => layers.find(({ row }) => row.name === name)?.values;
  const after = (name) => layers[layers.findIndex(({ row }) => row.name === name) + 1].values;
  const values = stations.map(({ kind, title, row, act }) => {
    if (kind === "picture" || title === "Flatten") return pixels;
    if (kind === "code") return z;
    if (kind === "again") return decoded.picture;
    return act ? after(row.name) : of(row.name);
  });
  const sums = stations.map(({ kind, row }) => (row && kind !== "code" ? of(row.name) : null));
  return { values, sums, mean: code.mean, logVariance: code.logVariance, sigma, z, picture: decoded.picture, step, label, isSparse: scene.numbers.spec.kind === "sparse" };
}

/**
 * One number of a station down to its sums: {value, sum, bias, act, terms: products with the inputs (class included), top,
 * reached: what it adds to each number after it, reachedTop, cost: of a pixel, from, to}; the parts that do not apply are null.
 */
export function openedAt(stations, way, moment, { station: k, at }) {
  const station = stations[k];
  const weights = (row) => ({ weight: moment.reply.arrays[`state/${row.name}.weight`].data, bias: moment.reply.arrays[`state/${row.name}.bias`].data });
  const { told } = moment.network;
  const inputOf = (row, values) => {
    const extra = row.kind === "linear" ? row.input_shape[0] - values.length : 0;
    if (!extra) return values;
    const found = new Float32Array(values.length + extra);
    found.set(values);
    found[values.length + way.label] = 1;
    return found;
  };
  const found = { station: k, at, value: way.values[k][at], sum: null, bias: null, act: station.act, terms: null, top: [], reached: null, reachedTop: [], cost: null, from: station.source, to: station.target, told };
  if (station.kind === "code") Object.assign(found, { value: way.mean[at] });
  if (station.row) {
    const { weight, bias } = weights(station.row);
    const x = inputOf(station.row, way.values[station.source]);
    const terms = products(station.row, { weight }, x, at);
    const b = bias[station.row.kind === "linear" ? at : Math.floor(at / (station.row.output_shape[1] * station.row.output_shape[2]))];
    const sum = terms.reduce((all, term) => all + term, 0) + b;
    Object.assign(found, { terms, inputs: x, bias: b, sum, top: largest(terms, 6), computed: active(station.act, sum) });
  }
  if (station.kind === "again" || station.title === "Output") {
    const [wanted, made, bernoulli] = [moment.pixels[at], way.picture[at], moment.scene.numbers.spec.likelihood === "bernoulli"];
    found.cost = { wanted, made, nats: lossOf([wanted], [made], { bernoulli }).reconstruction };
  }
  if (station.target !== null) {
    const { row } = stations[station.target];
    const value = station.kind === "code" ? way.z[at] : way.values[k][at];
    found.reached = reach(row, weights(row), value, at, row.kind === "linear" ? row.input_shape[0] : 0);
    found.reachedTop = largest(found.reached, 3);
  }
  return found;
}

/** What the picture shows of an opened number: products over what goes in, shares over what comes after. */
export function lensOf(stations, opened) {
  const lens = { at: {}, limits: {}, code: null, codeLimit: 1, field: null };
  const put = (k, values) => {
    if (k === null || !values) return;
    const own = values.subarray(0, stations[k].size); // without what is told
    const limit = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    if (stations[k].kind === "code") Object.assign(lens, { code: own, codeLimit: limit });
    else Object.assign(lens.at, { [k]: own }) && Object.assign(lens.limits, { [k]: limit });
    if (stations[k].title === "Flatten") put(k - 1, own); // the same numbers as a picture
  };
  put(opened.from, opened.terms);
  lens.field = fieldOf(stations, opened);
  put(opened.to, opened.reached);
  return lens;
}

// The part of the picture that a number of the first convolution sees: [top, left, bottom, right] in pixels.
function fieldOf(stations, { station: k, at, from }) {
  const { row } = stations[k];
  if (row?.kind !== "conv" || stations[from].kind !== "picture") return null;
  const [[, height, width], [, rows, cols]] = [row.input_shape, row.output_shape];
  const [y, x] = [2 * (Math.floor(at / cols) % rows), 2 * (at % cols)];
  return { station: from, top: Math.max(0, y - 1), left: Math.max(0, x - 1), bottom: Math.min(height, y + 2), right: Math.min(width, x + 2), height, width };
}
