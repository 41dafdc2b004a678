// One matrix as a picture: every number a coloured cell that one can point at, walk to and pin; rows and columns light up.
//
//   const matrix = new Matrix("q", { onhover: (id, row, column) => …, onpick: …, redraw });
//   matrix.set(part, { across: 7, down: 6, rowNames, columnNames });  matrix.light([{ row: 3 }, { row: 3, column: 1, strong: true }]);
//   matrix.draw(colors)      in the component's draw()
//
// Its cells are painted once for numbers, size and theme; lighting only draws that picture again with lines on it.

import { readable, written as short } from "../lib/cells.js";
import { css } from "../lib/color.js";
import { h, steady } from "../lib/dom.js";
import { setLowered } from "./lowered.js";

const HATCH = 5; // px between two lines over hidden cells
const LINES_FROM = 8; // px of a cell from which cells stand apart
const GAP = 3; // px before the row of biases
const NUMBERS_FROM = { across: 25, down: 13 }; // px of a cell that has room for its number
const LETTER = 11; // px of the names beside a matrix
const ROOM = 2; // px around the cells, for the lines of what is lit
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Matrix {
  constructor(id, { onhover, onpick, redraw }) {
    Object.assign(this, { id, onhover, onpick, redraw });
    this.part = null;
    this.places = null;
    this.lit = [];
    this.litKey = "";
    this.cursor = [0, 0];
    this.stale = true;
    this.cells = document.createElement("canvas");
    this.name = h("b.name");
    this.formula = h("span.formula");
    this.shape = h("span.shape.value");
    this.canvas = h("canvas", {
      role: "application", tabindex: 0, "aria-roledescription": "matrix",
      onpointermove: (event) => this.point(this.cellAt(event)), onpointerleave: () => this.point(null),
      onclick: (event) => { const at = this.cellAt(event); if (at) this.pick(at); },
      onkeydown: (event) => this.key(event), onblur: () => this.point(null),
    });
    this.element = h("figure.matrix", { "data-part": id }, h("figcaption", h("span.head", this.name, this.formula), this.shape), this.canvas);
  }

  /** `across`, `down`: px of a cell; `left`, `top`: px for names; `rowNames`, `columnNames`: texts or null. */
  set(part, places) {
    this.part = part;
    this.places = { rowNames: null, columnNames: null, ...places, left: (places.left ?? 0) + ROOM, top: (places.top ?? 0) + ROOM };
    const { left, top, across, down } = this.places;
    this.width = Math.ceil(left + part.columns * across) + ROOM;
    this.height = Math.ceil(top + part.rows * down + (part.extra ? GAP : 0)) + ROOM;
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    setLowered(this.name, part.name);
    setLowered(this.formula, part.formula);
    setLowered(this.shape, `${part.shape} · ${part.scale === "sequential" ? "0 … 1" : `±${steady(part.high, 2)}`}`);
    this.element.classList.toggle("idle", Boolean(part.idle));
    this.cursor = [Math.min(this.cursor[0], part.rows - 1), Math.min(this.cursor[1], part.columns - 1)];
    this.stale = true;
    this.speak();
  }

  /** Marks: {row}, {column} or both; `strong` for the cell itself. */
  light(marks) {
    const key = JSON.stringify(marks);
    if (key === this.litKey) return;
    this.litKey = key;
    this.lit = marks;
    this.unlit = true;
  }

  y(row) {
    const { top, down } = this.places;
    return top + row * down + (this.part.extra && row >= this.part.rows - 1 ? GAP : 0);
  }

  cellAt(event) {
    if (!this.part) return null;
    const box = this.canvas.getBoundingClientRect();
    const { left, top, across, down } = this.places;
    const column = Math.floor((event.clientX - box.left - left) / across);
    let y = event.clientY - box.top - top;
    if (this.part.extra && y > (this.part.rows - 1) * down) y = Math.max((this.part.rows - 1) * down, y - GAP);
    const row = Math.floor(y / down);
    return row >= 0 && column >= 0 && row < this.part.rows && column < this.part.columns ? [row, column] : null;
  }

  /** Middle of a cell on the page, for tests. */
  middle(row, column) {
    const box = this.canvas.getBoundingClientRect();
    return [box.left + this.places.left + (column + 0.5) * this.places.across, box.top + this.y(row) + this.places.down / 2];
  }

  point(at) {
    if (this.pointed?.[0] === at?.[0] && this.pointed?.[1] === at?.[1]) return;
    this.pointed = at;
    this.onhover(at && { id: this.id, row: at[0], column: at[1] });
  }

  pick(at) {
    this.cursor = at;
    this.onpick({ id: this.id, row: at[0], column: at[1] });
  }

  key(event) {
    const way = WAYS[event.key];
    if (way) {
      this.cursor = [Math.min(this.part.rows - 1, Math.max(0, this.cursor[0] + way[0])), Math.min(this.part.columns - 1, Math.max(0, this.cursor[1] + way[1]))];
      this.speak();
      this.point(this.cursor);
    } else if (event.key === "Enter" || event.key === " ") {
      this.pick(this.cursor);
    } else if (event.key === "Escape") {
      this.onpick(null);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // What is read out: the matrix and the cell under the cursor.
  speak() {
    const { name, formula, shape, columns, values, hidden } = this.part;
    const [row, column] = this.cursor;
    const at = row * columns + column;
    this.canvas.setAttribute("aria-label", `${name}, ${formula}, ${shape}: row ${row + 1}, column ${column + 1}, ${hidden?.[at] ? "hidden" : steady(values[at])}`);
  }

  // ---- drawing

  /** Draw what has changed; `colors` of the theme. */
  draw(colors) {
    if (!this.part) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    const { canvas, width, height } = this; // its own size, known without asking the page for it
    const pen = canvas.getContext("2d");
    if (this.stale || this.colors !== colors || this.ratio !== ratio) {
      [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.paint(colors, ratio);
      Object.assign(this, { stale: false, colors, ratio, unlit: true });
    }
    if (!this.unlit) return;
    this.unlit = false;
    pen.clearRect(0, 0, width, height);
    pen.drawImage(this.cells, 0, 0, width, height);
    this.drawLitNames(pen, colors);
    for (const mark of this.lit) this.drawMark(pen, colors, mark);
  }

  paint(colors, ratio) {
    const { rows, columns, values, hidden, scale, high, extra } = this.part;
    const { left, across, down } = this.places;
    this.cells.width = Math.round(this.width * ratio);
    this.cells.height = Math.round(this.height * ratio);
    const pen = this.cells.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const small = document.createElement("canvas");
    Object.assign(small, { width: columns, height: rows });
    const image = new ImageData(columns, rows);
    const { table } = scale === "sequential" ? colors.sequential : colors.diverging;
    const last = table.length / 3 - 1;
    const low = scale === "sequential" ? 0 : -high;
    for (let i = 0, to = 0; i < rows * columns; i += 1, to += 4) {
      const entry = 3 * Math.round(Math.min(1, Math.max(0, (values[i] - low) / (high - low))) * last);
      image.data[to] = table[entry];
      image.data[to + 1] = table[entry + 1];
      image.data[to + 2] = table[entry + 2];
      image.data[to + 3] = hidden?.[i] ? 0 : 255;
    }
    small.getContext("2d").putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false;
    const own = extra ? rows - 1 : rows;
    pen.drawImage(small, 0, 0, columns, own, left, this.y(0), columns * across, own * down);
    if (extra) pen.drawImage(small, 0, own, columns, 1, left, this.y(own), columns * across, down);
    if (hidden) this.hatch(pen, colors, hidden);
    this.paintNames(pen, colors);
    if (across >= NUMBERS_FROM.across && down >= NUMBERS_FROM.down) this.paintNumbers(pen, colors);
    pen.lineWidth = 1;
    if (Math.min(across, down) >= LINES_FROM) {
      pen.strokeStyle = colors.paper;
      pen.beginPath();
      for (let c = 1; c < columns; c += 1) { pen.moveTo(left + c * across, this.y(0)); pen.lineTo(left + c * across, this.y(0) + own * down); }
      for (let r = 1; r < own; r += 1) { pen.moveTo(left, this.y(r)); pen.lineTo(left + columns * across, this.y(r)); }
      pen.stroke();
    }
    pen.strokeStyle = colors.line;
    pen.strokeRect(left + 0.5, this.y(0) + 0.5, columns * across - 0.5, own * down - 0.5);
    if (extra) pen.strokeRect(left + 0.5, this.y(own) + 0.5, columns * across - 0.5, down - 0.5);
  }

  paintNumbers(pen, colors) {
    const { columns, values, hidden, scale, high } = this.part;
    const { left, across, down } = this.places;
    const shade = scale === "sequential" ? colors.sequential : colors.diverging;
    pen.font = `${Math.min(12, down - 3, across / 2.5)}px ${colors.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    values.forEach((value, i) => {
      if (hidden?.[i]) return;
      pen.fillStyle = css(readable(shade(value / high), colors));
      pen.fillText(short(value), left + ((i % columns) + 0.5) * across, this.y(Math.floor(i / columns)) + down / 2 + 0.5);
    });
  }

  hatch(pen, colors, hidden) {
    const { rows, columns } = this.part;
    const { left, top, across, down } = this.places;
    pen.save();
    pen.beginPath();
    for (let i = 0; i < hidden.length; i += 1) if (hidden[i]) pen.rect(left + (i % columns) * across, this.y(Math.floor(i / columns)), across, down);
    pen.clip();
    pen.strokeStyle = colors.line;
    pen.beginPath();
    const [wide, tall] = [columns * across, rows * down];
    for (let d = -tall; d < wide; d += HATCH) {
      pen.moveTo(left + d, top + tall);
      pen.lineTo(left + d + tall, top);
    }
    pen.stroke();
    pen.restore();
  }

  // Names are part of the painted picture; where cells are smaller than letters not each has its own.
  paintNames(pen, colors) {
    const { across, down, rowNames, columnNames } = this.places;
    pen.font = `${LETTER}px ${colors.font}`;
    pen.fillStyle = colors.muted;
    const some = (names, size) => names.map((_, i) => i).filter((i) => i % Math.max(1, Math.ceil((LETTER - 1) / size)) === 0);
    if (rowNames) for (const i of some(rowNames, down)) this.writeRow(pen, i);
    if (columnNames) for (const i of some(columnNames, across)) this.writeColumn(pen, i);
  }

  // What is lit always has its name, in the place of those around it.
  drawLitNames(pen, colors) {
    const { left, top, rowNames, columnNames } = this.places;
    const litOf = (axis) => new Set(this.lit.map((mark) => mark[axis]).filter((at) => at !== undefined));
    const [rows, columns] = [rowNames ? litOf("row") : [], columnNames ? litOf("column") : []];
    if (!rows.size && !columns.size) return;
    pen.font = `700 ${LETTER}px ${colors.font}`;
    pen.fillStyle = colors.ink;
    for (const i of rows) {
      pen.clearRect(0, this.y(i) + this.places.down / 2 - LETTER * 0.8, left - 3, LETTER * 1.6);
      this.writeRow(pen, i);
    }
    for (const i of columns) {
      pen.clearRect(left + (i + 0.5) * this.places.across - LETTER * 0.8, 0, LETTER * 1.6, top - 2);
      this.writeColumn(pen, i);
    }
  }

  writeRow(pen, i) {
    const { left, down, rowNames } = this.places;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillText(rowNames[i], left - 4, this.y(i) + down / 2, left - 4);
  }

  writeColumn(pen, i) {
    const { left, top, across, columnNames } = this.places;
    const upright = columnNames.every((name) => name.length === 1);
    pen.textAlign = upright ? "center" : "left";
    pen.textBaseline = "middle";
    pen.save();
    pen.translate(left + (i + 0.5) * across, this.y(0) - (upright ? 7 : 4));
    if (!upright) pen.rotate(-Math.PI / 2);
    pen.fillText(columnNames[i], 0, 0, top - 4);
    pen.restore();
  }

  drawMark(pen, colors, { row, column, strong }) {
    const { left, across, down } = this.places;
    const { rows, columns, extra } = this.part;
    pen.strokeStyle = strong ? colors.ink : colors.accent;
    pen.lineWidth = strong ? 2 : 1.5;
    const x = left + (column ?? 0) * across;
    const y = this.y(row ?? 0);
    const wide = column === undefined ? columns * across : across;
    const tall = row === undefined ? rows * down + (extra ? GAP : 0) : down;
    const over = strong ? 1 : 0.5;
    pen.strokeRect(x - over, y - over, wide + 2 * over, tall + 2 * over);
  }
}
