// The effective receptive field: over how many paths each cell of the field reaches the answer, against one layer
// that sees as much, in which every cell has one.

import { css, rgb } from "../lib/color.js";
import { count, fit, h, number, percent, setText } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { middleShare, spread } from "./stack.js";

const MOST = 101; // squares along a side of the heat map; more cells are taken together
const LARGEST = 52;

/** Paths along a side, in at most `MOST` bins of `each` cells (sums). */
export function binned(paths) {
  const each = Math.ceil(paths.length / MOST);
  const bins = new Float64Array(Math.ceil(paths.length / each));
  paths.forEach((p, i) => { bins[Math.floor(i / each)] += p; });
  return { bins, each };
}

/** True when the numbers only rise up to the middle and only fall after it. */
export function isBell(paths) {
  const half = paths.length >> 1;
  return paths.every((p, i) => i === 0 || (i <= half ? p >= paths[i - 1] : p <= paths[i - 1]));
}

const form = (paths) => (isBell(paths) ? "They form a bell" : "Strides and dilations make the taps of some places meet, so they form an uneven bell");

export function pathsView({ redraw }) {
  let place = null;
  const point = (where) => { place = where; redraw(); };
  const grid = (label) => new Grid({ label, largest: LARGEST, onhover: point, onwalk: point });
  const [many, one] = [grid("Paths through the stack"), grid("Paths through one layer")];
  const profile = h("canvas.profile", { role: "img" });
  const words = h("p.reading.small.muted");
  const meaning = h("p.meaning");
  const element = h("section.paths", { "aria-label": "Effective receptive field" },
    h("h3", "Not every cell of the field counts the same"), meaning,
    h("div.maps", many.element, one.element, h("figure.profile-view", h("figcaption.label", "Share of the paths, along one side"), profile)), words);
  let state = null;

  function say() {
    const { paths, bins, each, total } = state;
    const side = paths.length;
    if (!place) {
      setText(words, each > 1 ? `Each square is ${each} × ${each} cells.` : `Point at a cell to count its paths. In all there are ${count(total * total)}.`);
      return;
    }
    const found = bins[place[0]] * bins[place[1]];
    const where = each > 1 ? "These cells have" : `Row ${place[0] + 1}, column ${place[1] + 1} has`;
    setText(words, `${where} ${count(found)} of ${count(total * total)} paths, ${percent(found / (total * total), 2)}; in one ${side} × ${side} layer ${percent((each * each) / (side * side), 2)}.`);
  }

  function explain() {
    const { paths } = state;
    const side = paths.length;
    const { cells, share } = middleShare(paths);
    const even = (cells / side) ** 2;
    const holes = paths.reduce((missing, p) => missing + (p === 0), 0);
    const seen = side - holes;
    if (side === 1) setText(meaning, "One cell, and one path to it.");
    else if (holes) setText(meaning, `Only ${count(seen * seen)} of the ${count(side * side)} cells are reached at all: the taps leave holes. The rest of the picture under the field is not seen.`);
    else if (share <= even + 1e-9) setText(meaning, `Every one of the ${count(side * side)} cells is reached over equally many paths: the field is a flat square.`);
    else setText(meaning, `The middle ${cells} × ${cells} cells are ${percent(even, 0)} of the field and begin ${percent(share, 0)} of all paths. ${form(paths)} with a standard deviation of ${number(spread(paths))} cells; those of the one layer’s square have ${number(spread(new Float64Array(side).fill(1)))}.`);
  }

  function drawProfile(colors) {
    const { pen, width, height } = fit(profile);
    pen.clearRect(0, 0, width, height);
    const { bins, total, each, paths } = state;
    const most = Math.max(...bins) / total;
    const flat = each / paths.length;
    const base = height - 20;
    const bar = width / bins.length;
    pen.fillStyle = css(rgb(colors.positive), 0.8);
    bins.forEach((value, i) => {
      const tall = (value / total / most) * (base - 16);
      pen.fillRect(i * bar + (bar > 4 ? 1 : 0), base - tall, Math.max(0.5, bar - (bar > 4 ? 2 : 0)), tall);
    });
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 1.25;
    pen.setLineDash([5, 4]);
    const y = base - (flat / most) * (base - 16);
    pen.beginPath();
    pen.moveTo(0, y);
    pen.lineTo(width, y);
    pen.stroke();
    pen.setLineDash([]);
    pen.font = `12px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.textBaseline = "top";
    pen.textAlign = "left";
    pen.fillText("1", 0, base + 5);
    pen.textAlign = "right";
    pen.fillText(`${paths.length}`, width, base + 5);
    pen.textAlign = "center";
    pen.fillText("cell", width / 2, base + 5);
    pen.fillText(percent(most), width / 2, 0);
    pen.textAlign = "right";
    pen.textBaseline = "bottom";
    pen.fillStyle = colors.ink;
    if (most > flat * 1.2) {
      const text = `one layer: ${percent(flat)}`;
      pen.strokeStyle = colors.paper; // it may stand before a bar
      pen.lineWidth = 4;
      pen.lineJoin = "round";
      pen.strokeText(text, width - 4, y - 4);
      pen.fillText(text, width - 4, y - 4);
    }
    profile.setAttribute("aria-label", `Share of the paths along one side: ${percent(most)} in the middle, ${percent(flat)} everywhere in one layer`);
  }

  return {
    element,
    show(paths) {
      const { bins, each } = binned(paths);
      const total = paths.reduce((all, p) => all + p, 0);
      state = { paths, bins, each, total };
      const n = bins.length;
      if (place && (place[0] >= n || place[1] >= n)) place = null;
      const values = Float64Array.from({ length: n * n }, (_, i) => bins[Math.floor(i / n)] * bins[i % n]);
      const limit = values.reduce((most, value) => Math.max(most, value), 0);
      const shape = `${count(paths.length)} × ${count(paths.length)}`;
      many.set({ values, rows: n, cols: n, signed: false, limit, shape });
      // On the same scale of shares, so that the flat square looks as pale as it is; the number in it is 1.
      const pale = (total * total) / paths.length ** 2 * each * each;
      one.set({ values: new Float64Array(n * n).fill(each * each), rows: n, cols: n, signed: false, limit: (each * each * limit) / pale, shape });
      for (const map of [many, one]) map.element.style.maxWidth = map.canvas.style.maxWidth;
      explain();
      say();
    },
    draw(colors) {
      for (const map of [many, one]) {
        map.light("pointed", place ? { cells: [place], stroke: colors.accent } : null);
        map.draw(colors);
      }
      drawProfile(colors);
      say();
    },
  };
}
