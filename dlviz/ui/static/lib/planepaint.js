// What lies on a plane of codes: points in the colours of their classes, the clouds q(z|x), paths, a cross.

import { css, rgb } from "./color.js";

/** Points [x0, y0, …] of a Plane in the colours of `labels`; `alone`: the class that is looked at, others are faint. */
export function paintPoints(pen, plane, points, labels, colors, { radius = 2.6, alone = null, strength = 0.85 } = {}) {
  const inks = colors.classes.map((name) => [css(rgb(name), strength), css(rgb(name), 0.12)]);
  for (let i = 0; i < labels.length; i += 1) {
    const [x, y] = plane.toPixel([points[2 * i], points[2 * i + 1]]);
    pen.fillStyle = inks[labels[i] % inks.length][alone === null || alone === labels[i] ? 0 : 1];
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** Ellipses of `times` standard deviations about points; `spreads` [σx0, σy0, …]. */
export function paintEllipses(pen, plane, points, spreads, labels, colors, { times = 1, alone = null } = {}) {
  const { clientWidth: width, clientHeight: height } = plane.canvas;
  const { x: [west, east], y: [south, north] } = plane.view;
  const scale = [(times * width) / (east - west), (times * height) / (north - south)];
  pen.lineWidth = 1;
  for (let i = 0; i < labels.length; i += 1) {
    if (alone !== null && alone !== labels[i]) continue;
    const [x, y] = plane.toPixel([points[2 * i], points[2 * i + 1]]);
    pen.strokeStyle = css(rgb(colors.classes[labels[i] % colors.classes.length]), 0.38);
    pen.beginPath();
    pen.ellipse(x, y, Math.max(0.5, spreads[2 * i] * scale[0]), Math.max(0.5, spreads[2 * i + 1] * scale[1]), 0, 0, 2 * Math.PI);
    pen.stroke();
  }
}

/** A ring with a cross at a place: where one is. With a `halo`, a colour, it stands out from whatever is under it. */
export function paintCross(pen, plane, place, color, radius = 7, halo = null) {
  const [x, y] = plane.toPixel(place);
  if (halo) {
    pen.strokeStyle = halo;
    pen.lineWidth = 5;
    cross(pen, x, y, radius);
  }
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  cross(pen, x, y, radius);
}

function cross(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.moveTo(x - radius - 4, y);
  pen.lineTo(x - radius + 3, y);
  pen.moveTo(x + radius - 3, y);
  pen.lineTo(x + radius + 4, y);
  pen.moveTo(x, y - radius - 4);
  pen.lineTo(x, y - radius + 3);
  pen.moveTo(x, y + radius - 3);
  pen.lineTo(x, y + radius + 4);
  pen.stroke();
}

/** A path through places [[x, y], …]. */
export function paintPath(pen, plane, places, color, width = 2) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.beginPath();
  places.forEach((place, i) => (i ? pen.lineTo(...plane.toPixel(place)) : pen.moveTo(...plane.toPixel(place))));
  pen.stroke();
}
