// The graphs of the batch, small, side by side; and what puts others in.

import { h, setText } from "../lib/dom.js";
import { GraphView } from "../lib/graphview.js";
import { MOST } from "./candidates.js";

const FIT = [0.75, 0.68]; // of the drawing: nodes may come nearer to the border than GraphView leaves room for names

/** Places of a graph within ±1, each axis as far as it goes. */
function spread(places) {
  const [xs, ys] = [0, 1].map((axis) => places.filter((_, k) => k % 2 === axis));
  const [low, high] = [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
  const half = Math.max(high[0] - low[0], high[1] - low[1]) / 2 || 1;
  return xs.map((x, k) => [(x - (low[0] + high[0]) / 2) / half, (ys[k] - (low[1] + high[1]) / 2) / half]);
}

/** `onremove(g)`, `onadd(text)`, `onanother()`, `onnode(g, node | null)`, `onedge(g, edge | null)`. */
export function buildChosen({ onremove, onadd, onanother, onnode, onedge }) {
  const cards = Array.from({ length: MOST }, (_, g) => {
    const view = new GraphView({ label: `Graph ${g + 1} of the batch`, onhover: (node) => onnode(g, node), onedge: (edge) => onedge(g, edge) });
    const [title, size] = [h("p.gr-name"), h("p.small.muted.value")];
    const remove = h("button.gr-remove", { type: "button", onclick: () => onremove(g) }, "Take out");
    return { view, title, size, remove, element: h("div.gr-card", h("div.gr-card-head", h("i.gr-swatch"), title), view.element, size, remove) };
  });
  const typed = h("input.value.gr-typed", { type: "text", inputmode: "numeric", size: 6, autocomplete: "off", "aria-label": "Number of the graph to add", onkeydown: (event) => { if (event.key === "Enter") onadd(typed.value); } });
  const add = h("button", { type: "button", onclick: () => onadd(typed.value) }, "Add");
  const another = h("button", { type: "button", onclick: onanother }, "Add another size");
  const [label, problem] = [h("span.label"), h("p.gr-problem.small", { role: "alert" })];
  let drawn = [];
  return {
    element: h("div.stack", h("div.gr-cards", cards.map(({ element }) => element)), h("div.gr-adding", label, typed, add, another), problem),
    cards, clear: () => { typed.value = ""; },
    say: (text) => setText(problem, text),
    show({ candidates, chosen, batch, over, colors }) {
      setText(label, candidates.isSet ? `Graph 0 to ${candidates.count - 1}` : `Node 0 to ${candidates.count - 1}`);
      for (const button of [add, another]) button.disabled = chosen.length >= MOST;
      drawn = chosen;
      cards.forEach(({ view, title, size, remove, element }, g) => {
        element.classList.toggle("hidden", g >= chosen.length);
        if (g >= chosen.length) return;
        const graph = batch.graphs[g];
        const color = colors.classes[g];
        element.style.setProperty("--of", color);
        setText(title, `Graph ${g}: ${candidates.title(chosen[g])}`);
        const truth = candidates.truth(chosen[g]);
        setText(size, `${graph.count} ${graph.count === 1 ? "node" : "nodes"}, ${graph.edges.length} ${graph.edges.length === 1 ? "edge" : "edges"}${truth ? `; ${truth}` : ""}`);
        remove.disabled = chosen.length === 1;
        remove.setAttribute("aria-label", `Take graph ${g} out of the batch, ${candidates.title(chosen[g])}`);
        const places = spread([...graph.places]);
        const isSmall = graph.count > 24;
        view.show({
          nodes: places.map(([x, y], k) => ({ x, y, fill: color, radius: isSmall ? 5 : 7.5, label: !isSmall && (graph.names[k] ?? "").length <= 2 ? graph.names[k] : undefined })),
          reach: [0, 1].map((axis) => FIT[axis] * Math.max(0.15, ...places.map((place) => Math.abs(place[axis])))),
          edges: graph.edges.map(([a, b]) => ({ a, b })), directed: graph.directed, picked: null,
          hovered: over && over.node !== null && batch.batch[over.node] === g ? over.node - batch.ptr[g] : null,
          hoveredEdge: over && over.edge !== null && over.edge >= batch.edgePtr[g] && over.edge < batch.edgePtr[g + 1] ? graph.pair[over.edge - batch.edgePtr[g]] : null,
        });
        view.draw(colors);
      });
    },
    read: () => drawn.map((_, g) => cards[g].view.read()),
  };
}
