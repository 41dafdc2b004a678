// Over-smoothing with training: the stage's settings at every depth, plainly and with each mend, as a job beside the run.

import { h, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { placesChart, summary } from "./chart.js";
import { someOf } from "./choice.js";
import { trainedWords, WAYS } from "./trainedwords.js";

const SEEDS = { name: "seeds", kind: "range", label: "Seeds", low: 1, high: 5, whole: true, default: 3, help: "Trainings of every point, each from other first weights. The band goes from the lowest to the highest." };
const STEPS = { name: "steps", kind: "range", label: "Steps", low: 10, high: 400, whole: true, log: true, default: 100, help: "Training steps of every network." };
const DEPTHS = { name: "deepest", kind: "range", label: "Deepest", unit: "layers", low: 2, high: 16, whole: true, default: 16, help: "The largest number of layers that is trained." };
const ALL = [1, 2, 3, 4, 6, 8, 12, 16];
const CHANGES = { plain: {}, residual: { residual: true }, pairnorm: { norm: "pairnorm" }, dropedge: { drop_edge: 0.5 } };
const KARATE = { dataset: "karate", task: "node", features: "identity", graph: "" };
const MEASURES = { held: "held_accuracy", seen: "train_accuracy", spread: "spread" };
const INKS = { plain: 1, residual: 0, pairnorm: 2, dropedge: 3 };

export function buildTrained({ live, ctx, settings, happened }) {
  let [seeds, steps, deepest, found, begun] = [3, 100, 16, null, null];
  const again = () => ctx.redraw();
  const mends = someOf("Mends beside it", WAYS.slice(1), ["residual", "pairnorm", "dropedge"], again);
  const knobs = [knob(SEEDS, { onchange: (value) => { seeds = value; again(); } }), knob(STEPS, { onchange: (value) => { steps = value; again(); } }), knob(DEPTHS, { onchange: (value) => { deepest = value; again(); } })];
  const depths = () => ALL.filter((depth) => depth <= deepest).concat(ALL.includes(deepest) ? [] : [deepest]);
  const ways = () => ["plain", ...mends.chosen];
  const job = buildJob({
    live, ctx, label: "Train every depth", again: "Train every depth again",
    command: () => ({ do: "probe", panel: "depth", options: { ask: "train", depths: begun.depths, ways: begun.ways, seeds, steps } }),
    onbegin() {
      const { spec } = live.scene.numbers;
      begun = { depths: depths(), ways: ways(), of: settingsKey(spec), said: words(spec), seeds, steps, isDone: false };
      hold(true);
    },
    took(answer) {
      if (!answer.arrays.depth) return;
      found = read(answer, begun);
      if (found.isDone) happened("depth_trained");
      again();
    },
  });
  job.element.querySelector("button").classList.add("primary");
  new MutationObserver(again).observe(job.element, { attributes: true, attributeFilter: ["aria-busy"] }); // also when it was cancelled
  const charts = {
    held: placesChart({ label: "Held-back accuracy against layers", unit: "layers", redraw: again, onpick: choose }),
    seen: placesChart({ label: "Accuracy on the told nodes against layers", unit: "layers", redraw: again, onpick: choose }),
    spread: placesChart({ label: "Spread of the embeddings against layers", unit: "layers", redraw: again, onpick: choose }),
  };
  const sentence = h("p.gd-sentence.value", { "aria-live": "polite" });
  const key = h("div.row.small.gd-key");
  const about = h("p.small.muted.value");
  const stale = h("p.small.gd-stale");
  const said = h("p.small.muted", { role: "status" });
  const figure = (name, title, text) => h("figure.stack", h("h4", title), h("p.label", text), charts[name].element);
  const body = h("div.gd-results.hidden", sentence, stale, key, h("div.gd-three",
    figure("held", "Held-back accuracy", "Nodes whose class was not told; a band from the lowest to the highest seed"),
    figure("seen", "Accuracy on the told nodes", "What training makes right: whether the network can be trained at all"),
    figure("spread", "Spread of the embeddings", "Mean cosine distance of two nodes after the last layer (MAD): 0, all point one way")), said);
  const offer = h("div.gd-offer.hidden", h("p"), h("button", { type: "button", onclick: () => settings.change(KARATE) }, "Open the karate club with classes"));
  const form = h("div.stack", h("div.gd-controls", mends.element, knobs.map(({ element }) => element)), job.element, about);
  const element = h("section.gd-part", { "aria-label": "Trained at every depth" }, h("h3", "With training: how deep may it be?"),
    h("p.gd-about", "Now with weights: the stage's settings trained with 1 to 16 layers, all as wide as the first, each from several seeds. Three mends are tried beside it: a residual adds a layer's input to its output, PairNorm keeps the nodes' mean distance, DropEdge leaves out half of the edges in every training step."),
    offer, form, body);

  function hold(on) {
    for (const one of knobs) one[on ? "disable" : "enable"]("");
    mends.hold(on);
  }

  // Everything of the settings that these trainings depend on.
  function settingsKey(spec) {
    const { dataset, graph, task, features, layer, heads, aggregate, activation, dropout, optimizer, learning_rate, weight_decay, seed, hidden } = spec;
    return JSON.stringify([dataset, graph, task, features, layer, heads, aggregate, activation, dropout, optimizer, learning_rate, weight_decay, seed, hidden[0]]);
  }

  function words(spec) {
    const named = (name) => { const { options = [], labels = [] } = settings.fields[name] ?? {}; return labels[options.indexOf(spec[name])] ?? spec[name]; };
    return `${named("layer")} on ${named("dataset")}${spec.graph ? " as edited" : ""}, ${spec.hidden[0]} wide, learning rate ${spec.learning_rate}, seeds from ${spec.seed}`;
  }

  function read({ arrays, numbers }, plan) {
    const places = [...arrays.depth.data];
    const size = arrays.held_accuracy.shape[2];
    const rows = (name) => Object.fromEntries(plan.ways.map((way, w) => [way, places.map((_, d) => summary([...arrays[name].data.slice((w * places.length + d) * size, (w * places.length + d + 1) * size)]))]));
    return { ...plan, depths: places, width: arrays.width.data[0], ...Object.fromEntries(Object.entries(MEASURES).map(([short, name]) => [short, rows(name)])), isDone: !numbers.progress };
  }

  async function choose(way, place) {
    const [name, depth] = [found.ways[way], found.depths[place]];
    setText(said, "");
    const plain = { residual: false, norm: "none", drop_edge: 0 };
    const isTaken = await settings.change({ hidden: Array(depth).fill(found.width), ...plain, ...CHANGES[name] });
    setText(said, isTaken ? `The stage now has ${depth} layer${depth === 1 ? "" : "s"} of ${found.width}, ${WAYS.find(([one]) => one === name)[1].toLowerCase().replace("pairnorm", "PairNorm").replace("dropedge", "DropEdge")}.` : "The stage could not take that: see its message.");
  }

  function draw() {
    const { spec } = live.scene.numbers;
    const isNode = spec.task === "node";
    if (!job.running) hold(false);
    offer.classList.toggle("hidden", isNode);
    form.classList.toggle("hidden", !isNode && !job.running);
    setText(offer.firstChild, `This half needs nodes with classes, to see how many are right at every depth; here ${spec.task === "link" ? "edges are to be found" : "whole graphs are answered"}.`);
    setText(about, `${depths().length * ways().length * seeds} trainings: ${words(spec)}. The run above stays as it is.`);
    body.classList.toggle("hidden", !found);
    if (!found) return;
    const { colors } = ctx;
    setText(sentence, trainedWords(found));
    setText(stale, found.of === settingsKey(spec) ? "" : `These are of the settings at that time: ${found.said}.`);
    const shown = JSON.stringify([found.ways, colors.dark]);
    if (key.dataset.shown !== shown) {
      key.dataset.shown = shown;
      key.replaceChildren(...found.ways.map((way) => h("span.gd-name", h("i", { style: { background: colors.classes[INKS[way]] } }), WAYS.find(([name]) => name === way)[1])));
    }
    for (const [name, chart] of Object.entries(charts)) {
      chart.show({ places: found.depths, isShare: name !== "spread", ways: found.ways.map((way) => ({ name: WAYS.find(([one]) => one === way)[1], color: colors.classes[INKS[way]], points: found[name][way] })) });
      chart.draw(colors);
    }
  }

  return {
    element, draw,
    read: () => ({ running: job.running, found: found && { depths: found.depths, ways: found.ways, width: found.width, isDone: found.isDone, words: sentence.textContent, stale: stale.textContent, charts: Object.fromEntries(Object.entries(charts).map(([name, chart]) => [name, chart.read()])) }, said: said.textContent, offered: !offer.classList.contains("hidden") }),
    onPage: (name, way, place) => charts[name].onPage(way, place),
  };
}
