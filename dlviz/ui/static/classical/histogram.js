// How often each size occurs, on a logarithmic scale, with one or two thresholds that can be dragged.

import { css, rgb } from "../lib/color.js";
import { fit, h, number } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";

const BINS = 150;
const FOOT = 18; // px under the bars for the axis
const NEAR = 14; // px from which a threshold is taken hold of

/**
 * new Histogram({label, onchange(name, value)}); show({values, high, thresholds: [{name, label, value}], unit}).
 * What lies below the first threshold is drawn pale, above the last one strong.
 */
export class Histogram {
  constructor({ label, onchange }) {
    this.onchange = onchange;
    this.canvas = h("canvas.histogram-canvas", { role: "img", "aria-label": label });
    this.handles = new Map();
    this.element = h("div.histogram", h("p.label", label), h("div.bars", this.canvas));
    this.bars = this.element.querySelector(".bars");
    this.bars.addEventListener("pointerdown", (event) => this.hold(event));
  }

  /** Forget what was shown, thresholds and all. */
  reset() {
    for (const handle of this.handles.values()) handle.remove();
    this.handles.clear();
    this.values = this.counts = null;
  }

  show({ values = this.values, high = this.high, thresholds, unit = "" }) {
    if (!values) return;
    if (values !== this.values || high !== this.high) this.count(values, high);
    Object.assign(this, { high, thresholds, unit });
    for (const { name, label, value } of thresholds) {
      if (!this.handles.has(name)) {
        const handle = h("div.threshold", { role: "slider", tabindex: 0, "aria-label": label, "aria-valuemin": 0, onkeydown: (event) => this.key(event, name) }, h("span.name.label"));
        this.handles.set(name, handle);
        this.bars.append(handle);
      }
      const handle = this.handles.get(name);
      handle.style.setProperty("--share", Math.min(1, value / high));
      handle.classList.toggle("left", name === "high" || value / high > 0.8);
      handle.setAttribute("aria-valuemax", high);
      handle.setAttribute("aria-valuenow", value);
      handle.firstChild.textContent = `${label} ${number(value)}`;
    }
  }

  count(values, high) {
    this.values = values;
    this.counts = new Uint32Array(BINS);
    for (let i = 0; i < values.length; i += 1) this.counts[Math.min(BINS - 1, Math.max(0, Math.floor((values[i] / high) * BINS)))] += 1;
  }

  draw(colors) {
    if (!this.counts) return;
    const { pen, width, height } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    if (!width) return;
    const foot = height - FOOT;
    const most = Math.log1p(Math.max(...this.counts));
    const levels = [this.thresholds[0].value, this.thresholds.at(-1).value];
    for (let i = 0; i < BINS; i += 1) {
      const size = ((i + 0.5) / BINS) * this.high;
      const share = size <= levels[0] ? 0.3 : size <= levels[1] ? 0.6 : 1;
      pen.fillStyle = css(colors.sequential(share));
      const tall = (foot - 20) * (Math.log1p(this.counts[i]) / most);
      pen.fillRect((i / BINS) * width, foot - tall, width / BINS - (width / BINS > 3 ? 0.5 : 0), tall);
    }
    pen.fillStyle = css(rgb(colors.ink), 0.3);
    pen.fillRect(0, foot, width, 1);
    pen.fillStyle = colors.muted;
    pen.font = `11.5px ${colors.font}`;
    pen.textBaseline = "top";
    for (const tick of ticks(0, this.high, width > 420 ? 6 : 3)) {
      pen.textAlign = tick === 0 ? "left" : tick === this.high ? "right" : "center";
      pen.fillText(number(tick) + (tick === 0 ? this.unit : ""), (tick / this.high) * width, foot + 4);
    }
  }

  hold(event) {
    const box = this.bars.getBoundingClientRect();
    const at = (move) => Math.round(Math.min(1, Math.max(0, (move.clientX - box.left) / box.width)) * this.high);
    const gap = ({ value }) => Math.abs((value / this.high) * box.width - (event.clientX - box.left));
    const near = this.thresholds.reduce((best, each) => (gap(each) < gap(best) ? each : best));
    if (event.pointerType === "touch" && gap(near) > 2 * NEAR) return;
    event.preventDefault();
    this.handles.get(near.name).focus({ preventScroll: true });
    this.bars.setPointerCapture(event.pointerId);
    const letGo = new AbortController();
    const drag = (move) => this.onchange(near.name, at(move));
    drag(event);
    this.bars.addEventListener("pointermove", drag, { signal: letGo.signal });
    for (const over of ["pointerup", "pointercancel"]) this.bars.addEventListener(over, () => letGo.abort(), { signal: letGo.signal });
  }

  key(event, name) {
    const { value } = this.thresholds.find((each) => each.name === name);
    const step = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: value - step, ArrowDown: value - step, ArrowRight: value + step, ArrowUp: value + step, Home: 0, End: this.high }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.onchange(name, Math.min(this.high, Math.max(0, to)));
  }
}
