// One scatter: points coloured by class, names at the middle of each class, rings, the picture one looks at. Pointed
// at with the mouse, walked with the arrow keys.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, percent } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";
import { Flight } from "./flight.js";
import { names as placeNames } from "./names.js";

const RADIUS = 3.4;
const REACH = 14; // px within which a point is meant
const REACH_TOUCH = 26;
const FAINT = 0.07; // of the classes that are not looked at
const FEW_WRONG = 0.12; // the share of wrong answers up to which their rings are drawn in full
const MARGIN = { left: 8, right: 8, top: 24, bottom: 24 };
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** `point(index | null)`, `pick(index, isTouch)`, `choose(class)`: what a person does here. */
export class Cloud {
  constructor({ label, point, pick, choose, redraw }) {
    this.flight = new Flight();
    this.label = label;
    this.state = null;
    this.named = []; // boxes of the names of classes, for clicks
    this.canvas = h("canvas.points", {
      tabindex: 0, role: "img", "aria-label": label,
      onpointermove: (event) => { if (event.pointerType !== "touch") point(this.hit(event)); },
      onpointerleave: (event) => { if (event.pointerType !== "touch") point(null); }, // a finger leaves with every tap
      onclick: (event) => {
        const isTouch = event.pointerType === "touch";
        const index = this.hit(event, isTouch ? REACH_TOUCH : REACH);
        const name = index === null || isTouch ? this.named.find((box) => box.holds(event.offsetX, event.offsetY)) : null;
        if (name) choose(name.label);
        else if (index !== null) pick(index, isTouch);
        else if (isTouch) point(null);
        redraw();
      },
      onkeydown: (event) => this.walk(event, { point, pick }),
    });
  }

  // ---- places

  toScreen({ square }) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const side = Math.min(width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom) / 2;
    const [left, top] = [width / 2, MARGIN.top + (height - MARGIN.top - MARGIN.bottom) / 2];
    const scale = side / square.half;
    return { x: (v) => left + (v - square.x) * scale, y: (v) => top - (v - square.y) * scale, scale };
  }

  /** Places of the points in CSS pixels, [x, y] each; null before there are any. */
  places(now = performance.now()) {
    const view = this.flight.at(now);
    if (!view || !this.canvas.clientWidth) return null;
    const to = this.toScreen(view);
    return Array.from(view.xs, (x, i) => [to.x(x), to.y(view.ys[i])]);
  }

  isShown(index) {
    const { alone, truth, count } = this.state;
    return index < count && (alone === null || truth[index] === alone);
  }

  hit(event, reach = REACH) {
    const places = this.state && this.places();
    if (!places) return null;
    let [found, least] = [null, reach ** 2];
    places.forEach(([x, y], i) => {
      const far = (x - event.offsetX) ** 2 + (y - event.offsetY) ** 2;
      if (far < least && this.isShown(i)) [found, least] = [i, far];
    });
    return found;
  }

  walk(event, { point, pick }) {
    const { state } = this;
    if (!state) return;
    if (event.key === "Enter" && state.pointed !== null) pick(state.pointed, false);
    else if (event.key === "Escape") point(null);
    else if (WAYS[event.key]) point(this.next(WAYS[event.key]));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The point next in a direction: the nearest that lies more that way than to its side. */
  next([dx, dy]) {
    const places = this.places();
    if (!places) return null;
    const { pointed, count } = this.state;
    const from = pointed === null ? places[count] ?? [this.canvas.clientWidth / 2, this.canvas.clientHeight / 2] : places[pointed];
    let [found, least] = [pointed, Infinity];
    places.forEach(([x, y], i) => {
      if (i === pointed || !this.isShown(i)) return;
      const ahead = (x - from[0]) * dx + (y - from[1]) * dy;
      const aside = Math.abs((x - from[0]) * dy) + Math.abs((y - from[1]) * dx);
      if (ahead > 0 && aside <= ahead && ahead + aside < least) [found, least] = [i, ahead + aside];
    });
    return found;
  }

  /** Tell in the label what is shown and what is pointed at. */
  describe({ axes }, classes) {
    const { pointed, truth } = this.state;
    const where = axes ? `${axes[0].name} and ${axes[1].name} hold ${percent(axes[0].share + axes[1].share)} of the variance` : "laid out by t-SNE";
    const what = pointed === null ? "Walk with the arrow keys" : `Test picture ${pointed}, ${classes[truth[pointed]]}`;
    const label = `${this.label}, ${where}. ${what}.`;
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
  }

  // ---- drawing

  /**
   * `state`: {count, truth, wrong: 1 for each that is answered wrongly, else 0, alone, pointed, linked: neighbours of what is pointed at, classes,
   * hasHere: whether the view's last place is that of the picture on the stage, tiles: Tiles or null, axes: [{name, share}] or null}.
   */
  draw(state, colors, now) {
    this.state = state;
    const { pen, width, height } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    const view = this.flight.at(now);
    if (!view || !width) return;
    const places = this.places(now);
    const share = state.wrong.reduce((sum, is) => sum + is, 0) / state.count;
    this.ringOpacity = Math.min(1, Math.max(0.25, FEW_WRONG / share));
    this.drawAxes(pen, colors, view, width, height);
    this.drawLinks(pen, colors, places);
    for (let i = 0; i < state.count; i += 1) if (!this.isShown(i)) this.drawPoint(pen, colors, places[i], i, FAINT);
    for (let i = 0; i < state.count; i += 1) if (this.isShown(i)) this.drawPoint(pen, colors, places[i], i, 1);
    for (const i of state.linked) this.drawPoint(pen, colors, places[i], i, 1);
    this.named = placeNames(pen, { ...state, places: places.slice(0, state.count) }, colors, { width, height });
    if (state.hasHere) drawHere(pen, colors, places[state.count]);
    if (state.pointed !== null) ring(pen, places[state.pointed], this.size() + 4.5, colors.ink, 2, colors.paper);
  }

  size() {
    return this.state.tiles ? this.state.tiles.side / 2 : RADIUS;
  }

  drawPoint(pen, colors, [x, y], i, opacity) {
    const { truth, wrong, tiles } = this.state;
    pen.globalAlpha = opacity;
    if (tiles) {
      tiles.draw(pen, i, x, y);
    } else {
      pen.beginPath();
      pen.arc(x, y, RADIUS, 0, 2 * Math.PI);
      pen.fillStyle = colors.classes[truth[i]];
      pen.fill();
      pen.strokeStyle = colors.paper;
      pen.lineWidth = 0.8;
      pen.stroke();
    }
    if (wrong[i]) {
      pen.globalAlpha = opacity * this.ringOpacity;
      ring(pen, [x, y], this.size() + (tiles ? 0.5 : 2.6), colors.warn, 1.8);
    }
    pen.globalAlpha = 1;
  }

  /** Lines from what is pointed at to its nearest neighbours in the whole space. */
  drawLinks(pen, colors, places) {
    const { pointed, linked, count, hasHere } = this.state;
    const from = pointed === null ? (hasHere ? places[count] : null) : places[pointed];
    if (!from) return;
    pen.strokeStyle = css(rgb(colors.ink), 0.55);
    pen.lineWidth = 1.2;
    for (const i of linked) {
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(...places[i]);
      pen.stroke();
    }
  }

  drawAxes(pen, colors, view, width, height) {
    const to = this.toScreen(view);
    const { square } = view;
    pen.font = `12px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    const { axes } = this.state;
    if (!axes) return;
    const [zeroX, zeroY] = [Math.round(to.x(0)) + 0.5, Math.round(to.y(0)) + 0.5];
    pen.beginPath();
    pen.moveTo(zeroX, MARGIN.top - 4);
    pen.lineTo(zeroX, height - MARGIN.bottom + 4);
    pen.moveTo(MARGIN.left, zeroY);
    pen.lineTo(width - MARGIN.right, zeroY);
    pen.stroke();
    const levels = (middle) => ticks(middle - 0.94 * square.half, middle + 0.94 * square.half, 4);
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const level of levels(square.x)) pen.fillText(number(level), to.x(level), height - MARGIN.bottom + 8);
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    for (const level of levels(square.y)) pen.fillText(number(level), MARGIN.left, to.y(level));
    const words = axes.map(({ name, share }) => `${name} · ${percent(share)} of the variance`);
    pen.textBaseline = "top";
    pen.fillText(`↑ ${words[1]}`, MARGIN.left, 2);
    pen.textAlign = "right";
    pen.fillText(`${words[0]} →`, width - MARGIN.right, 2);
  }
}

function ring(pen, [x, y], radius, color, line, halo) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  if (halo) {
    pen.strokeStyle = halo;
    pen.lineWidth = line + 3;
    pen.stroke();
  }
  pen.strokeStyle = color;
  pen.lineWidth = line;
  pen.stroke();
}

/** The picture on the stage: a cross of hairlines with a ring, in the colour of where one is. */
function drawHere(pen, colors, [x, y]) {
  for (const [color, line] of [[colors.paper, 5], [colors.accent, 2]]) {
    pen.strokeStyle = color;
    pen.lineWidth = line;
    pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      pen.moveTo(x + 8 * dx, y + 8 * dy);
      pen.lineTo(x + 15 * dx, y + 15 * dy);
    }
    pen.stroke();
    ring(pen, [x, y], 8, color, line);
  }
}
