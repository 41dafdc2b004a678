// What was answered when the run was last measured: how many right, what guessing gives, what is wrong, who is taken for whom.

import { answerOf, graphCount, probabilities } from "../lib/graphs.js";

const MOST = 40; // rows of the table

/**
 * {what, of, right, chance, chanceName, wrong: [{key, name, truth, answered, probability, node | edge | graph}], matrix, classes}:
 * of what is kept back; null where the answers are not of this scene. Regression has `right` null, `wrong` the largest errors.
 */
export function factsOf(scene, frame, graph) {
  const answers = frame.arrays.answers;
  if (!answers) return null;
  const { task } = scene.numbers.spec;
  const rows = task === "node" || task === "link" ? graph.count : graphCount(scene) - (scene.numbers.own ? 1 : 0);
  if (answers.shape[0] !== rows) return null;
  return { node: nodes, link: links, graph: graphs, regression: targets }[task](scene, answers, graph);
}

function classified(places, truths, answers, classes, describe) {
  const outputs = answers.shape[1];
  const matrix = classes.map(() => classes.map(() => 0));
  const wrong = [];
  for (const k of places) {
    const answered = answerOf(answers.data, k, outputs);
    matrix[truths[k]][answered] += 1;
    if (answered !== truths[k]) wrong.push({ ...describe(k), truth: classes[truths[k]], answered: classes[answered], probability: probabilities(answers.data, k, outputs)[answered] });
  }
  const sizes = matrix.map((row) => row.reduce((sum, n) => sum + n, 0));
  const most = sizes.indexOf(Math.max(...sizes));
  return {
    of: places.length, right: places.length - wrong.length, chance: places.length ? sizes[most] / places.length : null, chanceName: classes[most], chanceCount: sizes[most],
    wrongCount: wrong.length, wrong: wrong.sort((a, b) => b.probability - a.probability).slice(0, MOST), matrix, classes,
  };
}

function nodes(scene, answers, graph) {
  const places = Array.from(graph.labels.keys()).filter((k) => graph.labels[k] >= 0 && !graph.given[k]);
  return { what: "node", ...classified(places, graph.labels, answers, scene.numbers.classes, (k) => ({ key: `node ${k}`, name: named(graph.names[k]), node: k })) };
}

function graphs(scene, answers) {
  const split = scene.arrays.split.data;
  const places = Array.from({ length: answers.shape[0] }, (_, g) => g).filter((g) => split[g] === 1);
  return { what: "graph", ...classified(places, scene.arrays.graph_label.data, answers, scene.numbers.classes, (g) => ({ key: `graph ${g}`, name: `Graph ${g}`, graph: g })) };
}

/** A name that is only a number says what it is of. */
const named = (name) => (/^\d+$/.test(name) ? `Node ${name}` : name);

const PAIRS = ["No edge", "Edge"];

function links(scene, answers, graph) {
  const width = answers.shape[1];
  const matrix = [[0, 0], [0, 0]];
  const wrong = [];
  const look = (a, b, truth, edge) => {
    let sum = 0;
    for (let f = 0; f < width; f += 1) sum += answers.data[a * width + f] * answers.data[b * width + f];
    const answered = Number(sum > 0);
    matrix[truth][answered] += 1;
    const p = 1 / (1 + Math.exp(-sum));
    if (answered !== truth) wrong.push({ key: `pair ${a} ${b}`, name: `${graph.names[a]} – ${graph.names[b]}`, truth: PAIRS[truth], answered: PAIRS[answered], probability: answered ? p : 1 - p, node: a, edge });
  };
  graph.edges.forEach(([a, b], e) => { if (graph.held[e]) look(a, b, 1, e); });
  const { data, shape } = scene.arrays.held_negative;
  for (let k = 0; k < shape[0]; k += 1) look(data[2 * k], data[2 * k + 1], 0, null);
  const of = matrix.flat().reduce((sum, n) => sum + n, 0);
  const most = Math.max(...matrix.map(([a, b]) => a + b));
  return {
    what: "pair", of, right: of - wrong.length, chance: of ? most / of : null, chanceName: "the more frequent of the two", chanceCount: most,
    wrongCount: wrong.length, wrong: wrong.sort((a, b) => b.probability - a.probability).slice(0, MOST), matrix, classes: PAIRS,
  };
}

function targets(scene, answers) {
  const { mean, spread } = scene.numbers;
  const [split, truths] = [scene.arrays.split.data, scene.arrays.graph_target.data];
  const held = Array.from({ length: answers.shape[0] }, (_, g) => g).filter((g) => split[g] === 1);
  const off = held.map((g) => ({ g, said: answers.data[g] * spread + mean, truth: truths[g] }));
  const size = ({ said, truth }) => Math.abs(said - truth);
  return {
    what: "graph", of: held.length, right: null, classes: [], matrix: null, wrongCount: held.length, chanceName: "the mean of those told",
    chance: held.length ? held.reduce((sum, g) => sum + Math.abs(truths[g] - mean), 0) / held.length : null,
    wrong: off.sort((a, b) => size(b) - size(a)).slice(0, 8).map(({ g, said, truth }) => ({ key: `graph ${g}`, name: `Graph ${g}`, truth, answered: said, probability: Math.abs(said - truth), graph: g })),
  };
}
