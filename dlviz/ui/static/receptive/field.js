// The picture with the field of one cell on it: nested squares, one for each layer, deeper towards the middle.

import { css, mix, rgb } from "../lib/color.js";
import { count, fit, h, number, setText } from "../lib/dom.js";
import { middleOf, spanOf } from "./stack.js";

const ROOM_FOR_LINES = 7; // px

/** Opacity of layer k's square alone, of `depth`: they add up inwards. */
export const shade = (depth) => Math.min(0.3, 0.62 / depth);

export function fieldView({ onpick, onhover, redraw }) {
  const canvas = h("canvas.field", { role: "img" });
  const words = h("p.small.muted.reading");
  const element = h("figure.field-view", h("figcaption.label", h("span", "The field on the picture"), h("span.value")), canvas, words);
  const size = element.querySelector("figcaption .value");
  let state = null; // {layers, rows, at: [y, x], picture, focus}
  let pointed = null;
  let image = { of: null, canvas: document.createElement("canvas") };

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const { side } = state.rows[0];
    const of = (offset, all) => Math.min(side - 1, Math.max(0, Math.floor((offset / all) * side)));
    return [of(event.clientY - box.top, box.height), of(event.clientX - box.left, box.width)];
  }

  canvas.addEventListener("pointermove", (event) => {
    if (!state) return;
    pointed = place(event);
    onhover(pointed);
    redraw();
  });
  canvas.addEventListener("pointerleave", () => { pointed = null; onhover(null); redraw(); });
  canvas.addEventListener("pointerdown", (event) => { if (state) onpick(place(event)); });

  /** The square of each layer: [[top, bottom], [left, right]], of the unit in the middle of what the chosen one sees. */
  function squares() {
    const { layers, rows, at } = state;
    const middles = at.map((cell) => middleOf(layers, cell));
    return rows.map((_, level) => middles.map((middle) => spanOf(rows, level, middle[level])));
  }

  function paint(colors) {
    const { shape, data } = state.picture;
    const key = `${colors.paper}${data.byteOffset}${data.length}${state.version}`;
    if (image.of === key) return;
    image.of = key;
    const [channels, rows, cols] = shape;
    Object.assign(image.canvas, { width: cols, height: rows });
    const pen = image.canvas.getContext("2d");
    const pixels = pen.createImageData(cols, rows);
    const [paper, ink] = [rgb(colors.paper), rgb(colors.ink)];
    const plane = rows * cols;
    for (let k = 0; k < plane; k += 1) {
      const color = channels === 3 ? [0, 1, 2].map((c) => data[c * plane + k] * 255) : mix(paper, ink, Math.min(1, Math.abs(data[k])) * 0.7);
      pixels.data.set([...color, 255], 4 * k);
    }
    pen.putImageData(pixels, 0, 0);
  }

  function lines(pen, side, cell, colors) {
    if (cell < ROOM_FOR_LINES) return;
    pen.strokeStyle = css(rgb(colors.ink), 0.12);
    pen.lineWidth = 1;
    pen.beginPath();
    for (let k = 0; k <= side; k += 1) {
      const at = Math.min(side * cell - 0.5, Math.round(k * cell) + 0.5);
      pen.moveTo(at, 0);
      pen.lineTo(at, side * cell);
      pen.moveTo(0, at);
      pen.lineTo(side * cell, at);
    }
    pen.stroke();
  }

  function say(found) {
    const { rows } = state;
    const { side, field } = { side: rows[0].side, field: rows.at(-1).field };
    setText(size, `${count(side)} × ${count(side)}`);
    if (!pointed) {
      setText(words, `${count(field)} × ${count(field)} of ${count(side)} × ${count(side)} cells, ${number((100 * field * field) / (side * side))} % of the picture. Press a cell to move the field there.`);
      return;
    }
    const inside = found.findIndex((square, level) => level > 0 && square.every(([low, high], k) => pointed[k] >= low && pointed[k] <= high));
    const where = `Row ${pointed[0] + 1}, column ${pointed[1] + 1}`;
    setText(words, inside < 0 ? `${where} lies outside the field: nothing there can change the answer.` : `${where} is first seen by layer ${inside}.`);
  }

  return {
    element,
    get squares() { return state ? squares() : null; },
    show(next) {
      state = next;
      canvas.setAttribute("aria-label", `The picture of ${next.rows[0].side} by ${next.rows[0].side} cells with the fields ${next.rows.slice(1).map(({ field }) => `${field} by ${field}`).join(", ")}`);
    },
    draw(colors) {
      canvas.style.height = `${canvas.clientWidth}px`;
      const { pen, width } = fit(canvas);
      const { side } = state.rows[0];
      const cell = width / side;
      paint(colors);
      pen.imageSmoothingEnabled = image.canvas.width !== side;
      pen.clearRect(0, 0, width, width);
      pen.drawImage(image.canvas, 0, 0, width, width);
      lines(pen, side, cell, colors);
      const found = squares();
      const [accent, alpha] = [rgb(colors.accent), shade(state.layers.length)];
      found.forEach(([[top, bottom], [left, right]], level) => {
        if (level === 0) return;
        const [x, y, w, t] = [left * cell, top * cell, (right - left + 1) * cell, (bottom - top + 1) * cell];
        pen.fillStyle = css(accent, alpha);
        pen.fillRect(x, y, w, t);
        pen.strokeStyle = css(accent, level === state.layers.length ? 1 : 0.75);
        pen.lineWidth = level === state.layers.length ? 2 : 1.25;
        pen.strokeRect(x + 1, y + 1, w - 2, t - 2);
      });
      for (const cellAt of [pointed, state.focus]) {
        if (!cellAt) continue;
        pen.strokeStyle = colors.ink;
        pen.lineWidth = 2;
        pen.strokeRect(cellAt[1] * cell + 1, cellAt[0] * cell + 1, Math.max(2, cell - 2), Math.max(2, cell - 2));
      }
      say(found);
    },
  };
}
