// Where on the way through the network one stands: a slider over the stops, a play button, and ticks.

import { h, icon, replace } from "../lib/dom.js";

const PER_STOP = 1100; // ms from one stop to the next
const REST = 350; // ms at each stop
const FINE = 100; // slider positions between two stops

const ease = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);

export class Position {
  constructor(ctx) {
    this.ctx = ctx;
    this.at = 0;
    this.stops = [];
    this.frame = 0;
    this.play = h("button.round", { type: "button", onclick: () => this.toggle() });
    this.slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Way through the network" });
    this.ticks = h("div.ticks");
    this.element = h("div.position", this.play, h("div.track", this.slider, this.ticks));
    this.slider.addEventListener("input", () => {
      this.stop();
      this.move(this.slider.valueAsNumber / FINE);
    });
    this.slider.addEventListener("keydown", (event) => {
      const way = { PageUp: 1, PageDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      this.glide(Math.min(Math.max(Math.round(this.at) + way, 0), this.stops.length - 1));
    });
    ctx.signal.addEventListener("abort", () => cancelAnimationFrame(this.frame));
    this.face(false);
  }

  /** Other stops: keep to the end of the way if one stood there, else to the same stop as far as it exists. */
  build(stops) {
    const before = this.stops[Math.round(this.at)];
    const same = stops.findIndex((stop) => before && stop.layer === before.layer && stop.part === before.part);
    const last = stops.findIndex((stop) => stop.last);
    this.stop();
    this.stops = stops;
    this.at = before ? (before.last || same < 0 ? last : same) : 0;
    this.slider.max = (stops.length - 1) * FINE;
    replace(this.ticks, stops.map((stop, k) => {
      const words = stop.part === "sum" ? `${stop.name} before its activation` : stop.name;
      const share = stops.length > 1 ? k / (stops.length - 1) : 0;
      return h("button.tick.plain", {
        type: "button", tabindex: -1, title: words, "aria-label": words, style: { "--share": share }, onclick: () => this.glide(k),
      }, h("span", stop.short));
    }));
    this.element.classList.toggle("crowded", stops.length > 9);
  }

  /** The first sight: the way from the input to the last hidden layer, or only its end where motion is unwanted. */
  open(stops) {
    const end = stops.findIndex((stop) => stop.last);
    if (this.ctx.reducedMotion) this.move(end);
    else this.run([0, end], 700);
    return true;
  }

  move(at) {
    this.at = Math.min(Math.max(at, 0), this.stops.length - 1);
    this.ctx.redraw();
  }

  mark(at) {
    const share = at / Math.max(this.stops.length - 1, 1);
    const value = String(Math.round(at * FINE));
    if (this.slider.value !== value) this.slider.value = value;
    this.slider.style.setProperty("--share", share);
    const stop = this.stops[Math.round(at)];
    this.slider.setAttribute("aria-valuetext", stop.part === "sum" ? `${stop.name}, before its activation` : stop.name);
    [...this.ticks.children].forEach((tick, k) => tick.classList.toggle("here", k === Math.round(at)));
  }

  toggle() {
    if (this.frame) {
      this.stop();
      return;
    }
    const end = this.stops.findIndex((stop) => stop.last);
    this.run([this.at >= end ? 0 : this.at, end], this.at >= end ? 300 : 0);
  }

  /** Go to a stop, by the way in between. */
  glide(k) {
    this.stop();
    if (this.ctx.reducedMotion) this.move(k);
    else this.run([this.at, k], 0, Math.max(1, Math.abs(k - this.at)) ** 0.5 / Math.max(Math.abs(k - this.at), 0.01));
  }

  // From one place to another, resting at every stop between; `haste` scales the time (glides do not rest).
  run([from, to], wait, haste = null) {
    this.stop();
    const whole = Math.ceil(Math.abs(to - from));
    if (!whole) return;
    const way = Math.sign(to - from);
    const places = [from];
    for (let k = 1; k < whole; k++) places.push(way > 0 ? Math.floor(from) + k : Math.ceil(from) - k);
    places.push(to);
    const began = performance.now() + wait;
    const each = haste ? PER_STOP * haste : PER_STOP + REST;
    this.face(true);
    const next = (now) => {
      const time = Math.max(now - began, 0) / each;
      const leg = Math.min(Math.floor(time), places.length - 2);
      const share = Math.min((time - leg) * (haste ? 1 : each / PER_STOP), 1);
      const smooth = this.ctx.reducedMotion ? Number(share === 1) : haste ? share : ease(share);
      const whole = haste ? ease(Math.min(time / (places.length - 1), 1)) : null;
      this.move(whole === null ? places[leg] + (places[leg + 1] - places[leg]) * smooth : from + (to - from) * whole);
      if (time < places.length - 1) this.frame = requestAnimationFrame(next);
      else this.stop();
    };
    this.frame = requestAnimationFrame(next);
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.face(false);
  }

  face(playing) {
    const title = playing ? "Stop the morph" : "Morph from the input to the last hidden layer";
    replace(this.play, icon(playing ? "pause" : "play"));
    this.play.title = title;
    this.play.setAttribute("aria-label", title);
  }
}
