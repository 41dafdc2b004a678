// Thin lines from the patch to the kernel and on to the answer, over the grids.

import { css, rgb } from "../lib/color.js";
import { fit, h } from "../lib/dom.js";
import { hull } from "./places.js";

/** `table`: the element that holds all grids, in which the lines are drawn. */
export function buildThreads(table, stage) {
  const canvas = h("canvas.threads", { "aria-hidden": "true" });
  table.append(canvas);

  /** The box of cells of a grid, in px of the table. */
  function boxOf(grid, cells, home) {
    const block = hull(cells);
    if (!block || !grid?.rows) return null;
    const place = grid.canvas.getBoundingClientRect();
    const across = place.width / (grid.cols + grid.pad[2] + grid.pad[3]);
    const down = across * grid.tall;
    const [row, column, rows, columns] = block;
    const [x, y] = [place.left - home.left + (column + grid.pad[2]) * across, place.top - home.top + (row + grid.pad[0]) * down];
    return { left: x, top: y, right: x + columns * across, bottom: y + rows * down };
  }

  function draw(found) {
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const { grids, shown, layer, view, ctx } = stage;
    if (shown.kind === "kernel") return;
    const home = canvas.getBoundingClientRect();
    const at = layer.pools ? 0 : layer.channelsOf(view.filter).indexOf(view.channel);
    const middle = grids.kernel[at] ?? grids.products[0];
    const last = shown.kind === "output" && !layer.pools ? grids.products.at(-1) : middle; // what the answer is the sum of
    const patch = boxOf(grids.input[0], found.input, home);
    const kernel = boxOf(middle, shown.kind === "input" && found.kernel.length ? found.kernel : [[0, 0], [middle.rows - 1, middle.cols - 1]], home);
    const products = last === middle ? kernel : boxOf(last, [[0, 0], [last.rows - 1, last.cols - 1]], home);
    const answer = boxOf(grids.output[0], found.output, home);
    if (!patch || !kernel || !products || !answer) return;
    beam(pen, patch, kernel, ctx.colors);
    if (products.top < answer.bottom) beam(pen, products, answer, ctx.colors); // not across what stands between, on a narrow screen
  }

  return { draw };
}

// From one box to another by their facing sides: beside each other, or one above the other.
function beam(pen, a, b, colors) {
  const sides = facing(a, b);
  if (!sides) return;
  const [[x0, y0, x1, y1], [x2, y2, x3, y3]] = sides;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x2, y2);
  pen.lineTo(x3, y3);
  pen.lineTo(x1, y1);
  pen.closePath();
  pen.fillStyle = css(rgb(colors.accent), 0.07);
  pen.fill();
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x2, y2);
  pen.moveTo(x1, y1);
  pen.lineTo(x3, y3);
  pen.strokeStyle = css(rgb(colors.accent), 0.55);
  pen.lineWidth = 1;
  pen.stroke();
}

function facing(a, b) {
  if (a.right <= b.left) return [[a.right, a.top, a.right, a.bottom], [b.left, b.top, b.left, b.bottom]];
  if (b.right <= a.left) return [[a.left, a.top, a.left, a.bottom], [b.right, b.top, b.right, b.bottom]];
  if (a.bottom <= b.top) return [[a.left, a.bottom, a.right, a.bottom], [b.left, b.top, b.right, b.top]];
  if (b.bottom <= a.top) return [[a.left, a.top, a.right, a.top], [b.left, b.bottom, b.right, b.bottom]];
  return null;
}
