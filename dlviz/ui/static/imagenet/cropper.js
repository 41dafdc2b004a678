// The photograph with a frame on it: what is inside goes to the network. Drag the frame, pull a corner, turn the wheel.

import { css, rgb } from "../lib/color.js";
import { fit, h } from "../lib/dom.js";
import { imageOf } from "../lib/photos.js";
import { LEAST, MIDDLE } from "./resample.js";

const CORNER = 18; // px around a corner that pull it
const MOVE = 0.02; // of the picture's side, per arrow key
const ZOOM = 1.1;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** The nearest crop that lies inside the picture. */
export function inside({ left, top, size }) {
  const wide = clamp(size, LEAST, 1);
  return { left: clamp(left, 0, 1 - wide), top: clamp(top, 0, 1 - wide), size: wide };
}

/** `change(crop)` hears every move of the frame. `show(picture, crop)`, then `draw(colors)`. */
export class Cropper {
  constructor(change) {
    this.change = change;
    this.crop = MIDDLE;
    this.held = null; // {corner | null, from: [x, y], crop} while a finger is down
    this.image = document.createElement("canvas");
    this.canvas = h("canvas.frame", { tabindex: 0, role: "application", "aria-roledescription": "crop of the picture", "aria-label": "The picture" });
    this.listen();
  }

  show(picture, crop) {
    if (picture !== this.picture) {
      this.picture = picture;
      Object.assign(this.image, { width: picture.width, height: picture.height });
      this.image.getContext("2d").putImageData(imageOf(picture), 0, 0);
    }
    this.crop = crop;
    const [left, top, size] = [crop.left, crop.top, crop.size].map((share) => Math.round(share * 100));
    this.canvas.setAttribute("aria-label", `${picture.name}, cut out ${size} % of its side, ${left} % from the left, ${top} % from the top. Arrows move, + and − zoom, Home goes back to the middle.`);
  }

  /** Zoom about a point of the picture, in shares of its side. */
  zoom(factor, [x, y] = [this.crop.left + this.crop.size / 2, this.crop.top + this.crop.size / 2]) {
    const { left, top, size } = this.crop;
    const next = clamp(size / factor, LEAST, 1);
    const stay = next / size;
    this.change(inside({ left: x - (x - left) * stay, top: y - (y - top) * stay, size: next }));
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  cornerAt([x, y]) {
    const { left, top, size } = this.crop;
    const near = CORNER / this.canvas.clientWidth;
    for (const [right, low] of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
      if (Math.abs(x - left - right * size) < near && Math.abs(y - top - low * size) < near) return [right, low];
    }
    return null;
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      const from = this.at(event);
      canvas.setPointerCapture(event.pointerId);
      this.held = { corner: this.cornerAt(from), from, crop: this.crop };
    });
    canvas.addEventListener("pointermove", (event) => {
      const [x, y] = this.at(event);
      const { held } = this;
      if (!held) {
        const corner = this.cornerAt([x, y]);
        canvas.style.cursor = corner ? (corner[0] === corner[1] ? "nwse-resize" : "nesw-resize") : "move";
        return;
      }
      const [dx, dy] = [x - held.from[0], y - held.from[1]];
      const { left, top, size } = held.crop;
      if (!held.corner) {
        this.change(inside({ left: left + dx, top: top + dy, size }));
        return;
      }
      const [right, low] = held.corner; // the corner across from it stays
      const room = Math.min(right ? 1 - left : left + size, low ? 1 - top : top + size);
      const next = clamp(size + Math.max(right ? dx : -dx, low ? dy : -dy), LEAST, room);
      this.change({ left: right ? left : left + size - next, top: low ? top : top + size - next, size: next });
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { this.held = null; });
    canvas.addEventListener("wheel", (event) => {
      if (canvas.getRootNode().activeElement !== canvas) return; // a page that is scrolled past must not zoom
      event.preventDefault();
      this.zoom(ZOOM ** -Math.sign(event.deltaY), this.at(event));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { left, top, size } = this.crop;
      const way = WAYS[event.key];
      if (way) this.change(inside({ left: left + MOVE * way[0], top: top + MOVE * way[1], size }));
      else if (event.key === "+" || event.key === "=") this.zoom(ZOOM);
      else if (event.key === "-") this.zoom(1 / ZOOM);
      else if (event.key === "Home") this.change(MIDDLE);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  draw(colors) {
    const { pen, width, height } = fit(this.canvas);
    if (!width || !this.picture) return;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.image, 0, 0, width, height);
    const { left, top, size } = this.crop;
    const [x, y, side] = [left * width, top * height, size * width];
    pen.fillStyle = css(rgb(colors.paper), 0.62);
    pen.beginPath();
    pen.rect(0, 0, width, height);
    pen.rect(x, y, side, side);
    pen.fill("evenodd");
    pen.lineWidth = 2;
    pen.strokeStyle = colors.accent;
    pen.strokeRect(x + 1, y + 1, Math.max(0, side - 2), Math.max(0, side - 2));
    pen.fillStyle = colors.accent;
    for (const [right, low] of [[0, 0], [1, 0], [0, 1], [1, 1]]) pen.fillRect(x + right * (side - 8), y + low * (side - 8), 8, 8);
  }
}
