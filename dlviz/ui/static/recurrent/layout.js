// Where everything of the unrolled picture lies: columns from left to right, rows of cells from bottom to top. In px.

const PITCH = { words: [92, 132], letters: [46, 58], numbers: [49, 70] }; // least and most from one step to the next
const CELL = { width: 32, height: 42, low: 33 };
const ARROW = 25; // from the words to the first cell, and from the last cell to the answer
const BETWEEN = { layers: 26, directions: 13 };
const SHIFT = 7; // of the two directions apart, so that the arrows of both pass
const HANDOVER = 66; // from the last step of an encoder to the first of its decoder
const ANSWER = { above: 17, box: 26, below: 17 };
const CHART = 118; // the curve above the cells where the answers are numbers
const EDGE = 12;

/**
 * `places` for a stage in so many px: {pitch, width, height, x(i), rows, cell, answer, chart, input, handover}. `x(i)` is the
 * middle of column i. A row is {layer, direction, y, dx}: the top of its cells and how far they are moved aside.
 */
export function placesOf(stage, room) {
  const { spec, classes, words, pattern } = stage.scene.numbers;
  const kind = words ? "words" : stage.scene.arrays.ids ? "letters" : "numbers";
  const { columns } = stage;
  const gapAt = columns.findIndex(({ part }) => part === "decoder");
  const [least, most] = PITCH[kind];
  const free = room - 2 * EDGE - (gapAt > 0 ? HANDOVER : 0);
  const pitch = Math.max(least, Math.min(most, free / columns.length));
  const directions = spec.bidirectional ? 2 : 1;
  const count = spec.layers * directions;
  const cell = { width: CELL.width, height: count > 2 ? CELL.low : CELL.height };
  const isChart = classes.length === 0 && pattern === "every";
  const crown = isChart ? CHART : ANSWER.above + ANSWER.box + ANSWER.below;
  const bridge = pattern === "last" && directions === 2 ? 14 : 0; // room for the line from the cell that ends at the beginning
  const rows = [];
  let y = crown + ARROW + bridge;
  for (let layer = spec.layers - 1; layer >= 0; layer -= 1) {
    for (let direction = directions - 1; direction >= 0; direction -= 1) {
      rows.unshift({ layer, direction, y, dx: directions === 1 ? 0 : direction ? SHIFT : -SHIFT });
      y += cell.height + (direction ? BETWEEN.directions : BETWEEN.layers);
    }
  }
  const bottom = y - BETWEEN.layers;
  const x = (i) => EDGE + (i + 0.5) * pitch + (gapAt > 0 && i >= gapAt ? HANDOVER : 0);
  return {
    kind, pitch, cell, rows, x, gapAt, isChart, bridge,
    width: x(columns.length - 1) + pitch / 2 + EDGE,
    height: bottom + ARROW,
    bottom,
    top: crown + ARROW + bridge, // of the uppermost cells
    answer: { y: ANSWER.above, height: ANSWER.box },
    chart: { top: 12, bottom: CHART - 12 },
    /** The column under x, or null. */
    at(px) {
      const i = Math.round((px - EDGE) / pitch - 0.5);
      if (gapAt <= 0 || i < gapAt) return i >= 0 && i < columns.length ? Math.min(i, gapAt > 0 ? gapAt - 1 : i) : null;
      if (px < EDGE + gapAt * pitch + HANDOVER / 2) return gapAt - 1;
      const later = Math.round((px - EDGE - HANDOVER) / pitch - 0.5);
      return later < columns.length ? Math.max(gapAt, later) : null;
    },
  };
}

/** The row of cells of a layer and direction. */
export const rowAt = (places, layer, direction) => places.rows.find((row) => row.layer === layer && row.direction === direction);
