// What lies on the planes: codes with their clouds, decoded tiles, and the map of how sure the classifier is, its holes outlined.

import { css, rgb } from "../lib/color.js";
import { outlineOf, paintPixels } from "../lib/pixels.js";
import { paintEllipses, paintPoints } from "../lib/planepaint.js";

export const TILES = 13; // along a side
export const UNSURE = 0.5;
const NEAR = 0.35; // how dark a cell with codes near is, where no classifier says more
const MIDDLE = 2; // standard deviations within which holes are counted

/** The codes of the test pictures, and where they are clouds one standard deviation of each. */
export function paintCodes(pen, plane, side, labels, colors) {
  if (side.clouds) paintEllipses(pen, plane, side.places, side.clouds, labels, colors);
  paintPoints(pen, plane, side.places, labels, colors, { radius: 2.4 });
}

/** The cross where one is, with a rim by which it stands out on any ground. */
export function paintPlace(pen, plane, place, colors) {
  const [x, y] = plane.toPixel(place);
  const trace = () => {
    pen.beginPath();
    pen.arc(x, y, 7, 0, 2 * Math.PI);
    for (const [dx, dy] of [[-1, 0], [1, 0], [0, -1], [0, 1]]) {
      pen.moveTo(x + 4 * dx, y + 4 * dy);
      pen.lineTo(x + 11 * dx, y + 11 * dy);
    }
    pen.stroke();
  };
  for (const [color, width] of [[colors.paper, 5], [colors.ink, 2]]) {
    Object.assign(pen, { strokeStyle: color, lineWidth: width });
    trace();
  }
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
  const cells = Object.assign(document.createElement("canvas"), { width: n, height: n });
  const image = new ImageData(n, n);
  for (let i = 0; i < n * n; i += 1) image.data.set([...colors.sequential(side.confidence ? side.confidence[i] : NEAR * side.inside[i]), 255], 4 * i);
  cells.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(cells, 0, 0, width, height);
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
  pen.beginPath();
  pen.arc(width / 2, height / 2, (MIDDLE / reach) * (width / 2), 0, 2 * Math.PI);
  pen.strokeStyle = css(rgb(colors.paper), 0.7);
  pen.lineWidth = 2.5;
  pen.stroke();
  pen.strokeStyle = colors.ink;
  pen.lineWidth = 1.2;
  pen.setLineDash([1.5, 4]);
  pen.stroke();
  pen.setLineDash([]);
}
