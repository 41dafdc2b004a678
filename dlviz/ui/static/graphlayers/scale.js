// The naive layer's trouble with scale and its mend: lengths of embeddings against degree, and their growth layer by layer.

import { curveChart } from "../lib/curve.js";
import { h, number, setText, steady } from "../lib/dom.js";
import { saidName } from "../lib/graphsaying.js";
import { inSlices } from "../lib/slices.js";
import { buildScatter } from "./scatter.js";
import { largestEigenvalue, MOST, norms, pearson, spearman, SPREADS } from "./spreading.js";

const NAMES = { naive: "A", loops: "A + I", mean: "Mean", gcn: "GCN" };
const FULL = { naive: "A: the sum of the neighbours", loops: "A + I: and oneself", mean: "The mean of the neighbours", gcn: "GCN: by both degrees" };
const LEVEL = 1 + 1e-6;

/** `{element, draw(graph, pick, colors), read()}`. */
export function buildScale({ ctx, pick, happened }) {
  let [found, of, power] = [null, null, 3];
  const nameOf = (node) => saidName(of, node);
  const scatters = Object.fromEntries(SPREADS.map((kind) => {
    const view = buildScatter({ label: `${FULL[kind]}: length against degree`, nameOf, onhover: (hovered) => pick.set({ hovered }), onpick: (node) => pick.set({ node }) });
    return [kind, { view, words: h("p.small.value"), key: h("i.gy-dash") }];
  }));
  const chart = curveChart({ height: 230, unit: "layer", redraw: () => ctx.redraw(), label: "The longest embedding after each layer", onpick: (step) => choose(Math.round(step)) });
  const slider = h("input", { type: "range", min: 1, max: MOST, step: 1, value: power, "aria-label": "Layers", oninput: () => choose(slider.valueAsNumber) });
  const where = h("output.value");
  const [words, growth, waiting] = [h("p.sentence.value", { "aria-live": "polite" }), h("p.small.value"), h("p.muted", "Multiplying …")];
  const body = h("div.stack.gy-scalebody",
    h("div.gy-slide", h("span.label", "Layers"), slider, where), words,
    h("div.gy-four", SPREADS.map((kind) => h("figure.stack", h("h4", scatters[kind].key, FULL[kind]), scatters[kind].view.element, scatters[kind].words))),
    h("p.label", "Across: degree, how many messages come in. Upwards: ‖h‖. Both logarithmic, each picture with its own scale; a dot is a node, and lights up in the graph."),
    h("figure.stack.gy-growth", h("h4", "The longest embedding, layer by layer"), chart.element, growth));
  const element = h("section.gy-part", { "aria-label": "Scale" }, h("h3", "The trouble with scale, and the mend"),
    h("p.small.muted.gy-lead", "Only the adjacency is at work here: every node begins with a vector of its own of length 1, W is the identity, no activation. What is repeated is the way each layer adds up its neighbours."),
    waiting, body);

  function choose(k) {
    power = Math.min(MOST, Math.max(1, k));
    slider.value = power;
    happened("scale_seen");
    ctx.redraw();
  }

  function compute(graph) {
    [of, found] = [graph, null];
    inSlices(norms(graph), (lengths) => {
      const degrees = degreesOf(graph);
      const value = largestEigenvalue(graph);
      const most = Object.fromEntries(SPREADS.map((kind) => [kind, lengths[kind].map((row) => (row.length ? Math.max(...row) : 0))]));
      found = { lengths, degrees, value, most };
      ctx.redraw();
    }, { signal: ctx.signal, wanted: () => of === graph });
  }

  function agreement(kind) {
    const row = found.lengths[kind][power - 1];
    return { spearman: spearman(found.degrees, row), pearson: pearson(found.degrees, row) };
  }

  function say(said) {
    const ratio = found.most.naive[power - 1] / (power > 1 ? found.most.naive[power - 2] || 1 : 1);
    const rho = said.naive.spearman;
    const tells = rho === null ? "All nodes have the same degree or the same length, so that no correlation can be told" : `With A the length goes with the degree at ρ = ${steady(rho, 2)}, with the mean at ${said.mean.spearman === null ? "none" : steady(said.mean.spearman, 2)}, with GCN at ${said.gcn.spearman === null ? "none" : steady(said.gcn.spearman, 2)}`;
    const big = found.most.naive[power - 1];
    setText(words, big === 0 ? "No messages go far enough here: after so many layers A has nothing left to add up." : `${tells}. After ${power} ${power === 1 ? "layer" : "layers"} the longest embedding is ${number(big)} with A and ${number(found.most.gcn[power - 1])} with GCN.`);
    const bound = Math.max(...found.most.gcn) <= LEVEL;
    setText(growth, `The largest eigenvalue of A is ${number(found.value, 4)}${big && power > 1 ? `; from layer ${power - 1} to ${power} the longest grew ${number(ratio)} times` : ""}. GCN's ${bound ? "never leaves 1: its largest eigenvalue is 1" : `reaches ${number(Math.max(...found.most.gcn))}: with one-way edges its matrix is not symmetric, and 1 no longer bounds it`}.`);
  }

  let [took, read] = [0, null];
  return {
    element,
    draw(graph, colors) {
      if (of !== graph && (!of || !same(of, graph))) compute(graph);
      else of = found ? graph : of;
      body.classList.toggle("hidden", !found);
      waiting.classList.toggle("hidden", Boolean(found));
      if (!found) return;
      const began = performance.now();
      const inks = Object.fromEntries(SPREADS.map((kind, k) => [kind, colors.classes[[0, 4, 2, 1][k]]]));
      slider.style.setProperty("--share", (power - 1) / (MOST - 1));
      slider.setAttribute("aria-valuetext", `${power} layers`);
      setText(where, `k = ${power}`);
      const said = {};
      for (const kind of SPREADS) {
        const { view, words: line, key } = scatters[kind];
        key.style.background = inks[kind];
        said[kind] = agreement(kind);
        view.draw({ degrees: found.degrees, lengths: found.lengths[kind][power - 1], labels: graph.labels, hovered: pick.hovered, picked: pick.node }, colors);
        const { spearman: rho, pearson: r } = said[kind];
        setText(line, rho === null ? "no correlation: one of the two never changes" : `rank correlation ρ = ${steady(rho, 2)}, Pearson r = ${r === null ? "–" : steady(r, 2)}`);
      }
      chart.show({ series: SPREADS.map((kind) => ({ label: NAMES[kind], xs: [0, ...found.most[kind].map((_, k) => k + 1)], ys: [1, ...found.most[kind]], color: inks[kind] })), logY: true, cursor: power, last: MOST, marks: [] });
      chart.draw(colors);
      say(said);
      took = performance.now() - began;
      read = { power, said, lengths: Object.fromEntries(SPREADS.map((kind) => [kind, found.lengths[kind].map((row) => [...row])])), degrees: found.degrees, value: found.value, most: found.most, words: words.textContent, growth: growth.textContent, took, hovered: scatters.naive.view.read()?.hovered ?? null, spots: scatters.naive.view.read()?.spots };
    },
    read: () => read,
  };
}

/** How many messages each node gets, of the whole drawing without what is kept back. */
function degreesOf(graph) {
  const degrees = new Array(graph.count).fill(0);
  for (const to of graph.targets) degrees[to] += 1;
  return degrees;
}

// A node that was only moved leaves every number as it is.
function same(a, b) {
  const alike = (x, y) => x.length === y.length && x.every((value, k) => value === y[k]);
  return a.count === b.count && alike(a.sources, b.sources) && alike(a.targets, b.targets) && alike(a.weight, b.weight);
}
