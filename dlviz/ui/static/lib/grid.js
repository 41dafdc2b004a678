// A grid of numbers one can touch: cells coloured by value, written out where there is room, lit, pointed at,
// walked with the arrow keys. Places are [row, column]; a place in the padding lies outside 0 … rows − 1.

import { Places, outline, paintCells, paintLight, paintUnknown } from "./cells.js";
import { rgb } from "./color.js";
import { fit, h, number, setText } from "./dom.js";

const LARGEST_CELL = 46;
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The largest absolute value, for a scale that is symmetric about zero; 1 where there is nothing but zeros. */
export function limitOf(values) {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most > 0 && Number.isFinite(most) ? most : 1;
}

/**
 * new Grid({label, onhover, onpick, onwalk, largest})
 *   onhover(place | null, event)   the pointer came to another cell, or left
 *   onpick(place, event)           pressed, or Enter on the cell walked to
 *   onwalk(place)                  the arrow keys moved the cursor there
 *   onkey(event)                   another key on the focused grid; return true if it was used
 * Show numbers with `set`, light cells with `light`, then call `draw(colors)`; nothing draws by itself.
 */
export class Grid {
  constructor({ label, onhover, onpick, onwalk, onkey, largest = LARGEST_CELL, walks = true }) {
    Object.assign(this, { label, onhover, onpick, onwalk, onkey, largest });
    this.rows = this.cols = 0;
    this.pad = [0, 0, 0, 0];
    this.tall = 1;
    this.hatched = true;
    this.lit = new Map(); // name → style, see `paintLight` in cells.js
    this.known = null; // how many cells are computed yet, row by row; null: all
    this.painted = null;
    this.cursor = null;
    this.pointed = null;
    this.canvas = h("canvas.cells", { tabindex: walks ? 0 : null, role: "application", "aria-label": label, "aria-roledescription": "grid of numbers" });
    this.title = h("span.grid-title", label);
    this.shape = h("span.grid-shape.value");
    this.element = h("figure.grid", h("figcaption.label", this.title, this.shape), this.canvas);
    this.listen();
  }

  /**
   * values: rows × cols numbers, row by row. pad: cells of padding [top, bottom, left, right], whose numbers
   * `padded(row, column)` gives (null: nothing is there, drawn hatched). signed: colours about zero, up to `limit`;
   * else from 0 to `limit`. ramp: a colour [r, g, b] instead of the scale's (a channel). shape: what the caption says.
   * paint(row, column) → [r, g, b] overrules the scale. lines(row, column) → [text, …]: a smaller line above the number,
   * the first that there is room for. tall: height of a cell over its width. A value of null is a cell without a number, `hatched` or blank.
   */
  set({ values, rows, cols, pad = [0, 0, 0, 0], padded = null, signed = true, limit = null, ramp = null, paint = null, lines = null, tall = 1, hatched = true, shape = null, title = null }) {
    Object.assign(this, { values, rows, cols, pad, padded, signed, ramp, paint, lines, tall, hatched });
    this.touch();
    this.limit = limit ?? limitOf(values);
    const [top, bottom, left, right] = pad;
    const [down, across] = [rows + top + bottom, cols + left + right];
    this.canvas.style.aspectRatio = `${across} / ${down * tall}`;
    this.canvas.style.maxWidth = `${across * this.largest + 1}px`;
    if (title !== null) setText(this.title, title);
    setText(this.shape, shape ?? `${rows} × ${cols}`);
    if (this.cursor && !this.holds(this.cursor)) this.cursor = null;
  }

  /** The number at a place, also in the padding; null where there is none. */
  at([row, column]) {
    if (row >= 0 && row < this.rows && column >= 0 && column < this.cols) return this.values[row * this.cols + column];
    return this.padded?.(row, column) ?? null;
  }

  /** Light cells under a name, in a style of `paintLight` (cells.js); null puts it out. The later covers the earlier. */
  light(name, style) {
    this.lit.delete(name);
    if (style && style.cells.length) this.lit.set(name, style);
  }

  holds([row, column]) {
    const [top, bottom, left, right] = this.pad;
    return row >= -top && row < this.rows + bottom && column >= -left && column < this.cols + right;
  }

  get cell() {
    return this.canvas.clientWidth / (this.cols + this.pad[2] + this.pad[3] || 1);
  }

  /** The middle of a cell in px of the canvas. */
  middle([row, column]) {
    const { cell } = this;
    return [(column + this.pad[2] + 0.5) * cell, (row + this.pad[0] + 0.5) * cell * this.tall];
  }

  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const cell = box.width / (this.cols + this.pad[2] + this.pad[3]);
    const place = [Math.floor((event.clientY - box.top) / (cell * this.tall)) - this.pad[0], Math.floor((event.clientX - box.left) / cell) - this.pad[2]];
    return this.rows && this.holds(place) ? place : null;
  }

  listen() {
    const same = (a, b) => a === b || (a && b && a[0] === b[0] && a[1] === b[1]);
    const point = (event) => {
      const place = this.placeOf(event);
      if (same(place, this.pointed)) return;
      this.pointed = place;
      this.onhover?.(place, event);
    };
    this.canvas.addEventListener("pointermove", point);
    this.canvas.addEventListener("pointerdown", (event) => {
      point(event);
      const place = this.placeOf(event);
      if (place) this.onpick?.(place, event);
    });
    this.canvas.addEventListener("pointerleave", (event) => {
      this.pointed = null;
      this.onhover?.(null, event);
    });
    this.canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.onkey?.(event)) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      const way = WAYS[event.key];
      if (!way && event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation();
      if (!this.rows) return;
      if (way) this.walk(way);
      else if (this.cursor) this.onpick?.(this.cursor, event);
    });
  }

  walk([down, across]) {
    const from = this.cursor ?? [0, 0];
    const to = this.cursor ? [from[0] + down, from[1] + across] : from;
    this.cursor = [Math.min(Math.max(to[0], 0), this.rows - 1), Math.min(Math.max(to[1], 0), this.cols - 1)];
    this.canvas.setAttribute("aria-label", `${this.label}: row ${this.cursor[0] + 1}, column ${this.cursor[1] + 1}, ${number(this.at(this.cursor))}`);
    this.onwalk?.(this.cursor);
  }

  /** [r, g, b] of a value on this grid's scale. */
  color(value, colors) {
    if (this.ramp) {
      const paper = rgb(colors.paper);
      const share = Math.min(Math.max(value / this.limit, 0), 1);
      return paper.map((p, k) => p + (this.ramp[k] - p) * share);
    }
    return this.signed ? colors.diverging(value / this.limit) : colors.sequential(value / this.limit);
  }

  /** The numbers have changed in place: paint them again at the next `draw`. */
  touch() {
    this.painted = null;
  }

  /** Draw what there is. The picture of the numbers is kept, so that lighting other cells costs next to nothing. */
  draw(colors) {
    const { pen, width, height, ratio } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    if (!width || !this.rows) return;
    const kept = this.painted;
    if (!kept || kept.width !== width || kept.height !== height || kept.ratio !== ratio || kept.colors !== colors) {
      this.painted = { width, height, ratio, colors };
      paintCells((this.picture ??= document.createElement("canvas")), this, width, height, ratio, colors);
    }
    pen.drawImage(this.picture, 0, 0, width, height);
    const places = new Places(this, width, height, ratio);
    if (this.known !== null && this.known < this.rows * this.cols) paintUnknown(pen, this, this.known, places, colors);
    for (const style of this.lit.values()) paintLight(pen, style, places, colors);
    if (this.cursor && this.canvas.getRootNode().activeElement === this.canvas) {
      const [x, y, across, down] = places.box(...this.cursor);
      outline(pen, [x + 1, y + 1, across - 2, down - 2], colors.accent, 2);
    }
  }
}
