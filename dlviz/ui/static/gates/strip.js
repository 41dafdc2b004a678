// The gate strip: rows of gates over the steps of the sequence, aligned with its tokens; one row may be opened into all
// its units. It is painted once into a small picture, a pixel a number; pointing redraws only what lies over it.

import { h, replace, setText, steady } from "../lib/dom.js";
import { spoken } from "../lib/tokens.js";
import { fitView, paintBase, paintOver, paintPixels } from "./painting.js";

const TOKENS = 30; // px: the row of tokens, and below it the pattern
const PATTERN = 9;
const ROW = 26;
const GAP = 6;
const TALLEST_UNIT = 16;
const ALL_UNITS = 330; // px that all units of a row may take, as long as each has two
const decimals = (value) => steady(Math.abs(value) < 0.005 ? 0 : value, 2);
const WIDEST = { letters: 34, words: 104, numbers: 58 };

export class Strip {
  /** `on`: {hover(step), pick(step), brush(span), unit(k), open(name), clear()}. */
  constructor({ label, colors, redraw, on }) {
    Object.assign(this, { colors, redraw, on });
    this.model = null;
    this.stale = { pixels: true, base: true };
    this.drag = null;
    this.at = 0; // the step that the keys are at
    this.anchor = null; // where they began a span
    this.names = h("div.names");
    this.base = h("canvas.base", { "aria-hidden": "true" });
    this.over = h("canvas.over", {
      tabindex: 0, role: "slider", "aria-label": label, "aria-orientation": "horizontal",
      onpointermove: (event) => this.move(event), onpointerleave: () => this.leave(),
      onpointerdown: (event) => this.press(event), onpointerup: (event) => this.release(event),
      onpointercancel: () => { this.drag = null; }, onkeydown: (event) => this.key(event),
    });
    this.view = h("div.view", this.base, this.over);
    this.wide = h("div.wide", this.view);
    this.scroller = h("div.scroller", { onscroll: () => { this.stale.base = true; redraw(); } }, this.wide);
    this.element = h("div.strip", this.names, this.scroller);
    this.timings = { pixels: 0, base: 0, over: 0 };
  }

  /**
   * {steps, units, labels, kind ("letters", "words", "numbers"), rows: [{name, letter, words, shape, series, values,
   * signed, limit, open}], order (units from the top), unit, pattern, changed (Set of steps), matches, zoom}.
   */
  set(model) {
    const shape = (of) => of && JSON.stringify(of.rows.map(({ name, open, words }) => [name, open, words]));
    const rebuild = shape(model) !== shape(this.model);
    this.model = model;
    this.stale = { pixels: true, base: true };
    if (rebuild) this.build();
    this.over.setAttribute("aria-valuemin", 1);
    this.over.setAttribute("aria-valuemax", model.steps);
    this.redraw();
  }

  build() {
    const { rows } = this.model;
    this.values = rows.map(() => h("span.now.value"));
    this.limits = rows.map(() => h("span.limit"));
    const headings = [h("span.heading.read.label", "it reads"), h("span.heading.share.label", "brushed, on")];
    this.buttons = rows.map(({ name, letter, words, open }, i) => h("button.name", {
      type: "button", "aria-expanded": open, "data-row": name, title: open ? "Show it as one row" : "Show all its units",
      "aria-label": `${words} ${letter}: ${open ? "show it as one row" : "show all its units"}`, onclick: () => this.on.open(open ? null : name),
    }, h("i.turn", open ? "▾" : "▸"), h("b", letter), h("span.words", words), this.limits[i], this.values[i]));
    replace(this.names, headings, this.buttons);
  }

  /** Where everything lies, in CSS pixels. */
  layout() {
    const { steps, units, rows, kind, zoom, longest } = this.model;
    const width = this.scroller.clientWidth;
    const least = kind === "letters" ? 13 : Math.min(WIDEST[kind], longest * 7.4 + 12);
    const even = Math.min(width / steps, WIDEST[kind]);
    const column = zoom === "all" ? even : Math.max(even, least);
    const tall = Math.max(2, Math.min(TALLEST_UNIT, Math.floor(ALL_UNITS / units)));
    let y = TOKENS + PATTERN + GAP;
    const places = rows.map(({ open }) => {
      const place = { y, height: open ? units * tall : ROW, tall };
      y += place.height + GAP;
      return place;
    });
    return { width, column, tokens: TOKENS, pattern: PATTERN, places, height: y - GAP + 1, left: this.scroller.scrollLeft };
  }

  place() {
    const places = this.layout();
    this.places = places;
    const total = places.column * this.model.steps;
    this.wide.style.width = `${Math.max(total, places.width)}px`;
    this.wide.style.height = this.view.style.height = `${places.height}px`;
    this.view.style.width = `${places.width}px`;
    this.buttons.forEach((name, i) => {
      name.style.top = `${places.places[i].y}px`;
      name.style.height = `${Math.min(places.places[i].height, 44)}px`;
    });
    this.names.style.height = `${places.height}px`;
  }

  /** `look`: {step, span, pinned}. Paints what is stale, and always what lies over it. */
  draw(look) {
    if (!this.model || !this.scroller.clientWidth) return;
    const colors = this.colors();
    if (this.painted !== colors || this.measured !== this.scroller.clientWidth) this.stale = { pixels: true, base: true };
    this.painted = colors;
    this.measured = this.scroller.clientWidth;
    if (this.stale.pixels) this.timed("pixels", () => { this.pixels = paintPixels(this.model, colors); });
    if (this.stale.base) {
      this.place();
      this.warn = getComputedStyle(this.element).getPropertyValue("--warn").trim();
      this.timed("base", () => paintBase(fitView(this.base), this.model, this.places, this.pixels, colors, this.warn));
    }
    this.stale = { pixels: false, base: false };
    this.timed("over", () => {
      paintOver(fitView(this.over), this.model, this.places, { ...look, span: this.drag?.span ?? look.span }, colors);
      this.tell(look.step);
    });
  }

  timed(name, fn) {
    const began = performance.now();
    fn();
    this.timings[name] = performance.now() - began;
  }

  /** The values of the rows at a step. */
  tell(step) {
    const { rows, labels, steps } = this.model;
    rows.forEach(({ series, signed, limit }, i) => {
      setText(this.values[i], step === null ? "" : decimals(series[step]));
      setText(this.limits[i], signed ? `±${limit}` : "0…1");
    });
    if (step === null) return;
    this.over.setAttribute("aria-valuenow", step + 1);
    const said = rows.map(({ letter, series }) => `${letter} ${decimals(series[step])}`).join(", ");
    this.over.setAttribute("aria-valuetext", `step ${step + 1} of ${steps}, ${spoken(labels[step])}: ${said}`);
  }

  /** Bring a step into the frame. */
  reveal(step) {
    if (!this.places || step === null) return;
    const { column, width } = this.places;
    const [left, right] = [step * column, (step + 1) * column];
    const { scrollLeft } = this.scroller;
    if (left < scrollLeft || right > scrollLeft + width) this.scroller.scrollLeft = (left + right - width) / 2;
  }

  /** Where the middle of a step lies on the screen, in the row of tokens or in a row of gates. */
  middle(step, row = null) {
    const { left, top } = this.over.getBoundingClientRect();
    const place = row === null ? { y: 0, height: TOKENS } : this.places.places[this.model.rows.findIndex(({ name }) => name === row)];
    return [left + (step + 0.5) * this.places.column - this.scroller.scrollLeft, top + place.y + place.height / 2];
  }

  stepAt(event) {
    const step = Math.floor((event.offsetX + this.scroller.scrollLeft) / this.places.column);
    return step >= 0 && step < this.model.steps ? step : null;
  }

  /** The unit under the pointer in the opened row, or null. */
  unitAt(event) {
    const at = this.model.rows.findIndex(({ open }) => open);
    if (at < 0) return null;
    const { y, height, tall } = this.places.places[at];
    return event.offsetY >= y && event.offsetY < y + height ? this.model.order[Math.floor((event.offsetY - y) / tall)] : null;
  }

  move(event) {
    if (!this.places) return;
    const step = this.stepAt(event);
    if (this.drag && step !== null) {
      const { start } = this.drag;
      if (step !== start || this.drag.span) {
        this.drag.span = { from: Math.min(start, step), to: Math.max(start, step) };
        this.on.brush(this.drag.span);
      }
    }
    this.on.hover(step);
  }

  leave() {
    if (!this.drag) this.on.hover(null);
  }

  press(event) {
    if (event.button !== 0 || event.pointerType === "touch" || !this.places) return;
    const start = this.stepAt(event);
    if (start === null) return;
    this.over.setPointerCapture(event.pointerId);
    this.drag = { start, span: null };
  }

  release(event) {
    const { drag } = this;
    this.drag = null;
    if (!this.places || drag?.span) return;
    const unit = this.unitAt(event);
    if (unit !== null) this.on.unit(unit);
    this.on.pick(this.stepAt(event));
  }

  key(event) {
    const { steps, order, unit } = this.model;
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const { at } = this;
    if (way && event.shiftKey) {
      const to = Math.min(steps - 1, Math.max(0, at + way));
      this.anchor ??= at;
      this.on.brush({ from: Math.min(this.anchor, to), to: Math.max(this.anchor, to) });
      this.walk(to);
    } else if (way || event.key === "Home" || event.key === "End") {
      this.anchor = null;
      this.walk(way ? Math.min(steps - 1, Math.max(0, at + way)) : event.key === "Home" ? 0 : steps - 1);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const down = event.key === "ArrowDown" ? 1 : -1;
      const now = unit === null ? (down > 0 ? -1 : order.length) : order.indexOf(unit);
      this.on.unit(order[Math.min(order.length - 1, Math.max(0, now + down))], { keep: true });
    } else if (event.key === "Enter") {
      this.on.pick(at);
    } else if (event.key === "Escape") {
      this.anchor = null;
      this.on.clear();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  walk(step) {
    this.at = step; // the next key may come before anything is drawn
    this.on.hover(step, { walked: true });
    this.reveal(step);
  }
}
