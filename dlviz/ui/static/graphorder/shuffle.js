// The nodes numbered anew: the matrix becomes another, the drawing stays, and so does what the network says of each node.

import { count as counted, h, number, parseNumber, setText, steady } from "../lib/dom.js";
import { resultOf } from "../lib/graphs.js";
import { aggregated } from "../lib/gnn.js";
import { classFill, GraphView } from "../lib/graphview.js";
import { changed } from "../lib/memo.js";
import { matrixView } from "./matrixview.js";
import { apart, inOrder, linedUp, moved, placesOf, renumbered, shuffled, swapped } from "./numbering.js";
import { saidName } from "../lib/graphsaying.js";
import { outputBands } from "./strips.js";

const LABELLED = 60; // nodes above which only the pointed and the picked carry their number
const READOUTS = ["sum", "mean", "max"];
const MOST_SEED = 9999;

/** `{element, draw(moment, graph, colors), read(), order}`; `onchange()` after every new numbering. */
export function buildShuffle({ live, ctx, pick, happened, onchange }) {
  let [torch, asking] = [null, false];
  let [order, seed, first, swapping, problem] = [inOrder(0), 1, null, false, ""];
  const hover = (node) => pick.set({ hovered: node, hoveredEdge: null });
  let graphNow = null;
  const hoverCell = (node, other) => pick.set({ hovered: node, hoveredEdge: edgeBetween(graphNow, node, other) });
  const take = (next) => {
    order = next;
    first = null;
    happened("numbering_shuffled");
    onchange();
  };
  const view = new GraphView({ label: "The graph, with the number of every node", onhover: hover, onedge: (hoveredEdge) => pick.set({ hoveredEdge }), onpick: choose });
  const before = matrixView({ label: "The adjacency as numbered above", onhover: hoverCell, onpick: (node) => pick.set({ node }) });
  const after = matrixView({ label: "The adjacency numbered anew", onhover: hoverCell, onpick: (node) => pick.set({ node }), onmove: (from, to) => take(moved(order, from, to)) });
  const bands = outputBands({ onhover: hover, onpick: (node) => pick.set({ node }) });
  const shuffle = h("button.primary", { type: "button", onclick: () => { seed = (seed + 1) % (MOST_SEED + 1); typed.value = seed; typed.removeAttribute("aria-invalid"); problem = ""; take(shuffled(order.length, seed)); } }, "Shuffle the numbers");
  const typed = h("input.value", { type: "text", inputmode: "numeric", size: 5, value: seed, "aria-label": "Seed of the numbering", onchange: type });
  const swap = h("button", { type: "button", onclick: () => { swapping = !swapping; first = null; onchange(); } }, "Swap two");
  const back = h("button", { type: "button", onclick: () => take(inOrder(order.length)) }, "As above");
  const [wrong, hint] = [h("p.problem.small", { role: "alert" }), h("p.label", { "aria-live": "polite" })];
  const rounding = h("p.small.muted.value.go-rounding");
  const [words, node, sizes] = [h("p.sentence.value", { "aria-live": "polite" }), h("p.small.value.go-node"), h("p.label")];
  const rows = Object.fromEntries(READOUTS.map((how) => [how, { was: h("td.value"), is: h("td.value"), off: h("td.value") }]));
  const graphRow = { was: h("td.value"), is: h("td.value"), off: h("td.value") };
  const graphLine = h("tr", h("th", { scope: "row" }, "the answer"), Object.values(graphRow));
  const table = h("table.go-readouts", h("thead", h("tr", ["Readout", "as above", "numbered anew", "largest difference"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", READOUTS.map((how) => h("tr", h("th", { scope: "row" }, how), Object.values(rows[how]))), graphLine));
  const element = h("section.go-first", { "aria-label": "Numbered anew" },
    h("div.row.go-buttons", shuffle, h("label.row", h("span.label", "Seed"), typed), swap, back), wrong, hint, words,
    h("div.go-three",
      h("figure.stack", h("h4", "The same drawing"), view.element, h("p.label", "In a node its number now; beside it its name.")),
      h("figure.stack", h("h4", "A, as numbered above"), before.element, sizes),
      h("figure.stack", h("h4", "P A Pᵀ, numbered anew"), after.element, h("p.label", "Drag a row to another place: its column goes with it."))),
    h("div.go-two", h("figure.stack", h("h4", "What the network says of each node"), bands.element, node), h("figure.stack", h("h4", "And of the whole graph"), h("div.go-scroll", table), rounding)));
  const isNew = changed();
  let read = null;

  function type() {
    const value = parseNumber(typed.value);
    const isRight = Number.isInteger(value) && value >= 0 && value <= MOST_SEED;
    problem = isRight ? "" : `Give a whole number from 0 to ${counted(MOST_SEED)} as the seed.`;
    typed.toggleAttribute("aria-invalid", !isRight);
    if (!isRight) typed.setAttribute("aria-invalid", "true");
    if (isRight) {
      seed = value;
      take(shuffled(order.length, seed));
    } else onchange();
  }

  function choose(chosen) {
    if (chosen === null) return;
    pick.set({ node: chosen });
    if (!swapping) return;
    if (first === null || first === chosen) {
      first = first === chosen ? null : chosen;
      onchange();
    } else take(swapped(order, first, chosen));
  }

  // What torch makes of the same numbering: asked while nothing is trained, for every numbering and step once.
  function ask(moment, graph, anew) {
    if (!anew || live.state?.playing || asking) return;
    if (torch?.order === order && torch.step === moment.step && torch.version === moment.scene.version) return;
    const asked = { order, step: moment.step, version: moment.scene.version };
    asking = true;
    live.ask({ do: "probe", panel: "order", options: { numbering: [...order] } }, { quiet: true }).then((reply) => {
      asking = false;
      if (ctx.signal.aborted) return;
      torch = { ...asked, off: reply.kind === "reply" ? reply.arrays.off.data[0] : null };
      onchange();
    });
  }

  function drawGraph(graph, place, colors) {
    const isLabelled = (k) => graph.count <= LABELLED || k === pick.hovered || k === pick.node || k === first;
    view.show({
      directed: graph.directed, picked: first ?? pick.node, hovered: pick.hovered, hoveredEdge: pick.hoveredEdge,
      nodes: Array.from({ length: graph.count }, (_, k) => ({ x: graph.places[2 * k], y: graph.places[2 * k + 1], fill: classFill(colors, graph.labels[k]), radius: isLabelled(k) ? 9.5 : 5, name: graph.count <= 120 ? graph.names[k] : null, label: isLabelled(k) ? String(place[k]) : null })),
      edges: graph.edges.map(([a, b], e) => ({ a, b, weight: graph.edgeWeights[e], dashed: Boolean(graph.held[e]) })),
    });
    view.draw(colors);
  }

  const cellsOf = (graph) => {
    const most = Math.max(1e-9, ...graph.weight);
    return Array.from(graph.sources, (from, e) => [graph.targets[e], from, 0.35 + (0.65 * graph.weight[e]) / most]);
  };

  let [kept, cells] = [null, null];
  function compute(moment, graph) {
    const { network } = moment;
    const was = resultOf(moment, graph);
    const is = network.run(renumbered(graph, order, graph.inputs || network.rows[0].inputs));
    const isNode = network.spec.task === "node";
    const width = isNode ? network.outputs : was.width;
    const values = { was: isNode ? was.answers : was.embedding, is: isNode ? is.answers : is.embedding };
    const lined = linedUp(values.is, order, width);
    const whole = (embedding) => Object.fromEntries(READOUTS.map((how) => [how, aggregated(how, embedding, new Int32Array(graph.count), 1, was.width)]));
    const [wholeWas, wholeIs] = [whole(was.embedding), whole(is.embedding)];
    return {
      width, values, lined, isNode, off: apart(values.was, lined), most: values.was.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      readouts: Object.fromEntries(READOUTS.map((how) => [how, { was: wholeWas[how], is: wholeIs[how], off: apart(wholeWas[how], wholeIs[how]) }])),
      answer: was.readout ? { was: was.answers, is: is.answers, off: apart(was.answers, is.answers) } : null,
    };
  }

  const vector = (values) => `[${Array.from(values.slice(0, 4), (value) => steady(value)).join(", ")}${values.length > 4 ? ", …" : ""}]`;
  const put = (row, { was, is, off }) => {
    setText(row.was, vector(was));
    setText(row.is, vector(is));
    setText(row.off, off === 0 ? "0" : number(off, 2));
  };

  return {
    element,
    get order() { return order; },
    draw(moment, graph, colors) {
      if (order.length !== graph.count) [order, first] = [inOrder(graph.count), null];
      graphNow = graph;
      const place = placesOf(order);
      swap.setAttribute("aria-pressed", swapping);
      setText(wrong, problem);
      setText(hint, swapping ? (first === null ? "Click the first of the two nodes in the drawing." : `Now click the node that changes numbers with ${saidName(graph, first)}.`) : "");
      const isMoved = isNew(graph, order, first, pick.node, pick.hovered, pick.hoveredEdge, colors, element.clientWidth);
      if (isMoved) drawGraph(graph, place, colors); // a frame of the training moves no node
      if (cells?.of !== graph) cells = { of: graph, all: cellsOf(graph) };
      const edge = pick.hoveredEdge === null ? null : graph.edges[pick.hoveredEdge] ?? null;
      const common = { cells: cells.all, hovered: pick.hovered, edge, picked: pick.node };
      if (isMoved) {
        before.draw({ ...common, order: inOrder(graph.count) }, colors);
        after.draw({ ...common, order }, colors);
      }
      setText(sizes, `${graph.count} × ${graph.count}, ${counted(graph.sources.length)} of them not 0`);
      if (kept?.moment !== moment || kept.order !== order || kept.graph !== graph) kept = { moment, order, graph, found: compute(moment, graph) };
      const { found } = kept;
      const line = inOrder(graph.count);
      bands.draw({ count: graph.count, width: found.width, most: found.most, hovered: pick.hovered, picked: pick.node, bands: [
        { words: "as numbered above", values: found.values.was, order: line },
        { words: "numbered anew: a column is a number", values: found.values.is, order },
        { words: "the same, lined up by name", values: found.lined, order: line },
      ] }, colors);
      for (const how of READOUTS) put(rows[how], found.readouts[how]);
      graphLine.classList.toggle("hidden", !found.answer);
      if (found.answer) put(graphRow, found.answer);
      const at = pick.hovered ?? pick.node;
      const row = (values) => vector(values.subarray(at * found.width, (at + 1) * found.width));
      setText(node, at === null || at >= graph.count ? "" : `${saidName(graph, at)}: ${row(found.values.was)} as number ${at}, ${row(found.lined)} as number ${place[at]}.`);
      const movedCells = cells.all.filter(([a, b]) => !isCell(cells.all, place[a], place[b], cells)).length;
      const anew = Array.from(order).filter((n, k) => n !== k).length;
      setText(words, anew === 0
        ? `The numbers are those of the graph above. Shuffle them: the matrix becomes another, and the ${found.isNode ? "answers" : "embeddings"} of the network, ${graph.count} × ${found.width} numbers, should not.`
        : `${anew} of ${graph.count} nodes have another number, and ${counted(movedCells)} of the matrix's ${counted(cells.all.length)} cells are no longer where they were. Lined up by name, the ${found.isNode ? "answers" : "embeddings"} ${found.off === 0 ? "are the same to the last digit" : `differ by ${number(found.off, 2)} at most, where the largest is ${number(found.most)}`}.`);
      ask(moment, graph, anew);
      const isFresh = torch?.order === order && torch.version === moment.scene.version;
      setText(rounding, anew && isFresh && torch.off !== null ? `This page adds up in double precision. torch in float32, which keeps seven digits, numbered the graph anew too, at step ${torch.step}: its ${found.isNode ? "answers" : "embeddings"} ${torch.off === 0 ? "are the same here, though sums in another order may end in another last digit" : `differ by ${number(torch.off, 2)} at most, since sums in another order end in another last digit`}.` : "");
      read = { torch: isFresh ? torch : null, order: [...order], off: found.off, most: found.most, width: found.width, was: [...found.values.was], is: [...found.values.is], lined: [...found.lined], readouts: Object.fromEntries(READOUTS.map((how) => [how, { was: [...found.readouts[how].was], is: [...found.readouts[how].is], off: found.readouts[how].off }])), answer: found.answer && { was: [...found.answer.was], is: [...found.answer.is], off: found.answer.off }, words: words.textContent, hint: hint.textContent, before: before.read(), after: after.read(), labels: view.read().nodes.length && Array.from(place), movedCells, problem: wrong.textContent };
    },
    read: () => read,
    rowOnPage: after.rowOnPage,
  };
}

// Whether the matrix as numbered above has something at row a, column b.
function isCell(all, a, b, cells) {
  cells.known ??= new Set(all.map(([row, column]) => `${row},${column}`));
  return cells.known.has(`${a},${b}`);
}

/** The edge of the drawing between two nodes, or null. */
function edgeBetween(graph, a, b) {
  if (!graph || a === null || b === null) return null;
  const found = graph.edges.findIndex(([one, other]) => (one === b && other === a) || (!graph.directed && one === a && other === b));
  return found < 0 ? null : found;
}
