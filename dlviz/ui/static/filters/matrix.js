// The kernels of a layer that reads many maps: a row makes one map, a column reads one. Pointed at and walked.

import { outline } from "../lib/cells.js";
import { css, rgb } from "../lib/color.js";
import { fit, h, number, percent, replace, setText } from "../lib/dom.js";
import { paintColumn } from "./painting.js";

const GAP = 3; // px between two kernels
const SIZES = { 1: 14, 2: 20, 3: 24, 4: 24, 5: 30, 6: 30, 7: 35 }; // px of a kernel at least
const WEIGHT = 12; // px of a weight at most
const NAMES = 90; // px beside the kernels
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** `show(found, colors)`, `draw(colors)`; places are {k, c}: the map made, the map read. */
export function buildMatrix({ onpoint, onpick }) {
  const canvas = h("canvas.matrix-canvas", { tabindex: 0, role: "application", "aria-label": "Kernels, a row for each map made, a column for each map read. Arrow keys walk, Enter chooses." });
  const across = h("div.matrix-across.value", { "aria-hidden": "true" });
  const down = h("div.matrix-down.value");
  const element = h("div.matrix-frame", { tabindex: -1 }, h("div.matrix-corner.label", h("span", "makes ↓"), h("span", "reads →")), across, down, canvas);
  const sheet = document.createElement("canvas");
  let found = null;
  let chosen = null; // the filter whose row is outlined
  let pointed = null; // [row, column] in the window
  let built = "";
  let names = [];

  let size = 0; // px of a kernel
  const step = () => size + GAP;
  const placeOf = ([i, j]) => ({ k: found.from + i, c: found.inputFrom + j });

  // As large as there is room for, a whole number of pixels a weight.
  function sizeOf({ side, inputs }) {
    const room = Math.floor((element.parentElement.clientWidth - NAMES) / inputs) - GAP;
    return Math.max(SIZES[side], side * Math.min(WEIGHT, Math.floor(room / side)));
  }

  function at(event) {
    const box = canvas.getBoundingClientRect();
    const [i, j] = [Math.floor((event.clientY - box.top) / step()), Math.floor((event.clientX - box.left) / step())];
    return i >= 0 && i < found.outputs && j >= 0 && j < found.inputs ? [i, j] : null;
  }

  function point(place) {
    if (String(place) === String(pointed)) return;
    pointed = place;
    onpoint(place && placeOf(place));
  }

  canvas.addEventListener("pointermove", (event) => { if (found) point(at(event)); });
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("click", (event) => {
    const place = found && at(event);
    if (place) onpick(placeOf(place));
  });
  canvas.addEventListener("keydown", (event) => {
    if (!found || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key];
    if (way) {
      const [i, j] = pointed ? [pointed[0] + way[0], pointed[1] + way[1]] : [0, 0];
      point([Math.min(found.outputs - 1, Math.max(0, i)), Math.min(found.inputs - 1, Math.max(0, j))]);
      bringIntoSight();
    } else if ((event.key === "Enter" || event.key === " ") && pointed) onpick(placeOf(pointed));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function bringIntoSight() {
    const [i, j] = pointed;
    const margin = [across.offsetHeight, down.offsetWidth];
    element.scrollTop = Math.min(i * step(), Math.max(element.scrollTop, (i + 1) * step() - element.clientHeight + margin[0]));
    element.scrollLeft = Math.min(j * step(), Math.max(element.scrollLeft, (j + 1) * step() - element.clientWidth + margin[1]));
  }

  function build() {
    const { outputs, inputs, from, inputFrom } = found;
    element.style.setProperty("--step", `${step()}px`);
    replace(across, Array.from({ length: inputs }, (_, j) => h("span", number(inputFrom + j + 1))));
    names = Array.from({ length: outputs }, (_, i) => {
      const moved = h("span.moved");
      const button = h("button.matrix-name.plain", { type: "button", onclick: () => onpick({ k: from + i, c: inputFrom }) }, h("b", number(from + i + 1)), moved);
      return { button, moved };
    });
    replace(down, names.map(({ button }) => button));
    canvas.style.width = `${inputs * step()}px`;
    canvas.style.height = `${outputs * step()}px`;
  }

  return {
    element,
    show(next, colors) {
      found = next;
      size = sizeOf(next);
      const key = [next.outputs, next.inputs, next.side, next.from, next.inputFrom, size].join();
      if (key !== built) {
        built = key;
        pointed = null;
        build();
      }
      paintColumn(sheet, next.weight, next.side, next.limit, colors);
      names.forEach(({ button, moved }, i) => {
        setText(moved, percent(next.moved[i], 0));
        button.title = `Map ${next.from + i + 1}: the filter has moved ${percent(next.moved[i])} from its first value`;
      });
    },
    mark(k) {
      chosen = k;
      names.forEach(({ button }, i) => button.setAttribute("aria-pressed", String(found.from + i === k)));
    },
    draw(colors) {
      if (!found) return;
      const { pen, width, height } = fit(canvas);
      pen.clearRect(0, 0, width, height);
      pen.imageSmoothingEnabled = false;
      const { outputs, inputs, side } = found;
      for (let i = 0; i < outputs; i += 1) {
        for (let j = 0; j < inputs; j += 1) pen.drawImage(sheet, 0, (i * inputs + j) * side, side, side, j * step(), i * step(), size, size);
      }
      pen.beginPath();
      for (let i = 0; i < outputs; i += 1) for (let j = 0; j < inputs; j += 1) pen.rect(j * step(), i * step(), size, size);
      pen.strokeStyle = css(rgb(colors.ink), 0.18);
      pen.lineWidth = 0.5;
      pen.stroke();
      const row = chosen === null ? -1 : chosen - found.from;
      if (row >= 0 && row < outputs) outline(pen, [0, row * step() - 1, inputs * step() - GAP, size + 2], colors.accent, 1.5);
      if (pointed) outline(pen, [pointed[1] * step() - 1, pointed[0] * step() - 1, size + 2, size + 2], colors.ink, 2);
    },
  };
}
