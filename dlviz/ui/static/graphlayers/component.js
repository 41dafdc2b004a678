// Layers: six layers at one node of the same graph with the same W; what each sees; the trouble with scale.

import { h, number, setText } from "../lib/dom.js";
import { graphOf, pickOf } from "../lib/graphs.js";
import { classFill, GraphView } from "../lib/graphview.js";
import { saidName } from "../lib/graphsaying.js";
import { mount } from "../lib/mount.js";
import { buildCard } from "./card.js";
import { compare, perturb, transformed } from "./comparing.js";
import { buildControls } from "./controls.js";
import { NAMES } from "./formulas.js";
import { buildScale } from "./scale.js";
import { buildSees } from "./sees.js";
import { vectorStrip } from "./strip.js";
import { KINDS, optionsOf, weightsFor, whyNot } from "./weighing.js";

export const styles = ["lib/graphview.css", "lib/curve.css"];

const REST = 8; // times as long as the table took, it is left as it is while the network trains

export default mount((root, live, ctx) => {
  const state = { seed: 1, heads: 2, trained: false };
  const pick = pickOf(live);
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const again = () => ctx.redraw();
  let [answer, asked, problem] = [null, "", ""];

  const controls = buildControls({ state, onchange: () => { happened("layers_compared"); again(); } });
  const choose = (node) => { happened("layers_compared"); pick.set({ node }); };
  const view = new GraphView({ label: "The graph. The picked node is the one that listens", onhover: (hovered) => pick.set({ hovered }), onpick: (node) => { if (node !== null) choose(node); }, onedge: (hoveredEdge) => pick.set({ hoveredEdge }) });
  const cards = Object.fromEntries(KINDS.map((kind) => [kind, buildCard(kind, { onhover: (hovered) => pick.set({ hovered }), onpick: choose, redraw: again })]));
  const [who, words, refused, waiting] = [h("h3"), h("p.sentence.value", { "aria-live": "polite" }), h("p.problem.small", { role: "alert" }), h("p.muted", "Drawing the weights …")];
  const strips = { self: vectorStrip("W times the node's features"), other: vectorStrip("W times the neighbour's features") };
  const names = { self: h("span.small"), other: h("span.small") };
  const shapes = h("p.label");
  const [low, high] = [h("span.value"), h("span.value")];
  const key = h("div.row.label.gy-key", low, h("i.gy-ramp"), high);
  const sees = buildSees();
  const scale = buildScale({ ctx, pick, happened });
  const body = h("div.gy-body", h("div.gy-top-row",
    h("div.stack.gy-graph", view.element, h("p.label", "Click a node to let it listen; point at a neighbour to see what it counts for.")),
    h("div.stack.gy-side", who, words, controls.element, refused,
      h("div.gy-wx", h("div.row", strips.self.element, names.self), h("div.row", strips.other.element, names.other)), shapes, key)),
    h("div.gy-cards", KINDS.map((kind) => cards[kind].element)), sees.element);
  const empty = h("p.muted.hidden", "The graph has no node. Add one above, and six layers will say what they make of it.");
  root.append(h("div.graphlayers",
    h("p.gy-lead", "Six layers, one graph, one node, one W: all that differs is how the neighbours are put together. Each card has its formula, the same with this node's numbers, and what comes out, computed in this page with the same weights."),
    waiting, empty, body, scale.element));
  for (const kind of ["scene", "frame"]) live.on(kind, again, ctx.signal);
  pick.on(again, ctx.signal);

  async function ask(numbers, inputs) {
    const options = optionsOf(numbers, state);
    const wanted = JSON.stringify([options, inputs]);
    if (asked === wanted) return;
    asked = wanted;
    const reply = await live.ask({ do: "probe", panel: "layers", options }, { quiet: true });
    if (ctx.signal.aborted || asked !== wanted) return;
    [answer, problem] = reply.kind === "reply" ? [reply, ""] : [answer, reply.numbers.text];
    again();
  }

  function drawGraph(graph, node, colors, focus) {
    const around = new Set([node]);
    graph.targets.forEach((to, e) => { if (to === node) around.add(graph.sources[e]); });
    view.show({
      directed: graph.directed, picked: node, hovered: pick.hovered, hoveredEdge: pick.hoveredEdge,
      nodes: Array.from({ length: graph.count }, (_, k) => ({ x: graph.places[2 * k], y: graph.places[2 * k + 1], name: graph.names[k], fill: classFill(colors, graph.labels[k]), dim: !around.has(k), radius: graph.count > 80 ? 5 : 8, ring: k === focus ? colors.accent : null })),
      edges: graph.edges.map(([a, b], e) => ({ a, b, weight: graph.edgeWeights[e], dim: !((b === node && around.has(a)) || (!graph.directed && a === node)), dashed: Boolean(graph.held[e]) })),
    });
    view.draw(colors);
  }

  let [shown, tried, next] = [null, null, 0];
  function drawNode(scene, graph, weights) {
    const node = Math.min(pick.node ?? 0, graph.count - 1);
    const colors = ctx.colors;
    // Nothing is computed anew for a pointer that moves.
    if (!shown || shown.graph !== graph || shown.node !== node || shown.answer !== answer || shown.state !== JSON.stringify(state) || (state.trained && shown.frame !== live.frame)) {
      shown = { graph, node, answer, frame: live.frame, state: JSON.stringify(state), weights, found: compare(graph, weights, node) };
    }
    const { found } = shown;
    const neighbours = found.sage.heard.map((one) => one.node).filter((one) => one !== node);
    const focus = neighbours.includes(pick.hovered) || pick.hovered === node ? pick.hovered : neighbours[0] ?? node;
    const nameOf = (k) => saidName(graph, k);
    drawGraph(graph, node, colors, focus);
    const own = transformed(weights, graph.x, node);
    const other = transformed(weights, graph.x, focus === node ? neighbours[0] ?? node : focus);
    const most = Math.max(1e-9, ...own.map(Math.abs), ...other.map(Math.abs), ...KINDS.filter((kind) => kind !== "naive" && kind !== "loops" && kind !== "gin").flatMap((kind) => found[kind].output.map(Math.abs)));
    strips.self.set(own, most, colors);
    strips.other.set(other, most, colors);
    setText(names.self, `W x of ${nameOf(node)}`);
    setText(names.other, neighbours.length ? `W x of ${nameOf(focus === node ? neighbours[0] : focus)}` : "no neighbour");
    setText(shapes, `x: ${weights.inputs} numbers, W: ${weights.outputs} × ${weights.inputs}, the same in all six${state.trained ? `, of the first layer above (${NAMES[weights.first.kind]}) at step ${live.frame.step}` : `, drawn from seed ${state.seed}`}.`);
    setText(low, `−${number(most)}`);
    setText(high, number(most));
    const around = { weights, nameOf, names: graph.names, node, focus, colors, scale: most };
    for (const kind of KINDS) cards[kind].draw(found[kind], around);
    setText(who, `${nameOf(node)} hears ${neighbours.length === 1 ? "one neighbour" : `${neighbours.length} neighbours`}`);
    const order = KINDS.slice().sort((a, b) => found[b].norm - found[a].norm);
    const [first, last] = [order[0], order.at(-1)];
    setText(words, neighbours.length
      ? `The same W and the same neighbours: the longest output is that of ${NAMES[first]} with ${number(found[first].norm)}, the shortest that of ${NAMES[last]} with ${number(found[last].norm)}. ${NAMES.naive} counts every neighbour in full, GCN by ${number(found.gcn.heard.filter(({ isOwn }) => !isOwn).reduce((sum, { coefficient }) => sum + coefficient[0], 0))} in all.`
      : `No message arrives. A X W leaves ${found.naive.norm === 0 ? "nothing at all" : `a length of ${number(found.naive.norm)}`}, and with self-loops the node has only itself to hear.`);
    const now = performance.now();
    if (tried?.of !== shown && (!live.state?.playing || now > next || tried?.of.node !== node || tried?.of.graph !== graph)) {
      tried = { of: shown, found: perturb(graph, weights, node, found) };
      next = performance.now() + REST * (performance.now() - now);
    }
    sees.draw(tried.found, tried.of.found, nameOf, node);
    return { node, focus, most, own, other };
  }

  let [last, took] = [null, 0];
  function draw() {
    const { scene } = live;
    if (!scene || !live.frame) return;
    const began = performance.now();
    const graph = graphOf(scene);
    const reason = whyNot(scene.numbers);
    if (reason) state.trained = false;
    controls.draw(scene.numbers, reason);
    empty.classList.toggle("hidden", graph.count > 0);
    if (!graph.count) {
      for (const part of [body, scale.element, waiting]) part.classList.add("hidden");
      return;
    }
    scale.element.classList.remove("hidden");
    ask(scene.numbers, graph.inputs || graph.count);
    // The width of one-hot features is the number of nodes.
    const inputs = scene.numbers.rows[0].inputs;
    const weights = live.frame.version === scene.version ? weightsFor(scene, live.frame, answer, state, inputs) : null;
    setText(refused, problem);
    if (weights) {
      const drawn = drawNode(scene, graph, weights);
      last = { ...drawn, scene, weights, step: live.frame.step };
    }
    body.classList.toggle("hidden", !last);
    waiting.classList.toggle("hidden", Boolean(last));
    scale.draw(graph, ctx.colors);
    root.style.setProperty("--gy-low", `rgb(${ctx.colors.diverging(-1).join(" ")})`);
    root.style.setProperty("--gy-high", `rgb(${ctx.colors.diverging(1).join(" ")})`);
    took = performance.now() - began;
  }

  ctx.host.dlviz = {
    graphlayers: () => last && {
      spec: last.scene.numbers.spec, step: last.step, node: last.node, focus: last.focus, inputs: last.weights.inputs, outputs: last.weights.outputs, heads: last.weights.heads, state: { ...state },
      own: last.own, other: last.other, words: words.textContent, cards: Object.fromEntries(KINDS.map((kind) => [kind, cards[kind].read()])), sees: sees.read(), sees_words: sees.said(), scale: scale.read(), took, problem: refused.textContent,
    },
    pick: (changes) => pick.set(changes), advance: (steps) => live.advance(steps), change: (changes) => live.set(changes),
    happened: (word) => Boolean(live.shared.get(`happened.${word}`)),
  };
  return { draw, update: again };
});
