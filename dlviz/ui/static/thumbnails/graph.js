// A graph as a thumbnail: nodes in the colour that the network answers, as strongly as it is sure; squares are the two it was
// told; dots are messages under way, in the colour of who sends them.

import { css, mix, rgb } from "../lib/color.js";
import { fit } from "../lib/dom.js";

const EDGE = 0.12; // of the width, at both sides
const STRENGTH = 0.8; // of the colours
const TALL = 0.79; // of the height
const RADIUS = 0.021; // of the width
const EVERY = 3; // every so many edges carry a dot

/** A painter for `Spreading`. */
export function graphPainter(ctx) {
  return ({ canvas, graph, share, phase, done }) => {
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const { colors } = ctx;
    const most = Math.max(...graph.places.map(([, y]) => Math.abs(y)));
    const [across, down] = [width * (0.5 - EDGE), Math.min((TALL * height) / 2 / most, width * 0.42)];
    const spots = graph.places.map(([x, y]) => [width / 2 + x * across, height / 2 - y * down]);
    const fills = Array.from(share, (p) => css(colors.diverging(STRENGTH * (2 * p - 1))));
    pen.clearRect(0, 0, width, height);
    pen.lineCap = "round";
    for (const [a, b] of graph.edges) {
      pen.strokeStyle = css(mix(rgb(colors.panel), rgb(colors.ink), 0.24));
      pen.lineWidth = 1.2;
      pen.beginPath();
      pen.moveTo(...spots[a]);
      pen.lineTo(...spots[b]);
      pen.stroke();
    }
    if (!done && !ctx.reducedMotion) paintMessages(pen, { graph, spots, fills, phase, colors });
    spots.forEach((spot, k) => paintNode(pen, spot, { fill: fills[k], isTold: graph.told.includes(k), radius: Math.max(4.5, RADIUS * width), colors }));
  };
}

function paintMessages(pen, { graph, spots, fills, phase, colors }) {
  graph.edges.forEach(([a, b], e) => {
    if (e % EVERY) return;
    const [from, to] = e % 2 ? [b, a] : [a, b];
    const t = (phase + e * 0.618) % 1;
    pen.beginPath();
    pen.arc(spots[from][0] + t * (spots[to][0] - spots[from][0]), spots[from][1] + t * (spots[to][1] - spots[from][1]), 3, 0, 2 * Math.PI);
    pen.fillStyle = fills[from];
    pen.fill();
    pen.strokeStyle = css(rgb(colors.ink), 0.35);
    pen.lineWidth = 0.8;
    pen.stroke();
  });
}

function paintNode(pen, [x, y], { fill, isTold, radius, colors }) {
  const size = isTold ? radius * 1.35 : radius;
  pen.beginPath();
  if (isTold) pen.roundRect(x - size, y - size, 2 * size, 2 * size, size * 0.35);
  else pen.arc(x, y, size, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = isTold ? colors.ink : css(rgb(colors.ink), 0.4);
  pen.lineWidth = isTold ? 2 : 1.1;
  pen.stroke();
}
