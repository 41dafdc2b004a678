// Where noises are chosen: a grid of fakes; or the plane of points, and the plane of noises where they have two numbers.

import { css, rgb } from "../lib/color.js";
import { h, setText } from "../lib/dom.js";
import { buildMosaic } from "../lib/mosaic.js";
import { Plane, viewOf } from "../lib/plane.js";
import { paintPath } from "../lib/planepaint.js";
import { wayBetween, sharesOf } from "../lib/latentpath.js";
import { LETTERS } from "./corners.js";

const HALF_WIDTH = 1.5; // of the plane of points
const NEAR = 22; // px about a corner in which it is taken rather than another put
const SIDE = 8;

/** Fakes of the frame; of a conditional generator those of the class that is walked in. `onpick(at)`. */
export function buildFakes({ onpick }) {
  let list = [];
  const mosaic = buildMosaic({ label: "Fakes to choose from", onpick: (k) => onpick(list[k]) });
  const title = h("p.label.value");
  return {
    element: h("div.stack", title, mosaic.element),
    middle: (at) => mosaic.middle(list.indexOf(at)),
    show({ scene, frame, label, corners, held, count, colors }) {
      const { shape, told, classes } = scene.numbers;
      const { fake } = frame.arrays;
      const labels = scene.arrays.shown_labels.data;
      const next = [...labels.keys()].filter((k) => !told || labels[k] === label);
      const size = shape.reduce((a, b) => a * b, 1);
      if (list.fake !== fake.data || list.label !== label) {
        const pictures = told ? new Uint8Array(next.length * size) : fake.data;
        if (told) next.forEach((k, i) => pictures.set(fake.data.subarray(k * size, (k + 1) * size), i * size));
        list = Object.assign(next, { fake: fake.data, label, pictures });
      }
      setText(title, told ? `The ${list.length} noises shown, told ${classes[label]}: click one to make it ${LETTERS[held]}` : `Click a fake: its noise becomes ${LETTERS[held]}`);
      const chosen = corners.slice(0, count).flatMap(({ at }, k) => (at === null || !list.includes(at) ? [] : [{ at: list.indexOf(at), letter: LETTERS[k], held: k === held }]));
      mosaic.show({ pictures: list.pictures, shape, count: list.length, columns: SIDE, group: 0, names: null, edges: null, captions: null, chosen: chosen.sort((a, b) => a.held - b.held), colors });
    },
  };
}

const letter = (pen, plane, at, text, color, colors) => {
  const [x, y] = plane.toPixel(at);
  pen.fillStyle = color;
  pen.beginPath();
  pen.arc(x, y, 9, 0, 2 * Math.PI);
  pen.fill();
  pen.font = `700 12px ${colors.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = colors.paper;
  pen.fillText(text, x, y + 0.5);
};

const dots = (pen, plane, data, color, radius = 1.6) => {
  pen.fillStyle = color;
  for (let i = 0; i < data.length; i += 2) {
    const [x, y] = plane.toPixel([data[i], data[i + 1]]);
    pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  }
};

/** The plane of points with the way on it. `onpick([x, y])`: the fake nearest to it is wanted. */
export function buildPoints({ onpick }) {
  const plane = new Plane({ label: "Points: real ones, fakes, and the way. Enter takes the fake nearest to the cross", names: ["x₁", "x₂"], onpick });
  plane.view = { x: [-HALF_WIDTH, HALF_WIDTH], y: [-HALF_WIDTH, HALF_WIDTH] };
  plane.canvas.classList.add("walk-plane");
  const title = h("p.label.value");
  return {
    element: h("div.stack", title, plane.canvas), plane,
    show({ scene, frame, found, corners, held, count, here, scale, colors }) {
      setText(title, `The way among the points. Faint: real; dark: fakes. Click near a fake: its noise becomes ${LETTERS[held]}`);
      const far = [...found.fine, ...(found.grid?.places ?? [])];
      plane.view = viewOf(far.flatMap(({ sample }) => [...sample]), HALF_WIDTH); // the way may lead out of the plane of real points
      const pen = plane.begin(colors, () => {});
      dots(pen, plane, scene.arrays.real.data, css(rgb(colors.accent), 0.28));
      dots(pen, plane, frame.arrays.fake.data, css(rgb(colors.ink), 0.5));
      const { fine, stations, others, grid } = found;
      if (grid) {
        const { side, places, every } = grid;
        for (let k = 0; k < side; k += every) {
          paintPath(pen, plane, places.slice(k * side, (k + 1) * side).map(({ sample }) => sample), css(rgb(colors.ink), 0.35), 1);
          paintPath(pen, plane, places.filter((_, i) => i % side === k).map(({ sample }) => sample), css(rgb(colors.ink), 0.35), 1);
        }
      }
      if (others) {
        pen.setLineDash([4, 4]);
        paintPath(pen, plane, others.map(({ sample }) => sample), colors.muted, 1.2);
        pen.setLineDash([]);
      }
      paintPath(pen, plane, fine.map(({ sample }) => sample), colors.ink, 2.2);
      for (const { sample, logit } of stations) {
        const [x, y] = plane.toPixel(sample);
        pen.fillStyle = css(colors.diverging(scale.share(logit)));
        pen.strokeStyle = colors.ink;
        pen.lineWidth = 1.4;
        pen.beginPath();
        pen.arc(x, y, 5, 0, 2 * Math.PI);
        pen.fill();
        pen.stroke();
      }
      const ends = [stations[0], stations.at(-1), ...(grid ? [grid.places.at(-grid.side), grid.places.at(-1)] : [])];
      ends.slice(0, count).forEach(({ sample }, k) => letter(pen, plane, sample, LETTERS[k], k === held ? colors.accent : colors.ink, colors));
      const [x, y] = plane.toPixel(here.sample);
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 3;
      pen.beginPath();
      pen.arc(x, y, 10, 0, 2 * Math.PI);
      pen.stroke();
    },
  };
}

/** The plane of noises of two numbers: both ways, and corners that can be moved. `onmove(k, z)`, `onhold(k)`. */
export function buildNoises({ onmove, onhold }) {
  let [now, dragging] = [null, false];
  const plane = new Plane({
    label: "Noises: the corners and both ways. Drag a corner, or move the held one", names: ["z₁", "z₂"],
    onpick(at, event) {
      if (!now || event.type === "keydown") return;
      const from = plane.toPixel(at);
      const near = now.corners.slice(0, now.count).map(({ z }) => Math.hypot(...plane.toPixel(z).map((value, i) => value - from[i])));
      const best = near.indexOf(Math.min(...near));
      dragging = true;
      if (near[best] < NEAR) onhold(best);
      else onmove(now.held, Float32Array.from(at));
    },
    onhover(at, event) {
      if (!now || !at) return;
      if (event.type === "keydown" || (dragging && event.buttons)) onmove(now.held, Float32Array.from(at));
    },
  });
  plane.canvas.classList.add("walk-plane");
  const end = () => { dragging = false; };
  plane.canvas.addEventListener("pointerup", end);
  plane.canvas.addEventListener("pointercancel", end);
  const title = h("p.label");
  return {
    element: h("div.stack", title, plane.canvas), plane,
    show({ scene, corners, held, count, way, here, colors }) {
      now = { corners, held, count };
      const isUniform = scene.numbers.spec.noise === "uniform";
      const half = isUniform ? 1.25 : 3.3;
      plane.view = { x: [-half, half], y: [-half, half] };
      if (!dragging) plane.at = [...corners[held].z]; // arrow keys go on from the corner that is held
      setText(title, "The same ways among the noises: the line is the way taken, broken the other. Dots: noises shown. Drag a corner, or move it by arrow keys");
      const pen = plane.begin(colors, () => {});
      dots(pen, plane, scene.arrays.shown_z.data, css(rgb(colors.ink), 0.22));
      const [a, b] = corners.map(({ z }) => z);
      const taken = wayBetween(a, b, way);
      const other = wayBetween(a, b, way === "linear" ? "spherical" : "linear");
      const places = (found) => sharesOf(41).map((t) => [...found.at(t)]);
      pen.setLineDash([4, 4]);
      paintPath(pen, plane, places(other), colors.muted, 1.4);
      pen.setLineDash([]);
      paintPath(pen, plane, places(taken), colors.ink, 2.2);
      corners.slice(0, count).forEach(({ z }, k) => letter(pen, plane, z, LETTERS[k], k === held ? colors.accent : colors.ink, colors));
      const [x, y] = plane.toPixel(here.z);
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 3;
      pen.beginPath();
      pen.arc(x, y, 10, 0, 2 * Math.PI);
      pen.stroke();
    },
  };
}
