// The numbers of one station as pixels, a pixel a number, stretched to its place.

const OPAQUE = 255;

/** Packed colours of a scale of the theme. */
const packed = new WeakMap(); // scale → Uint32Array
function inks(scale) {
  if (!packed.has(scale)) packed.set(scale, Uint32Array.from({ length: scale.table.length / 3 }, (_, i) => pack(scale.table[3 * i], scale.table[3 * i + 1], scale.table[3 * i + 2])));
  return packed.get(scale);
}

const pack = (r, g, b) => ((OPAQUE << 24) | (b << 16) | (g << 8) | r) >>> 0;
const level = (value) => Math.round(Math.min(1, Math.max(0, value)) * OPAQUE);

export class Mosaic {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.pen = this.canvas.getContext("2d");
    this.key = null;
  }

  size({ cols, rows }) {
    if (this.image?.width === cols && this.image.height === rows) return;
    Object.assign(this.canvas, { width: cols, height: rows });
    this.image = this.pen.createImageData(cols, rows);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.key = null;
  }

  /** Whether these are painted already; if not, they are now thought to be. */
  knows(...key) {
    if (this.key?.every((each, i) => each === key[i])) return true;
    this.key = key;
    return false;
  }

  /** Signed numbers from −limit to limit. */
  paintSigned(place, values, limit, colors) {
    this.size(place);
    if (this.knows("signed", values, limit, colors, place)) return;
    const { cols, at } = place;
    const table = inks(colors.diverging);
    const last = table.length - 1;
    this.pixels.fill(0);
    for (let i = 0; i < values.length; i += 1) {
      const [col, row] = at(i);
      this.pixels[row * cols + col] = table[Math.round(Math.min(1, Math.max(0, 0.5 + values[i] / (2 * limit || 1))) * last)];
    }
    this.pen.putImageData(this.image, 0, 0);
  }

  /** Numbers in [0, 1] as grey, or as red, green and blue over all places of a pixel: (channel, row, column). */
  paintPixels(place, values, channels, colors) {
    this.size(place);
    if (this.knows("pixels", values, channels, colors, place)) return;
    const { cols, at } = place;
    const count = values.length / channels;
    this.pixels.fill(0);
    if (channels === 3) {
      for (let i = 0; i < count; i += 1) {
        const [col, row] = at(i);
        const first = row * cols + col;
        this.pixels.fill(pack(level(values[i]), level(values[count + i]), level(values[2 * count + i])), first, first + channels);
      }
    } else {
      for (let i = 0; i < values.length; i += 1) {
        const [col, row] = at(i);
        const grey = level(values[i]);
        this.pixels[row * cols + col] = pack(grey, grey, grey);
      }
    }
    this.pen.putImageData(this.image, 0, 0);
  }

  drawTo(pen, { x, y, w, h }) {
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.canvas, x, y, w, h);
  }
}
