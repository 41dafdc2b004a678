// Painting the hourglass: the glass itself, the numbers of each station, the code in its waist, and what is pointed at.

import { css, rgb } from "../lib/color.js";
import { fit, steady } from "../lib/dom.js";
import { codeRow } from "./glasslayout.js";
import { Mosaic } from "./mosaic.js";

const REST = 0.22; // how strong what plays no part is drawn while something is pointed at
const REACH = 3; // of the axis of a code, to either side, at least

/** `paint(canvas, {stations, layout, way, scales, lens, focus, colors})`. */
export function makePainter() {
  const mosaics = new Map();
  const mosaic = (key) => {
    if (!mosaics.has(key)) mosaics.set(key, new Mosaic());
    return mosaics.get(key);
  };

  function paint(canvas, given) {
    const { stations, layout, way, scales, lens, focus, colors } = given;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    glass(pen, stations, layout, colors);
    stations.forEach((station, k) => {
      const place = layout.places[k];
      const values = way.values[k];
      if (station.kind === "code") {
        paintCode(pen, place, layout, way, lens, focus?.station === k ? focus.at : null, colors);
        return;
      }
      const seen = lens?.at[k];
      const tile = mosaic(`${station.key} ${seen ? "lens" : ""}`);
      if (seen) tile.paintSigned(place, seen, lens.limits[k], colors);
      else if (station.kind === "picture" || station.kind === "again") tile.paintPixels(place, values, station.shape[0], colors);
      else if (station.title === "Flatten") tile.paintPixels(place, values, 1, colors);
      else tile.paintSigned(place, values, scales[k], colors);
      pen.globalAlpha = lens && !seen && focus?.station !== k ? REST : 1;
      tile.drawTo(pen, place);
      pen.globalAlpha = 1;
      pen.strokeStyle = css(rgb(colors.ink), 0.28);
      pen.lineWidth = 1;
      if (station.kind !== "maps") pen.strokeRect(place.x - 0.5, place.y - 0.5, place.w + 1, place.h + 1);
    });
    if (lens?.field) outline(pen, layout.places[lens.field.station], lens.field, colors);
    if (focus && stations[focus.station].kind !== "code") ring(pen, layout.places[focus.station], focus.at, colors);
  }

  return { paint, forget: () => mosaics.clear() };
}

// The glass behind the stations: from edge to edge of what is drawn, in the waist as narrow as the code is to scale.
function glass(pen, stations, { places, across, cell }, colors) {
  const thick = (k) => (across ? places[k].h : places[k].w);
  const spans = stations.map((station, k) => {
    const long = station.kind === "code" ? Math.max(3, (station.size * cell * cell) / 44) : thick(k);
    const place = places[k];
    const middle = across ? place.y + place.h / 2 : place.x + place.w / 2;
    const [from, to] = across ? [place.x, place.x + place.w] : [place.y, place.y + place.h];
    return { from, to, low: middle - long / 2, high: middle + long / 2 };
  });
  const point = (along, side) => (across ? [along, side] : [side, along]);
  pen.beginPath();
  pen.moveTo(...point(spans[0].from, spans[0].low));
  edge(spans, "low");
  pen.lineTo(...point(spans.at(-1).to, spans.at(-1).high));
  edge([...spans].reverse().map((span) => ({ ...span, from: span.to, to: span.from })), "high");
  pen.closePath();
  const middle = point((spans[0].from + spans.at(-1).to) / 2, 0);
  const [a, b] = [point(spans[0].from, 0), point(spans.at(-1).to, 0)];
  const fade = pen.createLinearGradient(...a, ...b);
  fade.addColorStop(0, css(rgb(colors.ink), 0.075));
  fade.addColorStop((middle[across ? 0 : 1] - a[across ? 0 : 1]) / (b[across ? 0 : 1] - a[across ? 0 : 1]), css(rgb(colors.accent), 0.2));
  fade.addColorStop(1, css(rgb(colors.ink), 0.075));
  pen.fillStyle = fade;
  pen.fill();

  function edge(list, side) {
    list.forEach((span, k) => {
      pen.lineTo(...point(span.to, span[side]));
      const next = list[k + 1];
      if (!next) return;
      const half = (span.to + next.from) / 2;
      pen.bezierCurveTo(...point(half, span[side]), ...point(half, next[side]), ...point(next.from, next[side]));
    });
  }
}

function ring(pen, place, at, colors) {
  const [col, row] = place.at(at);
  const [w, h] = [place.w / place.cols, place.h / place.rows];
  const grow = Math.max(1.5, (9 - Math.min(w, h)) / 2);
  const box = [place.x + col * w - grow, place.y + row * h - grow, w + 2 * grow, h + 2 * grow];
  for (const [color, thick] of [[colors.paper, 4], [colors.accent, 2]]) {
    pen.strokeStyle = color;
    pen.lineWidth = thick;
    pen.strokeRect(...box);
  }
}

function outline(pen, { x, y, w, h }, { top, left, bottom, right, height, width }, colors) {
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 2;
  pen.strokeRect(x + (left / width) * w, y + (top / height) * h, ((right - left) / width) * w, ((bottom - top) / height) * h);
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
/** z₁, z₁₂: numbers of a code are counted from 1. */
export const subscript = (n) => [...String(n)].map((digit) => SUBSCRIPTS[digit]).join("");

/** How far the axis of a code goes to either side, and whether it begins at 0 (a sparse code lies in (0, 1)). */
export function axisOf({ mean, z, sigma, isSparse }) {
  if (isSparse) return { low: 0, high: 1 };
  let most = REACH;
  for (let i = 0; i < mean.length; i += 1) most = Math.max(most, Math.abs(mean[i]) + (sigma?.[i] ?? 0), Math.abs(z[i]));
  return { low: -Math.ceil(most), high: Math.ceil(most) };
}

function paintCode(pen, place, { across }, way, lens, chosen, colors) {
  const { mean, sigma, z, isSparse } = way;
  const row = codeRow(mean.length, across);
  const card = { x: place.x - 6, y: place.y - 6, w: place.w + 12, h: place.h + 12 };
  pen.beginPath();
  pen.roundRect(card.x, card.y, card.w, card.h, 10);
  pen.fillStyle = colors.paper;
  pen.fill();
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 1.5;
  pen.stroke();
  const { low, high } = axisOf(way);
  const named = row >= 13;
  const [left, right] = named ? [place.x + 28, place.x + place.w - (row > 40 ? 8 : 42)] : [place.x + 6, place.x + place.w - 6];
  const toX = (value) => left + ((value - low) / (high - low)) * (right - left);
  const top = place.y;
  place.rowHeight = row;
  pen.font = `11px ${colors.font}`;
  pen.textBaseline = "alphabetic";
  mean.forEach((m, i) => {
    const y = top + (i + 0.5) * row;
    const roomy = row > 40;
    const line = roomy ? y + 9 : y;
    const thick = Math.max(1.6, Math.min(roomy ? 15 : 9, row * 0.5));
    if (chosen === i) {
      pen.fillStyle = css(rgb(colors.accent), 0.16);
      pen.fillRect(card.x + 2, top + i * row, card.w - 4, row);
    }
    if (named) {
      pen.strokeStyle = colors.line;
      pen.lineWidth = 1;
      segment(pen, left, right, Math.round(line) + 0.5);
      if (low < 0) segment(pen, toX(0) - 0.5, toX(0) + 0.5, line - 4, line + 4);
      pen.textAlign = "left";
      pen.fillStyle = colors.muted;
      if (!roomy) {
        pen.fillText(`z${subscript(i + 1)}`, place.x + 3, y + 4);
        pen.textAlign = "right";
        pen.fillStyle = colors.ink;
        pen.fillText(steady(z[i], 2), place.x + place.w - 3, y + 4);
      }
    }
    const seen = lens?.code ? lens.code[i] / (lens.codeLimit || 1) : null;
    if (sigma) {
      pen.fillStyle = css(rgb(colors.accent), 0.3);
      const [a, b] = [toX(Math.max(low, m - sigma[i])), toX(Math.min(high, m + sigma[i]))];
      pen.fillRect(a, line - thick / 2, Math.max(1, b - a), thick);
    } else {
      const [a, b] = [toX(Math.max(low, 0)), toX(z[i])];
      pen.fillStyle = css(rgb(colors.accent), 0.3);
      pen.fillRect(Math.min(a, b), line - thick / 2, Math.abs(b - a), thick);
    }
    pen.fillStyle = seen === null ? colors.accent : css(colors.diverging(seen));
    if (named) dot(pen, toX(z[i]), line, Math.min(4.5, row * 0.24), seen === null ? colors.paper : colors.ink);
    else pen.fillRect(toX(z[i]) - 1.2, line - thick / 2, 2.4, thick);
    if (roomy) words(pen, place, i, y - 12, way, colors);
  });
  pen.font = `10.5px ${colors.font}`;
  pen.fillStyle = colors.muted;
  const base = top + mean.length * row + 10;
  for (const [value, align] of [[low, "left"], [high, "right"]]) {
    pen.textAlign = align;
    pen.fillText(String(value).replace("-", "−"), toX(value), base);
  }
  if (low < 0) {
    pen.textAlign = "center";
    pen.fillText("0", toX(0), base);
  }
}

function words(pen, place, i, y, { mean, sigma, z }, colors) {
  const n = subscript(i + 1);
  pen.textAlign = "left";
  pen.font = `600 14px ${colors.font}`;
  pen.fillStyle = colors.ink;
  pen.fillText(`z${n} = ${steady(z[i], 2)}`, place.x + 4, y + 2);
  if (!sigma) return;
  pen.font = `11.5px ${colors.font}`;
  pen.fillStyle = colors.muted;
  pen.textAlign = "right";
  pen.fillText(`μ ${steady(mean[i], 2)}   σ ${steady(sigma[i], 2)}`, place.x + place.w - 4, y + 2);
}

function segment(pen, x0, x1, y0, y1 = y0) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

function dot(pen, x, y, radius, line) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
  pen.strokeStyle = line;
  pen.lineWidth = 1.5;
  pen.stroke();
}
