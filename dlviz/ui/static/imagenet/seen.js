// The 224 × 224 pixels that the network is given, and on them what one cell of a map can see.

import { fit, h } from "../lib/dom.js";
import { SIDE } from "./resample.js";

const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** `point([row, column] | null)` hears the pointer and the arrow keys. Set `bytes`, `field`, `place`; then `draw`. */
export class Seen {
  constructor(point) {
    this.bytes = null; // 224 × 224 × 3
    this.field = null; // {top, bottom, left, right} of the picture, inclusive; it may reach over the border
    this.place = null;
    this.image = document.createElement("canvas");
    this.image.width = this.image.height = SIDE;
    this.canvas = h("canvas.seen", { tabindex: point ? 0 : null, role: point ? "application" : "img", "aria-label": "What the network is given, 224 × 224 pixels" });
    if (point) this.listen(point);
  }

  take(bytes) {
    this.bytes = bytes;
    const image = new ImageData(SIDE, SIDE);
    for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
      image.data[to] = bytes[from];
      image.data[to + 1] = bytes[from + 1];
      image.data[to + 2] = bytes[from + 2];
      image.data[to + 3] = 255;
    }
    this.image.getContext("2d").putImageData(image, 0, 0);
  }

  listen(point) {
    const { canvas } = this;
    const within = (value) => Math.min(SIDE - 1, Math.max(0, value));
    for (const kind of ["pointermove", "pointerdown"]) {
      canvas.addEventListener(kind, (event) => {
        const box = canvas.getBoundingClientRect();
        point([(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width].map((share) => within(Math.floor(share * SIDE))));
      });
    }
    canvas.addEventListener("pointerleave", () => point(null));
    canvas.addEventListener("keydown", (event) => {
      const way = WAYS[event.key];
      if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const step = event.shiftKey ? 16 : 1;
      const [row, column] = this.place ?? [SIDE / 2, SIDE / 2];
      point([within(row + step * way[0]), within(column + step * way[1])]);
    });
  }

  draw(colors) {
    const { pen, width, height } = fit(this.canvas);
    if (!width || !this.bytes) return;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.image, 0, 0, width, height);
    const px = width / SIDE;
    if (this.field) {
      const [top, left] = [Math.max(0, this.field.top), Math.max(0, this.field.left)];
      const [bottom, right] = [Math.min(SIDE, this.field.bottom + 1), Math.min(SIDE, this.field.right + 1)];
      frame(pen, [left * px, top * px, (right - left) * px, (bottom - top) * px], colors, 2);
    }
    if (this.place) frame(pen, [this.place[1] * px - 2, this.place[0] * px - 2, px + 4, px + 4], colors, 1.5);
  }
}

/** A frame that stands out from any picture: the accent, with paper around it. */
function frame(pen, [x, y, width, height], colors, thick) {
  pen.lineWidth = thick + 2;
  pen.strokeStyle = colors.paper;
  pen.strokeRect(x, y, width, height);
  pen.lineWidth = thick;
  pen.strokeStyle = colors.accent;
  pen.strokeRect(x, y, width, height);
}
