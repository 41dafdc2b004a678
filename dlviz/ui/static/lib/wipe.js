// Two pictures laid over each other with a line between them that is dragged, or moved with the arrow keys.
// What it shows are two canvases of as many pixels as the pictures have; moving the line draws nothing anew.

import { h, setText } from "./dom.js";

const STEP = 0.02;
const CRISP_FROM = 1.9; // device pixels a picture's pixel must have for its edges to be shown sharp

/**
 * new Wipe({names: [left, right], onmove(at), onpoint([x, y] | null, event, side)})
 * `at` is the place of the line in [0, 1]. `onpoint` gets the pointer's place in shares of the width and the height,
 * and the side it is on: "both" while the pictures lie over each other, else "before" or "after".
 * Lay the pictures with `lay`, write their pixels with `paint`.
 */
export class Wipe {
  constructor({ names, at = 0.5, onmove, onpoint }) {
    Object.assign(this, { at, onmove, onpoint });
    this.before = sheet("before", names[0]);
    this.after = sheet("after", names[1]);
    this.place = h("div.place.hidden");
    this.cut = h("div.cut", {
      role: "slider", tabindex: 0, "aria-label": `Line between ${names[0]} and ${names[1]}`, "aria-valuemin": 0, "aria-valuemax": 100,
      onpointerdown: (event) => this.hold(event),
      onkeydown: (event) => this.key(event),
    }, h("span.grip", { "aria-hidden": "true" }, "⇄"));
    this.element = h("div.wipe", {
      onpointermove: (event) => this.point(event),
      onpointerdown: (event) => this.point(event),
      onpointerleave: (event) => this.onpoint?.(null, event),
    }, this.before.element, this.after.element, this.place, this.cut);
    this.move(at);
  }

  /** Sizes in pixels of the picture on the left: `whole` {width, height} of the sheet, and boxes [x, y, width, height]. */
  lay({ whole, before, after }) {
    this.whole = whole;
    this.element.style.setProperty("--ratio", `${whole.width} / ${whole.height}`);
    put(this.before.canvas, before, whole);
    put(this.after.canvas, after, whole);
  }

  /** How wide it may become, px. */
  set widest(width) {
    this.element.style.setProperty("--widest", `${width}px`);
  }

  set beside(on) {
    this.element.classList.toggle("beside", on);
  }

  name(side, words) {
    setText(this[side].tag, words);
  }

  /** Write pixels (an ImageData) as one of the pictures; null leaves it empty. */
  paint(side, image) {
    const { canvas } = this[side];
    if (!image) {
      canvas.width = canvas.height = 1;
      return;
    }
    if (canvas.width !== image.width || canvas.height !== image.height) [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  /** Outline a box [x, y, width, height] of the sheet, or nothing. */
  mark(box) {
    this.place.classList.toggle("hidden", !box);
    if (box) put(this.place, box, this.whole);
  }

  /** To be called when the page draws: large pixels are shown as squares, small ones smoothly. */
  draw() {
    for (const { canvas } of [this.before, this.after]) {
      const scale = (canvas.clientWidth * (window.devicePixelRatio || 1)) / (canvas.width || 1);
      canvas.classList.toggle("pixels", scale >= CRISP_FROM);
    }
  }

  move(at) {
    this.at = Math.min(1, Math.max(0, at));
    this.element.style.setProperty("--at", this.at);
    const share = Math.round(this.at * 100);
    this.cut.setAttribute("aria-valuenow", share);
    this.cut.setAttribute("aria-valuetext", `at ${share} % of the width`);
  }

  moved(at) {
    this.move(at);
    this.onmove?.(this.at);
  }

  hold(event) {
    event.preventDefault();
    event.stopPropagation();
    this.cut.focus({ preventScroll: true });
    this.cut.setPointerCapture(event.pointerId);
    this.cut.classList.add("held");
    const box = this.element.getBoundingClientRect();
    const grip = event.clientX - (box.left + this.at * box.width);
    const letGo = new AbortController();
    const drag = (move) => this.moved((move.clientX - grip - box.left) / box.width);
    const end = () => {
      this.cut.classList.remove("held");
      letGo.abort();
    };
    this.cut.addEventListener("pointermove", drag, { signal: letGo.signal });
    for (const over of ["pointerup", "pointercancel"]) this.cut.addEventListener(over, end, { signal: letGo.signal });
  }

  key(event) {
    const step = event.shiftKey ? 5 * STEP : STEP;
    const to = { ArrowLeft: this.at - step, ArrowDown: this.at - step, ArrowRight: this.at + step, ArrowUp: this.at + step, Home: 0, End: 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.moved(to);
  }

  point(event) {
    if (this.cut.classList.contains("held") || event.composedPath().includes(this.cut)) return;
    const sheets = this.element.classList.contains("beside") ? { before: this.before.element, after: this.after.element } : { both: this.element };
    for (const [side, each] of Object.entries(sheets)) {
      const box = each.getBoundingClientRect();
      const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      if (x >= 0 && x < 1 && y >= 0 && y < 1) this.onpoint?.([x, y], event, side);
    }
  }
}

function sheet(side, name) {
  const canvas = h("canvas", { role: "img", "aria-label": name, width: 1, height: 1 });
  const tag = h("span.tag", name);
  return { canvas, tag, element: h(`div.sheet.${side}`, canvas, tag) };
}

function put(element, [x, y, width, height], whole) {
  const share = (part, all) => `${(100 * part) / all}%`;
  const style = { "--x": share(x, whole.width), "--y": share(y, whole.height), "--w": share(width, whole.width), "--h": share(height, whole.height) };
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
}
