// What is painted on a plane of two numbers, layer by layer. What does not change with the pointer is kept on canvases.

import { css, rgb } from "../lib/color.js";
import { number } from "../lib/number.js";
import { paintCross } from "../lib/planepaint.js";
import { ticks } from "../lib/scale.js";

const CORNERS = 40; // of a curve on stretched axes
const LINES = 30_000; // px of outlines of clouds that are drawn
export const SIGMAS = [1, 2];

/** Tiles, or what is already there of them, where their cells are. */
export function paintTiles(pen, plane, { sheet, box, side }, colors) {
  const [left, top, width, height] = plane.boxOf(box);
  pen.imageSmoothingEnabled = width < 2 * sheet.width; // a few pixels of a cell each are blurred, large ones stay crisp
  pen.drawImage(sheet, left, top, width, height);
  pen.imageSmoothingEnabled = true;
  pen.beginPath();
  for (let k = 1; k < side; k += 1) {
    pen.moveTo(left + (k / side) * width, top);
    pen.lineTo(left + (k / side) * width, top + height);
    pen.moveTo(left, top + (k / side) * height);
    pen.lineTo(left + width, top + (k / side) * height);
  }
  pen.strokeStyle = css(rgb(colors.paper), 0.28);
  pen.lineWidth = 1;
  pen.stroke();
}

/** A small canvas over its part of the plane; crisp, one pixel a cell. */
export function paintCells(pen, plane, { canvas, box }, smooth) {
  pen.imageSmoothingEnabled = smooth;
  pen.drawImage(canvas, ...plane.boxOf(box));
  pen.imageSmoothingEnabled = true;
}

/** The classifier's answers over the tiles: the colour of the class, fuller where it is surer; faded outside the codes. */
export function classifiedCells({ confidence, answer, inside, xs, ys }, classes, colors) {
  const canvas = Object.assign(document.createElement("canvas"), { width: xs.length, height: ys.length });
  const image = new ImageData(xs.length, ys.length);
  const paper = rgb(colors.paper);
  inside.forEach((is, i) => {
    const sure = (confidence[i] * classes - 1) / (classes - 1);
    const color = is ? rgb(colors.classes[answer[i] % colors.classes.length]) : paper;
    image.data.set([...color, 255 * (is ? 0.12 + 0.5 * Math.max(0, sure) : 0.72)], 4 * i);
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** Lines at round numbers, and these numbers at the edges. */
export function paintAxes(pen, plane, colors, { width, height }) {
  pen.font = `11px ${colors.font}`;
  pen.lineWidth = 1;
  const places = [0, 1].map((axis) => {
    const [low, high] = (axis ? plane.view.y : plane.view.x).map((u) => plane.fromScreen(u, axis));
    return ticks(low, high, plane.stretched ? 16 : Math.max(3, width / 100)).filter((value) => !plane.stretched || Math.abs(value - plane.origin[axis]) < 2.6);
  });
  const pixel = (value, axis) => Math.round(plane.toPixel(axis ? [plane.origin[0], value] : [value, plane.origin[1]])[axis]) + 0.5;
  places.forEach((values, axis) => {
    for (const value of values) {
      const at = pixel(value, axis);
      pen.strokeStyle = css(rgb(colors.ink), value === 0 ? 0.3 : 0.1);
      pen.beginPath();
      if (axis) { pen.moveTo(0, at); pen.lineTo(width, at); } else { pen.moveTo(at, 0); pen.lineTo(at, height); }
      pen.stroke();
    }
  });
  return () => { // over everything else
    pen.font = `11px ${colors.font}`;
    for (const value of places[0]) {
      const at = pixel(value, 0);
      if (at > 26 && at < width - 110) say(pen, number(value), at, height - 5, "center", "bottom", colors);
    }
    for (const value of places[1]) {
      const at = pixel(value, 1);
      if (at > 30 && at < height - 24) say(pen, number(value), 5, at, "left", "middle", colors);
    }
    pen.font = `600 13px ${colors.font}`;
    say(pen, `${plane.names[0]} →`, width - 6, height - 5, "right", "bottom", colors);
    say(pen, `↑ ${plane.names[1]}`, 5, 6, "left", "top", colors);
  };
}

/** Words that can be read on any ground. */
export function say(pen, text, x, y, align, baseline, colors, ink = colors.ink) {
  [pen.textAlign, pen.textBaseline, pen.lineJoin] = [align, baseline, "round"];
  pen.strokeStyle = css(rgb(colors.paper), 0.85);
  pen.lineWidth = 3.5;
  pen.strokeText(text, x, y);
  pen.fillStyle = ink;
  pen.fillText(text, x, y);
}

/** Trace the ellipse of `times` standard deviations of the covariance [xx, xy, yy] about a place. */
export function traceEllipse(pen, plane, [x, y], [xx, xy, yy], times) {
  const [middle, half] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  const [long, short] = [middle + half, middle - half].map((value) => times * Math.sqrt(Math.max(0, value)));
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  if (!plane.stretched) {
    const [left, top] = plane.toPixel([x, y]);
    const scale = plane.canvas.clientWidth / (plane.view.x[1] - plane.view.x[0]);
    const [a, b] = [Math.max(0.5, long * scale), Math.max(0.5, short * scale)];
    pen.moveTo(left + a * Math.cos(angle), top - a * Math.sin(angle));
    pen.ellipse(left, top, a, b, -angle, 0, 2 * Math.PI);
    return;
  }
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (let k = 0; k <= CORNERS; k += 1) {
    const turn = (2 * Math.PI * k) / CORNERS;
    const [u, v] = [long * Math.cos(turn), short * Math.sin(turn)];
    const at = plane.toPixel([x + c * u - s * v, y + s * u + c * v]);
    if (k) pen.lineTo(...at);
    else pen.moveTo(...at);
  }
}

/** The prior's circles of 1, 2 and 3 standard deviations. */
export function paintPrior(pen, plane, colors) {
  pen.beginPath();
  for (const times of [1, 2, 3]) traceEllipse(pen, plane, plane.origin, [1, 0, 1], times);
  pen.strokeStyle = css(rgb(colors.paper), 0.6); // on dark pictures the dashes alone would be lost
  pen.lineWidth = 2.5;
  pen.stroke();
  pen.strokeStyle = css(rgb(colors.ink), 0.6);
  pen.lineWidth = 1.25;
  pen.setLineDash([5, 4]);
  pen.stroke();
  pen.setLineDash([]);
  return () => {
    pen.font = `11px ${colors.font}`;
    for (const times of [1, 2, 3]) {
      const [x, y] = plane.toPixel([plane.origin[0] + times * Math.SQRT1_2, plane.origin[1] + times * Math.SQRT1_2]);
      say(pen, `${times}σ`, x, y, "center", "middle", colors);
    }
  };
}

/** The pen of a canvas kept beside the one on screen, as large as that, empty. */
export function beside(canvas, shown) {
  if (canvas.width !== shown.width || canvas.height !== shown.height) Object.assign(canvas, { width: shown.width, height: shown.height });
  const pen = canvas.getContext("2d");
  const [width, height] = [shown.clientWidth, shown.clientHeight];
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
  return { pen, width, height };
}

/**
 * Points of the test pictures in the colours of their classes, and their clouds, on a canvas of their own. Returns of how many
 * pictures the clouds are drawn, null for none.
 */
export function paintCodes(canvas, plane, { points, spreads }, labels, { alone, clouds, dots, ringed }, colors) {
  const { pen, width, height } = beside(canvas, plane.canvas);
  const groups = colors.classes.map(() => []);
  const isInView = (x, y) => x > -80 && y > -80 && x < width + 80 && y < height + 80;
  const places = new Float64Array(2 * labels.length);
  for (let i = 0; i < labels.length; i += 1) {
    const [x, y] = plane.toPixel([points[2 * i], points[2 * i + 1]]);
    [places[2 * i], places[2 * i + 1]] = [x, y];
    if (isInView(x, y)) groups[labels[i] % groups.length].push(i);
  }
  // One path for all of a class: a stroke each would take ten times as long.
  let drawn = null;
  if (clouds && spreads) {
    drawn = fewEnough(plane, spreads, labels.length);
    for (const times of SIGMAS) {
      groups.forEach((group, kind) => {
        if (alone !== null && alone !== kind) return;
        pen.strokeStyle = css(rgb(colors.classes[kind]), times === 1 ? 0.75 : 0.3);
        pen.lineWidth = 1;
        pen.beginPath();
        for (const i of group) if (i < drawn) traceEllipse(pen, plane, [points[2 * i], points[2 * i + 1]], spreads.subarray(3 * i, 3 * i + 3), times);
        pen.stroke();
      });
    }
  }
  if (!dots) return drawn;
  const radius = width < 480 ? 2.4 : 3.2;
  groups.forEach((group, kind) => {
    const isFaint = alone !== null && alone !== kind;
    pen.beginPath();
    for (const i of group) {
      pen.moveTo(places[2 * i] + radius, places[2 * i + 1]);
      pen.arc(places[2 * i], places[2 * i + 1], radius, 0, 2 * Math.PI);
    }
    if (ringed && !isFaint) {
      pen.strokeStyle = css(rgb(colors.paper), 0.9);
      pen.lineWidth = 2;
      pen.stroke();
    }
    pen.fillStyle = css(rgb(colors.classes[kind]), isFaint ? 0.1 : 0.9);
    pen.fill();
  });
  return drawn;
}

// Of how many pictures the clouds are drawn: of all, or where these are large of so many that one still sees anything.
function fewEnough(plane, spreads, n) {
  let around = 0;
  for (let i = 0; i < n; i += 1) around += 2 * Math.PI * Math.sqrt((spreads[3 * i] + spreads[3 * i + 2]) / 2);
  const scale = plane.canvas.clientWidth * (plane.stretched ? 0.3 : 1 / (plane.view.x[1] - plane.view.x[0]));
  return Math.min(n, Math.max(40, Math.round((n * LINES) / (around * scale))));
}

/** The picture on screen and its cloud, the code shown with lines to the nearest test pictures, and a pin. */
export function paintPlaces(pen, plane, { place, how, home, cloud, near, points }, colors) {
  if (cloud) {
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const times of SIGMAS) traceEllipse(pen, plane, home, cloud, times);
    pen.stroke();
  }
  const at = plane.toPixel(place);
  if (how !== "home") {
    for (const i of near) {
      const [x, y] = plane.toPixel([points[2 * i], points[2 * i + 1]]);
      for (const [color, wide] of [[css(rgb(colors.paper), 0.8), 3.5], [colors.ink, 1.25]]) {
        pen.strokeStyle = color;
        pen.lineWidth = wide;
        pen.beginPath();
        pen.moveTo(...at);
        pen.lineTo(x, y);
        pen.moveTo(x + 6, y);
        pen.arc(x, y, 6, 0, 2 * Math.PI);
        pen.stroke();
      }
    }
    diamond(pen, plane.toPixel(home), colors);
  }
  paintCross(pen, plane, place, how === "pin" ? colors.accent : colors.ink, how === "pin" ? 9 : 7, colors.paper);
  if (how !== "pin") return;
  pen.fillStyle = colors.accent;
  pen.beginPath();
  pen.arc(...at, 4, 0, 2 * Math.PI);
  pen.fill();
}

export function diamond(pen, [x, y], colors) {
  pen.beginPath();
  for (const [dx, dy] of [[0, -7], [7, 0], [0, 7], [-7, 0]]) pen.lineTo(x + dx, y + dy);
  pen.closePath();
  pen.fillStyle = colors.ink;
  pen.strokeStyle = colors.paper;
  pen.lineWidth = 2;
  pen.stroke();
  pen.fill();
}
