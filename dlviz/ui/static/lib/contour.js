// Marching squares: where a field on a mesh of columns × rows points crosses zero.

// Which edges of a cell (0 lower, 1 right, 2 upper, 3 left) a segment joins, by the signs of the cell's corners
// (1 lower left, 2 lower right, 4 upper right, 8 upper left); two segments where opposite corners are alike.
const SEGMENTS = [[], [3, 0], [0, 1], [3, 1], [1, 2], [3, 2, 0, 1], [0, 2], [3, 2], [2, 3], [2, 0], [0, 3, 1, 2],
  [2, 1], [1, 3], [1, 0], [0, 3], []];
const ENDS = [[0, 1], [1, 2], [3, 2], [0, 3]]; // the corners at the ends of each edge

/**
 * Calls `cross(from, to)` for the ends of every segment, two calls a segment: the indices of the two
 * neighbouring points of the mesh between which that end lies. Row 0 counts as the lower one.
 */
export function crossings(values, columns, rows, cross) {
  const offset = [0, 1, columns + 1, columns];
  for (let row = 0; row < rows - 1; row++) {
    for (let column = 0; column < columns - 1; column++) {
      const at = row * columns + column;
      let kind = 0;
      for (let k = 0; k < 4; k++) if (values[at + offset[k]] > 0) kind |= 1 << k;
      for (const edge of SEGMENTS[kind]) cross(at + offset[ENDS[edge][0]], at + offset[ENDS[edge][1]]);
    }
  }
}
