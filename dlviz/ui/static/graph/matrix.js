// The graph as a matrix beside its drawing: step by step from A to what a layer multiplies by, with the numbers of each cell.

import { fit, h, number, setText } from "../lib/dom.js";
import { css } from "../lib/color.js";
import { knob } from "../lib/knob.js";
import { hasClasses, groupsOf, orderOf, ORDERS } from "./matrixorder.js";
import { MatrixPicture, shade } from "./matrixpicture.js";
import { buildProduct, factorOf } from "./matrixproduct.js";
import { matrixOf, STEPS, USED } from "./matrixsteps.js";
import { cellWords, nodeName, wholeWords } from "./matrixwords.js";

const LAYERS = { naive: "A X W", loops: "(A + I) X W", gcn: "GCN", sage: "GraphSAGE", gat: "GAT", gin: "GIN" };
const ORDER = { name: "matrix_order", kind: "choice", label: "Order of the nodes", options: ORDERS.map(([slug]) => slug), labels: ORDERS.map(([, name]) => name), default: "numbered", help: "Both sides stand in this order. Sorted by class, a graph whose edges stay within classes shows blocks along the diagonal." };

export function buildMatrix(area, stage) {
  const { ctx, live, pick } = stage;
  const state = { slug: null, order: ORDER.default, cell: null };
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  let [last, ordered, painted] = [null, null, null];

  const steps = STEPS.map((step) => h("button.gx-step", { type: "button", value: step.slug, onclick: () => { state.slug = step.slug; happened("matrix_stepped"); ctx.redraw(); } }, step.name));
  const order = knob(ORDER, { value: state.order, onchange: (value) => { state.order = value; happened("matrix_ordered"); ctx.redraw(); } });
  const menu = (name, field) => {
    const select = h("select", { "aria-label": name, onchange: () => pick.set({ [field]: Number(select.value) }) });
    return { select, element: h("label.gx-menu", h("span.label", name), h("span.menu", select)) };
  };
  const [layers, heads] = [menu("Layer", "layer"), menu("Head", "head")];
  const formula = h("p.gx-formula.code");
  const picture = new MatrixPicture({
    label: "Matrix of the graph",
    onhover: (i, j = null) => hover(i, j),
    onpick: (i, j) => {
      const edge = matrixNow() && j !== null ? matrixNow().edge(i, j) : -1;
      pick.set({ node: i, edge: edge >= 0 ? edge : null });
    },
  });
  const scale = h("canvas.gx-scale", { "aria-hidden": "true" });
  const [low, high] = [h("span.value"), h("span.value")];
  const legend = h("div.gx-legend.small.muted", h("span.gx-blank"), h("span", "no edge: 0"), low, scale, high);
  const [equation, meaning, whole, convention] = [h("p.gx-equation.value", { "aria-live": "polite" }), h("p.small.muted"), h("p.gx-whole.value"), h("p.small.muted")];
  const product = buildProduct({ redraw: () => ctx.redraw() });
  area.append(
    h("div.gx-head", h("h3", "The same graph as a matrix"), h("p.muted.gx-lead", "Row i collects from column j, so that multiplying by the features adds up what each node hears.")),
    h("div.gx-steps", { role: "group", "aria-label": "Which matrix" }, steps), formula, order.element,
    picture.element, legend, h("div.gx-cell", equation, meaning), whole, convention,
    h("div.gx-product-part", h("div.gx-controls", layers.element, heads.element), product.element));

  const matrixNow = () => last?.matrix ?? null;

  // What is pointed at here is said to the whole page; what others point at ends a cell of ours.
  function hover(i, j) {
    if (i === null && !state.cell) return; // nothing of ours to end
    const isOurs = pick.hovered === (state.told?.hovered ?? null) && pick.hoveredEdge === (state.told?.hoveredEdge ?? null);
    if (i === null && !isOurs) { // others point at something by now
      state.cell = null;
      return;
    }
    state.cell = i === null ? null : [i, j];
    if (i !== null && j !== null) happened("matrix_read");
    const edge = i !== null && j !== null ? last.matrix.edge(i, j) : -1;
    const told = { hovered: i, hoveredEdge: edge >= 0 ? edge : null };
    state.told = told;
    pick.set(told);
    ctx.redraw();
  }

  // [row, column] and cells to mark: the cell pointed at here, or the node and the edge pointed at elsewhere.
  function marks(graph) {
    const isOurs = state.cell && state.told?.hovered === pick.hovered && state.told?.hoveredEdge === pick.hoveredEdge && state.cell.every((node) => node === null || node < graph.count);
    if (isOurs) {
      const [i, j] = state.cell;
      return { row: i, column: j, spots: j === null ? [] : [[i, j]], cell: j === null ? null : [i, j] };
    }
    state.cell = null;
    const edge = graph.edges[pick.hoveredEdge];
    const spots = edge ? [[edge[1], edge[0]], ...(graph.directed || edge[0] === edge[1] ? [] : [[edge[0], edge[1]]])] : [];
    const node = pick.hovered !== null && pick.hovered < graph.count ? pick.hovered : null;
    return { row: node, column: node, spots, cell: spots[0] ?? null };
  }

  function groups(graph) {
    if (ordered?.graph !== graph) ordered = { graph, of: groupsOf(graph), orders: new Map() };
    if (!ordered.orders.has(state.order)) ordered.orders.set(state.order, orderOf(state.order, graph));
    return { of: ordered.of, sorted: state.order === "class" };
  }

  function draw() {
    const { scene, moment } = stage;
    const graph = stage.graph();
    const result = stage.result();
    const { rows, spec } = scene.numbers;
    const layer = Math.min(pick.layer, rows.length - 1);
    const head = Math.min(pick.head, rows[layer].heads - 1);
    const isGat = spec.layer === "gat";
    let slug = state.slug ?? "plain";
    if (slug === "attention" && !(isGat && result)) slug = "plain";
    const step = STEPS.find((each) => each.slug === slug);
    for (const button of steps) {
      button.classList.toggle("hidden", button.value === "attention" && !isGat);
      button.setAttribute("aria-pressed", String(button.value === slug));
      const isUsed = USED[spec.layer] === button.value && !["sage", "gin"].includes(spec.layer);
      button.classList.toggle("gx-used", isUsed);
      button.title = isUsed ? `What ${LAYERS[spec.layer]} multiplies by` : "";
    }
    choices(layers, rows.length, layer);
    choices(heads, rows[layer].heads, head);
    heads.element.classList.toggle("hidden", !isGat);
    setText(formula, step.formula);
    const marked = marks(graph);
    const picked = pick.node !== null && pick.node < graph.count ? pick.node : null;
    // A moment more of the training changes only what was learned: the attention, and the product below.
    const seen = [graph, slug, state.order, marked.row, marked.column, JSON.stringify(marked.spots), picked, ctx.colors, area.clientWidth, window.devicePixelRatio, ...(slug === "attention" ? [moment, layer, head] : [])];
    if (!painted || painted.length !== seen.length || seen.some((value, k) => value !== painted[k])) {
      painted = seen;
      paint(graph, step, slug, matrixOf(slug, graph, result?.layers[layer], head), marked, picked);
    }
    const { matrix } = last;
    const cell = marked.cell ?? null;
    const row = marked.row ?? cell?.[0] ?? picked;
    if (result && row !== null) product.show({ matrix, graph, step, factor: factorOf(result.layers[layer], layer, head), layer, i: row, words: productWords(slug, spec, rows[layer], layer) });
    product.element.classList.toggle("hidden", !result || row === null);
    if (result && row !== null) product.draw(ctx.colors);
    last = { ...last, step: moment?.step ?? null, layer, head };
  }

  // The picture, its legend and all that is said of it.
  function paint(graph, step, slug, matrix, marked, picked) {
    const coloured = groups(graph);
    picture.show({ matrix, graph, order: ordered.orders.get(state.order), groups: coloured, ...marked, picked });
    picture.draw(ctx.colors);
    paintLegend(matrix);
    const words = marked.cell ? cellWords(step, matrix, graph, ...marked.cell) : rowWords(step, matrix, graph, marked.row);
    setText(equation, words.equation);
    setText(meaning, words.meaning);
    setText(whole, wholeWords(step, matrix, graph));
    const name = hasClasses(graph) ? "" : " By class: no node of this graph has one, so the colours are communities found from the edges.";
    setText(convention, `${graph.directed ? "networkx writes the sender as the row: of this directed graph A here is the transpose of its matrix." : "networkx writes the sender as the row; where edges go both ways that is the same matrix."}${name}`);
    picture.canvas.setAttribute("aria-label", `Matrix ${step.name}, ${graph.count} by ${graph.count}. ${whole.textContent} ${words.equation}. ${words.meaning} Arrow keys walk the cells, E goes to the next filled cell of the row, Enter picks the node.`);
    last = { matrix, slug, graph, marked, picked, equation: words.equation, meaning: words.meaning, whole: whole.textContent };
  }

  function paintLegend({ most, filled, values, message }) {
    const { pen, width, height } = fit(scale);
    const least = [...message.keys()].reduce((low, at) => Math.min(low, values[at]), most);
    for (let x = 0; x < width; x += 1) {
      pen.fillStyle = css(shade(ctx.colors, least + ((most - least) * x) / Math.max(1, width - 1), most));
      pen.fillRect(x, 0, 1, height);
    }
    setText(low, filled && least < most ? number(least) : "");
    setText(high, filled ? number(most) : "");
    legend.classList.toggle("gx-none", !filled);
  }

  return {
    draw,
    read: () => last && picture.last && {
      slug: last.slug, order: state.order, count: last.graph.count, step: last.step, layer: last.layer, head: last.head,
      values: Array.from(last.matrix.values), sums: [...last.matrix.sums], nodes: [...picture.last.order], marked: last.marked,
      equation: last.equation, meaning: last.meaning, whole: last.whole, formula: formula.textContent, product: product.read(),
      cell: picture.last.at.cell, milliseconds: picture.last.milliseconds, middles: [0, Math.max(0, last.graph.count - 1)].map((k) => (last.graph.count ? picture.middle(k, k) : null)),
      groups: [...groups(last.graph).of], used: steps.find((button) => button.classList.contains("gx-used"))?.value ?? null,
    },
    middle: (i, j) => picture.middle(i, j),
  };
}

// The options of a menu, made anew only when there are more or fewer.
function choices({ select }, count, value) {
  if (select.options.length !== count) select.replaceChildren(...Array.from({ length: count }, (_, k) => h("option", { value: k }, String(k + 1))));
  if (select.value !== String(value)) select.value = String(value);
}

function rowWords(step, matrix, graph, row) {
  if (row === null) return { equation: "Point at a cell, a node or an edge.", meaning: "Here, or in the drawing beside it: both show the same." };
  const heard = matrix.rows[row].length;
  const filled = `${heard} filled ${heard === 1 ? "cell" : "cells"}`;
  return { equation: `Row ${nodeName(graph, row)}: ${filled}, sum ${number(matrix.sums[row])}`, meaning: "The row: what the node collects. The column: who collects from it." };
}

// What the sum has to do with the layer of this network.
function productWords(slug, spec, row, layer) {
  const name = LAYERS[spec.layer];
  const order = `layer ${layer + 1}`;
  if (spec.layer === "sage") return `${name} asks for the ${row.how} of these rows in ${order}, whatever the weights; then it multiplies by W.`;
  if (spec.layer === "gin") return `${name} takes the ${row.how} of these rows in ${order}, whatever the weights, and adds (1 + ε) times the node’s own.`;
  if (USED[spec.layer] === slug) return `This is what ${name} computes in ${order}, before the bias${slug === "attention" ? ", for this head" : ""}.`;
  return `${name} multiplies by ${STEPS.find((step) => step.slug === USED[spec.layer]).name} instead: what the sum would be with this matrix.`;
}
