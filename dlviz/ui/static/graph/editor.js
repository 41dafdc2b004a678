// The graph one holds: it is drawn, pointed at, edited and pasted here, and the run goes on with it.

import { h, isTyping, setText } from "../lib/dom.js";
import { relax } from "../lib/graphlayout.js";
import { GraphView } from "../lib/graphview.js";
import { graphOf } from "../lib/graphs.js";
import { settingsOf } from "../lib/settings.js";
import { buildActs } from "./editoracts.js";
import { buildChooser } from "./editorchooser.js";
import { buildDetails } from "./editordetails.js";
import { moveAll } from "./editoredits.js";
import { edgeListOf, graphmlOf, save } from "./editorfiles.js";
import { buildHistory } from "./editorhistory.js";
import { buildLegend } from "./editorlegend.js";
import { openPaste } from "./editorpaste.js";
import { isMolecule, pictureOf } from "./editorpicture.js";
import { readEditor } from "./editorread.js";
import { buildTools } from "./editortools.js";

const TIDY = { rounds: 24, steps: 8 }; // of the animation, and of the layout in each

export function buildEditor(area, stage) {
  const { live, ctx, pick } = stage;
  const settings = settingsOf(stage);
  const happened = (word) => live.shared.set(`happened.${word}`, true);
  const sight = { tool: "move", label: 0, edge: null, node: null, joinFrom: null, isReaching: false, dragged: null, tidying: 0 };
  const shown = { picture: null, graph: null, times: [] };
  const history = buildHistory(stage, () => ctx.redraw());
  const acts = buildActs({ stage, sight, history, happened, place: toDrawn, again: () => ctx.redraw() });

  const view = new GraphView({
    label: "The graph", editable: true,
    onhover: (node) => { pick.set({ hovered: toScene(node) }); ctx.redraw(); },
    onedge: (edge) => { pick.set({ hoveredEdge: sceneEdge(edge) }); ctx.redraw(); },
    onpick: acts.press,
    onempty: acts.pressEmpty,
    onconnect: acts.connect,
    ondrag: (at, place) => { sight.dragged = { at, place }; ctx.redraw(); },
    ondrop: acts.drop,
  });
  const tools = buildTools({
    tool: acts.tool, undo: history.undo, redo: history.redo, asItWas: history.asItWas, directed: acts.directed, tidy,
    reach() { sight.isReaching = !sight.isReaching; happened("reach_shown"); ctx.redraw(); },
    paste: () => openPaste(area, stage, { history, happened }),
    copy, download: () => save("graph.graphml", graphmlOf(history.graph), "application/xml"),
  });
  const legend = buildLegend({ label: acts.chooseLabel, addClass: acts.addClass, join: acts.connect });
  const details = buildDetails(acts.fields);
  const chooser = buildChooser(stage, (changes) => { happened("graph_chosen"); history.change(changes); });
  const problem = h("p.problem.small.ge-problem", { role: "alert" });
  const title = h("h3", "The graph");
  const size = h("span.muted.value.small");
  area.classList.add("ge");
  area.append(h("div.row.ge-head", title, size), chooser.element, tools.element, tools.hint, h("div.ge-drawing", view.element), problem, legend.sentence, legend.element, details.element);
  settings.said.add("graph"); // its problems are said here
  settings.on(() => ctx.redraw());

  area.addEventListener("keydown", (event) => {
    if (isTyping(event)) return;
    const letter = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (letter === "z" || letter === "y")) (letter === "y" || event.shiftKey ? history.redo : history.undo)();
    else if (event.ctrlKey || event.metaKey || event.altKey || !tools.keys[letter]) return;
    else tools.keys[letter]();
    event.preventDefault();
    event.stopPropagation();
  });

  // --- between the drawing, which may be ahead, and the scene that all other parts show -----------

  function toScene(at) {
    if (at === null || !history.isAhead) return at;
    const found = graphOf(stage.scene).keys.indexOf(history.graph.nodes[at].key);
    return found < 0 ? null : found;
  }

  function toDrawn(at) {
    if (at === null || !stage.scene) return null;
    if (!history.isAhead) return at;
    const key = Number(graphOf(stage.scene).keys[at]);
    const found = history.graph.nodes.findIndex((node) => node.key === key);
    return found < 0 ? null : found;
  }

  function sceneEdge(edge) {
    return edge === null || history.isAhead || edge >= history.graph.edges.length ? null : edge;
  }

  // A node or an edge stays picked through edits by the keys of its nodes.
  stage.on("scene", () => {
    const { keys } = graphOf(stage.scene);
    const at = sight.node === null ? -1 : keys.indexOf(sight.node);
    if (at >= 0) pick.set({ node: at });
    const edge = acts.edgeAt();
    pick.set({ edge: sceneEdge(edge) });
  });
  pick.on(() => {
    if (stage.scene !== live.scene || !stage.scene || pick.node === null) return;
    sight.node = Number(graphOf(stage.scene).keys[pick.node] ?? -1);
  }, ctx.signal);

  // --- acts of the bar ----------------------------------------------------------------------------

  function tidy() {
    const graph = history.graph;
    if (!graph || sight.tidying) return;
    let places = graph.nodes.map(({ x, y }) => [x, y]);
    const rounds = ctx.reducedMotion ? 1 : TIDY.rounds;
    const steps = ctx.reducedMotion ? TIDY.rounds * TIDY.steps : TIDY.steps;
    const from = places;
    const target = relax(places, graph.edges, { steps: rounds === 1 ? steps : TIDY.rounds * TIDY.steps });
    const begin = performance.now();
    const go = () => {
      if (ctx.signal.aborted || history.graph !== graph) { sight.tidying = 0; sight.places = null; return; }
      const t = rounds === 1 ? 1 : Math.min(1, (performance.now() - begin) / 450);
      const eased = 1 - (1 - t) ** 3;
      places = from.map(([x, y], k) => [x + (target[k][0] - x) * eased, y + (target[k][1] - y) * eased]);
      sight.places = places;
      ctx.redraw();
      if (t < 1) { sight.tidying = requestAnimationFrame(go); return; }
      [sight.tidying, sight.places] = [0, null];
      if (history.commit(moveAll(graph, target))) happened("graph_edited");
    };
    go();
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(edgeListOf(history.graph));
      tools.say("The edge list is on the clipboard.");
    } catch {
      save("edges.csv", edgeListOf(history.graph), "text/csv");
      tools.say("The clipboard is closed to this page: the edge list was saved as edges.csv.");
    }
    ctx.redraw();
  }

  // The weights of a new scene come a moment after it. Until then what was said of its nodes stays, so that an edit does not flicker.
  function sightOf() {
    const { scene, moment } = stage;
    const result = stage.result();
    if (result) shown.last = { scene, result, moment };
    const { last } = shown;
    const isSame = last && ["dataset", "task", "shown"].every((name) => last.scene.numbers.spec[name] === scene.numbers.spec[name]) && last.scene.numbers.classes.length === scene.numbers.classes.length;
    return isSame ? { ...last, isOld: !result } : { scene, result, moment, isOld: !result };
  }

  function draw() {
    let { graph } = history;
    if (!stage.scene || !graph) return;
    const { scene, result, moment, isOld } = sightOf();
    const begun = performance.now();
    if (sight.places) graph = moveAll(graph, sight.places);
    const { colors } = ctx;
    const [hovered, picked] = [history.isAhead ? view.hovered : pick.hovered, toDrawn(pick.node)];
    const edge = acts.edgeAt();
    const picture = pictureOf({
      graph, scene, result, colors, picked, edge, isReaching: sight.isReaching, dragged: sight.dragged, joinFrom: acts.joining(),
      hovered: hovered !== null && graph.nodes[hovered] ? hovered : null,
    });
    Object.assign(shown, { picture, graph, scene, isOld });
    sight.offered = picture.offered;
    const spec = scene.numbers.spec;
    const drawn = graphOf(scene);
    view.editable = sight.tool === "move" || sight.tool === "add";
    view.connecting = sight.tool === "join";
    view.show({
      nodes: picture.nodes, edges: picture.edges, directed: picture.directed, halo: picture.halo, picked, hovered: hovered !== null && graph.nodes[hovered] ? hovered : null,
      ...(history.isAhead || view.hoveredEdge >= graph.edges.length ? {} : { hoveredEdge: pick.hoveredEdge }),
    });
    view.draw(colors);
    const state = {
      graph, scene, drawn, picture, colors, result, hovered: view.hovered, hoveredEdge: view.hoveredEdge < graph.edges.length ? view.hoveredEdge : null, picked, edge,
      frame: moment, label: sight.label, tool: sight.tool, usesOwn: spec.features === "own", task: spec.task,
    };
    legend.show(state);
    details.show(state);
    chooser.show(scene);
    if (spec.task !== "node" && sight.tool === "label") sight.tool = "move"; // nodes have no classes to tell there
    tools.show({
      isLabelled: spec.task === "node",
      tool: sight.tool, canUndo: history.canUndo, canRedo: history.canRedo, isEdited: history.isEdited, isDirected: graph.directed, isReaching: sight.isReaching,
      className: graph.classes[sight.label] ?? "no class yet", joinFrom: acts.joining() === null ? "" : graph.nodes[acts.joining()].name, isMolecule: isMolecule(graph),
    });
    setText(problem, history.problem || settings.problem("graph"));
    setText(size, `${graph.nodes.length} ${graph.nodes.length === 1 ? "node" : "nodes"} · ${graph.edges.length} ${graph.edges.length === 1 ? "edge" : "edges"}`);
    shown.times.push(performance.now() - begun);
    if (shown.times.length > 240) shown.times.shift();
  }

  return { draw, read: () => readEditor({ shown, sight, history, view, legend, details, chooser, tools, problem, pick }) };
}
