// A pattern of attention: queries down, keys across, each pair a coloured cell that one can point at, pin, walk to or paint.
//
//   const pattern = new Pattern({ label: "Weights of head 1", redraw: ctx.redraw, onhover: (query, key) => …, onpick: … });
//   pattern.set({ rows: ["the", "cat"], columns: ["the", "cat"], values: weights, scale: "sequential" });
//   pattern.light(1, 0, { pinned: true });   pattern.draw(ctx.colors)     in the component's draw()
//
// `values`: (row · column), row by row; `hidden`: Uint8Array of the same shape, hatched. `scale`: "sequential" (0 … high, 1 if
// not given) or "diverging" (−high … high). Pointing calls onhover(query, key), leaving onhover(null, null); a click or Enter
// onpick(query, key), Escape onpick(null, null). With `onpaint(query, key)` a drag paints instead of picking. Arrow keys walk.

import { written } from "./tokens.js";
import { css } from "./color.js";
import { readable, written as short } from "./cells.js";
import { fit, h, number } from "./dom.js";

const LABEL = { font: 12, most: 84, gap: 6 };
const NUMBERS_FROM = 34; // px of a cell that has room for its number
const LINES_FROM = 7; // px of a cell from which cells stand apart
const HATCH = 5; // px between two lines of a hidden cell

export class Pattern {
  /** `side`: the largest px of a cell; `labels: false` leaves the tokens out, as in a thumbnail. */
  constructor({ label, redraw, onhover, onpick, onpaint, side = 40, labels = true }) {
    Object.assign(this, { label, redraw, onhover, onpick, onpaint, side, labels });
    this.state = { rows: [], columns: [], values: [], hidden: null, scale: "sequential", high: null };
    this.lit = { query: null, key: null, pinned: false };
    this.cursor = [0, 0];
    this.painted = null; // the cell painted last in this drag
    this.canvas = h("canvas.pattern", {
      role: "application", tabindex: 0, "aria-roledescription": "attention pattern",
      onpointermove: (event) => this.move(event), onpointerleave: () => this.point(null),
      onpointerdown: (event) => this.down(event), onpointerup: () => { this.painted = null; },
      onclick: (event) => { const at = this.cellAt(event); if (at && !this.onpaint) this.pick(at); },
      onkeydown: (event) => this.key(event),
    });
    this.canvas.style.cssText = "display:block;width:100%;touch-action:pan-y";
    this.element = this.canvas;
  }

  /** What is shown; what is left out stays as it was. Also `high`: the end of the scale. */
  set(next) {
    Object.assign(this.state, next);
    this.cursor = [Math.min(this.cursor[0], this.state.rows.length - 1), Math.min(this.cursor[1], this.state.columns.length - 1)];
    this.speak();
    this.redraw?.();
    return this;
  }

  /** Mark a cell, a whole row (key null), a whole column (query null), or nothing. */
  light(query, key = null, { pinned = false } = {}) {
    const { lit } = this;
    if (lit.query === query && lit.key === key && lit.pinned === pinned) return;
    this.lit = { query, key, pinned };
    this.redraw?.();
  }

  get high() {
    return this.state.high ?? 1;
  }

  // ---- geometry, in CSS pixels

  measure(pen, width) {
    const { rows, columns } = this.state;
    pen.font = `${LABEL.font}px ${this.font ?? "sans-serif"}`;
    const longest = (tokens) => Math.min(LABEL.most, tokens.reduce((most, token) => Math.max(most, pen.measureText(written(token)).width), 0));
    const left = this.labels ? longest(rows) + LABEL.gap : 0;
    const cell = Math.max(1, Math.min(this.side, (width - left - 1) / Math.max(1, columns.length)));
    const across = longest(columns);
    const upright = across <= Math.max(cell, LABEL.font) - 2; // single letters need not be turned
    const top = this.labels ? (upright ? LABEL.font : across) + LABEL.gap : 0;
    return { left, top, cell, upright, height: Math.ceil(top + cell * rows.length + 1) };
  }

  cellAt(event) {
    if (!this.places) return null;
    const box = this.canvas.getBoundingClientRect();
    const { left, top, cell } = this.places;
    const key = Math.floor((event.clientX - box.left - left) / cell);
    const query = Math.floor((event.clientY - box.top - top) / cell);
    const { rows, columns } = this.state;
    const inside = query >= 0 && key >= 0 && query < rows.length && key < columns.length;
    if (inside) return [query, key];
    if (this.labels && key < 0 && query >= 0 && query < rows.length) return [query, null];
    return this.labels && query < 0 && key >= 0 && key < columns.length ? [null, key] : null;
  }

  /** Middle of a cell on the page, for tests. */
  middle(query, key) {
    const box = this.canvas.getBoundingClientRect();
    const { left, top, cell } = this.places;
    return [box.left + left + (key + 0.5) * cell, box.top + top + (query + 0.5) * cell];
  }

  // ---- what a person does

  move(event) {
    const at = this.cellAt(event);
    if (this.painted && at && at[0] !== null && at[1] !== null) this.paintAt(at);
    this.point(at);
  }

  point(at) {
    const [query, key] = at ?? [null, null];
    if (this.pointed?.[0] === query && this.pointed?.[1] === key) return;
    this.pointed = [query, key];
    this.onhover?.(query, key);
  }

  down(event) {
    const at = this.cellAt(event);
    if (!this.onpaint || !at || at[0] === null || at[1] === null) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.painted = [-1, -1];
    this.first = true;
    this.paintAt(at);
  }

  paintAt([query, key]) {
    if (this.painted[0] === query && this.painted[1] === key) return;
    this.painted = [query, key];
    this.onpaint(query, key, { begins: this.first });
    this.first = false;
  }

  pick([query, key]) {
    if (query !== null && key !== null) this.cursor = [query, key];
    this.onpick?.(query, key);
  }

  key(event) {
    const { rows, columns } = this.state;
    const [query, key] = this.cursor;
    const to = { ArrowUp: [query - 1, key], ArrowDown: [query + 1, key], ArrowLeft: [query, key - 1], ArrowRight: [query, key + 1], Home: [query, 0], End: [query, columns.length - 1] }[event.key];
    if (to) {
      this.cursor = [Math.min(rows.length - 1, Math.max(0, to[0])), Math.min(columns.length - 1, Math.max(0, to[1]))];
      this.pointed = null;
      this.speak();
      this.point(this.cursor);
    } else if (event.key === "Enter" || event.key === " ") {
      if (this.onpaint) this.onpaint(query, key, { begins: true });
      else this.pick(this.cursor);
    } else if (event.key === "Escape") {
      this.onpick?.(null, null);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // What is read out: the cell under the cursor.
  speak() {
    const { rows, columns, values, hidden } = this.state;
    const [query, key] = this.cursor;
    const at = query * columns.length + key;
    const said = rows.length ? `: row ${written(rows[query])}, column ${written(columns[key])}, ${hidden?.[at] ? "hidden" : number(values[at])}` : "";
    this.canvas.setAttribute("aria-label", `${this.label}${said}`);
  }

  // ---- drawing

  /** Draw all of it; to be called in an animation frame. */
  draw(colors) {
    const { rows, columns, values, hidden, scale } = this.state;
    if (!rows.length || !this.canvas.clientWidth) return;
    this.font = colors.font;
    const places = this.measure(this.canvas.getContext("2d"), this.canvas.clientWidth);
    if (this.places?.height !== places.height) this.canvas.style.height = `${places.height}px`;
    this.places = places;
    const { pen, width, height } = fit(this.canvas);
    const { left, top, cell } = places;
    pen.clearRect(0, 0, width, height);
    const shade = scale === "diverging" ? (x) => colors.diverging(x / this.high) : (x) => colors.sequential(x / this.high);
    const gap = cell >= LINES_FROM ? 1 : 0;
    for (let q = 0, at = 0; q < rows.length; q += 1) {
      for (let k = 0; k < columns.length; k += 1, at += 1) {
        const [x, y] = [left + k * cell, top + q * cell];
        if (hidden?.[at]) {
          hatch(pen, x, y, cell - gap, colors.line);
          continue;
        }
        const color = shade(values[at]);
        pen.fillStyle = css(color);
        pen.fillRect(x, y, cell - gap, cell - gap);
        if (cell >= NUMBERS_FROM) {
          pen.fillStyle = css(readable(color, colors));
          this.write(pen, short(values[at]), x + (cell - gap) / 2, y + cell / 2, "center");
        }
      }
    }
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    pen.strokeRect(left - 0.5, top - 0.5, columns.length * cell, rows.length * cell);
    if (this.labels) this.drawLabels(pen, colors);
    this.drawLit(pen, colors);
  }

  write(pen, text, x, y, align, most) {
    pen.textAlign = align;
    pen.textBaseline = "middle";
    pen.fillText(text, x, y, ...(most ? [most] : [])); // Chromium writes nothing at all within an infinite width
  }

  drawLabels(pen, colors) {
    const { rows, columns } = this.state;
    const { left, top, cell, upright } = this.places;
    const every = Math.max(1, Math.ceil((LABEL.font + 1) / cell)); // where cells are smaller than letters, not each has its name
    pen.font = `${LABEL.font}px ${colors.font}`;
    rows.forEach((token, q) => {
      if (q % every && q !== this.lit.query) return;
      pen.fillStyle = this.lit.query === q ? colors.ink : colors.muted;
      this.write(pen, written(token), left - LABEL.gap, top + (q + 0.5) * cell, "right", LABEL.most);
    });
    columns.forEach((token, k) => {
      if (k % every && k !== this.lit.key) return;
      pen.fillStyle = this.lit.key === k ? colors.ink : colors.muted;
      if (upright) {
        this.write(pen, written(token), left + (k + 0.5) * cell, top - LABEL.gap - LABEL.font / 2 + 1, "center");
        return;
      }
      pen.save();
      pen.translate(left + (k + 0.5) * cell, top - LABEL.gap);
      pen.rotate(-Math.PI / 2);
      this.write(pen, written(token), 0, 0, "left", LABEL.most);
      pen.restore();
    });
  }

  drawLit(pen, colors) {
    const { query, key, pinned } = this.lit;
    const { rows, columns } = this.state;
    const { left, top, cell } = this.places;
    pen.strokeStyle = colors.accent;
    if (query !== null && query < rows.length) {
      pen.lineWidth = key === null ? 2 : 1;
      pen.strokeRect(left - 1, top + query * cell - 1, columns.length * cell + 1, cell + 1);
    }
    if (key !== null && key < columns.length) {
      pen.lineWidth = query === null ? 2 : 1;
      pen.strokeRect(left + key * cell - 1, top - 1, cell + 1, rows.length * cell + 1);
    }
    if (query !== null && key !== null && query < rows.length && key < columns.length) {
      pen.lineWidth = pinned ? 3 : 2;
      pen.strokeStyle = colors.ink;
      pen.strokeRect(left + key * cell - 0.5, top + query * cell - 0.5, cell, cell);
    }
  }
}

function hatch(pen, x, y, size, color) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, size, size);
  pen.clip();
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let d = -size; d < size; d += HATCH) {
    pen.moveTo(x + d, y + size);
    pen.lineTo(x + d + size, y);
  }
  pen.stroke();
  pen.restore();
}
