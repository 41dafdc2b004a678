// A Transformer without positions is message passing on the complete graph: the same node, all others as its neighbours.

import { h, number, setText, steady } from "../lib/dom.js";
import { classFill, GraphView } from "../lib/graphview.js";
import { saidName } from "../lib/graphsaying.js";
import { changed } from "../lib/memo.js";
import { attend, weightsOf, WIDTH } from "./attention.js";
import { matrixView } from "./matrixview.js";
import { apart, inOrder, linedUp, placesOf, renumbered } from "./numbering.js";

const ALL_PAIRS = 40; // nodes up to which every pair is drawn; above, the picked node's only
const CASES = [[false, false], [true, false], [false, true], [true, true]];

/** `{element, draw(scene, graph, order, colors), read()}`. */
export function buildTransformer({ live, ctx, pick, onchange }) {
  const state = { linked: false, placed: false, seed: 1 };
  let [answer, asked, problem, kept] = [null, "", "", null];
  const set = (changes) => { Object.assign(state, changes); onchange(); };
  const chip = (text, changes) => h("button.chip", { type: "button", onclick: () => set(changes) }, text);
  const choices = {
    all: chip("Every pair", { linked: false }), linked: chip("Only along edges", { linked: true }),
    plain: chip("No positions", { placed: false }), placed: chip("Positions by number", { placed: true }),
  };
  const another = h("button", { type: "button", onclick: () => set({ seed: (state.seed + 1) % 10000 }) }, "Other weights");
  const hover = (node) => pick.set({ hovered: node, hoveredEdge: null });
  const view = new GraphView({ label: "The graph of who hears whom; lines as wide as the attention of the picked node", onhover: hover, onpick: (node) => { if (node !== null) pick.set({ node }); } });
  const matrix = matrixView({ label: "Attention: a row is a node that hears", onhover: (row, column) => hover(column ?? row), onpick: (node) => pick.set({ node }) });
  const [words, equation, same, drawn, refused] = [h("p.sentence.value", { "aria-live": "polite" }), h("p.small.value.go-equation"), h("p.small.value"), h("p.label"), h("p.problem.small", { role: "alert" })];
  const cells = CASES.map(() => h("td.value"));
  const table = h("table.go-readouts", h("thead", h("tr", h("th", "Largest difference, as numbered above against numbered anew"), h("th", { scope: "col" }, "no positions"), h("th", { scope: "col" }, "positions by number"))),
    h("tbody", h("tr", h("th", { scope: "row" }, "every pair: a Transformer's layer"), cells[0], cells[2]), h("tr", h("th", { scope: "row" }, "only along edges: an attention GNN"), cells[1], cells[3])));
  const element = h("section.go-part", { "aria-label": "A Transformer as message passing" }, h("h3", "A Transformer is message passing on the complete graph"),
    h("p.small.muted.go-lead", "One head of self-attention, softmax(Q Kᵀ ÷ √8) V, over the nodes as tokens. Every node sends its v to every other, weighed by the attention of the one that hears: messages, added up. Leave out the pairs that no edge joins, and it is a graph network; add positions, and the numbers of the nodes matter."),
    h("div.row.go-choices", h("div.row", { role: "group", "aria-label": "Who hears whom" }, choices.all, choices.linked), h("div.row", { role: "group", "aria-label": "Positions" }, choices.plain, choices.placed), another), refused, words,
    h("div.go-two.go-attend", h("figure.stack", h("h4", "As a graph"), view.element, drawn), h("figure.stack", h("h4", "As a matrix"), matrix.element, h("div.row.label", "0", h("i.go-ramp"), h("span.value.go-most")))),
    equation, same, h("div.go-scroll", table));
  const mostWords = element.querySelector(".go-most");
  const isNew = changed();
  let read = null;

  async function ask(version, inputs) {
    const wanted = `${version} ${inputs} ${state.seed}`;
    if (asked === wanted) return;
    asked = wanted;
    const reply = await live.ask({ do: "probe", panel: "order", options: { seed: state.seed } }, { quiet: true });
    if (ctx.signal.aborted || asked !== wanted) return;
    [answer, problem] = reply.kind === "reply" ? [reply, ""] : [answer, reply.numbers.text];
    onchange();
  }

  function compute(graph, order, inputs, weights) {
    const line = inOrder(graph.count);
    const found = CASES.map(([linked, placed]) => {
      const of = (numbering) => attend(renumbered(graph, numbering, inputs), inputs, weights, { linked, placed });
      const [was, is] = [of(line), of(order)];
      return { linked, placed, is, was, off: apart(was.output, linedUp(is.output, order, WIDTH)) };
    });
    return { graph, order, answer, found };
  }

  function drawGraph(graph, place, one, node, colors) {
    const { count } = graph;
    const share = (i, j) => one.is.attention[place[i] * count + place[j]];
    const most = Math.max(1e-9, ...Array.from({ length: count }, (_, j) => share(node, j)));
    const edges = [];
    for (let a = 0; a < count; a += 1) {
      for (let b = a + 1; b < count; b += 1) {
        const isMine = a === node || b === node;
        if (!isMine && count > ALL_PAIRS && !one.linked) continue;
        const value = isMine ? share(node, a === node ? b : a) : Math.max(share(a, b), share(b, a));
        if (value === 0) continue;
        edges.push({ a, b, width: isMine ? Math.round(4 * (0.5 + (6 * value) / most)) / 4 : 0.5, color: isMine ? colors.accent : null, alpha: isMine ? 0.85 : one.linked ? 0.6 : 0.16 });
      }
    }
    view.show({
      directed: false, picked: node, hovered: pick.hovered, hoveredEdge: null, edges,
      nodes: Array.from({ length: count }, (_, k) => ({ x: graph.places[2 * k], y: graph.places[2 * k + 1], fill: classFill(colors, graph.labels[k]), radius: count > 80 ? 5 : 8, name: count <= 120 ? graph.names[k] : null })),
    });
    view.draw(colors);
    setText(drawn, `Coloured: what ${saidName(graph, node)} hears; the widest line is ${steady(most)}${count > ALL_PAIRS && !one.linked ? "; of so many nodes only its own lines are drawn" : ""}.`);
    return { edges: edges.length, most };
  }

  return {
    element,
    draw(scene, graph, order, colors) {
      const inputs = scene.numbers.rows[0].inputs;
      ask(scene.version, inputs);
      setText(refused, problem);
      for (const [name, on] of [["all", !state.linked], ["linked", state.linked], ["plain", !state.placed], ["placed", state.placed]]) choices[name].setAttribute("aria-pressed", on);
      const weights = weightsOf(answer, inputs);
      if (!weights || graph.x.length !== graph.count * inputs) return;
      // A frame of the training changes nothing here.
      if (!isNew(graph, order, answer, state.linked, state.placed, pick.node, pick.hovered, colors, element.clientWidth)) return;
      if (kept?.graph !== graph || kept.order !== order || kept.answer !== answer) kept = compute(graph, order, inputs, weights);
      const one = kept.found.find(({ linked, placed }) => linked === state.linked && placed === state.placed);
      const { count } = graph;
      const node = Math.min(pick.node ?? 0, count - 1);
      const place = placesOf(order);
      const picture = drawGraph(graph, place, one, node, colors);
      const highest = one.is.attention.reduce((most, value) => Math.max(most, value), 0);
      const all = [];
      for (let i = 0; i < count; i += 1) for (let j = 0; j < count; j += 1) if (one.is.mask[i * count + j]) all.push([order[i], order[j], one.is.attention[i * count + j] / highest]);
      matrix.draw({ order, cells: all, hovered: pick.hovered, edge: null, picked: node }, colors);
      setText(mostWords, steady(highest));
      const key = pick.hovered ?? node;
      const cell = place[node] * count + place[key];
      setText(equation, one.is.mask[cell]
        ? `${saidName(graph, node)} hears ${key === node ? "itself" : saidName(graph, key)}: q·k ÷ √8 = ${steady(one.is.scores[cell])}, and the softmax over ${one.is.mask.subarray(place[node] * count, (place[node] + 1) * count).reduce((sum, on) => sum + on, 0)} nodes makes it α = ${steady(one.is.attention[cell])}.`
        : `${saidName(graph, node)} does not hear ${saidName(graph, key)}: no edge joins them.`);
      const gap = apart(one.is.output, one.is.asMessages);
      setText(same, `The product of matrices and the ${one.is.messages} messages, added up node by node, give the same ${count} × ${WIDTH} numbers${gap === 0 ? ", to the last digit" : `: they differ by ${number(gap, 2)} at most`}.`);
      const offs = kept.found.map(({ off }) => off);
      kept.found.forEach(({ off }, k) => {
        setText(cells[k], off === 0 ? "0" : number(off, 2));
        cells[k].className = off > 1e-4 ? "value go-bad" : "value";
      });
      const isShuffled = order.some((n, k) => n !== k);
      setText(words, !isShuffled
        ? "The numbers are still those above: shuffle them at the top of this panel, and watch the table."
        : `Numbered anew, the outputs of ${state.linked ? "the attention GNN" : "the Transformer's layer"} ${state.placed ? "with positions" : "without positions"} ${one.off === 0 ? "stay as they are, to the last digit" : `move by ${number(one.off, 2)}`}. ${state.placed ? "A node's number is now part of what it is: with positions, order matters." : "Without positions a layer of attention knows no order: a sentence, too, would be a bag of words."}`);
      read = { state: { ...state }, node, off: one.off, offs, attention: [...one.is.attention], output: [...one.is.output], asMessages: [...one.is.asMessages], order: [...order], edges: picture.edges, most: picture.most, words: words.textContent, equation: equation.textContent, widths: view.read().edges.filter(({ color }) => color !== null).map(({ a, b, width }) => [a, b, width]) };
    },
    read: () => read,
  };
}
