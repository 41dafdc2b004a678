// The weights as curves on one canvas, with hit testing of their own, so that 400 of them cost no layout.

import { css, rgb } from "../lib/color.js";
import { FEATURE_NAMES } from "./maps.js";

const SAMPLES = 20; // points along a curve that the pointer is compared with
const SHADES = 32;
const DASHES_UP_TO = 140; // links; more of them would make dashes dear

/** Width in pixels of a weight: steep near zero, levelling off, so that 0.1 and 10 both read. */
export const linkWidth = (weight) => 0.8 + 6.2 * loudness(weight);

const loudness = (weight) => {
  const size = Math.abs(weight);
  return size < Infinity ? size / (size + 1.2) : 1;
};

/** Stroke colours by sign and loudness, made once a theme. */
export function linkInks(colors) {
  const shades = (name) => {
    const base = rgb(name);
    return Array.from({ length: SHADES }, (_, i) => css(base, 0.22 + 0.78 * Math.sqrt(i / (SHADES - 1))));
  };
  return { negative: shades(colors.negative), positive: shades(colors.positive) };
}

export function linkInk(weight, inks) {
  return (weight < 0 ? inks.negative : inks.positive)[Math.round(loudness(weight) * (SHADES - 1))];
}

export class Links {
  /** Lay the curves out; `at` finds a link's place in the flat arrays by [layer][unit · inputs + input]. */
  arrange(model, geometry) {
    this.model = model;
    const { size } = geometry;
    this.all = [];
    this.layers = model.layers.map((layer, l) => {
      const places = [];
      for (let unit = 0; unit < layer.outputs; unit += 1) {
        for (let input = 0; input < layer.inputs; input += 1) {
          const from = geometry.columns[l].nodes[l === 0 ? FEATURE_NAMES.indexOf(model.features[input]) : input];
          const to = geometry.columns[l + 1].nodes[unit];
          const link = { layer: l, unit, input, x0: from.x + size, y0: from.y + size / 2, x1: to.x, y1: to.y + size / 2 };
          places.push(link);
          this.all.push(link);
        }
      }
      return places;
    });
  }

  /** `strength(layer, index)`, if given, replaces the weight: gradients in the backprop view. `flow`: dash offset or null. */
  draw(pen, inks, { strength = null, opacity = null, flow = null, strong = null } = {}) {
    if (flow !== null && this.all.length <= DASHES_UP_TO) {
      pen.setLineDash([9, 2.5]);
      pen.lineDashOffset = -flow;
    }
    const crowd = Math.max(0.55, Math.min(1, 0.5 + 45 / this.all.length)); // so that hundreds do not become a wall
    this.layers.forEach((places, l) => {
      const { weight } = this.model.layers[l];
      pen.globalAlpha = (opacity ? opacity(l) : 1) * crowd;
      for (let k = 0; k < places.length; k += 1) {
        const value = strength ? strength(l, k) : weight[k];
        pen.strokeStyle = linkInk(value, inks);
        pen.lineWidth = linkWidth(value);
        trace(pen, places[k]);
      }
    });
    pen.setLineDash([]);
    pen.globalAlpha = 1;
    if (strong) this.drawStrong(pen, inks, strong, strength);
  }

  /** The links of one unit, or one link, once more and in full. */
  drawStrong(pen, inks, { layer, unit, input = null }, strength) {
    const { inputs } = this.model.layers[layer];
    for (let i = 0; i < inputs; i += 1) {
      if (input !== null && i !== input) continue;
      const k = unit * inputs + i;
      const value = strength ? strength(layer, k) : this.model.layers[layer].weight[k];
      pen.strokeStyle = (value < 0 ? inks.negative : inks.positive).at(-1);
      pen.lineWidth = linkWidth(value) + 1.5;
      trace(pen, this.layers[layer][k]);
    }
  }

  place(layer, unit, input) {
    return this.layers[layer][unit * this.model.layers[layer].inputs + input];
  }

  /** The link nearest to a place, if it is within `reach` pixels. */
  nearest(x, y, reach) {
    let found = null;
    let closest = reach ** 2;
    for (const link of this.all) {
      if (x < link.x0 || x > link.x1 || y < Math.min(link.y0, link.y1) - reach || y > Math.max(link.y0, link.y1) + reach) continue;
      for (let s = 1; s < SAMPLES; s += 1) {
        const [px, py] = along(link, s / SAMPLES);
        const distance = (px - x) ** 2 + (py - y) ** 2;
        if (distance < closest) [closest, found] = [distance, link];
      }
    }
    return found;
  }
}

function trace(pen, { x0, y0, x1, y1 }) {
  const bend = (x1 - x0) * 0.45;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
  pen.stroke();
}

/** The place a share t along the curve. */
export function along({ x0, y0, x1, y1 }, t) {
  const bend = (x1 - x0) * 0.45;
  const s = 1 - t;
  const [a, b, c, d] = [s ** 3, 3 * s * s * t, 3 * s * t * t, t ** 3];
  return [a * x0 + b * (x0 + bend) + c * (x1 - bend) + d * x1, a * y0 + b * y0 + c * y1 + d * y1];
}
