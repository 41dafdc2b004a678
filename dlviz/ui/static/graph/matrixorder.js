// In which order the nodes stand along both sides of a matrix: sorted orders make blocks visible.

export const ORDERS = [["numbered", "As numbered"], ["class", "By class"], ["degree", "By degree"]];

const ROUNDS = 20;

/** Nodes in the order asked for: (place → node). Equal ones stay as they are numbered. */
export function orderOf(how, graph) {
  const nodes = Array.from({ length: graph.count }, (_, node) => node);
  if (how === "numbered") return nodes;
  const degree = degreesOf(graph);
  if (how === "degree") return nodes.sort((a, b) => degree[b] - degree[a] || a - b);
  const group = groupsOf(graph);
  const rank = (node) => (group[node] < 0 ? Infinity : group[node]);
  return nodes.sort((a, b) => (rank(a) === rank(b) ? degree[b] - degree[a] || a - b : rank(a) - rank(b)));
}

/** How many messages a node receives. */
export function degreesOf({ count, targets }) {
  const degree = new Int32Array(count);
  for (const node of targets) degree[node] += 1;
  return degree;
}

/** Whether some node has a class. Without one "by class" goes by communities that are found here. */
export const hasClasses = (graph) => graph.labels.some((label) => label >= 0);

/** The class of each node, or its community where nobody knows a class. */
export function groupsOf(graph) {
  return hasClasses(graph) ? graph.labels : communities(graph);
}

/**
 * Communities by moving each node to that of its neighbours which raises the modularity most, until none moves (the first phase
 * of V. Blondel et al., Fast unfolding of communities in large networks, 2008). Both directions count as one edge.
 */
export function communities({ count, sources, targets, weight }) {
  const around = Array.from({ length: count }, () => new Map());
  sources.forEach((a, e) => {
    const b = targets[e];
    around[a].set(b, (around[a].get(b) ?? 0) + weight[e] / 2);
    around[b].set(a, (around[b].get(a) ?? 0) + weight[e] / 2);
  });
  const strength = around.map((near) => [...near.values()].reduce((sum, each) => sum + each, 0));
  const all = strength.reduce((sum, each) => sum + each, 0) || 1;
  const of = Int32Array.from({ length: count }, (_, node) => node);
  const total = Float64Array.from(strength);
  for (let round = 0, moved = true; moved && round < ROUNDS; round += 1) {
    moved = false;
    for (let node = 0; node < count; node += 1) {
      const into = new Map();
      for (const [other, each] of around[node]) if (other !== node) into.set(of[other], (into.get(of[other]) ?? 0) + each);
      total[of[node]] -= strength[node];
      const gain = (group) => (into.get(group) ?? 0) - (strength[node] * total[group]) / all;
      let best = of[node];
      for (const group of into.keys()) if (gain(group) > gain(best) + 1e-9) best = group;
      total[best] += strength[node];
      if (best !== of[node]) [of[node], moved] = [best, true];
    }
  }
  const names = new Map();
  return of.map((group) => names.get(group) ?? names.set(group, names.size).get(group));
}
