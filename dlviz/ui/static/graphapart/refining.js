// Colour refinement on two graphs at once, the Weisfeiler–Lehman test (dlviz/labs/graph/apart/refining.py).

export const MOST_ROUNDS = 12;

/** The two graphs as one: {cut, count, around (neighbours of every node), names}. The right one's nodes come after the left one's. */
export function together(left, right) {
  const cut = left.colors.length;
  const count = cut + right.colors.length;
  const around = Array.from({ length: count }, () => []);
  for (const [graph, from] of [[left, 0], [right, cut]]) {
    for (const [a, b] of graph.edges) {
      around[from + a].push(from + b);
      around[from + b].push(from + a);
    }
  }
  return { cut, count, around, names: Array.from({ length: count }, (_, k) => (k < cut ? `L${k + 1}` : `R${k - cut + 1}`)) };
}

/** In how many triangles each node is. */
export function triangles({ count, around }) {
  const joined = around.map((near) => new Set(near));
  return Array.from({ length: count }, (_, k) => {
    let found = 0;
    for (const [at, a] of around[k].entries()) for (const b of around[k].slice(at + 1)) if (joined[a].has(b)) found += 1;
    return found;
  });
}

const compare = (one, other) => {
  for (let k = 0; k < Math.min(one.length, other.length); k += 1) if (one[k] !== other[k]) return one[k] - other[k];
  return one.length - other.length;
};
const sorted = (lists) => [...new Map(lists.map((list) => [list.join(), list])).values()].sort(compare);
const numbers = (a, b) => a - b;

/** What each node is told at the start: {told: places from 0, kinds: [[colour, extra]] of each place}. */
export function knowledgeOf(joint, colors, knowledge) {
  const corners = knowledge === "triangles" ? triangles(joint) : null;
  const keys = colors.map((color, k) => {
    if (corners) return [color, corners[k]];
    return knowledge === "numbers" ? [color, k < joint.cut ? k : k - joint.cut] : [color];
  });
  const kinds = sorted(keys);
  const place = new Map(kinds.map((key, at) => [key.join(), at]));
  return { told: keys.map((key) => place.get(key.join())), kinds };
}

/**
 * {colors: [round][node], table: [{round, own, near, fresh}], different, stable, tones: [round][node], counts}: numbers from 1, new
 * ones every round; `different`: the first round after which the counts of colours differ, or null; `stable`: the round after
 * which nothing is split, or null. A tone stays with a colour that is not split.
 */
export function refine({ cut, count, around }, told) {
  const colors = [told.map((place) => place + 1)];
  const table = [];
  let stable = null;
  for (let round = 1; round <= MOST_ROUNDS && stable === null; round += 1) {
    const now = colors.at(-1);
    const seen = now.map((own, k) => [own, ...around[k].map((j) => now[j]).sort(numbers)]);
    const [kinds, begin] = [sorted(seen), Math.max(...now) + 1];
    const fresh = new Map(kinds.map((kind, at) => [kind.join(), begin + at]));
    for (const [own, ...near] of kinds) table.push({ round, own, near, fresh: fresh.get([own, ...near].join()) });
    colors.push(seen.map((kind) => fresh.get(kind.join())));
    if (kinds.length === new Set(now).size) stable = round - 1;
  }
  const list = (row) => [...row].sort(numbers).join();
  const differs = colors.findIndex((row) => list(row.slice(0, cut)) !== list(row.slice(cut, count)));
  return { colors, table, different: differs < 0 ? null : differs, stable, tones: tonesOf(colors) };
}

// The largest part of a colour keeps its tone, the others get tones not used before.
function tonesOf(colors) {
  const tones = [colors[0].map((color) => color - 1)];
  let next = Math.max(...tones[0]) + 1;
  for (let round = 1; round < colors.length; round += 1) {
    const size = new Map();
    for (const color of colors[round]) size.set(color, (size.get(color) ?? 0) + 1);
    const tone = new Map();
    const order = [...size.keys()].sort((a, b) => size.get(b) - size.get(a) || a - b);
    const taken = new Set();
    for (const color of order) {
      const before = tones[round - 1][colors[round].indexOf(color)];
      tone.set(color, taken.has(before) ? next++ : before);
      taken.add(before);
    }
    tones.push(colors[round].map((color) => tone.get(color)));
  }
  return tones;
}

/** Numbers for groups of nodes, from 0 in order of appearance. */
export function canonical(row) {
  const known = new Map();
  return row.map((value) => {
    if (!known.has(value)) known.set(value, known.size);
    return known.get(value);
  });
}
