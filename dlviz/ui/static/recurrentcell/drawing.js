// What the pictures of all three cells are made of: wires, bands to scale, gates, small operations, numbers.

import { readable } from "../lib/cells.js";
import { css } from "../lib/color.js";
import { h, steady, svg } from "../lib/dom.js";

const THICKEST = 46; // px of the largest number on a band
const THINNEST = 1.5;

/** A text with indices, `c_{t−1}` or `W_f`, as pieces: [text, whether it stands low]. */
export function indexed(text) {
  return text.split(/(_\{[^}]*\}|_\w)/).filter(Boolean).map((piece) => (piece.startsWith("_") ? [piece.replace(/^_\{?|\}$/g, ""), true] : [piece, false]));
}

/** The same for a line of text. */
export const typeset = (text) => indexed(text).map(([piece, low]) => (low ? h("sub", piece) : piece));

/**
 * A sheet to draw on. `lit(id)` says how far an equation is: "done", "now" or "later"; what belongs to none (null) is
 * done. `largest` is the number that is as thick as a band can be.
 */
export class Sheet {
  constructor({ width, height, colors, lit, largest }) {
    Object.assign(this, { width, height, colors, lit, largest });
    this.layers = { body: svg("g"), bands: svg("g"), wires: svg("g"), nodes: svg("g"), words: svg("g") };
    this.root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" }, Object.values(this.layers));
  }

  put(layer, element, of) {
    element.classList.add(of === null ? "done" : this.lit(of));
    if (of !== null) element.dataset.of = of;
    this.layers[layer].append(element);
    return element;
  }

  body(x, y, width, height) {
    this.put("body", svg("rect.body", { x, y, width, height, rx: 18 }), null);
  }

  wire(of, ...points) {
    this.put("wires", svg("polyline.wire", { points: points.map((p) => p.join()).join(" ") }), of);
  }

  /** An arrow's head that ends at a point: "right" or "up". */
  head(of, x, y, way = "right") {
    const turn = { right: 0, up: -90, down: 90 }[way];
    this.put("wires", svg("path.head", { d: "M-7,-4.5 L0,0 L-7,4.5", transform: `translate(${x} ${y}) rotate(${turn})` }), of);
  }

  thickness(value) {
    return Math.max(THINNEST, (Math.abs(value) / this.largest) * THICKEST);
  }

  /** A number as a band from one point to another, along an axis; as thick as it is large, its sign by colour. */
  band(of, [x1, y1], [x2, y2], value) {
    const size = this.lit(of) === "later" && of !== null ? THINNEST : this.thickness(value);
    const flat = y1 === y2;
    const box = flat
      ? { x: Math.min(x1, x2), y: y1 - size / 2, width: Math.abs(x2 - x1), height: size }
      : { x: x1 - size / 2, y: Math.min(y1, y2), width: size, height: Math.abs(y2 - y1) };
    const fill = this.lit(of) === "later" && of !== null ? this.colors.line : value < 0 ? this.colors.negative : this.colors.positive;
    const element = svg("rect.band", { ...box, fill });
    element.dataset.value = value;
    this.put("bands", element, of);
  }

  op(of, x, y, sign) {
    const wide = sign.length > 1 ? 9 + 4 * sign.length : 12;
    this.put("nodes", svg("rect.op", { x: x - wide, y: y - 12, width: 2 * wide, height: 24, rx: 12 }), of);
    this.put("nodes", svg("text.sign", { x, y: y + 4.5, "text-anchor": "middle" }, sign), of);
  }

  /** A gate: its letter, its curve, filled with the colour of its value once it is known. */
  gate(equation, x, y, wide = 52) {
    const { id, letter, curve, value } = equation;
    const known = this.lit(id) !== "later";
    const color = curve === "σ" ? this.colors.sequential(value) : this.colors.diverging(value);
    const style = known ? { fill: css(color) } : {};
    const ink = known ? css(readable(color, this.colors)) : null;
    this.put("nodes", svg("rect.gate", { x: x - wide / 2, y: y - 21, width: wide, height: 42, rx: 9, style }), id);
    this.put("nodes", svg("text.letter", { x, y: y - 1, "text-anchor": "middle", style: ink ? { fill: ink } : {} }, letter), id);
    this.put("nodes", svg("text.curve", { x, y: y + 14, "text-anchor": "middle", style: ink ? { fill: ink } : {} }, curve), id);
  }

  /** A live number beside a wire; nothing is written before its equation is reached. */
  value(of, x, y, value, anchor = "start", before = "") {
    if (of !== null && this.lit(of) === "later") return;
    this.word(of, x, y, `${before}${steady(value)}`, anchor, "number");
    this.layers.words.lastChild.dataset.value = value;
  }

  word(of, x, y, text, anchor = "start", kind = "word") {
    let low = 0; // px that the pieces so far stand below the line
    const pieces = indexed(text).map(([piece, isLow]) => {
      const dy = (isLow ? 3 : 0) - low;
      low += dy;
      return svg("tspan", { dy: dy || null, "font-size": isLow ? "0.75em" : null }, piece);
    });
    this.put("words", svg(`text.${kind}`, { x, y, "text-anchor": anchor }, pieces), of);
  }

  /** What stands for 46 px of thickness. */
  scale(x, y, name) {
    const size = THICKEST / 2;
    this.put("words", svg("path.rule", { d: `M${x - 3},${y - size / 2} h6 M${x},${y - size / 2} v${size} M${x - 3},${y + size / 2} h6` }), null);
    this.word(null, x + 8, y + 4, `|${name}| = ${steady(this.largest / 2, 2)}`, "start", "note");
  }
}
