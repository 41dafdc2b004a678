// One stage of the network: its strongest maps side by side on one canvas.

import { outline } from "../lib/cells.js";
import { count, fit, h, number, setText } from "../lib/dom.js";
import { Sprites, valueOf } from "../lib/sprites.js";

const GAP = 4;
const LEAST = 58; // px of a tile
const MORE = 12; // maps that a press on the button adds
const MOST = 64;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export const FIRST = 12;

export class MapRow {
  /** `point(place | null)` and `open(place)` hear {row: this, k, y, x}; `more()`: another number of maps is wanted. */
  constructor(name, { point, open, more }) {
    Object.assign(this, { name, point, open });
    this.first = FIRST;
    this.found = null; // {version, first, channels, maps, range, field, count}
    this.inSight = false;
    this.cursor = 0;
    this.sprites = new Sprites();
    this.painted = null;
    this.canvas = h("canvas.tiles", { tabindex: 0, role: "application", "aria-roledescription": "maps of a stage", "aria-label": `${name}: waiting for its maps` });
    this.shape = h("span.label.value");
    this.sees = h("span.label.value");
    this.which = h("span.label.value");
    this.button = h("button.chip", { type: "button", onclick: () => { this.first = Math.min(MOST, this.found.count, this.first + MORE); more(); } });
    this.below = h("div.below");
    this.element = h("section.stage-row", { "data-stage": name },
      h("div.stage-head", h("h4", name), this.shape, this.sees, this.which, this.button), h("div.stage-maps", this.canvas, this.below));
    this.listen();
  }

  take({ arrays }, version) {
    const { maps, range, channels, field, count: whole } = arrays;
    const [shown, rows, cols] = maps.shape;
    this.found = { version, first: this.first, shown, rows, cols, maps: maps.data, range: range.data, channels: channels.data, field: field.data, count: whole.data[0] };
    this.painted = null;
    setText(this.shape, `${count(whole.data[0])} × ${rows} × ${cols}`);
    setText(this.sees, `a cell sees ${count(field.data[2])} × ${count(field.data[2])}`);
    const most = Math.min(MOST, whole.data[0]);
    this.button.hidden = shown >= most;
    setText(this.which, `${shown} of ${count(whole.data[0])}`);
    setText(this.button, `${Math.min(MORE, most - shown)} more`);
    this.element.classList.remove("waiting");
    this.cursor = Math.min(this.cursor, shown - 1);
  }

  wants(version) {
    return this.inSight && (this.found?.version !== version || this.found.first !== this.first);
  }

  // ---- where things are

  /** Room for the maps, also before they have come: nothing below moves when they do. */
  lay() {
    const width = this.canvas.parentElement.clientWidth;
    const shown = this.found?.shown ?? FIRST;
    const across = Math.max(1, Math.min(FIRST, shown, Math.floor((width + GAP) / (LEAST + GAP))));
    const tile = Math.min(88, Math.floor((width + GAP) / across) - GAP);
    Object.assign(this, { across, tile });
    const down = Math.ceil(shown / across);
    this.canvas.style.width = `${across * (tile + GAP) - GAP}px`;
    this.canvas.style.height = `${down * (tile + GAP) - GAP}px`;
  }

  boxOf(k) {
    const { across, tile } = this;
    return [(k % across) * (tile + GAP), Math.floor(k / across) * (tile + GAP), tile, tile];
  }

  placeOf(event) {
    if (!this.found) return null;
    const box = this.canvas.getBoundingClientRect();
    const { across, tile } = this;
    const { rows, cols, shown } = this.found;
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const column = Math.min(across - 1, Math.floor(x / (tile + GAP)));
    const k = Math.floor(y / (tile + GAP)) * across + column;
    if (k < 0 || k >= shown) return null;
    const [left, top] = this.boxOf(k);
    const cell = (at, side) => Math.min(side - 1, Math.max(0, Math.floor((at / tile) * side)));
    return { row: this, k, y: cell(y - top, rows), x: cell(x - left, cols) };
  }

  // ---- hands

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointermove", (event) => this.point(this.placeOf(event)));
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener("click", (event) => {
      const place = this.placeOf(event);
      if (!place) return;
      this.cursor = place.k;
      this.open(place);
    });
    canvas.addEventListener("keydown", (event) => {
      if (!this.found || event.ctrlKey || event.metaKey || event.altKey) return;
      const way = WAYS[event.key];
      if (way) this.cursor = Math.min(this.found.shown - 1, Math.max(0, this.cursor + way[0] + way[1] * this.across));
      else if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      const place = { row: this, k: this.cursor, y: null, x: null };
      canvas.setAttribute("aria-label", this.inWords(place));
      if (way) this.point(place);
      else this.open(place);
    });
    canvas.addEventListener("blur", () => this.point(null));
  }

  // ---- numbers

  rangeOf(k) {
    return [this.found.range[2 * k], this.found.range[2 * k + 1]];
  }

  valueAt({ k, y, x }) {
    const { maps, rows, cols } = this.found;
    return valueOf(maps[(k * rows + y) * cols + x], ...this.rangeOf(k));
  }

  /** What cell (y, x) can see of the picture: {top, bottom, left, right}, inclusive. */
  fieldOf({ y, x }) {
    const [first, step, size] = this.found.field;
    return { top: first + y * step, bottom: first + y * step + size - 1, left: first + x * step, right: first + x * step + size - 1 };
  }

  inWords(place) {
    const { rows, cols, channels, field } = this.found;
    const [low, high] = this.rangeOf(place.k);
    const whole = `${this.name} · map ${channels[place.k] + 1} · ${rows} × ${cols} · ${low === high ? `${number(low)} everywhere` : `${number(low)} … ${number(high)}`}`;
    if (place.y === null) return whole;
    return `${whole} · row ${place.y + 1}, column ${place.x + 1}: ${number(this.valueAt(place), 2)} · sees ${count(field[2])} × ${count(field[2])}`;
  }

  // ---- drawing

  /** focus: the place pointed at, or null; opened: the place that is open below, or null. */
  draw(colors, focus, opened) {
    this.lay();
    if (!this.found || !this.inSight) return;
    const { shown, rows, cols, maps, range } = this.found;
    if (this.painted !== colors) {
      this.painted = colors;
      this.sprites.size(shown, rows, cols);
      const limits = Float32Array.from({ length: shown }, (_, k) => Math.max(Math.abs(range[2 * k]), Math.abs(range[2 * k + 1])) || 1);
      this.amount = range.every((value) => value >= 0);
      this.sprites.paintBytes(maps, range, limits, this.amount, colors);
    }
    const { pen, width, height } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    pen.imageSmoothingEnabled = rows > this.tile;
    for (let k = 0; k < shown; k += 1) {
      const box = this.boxOf(k);
      this.sprites.drawTo(pen, k, ...box);
      outline(pen, box, colors.line, 1);
    }
    const marked = focus?.row === this ? focus : null;
    if (opened?.row === this && opened.k < shown) outline(pen, this.boxOf(opened.k), colors.accent, 2);
    if (!marked || marked.k >= shown) return;
    const box = this.boxOf(marked.k);
    outline(pen, box, colors.ink, 1.5);
    if (marked.y === null) return;
    const cell = this.tile / rows;
    const side = Math.max(cell, 5);
    outline(pen, [box[0] + (marked.x + 0.5) * cell - side / 2, box[1] + (marked.y + 0.5) * cell - side / 2, side, side], colors.accent, 1.5);
  }
}
