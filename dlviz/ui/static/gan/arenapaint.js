// The layers of the arena on its plane, from the map up to what is pointed at.

import { css, mix, rgb } from "../lib/color.js";
import { crossings } from "../lib/contour.js";
import { inks, paintSigned, Sheet } from "../lib/heat.js";
import { paintFold } from "./arenafold.js";
import { cellsOf, HALF_WIDTH } from "./arenalook.js";

const ARROW = 1 / 14; // of the width: how long the arrow of the key is
const USUAL = 0.95; // the share of the arrows that should not be longer than that of the key
const RING = 3; // standard deviations: the ring about a mode

/** What the layers are painted with: sheets of pixels are kept from frame to frame. */
export function makePainter(plane) {
  const sheets = new Map(); // side → Sheet
  const reals = { canvas: document.createElement("canvas"), key: null };
  let [tables, unit, drawnField, width] = [null, 1, null, 1];
  // The plane's own toPixel asks the page how wide the canvas is, which for thousands of points costs more than drawing them.
  const to = ([x, y]) => [((x + HALF_WIDTH) / (2 * HALF_WIDTH)) * width, ((HALF_WIDTH - y) / (2 * HALF_WIDTH)) * width];

  function paintField(pen, look, scale, colors) {
    const { field } = look;
    tables ??= inks(colors);
    if (!sheets.has(field.side)) sheets.set(field.side, new Sheet(field.side));
    const sheet = sheets.get(field.side);
    const key = `${look.step}/${look.scene.version}/${field.side}/${field.label}/${scale.even}/${scale.limit}`;
    if (drawnField !== key) {
      drawnField = key;
      const shares = Float32Array.from(field.values, scale.share);
      paintSigned(sheet, 0, shares, 1, tables);
      sheet.flush();
    }
    pen.imageSmoothingEnabled = true;
    sheet.drawTo(pen, 0, 0, 0, width);
  }

  function paintContour(pen, look, scale, colors) {
    const { side, values } = look.field;
    const cells = cellsOf(side);
    const shifted = Float32Array.from(values, (value) => value - scale.even);
    pen.beginPath();
    let isStart = true;
    crossings(shifted, side, side, (one, other) => {
      const t = shifted[one] / (shifted[one] - shifted[other]);
      const place = [0, 1].map((i) => cells[2 * one + i] + t * (cells[2 * other + i] - cells[2 * one + i]));
      pen[isStart ? "moveTo" : "lineTo"](...to(place));
      isStart = !isStart;
    });
    for (const [color, line] of [[css(rgb(colors.paper), 0.7), 3.5], [colors.ink, 1.3]]) {
      pen.strokeStyle = color;
      pen.lineWidth = line;
      pen.stroke();
    }
  }

  // Real points do not move: they are painted once a scene and size.
  function paintReal(pen, look, colors, ratio) {
    const points = look.scene.arrays.real.data;
    const key = [look.scene.version, width, ratio, colors.paper, look.told ? look.label : -1].join("/");
    if (reals.key !== key || reals.points !== points) {
      Object.assign(reals, { key, points });
      Object.assign(reals.canvas, { width: width * ratio, height: width * ratio });
      const own = reals.canvas.getContext("2d");
      own.setTransform(ratio, 0, 0, ratio, 0, 0);
      const labels = look.scene.arrays.real_labels.data;
      dots(own, points, labels, look, { colors, ink: colors.positive, radius: 1.9, edge: 0.7, paper: css(rgb(colors.paper), 0.75) });
    }
    pen.drawImage(reals.canvas, 0, 0, width, width);
  }

  // Points in one colour, or one for each class; of classes other than the chosen one faint. `square`: fakes of many classes.
  function dots(pen, points, labels, look, { colors, ink, radius, edge, paper, square = false }) {
    const groups = look.told ? Array.from({ length: look.told }, (_, k) => [colors.classes[k % 10], k === look.label, k]) : [[ink, true, null]];
    for (const [color, isFull, label] of groups.toSorted((a, b) => a[1] - b[1])) {
      pen.beginPath();
      for (let k = 0; k < points.length / 2; k += 1) {
        if (label !== null && labels[k] !== label) continue;
        const [x, y] = to([points[2 * k], points[2 * k + 1]]);
        if (square) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius);
        else {
          pen.moveTo(x + radius, y);
          pen.arc(x, y, radius, 0, 2 * Math.PI);
        }
      }
      pen.globalAlpha = isFull ? 1 : 0.22;
      pen.strokeStyle = square && isFull ? colors.ink : paper; // a class may have a colour of the map
      pen.lineWidth = 2 * edge;
      pen.stroke();
      pen.fillStyle = color;
      pen.fill();
    }
    pen.globalAlpha = 1;
  }

  /** The slope that an arrow as long as that of the key has: one scale for all arrows, changed only when it no longer suits. */
  function chooseUnit(push) {
    const sizes = Float32Array.from({ length: push.length / 2 }, (_, k) => Math.hypot(push[2 * k], push[2 * k + 1])).sort();
    const usual = sizes[Math.floor(USUAL * (sizes.length - 1))];
    if (!(usual > 0)) return;
    if (usual <= unit * 1.1 && usual > unit * 0.35) return;
    const decade = 10 ** Math.floor(Math.log10(usual));
    unit = Number(([1, 2, 5, 10].find((n) => n * decade >= usual * 0.999) * decade).toPrecision(1));
  }

  const arrowPixels = () => width * ARROW;

  function paintArrows(pen, look, colors, lit) {
    const scale = arrowPixels() / unit;
    const [shafts, heads] = [new Path2D(), new Path2D()];
    for (let k = 0; k < look.count; k += 1) {
      if (look.told && look.labels[k] !== look.label) continue;
      arrow(shafts, heads, to([look.fake[2 * k], look.fake[2 * k + 1]]), [look.push[2 * k] * scale, -look.push[2 * k + 1] * scale]);
    }
    pen.globalAlpha = lit ? 0.3 : 0.75;
    inked(pen, shafts, heads, colors.ink, 1);
    pen.globalAlpha = 1;
  }

  function inked(pen, shafts, heads, color, width) {
    pen.strokeStyle = color;
    pen.fillStyle = color;
    pen.lineWidth = width;
    pen.stroke(shafts);
    pen.fill(heads);
  }

  function paintModes(pen, look, colors) {
    const centers = look.scene.arrays.centers?.data;
    if (!centers) return;
    const radius = (RING * look.scene.numbers.spread * width) / 3;
    pen.font = `600 ${width > 480 ? 13 : 11}px ${colors.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    look.modes.counts.forEach((count, m) => {
      const place = [centers[2 * m], centers[2 * m + 1]];
      const [x, y] = to(place);
      const isCovered = count >= look.modes.fair;
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.setLineDash(isCovered ? [] : [3, 3]);
      pen.strokeStyle = css(rgb(colors.ink), isCovered ? 0.55 : 0.9);
      pen.lineWidth = 1.2;
      pen.stroke();
      pen.setLineDash([]);
      // Beyond the ring, away from the middle of a ring of modes, so that the number is on no point.
      const far = Math.hypot(...place);
      const way = look.spec.dataset === "ring8" && far > 0 ? [place[0] / far, -place[1] / far] : [0, -1];
      const at = [x + way[0] * (radius + 13), y + way[1] * (radius + 11)];
      label(pen, String(count), at, colors);
    });
  }

  /** The place that is pointed at: a ring about it and its arrow. */
  function paintChosen(pen, chosen, colors, isPinned) {
    const at = to(chosen.x);
    const scale = arrowPixels() / unit;
    const [shafts, heads] = [new Path2D(), new Path2D()];
    arrow(shafts, heads, at, [chosen.push[0] * scale, -chosen.push[1] * scale], 9);
    for (const [color, width] of [[colors.paper, 6], [colors.accent, 2.6]]) inked(pen, shafts, heads, color, width);
    for (const [color, width] of [[colors.paper, 5], [colors.accent, isPinned ? 3 : 2]]) {
      pen.beginPath();
      if (chosen.kind === "place") {
        pen.moveTo(at[0] - 7, at[1]);
        pen.lineTo(at[0] + 7, at[1]);
        pen.moveTo(at[0], at[1] - 7);
        pen.lineTo(at[0], at[1] + 7);
      } else pen.arc(...at, 7, 0, 2 * Math.PI);
      pen.strokeStyle = color;
      pen.lineWidth = width;
      pen.stroke();
    }
  }

  return {
    get unit() { return unit; },
    arrowPixels,
    forget() {
      [tables, drawnField, reals.key] = [null, null, null];
    },
    paint(look, scale, { on, colors, chosen, isPinned, drawing }) {
      width = plane.canvas.clientWidth;
      const ratio = Math.min(window.devicePixelRatio || 1, 3);
      const pen = plane.begin(colors, (under) => on.map && paintField(under, look, scale, colors));
      if (on.map) paintContour(pen, look, scale, colors);
      const isLine = look.fold.kind === "line";
      const paintSheet = () => paintFold(pen, to, { ...look.fold, density: on.density ? look.fold.density : null }, colors);
      if (on.fold && !isLine) paintSheet();
      pen.globalAlpha = drawing ? 0.25 : 1;
      if (on.real) paintReal(pen, look, colors, ratio);
      chooseUnit(look.push);
      const isSmall = width < 480;
      if (on.arrows) paintArrows(pen, look, colors, Boolean(chosen));
      if (on.fake) dots(pen, look.fake, look.labels, look, { colors, ink: fakeInk(colors), radius: isSmall ? 2.2 : 2.8, edge: 1.1, paper: colors.paper, square: Boolean(look.told) });
      if (on.fold && isLine) paintSheet(); // a line is as wide as the fakes that lie on it
      if (on.modes) paintModes(pen, look, colors);
      pen.globalAlpha = 1;
      if (chosen) paintChosen(pen, chosen, colors, isPinned);
      return pen;
    },
  };
}

/** Of the fakes: the orange of the theme a little darker or lighter, so that they stand out from an orange map. */
export const fakeInk = (colors) => css(mix(rgb(colors.negative), rgb(colors.ink), 0.12));

function arrow(shafts, heads, [x, y], [dx, dy], size = 4.5) {
  const length = Math.hypot(dx, dy);
  if (!(length > 0.5)) return;
  const [ux, uy] = [dx / length, dy / length];
  const head = Math.min(size, length * 0.6);
  shafts.moveTo(x, y);
  shafts.lineTo(x + dx - ux * head, y + dy - uy * head);
  heads.moveTo(x + dx, y + dy);
  heads.lineTo(x + dx - ux * head - uy * head * 0.5, y + dy - uy * head + ux * head * 0.5);
  heads.lineTo(x + dx - ux * head + uy * head * 0.5, y + dy - uy * head - ux * head * 0.5);
  heads.closePath();
}

function label(pen, text, [x, y], colors) {
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = css(rgb(colors.paper), 0.9);
  pen.strokeText(text, x, y);
  pen.fillStyle = colors.ink;
  pen.fillText(text, x, y);
}
