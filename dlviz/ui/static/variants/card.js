// One relative of the convolution: its channels and maps as small pictures, the lines between those that see each
// other, what it makes and costs. Pointing at a cell of a map marks what it depends on.

import { through } from "../lib/conv.js";
import { count, h, number, replace, setText, svg } from "../lib/dom.js";
import { css, rgb } from "../lib/color.js";
import { Grid, limitOf } from "../lib/grid.js";
import { setOnce } from "../lib/once.js";
import { plane, scaleOf } from "../lib/ramps.js";

const LARGEST = 40;
const HEIGHTS = { 1: 112, 2: 86, 3: 70, 4: 60 }; // px of a small picture, given how many stand over each other
const LOWEST = 40;
const NARROW = 76; // px where three columns have to fit
const LARGER = 1.25; // pooling shows its winners in the picture
const ROOM_FOR_WINNERS = 4.5; // px of a cell below which frames would cover the picture
const ROW_WIDTH = 116;

const shapeWords = (c, [rows, columns]) => (rows === 1 && columns > 1 ? `${c} × ${columns}` : `${c} × ${rows} × ${columns}`);

export class Card {
  constructor(card, { send, labels }) {
    Object.assign(this, { card, labels, columns: [], lines: [], at: null, variant: null, built: "", version: 0 });
    this.chip = h("span.chip.here", "on the stage");
    this.picture = h("div.flow");
    this.reading = h("p.reading.value", { "aria-live": "off" });
    this.kernels = h("p.label.kernels");
    this.cost = h("p.small.cost.value");
    this.button = h("button", { onclick: () => send(this.variant.settings, this) }, "On the stage");
    this.problem = h("p.problem.small", { role: "alert" });
    this.element = h("article.variant", { "aria-label": card.title }, h("div.variant-head", h("h4", card.title), this.chip), h("p.small.says", card.says),
      this.picture, this.reading, this.kernels, this.cost, h("div.row", this.button), this.problem);
  }

  /** Show a variant (see `variantOf`) of an input; `names` are the names of its channels. */
  take(variant, input, names, isCurrent) {
    this.variant = variant;
    this.at = null;
    this.element.classList.toggle("current", isCurrent);
    this.chip.classList.toggle("hidden", !isCurrent);
    this.button.classList.toggle("hidden", isCurrent || Boolean(variant.wrong));
    this.picture.classList.toggle("hidden", Boolean(variant.wrong));
    this.values = null;
    if (variant.wrong) {
      setText(this.reading, variant.wrong);
      for (const line of [this.kernels, this.cost]) setText(line, "");
      return;
    }
    this.names = names;
    this.values = through(variant.layers, input);
    const key = JSON.stringify(variant.shapes.map(({ inputs, outputs, input_size, output_size, groups, kind }) => [inputs, outputs, input_size, output_size, groups, kind]));
    if (key !== this.built) this.build();
    this.built = key;
    this.version += 1;
    this.stale = true;
    this.say();
    this.sayCost();
  }

  build() {
    const { shapes } = this.variant;
    this.columns = [this.column(shapes[0].inputs, shapes[0].input_size, 0)];
    this.lines = [];
    const flow = [this.columns[0].element];
    shapes.forEach((shape, i) => {
      const links = this.link(this.variant.layers[i]);
      this.lines.push(links.lines);
      this.columns.push(this.column(shape.outputs, shape.output_size, i + 1));
      flow.push(links.element, this.columns.at(-1).element);
    });
    replace(this.picture, flow);
  }

  column(channels, [rows, columns], depth) {
    const isLast = depth === this.variant.shapes.length;
    const grids = Array.from({ length: channels }, (_, o) => {
      const point = (place) => this.point(place && { o, y: place[0], x: place[1] });
      const grid = new Grid({ label: isLast ? `${this.card.title}, map ${o + 1}` : `${this.card.title}, channel ${o + 1}`, largest: LARGEST, walks: isLast, ...(isLast ? { onhover: point, onpick: point, onwalk: point } : {}) });
      grid.element.style.width = `${rows === 1 && columns > 1 ? ROW_WIDTH : Math.min(this.tall(channels), columns * LARGEST)}px`;
      return grid;
    });
    return { element: h("div.thumbs", grids.map((grid) => h("div.thumb", grid.element))), grids };
  }

  tall(channels) {
    const height = HEIGHTS[channels] ?? LOWEST;
    if (this.variant.shapes.length > 1) return Math.min(height, NARROW);
    return this.variant.layers[0].pools ? height * LARGER : height;
  }

  link(layer) {
    const middle = (i, of) => ((i + 0.5) / of) * 100;
    const lines = [];
    for (let o = 0; o < layer.outputs; o += 1) {
      for (const channel of layer.channelsOf(o)) {
        const line = svg("line", { x1: 0, x2: 100, y1: middle(channel, layer.inputs), y2: middle(o, layer.outputs), "vector-effect": "non-scaling-stroke" });
        lines.push({ line, o, channel });
      }
    }
    return { lines, element: svg("svg.links", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" }, lines.map(({ line }) => line)) };
  }

  point(at) {
    this.at = at;
    this.stale = true;
    this.say();
    this.onchange?.();
  }

  /** Cells on which the pointed one depends, a set a depth: "channel,y,x" → [channel, y, x]; `terms` of the last layer. */
  dependencies() {
    const { layers } = this.variant;
    const found = layers.map(() => new Map());
    const { o, y, x } = this.at;
    found.push(new Map([[`${o},${y},${x}`, [o, y, x]]]));
    let winner = null;
    for (let depth = layers.length - 1; depth >= 0; depth -= 1) {
      for (const [out, row, column] of found[depth + 1].values()) {
        for (const term of layers[depth].terms(this.values[depth], out, row, column)) {
          if (term.inside) found[depth].set(`${term.channel},${term.y},${term.x}`, [term.channel, term.y, term.x]);
          if (term.wins) winner = [term.channel, term.y, term.x];
        }
      }
    }
    return { found, winner };
  }

  say() {
    const [first, last] = [this.variant.shapes[0], this.variant.shapes.at(-1)];
    if (!this.at) {
      const between = this.variant.shapes.slice(0, -1).map((shape) => `${shapeWords(shape.outputs, shape.output_size)} → `).join("");
      setText(this.reading, `${shapeWords(first.inputs, first.input_size)} → ${between}${shapeWords(last.outputs, last.output_size)}`);
      return;
    }
    const { o, y, x } = this.at;
    const value = this.values.at(-1)[(o * last.output_size[0] + y) * last.output_size[1] + x];
    const cells = [...this.dependencies().found[0].values()];
    const channels = new Set(cells.map(([channel]) => channel)).size;
    const columns = cells.map(([, , column]) => column + 1);
    const where = this.card.key === "causal" && columns.length ? `, columns ${Math.min(...columns)} to ${Math.max(...columns)}: nothing after ${x + 1}` : "";
    setText(this.reading, `${number(value)} from ${count(cells.length)} cell${cells.length === 1 ? "" : "s"}${channels > 1 ? ` in ${channels} channels` : ""}${where}`);
  }

  sayCost() {
    const { shapes, names, byHand, layers } = this.variant;
    const sum = (what) => shapes.reduce((total, shape) => total + shape[what], 0);
    setText(this.cost, sum("parameters") ? `${count(sum("parameters"))} parameters · ${count(sum("multiplications"))} multiplications` : "0 parameters");
    const said = [byHand ? "the stage’s own filter" : null, ...names.map((name) => this.labels[name] ?? name)].filter(Boolean);
    if (layers.some((layer, i) => layer.kh * layer.kw === 1 && !layer.pools && (i > 0 || !names.length))) said.push(shapes.at(-1).inputs === 1 ? "1, which leaves the channel as it is" : "the grey value and differences of channels");
    const pooled = shapes[0].kind === "max" ? "No weights. Point at a map to see which cell of the window won." : "No weights";
    setText(this.kernels, said.length ? `Weights: ${said.join("; ")}` : pooled);
  }

  /** The theme changed: every cell has another colour. */
  repaint() {
    this.version += 1;
    this.stale = true;
  }

  draw(colors) {
    if (!this.stale || !this.values) return;
    this.stale = false;
    const { shapes } = this.variant;
    const soft = css(rgb(colors.accent), 0.28);
    const lit = this.at ? this.dependencies() : null;
    const winners = shapes[0].kind === "max" && !lit && this.cellWidth() >= ROOM_FOR_WINNERS ? this.winners() : [];
    this.columns.forEach(({ grids }, depth) => {
      const [rows, cols] = depth === 0 ? shapes[0].input_size : shapes[depth - 1].output_size;
      const values = this.values[depth];
      grids.forEach((grid, channel) => {
        setOnce(grid, this.version, () => {
          const picture = depth === 0 || this.variant.layers[0].pools; // what is pooled keeps the colours of its channel
          const scale = picture ? scaleOf(this.names[channel], this.values[0], colors) : { limit: limitOf(values) };
          return { values: plane(values, channel, rows * cols), rows, cols, ...scale };
        });
        const own = (cells) => cells.filter(([at]) => at === channel).map(([, y, x]) => [y, x]);
        grid.light("winners", depth === 0 ? { cells: own(winners), stroke: colors.ink, width: 1 } : null);
        const cells = lit ? own([...lit.found[depth].values()]) : [];
        grid.light("lit", { cells, fill: depth === this.columns.length - 1 ? null : soft, stroke: colors.accent, width: 1.5 });
        grid.light("winner", lit?.winner && depth === 0 ? { cells: own([lit.winner]), stroke: colors.ink, width: 2.5 } : null);
        grid.draw(colors);
      });
    });
    this.lightLines(lit);
  }

  lightLines(lit) {
    this.lines.forEach((lines, depth) => {
      const seen = new Set(lit ? [...lit.found[depth + 1].values()].map(([o]) => o) : []);
      for (const { line, o } of lines) line.classList.toggle("lit", seen.has(o));
    });
  }

  cellWidth() {
    const { inputs, input_size: [, columns] } = this.variant.shapes[0];
    return this.tall(inputs) / columns;
  }

  /** Of every window of a max pool, the cell that won. */
  winners() {
    const [layer] = this.variant.layers;
    const found = [];
    for (let o = 0; o < layer.outputs; o += 1) {
      for (let y = 0; y < layer.outHeight; y += 1) {
        for (let x = 0; x < layer.outWidth; x += 1) {
          const term = layer.terms(this.values[0], o, y, x).find((each) => each.wins);
          found.push([o, term.y, term.x]);
        }
      }
    }
    return found;
  }
}
