// The two large grids: what the layer is given and what it makes, each with its channels as small pictures to choose
// from, its scale, and, for a signal of one row, its bars.

import { plane, scaleOf } from "../lib/ramps.js";
import { css, rgb } from "../lib/color.js";
import { fit, h, number, setText } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { padding } from "./places.js";
import { Thumbs } from "./thumbs.js";

const TALL = 1.9; // height of a cell over its width where there is one row only
const LARGEST = 46;
const BARS = 64; // px
const NARROWEST = 250; // px, for what stands above and below a grid of few cells

/** `area`s for input and output. Returns {show(), draw()}; the grids stand in `stage.grids`. */
export function buildGrids(areas, stage) {
  const sides = [new Side(areas.input, stage, "input"), new Side(areas.output, stage, "output")];
  stage.on("scene", () => sides.forEach((side) => side.take()));
  return {
    show: () => sides.forEach((side) => side.show()),
    draw: () => sides.forEach((side) => side.draw()),
  };
}

class Side {
  constructor(area, stage, name) {
    this.stage = stage;
    this.name = name;
    this.key = "";
    const at = (place) => (place ? this.focus(place) : null);
    const grid = new Grid({
      label: name === "input" ? "Input" : "Output",
      largest: LARGEST,
      onhover: (place, event) => this.hover(place, event),
      onpick: (place, event) => this.pick(place, event),
      onwalk: (place) => stage.point(at(place)),
    });
    grid.canvas.addEventListener("blur", () => stage.point(null));
    grid.canvas.addEventListener("focus", () => stage.ctx.redraw());
    grid.element.classList.add("large");
    this.grid = grid;
    stage.grids[name] = [grid];
    this.thumbs = new Thumbs(stage, name === "input" ? "Input channels" : "Output maps", (k) => this.choose(k));
    this.bars = h("canvas.bars.hidden", { "aria-hidden": "true" });
    grid.canvas.before(this.bars);
    this.low = h("span");
    this.high = h("span");
    this.ramp = h("canvas.ramp", { "aria-hidden": "true" });
    this.read = h("output.read.value");
    this.foot = h("div.foot.label", h("span.scale.value", this.low, this.ramp, this.high), this.read);
    area.append(grid.element, this.foot, this.thumbs.element);
    stage.on("tool", (tool) => grid.canvas.classList.toggle("painted-on", name === "input" && Boolean(tool)));
  }

  // ---- what is pointed at

  /** The focus that a place of this grid means, or null in the padding. */
  focus([row, column]) {
    const { stage, grid } = this;
    if (row < 0 || column < 0 || row >= grid.rows || column >= grid.cols) return null;
    const { view, at } = stage;
    return this.name === "input"
      ? { kind: "input", layer: at, channel: view.channel, y: row, x: column }
      : { kind: "output", layer: at, o: view.filter, y: row, x: column };
  }

  hover(place, event) {
    const { stage } = this;
    if (place && stage.tool && this.name === "input" && stage.at === 0 && event.buttons & 1) {
      stage.emit("paint", { grid: this.grid, channel: stage.view.channel, place, event });
    }
    stage.point(place ? this.focus(place) : null);
  }

  pick(place, event) {
    const { stage } = this;
    if (stage.tool && this.name === "input" && stage.at === 0) {
      stage.emit("paint", { grid: this.grid, channel: stage.view.channel, place, event });
      return;
    }
    const focus = this.focus(place);
    if (!focus) return;
    this.grid.cursor = place; // the arrow keys go on from here
    stage.pin(focus);
  }

  choose(k) {
    if (this.name === "input") this.stage.chooseChannel(k);
    else this.stage.chooseFilter(k);
  }

  // ---- what is there

  get values() {
    return this.name === "input" ? this.stage.taken : this.stage.made;
  }

  get size() {
    const { layer } = this.stage;
    return this.name === "input" ? [layer.inputs, layer.height, layer.width] : [layer.outputs, layer.outHeight, layer.outWidth];
  }

  get chosen() {
    return this.name === "input" ? this.stage.view.channel : this.stage.view.filter;
  }

  /** Names of the channels on this side; maps made of one channel each have its name. */
  get names() {
    const { stage } = this;
    const { channel_names: channels, filter_names: filters, spec } = stage.scene.numbers;
    const oneEach = stage.layer.pools || spec.layer === "depthwise" || stage.at < stage.layers.length - 1;
    if (this.name === "input" || oneEach) return channels;
    return filters;
  }

  /** The scale of a channel: the picture's, and a pool's of it, is that of all its channels; a map has its own. */
  scale(k) {
    const [, rows, cols] = this.size;
    const { stage } = this;
    const isPicture = this.name === "input" && stage.at === 0;
    const values = plane(this.values, k, rows * cols);
    if (isPicture || (stage.layers[0].pools && stage.layers.length === 1)) return scaleOf(stage.scene.numbers.channel_names[k], stage.input, stage.ctx.colors);
    return { ...scaleOf("", values, stage.ctx.colors), signed: true, limit: scaleOf("", [...values, -1e-9], stage.ctx.colors).limit };
  }

  take() {
    this.thumbs.build(this.size[0], this.names);
  }

  show() {
    const { stage, chosen } = this;
    const key = [stage.version, stage.at, chosen, stage.ctx.colors.dark].join();
    if (key !== this.key) this.set(chosen, key);
    this.showRead();
  }

  set(chosen, key) {
    const { stage, grid } = this;
    const { layer } = stage;
    const [count, rows, cols] = this.size;
    const values = plane(this.values, chosen, rows * cols);
    const scale = this.scale(chosen);
    const ring = [layer.top, layer.bottom, layer.left, layer.right];
    const isRow = layer.height === 1 && layer.width > 1;
    const cut = layer.kind === "transposed"; // there padding takes cells of the output away
    const padded = this.name === "input" ? !cut : cut;
    const what = this.name === "input" ? this.inputTitle(count, chosen) : this.outputTitle(count, chosen);
    grid.label = what;
    grid.canvas.setAttribute("aria-label", `${what}: ${rows} rows, ${cols} columns`);
    grid.set({
      values, rows, cols, ...scale, title: what, shape: [count, rows, cols].map(number).join(" × "), tall: isRow ? TALL : 1,
      pad: padded ? ring : [0, 0, 0, 0], padded: padded && !cut ? padding(layer, values) : null,
    });
    const widest = `${Math.max(parseFloat(grid.canvas.style.maxWidth), NARROWEST)}px`;
    for (const element of [grid.element, this.foot]) element.style.maxWidth = widest;
    this.showScale(scale);
    this.bars.classList.toggle("hidden", !isRow);
    this.key = key;
    this.barred = null;
    this.thumbs.paint((k) => ({ values: plane(this.values, k, rows * cols), rows, cols, ...this.scale(k) }), `${stage.version} ${stage.at} ${stage.ctx.colors.dark}`);
    this.thumbs.choose(chosen, (k) => this.name === "output" || layer.channelsOf(stage.view.filter).includes(k));
  }

  inputTitle(count, chosen) {
    if (this.stage.at > 0) return `Between: ${this.names[chosen]}`;
    return count > 1 ? `Input: ${this.names[chosen]}` : "Input";
  }

  outputTitle(count, chosen) {
    if (this.stage.at < this.stage.layers.length - 1) return `Between: ${this.names[chosen]}`;
    return count > 1 ? `Output: ${this.names[chosen]}` : "Output";
  }

  showScale({ signed, limit }) {
    setText(this.low, number(signed ? -limit : 0));
    setText(this.high, number(limit));
    const { colors } = this.stage.ctx;
    this.ramp.width = 64;
    this.ramp.height = 1;
    const pen = this.ramp.getContext("2d");
    for (let x = 0; x < 64; x += 1) {
      pen.fillStyle = css(this.grid.color((signed ? (x / 31.5 - 1) : x / 63) * limit, colors));
      pen.fillRect(x, 0, 1, 1);
    }
  }

  // The number under the pointer in full: the cells have room for two digits.
  showRead() {
    const { shown, sliding, terms, term } = this.stage;
    const isUnknown = shown === sliding && sliding?.term !== null && term < terms.length - 1;
    if (shown?.kind !== this.name || isUnknown) {
      setText(this.read, "");
      return;
    }
    setText(this.read, `row ${shown.y + 1}, column ${shown.x + 1}: ${number(this.grid.at([shown.y, shown.x]), 4)}`);
  }

  draw() {
    this.grid.draw(this.stage.ctx.colors);
    if (this.grid.tall === TALL) this.drawBars();
    this.thumbs.draw();
  }

  drawBars() {
    const { bars, grid, stage } = this;
    const { colors } = stage.ctx;
    const across = grid.cols + grid.pad[2] + grid.pad[3];
    bars.style.height = `${BARS}px`;
    bars.style.maxWidth = grid.canvas.style.maxWidth;
    const { pen, width, height } = fit(bars);
    pen.clearRect(0, 0, width, height);
    const cell = width / across;
    const zero = grid.signed ? height / 2 : height - 1;
    const reach = grid.signed ? height / 2 - 2 : height - 4;
    pen.fillStyle = css(rgb(colors.ink), 0.25);
    pen.fillRect(0, zero, width, 1);
    for (let c = -grid.pad[2]; c < grid.cols + grid.pad[3]; c += 1) {
      const value = grid.at([0, c]);
      if (value === null || (grid.known !== null && c >= grid.known)) continue;
      const size = (value / grid.limit) * reach;
      pen.fillStyle = value < 0 ? colors.negative : colors.positive;
      pen.globalAlpha = c < 0 || c >= grid.cols ? 0.4 : 0.85;
      pen.fillRect((c + grid.pad[2] + 0.5) * cell - Math.max(1.5, cell * 0.14), zero - Math.max(size, 0), Math.max(3, cell * 0.28), Math.abs(size));
    }
    pen.globalAlpha = 1;
  }
}
