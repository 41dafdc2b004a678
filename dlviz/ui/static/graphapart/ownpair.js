// A pair of one's own: two edge lists, or the stage's graph on one side.

import { h, setText } from "../lib/dom.js";
import { fold } from "../lib/fold.js";
import { graphOf } from "../lib/graphs.js";
import { MOST_EDGES, MOST_NODES, readGraph, writeGraph } from "./graphtext.js";

const SIDES = ["left", "right"];
const EXAMPLE = "0 1\n1 2\n2 0\n2 = b";

/** `use({left?, right?}, reach, isStage)` puts graphs on the table. */
export function buildOwnPair({ stage, use }) {
  const { live, state } = stage;
  const boxes = SIDES.map((side) => h("textarea.code", { rows: 7, spellcheck: "false", placeholder: EXAMPLE, "aria-label": `Edge list of the ${side} graph` }));
  const problems = SIDES.map(() => h("p.ga-problem.small", { role: "alert" }));
  const said = h("p.ga-problem.small", { role: "alert" });
  const fromStage = SIDES.map((side) => h("button", { type: "button", "data-stage": side, onclick: () => take(side) }, `The stage's graph as the ${side} one`));
  const part = fold("Your own pair", () => "two edge lists, or the graph on the stage", [
    h("p.ga-about", "An edge a line: ", h("code", "0 1"), " joins two nodes, ", h("code", "4"), " is a node alone, ", h("code", "4 = b"), ` gives a node the colour b. At most ${MOST_NODES} nodes and ${MOST_EDGES} edges. Or draw: choose a tool above the graphs.`),
    h("div.ga-halves", SIDES.map((side, at) => h("label.stack", h("span.label", side === "left" ? "Left" : "Right"), boxes[at], problems[at]))),
    h("div.row", h("button.primary", { type: "button", onclick: read }, "Compare these two"), h("button", { type: "button", onclick: write }, "Write down what is drawn"), fromStage), said,
  ]);
  const element = h("section.ga-part", { "aria-label": "Your own pair" }, part.head, part.body);
  part.say();

  function read() {
    const found = boxes.map((box) => readGraph(box.value));
    found.forEach(({ problem }, at) => {
      setText(problems[at], problem ?? "");
      boxes[at].setAttribute("aria-invalid", String(Boolean(problem)));
    });
    if (found.every(({ problem }) => !problem)) use({ left: found[0], right: found[1] });
  }

  function write() {
    SIDES.forEach((side, at) => { boxes[at].value = writeGraph(state[side]); });
    problems.forEach((problem) => setText(problem, ""));
    boxes.forEach((box) => box.removeAttribute("aria-invalid"));
  }

  // Directions, weights and self-loops are left out: the test knows neither.
  function take(side) {
    if (!live.scene) return;
    const graph = graphOf(live.scene);
    const known = new Map(graph.edges.filter(([a, b]) => a !== b).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]).map((edge) => [edge.join(), edge]));
    const isLarge = graph.count > MOST_NODES || known.size > MOST_EDGES;
    setText(said, !graph.count ? "The graph on the stage has no node yet." : isLarge ? `The graph on the stage has ${graph.count} nodes and ${known.size} edges; here are ${MOST_NODES} and ${MOST_EDGES} the most.` : "");
    if (said.textContent) return;
    use({ [side]: { colors: Array(graph.count).fill(0), edges: [...known.values()], places: Array.from({ length: graph.count }, (_, k) => [graph.places[2 * k], graph.places[2 * k + 1]]) } }, null, true);
  }

  return { element, read: () => ({ problems: problems.map((each) => each.textContent), said: said.textContent, texts: boxes.map((box) => box.value) }) };
}
