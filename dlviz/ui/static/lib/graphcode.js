// A graph as the compact text in which it travels, letter for letter as dlviz/data/graphs/coding.py writes it; and back.
//
// A graph here is {directed, classes, featureNames, nodes: [{key, x, y, label (−1 unknown), given, name, features}],
// edges: [{a, b (places in `nodes`), weight, kind (of a bond, −1 none)}]}.

const DIGITS = 6;
const PLAIN = 1e6; // whole numbers from here on keep a point

/** The text of a graph. Without `molecule` it is taken for one where every edge has the kind of a bond. */
export function writeGraph({ directed, classes, featureNames, nodes, edges }) {
  const isMolecule = edges.length > 0 && edges.every(({ kind }) => (kind ?? -1) >= 0);
  const f = Math.fround;
  const ofNode = ({ key, x, y, label, given, name, features }) => {
    const parts = [key, short(thousandths(f(x))), short(thousandths(f(y))), label, given ? 1 : 0];
    if (name || features.length) parts.push(JSON.stringify(name));
    if (features.length) parts.push(`[${Array.from(features, (value) => short(f(value))).join(",")}]`);
    return `[${parts.join(",")}]`;
  };
  const ofEdge = ({ a, b, weight, kind }) => {
    // An undirected edge has its earlier node first.
    const [from, to] = directed || a <= b ? [a, b] : [b, a];
    const written = short(f(weight));
    const parts = [nodes[from].key, nodes[to].key];
    if (isMolecule) parts.push(written, kind);
    else if (written !== "1") parts.push(written);
    return `[${parts.join(",")}]`;
  };
  return `{"v":1,"d":${directed ? 1 : 0},"c":${JSON.stringify(classes)},"f":${JSON.stringify(featureNames)},`
    + `"n":[${nodes.map(ofNode).join(",")}],"e":[${edges.map(ofEdge).join(",")}]}`;
}

/** The graph of a text that `writeGraph` or the server wrote; nothing is checked. */
export function parseGraph(text) {
  const whole = JSON.parse(text);
  const places = new Map(whole.n.map(([key], at) => [key, at]));
  return {
    directed: whole.d === 1, classes: whole.c, featureNames: whole.f,
    nodes: whole.n.map(([key, x, y, label, given, name = "", features = []]) => ({ key, x, y, label, given: given === 1, name, features })),
    edges: whole.e.map(([a, b, weight = 1, kind = -1]) => ({ a: places.get(a), b: places.get(b), weight, kind })),
  };
}

/** A graph of a scene (`graphOf`, lib/graphs.js) as one that can be edited. `isOwn`: the network is given its own features. */
export function editableOf(graph, isOwn) {
  const width = graph.featureNames.length;
  // Of a set only the first graph's own features travel by themselves; the others' are what the network is given.
  const own = graph.features ?? (isOwn && width && graph.inputs === width ? graph.x : null);
  return {
    directed: Boolean(graph.directed), classes: [...graph.classes], featureNames: own ? [...graph.featureNames] : [],
    nodes: Array.from({ length: graph.count }, (_, k) => ({
      key: graph.keys[k], x: graph.places[2 * k], y: graph.places[2 * k + 1], label: graph.labels[k], given: Boolean(graph.given[k]),
      name: graph.names[k], features: own ? Array.from(own.slice(k * width, (k + 1) * width)) : [],
    })),
    edges: graph.edges.map(([a, b], e) => ({ a, b, weight: graph.edgeWeights[e], kind: graph.kinds[e] })),
  };
}

// To 3 decimals as Python rounds: what lies exactly in the middle goes to the even side. Only sixteenths can lie there.
function thousandths(value) {
  const size = Math.abs(value);
  if ((size * 16) % 2 !== 1) return Number(value.toFixed(3));
  const below = Math.floor(size * 1000);
  return (Math.sign(value) * (below % 2 ? below + 1 : below)) / 1000;
}

// To 6 digits, as Python writes it.
function short(value) {
  if (Number.isInteger(value) && Math.abs(value) < PLAIN) return String(value + 0);
  const [mantissa, exponent] = Math.abs(value).toExponential(39).split("e");
  const digits = mantissa.replace(".", "");
  let rounded = Number(Math.abs(value).toPrecision(DIGITS));
  // Exactly in the middle JavaScript goes up, Python to the even side.
  if (/^50*$/.test(digits.slice(DIGITS)) && Number(digits[DIGITS - 1]) % 2 === 0) rounded = Number(`${mantissa.slice(0, DIGITS + 1)}e${exponent}`);
  return (value < 0 ? "-" : "") + asPython(rounded);
}

function asPython(size) {
  if (Number.isInteger(size) && size < PLAIN) return String(size);
  const [mantissa, exponent] = size.toExponential().split("e");
  const e = Number(exponent);
  if (e < -4 || e >= 16) return `${mantissa}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
  const digits = mantissa.replace(".", "");
  if (e < 0) return `0.${"0".repeat(-e - 1)}${digits}`;
  if (digits.length <= e + 1) return `${digits}${"0".repeat(e + 1 - digits.length)}.0`;
  return `${digits.slice(0, e + 1)}.${digits.slice(e + 1)}`;
}
