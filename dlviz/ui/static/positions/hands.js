// RoPE's pairs as dials: one hand for the query's place and one for the key's; only the angle between them is left.

import { css, rgb } from "../lib/color.js";
import { fit, h } from "../lib/dom.js";
import { rateOf } from "./kinds.js";

const [NARROWEST, WIDEST] = [84, 150]; // px of a dial with its room
const UNDER = 34; // px for the words under a dial
const TURN = 2 * Math.PI;

export class Hands {
  /** `onturn(places)`: the pointer has dragged the query's hand on by so many places. */
  constructor({ redraw, onturn }) {
    Object.assign(this, { redraw, onturn });
    this.state = { pairs: 0, size: 0, query: 0, key: 0 };
    this.drag = null;
    this.canvas = h("canvas.hands", {
      role: "img",
      onpointerdown: (event) => { this.drag = { x: event.clientX, from: this.state.query }; this.canvas.setPointerCapture(event.pointerId); },
      onpointermove: (event) => { if (this.drag) this.onturn(this.drag.from + Math.round((event.clientX - this.drag.x) / 8)); },
      onpointerup: () => { this.drag = null; }, onpointercancel: () => { this.drag = null; },
    });
    this.element = this.canvas;
  }

  set(state) {
    this.state = state;
    const angles = Array.from({ length: state.pairs }, (_, i) => `pair ${i} ${(((state.query - state.key) * rateOf(i, state.size)) / TURN).toFixed(2)} turns`);
    this.canvas.setAttribute("aria-label", `Angle between the query's hand at place ${state.query} and the key's at place ${state.key}: ${angles.join(", ")}. Drag to move the query.`);
  }

  draw(colors) {
    const { pairs, size, query, key } = this.state;
    const across = this.canvas.clientWidth;
    if (!pairs || !across) return;
    const rows = Math.ceil(pairs / Math.max(1, Math.floor(across / NARROWEST)));
    const columns = Math.ceil(pairs / rows); // rows of the same length
    const room = Math.min(WIDEST, across / columns);
    this.canvas.style.height = `${rows * (room + UNDER)}px`;
    const { pen, height } = fit(this.canvas);
    pen.clearRect(0, 0, across, height);
    const radius = room / 2 - 8;
    for (let i = 0; i < pairs; i += 1) {
      const [x, y] = [(i % columns) * room + room / 2, Math.floor(i / columns) * (room + UNDER) + room / 2];
      const rate = rateOf(i, size);
      const [a, b] = [query * rate, key * rate];
      pen.beginPath();
      pen.arc(x, y, radius, 0, TURN);
      pen.fillStyle = colors.panel;
      pen.fill();
      pen.strokeStyle = colors.line;
      pen.lineWidth = 1;
      pen.stroke();
      // Up to a whole turn of what lies between the two hands.
      const between = (a - b) % TURN;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.arc(x, y, radius * 0.62, -b, -b - between, between > 0);
      pen.closePath();
      pen.fillStyle = css(rgb(colors.accent), 0.2);
      pen.fill();
      this.hand(pen, x, y, radius, b, colors.muted, 2);
      this.hand(pen, x, y, radius, a, colors.accent, 3);
      pen.textAlign = "center";
      pen.textBaseline = "top";
      pen.font = `12px ${colors.font}`;
      pen.fillStyle = colors.muted;
      pen.fillText(`pair ${i}: a turn in`, x, y + radius + 6);
      const length = TURN / rate;
      pen.fillText(`${length < 100 ? length.toFixed(1) : Math.round(length).toLocaleString("en")} places`, x, y + radius + 20);
    }
  }

  hand(pen, x, y, radius, angle, color, weight) {
    pen.strokeStyle = color;
    pen.fillStyle = color;
    pen.lineWidth = weight;
    pen.beginPath();
    pen.moveTo(x, y);
    const [toX, toY] = [x + radius * Math.cos(angle), y - radius * Math.sin(angle)];
    pen.lineTo(toX, toY);
    pen.stroke();
    pen.beginPath();
    pen.arc(toX, toY, weight + 1, 0, TURN);
    pen.fill();
  }
}
