// The matrix that a sliding layer is: a row for every cell of one map, a column for every cell of the input.
// Built from what lib/conv.js says each output cell is made of, so that it cannot be another layer.

/**
 * Places where a weight stands, row by row. A weight that stands in one place twice (padding by reflection reads
 * a cell several times) is two terms and one entry; the entry is their sum.
 *   starts (rows + 1), columns, values, taps: the terms; `taps` numbers the weight, (channel · kh + ky) · kw + kx
 *   entries: {starts, columns, values}, the columns of a row ascending
 */
export class Sparse {
  constructor(rows, cols, starts, columns, values, taps) {
    Object.assign(this, { rows, cols, starts, columns, values, taps });
    this.entries = merged(this);
  }

  transposed() {
    const { rows, cols, columns, values, taps } = this;
    const starts = new Int32Array(cols + 1);
    for (const column of columns) starts[column + 1] += 1;
    for (let c = 0; c < cols; c += 1) starts[c + 1] += starts[c];
    const next = starts.slice(0, cols);
    const found = { columns: new Int32Array(columns.length), values: new Float32Array(columns.length), taps: new Int32Array(columns.length) };
    for (let r = 0; r < rows; r += 1) {
      for (let t = this.starts[r]; t < this.starts[r + 1]; t += 1) {
        const at = next[columns[t]]++;
        found.columns[at] = r;
        found.values[at] = values[t];
        found.taps[at] = taps[t];
      }
    }
    return new Sparse(cols, rows, starts, found.columns, found.values, found.taps);
  }

  /** Matrix times a column of numbers. */
  times(column) {
    const found = new Float32Array(this.rows);
    const { starts, columns, values } = this.entries;
    for (let r = 0; r < this.rows; r += 1) {
      let sum = 0;
      for (let e = starts[r]; e < starts[r + 1]; e += 1) sum += values[e] * column[columns[e]];
      found[r] = sum;
    }
    return found;
  }

  /** The entry at a place, 0 where none stands. */
  at(row, column) {
    const e = this.entryAt(row, column);
    return e < 0 ? 0 : this.entries.values[e];
  }

  /** Index of the entry at a place, −1 where no weight stands. */
  entryAt(row, column) {
    const { starts, columns } = this.entries;
    let [low, high] = [starts[row], starts[row + 1] - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (columns[middle] === column) return middle;
      if (columns[middle] < column) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** The weights that stand at a place, by their number. */
  tapsAt(row, column) {
    const found = [];
    for (let t = this.starts[row]; t < this.starts[row + 1]; t += 1) if (this.columns[t] === column) found.push(this.taps[t]);
    return found;
  }

  /** Every place of one weight: [row, column]. */
  placesOf(tap) {
    const found = [];
    for (let r = 0; r < this.rows; r += 1) {
      for (let t = this.starts[r]; t < this.starts[r + 1]; t += 1) if (this.taps[t] === tap) found.push([r, this.columns[t]]);
    }
    return found;
  }

  /**
   * {all, places, filled, numbers, weights, most, folded}: entries in all, those where a weight stands, those that
   * are not zero, the different numbers among these, the weights that stand anywhere, how often the commonest does,
   * places where several weights add up.
   */
  count() {
    const { values } = this.entries;
    const numbers = new Set();
    let filled = 0;
    for (const value of values) {
      if (value === 0) continue;
      filled += 1;
      numbers.add(value);
    }
    const uses = new Map();
    for (const tap of this.taps) uses.set(tap, (uses.get(tap) ?? 0) + 1);
    return {
      all: this.rows * this.cols, places: values.length, filled, numbers: numbers.size, weights: uses.size,
      most: Math.max(0, ...uses.values()), folded: this.taps.length - values.length,
    };
  }
}

/**
 * The matrix of a layer from the input channels listed, side by side, to its map `o`. Of a max pool, for the input
 * given: a 1 where the winner of each window is. Zero padding has no column.
 */
export function matrixOf(layer, input, o, channels) {
  const size = layer.height * layer.width;
  const from = new Int32Array(layer.inputs).fill(-1);
  channels.forEach((channel, i) => { from[channel] = i * size; });
  const rows = layer.outHeight * layer.outWidth;
  const starts = new Int32Array(rows + 1);
  const [columns, values, taps] = [[], [], []];
  for (let y = 0, r = 0; y < layer.outHeight; y += 1) {
    for (let x = 0; x < layer.outWidth; x += 1, r += 1) {
      for (const term of layer.terms(input, o, y, x)) {
        if (!term.inside || from[term.channel] < 0 || (layer.kind === "max" && !term.wins)) continue;
        columns.push(from[term.channel] + term.y * layer.width + term.x);
        values.push(term.weight);
        taps.push((term.channel * layer.kh + term.ky) * layer.kw + term.kx);
      }
      starts[r + 1] = columns.length;
    }
  }
  return new Sparse(rows, channels.length * size, starts, Int32Array.from(columns), Float32Array.from(values), Int32Array.from(taps));
}

// Terms of a row sorted by column, those of one column added up.
function merged({ rows, cols, starts, columns, values }) {
  const sums = new Float64Array(cols);
  const last = new Int32Array(cols).fill(-1);
  const found = { starts: new Int32Array(rows + 1), columns: new Int32Array(columns.length), values: new Float32Array(columns.length) };
  let at = 0;
  for (let r = 0; r < rows; r += 1) {
    const begun = at;
    for (let t = starts[r]; t < starts[r + 1]; t += 1) {
      const column = columns[t];
      if (last[column] !== r) {
        last[column] = r;
        sums[column] = 0;
        found.columns[at++] = column;
      }
      sums[column] += values[t];
    }
    found.columns.subarray(begun, at).sort();
    for (let e = begun; e < at; e += 1) found.values[e] = sums[found.columns[e]];
    found.starts[r + 1] = at;
  }
  return { starts: found.starts, columns: found.columns.subarray(0, at), values: found.values.subarray(0, at) };
}
