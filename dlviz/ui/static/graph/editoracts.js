// What a press on the drawing and the fields beside it do to the graph, by the tool that is chosen.

import { settingsOf } from "../lib/settings.js";
import {
  addClass, addEdge, addFeature, addNode, edgeBetween, labelNode, moveNode, removeEdge, removeFeature, removeNode, renameClass, renameNode, setDirected, setEdge,
  setElement, setFeature, turnEdge,
} from "./editoredits.js";

/** `place(node of the scene)` → its place in the drawing. */
export function buildActs({ stage, sight, history, happened, place, again }) {
  const { pick } = stage;
  const at = (key) => (key === null ? -1 : history.graph?.nodes.findIndex((node) => node.key === key) ?? -1);
  const keyOf = (k) => history.graph.nodes[k].key;
  const original = new Map(); // data set and key → label before it was told by hand

  /** Do an edit; what cannot be is said, and nothing changes. */
  function edit(make, more = {}) {
    history.say("");
    try {
      const made = make(history.graph);
      if (!history.commit(made, more)) return false;
    } catch (why) {
      history.say(why.message);
      return false;
    }
    happened("graph_edited");
    return true;
  }

  function tool(name) {
    Object.assign(sight, { tool: name, joinFrom: null });
    again();
  }

  function pickNode(k) {
    sight.node = keyOf(k);
    sight.edge = null;
    const drawn = stage.scene && place(pick.node);
    if (drawn !== k) {
      const inScene = history.isAhead ? null : k;
      if (inScene !== null) pick.set({ node: inScene, edge: null });
    } else pick.set({ edge: null });
    again();
  }

  function pickEdge(e) {
    const edge = history.graph.edges[e];
    sight.edge = edge ? [keyOf(edge.a), keyOf(edge.b)] : null;
    pick.set({ edge: history.isAhead || !edge ? null : e });
    again();
  }

  /** The place of the picked edge in the drawing, or null. */
  function edgeAt() {
    if (!sight.edge || !history.graph) return null;
    const [a, b] = sight.edge.map(at);
    const found = a < 0 || b < 0 ? -1 : edgeBetween(history.graph, a, b);
    return found < 0 ? null : found;
  }

  /** The place of the node that an edge is being joined from, or null. */
  function joining() {
    const from = at(sight.joinFrom);
    return from < 0 ? null : from;
  }

  function press(k, event, e) {
    const { graph } = history;
    if (k === null) {
      if (e >= graph.edges.length) connect(...offeredAt(e));
      else if (sight.tool === "erase") eraseEdge(e);
      else pickEdge(e);
      return;
    }
    if (sight.tool === "erase") erase(k);
    else if (sight.tool === "label") tell(k);
    else if (sight.tool === "join") {
      if (joining() === null) sight.joinFrom = keyOf(k);
      else if (joining() === k) sight.joinFrom = null;
      else connect(joining(), k);
      again();
    } else pickNode(k);
  }

  // An edge beyond the graph's own is one that the network offers.
  const offeredAt = (e) => {
    const { a, b } = sight.offered[e - history.graph.edges.length];
    return [a, b];
  };

  function pressEmpty(where) {
    if (sight.tool === "add") {
      if (edit((graph) => addNode(graph, where))) sight.node = history.graph.nodes.at(-1).key;
    } else if (sight.tool === "join" && sight.joinFrom !== null) sight.joinFrom = null;
    else if (sight.edge) pickEdge(-1);
    again();
  }

  function connect(a, b) {
    if (edit((graph) => addEdge(graph, a, b))) sight.edge = [keyOf(a), keyOf(b)];
    sight.joinFrom = null;
    again();
  }

  function drop(k, where) {
    sight.dragged = null;
    edit((graph) => moveNode(graph, k, where));
    again();
  }

  // The chosen class for a node; where it is told that already, it is taken back, and the class it had before returns.
  function tell(k) {
    const { graph } = history;
    if (!graph.classes.length) {
      history.say("This graph has no classes yet. Add one beside the legend, or in the details of a node.");
      return;
    }
    const node = graph.nodes[k];
    const label = Math.min(sight.label, graph.classes.length - 1);
    const name = `${settingsOf(stage).value("dataset")} ${node.key}`;
    if (!original.has(name)) original.set(name, node.given ? -1 : node.label);
    const isTold = node.given && node.label === label;
    const before = original.get(name);
    const done = edit((now) => (isTold ? labelNode(now, k, before >= 0 && before < now.classes.length ? before : node.label, false) : labelNode(now, k, label, true)));
    if (done) happened("node_labelled");
    pickNode(k);
  }

  function erase(k) {
    if (edit((graph) => removeNode(graph, k)) && sight.node === null) again();
  }

  function eraseEdge(e) {
    if (edit((graph) => removeEdge(graph, e))) sight.edge = null;
    again();
  }

  return {
    tool, press, pressEmpty, connect, drop, edgeAt, joining,
    directed: () => edit((graph) => setDirected(graph, !graph.directed)),
    chooseLabel(k) {
      Object.assign(sight, { label: k, tool: "label", joinFrom: null });
      again();
    },
    addClass() {
      if (edit(addClass)) Object.assign(sight, { label: history.graph.classes.length - 1, tool: "label" });
      again();
    },
    fields: {
      rename: (k, name) => history.graph.nodes[k].name === name || edit((graph) => renameNode(graph, k, name)),
      label(k, label, given) {
        if (edit((graph) => labelNode(graph, k, label, given))) happened("node_labelled");
      },
      renameClass: (k, name) => history.graph.classes[k] === name || edit((graph) => renameClass(graph, k, name)),
      erase, eraseEdge,
      feature: (k, f, value) => history.graph.nodes[k].features[f] === value || edit((graph) => setFeature(graph, k, f, value)),
      element: (k, element) => edit((graph) => setElement(graph, k, element)),
      addFeature: () => edit(addFeature),
      removeFeature(f) {
        const isLast = history.graph.featureNames.length === 1 && settingsOf(stage).value("features") === "own";
        edit((graph) => removeFeature(graph, f), isLast ? { features: stage.scene.numbers.spec.task === "graph" ? "degree" : "identity" } : {});
      },
      useOwn: () => history.change({ features: "own" }),
      edge: (e, changes) => Object.entries(changes).every(([name, value]) => history.graph.edges[e][name] === value) || edit((graph) => setEdge(graph, e, changes)),
      turn: (e) => {
        const [a, b] = sight.edge;
        if (edit((graph) => turnEdge(graph, e))) sight.edge = [b, a];
      },
    },
  };
}
