// The surroundings of atoms, as the steps of Weisfeiler and Lehman (1968) name them: after k steps an atom's name says all that
// a network of k layers can know of it. What no molecule in training has, the network never learned from.

import { around } from "./chemistry.js";

/** New names for surroundings, the same for the same; one book for all that is compared. */
export class Book {
  constructor() { this.known = new Map(); }

  name(words) {
    if (!this.known.has(words)) this.known.set(words, this.known.size);
    return this.known.get(words);
  }

  /** [round][atom]: names after 0 … `rounds` steps. */
  read(molecule, rounds) {
    const near = around(molecule);
    const all = [molecule.elements.map((element) => this.name(element))];
    for (let round = 1; round <= rounds; round += 1) {
      const before = all.at(-1);
      all.push(before.map((own, k) => this.name(`${round}:${own}(${near[k].map(({ atom }) => before[atom]).sort((x, y) => x - y).join(",")})`)));
    }
    return all;
  }
}

function counted(names) {
  const found = new Map();
  for (const name of names.flat()) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
}

// What both have, of what either has: 1 for the same surroundings as often.
function alike(a, b) {
  let [both, either] = [0, 0];
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const [x, y] = [a.get(name) ?? 0, b.get(name) ?? 0];
    both += Math.min(x, y);
    either += Math.max(x, y);
  }
  return either ? both / either : 0;
}

/** `of(molecule)` → {strange: atoms whose surroundings no molecule in training has, nearest: its place, alike: 0 to 1}. */
export function buildSurroundings(molecules, isTold, rounds) {
  const book = new Book();
  const read = molecules.map((molecule) => book.read(molecule, rounds));
  const familiar = new Set(read.flatMap((names, k) => (isTold[k] ? names[rounds] : [])));
  const counts = read.map(counted);
  return {
    rounds,
    of(molecule) {
      const names = book.read(molecule, rounds);
      const mine = counted(names);
      const all = counts.map((other) => alike(mine, other));
      const most = Math.max(...all);
      return { strange: names[rounds].flatMap((name, k) => (familiar.has(name) ? [] : [k])), nearest: all.indexOf(most), alike: most };
    },
  };
}
