// Where the pixels of an answer lie over the picture they were computed from.

const reach = (layer, side) => layer.shape.dilation[side] * (layer.shape.kernel_size[side] - 1) + 1;

// Along one side: where the first cell of the answer begins, and how wide a cell is, in pixels of the input.
function along(layer, side) {
  const stride = layer.shape.stride[side];
  const before = layer.shape.padding[2 * side];
  const half = reach(layer, side) / 2;
  if (layer.kind === "transposed") return [(before + 0.5 - half) / stride + 0.5 - 0.5 / stride, 1 / stride];
  return [half - before - stride / 2, stride];
}

/** [x, y, width, height] of the answer, in pixels of the picture; each cell lies over the middle of its patch. */
export function extent(layers) {
  let [x, y, across, down] = [0, 0, 1, 1];
  for (const layer of layers) {
    const [[top, high], [left, wide]] = [along(layer, 0), along(layer, 1)];
    [x, y] = [x + left * across, y + top * down];
    [across, down] = [across * wide, down * high];
  }
  const { outHeight, outWidth } = layers.at(-1);
  return [x, y, outWidth * across, outHeight * down];
}

/** [x, y, width, height] of what one cell [row, column] of the answer of the first layer sees, in pixels. */
export function patch(layer, [row, column]) {
  if (layer.kind === "transposed") {
    const [x, y] = [(column + layer.left - reach(layer, 1) + 1) / layer.sw, (row + layer.top - reach(layer, 0) + 1) / layer.sh];
    const [right, bottom] = [Math.floor((column + layer.left) / layer.sw), Math.floor((row + layer.top) / layer.sh)];
    return [Math.ceil(x), Math.ceil(y), right - Math.ceil(x) + 1, bottom - Math.ceil(y) + 1];
  }
  return [column * layer.sw - layer.left, row * layer.sh - layer.top, reach(layer, 1), reach(layer, 0)];
}

/**
 * Sheet and boxes for a Wipe: the answer over the picture, or (`own`) both at the size of their own. `over` is where
 * the answer lies over the picture in either case.
 */
export function layout(layers, { width, height }, own) {
  const { outWidth, outHeight } = layers.at(-1);
  const over = extent(layers);
  const box = own ? [0, 0, outWidth, outHeight] : over;
  const [left, top] = [Math.min(0, box[0]), Math.min(0, box[1])];
  const whole = { width: Math.max(width, box[0] + box[2]) - left, height: Math.max(height, box[1] + box[3]) - top };
  return { whole, over, shift: [-left, -top], before: [-left, -top, width, height], after: [box[0] - left, box[1] - top, box[2], box[3]] };
}
