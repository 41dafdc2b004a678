// The pictures themselves as points: grey ones as a shape in the colour of their class, coloured ones in a frame of it.

import { rgb } from "../lib/color.js";

const ACROSS = 25; // tiles in a row of the sheet
const SIDE = { grey: 17, coloured: 18 }; // px on the screen
const FRAME = 2; // cells

export class Tiles {
  /** `picture(index)` → {pixels, channels, height, width}; `truth`: the class of each. */
  constructor(picture, truth, colors) {
    const count = truth.length;
    const { channels, height, width } = picture(0);
    const edge = channels === 1 ? 0 : FRAME;
    [this.wide, this.tall] = [width + 2 * edge, height + 2 * edge];
    this.side = channels === 1 ? SIDE.grey : SIDE.coloured;
    this.sheet = Object.assign(document.createElement("canvas"), { width: ACROSS * this.wide, height: Math.ceil(count / ACROSS) * this.tall });
    const pen = this.sheet.getContext("2d");
    for (let i = 0; i < count; i += 1) {
      const [x, y] = this.place(i);
      if (edge) {
        pen.fillStyle = colors.classes[truth[i]];
        pen.fillRect(x, y, this.wide, this.tall);
      }
      pen.putImageData(tile(picture(i), rgb(colors.classes[truth[i]])), x + edge, y + edge);
    }
  }

  place(i) {
    return [(i % ACROSS) * this.wide, Math.floor(i / ACROSS) * this.tall];
  }

  draw(pen, i, x, y) {
    const half = this.side / 2;
    pen.drawImage(this.sheet, ...this.place(i), this.wide, this.tall, x - half, y - half, this.side, this.side);
  }
}

function tile({ pixels, channels, height, width }, color) {
  const image = new ImageData(width, height);
  const cells = width * height;
  for (let i = 0; i < cells; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = channels === 1 ? color[c] : pixels[c * cells + i];
    image.data[4 * i + 3] = channels === 1 ? pixels[i] : 255;
  }
  return image;
}
