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
    else this.tour(0, end, 2 * REST);
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
    const again = this.at >= end;
    this.tour(again ? 0 : this.at, end, again ? REST : 0);
  }

  /** Go to a stop by the way in between, without a rest. */
  glide(k) {
    const from = this.at, far = Math.abs(k - from);
    if (this.ctx.reducedMotion || !far) {
      this.stop();
      this.move(k);
    } else {
      this.animate(PER_STOP * Math.sqrt(Math.max(far, 0.2)), (share) => from + (k - from) * ease(share));
    }
  }

  // Forward from stop to stop, with a rest at each; where motion is unwanted, by leaps.
  tour(from, to, wait) {
    const places = [from];
    for (let k = Math.floor(from) + 1; k <= to; k++) places.push(k);
    const legs = places.length - 1, leg = PER_STOP + REST;
    if (!legs) return;
    this.animate(legs * leg, (share) => {
      const k = Math.min(Math.floor(share * legs), legs - 1);
      const t = Math.min(((share * legs - k) * leg) / PER_STOP, 1);
      return places[k] + (places[k + 1] - places[k]) * (this.ctx.reducedMotion ? Number(t === 1) : ease(t));
    }, wait);
  }

  // `where(share)` is the place after that share of `duration` ms.
  animate(duration, where, wait = 0) {
    this.stop();
    this.face(true);
    const began = performance.now() + wait;
    const next = (now) => {
      const share = Math.min(Math.max((now - began) / duration, 0), 1);
      this.move(where(share));
      if (share < 1) this.frame = requestAnimationFrame(next);
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
