// An encoding as a heat map: places across, dimensions down, one cell each, that one can point at or walk through.

import { css } from "../lib/color.js";
import { fit, h, number } from "../lib/dom.js";

const TALLEST = 340; // px of all dimensions together
const [LEFT, BOTTOM] = [34, 34]; // px for the numbers of dimensions and places

export class HeatMap {
  /** `onpoint({place, dimension} | null)`: where the pointer or the keys are. */
  constructor({ redraw, onpoint }) {
    Object.assign(this, { redraw, onpoint });
    this.state = null; // {matrix, places, width, high, edge, label}
    this.at = null;
    this.canvas = h("canvas.heat", {
      role: "application", tabindex: 0, "aria-roledescription": "heat map",
      onpointermove: (event) => this.point(this.cellAt(event)), onpointerdown: (event) => this.point(this.cellAt(event)),
      onkeydown: (event) => this.key(event),
    });
    this.element = this.canvas;
  }

  set(state) {
    this.state = state;
    this.speak();
  }

  light(at) {
    this.at = at;
    this.speak();
  }

  speak() {
    const { matrix, width, label } = this.state ?? {};
    const at = this.at;
    this.canvas.setAttribute("aria-label", `${label ?? "Encoding"}: places across, dimensions down; arrow keys walk${at && matrix ? `. Place ${at.place}, dimension ${at.dimension}, ${number(matrix[at.place * width + at.dimension])}` : ""}`);
  }

  measure() {
    const { places, width } = this.state;
    const cell = Math.max(1, (this.canvas.clientWidth - LEFT - 1) / places);
    const tall = Math.min(Math.max(3, Math.min(cell * 1.1, TALLEST / width)), 26);
    return { cell, tall, height: Math.ceil(tall * width + BOTTOM) };
  }

  cellAt(event) {
    if (!this.state) return null;
    const { cell, tall } = this.measure();
    const box = this.canvas.getBoundingClientRect();
    const place = Math.floor((event.clientX - box.left - LEFT) / cell);
    const dimension = Math.floor((event.clientY - box.top) / tall);
    const inside = place >= 0 && dimension >= 0 && place < this.state.places && dimension < this.state.width;
    return inside ? { place, dimension } : null;
  }

  /** Middle of a cell on the page, for tests. */
  middle(place, dimension) {
    const { cell, tall } = this.measure();
    const box = this.canvas.getBoundingClientRect();
    return [box.left + LEFT + (place + 0.5) * cell, box.top + (dimension + 0.5) * tall];
  }

  point(at) {
    if (!at || (this.at?.place === at.place && this.at?.dimension === at.dimension)) return;
    this.onpoint(at);
  }

  key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way || !this.state) return;
    event.preventDefault();
    event.stopPropagation();
    const { place, dimension } = this.at ?? { place: 0, dimension: 0 };
    const within = (x, most) => Math.min(most - 1, Math.max(0, x));
    const at = { place: within(place + way[0], this.state.places), dimension: within(dimension + way[1], this.state.width) };
    this.point(at);
    this.at = at; // the next key may come before the next picture
  }

  draw(colors) {
    if (!this.state || !this.canvas.clientWidth) return;
    const { matrix, places, width, high, edge } = this.state;
    const { cell, tall, height } = this.measure();
    this.canvas.style.height = `${height}px`;
    const { pen, width: across } = fit(this.canvas);
    pen.clearRect(0, 0, across, height);
    const gap = cell > 7 && tall > 5 ? 0.5 : 0;
    for (let t = 0; t < places; t += 1) {
      for (let k = 0; k < width; k += 1) {
        pen.fillStyle = css(colors.diverging(matrix[t * width + k] / high));
        pen.fillRect(LEFT + t * cell, k * tall, cell - gap + (gap ? 0 : 0.4), tall - gap + (gap ? 0 : 0.4));
      }
    }
    pen.strokeStyle = colors.line;
    pen.strokeRect(LEFT - 0.5, 0.5, places * cell, width * tall - 1);
    pen.font = `12px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    const everyDown = Math.max(1, 2 ** Math.ceil(Math.log2(16 / tall)));
    for (let k = 0; k < width; k += everyDown) pen.fillText(k, LEFT - 6, Math.max(6, (k + 0.5) * tall));
    pen.textAlign = "center";
    const everyAcross = Math.max(1, 2 ** Math.ceil(Math.log2(30 / cell)));
    for (let t = 0; t < places; t += everyAcross) pen.fillText(t, LEFT + (t + 0.5) * cell, width * tall + 11);
    pen.textAlign = "left";
    pen.fillText("place →", LEFT, width * tall + 26);
    if (edge !== null && edge < places) {
      const x = Math.round(LEFT + edge * cell);
      pen.strokeStyle = colors.ink;
      pen.lineWidth = 1.5;
      pen.setLineDash([5, 4]);
      pen.beginPath();
      pen.moveTo(x, 0);
      pen.lineTo(x, width * tall + 4);
      pen.stroke();
      pen.setLineDash([]);
      pen.fillStyle = colors.ink;
      pen.textAlign = x > across / 2 ? "right" : "left";
      pen.fillText(x > across / 2 ? "never trained →" : "→ never trained", x + (x > across / 2 ? 92 : 4), width * tall + 26);
    }
    if (!this.at) return;
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 1.5;
    pen.strokeRect(LEFT - 1, this.at.dimension * tall - 0.5, places * cell + 1, tall + 1);
    pen.strokeRect(LEFT + this.at.place * cell - 0.5, 0, cell + 1, width * tall);
  }
}
