// Which cell of which map is opened, and what it is made of: its terms, summed channel by channel.

import { readLayers, through } from "../lib/conv.js";

const sameTerm = (a, b) => a && b && a.channel === b.channel && a.ky === b.ky && a.kx === b.kx;

export class Opened {
  constructor(live) {
    this.live = live;
    this.layers = [];
    this.values = []; // the picture, and what each layer makes of it
    this.scene = null;
    this.layer = 0;
    this.cell = null; // {o, y, x} of the layer that is opened
    this.version = 0; // counts what changes every cell: the scene, the weights, the theme
    this.term = null; // {channel, ky, kx} under the pointer, or null
  }

  /** Take the scene, or the weights of `frame` on it; keeps what is opened where it still exists. */
  take(scene, frame = null) {
    this.version += 1;
    const before = this.layers.length;
    this.scene = scene;
    this.layers = readLayers(scene, frame);
    this.values = through(this.layers, scene.arrays.input.data);
    if (this.layers.length !== before) this.layer = this.layers.length - 1;
    if (!this.exists(this.cell)) this.cell = this.largest();
    this.term = null;
  }

  get shown() {
    return this.layers[this.layer];
  }

  get input() {
    return this.values[this.layer];
  }

  get output() {
    return this.values[this.layer + 1];
  }

  exists(cell) {
    const { shown } = this;
    return Boolean(cell) && cell.o < shown.outputs && cell.y < shown.outHeight && cell.x < shown.outWidth;
  }

  /** The cell of the first map whose number is farthest from zero: something to see before anything was pointed at. */
  largest() {
    const { outHeight, outWidth } = this.shown;
    let best = 0;
    for (let k = 1; k < outHeight * outWidth; k += 1) if (Math.abs(this.output[k]) > Math.abs(this.output[best])) best = k;
    return { o: 0, y: Math.floor(best / outWidth), x: best % outWidth };
  }

  /** Open another of the layers (those of a separable convolution), at its largest cell. */
  choose(layer) {
    this.layer = layer;
    this.cell = this.largest();
    this.term = null;
  }

  /** Follow what is pointed at, else what is pinned; with neither, stay where one last looked. */
  follow() {
    const { shared } = this.live;
    const [focus, pinned] = [shared.get("convolution.focus"), shared.get("convolution.pinned")];
    const wanted = [focus, pinned].find((place) => place?.kind === "output" && this.layers[place.layer ?? this.layer]);
    if (wanted) {
      const before = this.layer;
      this.layer = wanted.layer ?? this.layer;
      if (this.exists(wanted)) this.cell = { o: wanted.o, y: wanted.y, x: wanted.x };
      else this.layer = before;
    }
    const place = focus ?? pinned;
    if (place?.kind === "kernel" && place.o < this.shown.outputs) this.cell = { ...this.cell, o: place.o };
    this.term = this.termAt(place);
  }

  termAt(place) {
    if (place?.kind === "kernel") return { channel: place.channel, ky: place.ky, kx: place.kx };
    if (place?.kind !== "input" || this.layer !== 0) return null;
    return this.terms().find((term) => term.inside && term.channel === place.channel && term.y === place.y && term.x === place.x) ?? null;
  }

  isTerm(term) {
    return sameTerm(this.term, term);
  }

  terms() {
    return this.shown.terms(this.input, this.cell.o, this.cell.y, this.cell.x);
  }

  /** {rows: [{channel, terms, sum}] of the channels the map sees, bias, total, winner}. */
  sums() {
    const { shown, cell } = this;
    const terms = this.terms();
    const winner = terms.find((term) => term.wins) ?? null;
    const rows = shown.channelsOf(cell.o).map((channel) => {
      const own = terms.filter((term) => term.channel === channel);
      const sum = shown.kind === "max" ? winner?.value ?? -Infinity : own.reduce((total, term) => total + term.product, 0);
      return { channel, terms: own, sum };
    });
    const bias = shown.pools ? 0 : shown.bias?.[cell.o] ?? 0;
    return { rows, bias, total: rows.reduce((total, row) => total + row.sum, bias), winner };
  }

  /** The focus that means the opened cell, or another of the same layer. */
  place(cell) {
    return { kind: "output", layer: this.layer, ...cell };
  }
}

/** Names of a layer's input channels and of its maps: the scene's, and numbers for what lies between two layers. */
export function namesOf(opened) {
  const { scene, layers, layer, shown } = opened;
  const between = (count) => Array.from({ length: count }, (_, i) => `map ${i + 1}`);
  return {
    inputs: layer === 0 ? scene.numbers.channel_names : between(shown.inputs),
    outputs: layer === layers.length - 1 ? scene.numbers.filter_names : scene.numbers.channel_names.map((name) => `${name}, filtered`),
  };
}
