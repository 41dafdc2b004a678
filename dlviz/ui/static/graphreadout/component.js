// Readout: several graphs as one batch, the rows of their nodes, and how each graph becomes one row by sum, mean or max.

import { h, setText } from "../lib/dom.js";
import { graphsOf, pickOf, shownPlace } from "../lib/graphs.js";
import { mount } from "../lib/mount.js";
import { settingsOf } from "../lib/settings.js";
import { batchOf, readOut } from "./batching.js";
import { buildBlocks } from "./blocks.js";
import { candidatesOf, MOST } from "./candidates.js";
import { buildChosen } from "./chosen.js";
import { buildDoubling } from "./doubling.js";
import { buildEdgeIndex } from "./edgeindex.js";
import { buildReadouts } from "./readouts.js";
import { buildSizes } from "./sizes.js";
import { batchWords, overWords } from "./words.js";

export const styles = ["lib/graphview.css"];

const TO_SET = { dataset: "mutag", task: "graph", features: "own", graph: "" };

export default mount((root, live, ctx) => {
  const stage = { live, ctx };
  const state = { chosen: null, of: null, over: null, cell: { how: "sum", g: 0, k: 0 } };
  let [moment, made, last] = [null, null, null];
  let [told, isSaid] = [null, false]; // the node of the stage that was last said or heard
  const pick = pickOf(live);
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const redraw = () => ctx.redraw();

  const over = (next) => {
    if (next) happened("batch_read");
    if (!next && (!state.over || !isSaid)) return; // what others point at is theirs to end
    state.over = next && { node: null, column: null, edge: null, part: null, ...next };
    told = next ? stageNode(state.over.node) : null;
    isSaid = Boolean(next);
    pick.set({ hovered: told, hoveredEdge: null });
    redraw();
  };
  // The node of the stage's graph that a row is, or null; and the first row of a node of the stage.
  const stageNode = (row) => {
    if (row === null) return null;
    const g = made.batch.batch[row];
    const local = row - made.batch.ptr[g];
    if (made.batch.graphs[g].members) return made.batch.graphs[g].members[local];
    return made.chosen[g] === shownPlace(made.moment.scene) ? local : null;
  };
  const follow = () => {
    if (pick.hovered === told || !made) return;
    [told, isSaid] = [pick.hovered, false];
    const row = told === null ? -1 : Array.from(made.batch.batch.keys()).findIndex((each) => stageNode(each) === told);
    state.over = row < 0 ? null : { node: row, column: null, edge: null, part: null };
    redraw();
  };
  const compare = () => happened("readout_compared");
  const chosen = buildChosen({
    onremove: (g) => choose(state.chosen.filter((_, k) => k !== g)), onadd: addTyped, onanother: addAnother,
    onnode: (g, node) => over(node === null ? null : { node: made.batch.ptr[g] + node }),
    onedge: (g, edge) => {
      if (edge === null && state.over?.node !== null) return; // from an edge to a node: the node has been said
      const at = edge === null ? -1 : made.batch.graphs[g].pair.indexOf(edge);
      over(at < 0 ? null : { edge: made.batch.edgePtr[g] + at });
    },
  });
  const blocks = buildBlocks({
    onover: (at) => {
      if (!at) { over(null); return; }
      const { part, row, column } = at;
      const { sources, targets } = made.batch;
      const edge = part === "a" ? sources.findIndex((a, e) => a === column && targets[e] === row) : -1;
      over({ node: row, column, part, edge: edge < 0 ? null : edge });
    },
  });
  const edges = buildEdgeIndex({ onedge: (edge) => over(edge === null ? null : { edge }) });
  const readouts = buildReadouts({ oncell: (cell) => { state.cell = cell; compare(); redraw(); }, onnode: (node) => over(node === null ? null : { node }) });
  const doubling = buildDoubling({ redraw, happened: compare });
  const sizes = buildSizes({ ctx, onpick: toggle });

  const button = h("button.primary", { type: "button", onclick: () => settingsOf(stage).change(TO_SET) }, "Take the molecules of MUTAG");
  const single = h("div.gr-single", h("p", "The stage has one graph, so the graphs here are neighbourhoods of its nodes, each with the features that its nodes have there. A set of graphs has an answer for each, and a head that is trained to read it."), button);
  const [shapes, pointed, waiting] = [h("p.gr-sentence.value"), h("p.gr-equation.value", { "aria-live": "polite" }), h("p.muted", "The network is on its way …")];
  const part = (title, about, ...children) => h("section.gr-part", { "aria-label": title }, h("h3", title), h("p.muted.gr-about", about), children);
  const body = h("div.gr-body.hidden", single,
    part("The graphs", "Graphs of any size go into one batch. Each has a colour, here and below.", chosen.element),
    part("The batch, as PyTorch Geometric builds it", "All nodes stand one below the other; batch says of which graph each is. The numbers of a graph’s edges are moved by how many nodes stand before it, so the adjacency holds the graphs along its diagonal.",
      h("div.gr-batch", blocks.element, h("div.gr-beside", shapes, pointed, edges.element))),
    part("One row for each graph", "The rows of a graph’s nodes, however many, become one: their sum, their mean, or the largest number of each column. Point at a number to see where it comes from.",
      readouts.element, readouts.equation, readouts.answer),
    part("The same graph twice", "Copies side by side as one graph: every node hears what it heard before.", doubling.element),
    part("Does the readout know how large the graph is?", "Each graph alone, read out by this network.", sizes.element));
  root.append(h("div.graphreadout", h("p.gr-lead", "A network of message passing gives every node a row. To answer for a whole graph, the rows of its nodes are read out into one, in an order-free way: sum, mean or max. What each of them can and cannot see is decided here."), waiting, body));

  const watching = graphsOf(live).watch(ctx, (next) => { moment = next; redraw(); });
  for (const kind of ["scene", "frame"]) live.on(kind, redraw, ctx.signal);
  pick.on(() => { if (ctx.visible) follow(); }, ctx.signal);

  function choose(places) {
    state.chosen = places;
    state.over = null;
    state.cell = { ...state.cell, g: Math.min(state.cell.g, places.length - 1) };
    chosen.say("");
    redraw();
  }

  function add(place) {
    if (state.chosen.length >= MOST) chosen.say(`A batch here has ${MOST} graphs at most: take one out first.`);
    else choose([...state.chosen, place]);
  }

  function toggle(place) {
    if (!state.chosen.includes(place)) add(place);
    else if (state.chosen.length > 1) choose(state.chosen.filter((each) => each !== place));
    else chosen.say("A batch has one graph at least.");
  }

  function addTyped(text) {
    const candidates = candidatesOf(moment.scene);
    const place = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
    const what = candidates.isSet ? "graph" : "node";
    if (!(place < candidates.count)) chosen.say(`Give the number of a ${what} from 0 to ${candidates.count - 1}, such as ${Math.min(7, candidates.count - 1)}.`);
    else if (!candidates.fits(place)) chosen.say("That graph is too large, or too empty, to be shown here.");
    else {
      add(place);
      if (state.chosen.at(-1) === place) chosen.clear();
    }
  }

  // The graph whose size is furthest from all that are in: more of the range is seen.
  function addAnother() {
    const { count, sizes: all, fits } = candidatesOf(moment.scene);
    let [best, far] = [null, -1];
    for (let place = 0; place < count; place += 1) {
      if (!fits(place) || state.chosen.includes(place)) continue;
      const apart = Math.min(...state.chosen.map((each) => Math.abs(all[each] - all[place])));
      if (apart > far) [best, far] = [place, apart];
    }
    if (best === null) chosen.say("All there are stand in the batch.");
    else add(best);
  }

  // Another graph or set: begin with its own choice; an edit keeps what still is there.
  function settle(scene) {
    const candidates = candidatesOf(scene);
    const { dataset, task, seed } = scene.numbers.spec;
    const of = [dataset, candidates.isSet, dataset === "own" || task ? seed : "", candidates.count].join();
    if (state.of !== of || !state.chosen.every((place) => candidates.fits(place))) {
      Object.assign(state, { of, chosen: candidates.first, over: null, cell: { how: scene.numbers.spec.readout, g: 0, k: 0 } });
      chosen.say("");
    }
    return candidates;
  }

  function compute(candidates) {
    const { network, scene } = moment;
    if (made?.moment === moment && made.chosen === state.chosen) return;
    const isSame = made?.moment.scene === scene && made.chosen === state.chosen;
    const batch = isSame ? made.batch : batchOf(state.chosen.map((place) => candidates.at(place)));
    made = { moment, chosen: state.chosen, batch, found: readOut(network, batch) };
  }

  function draw() {
    watching.nudge();
    const { scene } = live;
    const isHere = Boolean(scene && moment && moment.scene === scene && candidatesOf(scene).count);
    waiting.classList.toggle("hidden", isHere);
    body.classList.toggle("hidden", !isHere);
    if (!isHere) return;
    const candidates = settle(scene);
    compute(candidates);
    const { batch, found } = made;
    const { network } = moment;
    const { colors } = ctx;
    if (state.over && (state.over.node >= batch.count || state.over.edge >= batch.sources.length)) state.over = null;
    state.cell.k = Math.min(state.cell.k, found.width - 1);
    single.classList.toggle("hidden", candidates.isSet);
    const words = overWords(state.over, batch);
    const all = { scene, network, candidates, chosen: state.chosen, batch, found, over: state.over, cell: state.cell, colors, words, playing: live.state?.playing };
    chosen.show(all);
    blocks.show(all);
    blocks.draw(colors);
    setText(pointed, words);
    setText(shapes, batchWords(batch));
    edges.show(all);
    readouts.show(all);
    doubling.show(all);
    sizes.draw(all);
    last = { ...all, step: moment.step, isSet: candidates.isSet };
  }

  ctx.host.dlviz = {
    graphreadout: () => last && {
      step: last.step, isSet: last.isSet, chosen: [...last.chosen], x: [...last.batch.x], inputs: last.batch.inputs, batch: [...last.batch.batch], ptr: [...last.batch.ptr],
      edgeIndex: [[...last.batch.sources], [...last.batch.targets]], columns: edges.read().columns, width: last.found.width, embedding: [...last.found.embedding],
      sum: [...last.found.sum], mean: [...last.found.mean], max: [...last.found.max],
      answers: last.found.answers && Object.fromEntries(Object.entries(last.found.answers).map(([how, values]) => [how, [...values]])),
      notes: readouts.read().notes, over: last.over, cell: { ...last.cell }, words: last.words, shapes: shapes.textContent, equation: readouts.equation.textContent,
      doubled: doubling.read(), views: chosen.read(), sizes: sizesNow(),
    },
    graphreadoutBlock: (row, column) => blocks.middle(row, column),
    graphreadoutCell: (how, row, column) => readouts.middle(how, row, column),
    graphreadoutSpot: (how, place) => sizes.spot(how, place),
  };
  function sizesNow() {
    const read = sizes.read();
    if (!read || read.network !== last.network) return null; // still counting for this moment
    const { network, ...plain } = read;
    return plain;
  }
  return { draw, update: redraw };
});
