// One sweep over sizes of the code as the replies bring it: numbers of every method, pictures, the principal directions.

export const METHODS = ["autoencoder", "pca", "linear"];
export const NAMES = { autoencoder: "Autoencoder", pca: "PCA", linear: "Linear autoencoder" };
const ROWS = ["error", "quantized", "explained", "parameters"];

export class Sweep {
  constructor(reply) {
    const { arrays } = reply;
    const one = (name) => arrays[name].data[0];
    this.sizes = [...arrays.sizes.data];
    this.methods = Object.fromEntries(METHODS.map((name) => [name, arrays[`${name}_error`] ? Object.fromEntries(ROWS.map((row) => [row, [...arrays[`${name}_${row}`].data]])) : null]));
    this.again = Object.fromEntries(METHODS.map((name) => [name, arrays[`${name}_again`] ?? null]));
    [this.input, this.truth] = [arrays.input, [...arrays.truth.data]];
    [this.curve, this.share] = [[...arrays.curve.data], [...arrays.share.data]];
    [this.mean, this.eigen] = [arrays.mean_picture, arrays.eigen];
    [this.rawBytes, this.pngBytes, this.steps] = [one("raw_bytes"), one("png_bytes"), one("trained")];
    this.done = [...arrays.done.data];
    const angles = arrays.linear_angles;
    this.angles = this.sizes.map((size, k) => (angles ? [...angles.data.subarray(k * angles.shape[1], k * angles.shape[1] + size)].filter((angle) => angle >= 0) : []));
    this.isDone = !reply.numbers.progress;
  }

  get shape() {
    return this.input.shape.slice(1);
  }

  has(name, k) {
    return Number.isFinite(this.methods[name]?.error[k] ?? NaN);
  }

  /** The bytes of picture `i`, as it is or as `name` gives it back from a code of `sizes[k]` numbers. */
  picture(i, name = null, k = 0) {
    const [channels, height, width] = this.shape;
    const size = channels * height * width;
    const array = name ? this.again[name] : this.input;
    const at = name ? k * array.shape[1] + i : i;
    return { pixels: array.data.subarray(at * size, (at + 1) * size), channels, height, width };
  }

  /** Mean squared error of one picture, from the bytes that are on screen. */
  errorOf(i, name, k) {
    const [a, b] = [this.picture(i), this.picture(i, name, k)];
    let sum = 0;
    for (let p = 0; p < a.pixels.length; p += 1) sum += ((a.pixels[p] - b.pixels[p]) / 255) ** 2;
    return sum / a.pixels.length;
  }

  /** The least number of principal directions with an error of at most `error`; null where 64 are not enough. */
  directionsFor(error) {
    const at = this.curve.findIndex((value) => value <= error);
    return at < 0 ? null : at;
  }
}
