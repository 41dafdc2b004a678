// Questions about cells: whether there is such a one, which reads which.

/** Whether a focus names a cell that these layers have. An input cell may lie in the padding. */
export function fits(layers, focus) {
  const layer = layers[focus.layer ?? 0];
  if (!layer) return false;
  const inside = (value, end) => Number.isInteger(value) && value >= 0 && value < end;
  if (focus.kind === "output") return inside(focus.o, layer.outputs) && inside(focus.y, layer.outHeight) && inside(focus.x, layer.outWidth);
  if (focus.kind === "input") return inside(focus.channel, layer.inputs) && inside(focus.y, layer.height) && inside(focus.x, layer.width);
  return focus.kind === "kernel" && inside(focus.o, layer.outputs) && inside(focus.ky, layer.kh) && inside(focus.kx, layer.kw)
    && layer.channelsOf(focus.o).includes(focus.channel);
}

/** The wanted input channel if filter o sees it, else the first that it sees. */
export function seen(layer, o, wanted) {
  const channels = layer.channelsOf(o);
  return channels.includes(wanted) ? wanted : channels[0];
}

/** The output cell of the chosen map that is farthest from zero: what the stage explains while nothing is pointed at. */
export function strongest({ layer, made, filter, at }) {
  const size = layer.outHeight * layer.outWidth;
  let best = 0;
  for (let k = 0; k < size; k += 1) if (Math.abs(made[filter * size + k]) > Math.abs(made[filter * size + best])) best = k;
  return { kind: "output", layer: at, o: filter, y: Math.floor(best / layer.outWidth), x: best % layer.outWidth };
}

/** Every output cell that a cell of the kernel contributes to, [row, column]. */
export function reached(layer, ky, kx) {
  const { outHeight, outWidth } = layer;
  const all = Array.from({ length: outHeight * outWidth }, (_, k) => [Math.floor(k / outWidth), k % outWidth]);
  if (layer.kind !== "transposed") return all;
  const from = (place, first, dilation, stride, end) => {
    const row = (place + first - dilation) / stride;
    return Number.isInteger(row) && row >= 0 && row < end;
  };
  return all.filter(([y, x]) => from(y, layer.top, ky * layer.dh, layer.sh, layer.height) && from(x, layer.left, kx * layer.dw, layer.sw, layer.width));
}

/** Places on the padded input where cell (y, x) is read, itself first; reflected and repeated cells stand in several. */
export function copies(layer, y, x) {
  const found = [[y, x]];
  if (layer.kind === "transposed") return found;
  for (let r = 0; r < layer.rows.length; r += 1) {
    if (layer.rows[r] !== y) continue;
    for (let c = 0; c < layer.columns.length; c += 1) {
      const place = [r - layer.top, c - layer.left];
      if (layer.columns[c] === x && (place[0] !== y || place[1] !== x)) found.push(place);
    }
  }
  return found;
}

/** What is read at a place of the padding: a number, or null where nothing is (a max pool ignores it). */
export function padding(layer, plane) {
  return (row, column) => {
    if (layer.kind === "max") return null;
    const [y, x] = [layer.rows[row + layer.top], layer.columns[column + layer.left]];
    return y >= 0 && x >= 0 ? plane[y * layer.width + x] : 0;
  };
}

/** The index of a weight in the layer's array, as torch orders it. */
export function weightIndex(layer, o, channel, ky, kx) {
  const i = layer.channelsOf(o).indexOf(channel);
  const perOut = layer.outputs / layer.groups;
  const [a, b, count] = layer.kind === "transposed"
    ? [Math.floor(o / perOut) * layer.perGroup + i, o % perOut, perOut]
    : [o, i, layer.perGroup];
  return ((a * count + b) * layer.kh + ky) * layer.kw + kx;
}

/** The cells of one rectangle around places: [row, column, rows, columns]; null of none. */
export function hull(cells) {
  if (!cells.length) return null;
  const [rows, columns] = [cells.map(([row]) => row), cells.map(([, column]) => column)];
  const [r, c] = [Math.min(...rows), Math.min(...columns)];
  return [r, c, Math.max(...rows) - r + 1, Math.max(...columns) - c + 1];
}
