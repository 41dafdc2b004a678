// Whether two graphs are one under another numbering, by trying: colours that refinement found say which nodes may be matched.

const MOST_TRIES = 60000;

/** true, false, or null where too many tries would be needed. `colors`: the last row of refine on what nodes are given. */
export function isIsomorphic({ cut, count, around }, colors) {
  if (count !== 2 * cut) return false;
  const list = (from, till) => colors.slice(from, till).sort((a, b) => a - b).join();
  if (list(0, cut) !== list(cut, count)) return false;
  const joined = around.map((near) => new Set(near));
  const size = new Map();
  for (const color of colors) size.set(color, (size.get(color) ?? 0) + 1);
  const order = orderOf(cut, around, colors, size);
  const [to, used] = [new Map(), new Set()];
  let tries = 0;
  const fits = (k, j) => colors[k] === colors[j] && !used.has(j) && [...to].every(([a, b]) => joined[k].has(a) === joined[j].has(b));
  function place(at) {
    if (at === cut) return true;
    for (let j = cut; j < count; j += 1) {
      tries += 1;
      if (tries > MOST_TRIES) return null;
      if (!fits(order[at], j)) continue;
      to.set(order[at], j);
      used.add(j);
      const found = place(at + 1);
      if (found !== false) return found;
      to.delete(order[at]);
      used.delete(j);
    }
    return false;
  }
  return place(0);
}

// Rare colours first, then nodes next to those that are matched: wrong ways end early.
function orderOf(cut, around, colors, size) {
  const order = [];
  const left = new Set(Array.from({ length: cut }, (_, k) => k));
  const near = (k) => around[k].filter((j) => order.includes(j)).length;
  while (left.size) {
    const next = [...left].sort((a, b) => near(b) - near(a) || size.get(colors[a]) - size.get(colors[b]) || a - b)[0];
    order.push(next);
    left.delete(next);
  }
  return order;
}
