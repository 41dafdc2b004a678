// Which nodes a node has heard of after so many layers: steps back along the edges that messages travel.

/** How many steps messages of each node need to reach node `at`: Int32Array, −1 where more than `layers` or never. */
export function stepsTo({ count, sources, targets }, at, layers) {
  const incoming = Array.from({ length: count }, () => []);
  targets.forEach((target, m) => incoming[target].push(sources[m]));
  const steps = new Int32Array(count).fill(-1);
  steps[at] = 0;
  let line = [at];
  for (let hop = 1; hop <= layers && line.length; hop += 1) {
    const next = [];
    for (const node of line) {
      for (const source of incoming[node]) {
        if (steps[source] >= 0) continue;
        steps[source] = hop;
        next.push(source);
      }
    }
    line = next;
  }
  return steps;
}

/** How many nodes are exactly 0, 1, …, `layers` steps away. */
export function countsOf(steps, layers) {
  const counts = new Array(layers + 1).fill(0);
  for (const step of steps) if (step >= 0) counts[step] += 1;
  return counts;
}
