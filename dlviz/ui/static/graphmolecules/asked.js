// What a network says of a molecule, computed in the page: its margin, its probability, and what it would say without a part.

import { messagesAlong, probabilities } from "../lib/graphs.js";
import { ELEMENTS, around, without } from "./chemistry.js";

/** A molecule as the network takes it: {count, sources, targets, weight, x}. */
export function inputOf({ network }, molecule) {
  const { elements, bonds } = molecule;
  const wide = network.rows[0].inputs;
  const x = new Float32Array(elements.length * wide);
  const { features } = network.spec;
  const near = features === "degree" ? around(molecule) : null;
  elements.forEach((element, k) => {
    if (features === "degree") x[k] = near[k].length;
    else if (features === "constant") x[k] = 1;
    else if (ELEMENTS.includes(element)) x[k * wide + ELEMENTS.indexOf(element)] = 1;
  });
  const along = messagesAlong({ edges: bonds.map(({ a, b }) => [a, b]), edgeWeights: bonds.map(() => 1), directed: false });
  return { count: elements.length, ...along, x };
}

/** {logits, margin, probability} of "mutagenic", the second class. */
export function ask(source, molecule) {
  const logits = Array.from(source.network.run(inputOf(source, molecule)).answers);
  return { logits, margin: logits[1] - logits[0], probability: probabilities(logits, 0, 2)[1] };
}

/** What it would say without some atoms or bonds. */
export const askWithout = (source, molecule, atoms, bonds) => ask(source, without(molecule, new Set(atoms), new Set(bonds)));

/** By how much the margin falls without each atom and each bond: {answer, atoms, bonds}. */
export function leftOut(source, molecule) {
  const answer = ask(source, molecule);
  const lost = (atoms, bonds) => answer.margin - askWithout(source, molecule, atoms, bonds).margin;
  return { answer, atoms: molecule.elements.map((_, k) => lost([k], [])), bonds: molecule.bonds.map((_, k) => lost([], [k])) };
}
