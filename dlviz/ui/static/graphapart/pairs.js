// The shelf: pairs of small graphs with the reason why a network takes them for one. The same graphs as in
// dlviz/labs/graph/apart/pairs.py; a test holds both against each other. A graph is {colors, edges, places}, colours 0, 1, 2: a, b, c.

const XU = "Xu et al., How Powerful are Graph Neural Networks?, 2019";
const around = (angle, far = 0.9, [x, y] = [0, 0]) => [x + far * Math.cos((angle * Math.PI) / 180), y + far * Math.sin((angle * Math.PI) / 180)];
const circle = (count, far = 0.9, middle = [0, 0], from = 90) => Array.from({ length: count }, (_, k) => around(from - (360 * k) / count, far, middle));

function ring(count, colors = Array(count).fill(0)) {
  return { colors, edges: Array.from({ length: count }, (_, k) => [k, (k + 1) % count]), places: circle(count, count > 4 ? 0.9 : 0.75, [0, 0], count === 4 ? 135 : 90) };
}

function star(...leaves) {
  const places = leaves.length === 2 ? [[0, 0.3], [-0.75, -0.3], [0.75, -0.3]] : [[0, 0], ...circle(leaves.length, 0.9, [0, 0], leaves.length === 4 ? 135 : 90)];
  return { colors: [0, ...leaves], edges: leaves.map((_, k) => [0, k + 1]), places };
}

const plain = (places, ...edges) => ({ colors: places.map(() => 0), edges, places });

function torus(steps) {
  const found = new Set();
  for (let row = 0; row < 4; row += 1) {
    for (let column = 0; column < 4; column += 1) {
      for (const [down, right] of steps) {
        const two = [4 * row + column, 4 * ((row + down) % 4) + ((column + right) % 4)].sort((a, b) => a - b);
        found.add(100 * two[0] + two[1]);
      }
    }
  }
  return plain(circle(16), ...[...found].sort((a, b) => a - b).map((each) => [Math.floor(each / 100), each % 100]));
}

const chain = (low) => [0, 1, 2, 3, 4, 5].map((k) => [-0.9 + 0.36 * k, k % 2 ? low + 0.3 : low]);
const hexanes = (branch, low = branch % 2 ? -0.4 : 0.1) => plain([...chain(low), [-0.9 + 0.36 * branch, branch % 2 ? 0.4 : -0.4]], [0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [branch, 6]);
const SIDE = 0.52;
const [RIGHT, LEFT] = [[SIDE * 0.866, 0], [-SIDE * 0.866, 0]];
const decalin = [around(150, SIDE, RIGHT), ...[90, 30, -30, -90].map((a) => around(a, SIDE, RIGHT)), around(-150, SIDE, RIGHT), ...[-90, -150, 150, 90].map((a) => around(a, SIDE, LEFT))];
const steps = (from, till) => Array.from({ length: till - from }, (_, k) => [from + k, from + k + 1]);

/** {slug, title, short, why, source, epsilon, pick: [node, node], left, right} */
export const PAIRS = [
  { slug: "count", title: "Two or four of a kind", short: "Mean and max cannot count.", pick: [0, 0], source: `${XU}, figure 3a`,
    why: "The middle node hears two equal messages or four. Their mean is the same, so is the largest; only their sum counts.",
    left: star(0, 0), right: star(0, 0, 0, 0) },
  { slug: "twice", title: "One more of what is there", short: "Max ignores multiplicity.", pick: [0, 0], source: `${XU}, figure 3b`,
    why: "The middle node hears {b, c} or {b, c, c}. The largest of each feature is the same; the mean has other shares, the sum other counts.",
    left: star(1, 2), right: star(1, 2, 2) },
  { slug: "shares", title: "Same shares, other counts", short: "Mean keeps shares only.", pick: [0, 0], source: `${XU}, figure 3c`,
    why: "The middle node hears {b, c} or {b, b, c, c}: half b and half c in both. Mean and max fail at this node, the sum does not.",
    left: star(1, 2), right: star(1, 1, 2, 2) },
  { slug: "sizes", title: "A ring of 4, a ring of 8", short: "Only a sum knows the size.", pick: [0, 0], source: `${XU}, section 5`,
    why: "Every node of both hears two equal neighbours, so all embeddings are one. Reading the graph out by mean or max forgets how many there are.",
    left: ring(4), right: ring(8) },
  { slug: "hexanes", title: "Two hexanes with a branch", short: "It takes two rounds.", pick: [1, 2], source: "2-methylhexane and 3-methylhexane, carbon only",
    why: "Both have the same degrees, so one round of counting neighbours is not enough. What the neighbours count is different: the second round tells.",
    left: hexanes(1), right: hexanes(2) },
  { slug: "swap", title: "Self and neighbour swapped", short: "The sum fails at ε = 0.", pick: [0, 1], source: `found by trying all graphs of up to 5 nodes; ${XU}, corollary 6, says why ε matters`,
    why: "With ε = 0 a node adds itself to its neighbours as one more of them: an a that hears a and b, and a b that hears two a, both come to 2 a + b. The test keeps them apart, and so does GIN with another ε.",
    left: ring(4, [0, 0, 1, 1]), right: ring(4, [0, 1, 0, 1]) },
  { slug: "hexagon", title: "A hexagon, two triangles", short: "Nothing that passes messages tells.", pick: [0, 0], source: `${XU}, section 4: no network of this kind is stronger than the test`,
    why: "Every node of both has two neighbours, each of which has two, and so on for ever. Seen from its nodes, the graph is the same. Tell the nodes in how many triangles they are, and the difference is there from the start.",
    left: ring(6), right: plain([...circle(3, 0.4, [-0.6, -0.1]), ...circle(3, 0.4, [0.6, -0.1])], [0, 1], [1, 2], [2, 0], [3, 4], [4, 5], [5, 3]) },
  { slug: "decalin", title: "Decalin, bicyclopentyl", short: "Two molecules, one for the test.", pick: [0, 0], source: "Sato, A Survey on the Expressive Power of Graph Neural Networks, 2020",
    why: "Ten carbons each: two six-rings that share a bond, or two five-rings that a bond joins. Each node has the same surroundings as one of the other molecule.",
    left: plain(decalin, ...steps(0, 9), [9, 0], [0, 5]),
    right: plain([...circle(5, 0.35, [-0.6, 0], 0), ...circle(5, 0.35, [0.6, 0], 180)], ...steps(0, 4), [4, 0], ...steps(5, 9), [9, 5], [0, 5]) },
  { slug: "rook", title: "Rook, Shrikhande", short: "Even triangles are the same.", pick: [0, 0], source: "S. Shrikhande, 1959; strongly regular with the same numbers (16, 6, 2, 2)",
    why: "16 nodes with six neighbours each, and each node is in six triangles. Telling nodes their triangles, which mends the hexagon, does not mend this pair. The rook's graph has groups of four that are all joined, Shrikhande's has none.",
    left: torus([[0, 1], [0, 2], [1, 0], [2, 0]]), right: torus([[0, 1], [1, 0], [1, 1]]) },
  { slug: "same", title: "One graph, drawn twice", short: "Nothing may tell these apart.", pick: [0, 5], source: "the check: a renumbering maps one to the other",
    why: "The same graph under another numbering. Whatever tells these two apart looks at the numbering: give the nodes their numbers, and it does.",
    left: plain([[-0.3, 0.15], [0.35, 0.15], [0.35, -0.5], [-0.3, -0.5], [0.02, 0.75], [-0.9, -0.75]], [0, 1], [1, 2], [2, 3], [3, 0], [0, 4], [4, 1], [3, 5]),
    right: plain(circle(6), [5, 3], [3, 1], [1, 4], [4, 5], [5, 0], [0, 3], [4, 2]) },
];

/** The pair of that slug. */
export const pairOf = (slug) => PAIRS.find((pair) => pair.slug === slug);
