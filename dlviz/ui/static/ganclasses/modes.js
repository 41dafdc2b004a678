// Points asked for, in the plane: the modes by class, where the fakes of each class land, and one noise under every class.

import { css, rgb } from "../lib/color.js";
import { h } from "../lib/dom.js";
import { Plane } from "../lib/plane.js";
import { paintPath, paintPoints } from "../lib/planepaint.js";

const HALF = 1.5;
const SIDE = 28; // cells along a side of D's map
const STRENGTH = 0.42; // of the map's colours: the points must stand out

/** The middles of the cells of the map, rows from above: [x, y, x, y, …]. */
const CELLS = Float32Array.from({ length: 2 * SIDE * SIDE }, (_, i) => {
  const [row, column] = [Math.floor(i / 2 / SIDE), (i >> 1) % SIDE];
  return i % 2 ? HALF - ((row + 0.5) / SIDE) * 2 * HALF : ((column + 0.5) / SIDE) * 2 * HALF - HALF;
});

/** `{element, draw({moment, made, scene, chosen, picked, mixed}, colors), onPage(place), read()}`; `onpick(class)`: of the mode pressed. */
export function buildModes({ onpick }) {
  let [centers, key, heights, limit] = [null, "", null, 0];
  const sheet = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
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

  // What D says all over the plane when it is told the class that is asked for.
  function backdrop(moment, chosen, colors) {
    const now = `${moment.scene.version} ${moment.step} ${chosen} ${colors.dark}`;
    if (key === now) return;
    key = now;
    heights = moment.gan.heights(CELLS, chosen);
    limit = heights.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    const pen = sheet.getContext("2d");
    const image = new ImageData(SIDE, SIDE);
    heights.forEach((value, i) => {
      image.data.set(colors.diverging((STRENGTH * value) / limit), 4 * i);
      image.data[4 * i + 3] = 255;
    });
    pen.putImageData(image, 0, 0);
  }

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
    draw({ moment, made, scene, chosen, picked, mixed }, colors) {
      if (!plane.canvas.clientWidth) return;
      centers = scene.arrays.centers?.data ?? null;
      const { told, spread, classes } = scene.numbers;
      backdrop(moment, chosen, colors);
      const pen = plane.begin(colors, (under) => {
        under.imageSmoothingEnabled = true;
        under.drawImage(sheet, 0, 0, plane.canvas.clientWidth, plane.canvas.clientHeight);
      });
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
    read: () => heights && { heights: [...heights], limit, side: SIDE },
    onPage(place) {
      const box = plane.canvas.getBoundingClientRect();
      const [x, y] = plane.toPixel(place);
      return [box.left + x, box.top + y];
    },
  };
}
