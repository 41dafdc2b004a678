// One method on the wall: its name and time, its map, the number under the pointer, and what is known of it.

import { limitOf, painter } from "./attributed.js";
import { h, number, percent, setText, steady } from "./dom.js";
import { Grid } from "./grid.js";
import { brightness, drawOutline, outlineOf } from "./pixels.js";

/** `point(place | null)` is called when the pointer or the arrow keys come to a cell. */
export class Tile {
  constructor(method, point) {
    this.method = method;
    this.found = null;
    this.grid = new Grid({ label: method.name, largest: 40, onhover: point, onwalk: point, onpick: point });
    this.read = h("p.read.value");
    this.facts = h("p.facts.label");
    this.element = h("div.tile", { title: method.text }, this.grid.element, this.read, this.facts);
  }

  /** {found, waiting, display: {sign, over, clip}, step}: take what there is to show; before a first map the picture. */
  set({ found, picture, waiting, display, limit, step }) {
    Object.assign(this, { found, waiting, display, step });
    this.element.classList.toggle("waiting", waiting);
    const like = found ?? picture;
    if (!like) return;
    const { rows, cols, channels } = like;
    this.values = found ? found[display.sign === "signed" ? "signed" : "sizes"] : new Float32Array(rows * cols);
    this.limit = limit ?? limitOf(this.values, display.clip);
    this.light = brightness(like.picture, channels, rows * cols);
    this.outline = like.mask ? outlineOf(like.mask, rows, cols) : [];
    this.grid.set({ values: this.values, rows, cols, hatched: false, title: this.method.name, shape: this.time() });
  }

  time() {
    if (this.waiting) return "…";
    if (!this.found) return "";
    const ms = `${number(this.found.milliseconds, this.found.milliseconds < 10 ? 2 : 3)} ms`;
    return this.found.step === this.step ? ms : `${ms}, step ${number(this.found.step)}`;
  }

  /** The words under the map; `place` is the cell pointed at on any of the maps. */
  tell(place) {
    if (!this.found) {
      setText(this.read, `${this.method.name} …`);
      setText(this.facts, "");
      return;
    }
    const value = place && place[0] < this.found.rows && place[1] < this.found.cols ? this.values[place[0] * this.found.cols + place[1]] : null;
    setText(this.read, value === null ? `${this.display.sign === "signed" ? "±" : "0 to "}${number(this.limit)}` : steady(value));
    this.read.classList.toggle("pointed", value !== null);
    setText(this.facts, this.known().join(" · "));
  }

  known() {
    const { gap, correlation, inside, points } = this.found;
    return [
      correlation === null ? null : `ρ ${steady(correlation, 2)}`,
      inside === null ? null : `${percent(inside, 0)} inside, ${points ? "hit ✓" : "miss"}`,
      gap === null ? null : `gap ${number(gap, 2)}`,
    ].filter(Boolean);
  }

  draw(colors, place) {
    const { grid } = this;
    if (!this.values) return;
    const paint = painter({ sign: this.display.sign, over: this.found ? this.display.over : "over", limit: this.limit, colors });
    grid.paint = (row, column) => paint(this.values[row * grid.cols + column], this.light[row * grid.cols + column]);
    grid.light("point", place ? { cells: [place], stroke: colors.ink, width: 1.5 } : null);
    grid.draw(colors);
    drawOutline(grid, this.outline, colors);
  }
}
