// The matrix on a canvas: its entries drawn once for their numbers, size and theme; what is pointed at on a second
// canvas above, so that pointing costs no more than what lights up. The input lies along the top, the map down the side.

import { css, mix, rgb } from "../lib/color.js";
import { fit, h } from "../lib/dom.js";
import { drawLens, LENS_BELOW } from "./lens.js";

const STRIP = 15; // px of the input along the top and of the map down the side
const GAP = 6;
export const LARGEST_CELL = 30;
export const TALLEST = 620;
const SMALL_CELL = 4; // px below which a cell may be twice as high as wide, or twice as wide as high, to be seen and hit
const NO_WEIGHT = 0.13; // how much ink a place has where a weight stands that is 0
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * onpoint({row, column, part} | null): part is "matrix", "top" (a column alone) or "side" (a row alone).
 * onpick(the same). `set` numbers, `light` places, `draw(colors)`.
 */
export class MatrixPicture {
  constructor({ onpoint, onpick }) {
    this.base = h("canvas.base", { "aria-hidden": "true" });
    this.over = h("canvas.over", { tabindex: 0, role: "application", "aria-roledescription": "matrix", "aria-label": "Matrix of the layer" });
    this.element = h("div.matrix-picture", this.base, this.over);
    Object.assign(this, { onpoint, onpick, matrix: null, lit: {}, lens: null, stale: true });
    this.listen();
  }

  /** `top`: the input, a number a column; `side`: the map, a number a row. `blocks`: [rows, columns] of a block, `wide`: columns of a channel. */
  set({ matrix, top, side, blocks, wide, limits }) {
    const same = this.matrix?.rows === matrix.rows && this.matrix.cols === matrix.cols;
    Object.assign(this, { matrix, top, side, blocks, wide, limits, stale: true, lens: same ? this.lens : null });
    this.over.setAttribute("aria-label", `Matrix of ${matrix.rows} rows and ${matrix.cols} columns; arrow keys walk through it`);
  }

  /** {rows, columns, places}: lists of rows and of columns to light, and of [row, column] places. */
  light(lit) {
    this.lit = lit;
  }

  /** What a screen reader hears of the place walked to. */
  tell(text) {
    this.over.setAttribute("aria-label", text);
  }

  measure() {
    const width = this.element.clientWidth - STRIP - GAP;
    const { rows, cols } = this.matrix;
    const high = Math.max(TALLEST / rows, 1);
    this.cell = Math.max(0, Math.min(width / cols, high < SMALL_CELL ? 2 * high : high, LARGEST_CELL));
    // On whole pixels of the screen where there are enough of them, so that all cells are equally wide.
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    if (this.cell * ratio > 2) this.cell = Math.floor(this.cell * ratio) / ratio;
    this.tall = this.cell < SMALL_CELL ? Math.min(2 * this.cell, Math.max(high, this.cell / 2)) : Math.min(this.cell, high);
    const [across, down] = [Math.max(1, cols * this.cell), Math.max(1, rows * this.tall)];
    const size = [`${Math.ceil(across + STRIP + GAP)}px`, `${Math.ceil(down + STRIP + GAP)}px`];
    for (const canvas of [this.base, this.over]) [canvas.style.width, canvas.style.height] = size;
    this.element.style.height = size[1];
    return [across, down];
  }

  draw(colors) {
    if (!this.matrix || !this.element.clientWidth) return;
    const key = [this.element.clientWidth, window.devicePixelRatio, colors.dark].join();
    if (this.stale || key !== this.key) {
      [this.across, this.down] = this.measure();
      this.drawBase(colors);
      [this.key, this.stale] = [key, false];
    }
    this.drawLit(colors);
  }

  drawBase(colors) {
    const { pen, width, height, ratio } = fit(this.base);
    pen.clearRect(0, 0, width, height);
    pen.putImageData(this.paint(colors, ratio), 0, Math.round((STRIP + GAP) * ratio));
    const { cell, tall } = this;
    const strip = (values, scale, place) => values.forEach((value, i) => {
      pen.fillStyle = css(scale(value));
      pen.fillRect(...place(i));
    });
    const thick = (size) => Math.max(size, 1 / ratio) + (size * ratio < 2 ? 0.3 : 0);
    strip(this.top, this.scale(colors, "top"), (i) => [i * cell, 0, thick(cell), STRIP]);
    strip(this.side, this.scale(colors, "side"), (i) => [this.across + GAP, STRIP + GAP + i * tall, STRIP, thick(tall)]);
    this.drawLines(pen, colors);
    if (cell >= LENS_BELOW) this.writeNumbers(pen, colors);
  }

  scale(colors, part) {
    const { limit, signed } = this.limits[part];
    return (value) => (signed ? colors.diverging(value / limit) : colors.sequential(value / limit));
  }

  /** The entries as pixels; where several share a pixel, the one farthest from zero. */
  paint(colors, ratio) {
    const [across, down] = [Math.max(1, Math.round(this.across * ratio)), Math.max(1, Math.round(this.down * ratio))];
    const image = new ImageData(across, down);
    const pixels = new Uint32Array(image.data.buffer);
    const word = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r;
    const [paper, ink] = [rgb(colors.paper), rgb(colors.ink)];
    pixels.fill(word(mix(paper, ink, 0.025).map(Math.round)));
    const quiet = word(mix(paper, ink, NO_WEIGHT).map(Math.round));
    const { starts, columns, values } = this.matrix.entries;
    const [size, high] = [this.cell * ratio, this.tall * ratio];
    const gap = size >= 5 ? 1 : 0;
    const strongest = size < 1 || high < 1 ? new Float32Array(pixels.length).fill(-1) : null;
    for (let r = 0; r < this.matrix.rows; r += 1) {
      const y0 = Math.floor(r * high);
      const y1 = Math.min(down, Math.max(y0 + 1, Math.floor((r + 1) * high) - gap));
      for (let e = starts[r]; e < starts[r + 1]; e += 1) {
        const value = values[e];
        const color = value === 0 ? quiet : word(colors.diverging(value / this.limits.matrix));
        const x0 = Math.floor(columns[e] * size);
        const x1 = Math.min(across, Math.max(x0 + 1, Math.floor((columns[e] + 1) * size) - gap));
        for (let y = y0; y < y1; y += 1) {
          for (let x = x0, at = y * across + x0; x < x1; x += 1, at += 1) {
            if (strongest) {
              if (Math.abs(value) <= strongest[at]) continue;
              strongest[at] = Math.abs(value);
            }
            pixels[at] = color;
          }
        }
      }
    }
    return image;
  }

  drawLines(pen, colors) {
    const { across, down, cell, tall, blocks, wide } = this;
    const lines = (step, end, strength, line) => {
      if (step < 5 || step > end - 1) return;
      pen.strokeStyle = css(rgb(colors.ink), strength);
      pen.beginPath();
      for (let at = step; at < end - 0.5; at += step) line(Math.round(at) - 0.5);
      pen.stroke();
    };
    const top = STRIP + GAP;
    const upright = (x) => { pen.moveTo(x, top); pen.lineTo(x, top + down); };
    pen.lineWidth = 1;
    lines(blocks[0] * tall, down, 0.1, (y) => { pen.moveTo(0, top + y); pen.lineTo(across, top + y); });
    lines(blocks[1] * cell, across, 0.1, upright);
    if (wide.length > 1) for (const end of wide.slice(0, -1)) {
      pen.strokeStyle = css(rgb(colors.ink), 0.5);
      pen.beginPath();
      upright(Math.round(end * cell) - 0.5);
      pen.stroke();
    }
    pen.strokeStyle = css(rgb(colors.ink), 0.3);
    pen.strokeRect(0.5, top + 0.5, across - 1, down - 1);
  }

  writeNumbers(pen, colors) {
    const { starts, columns } = this.matrix.entries;
    for (let r = 0; r < this.matrix.rows; r += 1) {
      for (let e = starts[r]; e < starts[r + 1]; e += 1) this.writeNumber(pen, colors, r, columns[e]);
    }
  }

  writeNumber(pen, colors, row, column) {
    const { cell } = this;
    drawLens.number(pen, this.matrix.at(row, column), column * cell, STRIP + GAP + row * cell, cell, cell, this.limits.matrix, colors);
  }

  drawLit(colors) {
    const { pen, width, height } = fit(this.over);
    pen.clearRect(0, 0, width, height);
    const { cell, tall, across, down } = this;
    const { rows = [], columns = [], places = [] } = this.lit;
    const top = STRIP + GAP;
    const least = [Math.max(cell, 1.5), Math.max(tall, 1.5)];
    const [soft, strong] = [css(rgb(colors.accent), 0.16), colors.accent];
    for (const row of rows) {
      pen.fillStyle = soft;
      pen.fillRect(0, top + row * tall, across + GAP, least[1]);
      frame(pen, strong, across + GAP, top + row * tall, STRIP, least[1]);
    }
    for (const column of columns) {
      pen.fillStyle = soft;
      pen.fillRect(column * cell, STRIP, least[0], down + GAP);
      frame(pen, strong, column * cell, 0, least[0], STRIP);
    }
    pen.fillStyle = strong;
    for (const [row, column] of places) {
      if (cell >= 6) frame(pen, strong, column * cell, top + row * tall, cell, tall);
      else pen.fillRect(column * cell, top + row * tall, Math.max(cell, 2), Math.max(tall, 2));
    }
    if (this.lens && cell < LENS_BELOW) {
      drawLens(pen, { ...this, ...this.lens, x: (this.lens.column + 0.5) * cell, y: top + (this.lens.row + 0.5) * tall, width, height }, colors);
    }
  }

  placeOf(event) {
    if (this.stale) [this.across, this.down] = this.measure(); // the pointer may come before the first drawing
    const box = this.over.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top - STRIP - GAP];
    const { rows, cols } = this.matrix;
    const hold = (at, size, end) => Math.min(end - 1, Math.max(0, Math.floor(at / size)));
    const [row, column] = [hold(y, this.tall, rows), hold(x, this.cell, cols)];
    if (y < 0 && x < this.across) return { row: null, column, part: "top" };
    if (x >= this.across && y >= 0 && y < this.down) return { row, column: null, part: "side" };
    if (y < 0 || y >= this.down || x < 0 || x >= this.across) return null;
    return { row, column, part: "matrix" };
  }

  listen() {
    let last = "";
    const point = (place) => {
      const key = JSON.stringify(place);
      if (key === last) return;
      last = key;
      this.lens = place?.part === "matrix" ? place : null;
      this.onpoint(place);
    };
    this.over.addEventListener("pointermove", (event) => { if (this.matrix) point(this.placeOf(event)); });
    this.over.addEventListener("pointerdown", (event) => {
      if (!this.matrix) return;
      point(this.placeOf(event));
      const place = this.placeOf(event);
      if (place) this.onpick(place);
    });
    this.over.addEventListener("pointerleave", () => point(null));
    this.over.addEventListener("blur", () => point(null));
    this.over.addEventListener("keydown", (event) => {
      const way = WAYS[event.key];
      if (!this.matrix || (!way && event.key !== "Enter")) return;
      event.preventDefault();
      event.stopPropagation();
      const { row = 0, column = 0 } = this.lens ?? {};
      const hold = (at, end) => Math.min(end - 1, Math.max(0, at));
      if (!way) this.onpick({ row, column, part: "matrix" });
      else point({ row: hold(row + way[0], this.matrix.rows), column: hold(column + way[1], this.matrix.cols), part: "matrix" });
    });
  }
}

function frame(pen, color, x, y, width, height) {
  if (Math.min(width, height) < 4) {
    pen.fillStyle = color;
    pen.fillRect(x, y, width, height);
    return;
  }
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  pen.strokeRect(x + 1, y + 1, width - 2, height - 2);
}
