// Missing edges: how sure the network is of a pair of nodes, and the pairs without an edge that it holds most probable.

const OFFERED = 3;

/** The score of a pair, the product of its embeddings: over 0 the network says that the two are joined. */
export function pairScore({ embedding, width }, a, b) {
  let sum = 0;
  for (let f = 0; f < width; f += 1) sum += embedding[a * width + f] * embedding[b * width + f];
  return sum;
}

export const shareOf = (score) => 1 / (1 + Math.exp(-score));

const known = new WeakMap(); // result → pairs by graph

/** The pairs of a graph that nothing joins and the network finds most probable: [{a, b, share}], places in `graph`. */
export function offeredPairs(graph, drawn, result, there) {
  if (known.get(result)?.graph === graph) return known.get(result).pairs;
  const joined = new Set(graph.edges.flatMap(({ a, b }) => [a * graph.nodes.length + b, b * graph.nodes.length + a]));
  const best = [];
  for (let a = 0; a < graph.nodes.length; a += 1) {
    if (there[a] === null) continue;
    for (let b = a + 1; b < graph.nodes.length; b += 1) {
      if (there[b] === null) continue;
      const score = pairScore(result, there[a], there[b]);
      if (best.length === OFFERED && score <= best.at(-1).score) continue;
      if (joined.has(a * graph.nodes.length + b)) continue;
      best.push({ a, b, score, share: shareOf(score) });
      best.sort((one, other) => other.score - one.score);
      best.length = Math.min(best.length, OFFERED);
    }
  }
  const pairs = best.filter(({ score }) => score > 0);
  known.set(result, { graph, pairs });
  return pairs;
}
