// Which channels of the network take a gain, and the gains that a person has set. Nothing here draws.

export const [LOWEST, HIGHEST] = [-1, 3];
export const PAGE = 64; // channels of a layer on the screen at a time

/** The layers whose channels take a gain (dlviz/labs/cnn/gains.py): [{name, label, channels, maps}]. */
export function layersOf(rows) {
  return rows.filter(({ kind, name }) => ["conv", "activation", "linear"].includes(kind) && name !== "output")
    .map(({ name, label, output_shape: shape }) => ({ name, label, channels: shape[0], maps: shape.length === 3 }));
}

/** The first activation: there silence means that nothing gets through. */
export const firstLayer = (rows) => rows.find(({ kind }) => kind === "activation").name;

/** "map 4" or "unit 4" of a layer. */
export const channelName = (layer, k) => `${layer.maps ? "map" : "unit"} ${k + 1}`;

/** Gains other than 1, by layer and channel. */
export class Gains {
  constructor() {
    this.clear();
  }

  clear() {
    this.set_ = new Map(); // "layer channel" → gain
    this.moved = -Infinity; // when a person last changed one
  }

  get(layer, k) {
    return this.set_.get(`${layer} ${k}`) ?? 1;
  }

  set(layer, k, gain) {
    const key = `${layer} ${k}`;
    if (gain === 1) this.set_.delete(key);
    else this.set_.set(key, gain);
    this.moved = performance.now();
  }

  /** [[layer, channel, gain], …] as the server takes them. */
  list() {
    return [...this.set_].map(([key, gain]) => {
      const at = key.lastIndexOf(" ");
      return [key.slice(0, at), Number(key.slice(at + 1)), gain];
    });
  }
}
