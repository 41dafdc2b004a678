// The hypotheses of a beam search as a tree: a column a step, the best on top; greedy's way marked, what was cut in grey.

import { h, replace, setText, steady, svg } from "../lib/dom.js";
import { written as sign } from "../lib/tokens.js";
import { ROOT, pathOf } from "./beam.js";
import { chance } from "./words.js";

const PITCH = { x: 92, y: 42 };
const BOX = { width: 58, height: 34 };
const MARGIN = { left: 8, top: 26 };
const MOST_CUT = 4; // of those that were cut, the best ones a step

const nats = (x) => (x > -0.005 ? "0.00" : x.toFixed(2).replace("-", "−"));

export function buildTree() {
  const drawing = svg("svg", { role: "application", tabindex: 0, "aria-roledescription": "tree of hypotheses", onkeydown: key, onpointerleave: () => point(null) });
  const scroller = h("div.scroller", drawing);
  const said = h("p.small.value.said-node", { "aria-live": "polite" });
  const element = h("div.stack", scroller, said);
  let [state, at, boxes, places, columns] = [null, null, new Map(), new Map(), []];

  /** `found` of `searching`; `greedy`: nodes on greedy's way; `vocabulary`. */
  function show(found, { greedy, beams, vocabulary }) {
    const isNew = state?.found !== found;
    state = { found, greedy: new Set(greedy), best: new Set(pathOf(found.nodes, found.ranked[0].node)), beams, vocabulary };
    if (isNew) at = null;
    draw();
    point(at);
  }

  const named = (node) => (state.vocabulary[node.token] === "$" ? "end" : sign(state.vocabulary[node.token]));

  function draw() {
    const { nodes } = state.found;
    columns = [];
    nodes.forEach((node, i) => {
      const column = (columns[node.step] ??= []);
      const cut = column.filter((k) => !nodes[k].kept).length;
      if (node.kept || cut < MOST_CUT || state.greedy.has(i)) column.push(i);
    });
    places = new Map([[ROOT, [MARGIN.left, MARGIN.top]]]);
    columns.forEach((column, step) => column.forEach((i, row) => places.set(i, [MARGIN.left + (step + 1) * PITCH.x, MARGIN.top + row * PITCH.y])));
    const tall = Math.max(1, ...columns.map((column) => column.length));
    const [width, height] = [MARGIN.left * 2 + columns.length * PITCH.x + BOX.width, MARGIN.top + tall * PITCH.y];
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    Object.assign(drawing.style, { width: `${width}px`, height: `${height}px` });
    boxes = new Map();
    const [edges, heads] = [[], columns.map((_, step) => svg("text.step", { x: MARGIN.left + (step + 1) * PITCH.x + BOX.width / 2, y: 12 }, `step ${step + 1}`))];
    for (const i of [...places.keys()].filter((k) => k !== ROOT)) {
      const [x, y] = places.get(i);
      const [px, py] = places.get(nodes[i].parent);
      const [from, to] = [[px + BOX.width, py + BOX.height / 2], [x, y + BOX.height / 2]];
      const middle = (from[0] + to[0]) / 2;
      edges.push([i, svg("path.edge", { class: looks(i), d: `M${from} C${middle},${from[1]} ${middle},${to[1]} ${to}` })]);
      boxes.set(i, svg("g.node", { class: looks(i), "data-node": i, onpointerenter: () => point(i), onclick: () => point(i) },
        svg("rect", { x, y, width: BOX.width, height: BOX.height, rx: 6 }),
        svg("text.sign", { x: x + BOX.width / 2, y: y + 15 }, named(nodes[i])),
        svg("text.log", { x: x + BOX.width / 2, y: y + 28 }, nats(nodes[i].total))));
    }
    edges.sort(([a], [b]) => weight(a) - weight(b)); // greedy's and the best over the others
    const [x, y] = places.get(ROOT);
    const root = svg("g.node.kept", svg("rect", { x, y, width: BOX.width, height: BOX.height, rx: 6 }), svg("text.sign", { x: x + BOX.width / 2, y: y + 21 }, "begin"));
    replace(drawing, heads, edges.map(([, edge]) => edge), root, [...boxes.values()]);
  }

  const weight = (i) => Number(state.found.nodes[i].kept) + 2 * Number(state.best.has(i)) + 2 * Number(state.greedy.has(i));
  const looks = (i) => [state.found.nodes[i].kept ? "kept" : "cut", state.best.has(i) ? "winner" : "", state.greedy.has(i) ? "greedy" : ""].join(" ");

  function point(i) {
    if (at !== null) boxes.get(at)?.classList.remove("lit");
    at = i;
    if (!state) return;
    const { nodes } = state.found;
    const text = i === null ? `Numbers are log-probabilities of all tokens up to there, in nats: 0 is certain, −0.69 one in two. Point at a token to read its hypothesis.` : spokenOf(i, nodes);
    if (i !== null) boxes.get(i)?.classList.add("lit");
    setText(said, text);
    drawing.setAttribute("aria-label", `Tree of ${state.beams === 1 ? "1 beam" : `${state.beams} beams`}; arrow keys walk. ${i === null ? "" : text}`);
  }

  function spokenOf(i, nodes) {
    const node = nodes[i];
    const path = pathOf(nodes, i).map((k) => named(nodes[k]));
    const before = node.parent === ROOT ? 0 : nodes[node.parent].total;
    const rank = nodes.filter(({ step }) => step === node.step).indexOf(node) + 1;
    return `${path.join(" ")}: ${steady(before, 3)} ${node.total - before < 0 ? "−" : "+"} ${steady(Math.abs(node.total - before), 3)} = ${steady(node.total, 3)} (probability ${chance(node.total)}); ${rank}. of step ${node.step + 1}, ${node.kept ? "kept" : "cut"}${state.greedy.has(i) ? ", on greedy's way" : ""}.`;
  }

  function key(event) {
    if (!state) return;
    const { nodes } = state.found;
    const step = at === null ? 0 : nodes[at].step;
    const column = columns[step];
    const row = column.indexOf(at);
    const to = {
      ArrowDown: () => column[Math.min(column.length - 1, row + 1)], ArrowUp: () => column[Math.max(0, row - 1)],
      ArrowLeft: () => (at === null || nodes[at].parent === ROOT ? column[0] : nodes[at].parent),
      ArrowRight: () => (at === null ? column[0] : (columns[step + 1] ?? []).find((k) => nodes[k].parent === at) ?? at),
      Escape: () => null,
    }[event.key]?.();
    if (to === undefined) return;
    point(to);
    if (to !== null) reveal(to);
    event.preventDefault();
    event.stopPropagation();
  }

  function reveal(i) {
    const [x] = places.get(i);
    if (x < scroller.scrollLeft || x + PITCH.x > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = x - scroller.clientWidth / 2;
  }

  return { element, show, get at() { return at; } };
}
