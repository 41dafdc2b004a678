// Another numbering of the nodes of a graph: which node stands at each place, and the same graph as one reads it then.

/** Numbers in [0, 1) from a seed (mulberry32, T. Ettinger, 2017). */
export function chanceOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const inOrder = (count) => Int32Array.from({ length: count }, (_, k) => k);

/** The nodes in an order from a seed: every order as likely as any other (Fisher and Yates). */
export function shuffled(count, seed) {
  const chance = chanceOf(seed);
  const order = inOrder(count);
  for (let k = count - 1; k > 0; k -= 1) {
    const other = Math.floor(chance() * (k + 1));
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}

/** node → its place. */
export function placesOf(order) {
  const place = new Int32Array(order.length);
  order.forEach((node, k) => { place[node] = k; });
  return place;
}

/** Nodes `a` and `b` change places. */
export const swapped = (order, a, b) => order.map((node) => (node === a ? b : node === b ? a : node));

/** The node at place `from` goes to place `to`; those between move up by one. */
export function moved(order, from, to) {
  const rest = Array.from(order);
  rest.splice(to, 0, ...rest.splice(from, 1));
  return Int32Array.from(rest);
}

/**
 * The graph with node `order[k]` at place k, as one reads it off its matrix: {count, sources, targets, weight, x}, messages row
 * by row. Features travel with their nodes.
 */
export function renumbered({ count, sources, targets, weight, x }, order, inputs) {
  const place = placesOf(order);
  const at = Array.from(sources, (_, e) => e).sort((a, b) => place[targets[a]] - place[targets[b]] || place[sources[a]] - place[sources[b]]);
  const rows = new Float32Array(count * inputs);
  order.forEach((node, k) => rows.set(x.subarray(node * inputs, (node + 1) * inputs), k * inputs));
  return { count, sources: Int32Array.from(at, (e) => place[sources[e]]), targets: Int32Array.from(at, (e) => place[targets[e]]), weight: Float32Array.from(at, (e) => weight[e]), x: rows };
}

/** (place, width) → (node, width): rows lined up by node again. */
export function linedUp(values, order, width) {
  const found = new Float32Array(values.length);
  order.forEach((node, k) => found.set(values.subarray(k * width, (k + 1) * width), node * width));
  return found;
}

/** The largest difference of two rows of numbers. */
export function apart(a, b) {
  let most = 0;
  for (let k = 0; k < a.length; k += 1) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
}
