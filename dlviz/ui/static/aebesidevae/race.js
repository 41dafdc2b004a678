// One training of both networks as the replies bring it: its moments with decoders, codes and maps, and the curves so far.

import { readAutoencoder } from "../lib/autoencoder.js";

export const NETWORKS = ["plain", "variational"];
export const LABELS = { plain: "Autoencoder", variational: "VAE" };
const BYTES = 64e6; // of all moments kept; the page of a large network keeps fewer

/** The rows of an array (row, column). */
const rowsOf = ({ data, shape }) => Array.from({ length: shape[0] }, (_, i) => data.subarray(i * shape[1], (i + 1) * shape[1]));

export class Race {
  /** `settings`: {key, beta, latent, steps, seed}. */
  constructor(settings) {
    this.settings = settings;
    this.moments = []; // {step, reach, labels, plain: Side, variational: Side}
    this.isDone = false;
  }

  /** Take a reply; false where it brings nothing new to look at. */
  take(reply) {
    const { arrays, numbers } = reply;
    if (!arrays.step) return false;
    this.plan ??= JSON.parse(numbers.texts["state/plan"][0]);
    this.sources ??= numbers.texts["state/sources"];
    const step = arrays.step.data[0];
    if (this.moments.at(-1)?.step !== step) this.add(reply, step);
    this.steps = [...arrays.steps.data];
    const known = (name) => (arrays[name] ? [...arrays[name].data] : null);
    this.curves = Object.fromEntries(NETWORKS.map((kind) => [kind, {
      squaredError: known(`${kind}_squared_error`), reconstruction: known(`${kind}_reconstruction`), kl: known(`${kind}_kl`),
      far: known(`${kind}_far`), unsure: known(`${kind}_unsure`),
      from: Object.fromEntries(this.sources.map((source) => [source, known(`${kind}_from_${source}`)])),
    }]));
    this.isDone = !numbers.progress;
    return true;
  }

  add(reply, step) {
    const { arrays } = reply;
    const bytes = Object.values(arrays).reduce((sum, { data }) => sum + data.byteLength, 0);
    const sides = Object.fromEntries(NETWORKS.map((kind) => [kind, new Side(kind, reply, this.plan.shown)]));
    this.moments.push({ step, bytes, reach: arrays.reach.data[0], labels: arrays.labels.data, ...sides });
    const all = () => this.moments.reduce((sum, moment) => sum + moment.bytes, 0);
    while (this.moments.length > 2 && all() > BYTES) this.moments.splice(1, 1);
  }

  get isTrained() {
    return this.moments.length > 1;
  }

  get shape() {
    return this.plan.shown.shape;
  }

  /** Whether a classifier read its pictures. */
  get isRead() {
    return Boolean(this.moments[0]?.plain.confidence);
  }
}

/** One network at one moment. Places are u, in standard deviations of its codes from their mean; codes are z. */
class Side {
  constructor(kind, { arrays }, shown) {
    const own = (name) => arrays[`${kind}_${name}`] ?? null;
    const state = {};
    for (const [name, array] of Object.entries(arrays)) if (name.startsWith(`state/${kind}.`)) state[name.replace(`${kind}.`, "")] = array;
    this.network = readAutoencoder({ numbers: shown }, { arrays: state });
    this.codes = rowsOf(own("codes"));
    this.places = own("places").data;
    this.clouds = own("clouds")?.data ?? null;
    this.center = own("center").data;
    this.axes = rowsOf(own("axes"));
    this.side = own("inside").shape[0];
    this.inside = own("inside").data;
    this.confidence = own("confidence")?.data ?? null;
    this.answer = own("answer")?.data ?? null;
    this.hole = own("hole") && [...own("hole").data];
    this.drawn = own("drawn");
  }

  /** The code at a place [u₁, u₂] of the plane. */
  toCode([u, v]) {
    return Float32Array.from(this.center, (value, i) => value + u * this.axes[0][i] + v * this.axes[1][i]);
  }

  /** Where the code of a test picture is seen on the plane. */
  placeOf(index) {
    return [this.places[2 * index], this.places[2 * index + 1]];
  }

  decode(z) {
    return this.network.decode(z).picture;
  }

  /** The codes of a source that one can look at. */
  samples(at) {
    if (!this.drawn) return [];
    const { data, shape: [, count, latent] } = this.drawn;
    return Array.from({ length: count }, (_, i) => data.subarray((at * count + i) * latent, (at * count + i + 1) * latent)).filter((z) => !Number.isNaN(z[0]));
  }
}
