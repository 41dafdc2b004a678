// The units: their maps on the picture's canvas, and over each a transparent button for pointer, key and ear.

import { h, number } from "../lib/dom.js";
import { largest, paintShare, paintSigned, Sheet } from "../lib/heat.js";
import { FEATURES, PLANE } from "../lib/nn.js";
import { biasPlace } from "./geometry.js";
import { COARSE, FEATURE_NAMES } from "./maps.js";
import { shortName, unitName } from "./notation.js";

const CORNER = 7;
const BIAS = 4; // radius of the dot that shows a bias
const DEAD = 1e-6; // a unit whose slope is below this at every training point no longer learns
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Nodes {
  constructor(plane, stage, { enter, leave, act }) {
    Object.assign(this, { plane, stage, enter, leave, act, all: [], current: 0 });
    this.layerOfButtons = h("div.nodes", { role: "group", "aria-label": "Network: arrow keys move, Enter keeps a neuron or switches a feature" });
    this.layerOfButtons.addEventListener("keydown", (event) => this.key(event));
    plane.append(this.layerOfButtons);
  }

  arrange(model, geometry) {
    const had = this.layerOfButtons.contains(this.plane.getRootNode().activeElement);
    Object.assign(this, { model, geometry });
    this.all = geometry.columns.flatMap((column) => column.nodes);
    this.sheet = new Sheet(COARSE, this.all.length, 8);
    this.outline = new Path2D();
    for (const { x, y } of this.all) this.outline.roundRect(x, y, geometry.size, geometry.size, CORNER);
    this.layerOfButtons.replaceChildren(...this.all.map((node, k) => this.button(node, k)));
    this.current = Math.min(this.current, this.all.length - 1);
    this.all[this.current].button.tabIndex = 0;
    if (had) this.all[this.current].button.focus();
    this.mark();
  }

  button(node, k) {
    const { size } = this.geometry;
    const used = node.layer > 0 || this.model.features.includes(FEATURE_NAMES[node.unit]);
    node.used = used;
    node.button = h("button.node", {
      tabindex: "-1", style: { left: `${node.x}px`, top: `${node.y}px`, width: `${size}px`, height: `${size}px` },
      "aria-label": unitName(this.model, node.layer, node.unit),
      onfocus: () => { this.current = k; this.describe(node); this.enter(node); },
      onblur: () => this.leave(node),
    });
    if (node.layer === 0) node.button.setAttribute("aria-pressed", String(used));
    return node.button;
  }

  key(event) {
    const move = ARROWS[event.key];
    if (!move || this.stage.backprop?.open) return;
    event.preventDefault();
    const { layer, unit } = this.all[this.current];
    const { columns } = this.geometry;
    const column = columns[Math.min(Math.max(layer + move[0], 0), columns.length - 1)];
    const place = column.nodes[Math.min(Math.max(unit + move[1], 0), column.nodes.length - 1)];
    this.all[this.current].button.tabIndex = -1;
    place.button.tabIndex = 0;
    place.button.focus();
  }

  /** Put the unit's numbers into the words that a screen reader says. */
  describe(node) {
    const { layer, unit, button } = node;
    const name = unitName(this.model, layer, unit);
    if (layer === 0) {
      button.setAttribute("aria-label", `${name}, ${node.used ? "on" : "off"}`);
      return;
    }
    const { weight, bias, inputs } = this.model.layers[layer - 1];
    const weights = Array.from({ length: inputs }, (_, i) => `${shortName(this.model, layer - 1, i)} ${number(weight[unit * inputs + i])}`);
    const state = `${node.dead ? ", dead" : ""}${node.dropped ? ", dropped" : ""}`;
    button.setAttribute("aria-label", `${name}${state}, bias ${number(bias[unit])}, weights ${weights.join(", ")}`);
  }

  describeAll() {
    for (const node of this.all) this.describe(node);
  }

  /** Which units are dead or dropped in this frame. */
  judge(frame) {
    const { slope, dropped } = frame.arrays;
    let k = 0;
    for (const node of this.all) {
      const hidden = node.layer > 0 && node.layer < this.geometry.columns.length - 1;
      node.dead = hidden && slope ? slope.data[k] < DEAD : false;
      node.dropped = hidden && dropped ? dropped.data[k] === 1 : false;
      if (hidden) k += 1;
    }
  }

  /** Mark the unit that is pinned. */
  mark() {
    const { selected } = this.stage;
    for (const node of this.all) {
      const is = selected !== null && node.layer === selected.layer && node.unit === selected.unit;
      node.button.classList.toggle("pinned", is);
      node.button.classList.toggle("off", !node.used);
      if (node.layer > 0) node.button.setAttribute("aria-pressed", String(is));
    }
  }

  paint(maps, inks) {
    const classified = this.model.problem === "classification";
    const last = this.geometry.columns.length - 1;
    this.all.forEach(({ layer, unit }, k) => {
      if (layer === last && classified) {
        paintShare(this.sheet, k, maps.probability(unit), unit, inks);
        return;
      }
      const map = maps.unit(layer, unit);
      paintSigned(this.sheet, k, map, this.limit(layer, map), inks);
    });
    this.sheet.flush();
  }

  /** The value that gets the full colour: the activation's bound, or the map's own largest. */
  limit(layer, map) {
    const bound = layer === 0 ? null : this.model.layers[layer - 1].activation.bound;
    return bound ?? (layer === this.geometry.columns.length - 1 ? 1 : largest(map));
  }

  draw(pen, colors) {
    const { size } = this.geometry;
    pen.save();
    pen.fillStyle = colors.paper;
    pen.fill(this.outline);
    pen.clip(this.outline);
    this.all.forEach((node, k) => {
      pen.globalAlpha = node.used ? 1 : 0.3;
      this.sheet.drawTo(pen, k, node.x, node.y, size);
      if (!node.dropped) return;
      pen.globalAlpha = 0.86;
      pen.fillStyle = colors.muted;
      pen.fillRect(node.x, node.y, size, size);
    });
    pen.restore();
    for (const node of this.all) if (node.dead) this.cross(pen, node, colors);
  }

  /** A dead unit is struck through: it has a map, but no slope to learn by. */
  cross(pen, { x, y }, colors) {
    const { size } = this.geometry;
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(x + 6, y + size - 6);
    pen.lineTo(x + size - 6, y + 6);
    pen.stroke();
  }

  drawBiases(pen, colors) {
    const { size } = this.geometry;
    pen.strokeStyle = colors.paper;
    pen.lineWidth = 1.5;
    for (const node of this.all) {
      if (node.layer === 0) continue;
      const { x, y } = biasPlace(node, size);
      const value = this.model.layers[node.layer - 1].bias[node.unit];
      const [r, g, b] = colors.diverging(Math.sign(value) * (0.25 + 0.75 * Math.min(1, Math.abs(value))));
      pen.fillStyle = `rgb(${r} ${g} ${b})`;
      pen.beginPath();
      pen.arc(x, y, BIAS, 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
    }
  }

  /** The same place of the plane on every map, while the pointer is over the output. */
  drawProbe(pen, { x1, x2 }, colors) {
    const { size } = this.geometry;
    const [dx, dy] = [((x1 + PLANE) / (2 * PLANE)) * size, ((PLANE - x2) / (2 * PLANE)) * size];
    pen.fillStyle = colors.ink;
    pen.strokeStyle = colors.paper;
    pen.lineWidth = 1;
    for (const { x, y, used } of this.all) {
      if (!used) continue;
      pen.beginPath();
      pen.arc(x + dx, y + dy, 2.5, 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
    }
  }

  /** What lies at a place: a node, or the bias at its corner. */
  hit(x, y) {
    const { size } = this.geometry;
    for (const node of this.all) {
      const corner = biasPlace(node, size);
      if (node.layer > 0 && Math.hypot(x - corner.x, y - corner.y) <= BIAS + 3) return { bias: node };
    }
    const node = this.all.find((one) => x >= one.x && x <= one.x + size && y >= one.y && y <= one.y + size);
    return node ? { node } : null;
  }
}

export const featureText = (unit) => FEATURES[FEATURE_NAMES[unit]].text;
