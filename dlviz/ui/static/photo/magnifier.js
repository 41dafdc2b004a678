// The pixel under the pointer, enlarged: its surroundings, its patch, the kernel, the products, and their sum.

import { fit, h, number, replace, setText } from "../lib/dom.js";
import { css } from "../lib/color.js";
import { Grid } from "../lib/grid.js";
import { readCell } from "./cell.js";
import { shade } from "../lib/shades.js";
import { patch } from "./geometry.js";

const AROUND = 10; // pixels shown on each side of the middle
const WIDE_CELL = 44;

/** The magnifier of a panel. `light(cell | null)` hears which cell [ky, kx] of the kernel is pointed at here. */
export function buildMagnifier(ctx, light) {
  const loupe = h("canvas.loupe", { role: "img", "aria-label": "The surroundings of the pixel, enlarged" });
  const where = h("h3.where");
  const tabs = h("div.tabs.segments", { role: "radiogroup", "aria-label": "Channel" });
  const hover = (cell) => {
    pointed = cell;
    light(cell);
    show();
  };
  const make = (label) => new Grid({ label, largest: WIDE_CELL, onhover: hover, onwalk: hover });
  const grids = { patch: make("Patch"), weights: make("Kernel"), products: make("Products") };
  const signs = { times: h("span.sign", "×"), equals: h("span.sign", "=") };
  const swatch = h("i.swatch");
  const sum = h("p.sum.value");
  const term = h("p.small.muted.term.value");
  const element = h("section.magnifier", { "aria-label": "The pixel pointed at" }, h("header.row", where, tabs),
    h("div.opened", loupe, h("div.arithmetic", grids.patch.element, signs.times, grids.weights.element, signs.equals, grids.products.element),
      h("div.words", h("p.result", swatch, sum), term)));
  let [view, place, cell, chosen, pointed, elsewhere] = [null, null, null, 0, null, null];

  /** view: {layers, planes, o, names, source, mapping, range, signed, answers, tabs}; place: [row, column] of the answer, or null. */
  function set(next, at) {
    [view, place] = [next, at];
    cell = view && place ? readCell(view, place) : null;
    build();
  }

  function build() {
    element.classList.toggle("hidden", !view);
    if (!view) return;
    const parts = cell?.parts ?? [];
    chosen = Math.min(chosen, Math.max(0, parts.length - 1));
    const choices = view.tabs ?? { names: parts.length > 1 ? parts.map((part) => part.name) : [], chosen, choose: (i) => { chosen = i; build(); } };
    tabs.classList.toggle("hidden", !choices.names.length);
    replace(tabs, choices.names.map((name, i) => h("button", {
      type: "button", role: "radio", "aria-checked": String(i === choices.chosen), tabindex: i === choices.chosen ? 0 : -1, onclick: () => choices.choose(i),
    }, name)));
    const part = parts[chosen];
    const pools = cell && (cell.kind === "max" || cell.kind === "average");
    element.classList.toggle("pools", Boolean(pools));
    for (const name of ["patch", "weights", "products"]) grids[name].element.classList.toggle("hidden", !part || (pools && name !== "patch"));
    for (const sign of Object.values(signs)) sign.classList.toggle("hidden", !part || pools);
    if (part) {
      const size = { rows: part.rows, cols: part.cols };
      element.style.setProperty("--cols", part.cols);
      element.classList.toggle("large", part.cols > 4);
      grids.patch.set({ ...size, values: part.patch, signed: view.signed, limit: 1, paint: view.signed ? null : (row, column) => grey(part.patch[row * part.cols + column]) });
      grids.weights.set({ ...size, values: part.weights });
      grids.products.set({ ...size, values: part.products });
    }
    show();
  }

  function show() {
    if (!view) return;
    const part = cell?.parts[chosen];
    const lit = pointed ?? elsewhere;
    const inside = lit && part && lit[0] >= 0 && lit[0] < part.rows && lit[1] >= 0 && lit[1] < part.cols;
    for (const grid of Object.values(grids)) {
      grid.light("pointed", inside ? { cells: [lit], stroke: ctx.colors.accent, width: 2.5 } : null);
      grid.light("winner", part?.wins ? { cells: [part.wins], stroke: ctx.colors.accent, width: 2.5 } : null);
    }
    setText(where, place ? `Row ${place[0] + 1}, column ${place[1] + 1}` : "Point at the photo");
    setText(sum, place ? inWords(cell, view.answers) : "Every pixel of the answer can be opened: point at it, or press the arrow keys on the photo.");
    setText(term, inside && part.patch[lit[0] * part.cols + lit[1]] !== null ? termInWords(cell, part, lit) : hint(cell));
    const color = cell && Number.isFinite(view.answers) ? shade(view.answers, view.mapping, view.range, ctx.colors) : null;
    swatch.style.background = color ? css(color) : "none";
    ctx.redraw();
  }

  function draw() {
    if (!view) return;
    for (const grid of Object.values(grids)) if (!grid.element.classList.contains("hidden")) grid.draw(ctx.colors);
    drawLoupe();
  }

  function drawLoupe() {
    const { pen, width, height } = fit(loupe);
    pen.clearRect(0, 0, width, height);
    if (!place || !width) return;
    const [x, y, across, down] = patch(view.layers[0], [place[0] * (view.layers[1]?.sh ?? 1), place[1] * (view.layers[1]?.sw ?? 1)]);
    const [middleX, middleY] = [Math.floor(x + across / 2), Math.floor(y + down / 2)];
    const size = 2 * AROUND + 1;
    const one = width / size;
    const { pixels, depth, width: wide, height: high } = view.source;
    for (let r = 0; r < size; r += 1) {
      for (let c = 0; c < size; c += 1) {
        const [row, column] = [middleY - AROUND + r, middleX - AROUND + c];
        if (row < 0 || column < 0 || row >= high || column >= wide) continue;
        const at = (row * wide + column) * depth;
        pen.fillStyle = css([pixels[at], pixels[at + 1], pixels[at + 2]]);
        pen.fillRect(Math.floor(c * one), Math.floor(r * one), Math.ceil(one), Math.ceil(one));
      }
    }
    const [left, top] = [(x - middleX + AROUND) * one, (y - middleY + AROUND) * one];
    pen.strokeStyle = ctx.colors.paper;
    pen.lineWidth = 4;
    pen.strokeRect(left, top, across * one, down * one);
    pen.strokeStyle = ctx.colors.accent;
    pen.lineWidth = 2;
    pen.strokeRect(left, top, across * one, down * one);
  }

  /** Light the cell of the kernel that another component points at. */
  function lightKernel(next) {
    if (String(next) === String(elsewhere)) return;
    elsewhere = next;
    show();
  }

  return { element, set, draw, lightKernel, get cell() { return cell; }, get chosen() { return chosen; } };
}

const grey = (value) => (value === null ? [0, 0, 0] : rgbOf(value));
const rgbOf = (value) => new Array(3).fill(255 * Math.min(1, Math.max(0, value)));

function hint(cell) {
  if (!cell?.parts.length) return "";
  return cell.kind === "max" ? "The largest is framed." : "Point at a cell to read its product.";
}

function termInWords(cell, part, [ky, kx]) {
  const at = ky * part.cols + kx;
  const placed = `Row ${ky + 1}, column ${kx + 1}`;
  if (cell.kind === "max") return `${placed} of the window: ${number(part.patch[at])}.`;
  return `${placed} of the kernel: ${number(part.patch[at])} × ${number(part.weights[at])} = ${number(part.products[at])}.`;
}

/** How the result came about. `answers`: what the layers made of it, read from the picture itself. */
function inWords(cell, answer) {
  const shown = number(answer);
  if (!cell.parts.length) return `${cell.kind === "max" ? "The largest" : "The mean"} of all ${number(cell.cells)} pixels: ${shown}.`;
  if (cell.kind === "max") return `The largest of ${cell.parts[0].patch.filter((value) => value !== null).length} is ${shown}.`;
  if (cell.kind === "average") return `The mean of ${cell.cells} is ${shown}.`;
  const signed = (value, i) => (i === 0 ? number(value) : `${value < 0 ? "−" : "+"} ${number(Math.abs(value))}`);
  const bias = cell.bias ? ` ${signed(cell.bias, 1)} (bias)` : "";
  const [first] = cell.parts;
  if (first.factor !== undefined) {
    const mixed = cell.parts.map((part, i) => `${i ? "+ " : ""}${number(part.sum)} × ${number(part.factor)} (${part.name})`).join(" ");
    return `${mixed}${bias} = ${shown}`;
  }
  if (cell.parts.length > 1) return `${cell.parts.map((part, i) => `${signed(part.sum, i)} (${part.name})`).join(" ")}${bias} = ${shown}`;
  const products = first.products.filter((value) => value !== null);
  if (!bias && products.length > 9) return `The ${products.length} products sum to ${shown}.`;
  if (products.length > 9) return `${number(first.sum)} (sum of ${products.length} products)${bias} = ${shown}`;
  const kept = products.filter((value) => value !== 0);
  const zeros = products.length - kept.length;
  if (!kept.length) return `${products.length} products, all 0${bias}: ${shown}`;
  if (kept.length === 1 && !bias) return `${zeros ? "Only one product is not 0" : "One product"}: ${shown}`;
  const text = kept.map(signed).join(" ");
  return `${text}${bias} = ${shown}${zeros > 1 ? ` (${zeros} products are 0)` : zeros ? " (one product is 0)" : ""}`;
}
