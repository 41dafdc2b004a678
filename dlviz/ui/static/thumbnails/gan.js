// A game of two as a thumbnail: noise at the left becomes fakes, orange, among the real points, blue; behind them, as a map, the
// odds that each place is real.

import { css, rgb } from "../lib/color.js";
import { fit } from "../lib/dom.js";
import { SIDE } from "./competing.js";

const STRENGTH = 0.6; // of the map's colours, so that points stand out
const NOISE = 0.36; // of the height
const FIELD = 0.8;
const EDGE = 0.05; // of the width, at both sides
const REACH = 0.9; // of half a square, for ±1
const STRANDS = 5; // every so many fakes have a line to their noise

/** A painter for `Competing`. */
export function ganPainter(ctx) {
  const map = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  return ({ canvas, real, noise, fake, odds }) => {
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const { colors } = ctx;
    const squareOf = (share, isLeft) => {
      const side = Math.min(share * height, 0.5 * width);
      return { x: isLeft ? EDGE * width : width * (1 - EDGE) - side, y: (height - side) / 2, side };
    };
    const [left, field] = [squareOf(NOISE, true), squareOf(FIELD, false)];
    const within = ({ x, y, side }) => ([a, b]) => [x + (side / 2) * (1 + REACH * a), y + (side / 2) * (1 - REACH * b)];
    const [ofNoise, ofField] = [within(left), within(field)];
    pen.clearRect(0, 0, width, height);
    square(pen, left, colors, () => {
      pen.fillStyle = colors.paper;
      pen.fillRect(left.x, left.y, left.side, left.side);
    });
    square(pen, field, colors, () => {
      const image = new ImageData(SIDE, SIDE);
      odds.forEach((value, k) => image.data.set([...colors.diverging(STRENGTH * value), 255], 4 * k));
      map.getContext("2d").putImageData(image, 0, 0);
      pen.imageSmoothingEnabled = true;
      pen.drawImage(map, field.x, field.y, field.side, field.side);
    });
    pen.strokeStyle = css(rgb(colors.negative), 0.4);
    pen.lineWidth = 1.3;
    fake.forEach((point, k) => {
      if (k % STRANDS) return;
      const [[x0, y0], [x1, y1]] = [ofNoise(noise[k]), ofField(point)];
      const middle = (left.x + left.side + field.x) / 2;
      pen.beginPath();
      pen.moveTo(x0, y0);
      pen.bezierCurveTo(middle, y0, middle, y1, x1, y1);
      pen.stroke();
    });
    for (const point of noise) dot(pen, ofNoise(point), 2, css(rgb(colors.negative), 0.85));
    for (const point of real) dot(pen, ofField(point), 1.9, css(rgb(colors.positive), 0.6));
    for (const point of fake) dot(pen, ofField(point), 3, colors.negative, colors.paper);
  };
}

function square(pen, { x, y, side }, colors, fill) {
  pen.save();
  pen.beginPath();
  pen.roundRect(x, y, side, side, 6);
  pen.clip();
  fill();
  pen.restore();
  pen.beginPath();
  pen.roundRect(x, y, side, side, 6);
  pen.lineWidth = 1;
  pen.strokeStyle = css(rgb(colors.ink), 0.28);
  pen.stroke();
}

function dot(pen, [x, y], radius, color, edge = null) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = color;
  pen.fill();
  if (!edge) return;
  pen.strokeStyle = edge;
  pen.lineWidth = 1.2;
  pen.stroke();
}
