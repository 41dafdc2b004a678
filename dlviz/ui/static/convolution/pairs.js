// Channel by channel: the cells of the kernel, and under or beside them the products with what lies beneath.
// A pool has no kernel, so there the cells of the window stand alone.

import { scaleOf } from "../lib/ramps.js";
import { h, replace, setText, steady } from "../lib/dom.js";
import { written } from "../lib/cells.js";
import { Grid, limitOf } from "../lib/grid.js";
import { bracketed } from "../lib/totals.js";
import { weightIndex } from "./places.js";

const TALL = 0.78; // a product says two lines and is wider than high
const LARGEST_WEIGHT = 46;
const LARGEST_PRODUCT = 64;
const LARGEST_WINDOW = 240; // px in all

export function buildPairs(area, stage, editor) {
  const pairs = [];
  let shape = "";
  area.classList.add("pairs");

  function build() {
    const { layer } = stage;
    const wanted = `${layer.kind} ${layer.pools ? 1 : layer.perGroup} ${layer.kh} ${layer.kw}`;
    if (wanted === shape) return;
    shape = wanted;
    pairs.length = 0;
    for (let i = 0; i < (layer.pools ? 1 : layer.perGroup); i += 1) pairs.push(new Pair(i, stage, editor));
    replace(area, pairs.map((pair, i) => [i ? h("span.sign.plus", { "aria-hidden": "true" }, "+") : null, pair.element]));
    area.classList.toggle("single", pairs.length === 1 && !layer.pools);
    area.style.setProperty("--pairs", pairs.length);
    stage.grids.kernel = layer.pools ? [] : pairs.map((pair) => pair.kernel);
    stage.grids.products = pairs.map((pair) => pair.products);
  }

  /** Where a weight is on the screen; null when another filter is shown. */
  editor.cellRect = (at, flat) => {
    const { layer, view } = stage;
    if (at !== stage.at) return null;
    const place = [Math.floor((flat % (layer.kh * layer.kw)) / layer.kw), (flat % (layer.kh * layer.kw)) % layer.kw];
    const pair = pairs.find(({ channel }) => weightIndex(layer, view.filter, channel, ...place) === flat);
    return pair?.anchor(place) ?? null;
  };
  stage.on("scene", build);
  return {
    pairs,
    show() {
      const { layer, view } = stage;
      const channels = layer.channelsOf(view.filter);
      const weights = layer.pools ? [] : channels.map((channel) => plane(layer, view.filter, channel));
      const limit = limitOf(weights.flatMap((each) => [...each]));
      const terms = termsShown(stage);
      const most = limitOf(terms.map((term) => (layer.kind === "max" ? term.value : term.product)));
      pairs.forEach((pair, i) => {
        pair.channel = channels[i];
        pair.show(weights[i], limit, terms.filter((term) => term.channel === channels[i]), most, channels.length > 1);
      });
    },
    draw() {
      for (const pair of pairs) pair.draw();
    },
  };
}

/** The weights of a filter over one channel, row by row. */
export function plane(layer, o, channel) {
  const first = weightIndex(layer, o, channel, 0, 0);
  return layer.weight.subarray(first, first + layer.kh * layer.kw);
}

/**
 * The products to lay out: those of the output cell shown, or, for an input cell, what it gives through each weight
 * that meets it; each knows its place in the sum as `index`. While a sum is built up, only those added so far.
 */
export function termsShown({ shown, terms, layer, taken, view, term, sliding, focus }) {
  if (shown.kind === "output") {
    const known = focus && focus === sliding && sliding.term !== null ? term + 1 : terms.length;
    return terms.slice(0, known).map((each, index) => ({ ...each, index }));
  }
  if (shown.kind === "kernel" || layer.pools) return [];
  const value = taken[(shown.channel * layer.height + shown.y) * layer.width + shown.x];
  return layer.touched(shown.channel, shown.y, shown.x).filter((each) => each.o === view.filter)
    .map(({ ky, kx, weight }) => ({ channel: shown.channel, ky, kx, value, weight, product: value * weight, index: null, inside: true }));
}

class Pair {
  constructor(i, stage, editor) {
    this.i = i;
    this.stage = stage;
    this.key = "";
    const focus = (place) => (place ? { kind: "kernel", layer: stage.at, o: stage.view.filter, channel: this.channel, ky: place[0], kx: place[1] } : null);
    const edit = (place) => {
      if (stage.editable) editor.edit(stage.at, weightIndex(stage.layer, stage.view.filter, this.channel, ...place), this.anchor(place));
    };
    this.kernel = new Grid({
      label: "Kernel",
      largest: LARGEST_WEIGHT,
      onhover: (place) => stage.point(focus(place)),
      onwalk: (place) => stage.point(focus(place)),
      onkey: (event) => {
        if (event.key !== "Enter" || !this.kernel.cursor || !stage.editable) return false;
        edit(this.kernel.cursor);
        return true;
      },
      onpick: (place, event) => {
        this.kernel.cursor = place;
        stage.pin(focus(place));
        if (stage.editable && event.type === "pointerdown") {
          editor.drag(stage.at, weightIndex(stage.layer, stage.view.filter, this.channel, ...place), event, this.anchor(place));
        }
      },
    });
    const point = (place) => {
      if (stage.layer.pools && stage.shown.kind !== "output") return;
      stage.pointTerm(place ? this.terms.find((each) => each.ky === place[0] && each.kx === place[1])?.index ?? null : null);
    };
    this.products = new Grid({ label: "Products", largest: LARGEST_PRODUCT, onhover: point, onwalk: point });
    for (const grid of [this.kernel, this.products]) {
      grid.canvas.addEventListener("focus", () => stage.ctx.redraw());
      grid.canvas.addEventListener("blur", () => (grid === this.kernel ? stage.point(null) : stage.pointTerm(null)));
    }
    this.partial = h("output.partial.value");
    this.element = h("div.pair", h("div.pair-kernel", this.kernel.element), h("span.sign.times", { "aria-hidden": "true" }),
      h("div.pair-products", this.products.element, this.partial));
    this.element.querySelector(".pair-kernel").classList.toggle("hidden", stage.layer.pools);
  }

  /** Where a cell of the kernel is on the screen. */
  anchor([row, column]) {
    const box = this.kernel.canvas.getBoundingClientRect();
    const [w, d] = [box.width / this.kernel.cols, box.height / this.kernel.rows];
    return new DOMRect(box.left + column * w, box.top + row * d, w, d);
  }

  show(weights, limit, terms, most, many) {
    const { stage } = this;
    const { layer, view, at } = stage;
    const { kh, kw } = layer;
    const names = at === 0 || layer.inputs === stage.scene.numbers.channel_names.length ? stage.scene.numbers.channel_names : [];
    const name = names[this.channel] ?? `channel ${this.channel + 1}`;
    this.terms = terms;
    const key = [stage.version, at, view.filter, this.channel].join();
    if (weights && key !== this.key) {
      this.key = key;
      this.kernel.label = many ? `Kernel, ${name}` : "Kernel";
      this.kernel.canvas.setAttribute("aria-label", `${this.kernel.label}: ${kh} rows, ${kw} columns`);
      this.kernel.set({ values: weights, rows: kh, cols: kw, limit, title: many ? name : "Kernel", shape: many ? "" : `${kh} × ${kw}`, tall: kh === 1 ? 1.2 : 1 });
    }
    const cells = Array.from({ length: kh * kw }, () => null);
    const found = new Map();
    for (const term of terms) {
      cells[term.ky * kw + term.kx] = layer.kind === "conv" || layer.kind === "transposed" ? term.product : term.inside || layer.kind === "average" ? term.value : null;
      found.set(term.ky * kw + term.kx, term);
    }
    const lines = layer.pools ? null : (row, column) => {
      const { value, weight } = found.get(row * kw + column);
      return [`${written(value)} × ${bracketed(weight)}`, `${written(value)}×${written(weight)}`];
    };
    this.products.largest = layer.pools ? Math.min(LARGEST_PRODUCT, LARGEST_WINDOW / kw) : LARGEST_PRODUCT;
    this.products.label = many ? `Products, ${name}` : layer.pools ? "Window" : "Products";
    this.products.set({
      values: cells, rows: kh, cols: kw, limit: most, lines, hatched: layer.pools, tall: layer.pools ? 1 : kh === 1 ? 1 : TALL,
      title: layer.pools ? "Window" : many ? "" : "Input × kernel", shape: many ? "" : `${kh} × ${kw}`,
      ...(layer.pools ? scaleOf(name, stage.input, stage.ctx.colors) : {}), // a window shows what it stands on
    });
    this.products.element.classList.toggle("untitled", many);
    for (const { element, canvas } of [this.kernel, this.products]) element.style.maxWidth = canvas.style.maxWidth; // so that the caption is as wide
    this.partial.classList.toggle("hidden", !many);
    if (many) setText(this.partial, stage.shown.kind === "output" ? steady(terms.reduce((sum, term) => sum + term.product, 0)) : "");
  }

  draw() {
    const { colors } = this.stage.ctx;
    if (this.kernel.rows) this.kernel.draw(colors);
    this.products.draw(colors);
  }
}
