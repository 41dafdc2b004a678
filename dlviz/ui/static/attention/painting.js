// The rows of one line of the flow on its canvas: strips of numbers, lines of attention, the stream that runs through.

import { css, rgb } from "../lib/color.js";
import { percent } from "../lib/dom.js";
import { written } from "../lib/tokens.js";
import { NORM_GAP } from "./layout.js";

const LEAST = { rest: 0.05, focus: 0.01 }; // weights below are not drawn; of long sequences those below an even share
const MOST_LINES = 350; // of about the same weight
const SHADES = 12; // lines of about the same weight are drawn in one go

/**
 * Paint one line. `view`: {stage, row, colors, sprites (sprites.js), weightsOf(id) → {values, keys}, focus, names: {stack: tokens}}.
 */
export function paintLine(pen, line, view) {
  const { row, focus, colors } = view;
  const count = (stack) => view.counts[stack];
  if (focus) {
    pen.fillStyle = css(rgb(colors.accent), 0.13);
    for (const { stack, from, to } of line.segments) if (stack === focus.stack && focus.at < count(stack)) pen.fillRect(from - 2, focus.at * row, to - from + 4, row);
  }
  line.stations.forEach((station, i) => {
    const before = line.stations[i - 1];
    if (before) joinUp(pen, before, station, view);
    PAINTERS[station.kind](pen, station, view);
  });
}

const PAINTERS = {
  labels: paintLabels,
  token: (pen, station, view) => paintStrip(pen, station, `${station.stack}.token`, view),
  place: (pen, station, view) => paintStrip(pen, station, `${station.stack}.place`, view),
  memory: (pen, station, view) => paintStrip(pen, station, "encoder.top", view),
  stream: paintStream,
  strands: paintStrands,
  feed: paintFeed,
  answers: paintAnswers,
};

// ---- what runs between two stations

function joinUp(pen, before, station, view) {
  const { stage, row, colors } = view;
  const { norm } = stage.scene.numbers.spec;
  const [from, to] = [before.x + before.width, station.x];
  if (station.kind === "token" || before.kind === "memory") return;
  if (station.kind === "labels" || (station.kind === "memory" && before.kind === "labels")) {
    if (station.kind !== "labels" || station.part !== "cross") return;
    // Before a cross-attention it is the decoder's own stream that is normalized.
    if (before.kind !== "labels") spine(pen, from, to, before.stack, view);
    if (norm === "pre") normBar(pen, from + NORM_GAP / 2, view.counts[before.stack] * row, colors);
    return;
  }
  if (station.kind === "place" || before.kind === "place") {
    sign(pen, station.kind === "place" ? "+" : "=", (from + to) / 2, view.counts[station.stack] * row, colors);
    return;
  }
  if (before.kind !== "labels" || station.kind !== "stream") spine(pen, from, to, station.stack, view);
  const hasNorm = (norm === "pre" && ["strands", "feed", "answers", "memory"].includes(station.kind)) || (norm === "post" && station.kind === "stream" && station.part !== "embedding");
  if (hasNorm) normBar(pen, to - NORM_GAP / 2, view.counts[station.stack] * row, colors);
}

// The residual stream: one straight line a token.
function spine(pen, from, to, stack, { row, colors, counts }) {
  pen.strokeStyle = css(rgb(colors.ink), 0.22);
  pen.lineWidth = 1;
  pen.beginPath();
  for (let t = 0; t < counts[stack]; t += 1) {
    pen.moveTo(from, (t + 0.5) * row);
    pen.lineTo(to, (t + 0.5) * row);
  }
  pen.stroke();
}

function normBar(pen, x, height, colors) {
  pen.fillStyle = colors.panel;
  pen.strokeStyle = css(rgb(colors.ink), 0.3);
  pen.lineWidth = 1;
  pen.beginPath();
  pen.roundRect(x - 6.5, 0.5, 13, Math.max(8, height - 1), 4);
  pen.fill();
  pen.stroke();
  pen.save();
  pen.translate(x, height / 2);
  pen.rotate(-Math.PI / 2);
  text(pen, height > 64 ? "layer norm" : "norm", 0, 0.5, 10, colors.font, colors.muted, "center");
  pen.restore();
}

function sign(pen, what, x, height, colors) {
  text(pen, what, x, height / 2, 15, colors.font, colors.muted, "center");
}

function text(pen, words, x, y, size, font, color, align = "left", most = undefined) {
  pen.font = `${size}px ${font}`;
  pen.fillStyle = color;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillText(words, x, y, most);
}

// ---- stations

const fontOf = (row) => Math.min(13, row - 1);

function paintLabels(pen, { x, width, stack }, { names, counts, row, colors, focus }) {
  for (let t = 0; t < counts[stack]; t += 1) {
    const isLit = focus?.stack === stack && focus.at === t;
    pen.font = `${fontOf(row)}px ${colors.codeFont}`;
    text(pen, written(names[stack][t]), x + width - 7, (t + 0.5) * row, fontOf(row), colors.codeFont, isLit ? colors.accent : colors.ink, "right", width - 9);
  }
}

function strip(pen, key, x, width, { sprites, row, counts, colors }, stack) {
  const sprite = sprites.get(key);
  const rows = counts[stack];
  const { height, width: across, canvas } = sprite;
  pen.imageSmoothingEnabled = across > width * 1.5;
  pen.drawImage(canvas, 0, 0, across, Math.min(rows, height), x, 0, width, rows * row);
  pen.fillStyle = colors.paper; // rows stand apart: each is one token
  for (let t = 1; t < rows; t += 1) pen.fillRect(x, t * row - 0.5, width, row > 12 ? 2 : 1);
}

function paintStrip(pen, { x, width, stack }, key, view) {
  strip(pen, key, x, width, view, stack);
}

const NORM_BAR = 15;

function paintStream(pen, { x, width, stack, layer, part }, view) {
  const { stage, row, colors, counts, longest } = view;
  const found = stage.streams[stack].find((each) => each.after === part && each.layer === layer);
  const wide = width - NORM_BAR;
  strip(pen, `${stack}.${layer}.${part}`, x, wide, view, stack);
  pen.fillStyle = css(rgb(colors.ink), 0.5);
  const tall = Math.max(2, Math.min(6, row - 8));
  for (let t = 0; t < counts[stack]; t += 1) pen.fillRect(x + wide + 2, (t + 0.5) * row - tall / 2, Math.max(1, (NORM_BAR - 3) * (found.norms[t] / longest)), tall);
}

// Information moves from the tokens looked at (left) to the token that looks (right); the stream runs straight through.
function paintStrands(pen, { x, width, stack, layer, part }, view) {
  const { row, colors, counts, focus } = view;
  const id = `${stack}.${layer}.${part}`;
  const { values, keys } = view.weightsOf(id);
  const [source, rows] = [part === "cross" ? "encoder" : stack, counts[stack]];
  spine(pen, x, x + width, stack, view);
  const isOwn = focus?.stack === stack;
  const isSource = part === "cross" && focus?.stack === "encoder";
  const least = isOwn || isSource ? LEAST.focus : Math.min(LEAST.rest, 0.9 / keys);
  const shades = Array.from({ length: SHADES }, () => []);
  for (let q = 0; q < rows; q += 1) {
    if (isOwn && focus.at !== q) continue;
    for (let k = 0; k < counts[source]; k += 1) {
      const w = values[q * keys + k];
      if (w < least || (isSource && focus.at !== k)) continue;
      shades[Math.min(SHADES - 1, Math.floor(w * SHADES))].push(k, q);
    }
  }
  const blue = colors.sequential(0.82);
  const bend = width * 0.45;
  shades.forEach((pairs, s) => {
    if (!pairs.length) return;
    const w = (s + 0.5) / SHADES;
    // Of thousands of faint lines every so many are drawn, and stronger: the eye sees the same, and it costs a frame less.
    const every = Math.ceil(pairs.length / 2 / MOST_LINES);
    pen.strokeStyle = css(blue, Math.min(1, w ** 0.7 * Math.sqrt(every)));
    pen.lineWidth = 0.8 + 2.4 * w;
    pen.beginPath();
    for (let i = 0; i < pairs.length; i += 2 * every) {
      const [from, to] = [(pairs[i] + 0.5) * row, (pairs[i + 1] + 0.5) * row];
      pen.moveTo(x, from);
      pen.bezierCurveTo(x + bend, from, x + width - bend, to, x + width, to);
    }
    pen.stroke();
  });
}

function paintFeed(pen, { x, width, stack, layer }, view) {
  strip(pen, `${stack}.${layer}.units`, x, width, view, stack);
}

/** Columns of the answers, in px from their left. */
export function columnsOf(width) {
  const loss = width - 2;
  return { said: 4, bar: 34, barWidth: Math.max(26, width - 158), share: width - 84, mark: width - 76, loss };
}

function paintAnswers(pen, { x, width, stack }, view) {
  const { stage, row, colors, focus, wordy } = view;
  const { answers } = stage;
  const at = columnsOf(width);
  const size = fontOf(row);
  const [ink, warn] = [colors.ink, stage.warn];
  const wide = wordy ? 40 : 0; // a word needs the room of a longer bar
  answers.forEach(({ said, sure, target, asked, right, loss }, t) => {
    const y = (t + 0.5) * row;
    if (!asked) {
      text(pen, "·", x + at.said + 4, y, size, colors.font, colors.muted);
      return;
    }
    const isLit = focus?.stack === stack && focus.at === t;
    const color = right === false ? warn : ink;
    text(pen, written(said), x + at.said, y, size, colors.codeFont, color, "left", at.bar + wide - 8);
    const [left, full] = [x + at.bar + wide, at.barWidth - wide];
    pen.fillStyle = css(rgb(colors.ink), 0.08);
    pen.fillRect(left, y - 3, full, 6);
    pen.fillStyle = right === false ? css(rgb(warn), 0.75) : css(rgb(colors.ink), isLit ? 0.85 : 0.55);
    pen.fillRect(left, y - 3, full * sure, 6);
    text(pen, percent(sure, 0), x + at.share, y, Math.min(12, size), colors.font, colors.muted, "right");
    if (right !== null) text(pen, right ? "✓" : `✗ ${written(target)}`, x + at.mark, y, size, right ? colors.font : colors.codeFont, right ? colors.muted : warn, "left", 42);
    if (loss !== null) text(pen, loss.toFixed(2), x + at.loss, y, Math.min(12, size), colors.font, colors.muted, "right");
  });
}
