// Codes of one number: a line instead of a plane. Densities above, the test pictures in a lane for each class, pictures below.

import { css, rgb } from "../lib/color.js";
import { number } from "../lib/number.js";
import { density } from "../lib/normal.js";
import { ticks } from "../lib/scale.js";
import { beside, say } from "./planelayers.js";

const HILLS = 118; // px that the densities take
const AXIS = 22;
const GOLDEN = 0.6180339887;

/** Where the parts of a line's canvas are: {hills, lanes, axis, tiles}, each [top, bottom] in px. */
export function partsOf({ width, height }, hasTiles, count) {
  const tall = hasTiles ? Math.min(width / count, 64) : 0;
  const axis = height - tall - AXIS;
  return { hills: [8, HILLS], lanes: [HILLS + 6, axis], axis: [axis, axis + AXIS], tiles: [height - tall, height] };
}

/** Points in lanes of their classes, with a bar of one standard deviation. */
export function paintLanes(canvas, plane, { points, spreads }, labels, { alone, clouds, dots, classes, names, parts }, colors) {
  const { pen, width } = beside(canvas, plane.canvas);
  const [top, bottom] = parts.lanes;
  const lane = (bottom - top) / classes;
  const scale = plane.stretched ? null : width / (plane.view.x[1] - plane.view.x[0]);
  for (let k = 0; k < classes; k += 1) {
    pen.fillStyle = css(rgb(colors.classes[k % colors.classes.length]), k % 2 ? 0.04 : 0.09);
    pen.fillRect(0, top + k * lane, width, lane);
  }
  for (let i = 0; i < labels.length; i += 1) {
    const kind = labels[i];
    const isFaint = alone !== null && alone !== kind;
    const x = plane.toPixel([points[2 * i], 0])[0];
    const y = top + lane * (kind + 0.5 + 0.62 * (((i * GOLDEN) % 1) - 0.5));
    const color = rgb(colors.classes[kind % colors.classes.length]);
    if (clouds && spreads && !isFaint) {
      const deviation = Math.sqrt(spreads[3 * i]);
      const [from, to] = scale ? [x - deviation * scale, x + deviation * scale] : [-1, 1].map((way) => plane.toPixel([points[2 * i] + way * deviation, 0])[0]);
      pen.fillStyle = css(color, 0.3);
      pen.fillRect(from, y - 0.75, to - from, 1.5);
    }
    if (!dots) continue;
    pen.fillStyle = css(color, isFaint ? 0.1 : 0.9);
    pen.beginPath();
    pen.arc(x, y, width < 480 ? 2 : 2.7, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.font = `600 12px ${colors.font}`;
  if (classes > 1) names.forEach((name, k) => say(pen, name, 6, top + (k + 0.5) * lane, "left", "middle", colors));
}

/** The density of the codes, filled, and of the prior, dashed, over the line. */
export function paintHills(pen, plane, { mixture, hasPrior, hasCodes, parts }, colors, width) {
  const [top, bottom] = parts.hills;
  const values = [];
  let most = 1e-9;
  for (let x = 0; x <= width; x += 2) {
    const [z] = plane.toPlace([x, 0]);
    const both = [hasCodes ? mixture.at(z, 0) : 0, hasPrior ? density(z - plane.origin[0]) : 0];
    most = Math.max(most, ...both);
    values.push([x, ...both]);
  }
  const y = (value) => bottom - (value / most) * (bottom - top - 14);
  const trace = (k) => values.forEach((row, i) => (i ? pen.lineTo(row[0], y(row[k])) : pen.moveTo(row[0], y(row[k]))));
  if (hasCodes) {
    pen.beginPath();
    trace(1);
    pen.lineTo(width, bottom);
    pen.lineTo(0, bottom);
    pen.fillStyle = css(rgb(colors.accent), 0.22);
    pen.fill();
    pen.beginPath();
    trace(1);
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 1.75;
    pen.stroke();
  }
  if (hasPrior) {
    pen.beginPath();
    trace(2);
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 1.5;
    pen.setLineDash([5, 4]);
    pen.stroke();
    pen.setLineDash([]);
  }
  if (!hasCodes && !hasPrior) return;
  pen.font = `11px ${colors.font}`;
  const words = [hasCodes && "filled: codes of test pictures", hasPrior && "dashed: prior N(0, 1)", `top: ${number(most, 2)} per unit`].filter(Boolean);
  say(pen, words.join(" · "), 6, 4, "left", "top", colors, colors.muted);
}

/** Numbers under the lanes, and the lines up from them. */
export function paintLineAxis(pen, plane, parts, colors, width) {
  const [low, high] = plane.view.x.map((u) => plane.fromScreen(u, 0));
  for (const value of ticks(low, high, plane.stretched ? 16 : Math.max(3, width / 90))) {
    if (plane.stretched && Math.abs(value - plane.origin[0]) > 2.6) continue;
    const x = Math.round(plane.toPixel([value, 0])[0]) + 0.5;
    pen.strokeStyle = css(rgb(colors.ink), value === 0 ? 0.3 : 0.1);
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x, parts.hills[0]);
    pen.lineTo(x, parts.axis[0]);
    pen.stroke();
    pen.font = `11px ${colors.font}`;
    if (x > 14 && x < width - 70) say(pen, number(value), x, parts.axis[0] + 4, "center", "top", colors);
  }
  pen.font = `600 13px ${colors.font}`;
  say(pen, `${plane.names[0]} →`, width - 6, parts.axis[0] + 3, "right", "top", colors);
}

/** The code shown, as a line through everything, and that of the picture on screen. */
export function paintLinePlaces(pen, plane, { place, how, home, cloud }, parts, colors, bottom) {
  if (cloud) {
    const [from, to] = [-1, 1].map((way) => plane.toPixel([home[0] + way * Math.sqrt(cloud[0]), 0])[0]);
    pen.fillStyle = css(rgb(colors.ink), 0.1);
    pen.fillRect(from, parts.hills[0], to - from, parts.axis[0] - parts.hills[0]);
  }
  const line = (x, color, wide, dash) => {
    pen.setLineDash(dash);
    pen.strokeStyle = color;
    pen.lineWidth = wide;
    pen.beginPath();
    pen.moveTo(x, parts.hills[0]);
    pen.lineTo(x, bottom);
    pen.stroke();
    pen.setLineDash([]);
  };
  if (how !== "home") line(plane.toPixel(home)[0], colors.ink, 1, [3, 3]);
  const x = plane.toPixel(place)[0];
  line(x, css(rgb(colors.paper), 0.85), 5, []);
  line(x, how === "pin" ? colors.accent : colors.ink, 2, []);
}
