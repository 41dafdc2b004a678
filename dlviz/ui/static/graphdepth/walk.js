// Over-smoothing without a weight: the nodes after k layers of passing on, how alike they are, and the eigenvalues that say how fast.

import { curveChart } from "../lib/curve.js";
import { fit, h, icon, number, setText } from "../lib/dom.js";
import { classFill, GraphView } from "../lib/graphview.js";
import { graphOf } from "../lib/graphs.js";
import { inSlices } from "../lib/slices.js";
import { oneOf } from "./choice.js";
import { equationWords, KINDS, walkWords } from "./walkwords.js";
import { atMost, wholeWalk } from "./walking.js";

export const MOST = 32;
const SPEED = 3; // layers a second
const FLOOR = 1e-12; // below it what a number has lost to rounding is seen, not the graph
const FILLED = 0.95; // of ±1
const LINES = [["away", "not the limit", 1], ["energy", "Dirichlet energy", 0], ["cosine", "cosine distance (MAD)", 2], ["variance", "variance", 4]];

/** Which picture of the features: places in the drawing, or the network's x along two fixed directions. */
const direction = (f, c) => Math.sin(12.9898 * (f + 1) + 78.233 * (c + 1)) + Math.cos(4.1414 * (f + 1) * (c + 2));

export function buildWalk({ live, ctx, pick, happened }) {
  let [kind, source, k, zoomed, playing, done, wanted, before] = ["gcn", "places", 0, false, false, null, null, 0];
  const again = () => ctx.redraw();
  const kinds = oneOf("Passed on by", Object.entries(KINDS), kind, (value) => { kind = value; again(); });
  const sources = oneOf("Features to begin with", [["places", "Places in the drawing"], ["x", "The network's own x"]], source, (value) => { source = value; again(); });
  const view = new GraphView({ label: "The nodes after k layers", onhover: (node) => pick.set({ hovered: node }), onpick: (node) => { if (node !== null) pick.set({ node }); } });
  const slider = h("input", { type: "range", min: 0, max: MOST, step: 1, value: 0, "aria-label": "Layers passed through, k", oninput: () => { stop(); go(slider.valueAsNumber); } });
  const where = h("output.value.gd-where");
  const play = h("button.round", { type: "button", onclick: () => (playing ? stop() : begin()) });
  const zoom = h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => { zoomed = !zoomed; again(); } }, "Zoom in on them");
  const shapes = h("p.small.muted.value");
  const equation = h("p.small.value.gd-equation");
  const chart = curveChart({ height: 270, unit: "layer", redraw: again, onpick: (step) => { stop(); go(step); }, label: "How alike the nodes are against layers" });
  const strip = h("canvas.gd-strip", { role: "img" });
  const sentence = h("p.gd-sentence.value", { "aria-live": "polite" });
  const facts = Object.fromEntries(LINES.map(([name, label, ink]) => [name, { ink, label: h("dt", h("i"), label), value: h("dd.value") }]));
  const list = h("dl.gd-facts", Object.values(facts).map(({ label, value }) => h("div", label, value)));
  const about = h("p.small.muted");
  const element = h("section.gd-part", { "aria-label": "Passing on without weights" }, h("h3", "Before any training: passing on makes nodes alike"),
    h("p.gd-about", "Take away every weight and only pass the features on, layer after layer. Each node becomes a mixture of its neighbours, and what told the nodes apart fades."),
    h("div.gd-controls", kinds.element, sources.element), sentence,
    h("div.gd-two", h("div.stack", h("div.gd-graph", view.element), h("div.gd-scrub", play, slider, where), h("div.row", zoom, shapes), equation),
      h("div.stack", h("h4", "How alike they are, over their size"), chart.element, list, h("h4", "Every eigenvalue"), strip, about)));

  function go(next) {
    k = next;
    happened("depth_walked");
    again();
  }

  function begin() {
    if (k >= MOST) k = 0;
    playing = true;
    before = performance.now();
    happened("depth_walked");
    again();
  }

  function stop() {
    playing = false;
    k = Math.round(k);
    again();
  }

  function turn() {
    if (!playing) return;
    const now = performance.now();
    const share = ((now - before) / 1000) * SPEED;
    if (ctx.reducedMotion && share < 1) { requestAnimationFrame(again); return; }
    before = now;
    k = Math.min(MOST, k + (ctx.reducedMotion ? 1 : Math.min(share, 0.5)));
    if (k >= MOST) playing = false;
    else requestAnimationFrame(again);
  }

  // The walk of what is chosen: at once for a small graph, in slices for a large one.
  function compute(graph) {
    const key = [graph, kind, source];
    if (!graph.count || (wanted && key.every((value, i) => value === wanted[i]))) return;
    wanted = key;
    const [x, width] = source === "places" ? [Float64Array.from(graph.places), 2] : [Float64Array.from(graph.x), graph.inputs];
    inSlices(wholeWalk(kind, graph, x, width, MOST), (walk) => {
      done = { ...walk, graph, source, words: walkWords(walk, graph.count), flat: flatten(walk) };
      again();
    }, { signal: ctx.signal, wanted: () => wanted === key });
  }

  // Two numbers a node for the picture, of every layer; `first`: the largest before any layer.
  function flatten({ features, width }) {
    const two = features.map((row) => {
      const out = new Float64Array((row.length / width) * 2);
      row.forEach((value, at) => {
        const [i, f] = [Math.floor(at / width), at % width];
        if (width <= 2) out[2 * i + f] = value;
        else for (const c of [0, 1]) out[2 * i + c] += value * direction(f, c);
      });
      return out;
    });
    const largest = two.map((row) => row.reduce((best, value) => Math.max(best, Math.abs(value)), 0));
    return { two, largest };
  }

  function placesAt({ flat, how }) {
    const low = Math.floor(k);
    const share = k - low;
    const isZoomed = zoomed || how.kind === "naive";
    const scaled = (at) => {
      const size = (isZoomed ? flat.largest[at] : flat.largest[0]) || 1;
      return flat.two[at].map((value) => (FILLED * value) / size);
    };
    const from = scaled(low);
    if (!share) return from;
    const to = scaled(low + 1);
    return from.map((value, at) => value + share * (to[at] - value));
  }

  function drawStrip(colors) {
    const { pen, width, height } = fit(strip);
    pen.clearRect(0, 0, width, height);
    if (!width) return;
    const { values, alike, second } = done.found;
    const far = Math.max(1e-9, ...values.map(Math.abs));
    const toX = (value) => 14 + ((value / far + 1) / 2) * (width - 28);
    const line = height - 30;
    pen.strokeStyle = colors.line;
    pen.beginPath();
    pen.moveTo(toX(-far), line + 0.5);
    pen.lineTo(toX(far), line + 0.5);
    pen.stroke();
    pen.font = `12px ${colors.font}`;
    pen.textBaseline = "top";
    pen.textAlign = "center";
    pen.fillStyle = colors.muted;
    for (const value of [-far, 0, far]) {
      pen.textAlign = value < 0 ? "left" : value > 0 ? "right" : "center";
      pen.fillText(number(value), value < 0 ? 2 : value > 0 ? width - 2 : toX(0), line + 9);
    }
    values.forEach((value, at) => {
      const isMost = at < alike;
      const isSecond = !isMost && Math.abs(Math.abs(value) - Math.abs(second)) < 1e-9;
      pen.strokeStyle = isMost ? colors.ink : isSecond ? colors.accent : colors.muted;
      pen.globalAlpha = isMost || isSecond ? 1 : 0.55;
      pen.lineWidth = isMost || isSecond ? 3 : 1.25;
      pen.beginPath();
      pen.moveTo(toX(value), line - (isMost || isSecond ? 24 : 15));
      pen.lineTo(toX(value), line);
      pen.stroke();
    });
    pen.globalAlpha = 1;
    strip.setAttribute("aria-label", `${values.length} eigenvalues from ${number(values.at(-1))} to ${number(values[0])}; in size the largest other one is ${number(second)}`);
    setText(about, `Tall: the largest, ${number(values[0])}${alike > 1 ? ` (${alike} times)` : ""}. Tall and in colour: the next in size, ${number(second)}. The further they are apart, the faster all nodes grow alike. Dashed above: what the eigenvalues allow at most.`);
  }

  function drawChart(colors) {
    const { rows, found } = done;
    const xs = rows.map((_, at) => at);
    const series = LINES.map(([name, label, ink]) => ({ label, xs, ys: rows.map((row) => (row[name] > FLOOR ? row[name] : NaN)), color: colors.classes[ink] }));
    if (found.rate > 0 && found.rate < 1) series.push({ label: "at most, by λ", xs, ys: xs.map((at) => Math.max(atMost(rows[0].away, found.rate, at), FLOOR)), color: colors.muted, dash: [5, 4], weight: 1.5 });
    chart.show({ series: series.filter(({ ys }) => ys.some(Number.isFinite)), logY: true, cursor: k, marks: [], last: MOST });
    chart.draw(colors);
  }

  let shown = null;
  function draw() {
    const graph = graphOf(live.scene);
    compute(graph);
    turn();
    if (!done || done.graph !== graph) return;
    const { colors } = ctx;
    const at = Math.round(k);
    const places = placesAt(done);
    const small = graph.count > 60 ? 4.5 : 7;
    view.show({
      nodes: graph.names.map((name, i) => ({ x: places[2 * i], y: places[2 * i + 1], fill: classFill(colors, graph.labels[i]), radius: small, name })),
      edges: graph.edges.map(([a, b], e) => ({ a, b, alpha: graph.held[e] ? 0.15 : 0.5, width: 1 })), hovered: pick.hovered, picked: pick.node, directed: false,
    });
    view.draw(colors);
    slider.value = at;
    slider.style.setProperty("--share", k / MOST);
    slider.setAttribute("aria-valuetext", `${at} layers`);
    setText(where, `k = ${at}`);
    if (play.dataset.state !== String(playing)) {
      play.dataset.state = playing;
      play.replaceChildren(icon(playing ? "pause" : "play"));
      play.setAttribute("aria-label", playing ? "Pause" : "Play the layers");
    }
    const always = done.how.kind === "naive";
    zoom.disabled = always;
    zoom.setAttribute("aria-pressed", zoomed || always);
    setText(shapes, `${graph.count} × ${done.width}${done.width > 2 ? ", seen along two fixed directions" : ""}${graph.directed ? "; here messages go both ways" : ""}`);
    setText(sentence, done.words);
    setText(equation, graph.count ? equationWords(done, graph.names, Math.min(pick.hovered ?? pick.node ?? 0, graph.count - 1), at) : "");
    LINES.forEach(([name, , ink]) => {
      facts[name].label.firstChild.style.background = colors.classes[ink];
      setText(facts[name].value, Number.isFinite(done.rows[at][name]) ? (done.rows[at][name] < FLOOR ? "0" : number(done.rows[at][name])) : "none");
    });
    drawChart(colors);
    drawStrip(colors);
    shown = { kind: done.how.kind, source: done.source, k: at, count: graph.count, values: [...done.found.values], rate: done.found.rate, second: done.found.second, alike: done.found.alike, parts: done.parts, even: done.even,
      measures: Object.fromEntries(LINES.map(([name]) => [name, done.rows.map((row) => row[name])])), features: [...done.features[at]], places: [...places], words: sentence.textContent, equation: equation.textContent, facts: Object.fromEntries(LINES.map(([name]) => [name, facts[name].value.textContent])), playing, zoomed };
  }

  return { element, draw, read: () => shown };
}
