// A molecule that is being drawn, {elements, places, bonds}: every edit gives a new one, so that all of them can be undone.

import { around, without } from "./chemistry.js";

export const MOST_ATOMS = 60;
const USUAL = 0.28; // length of a bond in places, where there is none to go by
const LONGEST = 0.36; // so that a small molecule leaves room to draw on
const EDGE = 0.94;
const [AROMATIC, SINGLE, DOUBLE] = [0, 1, 2];

export const EMPTY = { elements: [], places: [], bonds: [] };

/** The middle length of its bonds. */
export function bondOf({ places, bonds }) {
  const all = bonds.map(({ a, b }) => Math.hypot(places[a][0] - places[b][0], places[a][1] - places[b][1])).sort((x, y) => x - y);
  return all.length ? all[all.length >> 1] : USUAL;
}

/** The molecule about the middle, its bonds no longer than LONGEST and all of it within ±1. */
export function centred(molecule) {
  const { places } = molecule;
  if (!places.length) return molecule;
  const [low, high] = [Math.min, Math.max].map((most) => [0, 1].map((axis) => most(...places.map((place) => place[axis]))));
  const half = Math.max((high[0] - low[0]) / 2, (high[1] - low[1]) / 2);
  const scale = Math.min(half ? EDGE / half : 1, molecule.bonds.length ? LONGEST / bondOf(molecule) : 1);
  return { ...molecule, places: places.map((place) => place.map((value, axis) => (value - (low[axis] + high[axis]) / 2) * scale)) };
}

const kept = (molecule) => (molecule.places.some((place) => Math.max(...place.map(Math.abs)) > 1) ? centred(molecule) : molecule);

// In the widest gap between its neighbours, a bond away, where nobody is.
function freePlace(molecule, atom) {
  const { places } = molecule;
  const long = bondOf(molecule);
  const [x, y] = places[atom];
  const angles = around(molecule)[atom].map(({ atom: other }) => Math.atan2(places[other][1] - y, places[other][0] - x));
  const tries = Array.from({ length: 24 }, (_, k) => (k * Math.PI) / 12 + Math.PI / 6);
  const room = (angle) => {
    const [px, py] = [x + long * Math.cos(angle), y + long * Math.sin(angle)];
    const gap = Math.min(2, ...angles.map((other) => Math.abs(Math.atan2(Math.sin(angle - other), Math.cos(angle - other)))));
    const crowd = Math.min(1, ...places.map((place, k) => (k === atom ? 1 : Math.hypot(place[0] - px, place[1] - py) / long)));
    return gap + 2 * crowd;
  };
  const best = tries.reduce((found, angle) => (room(angle) > room(found) + 1e-9 ? angle : found), tries[0]);
  return [x + long * Math.cos(best), y + long * Math.sin(best)];
}

const plus = (molecule, element, place, bonds) => ({ elements: [...molecule.elements, element], places: [...molecule.places, place], bonds: [...molecule.bonds, ...bonds] });

/** One more atom: at `place`, or bonded to atom `to` beside it. */
export function withAtom(molecule, element, { place = null, to = null, kind = SINGLE }) {
  const at = place ?? freePlace(molecule, to);
  return kept(plus(molecule, element, at, to === null ? [] : [{ a: to, b: molecule.elements.length, kind }]));
}

export const withElement = (molecule, atom, element) => ({ ...molecule, elements: molecule.elements.with(atom, element) });
export const withKind = (molecule, bond, kind) => ({ ...molecule, bonds: molecule.bonds.with(bond, { ...molecule.bonds[bond], kind }) });
export const withPlace = (molecule, atom, place) => ({ ...molecule, places: molecule.places.with(atom, place) });

/** Two atoms joined, or their bond made of that kind; the same molecule where they are one atom. */
export function joined(molecule, a, b, kind) {
  if (a === b) return molecule;
  const there = molecule.bonds.findIndex((bond) => (bond.a === a && bond.b === b) || (bond.a === b && bond.b === a));
  return there >= 0 ? withKind(molecule, there, kind) : { ...molecule, bonds: [...molecule.bonds, { a: Math.min(a, b), b: Math.max(a, b), kind }] };
}

export const withoutAtom = (molecule, atom) => without(molecule, new Set([atom]));
export const withoutBond = (molecule, bond) => without(molecule, new Set(), new Set([bond]));

/** A nitro group at an atom, as the set has them: one O by a double, one by a single bond. */
export function withNitro(molecule, atom) {
  const n = molecule.elements.length;
  let next = withAtom(molecule, "N", { to: atom });
  next = withAtom(next, "O", { to: n, kind: DOUBLE });
  return withAtom(next, "O", { to: n });
}

/** A ring of six aromatic carbons about `place`, or bonded to atom `to`. */
export function withRing(molecule, { place = null, to = null }) {
  const long = bondOf(molecule);
  const n = molecule.elements.length;
  let [middle, turn] = [place, Math.PI / 6];
  if (to !== null) {
    const near = freePlace(molecule, to);
    const from = molecule.places[to];
    turn = Math.atan2(from[1] - near[1], from[0] - near[0]);
    middle = [0, 1].map((axis) => from[axis] + 2 * (near[axis] - from[axis]));
  }
  const corners = [0, 1, 2, 3, 4, 5].map((k) => [middle[0] + long * Math.cos(turn + (k * Math.PI) / 3), middle[1] + long * Math.sin(turn + (k * Math.PI) / 3)]);
  const ring = corners.map((_, k) => ({ a: Math.min(n + k, n + ((k + 1) % 6)), b: Math.max(n + k, n + ((k + 1) % 6)), kind: AROMATIC }));
  return kept({
    elements: [...molecule.elements, ...corners.map(() => "C")], places: [...molecule.places, ...corners],
    bonds: [...molecule.bonds, ...ring, ...(to === null ? [] : [{ a: to, b: n, kind: SINGLE }])],
  });
}
