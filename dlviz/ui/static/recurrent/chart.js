// Where the answers are numbers: over each cell what it says comes next, and what came.

import { css, rgb } from "../lib/color.js";
import { number } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";

/** Heights for the numbers of all columns: {toY, levels}. */
export function scaleOf(columns, { top, bottom }) {
  const all = columns.flatMap(({ said, target }) => [said, target]).filter((x) => x !== null && Number.isFinite(x));
  let [low, high] = [Math.min(...all), Math.max(...all)];
  if (!all.length) [low, high] = [0, 1];
  if (high - low < 1e-6) [low, high] = [low - 1, high + 1];
  return { toY: (x) => bottom - ((x - low) / (high - low)) * (bottom - top), levels: ticks(low, high, 3) };
}

/** Lines and dots from column `first` to `last`; the pen's origin is the beginning of the chain. */
export function paintChart(pen, stage, places, first, last) {
  const { columns, ctx: { colors } } = stage;
  const { toY } = scaleOf(columns, places.chart);
  const [ink, muted] = [rgb(colors.ink), colors.muted];
  pen.lineJoin = "round";
  pen.strokeStyle = muted;
  pen.lineWidth = 1.5;
  along(pen, columns, first, last, ({ target }) => target, places, toY);
  pen.strokeStyle = css(rgb(colors.positive));
  pen.lineWidth = 2;
  along(pen, columns, first, last, ({ said }) => said, places, toY);
  for (let i = first; i <= last; i += 1) {
    const { said, target } = columns[i];
    const x = places.x(i);
    if (said !== null && target !== null) {
      pen.strokeStyle = css(ink, 0.3);
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(x, toY(said));
      pen.lineTo(x, toY(target));
      pen.stroke();
    }
    if (target !== null) dot(pen, x, toY(target), 3, colors.paper, muted);
    if (said !== null) dot(pen, x, toY(said), 4, css(rgb(colors.positive)), colors.paper);
  }
}

/** The levels and the names of the two lines, which stay at the left of the frame. */
export function paintAxis(pen, stage, places, width) {
  const { ctx: { colors }, columns } = stage;
  const { toY, levels } = scaleOf(columns, places.chart);
  const { unit } = stage.scene.numbers.shown_as;
  pen.font = `11.5px ${colors.font}`;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  for (const level of levels) {
    const y = Math.round(toY(level)) + 0.5;
    pen.strokeStyle = css(rgb(colors.ink), 0.1);
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(0, y);
    pen.lineTo(width, y);
    pen.stroke();
    pen.lineWidth = 4;
    pen.strokeStyle = css(rgb(colors.paper), 0.85);
    const words = `${number(level)}${unit ? ` ${unit}` : ""}`;
    pen.strokeText(words, 2, y - 7);
    pen.fillStyle = colors.muted;
    pen.fillText(words, 2, y - 7);
  }
}

function along(pen, columns, first, last, value, places, toY) {
  let open = false;
  pen.beginPath();
  for (let i = Math.max(0, first - 1); i <= Math.min(columns.length - 1, last + 1); i += 1) {
    const y = value(columns[i]);
    if (y === null || !Number.isFinite(y)) continue;
    if (open) pen.lineTo(places.x(i), toY(y));
    else pen.moveTo(places.x(i), toY(y));
    open = true;
  }
  pen.stroke();
}

function dot(pen, x, y, radius, fill, edge) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = edge;
  pen.stroke();
}
