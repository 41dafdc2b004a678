// One of the two beside each other: its fakes, how many of each class it makes, and its scores.

import { paintBytes } from "../lib/album.js";
import { css, rgb } from "../lib/color.js";
import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { Plane } from "../lib/plane.js";
import { LABELS } from "./race.js";

const ROWS = 5; // of ten pictures
const ROWS_OF = {
  quality: ["Good ones", "Points within three standard deviations of a mode; pictures that the classifier reads with more than 80 %.", (v) => percent(v, 0)],
  modes: ["Classes covered", "With at least a fifth of a fair share.", (v) => number(v)],
  frechet: ["Fréchet distance", "Of normal distributions fitted to fakes and held-back real ones; 0 would be the same.", (v) => number(v)],
  recall: ["Recall", "Share of real ones that lie among the fakes.", (v) => percent(v, 0)],
  obedience: ["Read as asked", "Chance alone would give one in as many as there are classes.", (v) => percent(v, 0)],
};

/** `{element, draw({race, moment}, colors), read()}` of one kind. */
export function buildSide(kind) {
  const tiles = h("div.gc-tiles", { role: "img" });
  const plane = new Plane({ label: `${LABELS[kind]}: fakes in the plane`, names: ["x₁", "x₂"] });
  plane.view = { x: [-1.5, 1.5], y: [-1.5, 1.5] };
  const planeBox = h("div.gc-plane", plane.canvas);
  const bars = h("div.gc-counts");
  const counted = h("p.label.value");
  const rows = Object.fromEntries(Object.entries(ROWS_OF).map(([name, [title, help]]) => [name, { value: h("td.value"), head: h("th", { scope: "row", title: help }, title) }]));
  const table = h("table.gc-scores", h("tbody", Object.entries(rows).map(([name, { head, value }]) => h("tr", { "data-score": name }, head, value))));
  const element = h("figure.gc-side", { "data-kind": kind }, h("figcaption", h("h4", LABELS[kind])), tiles, planeBox, counted, bars, table);
  let [key, shown, canvases] = ["", null, []];

  function paintTiles({ plan }, { fakes }) {
    const [, channels, height, width] = fakes.shape;
    const size = channels * height * width;
    const across = plan.classes.length > 10 ? 10 : plan.classes.length < 6 ? 9 : plan.classes.length;
    const many = Math.min(fakes.shape[0], across * ROWS);
    if (canvases.length !== many) {
      canvases = Array.from({ length: many }, () => h("canvas"));
      replace(tiles, canvases);
      tiles.style.setProperty("--columns", across);
    }
    canvases.forEach((canvas, k) => paintBytes(canvas, { pixels: fakes.data.subarray(k * size, (k + 1) * size), channels, height, width }));
    tiles.setAttribute("aria-label", `${many} fakes, ${kind === "conditional" ? "one class a column" : "of noise alone"}`);
  }

  function paintPlane({ plan }, { fakes, labels }, colors) {
    if (!plane.canvas.clientWidth) return;
    const pen = plane.begin(colors);
    const scale = plane.canvas.clientWidth / 3;
    plan.centers.forEach((center, k) => {
      const [x, y] = plane.toPixel(center);
      pen.strokeStyle = css(rgb(colors.classes[k % 10]), 0.8);
      pen.lineWidth = 1.4;
      pen.beginPath();
      pen.arc(x, y, Math.max(4, 3 * plan.spread * scale), 0, 2 * Math.PI);
      pen.stroke();
    });
    for (let i = 0; i < labels.length; i += 1) {
      const [x, y] = plane.toPixel([fakes.data[2 * i], fakes.data[2 * i + 1]]);
      pen.fillStyle = css(rgb(kind === "conditional" ? colors.classes[labels[i] % 10] : colors.ink), 0.6);
      pen.beginPath();
      pen.arc(x, y, 2.1, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  function showCounts({ plan }, counts) {
    bars.classList.toggle("hidden", !counts);
    if (!counts) return setText(counted, "No classifier reads these.");
    const fair = plan.measured / plan.classes.length;
    const most = Math.max(1.25 * fair, ...counts);
    const good = counts.reduce((sum, value) => sum + value, 0);
    setText(counted, `Good ones of each class among ${plan.measured} fakes${kind === "conditional" ? ", asked for in turn" : " that nobody asked for"}; the line: an even share, ${number(fair)}. On none: ${plan.measured - good}`);
    replace(bars, [...counts].map((value, k) => h("div.gc-count", { title: `${plan.classes[k]}: ${value}` },
      h("span.gc-column", h("i", { style: { height: `${(100 * value) / most}%` } }), h("b", { style: { bottom: `${(100 * fair) / most}%` } })), h("span.small.value", plan.classes.length <= 10 ? value : ""), h("span.label", plan.classes[k]))));
  }

  return {
    element,
    draw({ race, moment }, colors) {
      const side = moment[kind];
      const { planar } = race.plan;
      tiles.classList.toggle("hidden", planar);
      planeBox.classList.toggle("hidden", !planar);
      if (planar) paintPlane(race, side, colors);
      const next = `${race.settings.key} ${race.settings.steps} ${moment.step} ${race.moments.length}`;
      if (key === next) return;
      key = next;
      if (!planar) paintTiles(race, side);
      showCounts(race, side.counts);
      const scores = race.scores(kind, moment.step);
      for (const [name, { value }] of Object.entries(rows)) setText(value, Number.isFinite(scores[name]) ? ROWS_OF[name][2](scores[name]) : name === "obedience" && kind === "unconditional" ? "nobody can ask" : "–");
      shown = { scores, counts: side.counts && [...side.counts], fakes: [...side.fakes.data], table: Object.fromEntries(Object.entries(rows).map(([name, { value }]) => [name, value.textContent])) };
    },
    read: () => shown,
  };
}
