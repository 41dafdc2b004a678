// Painting the unrolled chain: cells with their states, the arrows between them, and what is said.

import { readable } from "../lib/cells.js";
import { css, mix, rgb } from "../lib/color.js";
import { percent } from "../lib/dom.js";
import { written } from "../lib/tokens.js";
import { rowAt } from "./layout.js";

const KEEPS = { lstm: "forget_gate", gru: "update_gate" }; // the gate that says how much of the state before stays
const BELT = 9; // px, where everything is kept
const HEAD = 4.5; // px of an arrow's head

const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Share of the state before that a cell keeps, on average over its units; null for a plain RNN. */
export function keptBy(gates, cell) {
  return gates?.[KEEPS[cell]] ? mean(gates[KEEPS[cell]]) : null;
}

export class Painter {
  constructor(stage, mosaics) {
    Object.assign(this, { stage, mosaics });
  }

  /** Everything from column `first` to `last` on `pen`, whose origin is the beginning of the chain. */
  paint(pen, places, first, last) {
    const { colors } = this.stage.ctx;
    Object.assign(this, { pen, places, colors, ink: rgb(colors.ink), paper: rgb(colors.paper) });
    this.quiet = css(mix(this.paper, this.ink, 0.42));
    this.band(this.stage.at);
    const { rows, gapAt } = places;
    for (let i = first; i <= last; i += 1) {
      for (const row of rows) {
        if (!this.has(i, row)) continue;
        this.arrowsUp(i, row);
        this.arrowOn(i, row);
      }
    }
    if (gapAt > 0) this.handover();
    for (let i = first; i <= last; i += 1) {
      rows.forEach((row, r) => { if (this.has(i, row)) this.cell(i, row, r); });
      if (!places.isChart) this.answer(i);
    }
    this.bridge();
    for (let i = first; i <= last; i += 1) this.feedback(i);
  }

  /** A decoder reads one way. */
  has(i, { direction }) {
    return !(direction && this.stage.columns[i].part === "decoder");
  }

  // Where one looks.
  band(at) {
    const { pen, places, stage } = this;
    if (!stage.columns[at]) return;
    pen.fillStyle = stage.isPointed ? css(rgb(this.colors.accent), 0.1) : css(this.ink, 0.045);
    pen.beginPath();
    pen.roundRect(places.x(at) - places.pitch / 2 + 1, 1, places.pitch - 2, places.height + 40, 6);
    pen.fill();
  }

  lit(key) {
    return this.stage.matrix === key;
  }

  pencil(key, width = 1.4) {
    const isLit = this.lit(key);
    this.pen.strokeStyle = this.pen.fillStyle = isLit ? this.colors.accent : this.quiet;
    this.pen.lineWidth = isLit ? Math.max(width, 2.6) : width;
  }

  arrow(...points) {
    const { pen } = this;
    pen.beginPath();
    points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
    const [[x0, y0], [x1, y1]] = points.slice(-2);
    const angle = Math.atan2(y1 - y0, x1 - x0);
    pen.beginPath();
    pen.moveTo(x1, y1);
    for (const turn of [-0.45, 0.45]) pen.lineTo(x1 - HEAD * 1.6 * Math.cos(angle + turn), y1 - HEAD * 1.6 * Math.sin(angle + turn));
    pen.closePath();
    pen.fill();
  }

  /** From what is read, or from the layer below, into a cell; from the uppermost to the answer. */
  arrowsUp(i, { layer, direction, y, dx }) {
    const { places, stage } = this;
    const { part, asked, early } = stage.columns[i];
    const { cell } = places;
    const x = places.x(i) + this.side(i, direction);
    const isTop = layer === stage.scene.numbers.spec.layers - 1;
    const isTwo = dx !== 0 && part !== "decoder";
    this.pencil(`in ${part} ${layer} ${direction}`);
    const under = layer === 0 ? places.height - 1 : isTwo ? this.tieOver(layer - 1) : rowAt(places, layer - 1, 0).y;
    this.arrow([x, under], [x, y + cell.height + 2]);
    if (!isTop) {
      if (isTwo) this.tie(i, layer, y, direction);
      return;
    }
    if (part === "encoder" || (!asked && !early && !places.isChart)) return;
    this.pencil("out", early ? 1 : 1.4);
    const end = places.isChart ? places.chart.bottom + 12 : places.answer.y + places.answer.height + 17;
    if (!isTwo) {
      this.arrow([places.x(i), y - 1], [places.x(i), end]);
    } else if (!places.bridge) {
      this.tie(i, layer, y, direction);
      if (direction) this.arrow([places.x(i), this.tieOver(layer)], [places.x(i), end]);
    } else if (!direction) {
      this.arrow([x, y - 1], [x, end]); // read from its end, the last step is the first column: see bridge
    }
  }

  /** How far the arrows of a direction stand beside the middle, so that they pass the cells of the other. */
  side(i, direction) {
    return this.places.rows[0].dx === 0 ? 0 : direction ? 14 : -14;
  }

  // The states of both directions become one vector for what is above.
  tie(i, layer, y, direction) {
    const x = this.places.x(i);
    const over = this.tieOver(layer);
    this.line(x + this.side(i, direction), y - 1, x + this.side(i, direction), over);
    if (direction) this.line(x - 14, over, x + 14, over);
  }

  tieOver(layer) {
    return rowAt(this.places, layer, 1).y - 9;
  }

  /** To the next step, or for the other direction to the one before. */
  arrowOn(i, { layer, direction, y, dx }) {
    const { places, stage } = this;
    const { columns, scene } = stage;
    const to = direction ? i - 1 : i + 1;
    if (!columns[to] || columns[to].part !== columns[i].part) return;
    const way = direction ? -1 : 1;
    const { cell } = places;
    const from = places.x(i) + dx + (way * cell.width) / 2;
    const end = places.x(to) + dx - (way * cell.width) / 2;
    const type = scene.numbers.spec.cell;
    this.belt(from, end, y, keptBy(columns[to].state?.rows[layer]?.[direction], type), type, way);
    this.pencil(`back ${columns[i].part} ${layer} ${direction}`);
    this.arrow([from + way, y + cell.height * (type === "lstm" ? 0.7 : 0.5)], [end - 2 * way, y + cell.height * (type === "lstm" ? 0.7 : 0.5)]);
  }

  // The cell state of an LSTM runs straight on; what comes through is as wide as the share that is kept.
  belt(from, to, y, kept, type) {
    if (type === "rnn" || kept === null) return;
    const { pen, places } = this;
    const at = y + places.cell.height * (type === "lstm" ? 0.27 : 0.5);
    pen.lineCap = "butt";
    pen.strokeStyle = css(this.ink, 0.07);
    pen.lineWidth = BELT;
    this.line(from, at, to, at);
    pen.strokeStyle = css(this.ink, 0.3);
    pen.lineWidth = Math.max(0.5, BELT * kept);
    this.line(from, at, to, at);
  }

  line(x0, y0, x1, y1) {
    this.pen.beginPath();
    this.pen.moveTo(x0, y0);
    this.pen.lineTo(x1, y1);
    this.pen.stroke();
  }

  cell(i, row, r) {
    const { pen, places, stage } = this;
    const { width, height } = places.cell;
    const x = places.x(i) + row.dx - width / 2;
    pen.save();
    pen.beginPath();
    pen.roundRect(x, row.y, width, height, 6);
    pen.fillStyle = this.colors.paper;
    pen.fill();
    pen.clip();
    if (stage.columns[i].state) this.mosaics.drawTo(pen, i, r, x, row.y, width, height);
    pen.restore();
    const isLit = stage.matrix === "cell" || stage.matrix === `cell ${row.layer} ${row.direction}`;
    pen.beginPath();
    pen.roundRect(x, row.y, width, height, 6);
    pen.strokeStyle = isLit ? this.colors.accent : css(this.ink, 0.42);
    pen.lineWidth = isLit ? 2 : 1.1;
    pen.stroke();
  }

  answer(i) {
    const { pen, places, stage, colors } = this;
    const { asked, early, said, sure, target } = stage.columns[i];
    const { y, height } = places.answer;
    const x = places.x(i);
    const room = places.pitch - 6;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    if (early) {
      const text = early.sure === null ? stage.format(early.said) : written(early.said);
      this.text(text, x, y + height / 2, room, `12px ${colors.font}`, css(this.ink, 0.5));
      if (early.sure !== null) this.text(percent(early.sure, 0), x, y + height + 9, room, `10.5px ${colors.font}`, css(this.ink, 0.45));
      return;
    }
    if (!asked || said === null) return;
    const isText = sure !== null;
    const text = isText ? written(said) : stage.format(said);
    const back = isText ? colors.sequential(0.85 * sure) : mix(this.paper, this.ink, 0.07);
    const wide = isText && [...text].length < 3 ? 27 : Math.min(room, 18 + this.measure(text, this.fontOf(text)));
    pen.beginPath();
    pen.roundRect(x - wide / 2, y, wide, height, 5);
    pen.fillStyle = css(back);
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = css(this.ink, 0.2);
    pen.stroke();
    this.text(text, x, y + height / 2 + 0.5, wide - 4, this.fontOf(text), css(readable(back, colors), isBlank(said) ? 0.65 : 1));
    if (isText) this.text(percent(sure, 0), x, y + height + 9, room, `10.5px ${colors.font}`, css(this.ink, 0.6));
    if (target === null) return;
    const isRight = said === target;
    if (isText) this.text(isRight ? "✓" : `≠ ${written(target)}`, x, y - 8, room, `${isRight ? "" : "600 "}11.5px ${isRight ? colors.font : colors.codeFont}`, isRight ? css(this.ink, 0.5) : stage.warn);
    else this.text(`right: ${stage.format(target)}`, x, y - 8, room + 40, `11.5px ${colors.font}`, css(this.ink, 0.6));
  }

  fontOf(text) {
    return `600 ${[...text].length > 6 ? 12 : 13.5}px ${this.colors.codeFont}`;
  }

  measure(text, font) {
    this.pen.font = font;
    return this.pen.measureText(text).width;
  }

  text(text, x, y, room, font, color) {
    const { pen } = this;
    pen.font = font;
    pen.fillStyle = color;
    pen.fillText(text, x, y, room);
  }

  // A decoder begins with the state that the encoder ends with.
  handover() {
    const { pen, places, stage } = this;
    const { gapAt, cell } = places;
    const type = stage.scene.numbers.spec.cell;
    const [from, to] = [places.x(gapAt - 1) + cell.width / 2, places.x(gapAt) - cell.width / 2];
    for (const row of places.rows) {
      if (row.direction) continue;
      this.belt(from, to, row.y, keptBy(stage.columns[gapAt].state?.rows[row.layer]?.[0], type), type);
      this.pencil(`back decoder ${row.layer} 0`, 2);
      const y = row.y + cell.height * (type === "lstm" ? 0.7 : 0.5);
      this.arrow([from + 1, y], [to - 2, y]);
    }
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const middle = (from + to) / 2;
    const font = `11.5px ${this.colors.font}`;
    ["the state is", "handed over"].forEach((line, k) => this.text(line, middle, places.top - 24 + 14 * k, 90, font, css(this.ink, 0.62)));
  }

  /** What is said is read next: from the answer of column i down to the words of the next. */
  feedback(i) {
    const { pen, places, stage } = this;
    if (!stage.columns[i + 1]?.fed) return;
    const { y, height } = places.answer;
    const middle = places.x(i) + places.pitch / 2;
    const [top, bottom] = [y + height / 2, places.height - 1];
    pen.setLineDash([3, 3]);
    pen.strokeStyle = css(this.ink, 0.38);
    pen.lineWidth = 1.1;
    pen.beginPath();
    pen.moveTo(places.x(i) + 14, top);
    pen.quadraticCurveTo(middle, top, middle, top + 12);
    pen.lineTo(middle, bottom - 12);
    pen.quadraticCurveTo(middle, bottom, places.x(i + 1) - 8, bottom + 1);
    pen.stroke();
    pen.setLineDash([]);
  }

  // Read from its end, a sequence is over at its first column; the answer hears of it over all others.
  bridge() {
    const { places, stage, pen } = this;
    if (!places.bridge) return;
    const row = rowAt(places, stage.scene.numbers.spec.layers - 1, 1);
    const [from, to] = [places.x(0) + row.dx, places.x(stage.columns.length - 1) + 10];
    const y = places.top - 13;
    this.pencil("out");
    this.arrow([from, row.y - 1], [from, y], [to, y], [to, places.answer.y + places.answer.height + 17]);
    pen.textAlign = "left";
  }
}

const isBlank = (token) => token === " " || token === "\n" || token === "\t";
