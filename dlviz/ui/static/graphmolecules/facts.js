// What is true of the set without any network: nitro and amine groups against the label, and how far counting rings gets.

import { amines, nitroGroups, ringCount } from "./chemistry.js";
import { answerOf } from "../lib/graphs.js";

const known = new WeakMap();

/**
 * Of the molecules: `nitro`, `amine` {mutagenic: [with, all], not: [with, all]}; `rings`: {least, held}: the best rule "mutagenic
 * from so many rings on" by the training molecules, and its share right of those kept back; `always` the share of the more frequent answer of those kept back.
 */
export function factsOf(molecules) {
  if (known.has(molecules)) return known.get(molecules);
  const share = (of) => Object.fromEntries([["mutagenic", 1], ["not", 0]].map(([name, label]) => {
    const all = molecules.filter((molecule) => molecule.label === label);
    return [name, [all.filter((molecule) => of(molecule).length > 0).length, all.length]];
  }));
  const rings = molecules.map(ringCount);
  const right = (least, isHeld) => {
    const some = molecules.filter((molecule) => molecule.isHeld === isHeld);
    return some.filter((molecule) => (rings[molecules.indexOf(molecule)] >= least) === (molecule.label === 1)).length / some.length;
  };
  const tries = Array.from({ length: Math.max(...rings) + 2 }, (_, least) => right(least, false));
  const least = tries.indexOf(Math.max(...tries));
  const held = molecules.filter(({ isHeld }) => isHeld);
  const often = held.filter(({ label }) => label === 1).length / held.length;
  const found = { nitro: share(nitroGroups), amine: share(amines), rings: { least, held: right(least, true) }, always: Math.max(often, 1 - often), held: held.length };
  known.set(molecules, found);
  return found;
}

/** The share of the kept-back molecules that the network answers right, as last measured. */
export function heldRight({ molecules, answers }) {
  const held = molecules.filter(({ isHeld }) => isHeld);
  return held.filter(({ place, label }) => answerOf(answers.logits, place, 2) === label).length / held.length;
}
