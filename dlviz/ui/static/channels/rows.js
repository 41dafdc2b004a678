// A row for every input channel: the channel, its slice of the kernel, the products, their sum.

import { h, replace, setText, steady } from "../lib/dom.js";
import { Grid, limitOf } from "../lib/grid.js";
import { setOnce } from "../lib/once.js";
import { namesOf } from "./opened.js";
import { plane, scaleOf } from "../lib/ramps.js";

const LARGEST_PRODUCT = 40; // px of a cell of kernel and products
const LARGEST_INPUT = 22;

class Row {
  constructor(channel, stage) {
    const { opened } = stage;
    const term = (place) => (place ? { channel, ky: place[0], kx: place[1] } : null);
    const input = (place) => (place && this.inside(place) ? { kind: "input", channel, y: place[0], x: place[1] } : null);
    const kernel = (place) => (place ? { kind: "kernel", layer: opened.layer, o: opened.cell.o, ...term(place) } : null);
    const pointInput = (place) => (opened.layer === 0 ? stage.focus(input(place)) : stage.light(this.termOf(place)));
    this.channel = channel;
    this.opened = opened;
    this.input = new Grid({ label: "", largest: LARGEST_INPUT, onhover: pointInput, onwalk: pointInput });
    this.kernel = new Grid({ label: "weights", largest: LARGEST_PRODUCT, onhover: (p) => stage.focus(kernel(p)), onwalk: (p) => stage.focus(kernel(p)) });
    this.products = new Grid({ label: "products", largest: LARGEST_PRODUCT, onhover: (p) => stage.light(term(p)), onwalk: (p) => stage.light(term(p)) });
    this.sum = h("output.sum.value");
    this.sumLabel = h("span.label");
    this.times = h("span.sign", { "aria-hidden": "true" }, "×");
    this.equals = h("span.sign", { "aria-hidden": "true" }, "=");
    this.unseen = h("p.unseen-words.label");
    this.element = h("div.channel-row", { role: "group" }, h("div.cell-input", this.input.element), this.times, h("div.cell-kernel", this.kernel.element),
      this.equals, h("div.cell-products", this.products.element), h("div.cell-sum", this.sumLabel, this.sum), this.unseen);
  }

  inside([row, column]) {
    return row >= 0 && column >= 0 && row < this.opened.shown.height && column < this.opened.shown.width;
  }

  termOf(place) {
    if (!place) return null;
    return this.opened.terms().find((term) => term.channel === this.channel && term.at[0] === place[0] && term.at[1] === place[1]) ?? null;
  }

  show(sums, names, limits, colors) {
    const { opened, channel } = this;
    const { shown, input } = opened;
    const row = sums.rows.find((each) => each.channel === channel);
    const cells = shown.height * shown.width;
    const values = plane(input, channel, cells);
    const slides = shown.kind !== "transposed";
    this.input.label = `Channel ${names.inputs[channel]}`;
    setOnce(this.input, `${opened.version} ${opened.layer}`, () => ({
      values, rows: shown.height, cols: shown.width, title: names.inputs[channel], ...scaleOf(names.inputs[channel], input, colors),
      pad: slides ? [shown.top, shown.bottom, shown.left, shown.right] : [0, 0, 0, 0], padded: slides && !shown.pools ? (y, x) => this.padding(values, y, x) : null,
    }));
    this.element.classList.toggle("unseen-row", !row);
    this.element.classList.toggle("picks", shown.kind === "max"); // it weighs nothing
    this.element.setAttribute("aria-label", `Channel ${names.inputs[channel]}`);
    if (row) this.showSeen(row, sums, limits, colors);
    else this.showUnseen(names);
  }

  padding(values, y, x) {
    const { shown } = this.opened;
    const [row, column] = [shown.rows[y + shown.top], shown.columns[x + shown.left]];
    return row < 0 || column < 0 ? 0 : values[row * shown.width + column];
  }

  showUnseen(names) {
    const { shown, cell } = this.opened;
    this.input.light("patch", null);
    this.input.light("term", null);
    const name = names.outputs[cell.o];
    setText(this.unseen, shown.pools || shown.groups === shown.inputs
      ? `Not seen: map ${cell.o + 1} is made of one channel, ${names.inputs[shown.channelsOf(cell.o)[0]]}.`
      : `Not seen: filter ${cell.o + 1} (${name}) is in group ${Math.floor(cell.o / (shown.outputs / shown.groups)) + 1} of ${shown.groups}, this channel is not.`);
  }

  showSeen(row, sums, limits, colors) {
    const { shown, cell } = this.opened;
    const { kh, kw } = shown;
    const max = shown.kind === "max";
    const i = shown.channelsOf(cell.o).indexOf(this.channel);
    const weights = Float32Array.from({ length: kh * kw }, (_, k) => shown.weightAt(cell.o, i, Math.floor(k / kw), k % kw));
    const products = new Array(kh * kw).fill(null); // null: this cell of the kernel meets nothing
    for (const term of row.terms) if (!max || term.inside) products[term.ky * kw + term.kx] = max ? term.value : term.product;
    this.kernel.set({ values: weights, rows: kh, cols: kw, limit: limits.weights });
    this.products.set({ values: products, rows: kh, cols: kw, limit: max ? limits.input : limits.products, title: max ? "patch" : "products" });
    setText(this.times, max ? "→" : "×");
    setText(this.equals, max ? "" : "=");
    setText(this.sumLabel, max ? "largest" : "partial sum");
    setText(this.sum, steady(row.sum));
    this.input.light("patch", { cells: row.terms.map((term) => term.at), stroke: colors.ink, width: 1 });
    const own = row.terms.find((term) => this.opened.isTerm(term));
    const lit = (place) => (place ? { cells: [place], stroke: colors.accent, width: 2.5 } : null);
    this.input.light("term", lit(own?.at));
    this.kernel.light("term", lit(own && [own.ky, own.kx]));
    this.products.light("term", lit(own && [own.ky, own.kx]));
    const winner = sums.winner;
    this.products.light("winner", winner && winner.channel === this.channel ? { cells: [[winner.ky, winner.kx]], stroke: colors.ink, width: 2.5 } : null);
    setText(this.unseen, "");
  }

  draw(colors) {
    // The caption is as wide as its cells, so that shape and name stand over them.
    for (const grid of [this.kernel, this.products]) grid.element.style.maxWidth = `max(${grid.canvas.style.maxWidth}, 76px)`;
    for (const grid of [this.input, this.kernel, this.products]) grid.draw(colors);
  }
}

/** The rows of all channels; `show` after anything changed, `draw` when on screen. */
export function buildRows(stage) {
  const element = h("div.channel-rows");
  let rows = [];
  return {
    element,
    get rows() {
      return rows;
    },
    show(sums, colors) {
      const { opened } = stage;
      const names = namesOf(opened);
      if (rows.length !== opened.shown.inputs) {
        rows = Array.from({ length: opened.shown.inputs }, (_, channel) => new Row(channel, stage));
        replace(element, rows.map((row) => row.element));
      }
      const terms = sums.rows.flatMap((row) => row.terms);
      const limits = {
        input: limitOf(opened.input), weights: limitOf(terms.map((term) => term.weight)),
        products: limitOf(terms.map((term) => term.product)),
      };
      for (const row of rows) row.show(sums, names, limits, colors);
    },
    draw(colors) {
      for (const row of rows) row.draw(colors);
    },
  };
}
