// The stack from the side: a row of cells for each map, and for the cell that is pointed at everything it sees.

import { css, rgb } from "../lib/color.js";
import { fit, h, setText } from "../lib/dom.js";
import { coneOf, edgesOf, reached, spanOf } from "./stack.js";

const ROW = 66; // px from one map to the next
const NARROW = 620; // px; below it the names stand above the rows
const NAMES = 112; // px left of the rows for their names
const COMFORT = 14; // px a cell should be wide
const LARGEST = 54;
const APART = 3; // px between two cells; nearer ones are drawn as one bar
const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] };

export function sideView({ onpick, redraw }) {
  const canvas = h("canvas.side", { tabindex: 0, role: "application", "aria-roledescription": "diagram of layers" });
  const words = h("p.small.muted.reading");
  const element = h("div.side-view", canvas, words);
  let [layers, rows, chosen, hover] = [[], [], null, null];
  let plan = null; // {x(level, at), y(level), width, from, to}

  const shownCell = () => hover ?? chosen;

  function lay(width) {
    const named = width >= NARROW;
    const left = named ? NAMES : 0;
    const { side } = rows[0];
    const { field } = rows.at(-1);
    const room = width - left;
    const cells = Math.min(side, Math.max(field + 4, Math.floor(room / COMFORT)));
    const [from, to] = spanOf(rows, chosen.level, chosen.at);
    const first = Math.round(Math.min(Math.max((from + to + 1) / 2 - cells / 2, 0), side - cells));
    const cell = Math.min(LARGEST, room / cells);
    const height = named ? ROW : ROW + 12;
    plan = {
      named, cell, first, cells, left, height,
      box: Math.max(1, Math.min(cell * 0.84, 28)),
      x: (level, at) => left + (at * rows[level].jump + (rows[level].field - 1) / 2 + 0.5 - first) * cell,
      y: (level) => (rows.length - 1 - level) * height + (named ? 18 : 34),
    };
  }

  const visible = (level, at) => {
    const x = plan.x(level, at);
    return x > plan.left - plan.cell && x < plan.left + plan.cells * plan.cell + plan.cell;
  };

  function* cellsOf(level) {
    const { jump, field, side } = rows[level];
    const low = Math.max(0, Math.floor((plan.first - (field - 1) / 2) / jump) - 1);
    const high = Math.min(side - 1, Math.ceil((plan.first + plan.cells - (field - 1) / 2) / jump) + 1);
    for (let at = low; at <= high; at += 1) if (visible(level, at)) yield at;
  }

  const isBar = (level) => plan.cell * rows[level].jump < APART;

  function bar(pen, level, [first, last], fill) {
    const half = Math.max(plan.box / 2, 0.5);
    const [from, to] = [plan.x(level, first) - half, plan.x(level, last) + half];
    pen.fillStyle = fill;
    pen.fillRect(from, plan.y(level) - 7, to - from, 14);
  }

  function box(pen, level, at, fill, stroke) {
    const { x, y } = plan;
    const size = Math.max(plan.box, Math.min(plan.cell * rows[level].jump * 0.84, 12));
    const tall = Math.max(size, 14);
    pen.beginPath();
    pen.roundRect(x(level, at) - size / 2, y(level) - tall / 2, size, tall, Math.min(3, size / 4));
    pen.fillStyle = fill;
    pen.fill();
    if (!stroke || size < 4) return;
    pen.strokeStyle = stroke;
    pen.stroke();
  }

  function links(pen, level, ats, color, weight) {
    const { k, s, d } = layers[level - 1];
    pen.strokeStyle = color;
    pen.lineWidth = weight;
    pen.beginPath();
    for (const at of ats) {
      for (let tap = 0; tap < k; tap += 1) {
        pen.moveTo(plan.x(level, at), plan.y(level) + 8);
        pen.lineTo(plan.x(level - 1, at * s + tap * d), plan.y(level - 1) - 8);
      }
    }
    pen.stroke();
  }

  /** The outer links alone, where a map is drawn as a bar. */
  function outline(pen, level, edges, color) {
    pen.strokeStyle = color;
    pen.lineWidth = 1.25;
    pen.beginPath();
    for (const side of [0, 1]) {
      pen.moveTo(plan.x(level, edges[level][side]), plan.y(level) + 8);
      pen.lineTo(plan.x(level - 1, edges[level - 1][side]), plan.y(level - 1) - 8);
    }
    pen.stroke();
  }

  function name(pen, level, colors) {
    const [title, about] = level === 0 ? ["Picture", `${rows[0].side} cells`] : [`Layer ${level}`, settingsOf(layers[level - 1])];
    pen.font = `13px ${colors.font}`;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    const y = plan.named ? plan.y(level) - 7 : plan.y(level) - 24;
    if (!plan.named) {
      pen.fillStyle = colors.paper; // the links pass behind the words
      pen.fillRect(0, y - 9, 62 + pen.measureText(about).width, 17);
    }
    pen.fillStyle = colors.ink;
    pen.fillText(title, 0, y);
    pen.fillStyle = colors.muted;
    pen.font = `12px ${colors.font}`;
    pen.fillText(about, plan.named ? 0 : 62, plan.named ? y + 15 : y);
  }

  function find(event) {
    const bounds = canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - bounds.left, event.clientY - bounds.top];
    let best = null;
    rows.forEach((_, level) => {
      if (Math.abs(py - plan.y(level)) > plan.height / 2) return;
      for (const at of cellsOf(level)) {
        const off = Math.abs(px - plan.x(level, at));
        if (off < Math.max(plan.cell * rows[level].jump, 12) && (!best || off < best.off)) best = { level, at, off };
      }
    });
    return best && { level: best.level, at: best.at };
  }

  function say() {
    const { level, at } = shownCell();
    const [from, to] = spanOf(rows, level, at);
    const seen = reached(layers.slice(0, level));
    const which = level === 0 ? `Cell ${at + 1} of the picture` : `Cell ${at + 1} of layer ${level}`;
    const holes = seen < to - from + 1 ? `; ${seen} of these ${to - from + 1} cells, the rest fall into holes` : "";
    const text = level === 0 ? `${which}. Point at a cell of a layer to see what it looks at.` : `${which} sees ${to - from + 1} ${to === from ? "cell" : "cells"} of the picture: ${from + 1} to ${to + 1}${holes}.`;
    setText(words, text);
    canvas.setAttribute("aria-label", `The stack from the side. ${text}`);
  }

  canvas.addEventListener("pointermove", (event) => { hover = plan && find(event); redraw(); });
  canvas.addEventListener("pointerleave", () => { hover = null; redraw(); });
  canvas.addEventListener("pointerdown", (event) => {
    const cell = plan && find(event);
    if (cell) onpick(cell);
  });
  canvas.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way || !chosen) return;
    event.preventDefault();
    event.stopPropagation();
    const level = Math.min(Math.max(chosen.level + way[0], 0), rows.length - 1);
    const [from, to] = spanOf(rows, chosen.level, chosen.at);
    const under = way[0] ? Math.round(((from + to) / 2 - (rows[level].field - 1) / 2) / rows[level].jump) : chosen.at + way[1];
    onpick({ level, at: Math.min(Math.max(under, 0), rows[level].side - 1) });
  });

  return {
    element,
    show(nextLayers, nextRows, nextChosen) {
      const changed = nextRows.length !== rows.length;
      [layers, rows, chosen] = [nextLayers, nextRows, nextChosen];
      if (hover && (changed || hover.level >= rows.length || hover.at >= rows[hover.level].side)) hover = null;
      say();
    },
    draw(colors) {
      lay(canvas.clientWidth);
      canvas.style.height = `${rows.length * plan.height + (plan.named ? -12 : 0)}px`;
      const { pen, width, height } = fit(canvas);
      pen.clearRect(0, 0, width, height);
      const { level, at } = shownCell();
      const edges = edgesOf(layers, level, at);
      const lowest = Math.min(level, rows.findIndex((_, l) => !isBar(l)) >>> 0); // below it there are only bars
      const cone = coneOf(layers, level, at, lowest);
      const [ink, accent] = [rgb(colors.ink), rgb(colors.accent)];
      pen.save();
      pen.beginPath();
      pen.rect(plan.left, 0, width - plan.left, height);
      pen.clip();
      for (let l = 1; l < rows.length; l += 1) if (plan.cell >= 5) links(pen, l, cellsOf(l), css(ink, 0.07), 1);
      for (let l = 1; l <= level; l += 1) {
        if (isBar(l - 1)) outline(pen, l, edges, css(accent, 0.55));
        else links(pen, l, cone[l], css(accent, plan.cell >= 5 ? 0.55 : 0.25), 1.25);
      }
      rows.forEach((_, l) => {
        if (isBar(l)) {
          bar(pen, l, [0, rows[l].side - 1], css(ink, 0.1));
          if (l <= level) bar(pen, l, edges[l], css(accent, l === level ? 1 : 0.45));
          return;
        }
        const lit = new Set(cone[l] ?? []);
        for (const cell of cellsOf(l)) {
          const isLit = lit.has(cell);
          box(pen, l, cell, isLit ? css(accent, l === level ? 1 : 0.45) : colors.paper, isLit ? colors.accent : css(ink, 0.25));
        }
      });
      pen.restore();
      rows.forEach((_, l) => name(pen, l, colors));
    },
  };
}

function settingsOf({ k, s, d }) {
  return [`k = ${k}`, s > 1 ? `s = ${s}` : "", d > 1 ? `d = ${d}` : ""].filter(Boolean).join(", ");
}
