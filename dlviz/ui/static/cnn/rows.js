// Questions about the rows of the network: which are shown, what a cell of one sees, how one is computed.

import { Layer } from "../lib/conv.js";
import { count } from "../lib/number.js";

export const PICTURE = "picture";
export const MOST_MAPS = 64; // maps of one row that a frame carries

export const isMap = (row) => row.output_shape.length === 3;
export const shapeText = (shape) => shape.map((n) => count(n)).join(" × ");

/** How many maps (or units) of a row are on screen. */
export const shownCount = (row) => (isMap(row) ? Math.min(MOST_MAPS, row.output_shape[0]) : row.output_shape[0]);

/** Whether a focus names something that the network has. */
export function holds(stage, focus) {
  const inside = (value, end) => Number.isInteger(value) && value >= 0 && value < end;
  if (focus.row === PICTURE) return true;
  const row = stage.row(focus.row);
  if (!row) return false;
  const [channels, height, width] = row.output_shape;
  if (focus.channel !== null && focus.channel !== undefined && !inside(focus.channel, channels)) return false;
  return focus.y === null || focus.y === undefined || !isMap(row) || (inside(focus.y, height) && inside(focus.x, width));
}

/**
 * The rows to lay out. `all`: every layer; else of each block what the convolutions gave and what left the block.
 * Dropout passes everything on when the network answers, and the softmax is the class bars, so neither has a column.
 */
export function columnsOf(rows, all) {
  const kept = rows.filter((row) => !["dropout", "softmax"].includes(row.kind));
  if (all) return kept;
  const pooled = rows.some((row) => row.kind === "pool");
  return kept.filter((row) => row.kind === "conv" || row.kind === "pool" || row.kind === "linear"
    || (row.kind === "activation" && isMap(row) && !pooled));
}

/** Values of this row are never below zero, so they are coloured as amounts. */
export function isAmount(rows, row, activation) {
  if (activation !== "relu" || row.kind === "conv" || row.kind === "norm" || row.kind === "linear" || row.kind === "softmax") return false;
  const at = rows.findIndex((each) => each.name === row.name);
  return rows.slice(0, at + 1).some((each) => each.kind === "activation" && each.block === row.block && isMap(each) === isMap(row)) || row.kind === "flatten";
}

/** The cells of the picture that cell (y, x) of a row depends on: {top, bottom, left, right}, inclusive, unclipped. */
export function fieldOf(rows, name, y, x) {
  let [top, bottom, left, right] = [y, y, x, x];
  const at = rows.findIndex((row) => row.name === name);
  for (const { kind, kernel_size: k, padding: p } of rows.slice(0, at + 1).reverse()) {
    if (kind === "conv") [top, bottom, left, right] = [top - p, bottom - p + k - 1, left - p, right - p + k - 1];
    else if (kind === "pool") [top, bottom, left, right] = [2 * top, 2 * bottom + 1, 2 * left, 2 * right + 1];
  }
  return { top, bottom, left, right };
}

/**
 * The layer that makes one channel of a row, as lib/conv.js has it: a convolution; a pool; a linear row as a kernel as
 * large as the maps it reads, or as 1 × 1 maps. Null for rows that do something else.
 */
export function layerOf(rows, row, pool, weight = null, bias = null) {
  const before = rows[rows.findIndex((each) => each.name === row.name) - 1];
  const plain = (shape) => new Layer({ groups: 1, stride: [1, 1], dilation: [1, 1], padding: [0, 0, 0, 0], padding_mode: "zeros", outputs: 1, ...shape }, weight, bias);
  if (row.kind === "conv") {
    const [k, p] = [row.kernel_size, row.padding];
    return plain({ kind: "conv", inputs: row.input_shape[0], input_size: row.input_shape.slice(1), output_size: row.output_shape.slice(1), kernel_size: [k, k], padding: [p, p, p, p] });
  }
  if (row.kind === "pool") {
    return plain({ kind: pool === "average" ? "average" : "max", inputs: 1, input_size: row.input_shape.slice(1), output_size: row.output_shape.slice(1), kernel_size: [2, 2], stride: [2, 2] });
  }
  if (row.kind !== "linear") return null;
  const [inputs, height, width] = before?.kind === "flatten" ? before.input_shape : [row.input_shape[0], 1, 1];
  return plain({ kind: "conv", inputs, input_size: [height, width], output_size: [1, 1], kernel_size: [height, width] });
}

/** The map or unit in words: "conv2 · map 7". */
export function nameOf(stage, { row, channel }) {
  if (row === PICTURE) return "Picture";
  const found = stage.row(row);
  if (row === "output" || row === "softmax") return `${row} · ${stage.scene.numbers.classes[channel]}`;
  return `${row} · ${isMap(found) ? "map" : "unit"} ${channel + 1}`;
}
