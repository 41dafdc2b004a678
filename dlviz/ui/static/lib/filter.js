// A whole photograph through the layers of the stage, in the browser: the arithmetic of conv.js for 512 × 512
// pixels, in slices, so that a page that is being dragged on stays smooth. Checked against torch and scipy in
// tests/browser/test_photo.py.

import { Layer } from "./conv.js";

const ROWS_A_SLICE = 16;
const LUMINANCE = [0.299, 0.587, 0.114]; // ITU-R BT.601, as in dlviz.labs.convolution.pictures
const MAPS = [ // what the fourfold picture of the stage shows: grey, its edges across and down, its Laplacian
  [0, 0, 0, 0, 1, 0, 0, 0, 0],
  [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  [0, 1, 0, 1, -4, 1, 0, 1, 0],
];

/** Pixels (height × width × `depth` bytes, 3 or 4 of them a pixel) as three planes in [0, 1], one after another. */
export function colourPlanes(pixels, count, depth) {
  const planes = new Float32Array(3 * count);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let i = 0, from = channel, to = channel * count; i < count; i += 1, from += depth, to += 1) planes[to] = pixels[from] / 255;
  }
  return planes;
}

/** The grey plane of three colour planes. */
export function greyPlane(planes) {
  const count = planes.length / 3;
  const grey = new Float32Array(count);
  const [r, g, b] = LUMINANCE;
  for (let i = 0; i < count; i += 1) grey[i] = r * planes[i] + g * planes[count + i] + b * planes[2 * count + i];
  return grey;
}

/** The channels that the stage gives its layer ("grey", "rgb", "maps") of a picture of three colour planes. */
export function channelsOf(planes, channels, height, width) {
  if (channels === "rgb") return planes;
  const grey = greyPlane(planes);
  if (channels === "grey") return grey;
  const weight = Float32Array.from(MAPS.flat(), (w) => w / 4);
  const shape = { kind: "conv", inputs: 1, outputs: 4, input_size: [height, width], output_size: [height, width], kernel_size: [3, 3],
    stride: [1, 1], dilation: [1, 1], padding: [1, 1, 1, 1], padding_mode: "replicate", groups: 1 };
  return filtered([new Layer(shape, weight, null)], grey, [0, 1, 2, 3]).values;
}

const outputSide = (n, kernel, stride, dilation, padding) => Math.floor((n + padding - (dilation * (kernel - 1) + 1)) / stride) + 1;
const transposedSide = (n, kernel, stride, dilation, padding) => (n - 1) * stride - padding + dilation * (kernel - 1) + 1;

/** The same layer (as Layer.describe says it) for a picture of another size; `whole`: it pools over all of it. */
export function resized(shape, height, width, whole = false) {
  if (whole) return { ...shape, input_size: [height, width], kernel_size: [height, width], stride: [height, width], output_size: [1, 1] };
  const kernel = shape.kernel_size;
  const side = shape.kind === "transposed" ? transposedSide : outputSide;
  const [top, bottom, left, right] = shape.padding;
  const size = [
    side(height, kernel[0], shape.stride[0], shape.dilation[0], top + bottom),
    side(width, kernel[1], shape.stride[1], shape.dilation[1], left + right),
  ];
  return { ...shape, input_size: [height, width], kernel_size: kernel, output_size: size };
}

/** Why a layer cannot slide over a picture of its input size, in words; "" when it can. */
export function misfit({ kind, input_size: [height, width], output_size: [down, across], kernel_size, dilation, padding, padding_mode }) {
  const reach = kernel_size.map((k, i) => dilation[i] * (k - 1) + 1);
  if (down < 1 || across < 1) {
    return kind === "transposed"
      ? `The padding takes away more than the layer makes of ${width} × ${height} pixels.`
      : `The kernel reaches over ${reach[1]} × ${reach[0]} cells, more than the picture of ${width} × ${height} pixels with its padding.`;
  }
  const room = { reflect: 1, circular: 0 }[padding_mode];
  const [top, bottom, left, right] = padding;
  if (room !== undefined && (Math.max(top, bottom) > height - room || Math.max(left, right) > width - room)) {
    return `A picture of ${width} × ${height} pixels is too small for ${Math.max(...padding)} cells of ${padding_mode} padding.`;
  }
  return "";
}

/** Layers of a scene for a photo of that size: [Layer…], each fitted to what the one before it makes. */
export function layersFor(scene, weights, height, width) {
  const whole = scene.numbers.spec.layer === "global_average_pool";
  let size = [height, width];
  return scene.numbers.layers.map((shape, i) => {
    const layer = new Layer(resized(shape, ...size, whole), weights[`weight.${i}`]?.data, weights[`bias.${i}`]?.data);
    size = layer.shape.output_size;
    return layer;
  });
}

/**
 * All at once: the maps `wanted` (numbers of output channels) that the layers make of `input`.
 * {values: map after map, height, width, products}.
 */
export function filtered(layers, input, wanted) {
  const work = slices(layers, input, wanted);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The same, a slice each time next() is called; the last one returns what `filtered` does. */
export function* slices(layers, input, wanted) {
  let values = input;
  let products = 0;
  for (const [i, layer] of layers.entries()) {
    const outputs = i === layers.length - 1 ? wanted : Array.from({ length: layer.outputs }, (_, o) => o);
    const size = layer.outHeight * layer.outWidth;
    const made = new Float32Array(outputs.length * size);
    const pad = paddedOnce(layer, values);
    for (const [at, o] of outputs.entries()) {
      const out = made.subarray(at * size, (at + 1) * size);
      if (layer.kind === "transposed") yield* spread(layer, values, o, out);
      else if (layer.kind === "conv") yield* gather(layer, pad, o, out);
      else yield* pool(layer, pad(o), out);
      const cells = layer.kind === "transposed" ? layer.height * layer.width : size;
      if (layer.weight) products += cells * layer.kh * layer.kw * layer.perGroup;
    }
    values = made;
  }
  const { outHeight: height, outWidth: width } = layers.at(-1);
  return { values, height, width, products };
}

// channel → its plane with the padding around it, made when first asked for.
function paddedOnce(layer, input) {
  const made = new Map();
  const { rows, columns, height, width } = layer;
  const outside = layer.kind === "max" ? -Infinity : 0;
  const plain = rows.length === height && columns.length === width;
  return (channel) => {
    if (plain) return input.subarray(channel * height * width, (channel + 1) * height * width);
    if (!made.has(channel)) {
      const plane = new Float32Array(rows.length * columns.length);
      for (let y = 0, to = 0; y < rows.length; y += 1) {
        const from = (channel * height + rows[y]) * width;
        for (let x = 0; x < columns.length; x += 1, to += 1) plane[to] = rows[y] < 0 || columns[x] < 0 ? outside : input[from + columns[x]];
      }
      made.set(channel, plane);
    }
    return made.get(channel);
  };
}

function* gather(layer, pad, o, out) {
  const { kh, kw, sh, dh, dw, outHeight, outWidth } = layer;
  const channels = layer.channelsOf(o);
  const bias = layer.bias?.[o] ?? 0;
  const factors = channels.map((_, i) => factored(layer, o, i));
  if (kh > 2 && kw > 2 && factors.every(Boolean)) {
    yield* gatherFactored(layer, channels.map((channel, i) => ({ plane: pad(channel), ...factors[i] })), bias, out);
    return;
  }
  const stride = layer.columns.length;
  const taps = [];
  channels.forEach((channel, i) => {
    for (let ky = 0; ky < kh; ky += 1) {
      for (let kx = 0; kx < kw; kx += 1) {
        const weight = layer.weightAt(o, i, ky, kx);
        if (weight !== 0) taps.push({ plane: pad(channel), offset: ky * dh * stride + kx * dw, weight });
      }
    }
  });
  const row = new Float64Array(outWidth); // a row stays in the fastest memory while all taps pass over it
  for (let y = 0; y < outHeight; y += 1) {
    row.fill(bias);
    addTaps(row, taps, y * sh * stride, layer.sw);
    out.set(row, y * outWidth);
    if (y % ROWS_A_SLICE === ROWS_A_SLICE - 1) yield;
  }
}

/**
 * A kernel as a column times a row, {column, row}, or null where it is none. The check is exact: the product of two
 * weights of 32 bits fits a number of 64.
 */
export function factored(layer, o, i) {
  const { kh, kw } = layer;
  const at = (ky, kx) => layer.weightAt(o, i, ky, kx);
  let [py, px] = [0, 0];
  for (let ky = 0; ky < kh; ky += 1) for (let kx = 0; kx < kw; kx += 1) if (Math.abs(at(ky, kx)) > Math.abs(at(py, px))) [py, px] = [ky, kx];
  const pivot = at(py, px);
  if (!Number.isFinite(pivot)) return null;
  for (let ky = 0; ky < kh; ky += 1) for (let kx = 0; kx < kw; kx += 1) if (at(ky, kx) * pivot !== at(ky, px) * at(py, kx)) return null;
  return {
    row: Array.from({ length: kw }, (_, kx) => at(py, kx)),
    column: Array.from({ length: kh }, (_, ky) => (pivot === 0 ? 0 : at(ky, px) / pivot)),
  };
}

// First along every row, then down the columns: k + k products a place where k · k would be needed.
function* gatherFactored(layer, parts, bias, out) {
  const { sh, sw, dh, dw, outHeight, outWidth } = layer;
  const height = layer.rows.length;
  const stride = layer.columns.length;
  const sums = [];
  for (const { plane, row } of parts) {
    const along = new Float64Array(height * outWidth);
    const taps = row.map((weight, kx) => ({ plane, offset: kx * dw, weight })).filter(({ weight }) => weight !== 0);
    for (let y = 0; y < height; y += 1) {
      addTaps(along.subarray(y * outWidth, (y + 1) * outWidth), taps, y * stride, sw);
      if (y % ROWS_A_SLICE === ROWS_A_SLICE - 1) yield;
    }
    sums.push(along);
  }
  const taps = parts.flatMap(({ column }, p) => column.map((weight, ky) => ({ plane: sums[p], offset: ky * dh * outWidth, weight }))).filter(({ weight }) => weight !== 0);
  const row = new Float64Array(outWidth);
  for (let y = 0; y < outHeight; y += 1) {
    row.fill(bias);
    addTaps(row, taps, y * sh * outWidth, 1);
    out.set(row, y * outWidth);
    if (y % ROWS_A_SLICE === ROWS_A_SLICE - 1) yield;
  }
}

function addTaps(row, taps, from, step) {
  let t = 0;
  if (step === 1) for (; t + 3 < taps.length; t += 4) addFour(row, taps, t, from);
  for (; t < taps.length; t += 1) addRow(row, taps[t].plane, taps[t].offset + from, step, taps[t].weight);
}

// Four taps at a time: the row is read and written a quarter as often, which halves the time.
function addFour(row, taps, t, from) {
  const [{ plane: a, weight: wa }, { plane: b, weight: wb }, { plane: c, weight: wc }, { plane: d, weight: wd }] = [taps[t], taps[t + 1], taps[t + 2], taps[t + 3]];
  let [i, j, k, l] = [taps[t].offset + from, taps[t + 1].offset + from, taps[t + 2].offset + from, taps[t + 3].offset + from];
  for (let x = 0; x < row.length; x += 1, i += 1, j += 1, k += 1, l += 1) row[x] += wa * a[i] + wb * b[j] + wc * c[k] + wd * d[l];
}

function addRow(row, plane, from, step, weight) {
  const { length } = row;
  if (step === 1) for (let x = 0; x < length; x += 1) row[x] += weight * plane[from + x];
  else for (let x = 0, at = from; x < length; x += 1, at += step) row[x] += weight * plane[at];
}

// The largest, and the sum, of a window are those of its columns' largest and sums: first along, then down.
function* pool(layer, plane, out) {
  const { kh, kw, sh, sw, dh, dw, outHeight, outWidth, rows, columns } = layer;
  const most = layer.kind === "max";
  const along = new Float64Array(rows.length * outWidth);
  for (let y = 0, to = 0; y < rows.length; y += 1) {
    for (let x = 0; x < outWidth; x += 1, to += 1) {
      let found = most ? -Infinity : 0;
      for (let kx = 0, at = y * columns.length + x * sw; kx < kw; kx += 1, at += dw) found = most ? Math.max(found, plane[at]) : found + plane[at];
      along[to] = found;
    }
    if (y % ROWS_A_SLICE === 0) yield;
  }
  for (let y = 0, to = 0; y < outHeight; y += 1) {
    for (let x = 0; x < outWidth; x += 1, to += 1) {
      let found = most ? -Infinity : 0;
      for (let ky = 0, at = y * sh * outWidth + x; ky < kh; ky += 1, at += dh * outWidth) found = most ? Math.max(found, along[at]) : found + along[at];
      out[to] = most ? found : found / (kh * kw);
    }
    if (y % ROWS_A_SLICE === 0) yield;
  }
}

function* spread(layer, input, o, out) {
  const { kh, kw, sh, sw, dh, dw, top, left, height, width, outHeight, outWidth } = layer;
  out.fill(layer.bias?.[o] ?? 0);
  for (const [i, channel] of layer.channelsOf(o).entries()) {
    for (let y = 0; y < height; y += 1) {
      for (let ky = 0; ky < kh; ky += 1) {
        const oy = y * sh + ky * dh - top;
        if (oy < 0 || oy >= outHeight) continue;
        for (let kx = 0; kx < kw; kx += 1) {
          const weight = layer.weightAt(o, i, ky, kx);
          const shift = kx * dw - left;
          const first = Math.max(0, Math.ceil(-shift / sw));
          const end = Math.min(width, Math.floor((outWidth - 1 - shift) / sw) + 1);
          for (let x = first, from = (channel * height + y) * width; x < end; x += 1) out[oy * outWidth + x * sw + shift] += weight * input[from + x];
        }
      }
      if (y % ROWS_A_SLICE === 0) yield;
    }
  }
}
