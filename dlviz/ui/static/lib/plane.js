// A plane one points at: a canvas with two axes. It knows where a place is in pixels and back, and tells what the pointer,
// a finger or the arrow keys do; what is on it the caller draws.

import { fit, h } from "./dom.js";
import { ticks } from "./scale.js";
import { number } from "./number.js";
import { css, rgb } from "./color.js";

const KEY_STEP = 0.02; // of the width, with Shift five times as far
const EDGE = 1.06; // room around the points

/** Lowest and highest of both axes for points [x0, y0, x1, y1, …], at least ±`least`, with a little room; about zero. */
export function viewOf(points, least = 1) {
  let most = [least, least];
  for (let i = 0; i < points.length; i += 1) if (Math.abs(points[i]) > most[i % 2]) most = most.with(i % 2, Math.abs(points[i]));
  const side = Math.max(...most) * EDGE;
  return { x: [-side, side], y: [-side, side] };
}

/**
 * new Plane({label, onhover, onpick}): `onhover([x, y] | null, event)` the place under the pointer, a finger that is drawn over
 * it, or walked to by arrow keys; null when it leaves (also Escape). `onpick([x, y], event)`: pressed, or Enter.
 * `view` = {x: [low, high], y: [low, high]}; y grows upwards.
 */
export class Plane {
  constructor({ label, onhover, onpick, names = ["z₁", "z₂"] }) {
    Object.assign(this, { onhover, onpick, names, view: { x: [-3, 3], y: [-3, 3] }, at: null });
    this.canvas = h("canvas.plane", { tabindex: 0, role: "application", "aria-label": `${label}. Arrow keys move, Enter picks, Escape leaves.` });
    this.listen();
  }

  /** [x, y] in CSS pixels of the canvas. */
  toPixel([x, y]) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const { x: [west, east], y: [south, north] } = this.view;
    return [((x - west) / (east - west)) * width, ((north - y) / (north - south)) * height];
  }

  toPlace([left, top]) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const { x: [west, east], y: [south, north] } = this.view;
    return [west + (left / width) * (east - west), north - (top / height) * (north - south)];
  }

  listen() {
    const { canvas } = this;
    const placeOf = (event) => {
      const box = canvas.getBoundingClientRect();
      return this.toPlace([event.clientX - box.left, event.clientY - box.top]);
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.go(placeOf(event), event);
      this.onpick?.(this.at, event);
    });
    canvas.addEventListener("pointermove", (event) => this.go(placeOf(event), event));
    canvas.addEventListener("pointerleave", (event) => this.go(null, event));
    canvas.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (way) {
        // In pixels, so that a step is as wide everywhere on a plane whose axes are not even.
        const far = KEY_STEP * (event.shiftKey ? 5 : 1);
        const sizes = [canvas.clientWidth, canvas.clientHeight];
        const from = this.at ? this.toPixel(this.at) : sizes.map((size) => size / 2);
        this.go(this.toPlace(from.map((value, i) => Math.min(sizes[i], Math.max(0, value + (i ? -way[i] : way[i]) * far * sizes[i])))), event);
      } else if (event.key === "Enter" && this.at) this.onpick?.(this.at, event);
      else if (event.key === "Escape") this.go(null, event);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  go(place, event) {
    this.at = place;
    this.onhover?.(place, event);
  }

  /** Clear, and draw the axes with their numbers; the pen to draw on. Draw what lies under the axes with `under(pen)`. */
  begin(colors, under) {
    const { pen, width, height } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    under?.(pen);
    pen.font = `11px ${colors.font}`;
    pen.lineWidth = 1;
    pen.strokeStyle = css(rgb(colors.ink), 0.12);
    pen.fillStyle = colors.muted;
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    for (const value of ticks(...this.view.x, Math.max(3, width / 110))) {
      const x = Math.round(this.toPixel([value, 0])[0]) + 0.5;
      pen.beginPath();
      pen.moveTo(x, 0);
      pen.lineTo(x, height);
      pen.stroke();
      if (x > 20 && x < width - 34) pen.fillText(number(value), x + 3, height - 3);
    }
    for (const value of ticks(...this.view.y, Math.max(3, height / 110))) {
      const y = Math.round(this.toPixel([0, value])[1]) + 0.5;
      pen.beginPath();
      pen.moveTo(0, y);
      pen.lineTo(width, y);
      pen.stroke();
      if (y > 24 && y < height - 20) pen.fillText(number(value), 4, y - 2);
    }
    pen.textAlign = "right";
    pen.fillText(this.names[0], width - 6, height - 3);
    pen.textAlign = "left";
    pen.textBaseline = "top";
    pen.fillText(this.names[1], 4, 4);
    return pen;
  }
}
