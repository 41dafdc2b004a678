// What a node has heard of after each layer, and over how many steps the news came.

/**
 * {heard: [Set of nodes after 0, 1, … layers], distance: steps that each node's news needs (Infinity: never comes), onWay: "k:node",
 * the nodes that pass on news from k steps away}. A layer that adds no self-loop, and has no weights and no residual for the node
 * itself, forgets what it was: there `heard` holds the ends of walks of exactly so many steps.
 */
export function fieldOf({ edges, node, graph, result }) {
  const layers = result.layers;
  const senders = Array.from({ length: graph.count }, () => []);
  edges.sources.forEach((source, e) => senders[edges.targets[e]].push(source));
  const keeps = layers.map(({ row }) => row.kind !== "naive" || row.residual);
  const heard = [];
  for (let count = 0; count <= layers.length; count += 1) {
    let now = new Set([node]);
    for (let layer = count - 1; layer >= 0; layer -= 1) {
      const next = new Set(keeps[layer] ? now : []);
      for (const k of now) for (const source of senders[k]) next.add(source);
      now = next;
    }
    heard.push(now);
  }
  const distance = new Array(graph.count).fill(Infinity);
  distance[node] = 0;
  const rings = [[node]];
  for (let k = 0; rings[k].length; k += 1) {
    const ring = [];
    for (const at of rings[k]) for (const source of senders[at]) if (distance[source] === Infinity) { distance[source] = k + 1; ring.push(source); }
    rings.push(ring);
  }
  return { heard, distance, rings, onWay: relays(rings, senders, distance, layers.length) };
}

// A node passes on news from ring k when it lies on a shortest way from there.
function relays(rings, senders, distance, most) {
  const found = new Set();
  for (let k = 1; k <= Math.min(most, rings.length - 1); k += 1) {
    let now = new Set(rings[k]);
    for (let d = k; d > 0; d -= 1) {
      for (const node of now) found.add(`${k}:${node}`);
      const next = new Set();
      for (const node of rings[d - 1]) if (senders[node].some((source) => distance[source] === d && now.has(source))) next.add(node);
      now = next;
    }
  }
  return found;
}
