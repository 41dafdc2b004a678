// The part of the plane one looks at: fitted to the codes, zoomed, its axes even or stretched by the prior.

import { Plane } from "../lib/plane.js";
import { quantile, share } from "../lib/normal.js";
import { nice } from "../lib/scale.js";

const LEAST = 3.3; // of a variational plane: three standard deviations of the prior
const GLIDE = 300; // ms
const CLOSEST = 1 / 60;
const ROOM = 1.06;
const LOOSE = 0.62; // the codes reach at least so far towards the edge, else the view is fitted anew
const EDGE = 2e-4; // the shares of the prior that a stretched axis leaves off at its ends

/**
 * A Plane in two coordinates: of the code (z), and of the screen (u), which are the same where the axes are even, and
 * u = Φ(z − origin) where they are stretched so that equal areas hold equal shares of the prior. `view` is in u.
 */
export class CodePlane extends Plane {
  constructor(options) {
    super(options);
    Object.assign(this, { stretched: false, origin: [0, 0], whole: null, wanted: null, from: null, began: 0, zoomed: false });
  }

  toScreen(value, axis) {
    return this.stretched ? share(value - this.origin[axis]) : value;
  }

  fromScreen(u, axis) {
    return this.stretched ? this.origin[axis] + quantile(Math.min(1 - EDGE, Math.max(EDGE, u))) : u;
  }

  toPixel([x, y]) {
    return super.toPixel([this.toScreen(x, 0), this.toScreen(y, 1)]);
  }

  toPlace(pixel) {
    return super.toPlace(pixel).map((u, axis) => this.fromScreen(u, axis));
  }

  /** Stretch the axes by the prior about `origin`, or not; true when that is a change. */
  stretch(isStretched, origin) {
    const isOther = isStretched !== this.stretched;
    Object.assign(this, { stretched: isStretched, origin });
    if (isOther) Object.assign(this, { whole: null, zoomed: false });
    return isOther;
  }

  /** Fit the view to points [x0, y0, …], and to three standard deviations about the origin of a prior; `still`: at once. */
  fitTo(points, hasPrior, flat, time, still) {
    const wanted = this.stretched ? { x: [0, 1], y: [0, 1] } : this.fitting(points, hasPrior, flat);
    const isFirst = !this.whole;
    this.whole = wanted;
    if (this.zoomed || (this.wanted && !isFirst && same(this.wanted, wanted))) return;
    this.turnTo({ x: [...wanted.x], y: [...wanted.y] }, time, still || isFirst);
  }

  fitting(points, hasPrior, flat) {
    let [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]];
    for (let i = 0; i < points.length; i += 1) {
      const axis = i % 2;
      if (points[i] < low[axis]) low[axis] = points[i];
      if (points[i] > high[axis]) high[axis] = points[i];
    }
    const middle = [0, 1].map((axis) => (hasPrior ? this.origin[axis] : (low[axis] + high[axis]) / 2));
    let reach = hasPrior ? LEAST : 1e-3;
    for (const axis of flat ? [0] : [0, 1]) reach = Math.max(reach, ROOM * Math.abs(low[axis] - middle[axis]), ROOM * Math.abs(high[axis] - middle[axis]));
    // What is there stays while it still suits: a view that follows every code would never be at rest.
    const { whole } = this;
    if (whole && !this.stretched) {
      const there = (whole.x[1] - whole.x[0]) / 2;
      const moved = Math.max(...[0, 1].map((axis) => Math.abs((axis ? whole.y : whole.x).reduce((a, b) => a + b) / 2 - middle[axis])));
      if (reach + moved <= there * 1.001 && reach >= LOOSE * there) return whole;
    }
    const step = nice(reach / 8);
    const side = Math.ceil(reach / step) * step;
    const [x, y] = middle.map((value) => Math.round(value / step) * step).map((value) => [value - side - (hasPrior ? 0 : step), value + side + (hasPrior ? 0 : step)]);
    return { x, y: flat ? [0, 1] : y };
  }

  turnTo(view, time, still) {
    this.from = still ? null : { x: [...this.view.x], y: [...this.view.y] };
    [this.wanted, this.began] = [view, time];
    if (still) this.view = view;
  }

  /** Go on with gliding to the view wanted; whether there is still a way to go. */
  glide(time) {
    if (!this.from) return false;
    const t = Math.min(1, Math.max(0, (time - this.began) / GLIDE));
    const part = t * (2 - t);
    const between = (a, b) => a.map((value, i) => value + (b[i] - value) * part);
    this.view = t < 1 ? { x: between(this.from.x, this.wanted.x), y: between(this.from.y, this.wanted.y) } : this.wanted;
    if (t === 1) this.from = null;
    return t < 1;
  }

  /** Show `factor` times as much about a pixel (the middle without one), at most three times the whole. */
  zoom(factor, pixel, flat, time, still) {
    const { wanted, whole } = this;
    if (!wanted || !whole) return;
    const size = wanted.x[1] - wanted.x[0];
    const full = whole.x[1] - whole.x[0];
    const by = Math.min(this.stretched ? 1 : 3, Math.max(CLOSEST, (size * factor) / full)) * (full / size);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const about = pixel ? super.toPlace(pixel) : super.toPlace([width / 2, height / 2]);
    const around = ([low, high], at) => {
      const found = [at + (low - at) * by, at + (high - at) * by];
      if (!this.stretched) return found;
      const shift = Math.max(0, -found[0]) - Math.max(0, found[1] - 1); // there is nothing beyond shares of 0 and 1
      return found.map((value) => value + shift);
    };
    this.zoomed = Math.abs(size * by - full) > 1e-9 * full;
    if (!this.zoomed) this.fit(time, still);
    else this.turnTo({ x: around(wanted.x, about[0]), y: flat ? [0, 1] : around(wanted.y, about[1]) }, time, still);
  }

  /** Move what is seen by pixels. */
  pan([left, top], flat) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const shift = ([low, high], by) => {
      const bounded = this.stretched ? Math.min(1 - high, Math.max(-low, by)) : by;
      return [low + bounded, high + bounded];
    };
    const { x, y } = this.view;
    const view = { x: shift(x, (-left / width) * (x[1] - x[0])), y: flat ? y : shift(y, (top / height) * (y[1] - y[0])) };
    this.zoomed = true;
    this.turnTo(view, 0, true);
  }

  /** The whole again. */
  fit(time, still) {
    this.zoomed = false;
    if (this.whole) this.turnTo({ x: [...this.whole.x], y: [...this.whole.y] }, time, still);
  }

  /** The middles of `count` even cells along an axis of the view that is wanted, as numbers of the code. */
  middles(axis, count) {
    const [low, high] = axis ? this.wanted.y : this.wanted.x;
    return Float64Array.from({ length: count }, (_, i) => this.fromScreen(low + ((i + 0.5) / count) * (high - low), axis));
  }

  /** [left, top, width, height] in pixels of a part {x, y} of the screen's coordinates. */
  boxOf({ x, y }) {
    const [left, top] = super.toPixel([x[0], y[1]]);
    const [right, bottom] = super.toPixel([x[1], y[0]]);
    return [left, top, right - left, bottom - top];
  }
}

const same = (a, b) => [0, 1].every((i) => Math.abs(a.x[i] - b.x[i]) < 1e-12 && Math.abs(a.y[i] - b.y[i]) < 1e-12);
