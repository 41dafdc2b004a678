// What the picture means, in words with numbers.

import { count, number, percent, steady } from "../lib/dom.js";
import { answerOf, probabilities } from "../lib/graphs.js";
import { distances } from "./embeddingplane.js";

const CLEAR = 2; // times as far apart
const SOME = 1.25;
const SAME = 1e-6; // apart, up to which places are one

/** What one sees, by what lies in the plane. */
export function leadWords({ kind, isLast, layer, head, width }, { spec, target }) {
  const after = isLast ? "after the last layer" : `after layer ${layer + 1}`;
  if (kind === "regression") return `Every dot is a graph: across, ${target.toLowerCase()} as they are; up, as the network says. On the line both agree.`;
  if (kind === "graphs") return `Every dot is a graph: the ${spec.readout} of all its nodes ${after}. A click shows that graph.`;
  const place = width === 1 ? "its one feature" : width === 2 ? "its two features" : `its ${count(width)} features, seen from where they spread most,`;
  const ground = head && width < 3 ? " The ground shows what the head answers at each place." : "";
  return `Every dot is a node at the place that ${place} ${after} ${width > 1 ? "make" : "makes"} it.${ground}`;
}

/** {within, between, words}: how far apart the classes lie, or of missing edges joined nodes and others. */
export function apartOf(points, classes) {
  const { kind, values, count: n, width, labels, graph, moment } = points;
  if (kind === "regression") return errorsOf(points);
  if (moment.network.spec.task === "link") {
    const joined = joinedOf(points, graph);
    const times = joined.apart / joined.joined;
    const words = Number.isFinite(times) ? `Joined nodes lie ${steady(joined.joined, 2)} apart on average, others ${steady(joined.apart, 2)}: ${times > SOME ? `${times.toFixed(1)} times as far` : "hardly any further"}. What counts for an edge is the product, though, not the distance.` : "";
    return { within: joined.joined, between: joined.apart, words };
  }
  if (classes.length < 2) return { within: null, between: null, words: "" };
  const found = distances(values, n, width, labels);
  const what = kind === "graphs" ? "graphs" : "nodes";
  if (found.within === null || found.between === null) return { ...found, words: `There are too few ${what} with a class to compare distances.` };
  const times = found.between / found.within;
  const size = `Two ${what} of one class lie ${steady(found.within, 2)} apart on average, of different classes ${steady(found.between, 2)}`;
  if (found.between < SAME) return { ...found, words: `All ${what} lie at one place: whatever the head does, it answers the same for all of them.` };
  if (!Number.isFinite(times)) return { ...found, words: `${size}.` };
  const meaning = times >= CLEAR ? "the classes lie well apart, and a straight line can part them" : times >= SOME ? "the classes begin to part" : "the classes lie mixed";
  return { ...found, words: `${size}, ${times.toFixed(1)} times as far: ${meaning}.` };
}

function joinedOf({ values, width, count: n }, graph) {
  const isJoined = new Set(graph.edges.flatMap(([a, b]) => [a * n + b, b * n + a]));
  const labels = Array.from({ length: n }, (_, k) => k);
  const sums = { joined: [0, 0], apart: [0, 0] };
  for (const a of labels) {
    for (let b = a + 1; b < n; b += 1) {
      let square = 0;
      for (let f = 0; f < width; f += 1) square += (values[a * width + f] - values[b * width + f]) ** 2;
      const sum = sums[isJoined.has(a * n + b) ? "joined" : "apart"];
      sum[0] += Math.sqrt(square);
      sum[1] += 1;
    }
  }
  return { joined: sums.joined[0] / sums.joined[1], apart: sums.apart[0] / sums.apart[1] };
}

function errorsOf({ targets, predicted, told, moment }) {
  const { target } = moment.scene.numbers;
  const mean = (isTold) => {
    const off = Array.from(targets, (value, k) => (Number.isFinite(value) && told[k] === isTold ? Math.abs(predicted[k] - value) : null)).filter((value) => value !== null);
    return off.reduce((sum, value) => sum + value, 0) / off.length;
  };
  const [within, between] = [mean(true), mean(false)];
  return { within, between, words: `At step ${count(moment.step)} the network misses by ${steady(within, 2)} ${target.toLowerCase()} on average for graphs that it was told, by ${steady(between, 2)} for those kept back.` };
}

/** How the plane came about. */
export function planeWords({ how, share }, width) {
  if (how === "pca") return `The plane holds ${percent(share)} of the variance of all ${count(width)} features (principal components, turned from moment to moment so that they do not flip).`;
  return how === "one" ? "One feature has no second axis: dots of a class share a lane, and up and down within it means nothing." : "";
}

const vector = (values, width, k, most = 4) => {
  const all = Array.from({ length: Math.min(width, most) }, (_, f) => steady(values[k * width + f], 2));
  return `(${all.join(", ")}${width > most ? ", …" : ""})`;
};

/** One point by its numbers: where it is, and what is answered. */
export function pointWords(points, k, classes) {
  if (k === null || k === undefined || k >= points.count) return "";
  const { kind, values, width, names, labels, answered, moment, told } = points;
  const { target } = moment.scene.numbers;
  const name = kind === "nodes" && /^\d+$/.test(names[k]) ? `Node ${names[k]}` : names[k];
  if (kind === "regression") {
    const { targets, predicted } = points;
    return `${name}: the network says ${steady(predicted[k], 2)} ${target.toLowerCase()}${Number.isFinite(targets[k]) ? `, it has ${number(Number(targets[k].toFixed(3)))}` : ""}.`;
  }
  const at = `${name} lies at ${vector(values, width, k)}`;
  if (!answered) return `${at}.`;
  const logits = kind === "nodes" ? points.result.answers : points.answers;
  const p = probabilities(logits, k, classes.length)[answerOf(logits, k, classes.length)];
  const truth = labels[k] < 0 ? "" : answered[k] === labels[k] ? ", which is right" : `, but it is ${classes[labels[k]]}`;
  return `${at}; the network answers ${classes[answered[k]]} (${percent(p)})${truth}${told[k] ? "; it was told" : ""}.`;
}

/** σ(h_a · h_b) of two nodes of a network that finds edges: {words, probability}. */
export function productWords(points, a, b) {
  const { values, width, names, graph } = points;
  if (a === null || b === null || a === b || a >= points.count || b >= points.count) return { probability: null, words: "Pick a node, then point at another: the product of the two is written out here." };
  let sum = 0;
  const parts = [];
  for (let f = 0; f < width; f += 1) {
    const [x, y] = [values[a * width + f], values[b * width + f]];
    sum += x * y;
    if (f < 4) parts.push(`${bracket(x)} × ${bracket(y)}`);
  }
  const probability = 1 / (1 + Math.exp(-sum));
  const e = graph.edges.findIndex(([from, to]) => (from === a && to === b) || (from === b && to === a));
  const truth = e < 0 ? "there is no edge" : graph.held[e] ? "an edge that was kept back" : "there is an edge";
  return { probability, words: `${names[a]}, ${names[b]}: σ(h · h) = σ(${parts.join(" + ")}${width > 4 ? " + …" : ""}) = σ(${steady(sum, 2)}) = ${steady(probability)}; ${truth}.` };
}

const bracket = (x) => (x < 0 ? `(${steady(x, 2)})` : steady(x, 2));
