// What lies on the planes: codes with their clouds, decoded tiles, and the map of how sure the classifier is, its holes outlined.

import { css, rgb } from "../lib/color.js";
import { outlineOf, paintPixels } from "../lib/pixels.js";
import { paintEllipses, paintPoints } from "../lib/planepaint.js";

export const TILES = 13; // along a side
export const UNSURE = 0.5;
const MIDDLE = 2; // standard deviations within which holes are counted

/** The codes of the test pictures, and where they are clouds one standard deviation of each. */
export function paintCodes(pen, plane, side, labels, colors) {
  if (side.clouds) paintEllipses(pen, plane, side.places, side.clouds, labels, colors);
  paintPoints(pen, plane, side.places, labels, colors, { radius: 2.4 });
}

/** The middle of cell (row, column) of side × side cells. */
export const middleOf = (row, column, side, reach) => [((2 * column + 1) / side - 1) * reach, (1 - (2 * row + 1) / side) * reach];

/** Decode a canvas of tiles, tile by tile; a generator for lib/slices.js. */
export function* tiles(side, reach, shape) {
  const [, height, width] = shape;
  const whole = Object.assign(document.createElement("canvas"), { width: TILES * width, height: TILES * height });
  const one = document.createElement("canvas");
  const pen = whole.getContext("2d");
  for (let row = 0; row < TILES; row += 1) {
    for (let column = 0; column < TILES; column += 1) {
      paintPixels(one, side.decode(side.toCode(middleOf(row, column, TILES, reach))), shape);
      pen.drawImage(one, column * width, row * height);
      yield;
    }
  }
  return whole;
}

/** The map: dark where the classifier is sure; without one, where codes lie near. */
export function paintMap(pen, plane, side, reach, colors, width, height) {
  const n = side.side;
  const [across, down] = [width / n, height / n];
  for (let i = 0; i < n * n; i += 1) {
    const t = side.confidence ? side.confidence[i] : 0.35 * side.inside[i];
    pen.fillStyle = css(colors.sequential(t));
    pen.fillRect((i % n) * across, Math.floor(i / n) * down, across + 0.5, down + 0.5);
  }
  const trace = (mask) => {
    pen.beginPath();
    for (const [x0, y0, x1, y1] of outlineOf(mask, n, n)) {
      pen.moveTo(x0 * across, y0 * down);
      pen.lineTo(x1 * across, y1 * down);
    }
  };
  trace(side.inside);
  pen.strokeStyle = css(rgb(colors.paper), 0.9);
  pen.lineWidth = 3;
  pen.setLineDash([]);
  pen.stroke();
  pen.strokeStyle = css(rgb(colors.ink), 0.9);
  pen.lineWidth = 1.2;
  pen.setLineDash([4, 3]);
  pen.stroke();
  pen.setLineDash([]);
  if (side.confidence) {
    trace(side.confidence.map((value) => (value < UNSURE ? 1 : 0)));
    pen.strokeStyle = colors.negative;
    pen.lineWidth = 2.2;
    pen.stroke();
  }
  paintMiddle(pen, reach, width, height, colors);
}

function paintMiddle(pen, reach, width, height, colors) {
  pen.strokeStyle = css(rgb(colors.ink), 0.55);
  pen.lineWidth = 1;
  pen.setLineDash([1, 3]);
  pen.beginPath();
  pen.ellipse(width / 2, height / 2, (MIDDLE / reach) * (width / 2), (MIDDLE / reach) * (height / 2), 0, 0, 2 * Math.PI);
  pen.stroke();
  pen.setLineDash([]);
}
