// A square table of numbers as coloured cells that one can point at and walk: what was asked for down, something else across.

import { css, mix, rgb } from "../lib/color.js";
import { fit, h, setText } from "../lib/dom.js";

const MARGIN = { left: 40, top: 22, right: 2, bottom: 2 };
const WIDEST = 54; // px of a cell
const ROOM = 21; // px a cell must be wide for its number

/**
 * `{element, draw(now, colors), read()}`. `now`: {values (class × class), classes, shade(value) → t of the scale, format(value),
 * say(row, column, value), diverging, chosen: row outlined, key}. `names`: [of the rows, of the columns].
 */
export function buildHeatmap({ label, names, redraw, onpick }) {
  const canvas = h("canvas.gc-heat", { tabindex: 0, role: "application", "aria-label": `${label}. Arrow keys move, Enter asks for the row's class.` });
  const words = h("p.small.value.gc-cellwords", { "aria-live": "polite" });
  const element = h("div.gc-heatmap", h("div.gc-heatbox", canvas), words);
  let [now, at, painted] = [null, null, {}];
  const sizeOf = () => {
    const side = (canvas.clientWidth - MARGIN.left - MARGIN.right) / now.classes.length;
    return Math.max(4, side);
  };
  const move = (next) => { at = next; redraw(); };
  canvas.addEventListener("pointermove", (event) => {
    if (!now) return;
    const [column, row] = [(event.offsetX - MARGIN.left) / sizeOf(), (event.offsetY - MARGIN.top) / sizeOf()].map(Math.floor);
    const inside = [row, column].every((value) => value >= 0 && value < now.classes.length);
    move(inside ? { row, column } : null);
  });
  canvas.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("blur", () => move(null));
  canvas.addEventListener("click", () => { if (at) onpick(at.row); });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === "Enter" && at) return onpick(at.row);
    if (!way || !now) return;
    event.preventDefault();
    event.stopPropagation();
    const last = now.classes.length - 1;
    const stop = (value) => Math.min(last, Math.max(0, value));
    move(at ? { row: stop(at.row + way[0]), column: stop(at.column + way[1]) } : { row: now.chosen ?? 0, column: now.chosen ?? 0 });
  });

  function paint(colors) {
    const { values, classes, shade, format, diverging, chosen } = now;
    const n = classes.length;
    canvas.parentElement.style.maxWidth = `${MARGIN.left + n * WIDEST + MARGIN.right}px`;
    if (!canvas.clientWidth) return;
    const cell = sizeOf();
    canvas.style.height = `${MARGIN.top + n * cell + MARGIN.bottom}px`;
    const key = [chosen, at?.row, at?.column, canvas.clientWidth, devicePixelRatio, colors.dark, classes.join()].join();
    if (painted.values === values && painted.key === key) return; // drawn at every frame, new now and then
    painted = { values, key };
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const [paper, ink] = [rgb(colors.paper), rgb(colors.ink)];
    const luminance = (c) => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let row = 0; row < n; row += 1) {
      for (let column = 0; column < n; column += 1) {
        const value = values[row * n + column];
        const full = diverging ? colors.diverging(shade(value)) : colors.sequential(shade(value));
        const fill = mix(paper, full, 0.82);
        const [x, y] = [MARGIN.left + column * cell, MARGIN.top + row * cell];
        pen.fillStyle = css(fill);
        pen.fillRect(x, y, cell - 1, cell - 1);
        if (cell < ROOM) continue;
        pen.font = `${Math.min(13, cell * 0.36)}px ${colors.font}`;
        pen.fillStyle = Math.abs(luminance(fill) - luminance(ink)) > Math.abs(luminance(fill) - luminance(paper)) ? css(ink) : css(paper);
        pen.fillText(format(value), x + cell / 2, y + cell / 2 + 0.5);
      }
    }
    const every = cell < 11 ? 2 : 1;
    pen.font = `${Math.max(9.5, Math.min(13, cell * 0.6))}px ${colors.font}`;
    for (let k = 0; k < n; k += every) {
      const isOn = k === chosen;
      pen.fillStyle = isOn ? colors.accent : colors.muted;
      pen.textAlign = "right";
      pen.fillText(classes[k], MARGIN.left - 6, MARGIN.top + (k + 0.5) * cell, MARGIN.left - 8);
      pen.fillStyle = colors.muted;
      pen.textAlign = "center";
      pen.fillText(classes[k], MARGIN.left + (k + 0.5) * cell, MARGIN.top - 10, cell - 2);
    }
    pen.lineWidth = 2;
    if (chosen !== null) {
      pen.strokeStyle = colors.accent;
      pen.strokeRect(MARGIN.left - 0.5, MARGIN.top + chosen * cell - 0.5, n * cell, cell);
    }
    if (at) {
      pen.strokeStyle = colors.ink;
      pen.strokeRect(MARGIN.left + at.column * cell, MARGIN.top + at.row * cell, cell - 1, cell - 1);
    }
  }

  return {
    element,
    draw(next, colors) {
      now = next;
      if (at && at.row >= now.classes.length) at = null;
      paint(colors);
      const n = now.classes.length;
      const place = at ?? (now.chosen === null ? null : { row: now.chosen, column: now.chosen });
      setText(words, place ? now.say(place.row, place.column, now.values[place.row * n + place.column]) : "");
    },
    names,
    read: () => now && { values: [...now.values], at, words: words.textContent },
    /** Where a cell is on the page. */
    onPage(row, column) {
      const box = canvas.getBoundingClientRect();
      return [box.left + MARGIN.left + (column + 0.5) * sizeOf(), box.top + MARGIN.top + (row + 0.5) * sizeOf()];
    },
  };
}
