// A table of signed numbers as cells one points at and walks: rows of a batch by the features of a layer.

import { css } from "../lib/color.js";
import { fit, h, number } from "../lib/dom.js";
import { contrast } from "../lib/graphview.js";

const WRITTEN = [34, 15]; // px of a cell, from which its number fits in
const SWATCH = 8;
const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** `onover(row, column)` or `onover(null)`; `widest`, `tall(rows)`: px of a cell. `aside`: px kept free on the right for `notes`. */
export class HeatTable {
  constructor({ onover, widest = 46, tall, aside = 0 }) {
    Object.assign(this, { onover, widest, tall, aside, shown: null, at: null });
    this.canvas = h("canvas.gr-heat", {
      tabindex: 0, role: "application",
      onpointermove: (event) => this.point(event), onpointerdown: (event) => this.point(event),
      onkeydown: (event) => this.press(event),
    });
    this.element = h("div.gr-heat-box", this.canvas);
  }

  /** {values, rows, columns, most, color: row → colour, cell [row, column] or null, boxes [[row, column, rows]], notes, label}. */
  show(shown) {
    this.shown = shown;
    this.canvas.setAttribute("aria-label", shown.label);
  }

  draw(colors) {
    const { shown, element } = this;
    const width = element.clientWidth;
    if (!shown || !width) return;
    const { values, rows, columns, most } = shown;
    const aside = Math.min(this.aside, width * 0.45);
    const wide = Math.min(this.widest, (width - SWATCH - 4 - aside) / columns);
    const tall = this.tall(rows);
    this.at = { left: SWATCH + 4, wide: wide > 3 ? Math.floor(wide) : wide, tall };
    this.canvas.style.height = `${Math.ceil(rows * tall + 4)}px`;
    const { pen, height } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const { left, wide: across } = this.at;
    for (let r = 0; r < rows; r += 1) {
      pen.fillStyle = shown.color(r);
      pen.fillRect(0, 2 + r * tall, SWATCH - 2, Math.max(0.8, tall - (tall > 16 ? 2 : 0)));
      for (let c = 0; c < columns; c += 1) {
        const value = values[r * columns + c];
        const paint = colors.diverging(value / (most || 1));
        pen.fillStyle = css(paint);
        pen.fillRect(left + c * across, 2 + r * tall, Math.max(0.8, across - (across > 5 ? 1 : 0)), Math.max(0.8, tall - (tall > 5 ? 1 : 0)));
        if (across < WRITTEN[0] || tall < WRITTEN[1]) continue;
        pen.fillStyle = contrast(css(paint));
        pen.font = `11.5px ${colors.font}`;
        pen.fillText(number(value, 2), left + (c + 0.5) * across, 2 + (r + 0.5) * tall, across - 3);
      }
    }
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    pen.strokeRect(left - 0.5, 1.5, columns * across + 1, rows * tall + 1);
    this.paintNotes(pen, colors, width);
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 2;
    for (const [row, column, many] of shown.boxes ?? []) pen.strokeRect(left + column * across - 1, 2 + row * tall - 1, across + 1, many * tall + 1);
    if (shown.cell) pen.strokeRect(left + shown.cell[1] * across - 1, 2 + shown.cell[0] * tall - 1, across + 1, tall + 1);
  }

  paintNotes(pen, colors, width) {
    const { left, wide, tall } = this.at;
    const from = left + this.shown.columns * wide + 10;
    pen.font = `13px ${colors.font}`;
    pen.textAlign = "left";
    (this.shown.notes ?? []).forEach((note, r) => {
      pen.fillStyle = colors.ink;
      pen.fillText(note, from, 2 + (r + 0.5) * tall, Math.max(20, width - from));
    });
  }

  point({ clientX, clientY }) {
    if (!this.at) return;
    const box = this.canvas.getBoundingClientRect();
    const row = Math.floor((clientY - box.top - 2) / this.at.tall);
    const column = Math.floor((clientX - box.left - this.at.left) / this.at.wide);
    if (row >= 0 && row < this.shown.rows && column >= 0 && column < this.shown.columns) this.onover(row, column);
  }

  press(event) {
    const way = WAYS[event.key];
    if (!way || !this.shown) return;
    event.preventDefault();
    const [row, column] = this.shown.cell ?? [0, 0];
    this.onover(Math.max(0, Math.min(this.shown.rows - 1, row + way[0])), Math.max(0, Math.min(this.shown.columns - 1, column + way[1])));
  }

  middle(row, column) {
    return [this.at.left + (column + 0.5) * this.at.wide, 2 + (row + 0.5) * this.at.tall];
  }
}
