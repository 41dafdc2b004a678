// One row of the network on screen: its maps as tiles, or its units as cells, on one canvas.

import { outline } from "../lib/cells.js";
import { css, rgb } from "../lib/color.js";
import { count, fit, h, number, setText } from "../lib/dom.js";
import { Sprites, valueOf } from "../lib/sprites.js";
import { MOST_MAPS, isAmount, isMap, nameOf, shapeText, shownCount } from "./rows.js";

const KIND_WORDS = { linear: "Linear", flatten: "Flatten" };
const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class Column {
  /** `onleave(way, share)`: the arrow keys went past the left (−1) or right (1) edge, so far down. */
  constructor(stage, row, onleave) {
    Object.assign(this, { stage, row, onleave });
    this.maps = isMap(row);
    this.count = shownCount(row);
    this.strip = row.kind === "flatten"; // a number a hair's breadth: a line of them, top to bottom
    this.sprites = new Sprites();
    this.inSight = false;
    this.painted = null; // the frame, theme and scale that the sprites show
    this.cursor = 0;
    this.canvas = h("canvas.tiles", { tabindex: this.strip ? null : 0, role: "application", "aria-roledescription": "maps of a layer" });
    this.ends = h("span.ends.value");
    this.ramp = h("i.ramp", { "aria-hidden": "true" });
    const whole = row.output_shape[0];
    const cut = this.count < whole ? h("span.cut", `${this.count} of ${count(whole)} shown`) : null;
    this.element = h("figure.layer", { "data-kind": row.kind, "data-row": row.name },
      h("figcaption", { title: `${row.name}: ${KIND_WORDS[row.kind] ?? row.label}` }, h("span.name", row.name), h("span.label.kind", KIND_WORDS[row.kind] ?? row.label), h("span.label.value.shape", shapeText(row.output_shape)), cut),
      this.canvas, h("div.foot", this.ramp, this.ends));
    this.listen();
  }

  // ---- layout

  /** Tiles of `width` × `height` px, `across` in a line. */
  place({ across, width, height, gap }) {
    const down = Math.ceil(this.count / across);
    Object.assign(this, { across, tile: width, tall: height, gap });
    this.canvas.style.width = `${across * width + (across - 1) * gap}px`;
    this.canvas.style.height = `${down * height + (down - 1) * gap}px`;
  }

  boxOf(k) {
    const { across, tile, tall, gap } = this;
    return [(k % across) * (tile + gap), Math.floor(k / across) * (tall + gap), tile, tall];
  }

  /** {row, channel, y, x} under the pointer; between two tiles the nearer one. */
  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const { across, tile, tall, gap, row } = this;
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    const column = Math.min(across - 1, Math.max(0, Math.floor((left + gap / 2) / (tile + gap))));
    const k = Math.floor((top + gap / 2) / (tall + gap)) * across + column;
    if (k < 0 || k >= this.count) return null;
    if (!this.maps) return { row: row.name, channel: k, y: null, x: null };
    const [, height, width] = row.output_shape;
    const [x0, y0] = this.boxOf(k);
    const inside = (value, end) => Math.min(end - 1, Math.max(0, Math.floor(value)));
    return { row: row.name, channel: k, y: inside(((top - y0) / tall) * height, height), x: inside(((left - x0) / tile) * width, width) };
  }

  // ---- hands

  listen() {
    const { canvas, stage } = this;
    if (this.strip) return;
    canvas.addEventListener("pointermove", (event) => stage.point(this.placeOf(event)));
    canvas.addEventListener("pointerleave", () => stage.point(null));
    canvas.addEventListener("click", (event) => {
      const place = this.placeOf(event);
      if (!place) return;
      this.cursor = place.channel;
      this.pin(place);
    });
    canvas.addEventListener("focus", () => this.pointCursor());
    canvas.addEventListener("blur", () => stage.point(null));
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Enter" || event.key === " ") this.pin({ row: this.row.name, channel: this.cursor, y: null, x: null });
      else if (event.key === "Escape" && stage.pinned) stage.pin(null);
      else if (WAYS[event.key]) this.walk(...WAYS[event.key]);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  pin(place) {
    const { pinned } = this.stage;
    const again = pinned?.row === place.row && pinned.channel === place.channel && pinned.y === place.y && pinned.x === place.x;
    this.stage.pin(again ? null : place);
  }

  walk(across, down) {
    const column = (this.cursor % this.across) + across;
    const next = this.cursor + across + down * this.across;
    if (column < 0 || column >= this.across || (across > 0 && next >= this.count)) {
      this.onleave(across, Math.floor(this.cursor / this.across) / Math.ceil(this.count / this.across));
      return;
    }
    if (next >= 0 && next < this.count) this.cursor = next;
    this.pointCursor();
    if (this.stage.pinned) this.pin({ row: this.row.name, channel: this.cursor, y: this.stage.pinned.y, x: this.stage.pinned.x });
  }

  /** Take the keyboard, at about the height where it came from. */
  enter(share, fromRight) {
    const line = Math.min(Math.floor(share * Math.ceil(this.count / this.across)), Math.ceil(this.count / this.across) - 1);
    this.cursor = Math.min(line * this.across + (fromRight ? this.across - 1 : 0), this.count - 1);
    this.canvas.focus();
    this.pointCursor();
  }

  pointCursor() {
    const place = { row: this.row.name, channel: this.cursor, y: null, x: null };
    this.canvas.setAttribute("aria-label", `${nameOf(this.stage, place)}: ${this.inWords(this.cursor)}`);
    this.stage.point(place);
  }

  // ---- numbers

  get range() {
    return this.stage.frame?.arrays[`range.${this.row.name}`]?.data ?? null;
  }

  get values() {
    return this.stage.frame?.arrays[`${this.maps ? "maps" : "units"}.${this.row.name}`]?.data ?? null;
  }

  /** [low, high] of a map; of a unit its value twice. */
  rangeOf(channel) {
    if (!this.values) return [NaN, NaN];
    return this.maps ? [this.range[2 * channel], this.range[2 * channel + 1]] : [this.values[channel], this.values[channel]];
  }

  valueAt({ channel, y, x }) {
    if (!this.maps) return this.values?.[channel] ?? NaN;
    const [, height, width] = this.row.output_shape;
    return valueOf(this.values[(channel * height + y) * width + x], ...this.rangeOf(channel));
  }

  inWords(channel) {
    const [low, high] = this.rangeOf(channel);
    return this.maps ? `from ${number(low)} to ${number(high)}` : number(low);
  }

  // ---- drawing

  load(frame, colors, each) {
    const { values, row } = this;
    if (!values) return;
    const amount = isAmount(this.stage.rows, row, this.stage.setting("activation"));
    let limit = 0;
    const sizes = new Float32Array(this.count);
    for (let c = 0; c < this.count; c += 1) {
      const [low, high] = this.rangeOf(c);
      sizes[c] = Math.max(Math.abs(low), Math.abs(high)) || 1e-30;
      if (sizes[c] > limit && Number.isFinite(sizes[c])) limit = sizes[c];
    }
    limit ||= 1;
    if (this.maps) {
      const [, height, width] = row.output_shape;
      this.sprites.size(this.count, height, width);
      this.sprites.paintBytes(values, this.range, each ? sizes : sizes.fill(limit), amount, colors);
    } else {
      this.sprites.size(1, this.count, 1);
      this.sprites.paintValues(values, limit, amount, colors);
    }
    Object.assign(this, { limit, amount });
    this.painted = { frame, colors, each };
    setText(this.ends, each && this.maps ? "each its own" : amount ? `0 … ${number(limit, 2)}` : `± ${number(limit, 2)}`);
    this.ramp.classList.toggle("amount", amount);
  }

  /** Draw what changed: a new moment, another theme, scale or place, or what is lit here. */
  draw(frame, colors, each) {
    if (!this.inSight || !this.across) return;
    const { painted, stage, row } = this;
    const isNew = frame && (painted?.frame !== frame || painted.colors !== colors || painted.each !== each);
    if (isNew) this.load(frame, colors, each);
    const lit = [stage.pinned, stage.focus].map((focus) => (focus?.row === row.name ? `${focus.channel} ${focus.y} ${focus.x}` : "")).join();
    const key = `${lit} ${this.tile} ${this.tall} ${this.across} ${window.devicePixelRatio}`;
    if (!isNew && key === this.drawn) return;
    this.drawn = key;
    const { pen, width, height } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    if (!this.painted) return;
    pen.imageSmoothingEnabled = this.strip;
    if (this.maps) for (let k = 0; k < this.count; k += 1) this.sprites.drawTo(pen, k, ...this.boxOf(k));
    else this.drawUnits(pen);
    this.light(pen, colors);
  }

  drawUnits(pen) {
    const { sprites, count: n } = this;
    if (this.strip) {
      pen.drawImage(sprites.canvas, ...this.boxOf(0).slice(0, 2), this.tile, this.canvas.clientHeight);
      return;
    }
    for (let k = 0; k < n; k += 1) pen.drawImage(sprites.canvas, 0, k, 1, 1, ...this.boxOf(k));
  }

  light(pen, colors) {
    const { stage, row } = this;
    if (!this.strip && (this.maps || this.tall > 6)) {
      pen.beginPath();
      for (let k = 0; k < this.count; k += 1) pen.rect(...this.boxOf(k));
      pen.strokeStyle = css(rgb(colors.ink), 0.3);
      pen.lineWidth = 0.5;
      pen.stroke();
    }
    for (const [focus, thick] of [[stage.pinned, 2.5], [stage.focus, 2]]) {
      if (focus?.row !== row.name || focus.channel === null || focus.channel >= MOST_MAPS && this.maps) continue;
      const [x, y, width, height] = this.boxOf(focus.channel);
      outline(pen, [x - 1, y - 1, width + 2, height + 2], colors.accent, thick);
      if (!this.maps || focus.y === null) continue;
      const [, down, across] = row.output_shape;
      const [w, d] = [width / across, height / down];
      outline(pen, [x + focus.x * w - 1, y + focus.y * d - 1, Math.max(w, 2) + 2, Math.max(d, 2) + 2], colors.ink, 1);
    }
  }
}
