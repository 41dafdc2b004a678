// Damage to pictures from a seed, the same each time: what a denoising autoencoder is to undo.

/** Numbers in [0, 1) from a seed: mulberry32, a public-domain generator by T. Ettinger. */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers ~ N(0, 1) from numbers in [0, 1), two of them each (G. Box and M. Muller, 1958). */
const normal = (draw) => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

/**
 * The picture (channel, row, column) damaged: noise of spread `amount` on every number ("gaussian"), or a share `amount` of the
 * cells to black ("masking"), or half of these to white ("salt_pepper"). It stays in [0, 1].
 */
export function damage(pixels, [, height, width], { kind, amount, seed }) {
  const draw = chance(seed);
  if (kind === "gaussian") return pixels.map((value) => Math.min(1, Math.max(0, value + amount * normal(draw))));
  const hit = Float64Array.from({ length: height * width }, draw);
  return pixels.map((value, i) => {
    const at = hit[i % hit.length];
    if (at >= amount) return value;
    return kind === "masking" || at < amount / 2 ? 0 : 1;
  });
}

/** The picture with a rectangle of cells, {top, left, bottom, right} (inclusive), of one value. */
export function covered(pixels, [, height, width], box, value) {
  if (!box) return pixels;
  return pixels.map((old, i) => (isCovered(i, height, width, box) ? value : old));
}

export function isCovered(i, height, width, { top, left, bottom, right }) {
  const at = i % (height * width);
  const [y, x] = [Math.floor(at / width), at % width];
  return y >= top && y <= bottom && x >= left && x <= right;
}
