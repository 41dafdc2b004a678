// What heads are called: the place of an attention in the network, and the roles that the server has measured.

import { percent } from "../lib/dom.js";

// Of each role: a short name for a thumbnail, what it is in full, and the same between two sequences.
const ROLES = {
  previous: { name: "previous token", about: "the token just before", across: "the place just before its own" },
  itself: { name: "itself", about: "the token itself", acrossName: "same place", across: "the same place in the other sequence" },
  next: { name: "next token", about: "the token just after", across: "the place just after its own" },
  first: { name: "first token", about: "the first token of the sequence", across: "the first token" },
  same: { name: "same token", about: "an earlier token that is the same", across: "any token that is the same" },
  induction: { name: "induction", about: "the token that came after the same token earlier", acrossName: "after the same", across: "the token after one that is the same" },
  separator: { name: "separator", about: "spaces, line ends, punctuation, signs for begin and end", across: "spaces, punctuation, signs for begin and end" },
};

/** {name, about} of a role, in a grid of that kind. */
export function roleWords(role, kind) {
  const { name, about, acrossName, across } = ROLES[role];
  return kind === "cross" ? { name: acrossName ?? name, about: across } : { name, about };
}

const STACKS = { core: "Layer", encoder: "Encoder, layer", decoder: "Decoder, layer" };

/** "Layer 1", "Decoder, layer 2, to the encoder". */
export function placeOf({ stack, layer, kind }) {
  return `${STACKS[stack]} ${layer + 1}${kind === "cross" ? ", to the encoder" : ""}`;
}

export const headName = (head) => `head ${head + 1}`;

export const prefixOf = ({ stack, kind }) => (stack !== "decoder" ? "" : kind === "cross" ? "cross_" : "decoder_");

/** The names of all roles, in the order of the arrays. */
export const rolesIn = (reply) => reply.numbers.texts["state/roles"];

/**
 * What was measured of one head: {rows: [{role, name, about, mass, chance, count}], named: a row or null, entropy, even}.
 */
export function rolesOf(reply, grid, head) {
  const prefix = prefixOf(grid);
  const of = (name) => reply.arrays[`${prefix}${name}`];
  const [, heads, roles] = of("mass").shape;
  const at = grid.layer * heads + head;
  const rows = rolesIn(reply).map((role, r) => ({
    role, ...roleWords(role, grid.kind), mass: of("mass").data[at * roles + r], chance: of("chance").data[r], count: of("count").data[r],
  }));
  return { rows, named: rows[of("named").data[at]] ?? null, entropy: of("entropy").data[at], even: of("entropy_even").data[0] };
}

/** "induction 83 %", or the best that is there where nothing is enough for a name. */
export function summed({ named }) {
  return named ? `${named.name} ${percent(named.mass, 0)}` : "no single role";
}

/** A sentence for what all heads of the network have become. */
export function overall(reply, grids) {
  const counts = new Map();
  let all = 0;
  for (const grid of grids) {
    for (let head = 0; head < grid.part.weights.length; head += 1) {
      all += 1;
      const { named } = rolesOf(reply, grid, head);
      if (named) counts.set(named.name, (counts.get(named.name) ?? 0) + 1);
    }
  }
  const found = [...counts].sort((a, b) => b[1] - a[1]).map(([name, many]) => `${many} × ${name}`);
  const named = [...counts.values()].reduce((sum, many) => sum + many, 0);
  const step = reply.step === 0 ? "before training" : `after ${reply.step.toLocaleString("en")} steps`;
  if (!named) return `No head has a role ${step}: none of the ${all} looks at one kind of token much more than an even pattern would.`;
  return `${named} of ${all} heads ${named === 1 ? "has" : "have"} a role ${step}: ${found.join(", ")}.`;
}
