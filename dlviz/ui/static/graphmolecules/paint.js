// Painting a molecule as chemists draw it: lines for bonds by their kind, letters for all atoms but carbon; and if it is asked,
// what each atom and bond adds, as discs and bands under it.

import { css, mix, rgb } from "../lib/color.js";
import { steady } from "../lib/dom.js";
import { contrast } from "../lib/graphview.js";
import { around } from "./chemistry.js";

const CLASSES = { N: 1, O: 6, F: 5, Cl: 2, Br: 8, I: 3 }; // near to what models of molecules have, and apart for all eyes
const ROOM_FOR_NUMBERS = 31; // px a bond must be long
const AROMATIC = 0;
const strong = new Map(); // colours of letters, worked out once

/** The colour of an element's letter. */
export function elementColor(element, colors) {
  const key = `${element}|${colors.ink}|${colors.paper}`;
  if (!strong.has(key)) strong.set(key, CLASSES[element] === undefined ? colors.ink : css(mix(rgb(colors.classes[CLASSES[element]]), rgb(colors.ink), 0.22)));
  return strong.get(key);
}

/** The colour of a value among values of which the largest has the size `most`. */
export const valueColor = (value, most, colors) => css(colors.diverging(most > 0 ? value / most : 0));

/** The middle length of the bonds in pixels; of atoms alone a usual one. */
export function bondLength(bonds, spots) {
  const all = bonds.map(({ a, b }) => Math.hypot(spots[a][0] - spots[b][0], spots[a][1] - spots[b][1])).sort((x, y) => x - y);
  return all.length ? all[all.length >> 1] : 44;
}

/**
 * Paint {elements, bonds} at `spots` (pixels). `values` {atoms, bonds, most}: what they add; `dots`: carbon too is marked;
 * `hovered`, `hoveredBond`, `picked`; `warned`: Set of atoms.
 */
export function paintMolecule(pen, molecule, spots, colors, { values = null, dots = false, hovered = null, hoveredBond = null, picked = null, warned = new Set() } = {}) {
  const { elements, bonds } = molecule;
  const long = bondLength(bonds, spots);
  const near = around(molecule);
  pen.lineCap = "round";
  pen.lineJoin = "round";
  if (values) paintValues(pen, bonds, spots, colors, values, long);
  const wide = Math.max(1.1, Math.min(2.2, long / 20));
  bonds.forEach((bond, k) => {
    pen.strokeStyle = k === hoveredBond ? colors.accent : colors.ink;
    pen.lineWidth = k === hoveredBond ? wide + 1.5 : wide;
    paintBond(pen, bond, spots, near, long);
  });
  paintAtoms(pen, elements, spots, colors, { values, dots, long, warned });
  ring(pen, spots[picked], long * 0.42 + 2, 2.5, colors.accent);
  ring(pen, spots[hovered], long * 0.42 + (picked === hovered ? 5 : 2), 1.5, colors.accent);
}

function paintValues(pen, bonds, spots, colors, { atoms, bonds: ofBonds, most }, long) {
  bonds.forEach(({ a, b }, k) => {
    if (!ofBonds || !Number.isFinite(ofBonds[k])) return;
    pen.strokeStyle = valueColor(ofBonds[k], most, colors);
    pen.lineWidth = long * 0.34;
    line(pen, spots[a], spots[b]);
  });
  atoms.forEach((value, k) => {
    pen.beginPath();
    pen.arc(...spots[k], long * 0.45, 0, 2 * Math.PI);
    pen.fillStyle = valueColor(value, most, colors);
    pen.fill();
  });
}

function line(pen, from, to, dash = null) {
  if (dash) pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
  if (dash) pen.setLineDash([]);
}

function paintBond(pen, { a, b, kind }, spots, near, long) {
  const [p, q] = [spots[a], spots[b]];
  const length = Math.hypot(q[0] - p[0], q[1] - p[1]) || 1;
  const across = [-(q[1] - p[1]) / length, (q[0] - p[0]) / length];
  const gap = Math.max(2.4, long * 0.1);
  const beside = (by, short) => [0, 1].map((end) => {
    const [from, to] = end ? [q, p] : [p, q];
    return [0, 1].map((i) => from[i] + across[i] * by + (to[i] - from[i]) * short);
  });
  if (kind === 1) line(pen, p, q);
  else if (kind === 3) for (const by of [-gap, 0, gap]) line(pen, ...beside(by, 0));
  else if (kind !== AROMATIC && (near[a].length === 1 || near[b].length === 1)) for (const by of [-gap / 2, gap / 2]) line(pen, ...beside(by, 0));
  else { // the second line lies where the neighbours are: inside a ring
    line(pen, p, q);
    const others = [...near[a], ...near[b]].map(({ atom }) => spots[atom]).filter((spot) => spot !== p && spot !== q);
    const lean = others.reduce((sum, [x, y]) => sum + (x - p[0]) * across[0] + (y - p[1]) * across[1], 0);
    line(pen, ...beside((lean >= 0 ? 1 : -1) * gap * 1.3, 0.15), kind === AROMATIC ? [Math.max(2, long * 0.09), Math.max(2.2, long * 0.09)] : null);
  }
}

function paintAtoms(pen, elements, spots, colors, { values, dots, long, warned }) {
  const size = Math.round(Math.max(8.5, Math.min(17, long * 0.36)));
  const hasNumbers = values && long >= ROOM_FOR_NUMBERS;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  elements.forEach((element, k) => {
    const [x, y] = spots[k];
    const ground = values ? valueColor(values.atoms[k], values.most, colors) : null;
    const up = hasNumbers && element !== "C" ? size * 0.3 : 0;
    if (element === "C") {
      if (dots) disc(pen, x, y, Math.max(2, long * 0.045), ground ? contrast(ground) : colors.ink);
    } else {
      pen.font = `700 ${size}px ${colors.font}`;
      if (!values) disc(pen, x, y, size * 0.66 * (element.length > 1 ? 1.15 : 1), colors.paper);
      written(pen, element, x, y - up, ground ? contrast(ground) : elementColor(element, colors), ground);
    }
    if (hasNumbers) {
      pen.font = `${Math.round(Math.max(9.5, Math.min(12, long * 0.25)))}px ${colors.font}`;
      written(pen, steady(values.atoms[k], values.most < 10 ? 2 : 1), x, y + Math.max(9, long * 0.19), contrast(ground), ground);
    }
    if (warned.has(k)) ring(pen, [x, y], size * 0.95, 2, colors.negative, [3, 3]);
  });
}

function disc(pen, x, y, radius, color) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = color;
  pen.fill();
}

function written(pen, text, x, y, color, paper) {
  if (paper) {
    pen.strokeStyle = paper;
    pen.lineWidth = 3;
    pen.strokeText(text, x, y);
  }
  pen.fillStyle = color;
  pen.fillText(text, x, y);
}

function ring(pen, spot, radius, wide, color, dash = []) {
  if (!spot) return;
  pen.setLineDash(dash);
  pen.beginPath();
  pen.arc(...spot, radius, 0, 2 * Math.PI);
  pen.strokeStyle = color;
  pen.lineWidth = wide;
  pen.stroke();
  pen.setLineDash([]);
}
