// Over-squashing on a bottleneck tree: how much of a leaf reaches the root, with shortcuts, against the distance.

import { h, setText } from "../lib/dom.js";
import { GraphView } from "../lib/graphview.js";
import { knob } from "../lib/knob.js";
import { placesChart, summary } from "./chart.js";
import { oneOf } from "./choice.js";
import { buildScale } from "./scalebar.js";
import { distanceWords, KINDS, treeWords } from "./treewords.js";

const RADIUS = { name: "radius", kind: "range", label: "Distance from a leaf to the root", unit: "hops", low: 1, high: 6, whole: true, default: 4, help: "The height of the tree, and the number of layers: as many as a message from a leaf needs." };
const SEEDS = 3;
export const INKS = { gcn: 1, gin: 0, gat: 2 };
const TALL = 0.5; // the drawing's half-height, of its half-width

export function buildTree({ live, ctx, happened, recall }) {
  let [kind, radius, jumps, answer, asked, far, distant] = ["gcn", 4, [], null, null, null, false];
  const again = () => ctx.redraw();
  const kinds = oneOf("Layer", KINDS, kind, (value) => { kind = value; recall.set(value); again(); });
  const size = knob(RADIUS, { onchange: (value) => { if (value !== radius) [radius, jumps] = [value, []]; again(); } });
  const clear = h("button.chip", { type: "button", onclick: () => { jumps = []; again(); } }, "Take all shortcuts away");
  const view = new GraphView({ label: "The bottleneck tree; pick a leaf for an edge to the root", onpick: (node, event, edge) => flip(node ?? (edge === undefined || edge === null ? null : sourceOf(edge))) });
  const scale = buildScale();
  const sentence = h("p.gd-sentence.value", { "aria-live": "polite" });
  const problem = h("p.problem.small", { role: "alert" });
  const hint = h("p.small.muted", { role: "status" });
  const chart = placesChart({ label: "A leaf's influence on the root against its distance", unit: "hops", height: 270, redraw: again });
  const said = h("p.small.value");
  const key = h("div.row.small.gd-key");
  const element = h("section.gd-part", { "aria-label": "The bottleneck tree" }, h("h3", "Over-squashing: a narrow way for much"),
    h("p.gd-about", "Messages go up a binary tree. The leaves double with every hop, but what the root hears stays as narrow as one layer. How much of a leaf arrives is the size of the derivative of the root's features by the leaf's, ‖∂h_root / ∂x_leaf‖, measured in networks that have learned nothing yet."),
    h("div.gd-controls", kinds.element, size.element), sentence, problem,
    h("div.gd-wide", h("div.stack", h("div.gd-tree", view.element), h("div.row", scale.element, clear), hint),
      h("div.stack", h("h4", "A leaf's influence against its distance"), h("p.label", "‖∂h_root / ∂x_leaf‖ of untrained networks, logarithmic; a band over three seeds"), key, chart.element, said)),
    recall.element);

  const sourceOf = (edge) => (edge < 2 ** (radius + 1) - 2 ? edge + 1 : 2 ** radius - 1 + jumps[edge - (2 ** (radius + 1) - 2)]);

  function flip(node) {
    if (node === null) return;
    const leaf = node - (2 ** radius - 1);
    if (leaf < 0) {
      setText(hint, "Only a leaf can get an edge to the root here: the leaves stand in the lowest row.");
      return;
    }
    setText(hint, "");
    jumps = jumps.includes(leaf) ? jumps.filter((one) => one !== leaf) : [...jumps, leaf].sort((a, b) => a - b);
    happened("bottleneck_seen");
    again();
  }

  async function ask() {
    const options = { ask: "reach", kind, radius, seeds: SEEDS, shortcuts: jumps };
    const name = JSON.stringify(options);
    if (asked === name) return;
    asked = name;
    const reply = await live.ask({ do: "probe", panel: "depth", options }, { quiet: true });
    if (ctx.signal.aborted || asked !== name) return;
    setText(problem, reply.kind === "reply" ? "" : reply.numbers.text);
    if (reply.kind !== "reply") return;
    answer = { kind, radius, jumps: [...jumps], seeds: SEEDS, node: reply.arrays.node.data, plain: reply.arrays.node_plain.data };
    again();
  }

  async function askDistance() {
    if (distant) return;
    distant = true;
    const reply = await live.ask({ do: "probe", panel: "depth", options: { ask: "distance", most: RADIUS.high, seeds: SEEDS } }, { quiet: true });
    if (ctx.signal.aborted || reply.kind !== "reply") return;
    const { leaf, paths } = reply.arrays;
    const [, most, seeds] = leaf.shape;
    const points = (k) => Array.from({ length: most }, (_, r) => summary([...leaf.data.slice((k * most + r) * seeds, (k * most + r + 1) * seeds)]));
    far = { most, leaf: Object.fromEntries(KINDS.map(([name], k) => [name, points(k)])), paths: [...paths.data] };
    again();
  }

  function picture(colors) {
    const { radius: r, node, jumps: cut } = answer;
    const nodes = Array.from({ length: 2 ** (r + 1) - 1 }, (_, k) => {
      const level = Math.floor(Math.log2(k + 1));
      const place = k + 1 - 2 ** level;
      const isLeaf = level === r;
      return {
        x: ((2 * place + 1) / 2 ** level - 1) * 1.02, y: TALL * (1 - (2 * level) / r), fill: scale.color(node[k]), radius: k === 0 ? 9 : r > 5 ? 3.5 : r > 4 ? 5 : 7.5,
        ring: cut.includes(k - 2 ** r + 1) ? colors.accent : null, name: k === 0 ? "root" : isLeaf && (r <= 3 || cut.includes(place)) ? `leaf ${place + 1}` : "",
      };
    });
    const edges = Array.from({ length: nodes.length - 1 }, (_, k) => ({ a: k + 1, b: Math.floor(k / 2), width: 1.2 }));
    for (const leaf of cut) edges.push({ a: 2 ** r - 1 + leaf, b: 0, color: colors.accent, width: 2, dashed: true });
    return { nodes, edges, directed: r <= 4, reach: [1.02, TALL] };
  }

  let shown = null;
  function draw() {
    ask();
    askDistance();
    const { colors } = ctx;
    clear.classList.toggle("hidden", !jumps.length);
    if (answer) {
      scale.draw(colors, [...answer.node], "influence on the root");
      view.show(picture(colors));
      view.draw(colors);
      setText(sentence, treeWords(answer));
      shown = { ...answer, node: [...answer.node], plain: [...answer.plain], words: sentence.textContent, fills: view.read().nodes.map(({ fill }) => fill) };
    }
    if (far) {
      const ways = KINDS.map(([name, label]) => ({ name: label, color: colors.classes[INKS[name]], points: far.leaf[name] }));
      ways.push({ name: "paths alone", color: colors.muted, dash: [5, 4], points: far.paths.map((value) => summary([value])) });
      chart.show({ places: far.paths.map((_, k) => k + 1), logY: true, ways });
      chart.draw(colors);
      setText(said, distanceWords(far));
      if (key.dataset.dark !== String(colors.dark)) {
        key.dataset.dark = colors.dark;
        key.replaceChildren(...ways.map(({ name, color }) => h("span.gd-name", h("i", { style: { background: color } }), name)));
      }
    }
    recall.draw();
  }

  return {
    element, draw,
    read: () => shown && { ...shown, asked: { kind, radius, jumps: [...jumps] }, distance: far && chart.read(), said: said.textContent, hint: hint.textContent },
    onPage(node) {
      const { left, top } = view.canvas.getBoundingClientRect();
      const { x, y } = view.read().nodes[node];
      return [left + x, top + y];
    },
  };
}
