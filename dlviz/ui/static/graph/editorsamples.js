// Short examples of each kind of text, and graphs that are made by chance or by a rule.

export const EXAMPLES = [
  { name: "Edge list", text: "Ada,Ben\nAda,Cleo\nBen,Cleo\nCleo,Dov\nDov,Eva\nDov,Finn\nEva,Finn" },
  { name: "Arrows with weights", text: "# who cites whom, how often\na->b,2\na->c,1\nb->d,3\nc->d,1\nd->e,2\ne->a,1" },
  { name: "GraphML", text: '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n <graph edgedefault="undirected">\n  <node id="n0"/><node id="n1"/><node id="n2"/><node id="n3"/><node id="n4"/>\n  <edge source="n0" target="n1"/><edge source="n1" target="n2"/>\n  <edge source="n2" target="n3"/><edge source="n3" target="n0"/><edge source="n3" target="n4"/>\n </graph>\n</graphml>' },
  { name: "SMILES: aspirin", text: "CC(=O)Oc1ccccc1C(=O)O" },
  { name: "SMILES: caffeine", text: "Cn1cnc2c1c(=O)n(C)c(=O)n2C" },
];

// [label, value, least, most, whole unless false]
export const MAKERS = [
  { name: "Random", fields: [["nodes", 40, 2, 400], ["mean degree", 4, 0, 10, false]], make: random },
  { name: "Ring", fields: [["nodes", 20, 3, 400]], make: (n) => lines(Array.from({ length: n }, (_, k) => [k, (k + 1) % n])) },
  { name: "Grid", fields: [["across", 8, 1, 30], ["down", 5, 1, 13]], make: grid },
];

const lines = (edges) => edges.map(([a, b]) => `${a},${b}`).join("\n");

// Every pair with the same chance; nodes that nothing joins stand alone.
function random(n, degree) {
  const chance = Math.min(1, degree / (n - 1));
  const edges = [];
  for (let a = 0; a < n; a += 1) for (let b = a + 1; b < n; b += 1) if (Math.random() < chance) edges.push([a, b]);
  const joined = new Set(edges.flat());
  return [lines(edges.slice(0, 2000)), ...Array.from({ length: n }, (_, k) => k).filter((k) => !joined.has(k))].filter((line) => line !== "").join("\n");
}

function grid(across, down) {
  const edges = [];
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      const at = y * across + x;
      if (x + 1 < across) edges.push([at, at + 1]);
      if (y + 1 < down) edges.push([at, at + across]);
    }
  }
  return edges.length ? lines(edges) : "0";
}
