// The maps of one row as pixels, a pixel a cell, made from the bytes of a frame in one go.

const BYTE = 255;

const pack = (table) => Uint32Array.from({ length: table.length / 3 }, (_, i) => ((BYTE << 24) | (table[3 * i + 2] << 16) | (table[3 * i + 1] << 8) | table[3 * i]) >>> 0);

let known = null; // {colors, signed, amount}: one theme at a time

/** The theme's scales as packed pixels: `signed` from −limit to limit, `amount` from 0 to limit. */
function inksOf(colors) {
  if (known?.colors !== colors) known = { colors, signed: pack(colors.diverging.table), amount: pack(colors.sequential.table) };
  return known;
}

/** Maps side by side on a canvas of their own. */
export class Sprites {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.pen = this.canvas.getContext("2d");
    this.size(1, 1, 1);
  }

  size(count, height, width) {
    if (this.count === count && this.height === height && this.width === width) return;
    Object.assign(this, { count, height, width });
    this.canvas.width = count * width;
    this.canvas.height = height;
    this.image = this.pen.createImageData(count * width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /**
   * Maps from a frame: `bytes` (count, height, width) and `range` (count, 2). `limits[c]` is the value of the full
   * colour in map c; with `amount` zero is the other end of the scale, else −limit.
   */
  paintBytes(bytes, range, limits, amount, colors) {
    const { count, height, width, pixels } = this;
    const table = inksOf(colors)[amount ? "amount" : "signed"];
    const last = table.length - 1;
    const stride = count * width;
    for (let c = 0, from = 0; c < count; c += 1) {
      const [low, high] = [range[2 * c], range[2 * c + 1]];
      const scale = amount ? last / limits[c] : last / (2 * limits[c]);
      const first = (amount ? 0 : last / 2) + low * scale + 0.5; // the half rounds
      const step = ((high - low) / BYTE) * scale;
      for (let y = 0; y < height; y += 1) {
        for (let x = 0, to = y * stride + c * width; x < width; x += 1, from += 1, to += 1) {
          const entry = (first + bytes[from] * step) | 0;
          pixels[to] = table[entry < 0 ? 0 : entry > last ? last : entry];
        }
      }
    }
    this.pen.putImageData(this.image, 0, 0);
  }

  /** Numbers (count, height, width) as they are. */
  paintValues(values, limit, amount, colors) {
    const { count, height, width, pixels } = this;
    const table = inksOf(colors)[amount ? "amount" : "signed"];
    const last = table.length - 1;
    for (let c = 0, from = 0; c < count; c += 1) {
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1, from += 1) {
          const share = amount ? values[from] / limit : 0.5 + values[from] / (2 * limit);
          const entry = Math.round(Math.min(1, Math.max(0, share)) * last);
          pixels[y * count * width + c * width + x] = table[Number.isNaN(entry) ? last / 2 : entry];
        }
      }
    }
    this.pen.putImageData(this.image, 0, 0);
  }

  /** A picture (channels, height, width) in [0, 1] as it is: grey, or red, green and blue. */
  paintPicture({ channels, height, width, data }) {
    this.size(1, height, width);
    const cells = height * width;
    const level = (value) => Math.round(Math.min(1, Math.max(0, value)) * BYTE);
    for (let i = 0; i < cells; i += 1) {
      const [r, g, b] = channels === 3 ? [data[i], data[cells + i], data[2 * cells + i]] : [data[i], data[i], data[i]];
      this.pixels[i] = ((BYTE << 24) | (level(b) << 16) | (level(g) << 8) | level(r)) >>> 0;
    }
    this.pen.putImageData(this.image, 0, 0);
  }

  drawTo(pen, k, x, y, width, height) {
    pen.drawImage(this.canvas, k * this.width, 0, this.width, this.height, x, y, width, height);
  }
}

/** The value of a byte of a frame's map. */
export const valueOf = (byte, low, high) => low + (byte / BYTE) * (high - low);
