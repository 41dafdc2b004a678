// Attention as lines from each token (left) to the tokens it looks at (right), of one head or of several in their colours.
//
//   const strands = new Strands({ label: "Lines of head 1", redraw: ctx.redraw, onhover: (query, key) => …, onpick: … });
//   strands.set({ rows, columns, layers: [{ values, color }], from: null });
//   strands.light(2, null);   strands.draw(ctx.colors)
//
// `values` as in lib/pattern.js. Pointing at a token on the left shows its lines alone (onhover(query, null)), at one on the
// right the lines that come to it (onhover(null, key)). Lines below LEAST are not drawn: nobody could see them.

import { written } from "./tokens.js";
import { fit, h, number } from "./dom.js";

const LEAST = 0.01;
const ROW = { most: 24, least: 13 };
const FONT = 13;

export class Strands {
  constructor({ label, redraw, onhover, onpick }) {
    Object.assign(this, { label, redraw, onhover, onpick });
    this.state = { rows: [], columns: [], layers: [] };
    this.lit = { query: null, key: null };
    this.cursor = 0;
    this.canvas = h("canvas.strands", {
      role: "application", tabindex: 0, "aria-roledescription": "attention as lines", "aria-label": label,
      onpointermove: (event) => this.point(this.tokenAt(event)), onpointerleave: () => this.point([null, null]),
      onclick: (event) => this.onpick?.(...this.tokenAt(event)), onkeydown: (event) => this.key(event),
    });
    this.canvas.style.cssText = "display:block;width:100%;touch-action:pan-y";
    this.element = this.canvas;
  }

  set(next) {
    Object.assign(this.state, next);
    this.redraw?.();
    return this;
  }

  light(query, key = null) {
    if (this.lit.query === query && this.lit.key === key) return;
    this.lit = { query, key };
    this.redraw?.();
  }

  tokenAt(event) {
    if (!this.places) return [null, null];
    const box = this.canvas.getBoundingClientRect();
    const { row, left, right } = this.places;
    const at = Math.floor((event.clientY - box.top) / row);
    const x = event.clientX - box.left;
    const isLeft = x < (left + right) / 2;
    const many = (isLeft ? this.state.rows : this.state.columns).length;
    if (at < 0 || at >= many) return [null, null];
    return isLeft ? [at, null] : [null, at];
  }

  point([query, key]) {
    if (this.pointed?.[0] === query && this.pointed?.[1] === key) return;
    this.pointed = [query, key];
    this.onhover?.(query, key);
  }

  key(event) {
    const last = this.state.rows.length - 1;
    const to = { ArrowUp: this.cursor - 1, ArrowDown: this.cursor + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      this.cursor = Math.min(last, Math.max(0, to));
      this.canvas.setAttribute("aria-label", `${this.label}: ${this.spoken(this.cursor)}`);
      this.point([this.cursor, null]);
    } else if (event.key === "Enter" || event.key === " ") this.onpick?.(this.cursor, null);
    else if (event.key === "Escape") this.onpick?.(null, null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  spoken(query) {
    const { rows, columns, layers } = this.state;
    const values = layers[0]?.values;
    if (!values) return written(rows[query]);
    let best = 0;
    for (let k = 1; k < columns.length; k += 1) if (values[query * columns.length + k] > values[query * columns.length + best]) best = k;
    return `${written(rows[query])} looks most at ${written(columns[best])}, ${number(values[query * columns.length + best], 2)}`;
  }

  draw(colors) {
    const { rows, columns, layers } = this.state;
    if (!rows.length || !this.canvas.clientWidth) return;
    const many = Math.max(rows.length, columns.length);
    const row = Math.max(ROW.least, Math.min(ROW.most, 720 / many));
    this.canvas.style.height = `${Math.ceil(row * many)}px`;
    const { pen, width, height } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    pen.font = `${Math.min(FONT, row - 1)}px ${colors.font}`;
    const longest = (tokens) => Math.min(width * 0.32, tokens.reduce((most, token) => Math.max(most, pen.measureText(written(token)).width), 0));
    const left = longest(rows) + 10;
    const right = width - longest(columns) - 10;
    this.places = { row, left, right };
    const y = (at) => (at + 0.5) * row;
    const { query, key } = this.lit;
    pen.lineCap = "round";
    for (const { values, color } of layers) {
      pen.strokeStyle = color;
      for (let q = 0, at = 0; q < rows.length; q += 1) {
        for (let k = 0; k < columns.length; k += 1, at += 1) {
          const w = values[at];
          const aside = (query !== null && q !== query) || (key !== null && k !== key);
          if (w < LEAST || aside) continue;
          pen.globalAlpha = Math.min(1, w / (layers.length > 1 ? 1.4 : 1));
          pen.lineWidth = 1 + 2.5 * w;
          pen.beginPath();
          pen.moveTo(left, y(q));
          pen.lineTo(right, y(k));
          pen.stroke();
        }
      }
    }
    pen.globalAlpha = 1;
    pen.textBaseline = "middle";
    const name = (tokens, at, x, align, isLit) => {
      pen.textAlign = align;
      pen.fillStyle = isLit ? colors.accent : colors.ink;
      pen.fillText(written(tokens[at]), x, y(at), width * 0.32);
    };
    rows.forEach((_, q) => name(rows, q, left - 6, "right", q === query));
    columns.forEach((_, k) => name(columns, k, right + 6, "left", k === key));
  }
}
