// What the matrix is, in sentences made from its numbers.

import { count, number, percent } from "../lib/number.js";

const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** How large, how empty, how few numbers; and what a dense layer would have instead. `several`: there are other maps. */
export function size({ rows, cols }, counts, { kind, turned = false, several = false }) {
  const { all, places, filled, numbers, weights, folded } = counts;
  const shape = `${count(rows)} × ${count(cols)} = ${plural(all, "entry", "entries")}`;
  if (kind === "max") return `${shape}, ${count(filled)} of them a 1 (${percent(filled / all)}), one in each ${turned ? "column" : "row"}.`;
  const hold = `${shape}, ${count(filled)} not zero (${percent(filled / all)}), ${plural(numbers, "different number")}.`;
  const use = weights === 1 ? `1 weight stands in ${plural(places, "place")}`
    : `${count(weights)} weights stand in ${plural(places, "place")}${folded ? `, ${count(folded)} times two or more added up in one` : ""}`;
  return `${hold} ${use}${places > filled ? `, and ${count(places - filled)} of these hold a 0` : ""}. A dense layer has ${plural(all, "free weight")} here${several ? ", for this map alone" : ""}.`;
}

/** What repeats, and what the padding does to it. */
export function structure(layer) {
  const { shape, kind } = layer;
  if (kind === "max") {
    return "Max pooling has no matrix: which cell counts depends on the picture. This is the selection matrix of the picture on the stage now, a 1 where the winner of each window stands; another picture has another one.";
  }
  if (kind === "average" && layer.outHeight * layer.outWidth === 1) return "Global average pooling is one row: the same weight for every cell of its channel.";
  if (kind === "transposed") return "A transposed convolution: column by column the kernel is spread over the output. Turn it over and it is the matrix of an ordinary convolution.";
  const step = layer.outWidth > 1 ? `Within a block each row is the one above, moved by ${plural(layer.sw, "column")}` : "Each row is a block of its own";
  const blocks = layer.outHeight > 1 ? `; from one block to the next the pattern moves by ${plural(layer.sh, "block")}` : "";
  const padded = layer.top || layer.bottom || layer.left || layer.right;
  const name = layer.sh === 1 && layer.sw === 1 ? (layer.outHeight > 1 ? ": a doubly blocked Toeplitz matrix" : ": a Toeplitz matrix") : "";
  const first = `${step}${blocks}`;
  if (!padded || layer.pools) return `${first}${name}.`;
  if (shape.padding_mode === "zeros") return `${first}${name}. Rows at the border have fewer entries, as zero padding needs no column.`;
  if (shape.padding_mode === "circular") return `${first}; what leaves a block on one side comes in on the other, as in a circulant matrix.`;
  return `${first}, but for the rows at the border, where padding reads a cell more than once and its weights add up.`;
}

/** What it means to turn it over. */
export function transpose(layer, turned) {
  if (layer.kind === "max") {
    return turned ? "Mᵀ puts every largest value back where it came from, zeros elsewhere: max unpooling, and the way of the gradient."
      : "Mᵀ would put each value of the map back where it came from.";
  }
  if (!turned) return layer.kind === "transposed" ? "Mᵀ is a convolution with the same kernel and stride." : "Mᵀ is the transposed convolution with the same kernel, stride and padding.";
  if (layer.kind === "transposed") return "Mᵀ brings a map back to the size of the picture. For this layer, itself a transposed convolution, that is an ordinary convolution with the same kernel and stride.";
  const how = layer.kind === "average" ? "spreads every value of the map evenly over its window" : "is the transposed convolution with the same kernel, stride and padding";
  const folds = layer.shape.padding_mode !== "zeros" && (layer.top || layer.left) ? ", with what fell on the padding folded back in" : "";
  return `Mᵀ brings a map back to the size of the picture: it ${how}${folds}, and the way the gradient takes back through this layer. It does not undo M.`;
}

/** "row 3, column 4" of a cell, counted from 1; with its channel where there are several. */
export function cell({ y, x, channel, name }) {
  const where = `row ${y + 1}, column ${x + 1}`;
  return channel === undefined ? where : `${where} of ${name}`;
}

export const value = (x) => number(x, 3);
