// The crop of a square picture reduced (or enlarged) to 224 × 224, byte for byte as Pillow does it on the server: bicubic,
// over as many pixels as one of the result covers. A test holds the two together.

export const SIDE = 224;
export const MIDDLE = { left: 0.0625, top: 0.0625, size: 0.875 }; // what torchvision's Resize(256), CenterCrop(224) leave
export const LEAST = 1 / 16; // of the picture's side

const BITS = 22; // weights are whole numbers of 2⁻²²
const HALF = 2 ** (BITS - 1);
const A = -0.5;

function cubic(distance) {
  const x = Math.abs(distance);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
}

/** For each of the 224 results: from which pixel on, and the weights of the pixels from there. */
function weightsOf(inside, start, end) {
  const [from, to] = [Math.fround(start), Math.fround(end)]; // Pillow keeps the box in single precision
  const scale = Math.fround(to - from) / SIDE;
  const wide = Math.max(scale, 1);
  const support = 2 * wide;
  return Array.from({ length: SIDE }, (_, at) => {
    const center = from + (at + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const last = Math.min(inside, Math.trunc(center + support + 0.5));
    const raw = Array.from({ length: last - first }, (__, i) => cubic((i + first - center + 0.5) * (1 / wide)));
    const sum = raw.reduce((a, b) => a + b, 0);
    return { first, weights: Int32Array.from(raw, (w) => Math.trunc((w / sum) * 2 ** BITS + (w < 0 ? -0.5 : 0.5))) };
  });
}

/** What the network is given: bytes, 224 × 224 × 3. `picture`: {pixels, depth (3 or 4), width, height}, square. */
export function resample({ pixels, depth, width, height }, { left, top, size }) {
  const across = weightsOf(width, left * width, left * width + size * width);
  const down = weightsOf(height, top * height, top * height + size * height);
  const firstRow = down[0].first;
  const rows = down[SIDE - 1].first + down[SIDE - 1].weights.length - firstRow;
  const between = new Uint8ClampedArray(rows * SIDE * 3);
  for (let y = 0, to = 0; y < rows; y += 1) {
    const row = (y + firstRow) * width * depth;
    for (let x = 0; x < SIDE; x += 1, to += 3) {
      const { first, weights } = across[x];
      let [r, g, b] = [HALF, HALF, HALF];
      for (let i = 0, from = row + first * depth; i < weights.length; i += 1, from += depth) {
        const w = weights[i];
        r += pixels[from] * w;
        g += pixels[from + 1] * w;
        b += pixels[from + 2] * w;
      }
      between[to] = r >> BITS;
      between[to + 1] = g >> BITS;
      between[to + 2] = b >> BITS;
    }
  }
  const found = new Uint8ClampedArray(SIDE * SIDE * 3);
  const line = SIDE * 3;
  for (let y = 0, to = 0; y < SIDE; y += 1) {
    const { first, weights } = down[y];
    const start = (first - firstRow) * line;
    for (let x = 0; x < line; x += 1, to += 1) {
      let sum = HALF;
      for (let i = 0, from = start + x; i < weights.length; i += 1, from += line) sum += between[from] * weights[i];
      found[to] = sum >> BITS;
    }
  }
  return found;
}

/** Bytes in base 64, as a command carries them. */
export function encoded(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
