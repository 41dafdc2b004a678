// Whom a node hears in the stage's own network: the influence of every node on the picked one, against the hops between them.

import { h, number, percent, setText } from "../lib/dom.js";
import { GraphView } from "../lib/graphview.js";
import { graphOf } from "../lib/graphs.js";
import { placesChart, summary } from "./chart.js";
import { capital, nodeName } from "./walkwords.js";
import { buildScale } from "./scalebar.js";

const PACE = 700; // ms at least between two answers while it trains

/** `found`: {node, layers, influence, hops, names}. */
export function influenceWords({ node, layers, influence, hops, names }) {
  const name = nodeName(names, node);
  const others = hops.map((hop, k) => ({ hop, k })).filter(({ k }) => k !== node);
  if (!others.length) return `${capital(name)} is alone: there is nobody to hear.`;
  const inside = others.filter(({ hop }) => hop >= 0 && hop <= layers);
  const beyond = others.filter(({ hop }) => hop > layers);
  const never = others.filter(({ hop }) => hop < 0);
  const layersSaid = `${layers} layer${layers === 1 ? "" : "s"}`;
  const loud = Math.max(0, ...beyond.map(({ k }) => influence[k]));
  const parts = [`With ${layersSaid} ${name} can hear ${inside.length} of ${others.length} other nodes${beyond.length ? `; ${beyond.length} ${beyond.length === 1 ? "is" : "are"} more hops away, and ${beyond.length === 1 ? "its" : "their"} influence is ${loud === 0 ? "exactly 0" : `at most ${number(loud)}, which only a norm over all nodes can carry`}` : ""}${never.length ? `; from ${never.length} no way leads here` : ""}.`];
  const at = (hop) => { const known = others.filter((one) => one.hop === hop).map(({ k }) => influence[k]); return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null; };
  const far = Math.max(0, ...inside.map(({ hop }) => hop));
  const [near, last] = [at(1), at(far)];
  if (far > 1 && near > 0) parts.push(`A node at 1 hop has ${number(near)} on average, one at ${far} hops ${number(last)}: ${percent(last / near, last / near < 0.01 ? 2 : 0)} of that.`);
  const total = influence.reduce((sum, value) => sum + value, 0);
  if (total > 0) parts.push(`Its own features hold ${percent(influence[node] / total, 0)} of all influence.`);
  else parts.push("At this moment nothing at all reaches it: its features do not depend on anybody's, as where every ReLU is shut.");
  return parts.join(" ");
}

export function buildInfluence({ live, ctx, pick }) {
  let [answer, asking, asked, next, timer] = [null, false, "", 0, 0];
  const again = () => ctx.redraw();
  const view = new GraphView({ label: "Influence of every node on the picked one", onhover: (node) => pick.set({ hovered: node }), onpick: (node) => { if (node !== null) pick.set({ node }); } });
  const scale = buildScale();
  const chart = placesChart({ label: "Influence on the picked node against hops", unit: "hops", height: 260, redraw: again });
  const sentence = h("p.gd-sentence.value", { "aria-live": "polite" });
  const problem = h("p.problem.small", { role: "alert" });
  const hovered = h("p.small.value.gd-hovered");
  const element = h("section.gd-part", { "aria-label": "Whom a node hears" }, h("h3", "In your own graph: whom does a node hear?"),
    h("p.gd-about", "The same derivative in the stage's network as it is now, trained or not: pick a node, and the stronger the colour of another, the more its features move the last features of the picked one. Empty with a ring: not at all."),
    sentence, problem, h("div.gd-two", h("div.stack", h("div.gd-graph", view.element), h("div.row", scale.element), hovered),
      h("div.stack", h("h4", "Influence against hops"), h("p.label", "‖∂h / ∂x‖, logarithmic: the mean of the nodes at that distance, a band from the least to the most"), chart.element)));

  async function ask(graph) {
    const { frame, scene } = live;
    const node = pick.node ?? 0;
    const name = `${frame.version} ${frame.step} ${node} ${scene.numbers.spec.shown}`;
    if (asking || asked === name || !graph.count || frame.version !== scene.version) return;
    const wait = next - performance.now();
    if (wait > 0 && live.state?.playing && answer?.node === node) {
      clearTimeout(timer);
      timer = setTimeout(again, wait);
      return;
    }
    [asking, asked] = [true, name];
    const reply = await live.ask({ do: "probe", panel: "depth", options: { ask: "influence", node, parameters: false } }, { quiet: true });
    asking = false;
    next = performance.now() + PACE;
    if (ctx.signal.aborted) return;
    setText(problem, reply.kind === "reply" ? "" : reply.numbers.text);
    if (reply.kind === "reply" && reply.version === scene.version && live.scene === scene && reply.arrays.influence.shape[0] === graph.count) {
      answer = { scene, graph, node, step: reply.step, layers: scene.numbers.rows.length, influence: [...reply.arrays.influence.data], hops: [...reply.arrays.hops.data], names: graph.names };
    }
    again();
  }

  let shown = null;
  function draw() {
    const graph = graphOf(live.scene);
    if (live.frame) ask(graph);
    if (answer?.graph !== graph) { shown = null; return; }
    const { colors } = ctx;
    const { influence, hops, node } = answer;
    scale.draw(colors, influence, "influence");
    view.show({
      nodes: graph.names.map((name, k) => ({ x: graph.places[2 * k], y: graph.places[2 * k + 1], name, fill: scale.color(influence[k]), radius: graph.count > 60 ? 5 : 8 })),
      edges: graph.edges.map(([a, b], e) => ({ a, b, alpha: 0.7, dashed: Boolean(graph.held[e]) })), directed: graph.directed, picked: node, hovered: pick.hovered,
    });
    view.draw(colors);
    setText(sentence, influenceWords(answer));
    const over = pick.hovered;
    const name = (k) => nodeName(graph.names, k);
    setText(hovered, over !== null && over < graph.count ? `${capital(name(over))} → ${name(node)}: ${number(influence[over])}, ${hops[over] < 0 ? "no way leads there" : `${hops[over]} hop${hops[over] === 1 ? "" : "s"}`}` : "Point at a node for its number.");
    const most = Math.max(0, ...hops);
    const points = Array.from({ length: most + 1 }, (_, hop) => summary(influence.filter((value, k) => hops[k] === hop && value > 0)));
    chart.show({ places: points.map((_, hop) => hop), logY: true, ways: [{ name: "nodes", color: colors.classes[1], points }] });
    chart.draw(colors);
    shown = { node, step: answer.step, influence: [...influence], hops: [...hops], words: sentence.textContent, hovered: hovered.textContent, fills: view.read().nodes.map(({ fill }) => fill), chart: chart.read() };
  }

  return { element, draw, read: () => shown };
}
