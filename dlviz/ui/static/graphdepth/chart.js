// A chart over a few places (numbers of layers, radii): for each way a line through means, a band from the lowest to the highest
// seed, and every seed as a dot where one points.

import { css, rgb } from "../lib/color.js";
import { extent, trace } from "../lib/curve.js";
import { fit, h, number, percent } from "../lib/dom.js";
import { logTicks, ticks } from "../lib/scale.js";

const MARGIN = { top: 14, right: 14, bottom: 44, left: 52 };
const NARROW = 430; // px; below it the names stand under each other in a corner
const NEAR = 34; // px from a point at which it is pointed at

/** Mean, lowest and highest of the numbers among `seeds`; null where there is none. */
export function summary(seeds) {
  const known = seeds.filter(Number.isFinite);
  if (!known.length) return null;
  return { mean: known.reduce((sum, value) => sum + value, 0) / known.length, low: Math.min(...known), high: Math.max(...known), seeds: known };
}

/**
 * `{element, show(state), draw(colors), read(), onPage(way, place)}`. State: {places: [1, 2, …], ways: [{name, color, dash, points:
 * [summary or null, one a place]}], isShare (0 to 1, written in percent), logY, line: {value, text}}. `onpick(way, place)`: a point
 * is clicked, or Enter pressed on it.
 */
export function placesChart({ label, unit, height = 230, redraw, onpick = null }) {
  const canvas = h("canvas.curve-canvas.gd-places", { tabindex: 0, role: "application", "aria-label": label, style: { height: `${height}px` } });
  const words = h("div.curve-words.value", { hidden: true });
  const status = h("span.unseen", { role: "status" });
  const element = h("div.curve", canvas, words, status);
  let state = { places: [], ways: [] };
  let at = null; // {way, place} pointed at, by their numbers
  let axes = null;
  const say = (value) => (state.isShare ? percent(value, 0) : number(value));

  function layout(width, tall) {
    const all = state.ways.flatMap(({ points }) => points.filter(Boolean).flatMap(({ low, high }) => [low, high]));
    if (state.line) all.push(state.line.value);
    const range = extent([all], state.logY) ?? [state.logY ? 0.1 : 0, 1];
    let [low, high] = state.isShare ? [0, 1] : state.logY ? range : [Math.min(0, range[0]), range[1]];
    if (high <= low) high = state.logY ? low * 10 : low + 1;
    const names = width < NARROW ? 0 : Math.max(0, ...state.ways.map(({ name }) => name.length * 6.6)) + 10;
    const box = { left: MARGIN.left, right: width - MARGIN.right - names, top: MARGIN.top, bottom: tall - MARGIN.bottom };
    const share = state.logY ? (v) => (v > 0 ? Math.log(v / low) / Math.log(high / low) : NaN) : (v) => (v - low) / (high - low);
    const step = (box.right - box.left - 24) / Math.max(1, state.places.length - 1);
    return { box, low, high, toX: (k) => box.left + 12 + (state.places.length > 1 ? k * step : 0), toY: (v) => box.bottom - share(v) * (box.bottom - box.top) };
  }

  function drawGrid(pen, colors, { box, low, high, toX, toY }) {
    pen.font = `12px ${colors.font}`;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const level of state.logY ? logTicks(low, high) : ticks(low, high, 4)) {
      const y = Math.round(toY(level)) + 0.5;
      pen.strokeStyle = colors.line;
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.right, y);
      pen.stroke();
      pen.fillStyle = colors.muted;
      pen.fillText(say(level), box.left - 8, y);
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.fillStyle = colors.muted;
    state.places.forEach((place, k) => pen.fillText(String(place), toX(k), box.bottom + 8));
    pen.fillText(unit, (box.left + box.right) / 2, box.bottom + 26);
    if (!state.line) return;
    const y = toY(state.line.value);
    pen.strokeStyle = colors.muted;
    pen.setLineDash([3, 4]);
    pen.beginPath();
    pen.moveTo(box.left, y);
    pen.lineTo(box.right, y);
    pen.stroke();
    pen.setLineDash([]);
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    pen.fillText(state.line.text, box.left + 4, y - 2);
  }

  function drawWays(pen, { toX, toY }) {
    for (const { points, color, dash } of state.ways) {
      const known = points.map((point, k) => ({ point, k })).filter(({ point }) => point);
      if (known.length > 1) {
        pen.fillStyle = css(rgb(color), 0.14);
        pen.beginPath();
        known.forEach(({ point, k }, i) => pen[i ? "lineTo" : "moveTo"](toX(k), toY(point.low)));
        for (const { point, k } of [...known].reverse()) pen.lineTo(toX(k), toY(point.high));
        pen.fill();
      }
    }
    for (const { points, color, dash } of state.ways) {
      pen.strokeStyle = color;
      pen.lineWidth = 2;
      pen.setLineDash(dash ?? []);
      trace(pen, points.map((_, k) => k), points.map((point) => point?.mean ?? NaN), toX, toY);
      pen.stroke();
      pen.setLineDash([]);
      pen.fillStyle = color;
      points.forEach((point, k) => {
        if (!point) return;
        pen.beginPath();
        pen.arc(toX(k), toY(point.mean), 3.2, 0, 2 * Math.PI);
        pen.fill();
      });
    }
  }

  function nameWays(pen, colors, { box, toX, toY }, isNarrow) {
    pen.font = `13px ${colors.font}`;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    const found = state.ways.map(({ name, color, points }) => {
      const last = points.findLastIndex(Boolean);
      return last < 0 ? null : { name, color, x: toX(last) + 9, y: toY(points[last].mean) };
    }).filter(Boolean).sort((a, b) => a.y - b.y);
    if (isNarrow) return; // the legend above the chart says it
    found.forEach((one, k) => { if (k) one.y = Math.max(one.y, found[k - 1].y + 15); });
    for (let k = found.length - 1, floor = box.bottom; k >= 0 && found[k].y > floor; k -= 1, floor -= 15) found[k].y = floor;
    for (const { name, color, x, y } of found) {
      pen.fillStyle = color;
      pen.fillText(name, x, y);
    }
  }

  function drawPointed(pen, colors, { box, toX, toY }) {
    const point = at && state.ways[at.way]?.points[at.place];
    words.hidden = !point;
    if (!point) return;
    const { color, name } = state.ways[at.way];
    const x = toX(at.place);
    point.seeds.forEach((value, k) => {
      pen.beginPath();
      pen.arc(x + (k - (point.seeds.length - 1) / 2) * 8, toY(value), 4, 0, 2 * Math.PI);
      pen.fillStyle = colors.paper;
      pen.fill();
      pen.strokeStyle = color;
      pen.lineWidth = 2;
      pen.stroke();
    });
    const seeds = point.seeds.map(say).join(", ");
    words.replaceChildren(h("b", `${name}, ${state.places[at.place]} ${unit}`), h("span", h("i", { style: { background: color } }), "mean ", h("b", say(point.mean))), ...(point.seeds.length > 1 ? [h("span", `seeds ${seeds}`)] : []), ...(onpick ? [h("em", "click: set the stage")] : []));
    const room = Math.max(0, canvas.clientWidth - words.offsetWidth);
    const left = x + 14 <= room ? x + 14 : x - 14 - words.offsetWidth;
    words.style.left = `${Math.min(room, Math.max(0, left))}px`;
    words.style.top = `${box.top}px`;
  }

  function move(next) {
    if (next?.way === at?.way && next?.place === at?.place) return;
    at = next;
    const point = at && state.ways[at.way]?.points[at.place];
    if (point) status.textContent = `${state.ways[at.way].name}, ${state.places[at.place]} ${unit}: ${say(point.mean)}`;
    redraw();
  }

  function nearest(event) {
    let best = { far: NEAR };
    state.ways.forEach(({ points }, way) => points.forEach((point, place) => {
      if (!point) return;
      const far = Math.hypot(axes.toX(place) - event.offsetX, axes.toY(point.mean) - event.offsetY);
      if (far < best.far) best = { far, way, place };
    }));
    return best.way === undefined ? null : { way: best.way, place: best.place };
  }

  function walk(across, along) {
    if (!state.ways.length) return;
    let { way, place } = at ?? { way: 0, place: across > 0 ? -1 : state.places.length };
    way = Math.min(state.ways.length - 1, Math.max(0, way + along));
    place = Math.min(state.places.length - 1, Math.max(0, place + across));
    move({ way, place });
  }

  const pick = () => { if (at && onpick && state.ways[at.way]?.points[at.place]) onpick(at.way, at.place); };
  canvas.addEventListener("pointermove", (event) => { if (axes) move(nearest(event)); });
  canvas.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("blur", () => move(null));
  canvas.addEventListener("click", (event) => {
    if (!axes) return;
    move(nearest(event));
    pick();
  });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) walk(...way);
    else if (event.key === "Enter") pick();
    else return;
    event.preventDefault();
  });

  return {
    element,
    show(next) {
      state = next;
      const ends = state.ways.map(({ name, points }) => { const last = points.findLast(Boolean); return `${name} ${last ? say(last.mean) : "not measured"}`; });
      canvas.setAttribute("aria-label", `${label}. Arrow keys go from point to point${onpick ? ", Enter sets the stage to it" : ""}. At the end: ${ends.join(", ")}`);
    },
    draw(colors) {
      const { pen, width, height: tall } = fit(canvas);
      if (!width) return;
      pen.clearRect(0, 0, width, tall);
      axes = layout(width, tall);
      drawGrid(pen, colors, axes);
      drawWays(pen, axes);
      nameWays(pen, colors, axes, width < NARROW);
      drawPointed(pen, colors, axes);
    },
    read: () => ({ places: [...state.places], at, ways: state.ways.map(({ name, points }) => ({ name, means: points.map((point) => point?.mean ?? null), seeds: points.map((point) => point?.seeds ?? []) })) }),
    onPage(way, place) {
      const { left, top } = canvas.getBoundingClientRect();
      return [left + axes.toX(place), top + axes.toY(state.ways[way].points[place].mean)];
    },
  };
}
