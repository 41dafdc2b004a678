// The two graphs one looks at, picks in and changes.

import { h, setText } from "../lib/dom.js";
import { GraphView, classFill } from "../lib/graphview.js";
import { MOST_EDGES, MOST_NODES } from "./graphtext.js";

const SIDES = ["left", "right"];
const TOOLS = {
  pick: ["Pick", "Press a node of each graph: it is followed below."],
  add: ["Add node", "Press a free place. Drag nodes to move them."],
  join: ["Join or cut", "Drag from node to node: joins them, or cuts what joins them. By keys: Enter on one, then on the other."],
  color: ["Colour", "Press a node to give it the next of the colours a, b, c."],
  erase: ["Erase", "Press a node or an edge."],
};
const [FEW, MANY] = [12, 24]; // nodes
const LEAST_REACH = 0.3;

/** How far the places of a graph go to either side and up and down: that much is fitted into its view. */
export const reachOf = ({ places }) => [0, 1].map((axis) => Math.max(LEAST_REACH, ...places.map((place) => Math.abs(place[axis]))));

export function buildViews({ stage, edit, pick }) {
  const { state, ctx } = stage;
  const views = SIDES.map((side, at) => new GraphView({
    label: `${side === "left" ? "Left" : "Right"} graph`,
    onpick: (node, _event, edge) => pressed(at, node, edge),
    onempty: (place) => { if (state.tool === "add") change(at, (graph) => { graph.colors.push(0); graph.places.push(place); }); },
    onconnect: (a, b) => joined(at, a, b),
    ondrag: (node, place) => move(at, node, place),
  }));
  const heads = SIDES.map(() => h("p.label.value"));
  const tools = Object.entries(TOOLS).map(([tool, [name]]) => h("button.chip", { type: "button", "data-tool": tool, onclick: () => { state.tool = tool; stage.refresh(); } }, name));
  const hint = h("span.small.muted");
  const note = h("p.ga-problem.small", { role: "alert" });
  const element = h("div.ga-views", views.map((view, at) => h("figure.ga-view", h("figcaption.row", h("b", SIDES[at] === "left" ? "Left" : "Right"), heads[at]), view.element)));
  const toolbar = h("div.row.ga-tools", h("div.row", { role: "group", "aria-label": "What a press does" }, tools), hint, note);

  const graphs = () => [state.left, state.right];

  function change(at, make) {
    const before = graphs()[at];
    const graph = { colors: [...before.colors], edges: before.edges.map((edge) => [...edge]), places: before.places.map((place) => [...place]) };
    make(graph);
    const isLarge = graph.colors.length > MOST_NODES || graph.edges.length > MOST_EDGES;
    setText(note, isLarge ? `A graph here may have ${MOST_NODES} nodes and ${MOST_EDGES} edges at most.` : "");
    if (!isLarge) edit(SIDES[at], graph);
  }

  function pressed(at, node, edge) {
    if (state.tool === "color" && node !== null) change(at, (graph) => { graph.colors[node] = (graph.colors[node] + 1) % 3; });
    else if (state.tool === "erase") erase(at, node, edge);
    else if (node !== null) pick(at, node);
  }

  function erase(at, node, edge) {
    if (node !== null && graphs()[at].colors.length === 1) { setText(note, "A graph needs a node: add another before you erase the last."); return; }
    change(at, (graph) => {
      if (node === null) { graph.edges.splice(edge, 1); return; }
      graph.colors.splice(node, 1);
      graph.places.splice(node, 1);
      graph.edges = graph.edges.filter((ends) => !ends.includes(node)).map((ends) => ends.map((k) => (k > node ? k - 1 : k)));
    });
  }

  function joined(at, a, b) {
    if (a === b) { setText(note, "A node is not joined with itself here."); return; }
    change(at, (graph) => {
      const known = graph.edges.findIndex((ends) => ends.includes(a) && ends.includes(b));
      if (known >= 0) graph.edges.splice(known, 1);
      else graph.edges.push(a < b ? [a, b] : [b, a]);
    });
  }

  // Moving a node does not make another graph of it.
  function move(at, node, place) {
    const graph = graphs()[at];
    state[SIDES[at]] = { ...graph, places: graph.places.map((each, k) => (k === node ? place : each)) };
    ctx.redraw();
  }

  function draw() {
    const { found } = stage;
    graphs().forEach((graph, at) => {
      const [from, count] = [at ? found.joint.cut : 0, graph.colors.length];
      const picked = state.picked[at];
      const radius = count <= FEW ? 15 : count <= MANY ? 11 : 6;
      const row = found.wl.colors[state.round];
      views[at].editable = state.tool !== "pick";
      views[at].connecting = state.tool === "join";
      views[at].show({
        picked, reach: state.reach[at],
        nodes: graph.places.map(([x, y], k) => ({
          x, y, radius, fill: classFill(ctx.colors, found.wl.tones[state.round][from + k]), name: count <= MANY ? found.joint.names[from + k] : "", label: count <= MANY ? String(row[from + k]) : "",
        })),
        edges: graph.edges.map(([a, b]) => (a === picked || b === picked ? { a, b, width: 2.5, color: ctx.colors.accent } : { a, b })),
        halo: graph.colors.map((_, k) => k).filter((k) => row[from + k] === state.color).map((node) => ({ node })),
      });
      views[at].draw(ctx.colors);
    });
  }

  return {
    element, toolbar, draw,
    show() {
      graphs().forEach(({ colors, edges }, at) => setText(heads[at], `${colors.length} ${colors.length === 1 ? "node" : "nodes"}, ${edges.length} ${edges.length === 1 ? "edge" : "edges"}`));
      for (const chip of tools) chip.setAttribute("aria-pressed", String(chip.dataset.tool === state.tool));
      setText(hint, TOOLS[state.tool][1]);
    },
    clear: () => setText(note, ""),
    read: () => ({ views: views.map((view) => view.read()), heads: heads.map((head) => head.textContent), note: note.textContent }),
  };
}
