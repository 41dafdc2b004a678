// A network as a thumbnail: every unit as its map, links as wide as their weights, the output large.

import { css, rgb } from "../lib/color.js";
import { fit } from "../lib/dom.js";
import { inks, paintSigned, Sheet } from "../lib/heat.js";
import { dot } from "./field.js";

const SIDE = 36;
const GAP = 0.3; // of a tile, between tiles of a column
const EDGE = 0.045; // of the width, around everything

export const WIDTHS = [2, 5, 3, 2];

/** A painter for `Living`: the columns of units on the left, what they decide together on the right. */
export function networkPainter(ctx) {
  const shown = WIDTHS.slice(0, -1);
  const sheet = new Sheet(SIDE, shown.reduce((a, b) => a + b, 0) + 1, 4);
  return ({ network, data, canvas }) => {
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const maps = network.maps(SIDE);
    const table = inks(ctx.colors);
    const all = maps.slice(0, -1).flat();
    all.forEach((map, k) => paintSigned(sheet, k, map, 1, table));
    const [zero, one] = maps.at(-1);
    paintSigned(sheet, all.length, one.map((p, k) => p - zero[k]), 1, table);
    sheet.flush();
    pen.clearRect(0, 0, width, height);
    const places = layout(shown, width, height);
    network.layers.forEach((layer, l) => links(pen, layer, places[l], places[l + 1], ctx.colors));
    let k = 0;
    for (const place of places.flat()) {
      frame(pen, place, ctx.colors, () => tile(pen, sheet, k, place));
      k += 1;
    }
    const out = places.at(-1)[0];
    const radius = Math.min(2.4, out.size / 75);
    data.inputs.forEach(([x, y], n) => {
      dot(pen, out.x + ((x + 1) / 2) * out.size, out.y + ((1 - y) / 2) * out.size, data.labels[n], ctx.colors, radius);
    });
  };
}

// Half a cell less on each side: smoothing would let the neighbours in the sheet show at the edges.
function tile(pen, sheet, k, { x, y, size }) {
  pen.drawImage(sheet.canvas, sheet.left(k) + 0.5, sheet.top(k) + 0.5, SIDE - 1, SIDE - 1, x, y, size, size);
}

function layout(shown, width, height) {
  const edge = EDGE * width;
  const big = Math.min(height - 2 * edge, width * 0.44);
  const tallest = Math.max(...shown);
  const tile = Math.min((height - 2 * edge) / (tallest + GAP * (tallest - 1)), width * 0.085);
  const room = width - 3 * edge - big - tile;
  const columns = shown.map((count, column) => {
    const tall = count * tile + (count - 1) * GAP * tile;
    const x = edge + (room * column) / shown.length;
    return Array.from({ length: count }, (_, k) => ({ x, y: (height - tall) / 2 + k * tile * (1 + GAP), size: tile }));
  });
  return [...columns, [{ x: width - edge - big, y: (height - big) / 2, size: big }]];
}

// The two logits end in one picture, which shows their difference: the link is the difference of their weights.
function links(pen, { inputs, outputs, weight }, from, to, colors) {
  const joined = to.length < outputs;
  for (let o = 0; o < to.length; o++) {
    for (let i = 0; i < inputs; i++) {
      const w = joined ? weight[inputs + i] - weight[i] : weight[o * inputs + i];
      const [x1, y1] = [from[i].x + from[i].size, from[i].y + from[i].size / 2];
      const [x2, y2] = [to[o].x, to[o].y + to[o].size / 2];
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.bezierCurveTo((x1 + x2) / 2, y1, (x1 + x2) / 2, y2, x2, y2);
      pen.lineWidth = Math.min(0.4 + 0.9 * Math.abs(w), 5);
      pen.strokeStyle = css(rgb(w > 0 ? colors.positive : colors.negative), Math.min(0.25 + 0.2 * Math.abs(w), 0.85));
      pen.stroke();
    }
  }
}

function frame(pen, { x, y, size }, colors, fill) {
  pen.save();
  pen.beginPath();
  pen.roundRect(x, y, size, size, Math.min(6, size * 0.14));
  pen.clip();
  pen.fillStyle = colors.paper;
  pen.fillRect(x, y, size, size);
  pen.globalAlpha = 0.85;
  fill();
  pen.restore();
  pen.beginPath();
  pen.roundRect(x, y, size, size, Math.min(6, size * 0.14));
  pen.strokeStyle = css(rgb(colors.ink), 0.28);
  pen.lineWidth = 1;
  pen.stroke();
}
