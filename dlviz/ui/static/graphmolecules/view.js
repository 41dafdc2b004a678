// A molecule one points at: pointer, fingers and keys are GraphView's, the picture is a chemist's. And a small one to look at.

import { fit } from "../lib/dom.js";
import { GraphView } from "../lib/graphview.js";
import { bondLength, paintMolecule } from "./paint.js";

const REACH = 12; // px around an atom in which it is meant
const SMALL_MARGIN = 12; // px

export class MoleculeView extends GraphView {
  /** `look`: what `paintMolecule` may be told beside the molecule. */
  showMolecule(molecule, look = {}, picked = null, { reach, hovered, hoveredEdge } = {}) {
    Object.assign(this, { molecule, look });
    this.show({
      nodes: molecule.elements.map((element, k) => ({ x: molecule.places[k][0], y: molecule.places[k][1], radius: REACH, name: `${element}, atom ${k + 1}` })),
      edges: molecule.bonds.map(({ a, b }) => ({ a, b })), picked, reach: reach ?? reachOf(molecule).map((far) => far + 0.25 * bondLength(molecule.bonds, molecule.places)),
      ...(hovered === undefined ? {} : { hovered }), ...(hoveredEdge === undefined ? {} : { hoveredEdge }),
    });
  }

  draw(colors) {
    cancelAnimationFrame(this.frame);
    this.colors = colors;
    const { pen, width, height } = fit(this.canvas);
    if (!width || !height || !this.molecule) return;
    const begun = performance.now();
    const placed = this.placed();
    pen.clearRect(0, 0, width, height);
    const { hovered, hoveredEdge, picture } = this;
    paintMolecule(pen, this.molecule, placed.spots, colors, { ...this.look, hovered, hoveredBond: hoveredEdge, picked: picture.picked });
    if (this.rubber) this.paintRubber(pen, placed.spots, colors);
    this.last = { picture, placed, hovered, hoveredEdge, milliseconds: performance.now() - begun };
  }

  paintRubber(pen, spots, colors) {
    const to = this.rubber.at ?? spots[this.hovered ?? this.rubber.node];
    pen.setLineDash([4, 3.5]);
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(...spots[this.rubber.node]);
    pen.lineTo(...to);
    pen.stroke();
    pen.setLineDash([]);
  }

  /** Pixels of a bond of the picture. */
  get bond() { return bondLength(this.molecule?.bonds ?? [], this.last.placed?.spots ?? []); }
}

/** Half of how far a molecule reaches across and down. */
export const reachOf = ({ places }) => [0, 1].map((axis) => Math.max(0.3, ...places.map((place) => Math.abs(place[axis]))));

/** A molecule on a small canvas; no larger than a bond of `mostBond` pixels. */
export function paintSmall(canvas, molecule, colors, mostBond = 17) {
  const { pen, width, height } = fit(canvas);
  pen.clearRect(0, 0, width, height);
  if (!width) return;
  const [across, down] = reachOf(molecule);
  const unit = bondLength(molecule.bonds, molecule.places) || 1;
  const scale = Math.min((width / 2 - SMALL_MARGIN) / across, (height / 2 - SMALL_MARGIN) / down, molecule.bonds.length ? mostBond / unit : Infinity);
  paintMolecule(pen, molecule, molecule.places.map(([x, y]) => [width / 2 + x * scale, height / 2 - y * scale]), colors);
}
