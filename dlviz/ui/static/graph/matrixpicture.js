// A matrix as a picture one points at and walks: cells, names along both sides, groups of nodes, and what each row sums to.

import { css, rgb } from "../lib/color.js";
import { fit, h, number } from "../lib/dom.js";
import { classFill, contrast } from "../lib/graphview.js";

const LARGEST = 560; // px of the square
const WIDEST_CELL = 40;
const NAMED = 9.5; // px of a cell from which every row has its name beside it
const RULED = 5; // … from which cells have lines between them
const WRITTEN = 27; // … from which numbers fit in
const LONGEST_NAME = 84;
const SUMS = 62; // px for the sums of the rows
const STRIP = 5; // px of the colours of the groups
const FAINTEST = 0.16; // of the scale, for a filled cell of nearly 0
const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** How a filled cell is coloured, [r, g, b]: never quite like paper, which is an empty one. */
export const shade = (colors, value, most) => colors.sequential(FAINTEST + (1 - FAINTEST) * (most ? Math.abs(value) / most : 0));

/** `onhover(i, j)` or `onhover(null)`, `onpick(i, j)`: rows and columns are nodes, whatever the order. */
export class MatrixPicture {
  constructor({ label, onhover, onpick }) {
    Object.assign(this, { label, onhover, onpick, shown: null, cells: null, key: [], last: null });
    this.canvas = h("canvas.gx-canvas", {
      tabindex: 0, role: "application",
      onpointermove: (event) => this.point(event), onpointerdown: (event) => this.point(event),
      onpointerleave: (event) => { if (event.pointerType === "mouse") this.onhover(null); },
      onclick: (event) => { const at = this.under(event); if (at) this.onpick(...at); },
      onkeydown: (event) => this.press(event), onblur: () => this.onhover(null),
    });
    this.element = h("div.gx-picture", this.canvas);
  }

  /** {matrix, graph, order, groups (or null), row, column, spots [[i, j]], picked}: what is drawn next. */
  show(shown) {
    this.shown = shown;
    this.places = new Int32Array(shown.order.length);
    shown.order.forEach((node, place) => { this.places[node] = place; });
  }

  // The sizes of everything, for the width there is.
  layout(pen, font) {
    const { count } = this.shown.matrix;
    const width = this.element.clientWidth;
    pen.font = `11px ${font}`;
    const longest = Math.min(LONGEST_NAME, Math.max(14, ...this.shown.graph.names.map((name) => pen.measureText(name).width)));
    const names = Math.ceil(longest) + 7;
    const room = Math.max(80, Math.min(LARGEST, width - names - STRIP - 3 - SUMS));
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    const whole = Math.floor((room / Math.max(1, count)) * ratio) / ratio;
    const cell = Math.min(WIDEST_CELL, whole || room / Math.max(1, count));
    const isNamed = cell >= NAMED;
    return { left: names + STRIP + 3, top: (isNamed ? names : 20) + STRIP + 3, names, cell, side: cell * count, isNamed };
  }

  draw(colors) {
    const begun = performance.now();
    const { shown } = this;
    if (!shown || !this.element.clientWidth) return;
    const at = this.layout(this.canvas.getContext("2d"), colors.font);
    const tall = `${Math.ceil(at.top + at.side + 4)}px`;
    if (this.canvas.style.height !== tall) this.canvas.style.height = tall;
    const { pen, width, height } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    this.at = at;
    const { count } = shown.matrix;
    if (count) {
      this.paintCells(colors);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(this.cells, at.left, at.top, at.side, at.side);
      this.paintLines(pen, colors);
      if (at.cell >= WRITTEN) this.paintNumbers(pen, colors);
      this.paintSums(pen, colors, width);
      this.paintNames(pen, colors);
      this.paintMarks(pen, colors);
    }
    this.last = { ...shown, at, milliseconds: performance.now() - begun };
  }

  // One pixel a cell, made only when the matrix, the order or the theme is another.
  paintCells(colors) {
    const { matrix, order } = this.shown;
    const key = [matrix, order, colors];
    if (this.cells && key.every((each, k) => each === this.key[k])) return;
    this.key = key;
    const { count, values, message, most } = matrix;
    this.cells ??= document.createElement("canvas");
    Object.assign(this.cells, { width: count, height: count });
    const image = new ImageData(count, count);
    const pixels = new Uint32Array(image.data.buffer);
    const packed = ([r, g, b]) => ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
    pixels.fill(packed(rgb(colors.paper)));
    for (const at of message.keys()) {
      const [i, j] = [Math.floor(at / count), at % count];
      pixels[this.places[i] * count + this.places[j]] = packed(shade(colors, values[at], most));
    }
    this.cells.getContext("2d").putImageData(image, 0, 0);
  }

  paintLines(pen, colors) {
    const { at, shown: { matrix: { count }, order, groups } } = this;
    const line = (place, color, wide, alpha) => {
      pen.strokeStyle = color;
      pen.lineWidth = wide;
      pen.globalAlpha = alpha;
      pen.beginPath();
      pen.moveTo(at.left + place * at.cell, at.top);
      pen.lineTo(at.left + place * at.cell, at.top + at.side);
      pen.moveTo(at.left, at.top + place * at.cell);
      pen.lineTo(at.left + at.side, at.top + place * at.cell);
      pen.stroke();
    };
    if (at.cell >= RULED) for (let k = 1; k < count; k += 1) line(k, colors.line, 1, at.cell >= NAMED ? 0.6 : 0.35);
    if (groups?.sorted) for (let k = 1; k < count; k += 1) if (groups.of[order[k]] !== groups.of[order[k - 1]]) line(k, colors.ink, 1, 0.55);
    pen.globalAlpha = 1;
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    pen.strokeRect(at.left - 0.5, at.top - 0.5, at.side + 1, at.side + 1);
    if (!groups) return;
    order.forEach((node, k) => {
      pen.fillStyle = classFill(colors, groups.of[node]);
      pen.fillRect(at.left - STRIP - 2, at.top + k * at.cell, STRIP, at.cell);
      pen.fillRect(at.left + k * at.cell, at.top - STRIP - 2, at.cell, STRIP);
    });
  }

  paintNumbers(pen, colors) {
    const { at, places, shown: { matrix: { count, values, message, most } } } = this;
    pen.font = `${at.cell >= 34 ? 12 : 10}px ${colors.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const k of message.keys()) {
      pen.fillStyle = contrast(css(shade(colors, values[k], most)));
      pen.fillText(number(values[k], 2), at.left + (places[k % count] + 0.5) * at.cell, at.top + (places[Math.floor(k / count)] + 0.5) * at.cell + 0.5, at.cell - 3);
    }
  }

  // How long a row's bar is says how much it sums to.
  paintSums(pen, colors, width) {
    const { at, shown: { matrix: { sums }, order, row } } = this;
    const most = Math.max(...sums) || 1;
    const from = at.left + at.side + 8;
    const long = Math.min(SUMS, width - from) - 10;
    order.forEach((node, k) => {
      pen.fillStyle = node === row ? colors.accent : colors.muted;
      const thick = Math.max(0.5, at.cell - (at.cell > 4 ? 2 : 0));
      pen.fillRect(from, at.top + k * at.cell + (at.cell - thick) / 2, (long * sums[node]) / most, thick);
    });
    pen.font = `11px ${colors.font}`;
    pen.fillStyle = row === null ? colors.muted : colors.ink;
    pen.textAlign = "left";
    pen.textBaseline = "alphabetic";
    pen.fillText(row === null ? "Row sum" : `Σ ${number(sums[row])}`, from, at.top - 6);
  }

  paintNames(pen, colors) {
    const { at, places, shown: { graph, order, row, column, picked } } = this;
    pen.textBaseline = "middle";
    const write = (node, isRow) => {
      const isMarked = node === (isRow ? row : column);
      pen.font = `${isMarked || node === picked ? "600 " : ""}11px ${colors.font}`;
      pen.fillStyle = isMarked ? colors.accent : node === picked ? colors.ink : colors.muted;
      const middle = (places[node] + 0.5) * at.cell;
      const text = graph.names[node] || String(node);
      if (isRow) {
        pen.textAlign = "right";
        pen.fillText(text, at.left - STRIP - 5, at.top + middle + 0.5, LONGEST_NAME);
      } else if (at.isNamed) {
        pen.save();
        pen.translate(at.left + middle + 0.5, at.top - STRIP - 5);
        pen.rotate(-Math.PI / 2);
        pen.textAlign = "left";
        pen.fillText(text, 0, 0, LONGEST_NAME);
        pen.restore();
      } else {
        const half = pen.measureText(text).width / 2;
        pen.textAlign = "center";
        pen.fillText(text, Math.max(at.left + half, Math.min(at.left + at.side - half, at.left + middle)), at.top - STRIP - 10);
      }
    };
    const some = at.isNamed ? order : null;
    for (const node of some ?? [row ?? picked].filter((each) => each !== null)) write(node, true);
    for (const node of some ?? [column].filter((each) => each !== null)) write(node, false);
  }

  // The row and the column that are pointed at, and the cells of an edge.
  paintMarks(pen, colors) {
    const { at, places, shown: { row, column, spots } } = this;
    const band = (x, y, wide, tall) => {
      pen.fillStyle = css(rgb(colors.accent), 0.13);
      pen.fillRect(x, y, wide, tall);
      pen.strokeStyle = css(rgb(colors.accent), 0.6);
      pen.lineWidth = 1;
      pen.strokeRect(x - 0.5, y - 0.5, wide + 1, tall + 1);
    };
    if (row !== null) band(at.left, at.top + places[row] * at.cell, at.side, at.cell);
    if (column !== null) band(at.left + places[column] * at.cell, at.top, at.cell, at.side);
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 2;
    for (const [i, j] of spots) pen.strokeRect(at.left + places[j] * at.cell - 1, at.top + places[i] * at.cell - 1, at.cell + 2, at.cell + 2);
  }

  // --- what pointer and keys say -------------------------------------------------------------------

  /** [row, column] under the pointer, or null. */
  under({ clientX, clientY }) {
    if (!this.at || !this.shown) return null;
    const box = this.canvas.getBoundingClientRect();
    const [row, column] = [clientY - box.top - this.at.top, clientX - box.left - this.at.left].map((far) => Math.floor(far / this.at.cell));
    const { order } = this.shown;
    // Over the names and the sums a row is meant.
    if (row < 0 || row >= order.length || column >= order.length + SUMS / this.at.cell) return null;
    return column < 0 || column >= order.length ? [order[row], null] : [order[row], order[column]];
  }

  point(event) {
    const at = this.under(event);
    if (at) this.onhover(...at);
    else this.onhover(null);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.shown?.order.length) return;
    const { order, matrix, row, column, picked } = this.shown;
    const start = [row ?? picked ?? order[0], column ?? picked ?? order[0]];
    const last = order.length - 1;
    const go = (place) => this.onhover(...place.map((each) => order[Math.max(0, Math.min(last, each))]));
    const [i, j] = start.map((node) => this.places[node]);
    const way = WAYS[event.key];
    if (way) go(row === null || column === null ? [i, j] : [i + way[0], j + way[1]]);
    else if (event.key === "Home") go([i, 0]);
    else if (event.key === "End") go([i, last]);
    else if (event.key.toLowerCase() === "e") {
      const heard = matrix.rows[start[0]].map((node) => this.places[node]).sort((a, b) => a - b);
      if (!heard.length) return;
      go([i, heard.find((place) => place > j) ?? heard[0]]);
    } else if (event.key === "Enter" || event.key === " ") this.onpick(...start);
    else if (event.key === "Escape") this.onhover(null);
    else return;
    event.preventDefault();
  }

  /** The middle of a cell in CSS pixels of the canvas. */
  middle(i, j) {
    const { at, places } = this;
    return [at.left + (places[j] + 0.5) * at.cell, at.top + (places[i] + 0.5) * at.cell];
  }
}
