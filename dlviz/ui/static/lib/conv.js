// Sliding layers as the browser computes them: convolution, transposed convolution, pooling. What a cell
// of the output is made of, and what a cell of the input goes into, come from the same index arithmetic
// as the output itself. Checked against torch in tests/browser/test_conv_js.py.

/**
 * The layers of a scene (numbers.layers; arrays `weight.i`, `bias.i`). `frame`, if given, brings the weights
 * instead: those that are being learned.
 */
export function readLayers(scene, frame = null) {
  const { arrays } = frame ?? scene;
  return scene.numbers.layers.map((layer, i) => new Layer(layer, arrays[`weight.${i}`]?.data, arrays[`bias.${i}`]?.data));
}

export class Layer {
  /** `shape` as Python describes it (dlviz.labs.convolution.geometry.Layer.describe). */
  constructor(shape, weight = null, bias = null) {
    this.shape = shape;
    this.kind = shape.kind;
    [this.inputs, this.outputs, this.groups] = [shape.inputs, shape.outputs, shape.groups];
    [this.height, this.width] = shape.input_size;
    [this.outHeight, this.outWidth] = shape.output_size;
    [this.kh, this.kw] = shape.kernel_size;
    [this.sh, this.sw] = shape.stride;
    [this.dh, this.dw] = shape.dilation;
    [this.top, this.bottom, this.left, this.right] = shape.padding;
    this.weight = weight;
    this.bias = bias;
    this.pools = this.kind === "max" || this.kind === "average";
    this.perGroup = this.inputs / this.groups; // input channels that one output channel sees
    this.rows = sources(this.height, this.top, this.bottom, shape.padding_mode);
    this.columns = sources(this.width, this.left, this.right, shape.padding_mode);
  }

  /** The weight between output channel o and the i-th input channel of its group, at a cell of the kernel. */
  weightAt(o, i, ky, kx) {
    if (this.pools) return this.kind === "average" ? 1 / (this.kh * this.kw) : 1;
    const perOut = this.outputs / this.groups;
    const [a, b, count] = this.kind === "transposed"
      ? [Math.floor(o / perOut) * this.perGroup + i, o % perOut, perOut]
      : [o, i, this.perGroup];
    return this.weight[((a * count + b) * this.kh + ky) * this.kw + kx];
  }

  /** Input channels that output channel o sees, ascending. */
  channelsOf(o) {
    if (this.pools) return [o];
    const first = Math.floor(o / (this.outputs / this.groups)) * this.perGroup;
    return Array.from({ length: this.perGroup }, (_, i) => first + i);
  }

  /** The output (outputs × outHeight × outWidth) of an input (inputs × height × width), as a Float32Array. */
  forward(input) {
    const size = this.outHeight * this.outWidth;
    const out = new Float32Array(this.outputs * size);
    const sums = new Float64Array(size); // one map; rounded once, at the end
    const padded = this.kind === "transposed" ? null : this.padded(input, this.kind === "max" ? -Infinity : 0);
    for (let o = 0; o < this.outputs; o += 1) {
      sums.fill(this.kind === "max" ? -Infinity : this.bias?.[o] ?? 0);
      this.channelsOf(o).forEach((channel, i) => {
        for (let ky = 0; ky < this.kh; ky += 1) {
          for (let kx = 0; kx < this.kw; kx += 1) {
            if (this.kind === "max") this.raise(sums, padded, channel, ky, kx);
            else if (this.kind === "transposed") this.spread(sums, input, channel, ky, kx, this.weightAt(o, i, ky, kx));
            else this.gather(sums, padded, channel, ky, kx, this.weightAt(o, i, ky, kx));
          }
        }
      });
      out.set(sums, o * size);
    }
    return out;
  }

  /** The input with its padding around it, `filler` where no cell of the picture stands. */
  padded(input, filler) {
    const { rows, columns, height, width } = this;
    const [down, across] = [rows.length, columns.length];
    const found = new Float32Array(this.inputs * down * across).fill(filler);
    for (let channel = 0, k = 0; channel < this.inputs; channel += 1) {
      for (let y = 0; y < down; y += 1) {
        const from = (channel * height + rows[y]) * width;
        for (let x = 0; x < across; x += 1, k += 1) if (rows[y] >= 0 && columns[x] >= 0) found[k] = input[from + columns[x]];
      }
    }
    return found;
  }

  // One cell of the kernel at every place: its weight times what it stands on.
  gather(sums, padded, channel, ky, kx, weight) {
    if (weight === 0) return;
    const { outHeight, outWidth, sh, sw } = this;
    const across = this.columns.length;
    const first = (channel * this.rows.length + ky * this.dh) * across + kx * this.dw;
    for (let y = 0, to = 0; y < outHeight; y += 1) {
      for (let x = 0, from = first + y * sh * across; x < outWidth; x += 1, to += 1, from += sw) sums[to] += weight * padded[from];
    }
  }

  // One cell of a pooling window at every place.
  raise(most, padded, channel, ky, kx) {
    const { outHeight, outWidth, sh, sw } = this;
    const across = this.columns.length;
    const first = (channel * this.rows.length + ky * this.dh) * across + kx * this.dw;
    for (let y = 0, to = 0; y < outHeight; y += 1) {
      for (let x = 0, from = first + y * sh * across; x < outWidth; x += 1, to += 1, from += sw) {
        if (padded[from] > most[to]) most[to] = padded[from];
      }
    }
  }

  // One cell of a transposed kernel: every cell of the input puts its share where the weight lies.
  spread(sums, input, channel, ky, kx, weight) {
    if (weight === 0) return;
    const { height, width, outHeight, outWidth, sh, sw } = this;
    const left = kx * this.dw - this.left;
    for (let y = 0, from = channel * height * width; y < height; y += 1) {
      const row = y * sh + ky * this.dh - this.top;
      for (let x = 0, column = left; x < width; x += 1, from += 1, column += sw) {
        if (row >= 0 && row < outHeight && column >= 0 && column < outWidth) sums[row * outWidth + column] += weight * input[from];
      }
    }
  }

  /**
   * What cell (y, x) of output channel o is made of, in the order in which it is summed: a list of
   * {channel, ky, kx, y, x, inside, value, weight, product, wins}.
   * (y, x) is the cell of the input that is read; `inside` is false where zero padding is read (y and x then lie
   * outside the picture). `at: [row, column]` is the place on the padded input, counted from the picture's corner,
   * so negative in the padding. Of a max pool exactly one term `wins`, the first of the largest, as in torch.
   */
  terms(input, o, y, x) {
    const found = this.kind === "transposed" ? this.transposedTerms(input, o, y, x) : this.slidTerms(input, o, y, x);
    if (this.kind !== "max") return found;
    let winner = null;
    for (const term of found) if (term.inside && (winner === null || term.value > winner.value)) winner = term;
    if (winner) winner.wins = true;
    return found;
  }

  slidTerms(input, o, y, x) {
    const found = [];
    this.channelsOf(o).forEach((channel, i) => {
      for (let ky = 0; ky < this.kh; ky += 1) {
        for (let kx = 0; kx < this.kw; kx += 1) {
          const [py, px] = [y * this.sh + ky * this.dh, x * this.sw + kx * this.dw];
          const [row, column] = [this.rows[py], this.columns[px]];
          const inside = row >= 0 && column >= 0;
          const value = inside ? input[(channel * this.height + row) * this.width + column] : 0;
          const weight = this.weightAt(o, i, ky, kx);
          found.push({
            channel, ky, kx, y: inside ? row : py - this.top, x: inside ? column : px - this.left, at: [py - this.top, px - this.left],
            inside, value, weight, product: value * weight, wins: false,
          });
        }
      }
    });
    return found;
  }

  transposedTerms(input, o, y, x) {
    const found = [];
    this.channelsOf(o).forEach((channel, i) => {
      for (let ky = 0; ky < this.kh; ky += 1) {
        for (let kx = 0; kx < this.kw; kx += 1) {
          const [sy, sx] = [y + this.top - ky * this.dh, x + this.left - kx * this.dw];
          const [row, column] = [sy / this.sh, sx / this.sw];
          if (!Number.isInteger(row) || !Number.isInteger(column) || row < 0 || column < 0 || row >= this.height || column >= this.width) continue;
          const value = input[(channel * this.height + row) * this.width + column];
          const weight = this.weightAt(o, i, ky, kx);
          found.push({ channel, ky, kx, y: row, x: column, at: [row, column], inside: true, value, weight, product: value * weight, wins: false });
        }
      }
    });
    return found;
  }

  /** Every output cell that reads input cell (y, x) of a channel: a list of {o, y, x, ky, kx, weight}. */
  touched(channel, y, x) {
    const found = [];
    for (let o = 0; o < this.outputs; o += 1) {
      const i = this.channelsOf(o).indexOf(channel);
      if (i < 0) continue;
      if (this.kind === "transposed") this.touchedTransposed(found, o, i, y, x);
      else this.touchedSlid(found, o, i, y, x);
    }
    return found;
  }

  touchedSlid(found, o, i, y, x) {
    for (let ky = 0; ky < this.kh; ky += 1) {
      for (let oy = 0; oy < this.outHeight; oy += 1) {
        if (this.rows[oy * this.sh + ky * this.dh] !== y) continue;
        for (let kx = 0; kx < this.kw; kx += 1) {
          for (let ox = 0; ox < this.outWidth; ox += 1) {
            if (this.columns[ox * this.sw + kx * this.dw] !== x) continue;
            found.push({ o, y: oy, x: ox, ky, kx, weight: this.weightAt(o, i, ky, kx) });
          }
        }
      }
    }
  }

  touchedTransposed(found, o, i, y, x) {
    for (let ky = 0; ky < this.kh; ky += 1) {
      const oy = y * this.sh + ky * this.dh - this.top;
      if (oy < 0 || oy >= this.outHeight) continue;
      for (let kx = 0; kx < this.kw; kx += 1) {
        const ox = x * this.sw + kx * this.dw - this.left;
        if (ox >= 0 && ox < this.outWidth) found.push({ o, y: oy, x: ox, ky, kx, weight: this.weightAt(o, i, ky, kx) });
      }
    }
  }

  /** Every place on the padded input that a cell of the kernel multiplies, [row, column] from the picture's corner. */
  met(ky, kx) {
    if (this.kind === "transposed") return allCells(this.height, this.width);
    return allCells(this.outHeight, this.outWidth).map(([y, x]) => [y * this.sh + ky * this.dh - this.top, x * this.sw + kx * this.dw - this.left]);
  }
}

/** The picture through all layers: [input, after the first, …]. */
export function through(layers, input) {
  const found = [input];
  for (const layer of layers) found.push(layer.forward(found.at(-1)));
  return found;
}

const allCells = (height, width) => Array.from({ length: height * width }, (_, k) => [Math.floor(k / width), k % width]);

// For each place on a padded side, which cell of the side is read there; −1 where a zero is.
function sources(side, before, after, mode) {
  return Int32Array.from({ length: side + before + after }, (_, place) => {
    const at = place - before;
    if (at >= 0 && at < side) return at;
    if (mode === "replicate") return at < 0 ? 0 : side - 1;
    if (mode === "circular") return (at + side) % side;
    if (mode === "reflect") return at < 0 ? -at : 2 * (side - 1) - at;
    return -1;
  });
}
