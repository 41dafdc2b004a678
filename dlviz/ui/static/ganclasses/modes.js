// Points asked for, in the plane: the modes by class, where the fakes of each class land, and one noise under every class.

import { css, rgb } from "../lib/color.js";
import { h } from "../lib/dom.js";
import { Plane } from "../lib/plane.js";
import { paintPath, paintPoints } from "../lib/planepaint.js";

const HALF = 1.5;

/** `{element, draw({made, scene, chosen, picked, mixed}, colors), onPage(place)}`; `onpick(class)`: of the mode pressed. */
export function buildModes({ onpick }) {
  let centers = null;
  const plane = new Plane({
    label: "The plane with the modes and the fakes of each class", names: ["x₁", "x₂"],
    onpick: ([x, y]) => {
      if (!centers) return;
      const far = Array.from({ length: centers.length / 2 }, (_, k) => Math.hypot(x - centers[2 * k], y - centers[2 * k + 1]));
      onpick(far.indexOf(Math.min(...far)));
    },
  });
  plane.view = { x: [-HALF, HALF], y: [-HALF, HALF] };
  const element = h("div.gc-plane", plane.canvas);

  function ring(pen, place, radius, color, width) {
    const [x, y] = plane.toPixel(place);
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }

  return {
    element,
    draw({ made, scene, chosen, picked, mixed }, colors) {
      if (!plane.canvas.clientWidth) return;
      centers = scene.arrays.centers?.data ?? null;
      const { told, spread, classes } = scene.numbers;
      const pen = plane.begin(colors);
      const scale = plane.canvas.clientWidth / (2 * HALF);
      const inkOf = (k) => colors.classes[k % colors.classes.length];
      for (let k = 0; k < (centers?.length ?? 0) / 2; k += 1) {
        const place = [centers[2 * k], centers[2 * k + 1]];
        ring(pen, place, Math.max(5, 3 * spread * scale), css(rgb(inkOf(k)), k === chosen ? 1 : 0.55), k === chosen ? 3 : 1.3);
        const [x, y] = plane.toPixel(place);
        pen.font = `${k === chosen ? "600 15px" : "12px"} ${colors.font}`;
        pen.fillStyle = k === chosen ? colors.ink : colors.muted;
        pen.textAlign = "left";
        pen.textBaseline = "bottom";
        pen.fillText(classes[k], x + Math.max(5, 3 * spread * scale) * 0.75 + 2, y - Math.max(5, 3 * spread * scale) * 0.7);
      }
      const points = Float32Array.from(made.flatMap(({ example }) => [...example]));
      const labels = made.map(({ label }) => label);
      paintPoints(pen, plane, points, labels, colors, { radius: 2, strength: 0.28 });
      const own = made.filter(({ label }) => label === chosen);
      paintPoints(pen, plane, Float32Array.from(own.flatMap(({ example }) => [...example])), own.map(({ label }) => label), colors, { radius: 3.2, strength: 0.95 });
      const row = Math.floor(picked / told) * told;
      for (const { example, label } of made.slice(row, row + told)) ring(pen, example, 5.5, label === chosen ? colors.ink : css(rgb(colors.ink), 0.6), label === chosen ? 2.2 : 1.2);
      if (mixed) paintPath(pen, plane, mixed.map(({ example }) => example), css(rgb(colors.accent), 0.9), 2);
    },
    onPage(place) {
      const box = plane.canvas.getBoundingClientRect();
      const [x, y] = plane.toPixel(place);
      return [box.left + x, box.top + y];
    },
  };
}
