// What a molecule {elements, places, bonds: [{a, b, kind}]} is built of, in the page; dlviz/labs/graph/molecules/substructures.py
// says the same in Python.

export const ELEMENTS = ["C", "N", "O", "F", "I", "Cl", "Br"]; // in the order of the set's features
export const BONDS = ["aromatic", "single", "double", "triple"]; // in the order of the set's kinds
const [AROMATIC, SINGLE] = [0, 1];
const MOST = { C: 4, N: 4, O: 2, F: 1, Cl: 1, Br: 1, I: 1 }; // bonds, of N with a charge
const NAMES = { C: "carbon", N: "nitrogen", O: "oxygen", F: "fluorine", Cl: "chlorine", Br: "bromine", I: "iodine" };

/** "nitrogen" of "N"; the symbol itself of what the set does not know. */
export const nameOf = (element) => NAMES[element] ?? element;

/** Of each atom its neighbours [{atom, kind, bond}]. */
export function around({ elements, bonds }) {
  const found = elements.map(() => []);
  bonds.forEach(({ a, b, kind }, bond) => {
    found[a].push({ atom: b, kind, bond });
    found[b].push({ atom: a, kind, bond });
  });
  return found;
}

/** The nitro groups: [[N, O, O], …] positions. An N with two O that have no other neighbour. */
export function nitroGroups(molecule) {
  const near = around(molecule);
  const { elements } = molecule;
  return elements.flatMap((element, k) => {
    const ends = near[k].filter(({ atom }) => elements[atom] === "O" && near[atom].length === 1);
    return element === "N" && ends.length === 2 ? [[k, ...ends.map(({ atom }) => atom)]] : [];
  });
}

/** The N of amine groups: one neighbour, a single bond away. */
export function amines(molecule) {
  const near = around(molecule);
  return molecule.elements.flatMap((element, k) => (element === "N" && near[k].length === 1 && near[k][0].kind === SINGLE ? [k] : []));
}

/** How many independent rings: bonds − atoms + parts. */
export function ringCount({ elements, bonds }) {
  const part = elements.map((_, k) => k);
  const top = (k) => { let at = k; while (part[at] !== at) at = part[at]; return at; };
  let parts = elements.length;
  for (const { a, b } of bonds) {
    const [x, y] = [top(a), top(b)];
    if (x !== y) [part[x], parts] = [y, parts - 1];
  }
  return bonds.length - elements.length + parts;
}

/** "C10H7NO2" without the hydrogens, which nobody draws: C10NO2. */
export function formula({ elements }) {
  const order = ["C", ...new Set(elements.filter((element) => element !== "C"))].filter((element) => elements.includes(element));
  return order.map((element) => {
    const many = elements.filter((other) => other === element).length;
    return `${element}${many > 1 ? [...String(many)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("") : ""}`;
  }).join("");
}

// The fewest bonds that the drawn ones can stand for: a carbon with aromatic bonds has a double one, in the ring or outside; an N
// or O need not.
function fewest(element, near) {
  const aromatic = near.filter(({ kind }) => kind === AROMATIC).length;
  const plain = near.reduce((sum, { kind }) => sum + kind, 0); // 1, 2, 3, and aromatic 0
  return plain + aromatic + (aromatic && element === "C" && near.every(({ kind }) => kind < 2) ? 1 : 0);
}

/** Atoms with more bonds than they can have: [{atom, has, most}]. */
export function tooMany(molecule) {
  const near = around(molecule);
  return molecule.elements.flatMap((element, atom) => {
    const has = fewest(element, near[atom]);
    return MOST[element] && has > MOST[element] ? [{ atom, has, most: MOST[element] }] : [];
  });
}

/** N with four bonds: they have a positive charge. */
export function charged(molecule) {
  const near = around(molecule);
  return molecule.elements.flatMap((element, k) => (element === "N" && fewest(element, near[k]) === 4 ? [k] : []));
}

/** The molecule without some atoms (with all their bonds) and some bonds; Sets of positions. */
export function without({ elements, places, bonds }, atoms = new Set(), lost = new Set()) {
  const moved = new Map();
  elements.forEach((_, k) => { if (!atoms.has(k)) moved.set(k, moved.size); });
  const kept = [...moved.keys()];
  return {
    elements: kept.map((k) => elements[k]), places: kept.map((k) => places[k]),
    bonds: bonds.filter(({ a, b }, k) => !lost.has(k) && moved.has(a) && moved.has(b)).map(({ a, b, kind }) => ({ a: moved.get(a), b: moved.get(b), kind })),
  };
}
