// Painting the cells of a Grid: its picture, made once for its numbers, size and theme, and what is lit on it.

import { css, rgb } from "./color.js";
import { number } from "./number.js";

export const ROOM_FOR_NUMBERS = 25; // px a cell must be wide to hold its number
const ROOM_FOR_TWO_LINES = 39;
const SMALLEST = 8.2; // px of a letter
const ROOM_FOR_LINES = 7; // px below which lines between the cells would be all one sees
const GHOST = 0.45; // how strong the padding is drawn

let scratch = null; // where one pixel stands for one cell

/** Where the cells of a grid lie on a canvas so wide, on whole pixels of the screen. */
export class Places {
  constructor(grid, width, height, ratio) {
    const [top, bottom, left, right] = grid.pad;
    Object.assign(this, { grid, width, height, ratio, top, left });
    this.across = grid.cols + left + right;
    this.down = grid.rows + top + bottom;
    this.cell = width / this.across;
    this.tall = height / this.down;
  }

  x(column) {
    return Math.round((column + this.left) * this.cell * this.ratio) / this.ratio;
  }

  y(row) {
    return Math.round((row + this.top) * this.tall * this.ratio) / this.ratio;
  }

  /** [x, y, width, height] of a block of cells. */
  box(row, column, rows = 1, columns = 1) {
    const [x, y] = [this.x(column), this.y(row)];
    return [x, y, this.x(column + columns) - x, this.y(row + rows) - y];
  }
}

/** The picture of the cells with nothing lit, on a canvas of its own. */
export function paintCells(canvas, grid, width, height, ratio, colors) {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const places = new Places(grid, width, height, ratio);
  const empty = paintColors(pen, grid, places, colors);
  if (grid.hatched) hatch(pen, empty, places, colors);
  if (places.cell >= ROOM_FOR_LINES) paintLines(pen, grid, places, colors);
  if (grid.pad.some(Boolean)) outline(pen, places.box(0, 0, grid.rows, grid.cols), css(rgb(colors.ink), 0.45), 1);
  if (places.cell >= ROOM_FOR_NUMBERS) writeNumbers(pen, grid, places, colors);
}

// One pixel a cell, enlarged: the same effort for a cell of 3 px as for one of 40. Returns the cells without a number.
function paintColors(pen, grid, places, colors) {
  const { across, down, top, left, width, height } = places;
  const image = new ImageData(across, down);
  const empty = [];
  for (let r = 0, k = 0; r < down; r += 1) {
    for (let c = 0; c < across; c += 1, k += 4) {
      const place = [r - top, c - left];
      const value = grid.at(place);
      if (value === null) {
        empty.push(place);
        continue;
      }
      const [red, green, blue] = grid.paint?.(...place) ?? grid.color(value, colors);
      image.data[k] = red;
      image.data[k + 1] = green;
      image.data[k + 2] = blue;
      image.data[k + 3] = isInside(grid, place) ? 255 : 255 * GHOST;
    }
  }
  scratch ??= document.createElement("canvas").getContext("2d");
  const { canvas } = scratch;
  if (canvas.width < across || canvas.height < down) Object.assign(canvas, { width: Math.max(canvas.width, across), height: Math.max(canvas.height, down) });
  scratch.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = places.cell * places.ratio < 1; // several cells on a pixel: their mean, not one of them
  pen.drawImage(canvas, 0, 0, across, down, 0, 0, width, height);
  return empty;
}

const isInside = (grid, [row, column]) => row >= 0 && row < grid.rows && column >= 0 && column < grid.cols;

function hatch(pen, cells, places, colors) {
  if (!cells.length) return;
  pen.save();
  pen.beginPath();
  for (const place of cells) pen.rect(...places.box(...place));
  pen.clip();
  pen.beginPath();
  for (let x = -places.height; x < places.width; x += 6) {
    pen.moveTo(x, places.height);
    pen.lineTo(x + places.height, 0);
  }
  pen.strokeStyle = css(rgb(colors.ink), 0.13);
  pen.lineWidth = 1;
  pen.stroke();
  pen.restore();
}

function paintLines(pen, grid, places, colors) {
  pen.beginPath();
  for (let row = 0; row <= grid.rows; row += 1) line(pen, places.x(0), places.y(row), places.x(grid.cols), places.y(row));
  for (let column = 0; column <= grid.cols; column += 1) line(pen, places.x(column), places.y(0), places.x(column), places.y(grid.rows));
  pen.strokeStyle = css(rgb(colors.ink), places.cell < 16 ? 0.07 : 0.12);
  pen.lineWidth = 1;
  pen.stroke();
  if (!grid.pad.some(Boolean)) return;
  pen.save(); // the ring of padding: the same lines, dotted
  pen.beginPath();
  pen.rect(0, 0, places.width, places.height);
  pen.rect(...places.box(0, 0, grid.rows, grid.cols));
  pen.clip("evenodd");
  pen.beginPath();
  for (let r = 0; r <= places.down; r += 1) line(pen, 0, places.y(r - places.top), places.width, places.y(r - places.top));
  for (let c = 0; c <= places.across; c += 1) line(pen, places.x(c - places.left), 0, places.x(c - places.left), places.height);
  pen.setLineDash([2, 3]);
  pen.strokeStyle = css(rgb(colors.ink), 0.2);
  pen.stroke();
  pen.restore();
}

function line(pen, x0, y0, x1, y1) {
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
}

function writeNumbers(pen, grid, places, colors) {
  const cells = [];
  for (let r = 0; r < places.down; r += 1) {
    for (let c = 0; c < places.across; c += 1) {
      const place = [r - places.top, c - places.left];
      const value = grid.at(place);
      if (value !== null) cells.push({ place, value, above: grid.lines?.(...place) });
    }
  }
  const above = chosenLine(cells, places.cell);
  for (const { place, value, above: lines } of cells) {
    const back = grid.paint?.(...place) ?? grid.color(value, colors);
    writeCell(pen, places, place, written(value), back, colors, isInside(grid, place) ? 1 : 0.5, above && { text: lines[above.which], size: above.size });
  }
}

// Which of the smaller lines fits into every cell, and how large all of them can be: {which, size}, or null.
function chosenLine(cells, width) {
  if (width < ROOM_FOR_TWO_LINES || !cells[0]?.above) return null;
  for (let which = 0; which < cells[0].above.length; which += 1) {
    const longest = Math.max(5, ...cells.map(({ above }) => above[which].length));
    const size = Math.min(11, (width / longest) * 1.75);
    if (size >= SMALLEST) return { which, size };
  }
  return null;
}

function writeCell(pen, places, [row, column], words, back, colors, strength, above) {
  const [x, y, width, height] = places.box(row, column);
  const ink = readable(back, colors);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = css(ink, strength);
  pen.font = `${above ? 600 : 400} ${Math.min(13, (width / Math.max(words.length, 2.6)) * 1.5)}px ${colors.font}`;
  pen.fillText(words, x + width / 2, y + height * (above ? 0.67 : 0.5) + 0.5);
  if (!above) return;
  pen.font = `${above.size}px ${colors.font}`;
  pen.fillStyle = css(ink, 0.8 * strength);
  pen.fillText(above.text, x + width / 2, y + height * 0.3 + 0.5);
}

const light = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Ink or paper, whichever stands out from a colour. */
export function readable(back, colors) {
  const [ink, paper] = [rgb(colors.ink), rgb(colors.paper)];
  return Math.abs(light(back) - light(ink)) > Math.abs(light(back) - light(paper)) ? ink : paper;
}

/** Two digits: a cell has room for no more, and hovering tells the rest. */
export function written(value) {
  const size = Math.abs(value);
  if (size < 0.005) return "0";
  return number(size < 1 ? Math.round(value * 100) / 100 : value, 2).replace(/^(−?)0\./, "$1.");
}

/**
 * What is lit: {cells, fill, stroke, width, paint(place) → [r, g, b], text(place), hull, veil}. `hull` draws one
 * outline around all cells, `veil` (0 to 1) fades everything but them.
 */
export function paintLight(pen, { cells, fill, stroke, width = 2, paint, text, hull, veil }, places, colors) {
  if (veil) fade(pen, cells, places, css(rgb(colors.paper), veil));
  for (const place of cells) {
    const box = places.box(...place);
    if (paint) {
      pen.fillStyle = css(paint(place));
      pen.fillRect(...box);
      const words = places.cell >= ROOM_FOR_NUMBERS ? text?.(place) : null;
      if (words) writeCell(pen, places, place, words, paint(place), colors, 1, null);
    }
    if (fill) {
      pen.fillStyle = fill;
      pen.fillRect(...box);
    }
    if (stroke && !hull) outline(pen, box, stroke, Math.min(width, box[2] / 3));
  }
  if (stroke && hull && cells.length) {
    const [rows, columns] = [cells.map(([row]) => row), cells.map(([, column]) => column)];
    const [r0, c0] = [Math.min(...rows), Math.min(...columns)];
    outline(pen, places.box(r0, c0, Math.max(...rows) - r0 + 1, Math.max(...columns) - c0 + 1), stroke, width);
  }
}

function fade(pen, cells, places, color) {
  pen.beginPath();
  pen.rect(0, 0, places.width, places.height);
  for (const place of cells) pen.rect(...places.box(...place));
  pen.fillStyle = color;
  pen.fill("evenodd");
}

/** Cover the cells from the n-th on, row by row: they have not been computed yet. */
export function paintUnknown(pen, grid, known, places, colors) {
  const [row, column] = [Math.floor(known / grid.cols), known % grid.cols];
  const blocks = [[row, column, 1, grid.cols - column], [row + 1, 0, grid.rows - row - 1, grid.cols]];
  for (const [r, c, rows, columns] of blocks) {
    if (r >= grid.rows || rows < 1) continue;
    pen.fillStyle = colors.paper;
    pen.fillRect(...places.box(r, c, rows, columns));
    if (places.cell < ROOM_FOR_LINES) continue;
    pen.beginPath();
    for (let i = 0; i <= rows; i += 1) line(pen, places.x(c), places.y(r + i), places.x(c + columns), places.y(r + i));
    for (let i = 0; i <= columns; i += 1) line(pen, places.x(c + i), places.y(r), places.x(c + i), places.y(r + rows));
    pen.strokeStyle = css(rgb(colors.ink), places.cell < 16 ? 0.07 : 0.12);
    pen.lineWidth = 1;
    pen.stroke();
  }
  outline(pen, places.box(0, 0, grid.rows, grid.cols), css(rgb(colors.ink), 0.25), 1);
}

/** A frame inside a box. */
export function outline(pen, [x, y, width, height], color, thick) {
  pen.strokeStyle = color;
  pen.lineWidth = thick;
  pen.strokeRect(x + thick / 2, y + thick / 2, width - thick, height - thick);
}
