// RNN, GRU and LSTM with the same seed on the same sequence: three rows of tokens, three curves, three numbers.

import { CELL_NAMES, cellColor, KINDS } from "../lib/cellkinds.js";
import { curveChart } from "../lib/curve.js";
import { h, number, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { stepsOf } from "../lib/steps.js";
import { Tokens } from "../lib/tokens.js";
import { Asker } from "./asking.js";
import { answerAt, byDistance, DECADES, decayWords, largestOf, readNorms, shade } from "./norms.js";
import { readSpectrum } from "./spectrum.js";

const BIAS = { name: "forget_bias", kind: "range", label: "Forget bias of the LSTM", low: -5, high: 5, default: 1, help: "What the forget gate's bias begins with: σ(1) = 0.73 of a cell is kept each step, σ(5) = 0.993. Source: F. Gers et al., 2000; R. Jozefowicz et al., 2015." };
const GAIN = { name: "gain", kind: "range", label: "Gain of the RNN", low: 0.5, high: 3, default: 1, help: "The RNN's recurrent matrix begins as a rotation times this number, which is then its spectral radius." };
const DISTANCE = { name: "distance", kind: "range", label: "Steps read", unit: "steps", low: 4, high: 200, whole: true, default: 60, help: "How much of the sequence is read, and so how far back an answer can look." };
const TRAINED = { name: "trained", kind: "range", label: "Training", unit: "steps", low: 20, high: 2000, whole: true, log: true, default: 200, help: "Each of the three learns the task of this page for so many steps, with its settings." };

export function buildCells({ live, ctx }) {
  const steps = stepsOf({ live, ctx });
  const wanted = { forget_bias: 1, gain: 1, distance: 60, trained: 200 };
  const change = (name) => (value) => { wanted[name] = value; isTrained = false; ctx.redraw(); };
  let shown = null; // {reply, tokens}
  let isTrained = false; // whether what is shown was trained
  let state = null;
  const knobs = [BIAS, GAIN, DISTANCE].map((field) => knob(field, { value: wanted[field.name], onchange: change(field.name) }));
  const training = knob(TRAINED, { value: wanted.trained, onchange: (value) => { wanted.trained = value; } });
  const job = buildJob({
    live, ctx, label: "Train the three", again: "Train them again",
    command: () => ({ do: "probe", panel: "through_time", options: { ...options(), trained: wanted.trained } }),
    took: (answer) => take(answer, true),
  });
  const rows = KINDS.map((cell) => {
    const tokens = new Tokens({ label: `${CELL_NAMES[cell]}: what is read, coloured by the gradient`, colors: () => ctx.colors, onhover: (at) => steps.hover(at), onpick: (at) => steps.pick(at) });
    const name = h("b", CELL_NAMES[cell]);
    const words = h("span.small.value");
    return { cell, tokens, name, words, element: h("div.cell-row", h("div.cell-head", name, words), tokens.element) };
  });
  const which = h("p.small.muted.value");
  const chart = curveChart({ height: 270, unit: "steps back", redraw: ctx.redraw, label: "Norm of the gradient against distance for three cells, logarithmic" });
  const verdict = h("p.value.decay", { "aria-live": "polite" });
  const problem = h("p.problem.small", { role: "alert" });
  const element = h("section.part.of-cells", { "aria-label": "Three cells, one beginning" },
    h("h3", "Three cells, one beginning"),
    h("p.about", `An RNN, a GRU and an LSTM as they are first drawn from this run's seed, of its sizes, read the same sequence. In each row the colours go from the row's own largest down to ${number(10 ** -DECADES)} of it.`),
    h("div.knobs", knobs.map((each) => each.element)), problem, which,
    rows.map((row) => row.element),
    h("figure", h("figcaption.label", "‖∂z/∂x‖ against distance, mean over the last answers"), chart.element), verdict,
    h("div.train-row", training.element, job.element));
  const asker = new Asker({ live, ctx, key: keyOf, options, took: (answer, key) => { if (!isTrained) take(answer, false, key); } });

  function options() {
    const { forget_bias, gain, distance } = wanted;
    return { of: "cells", forget_bias, gain, distance };
  }

  // The sizes, the seed and the sequence count, not the moment of the training.
  function keyOf() {
    const { scene } = live;
    if (!scene || isTrained || job.running) return null;
    return `${live.shown} ${scene.version} ${sequence()} ${JSON.stringify(options())}`;
  }

  const sequence = () => { const { arrays } = live.scene; return [...(arrays.ids ?? arrays.values).data].join(); };

  function take(answer, trained) {
    if (answer.numbers.progress) return; // one or two of the three
    setText(problem, answer.kind === "note" ? answer.numbers.text : "");
    if (answer.kind === "note") return;
    isTrained = trained;
    shown = { reply: answer, sequence: sequence(), trained };
    ctx.redraw();
  }

  function labels(count) {
    const { numbers, arrays } = live.scene;
    if (arrays.ids) return [...arrays.ids.data.subarray(0, count)].map((id) => numbers.vocabulary[id]);
    const features = arrays.values.shape[1];
    return Array.from({ length: count }, (_, t) => Number(arrays.values.data[t * features].toFixed(2)));
  }

  function showRow({ cell, tokens, name, words }) {
    const found = readNorms(shown.reply, `${cell}_`);
    const answer = answerAt(found, steps.at !== null && steps.at >= found.places[0] ? steps.at : null);
    const row = found.row(answer);
    const largest = largestOf(row);
    tokens.set({ tokens: labels(found.steps), values: [...row].map((norm) => shade(norm, largest)), words: live.scene.numbers.words });
    tokens.paint();
    tokens.light(found.places[answer] < found.steps ? found.places[answer] : null, { pinned: steps.pinned });
    name.style.color = cellColor(cell, ctx.colors);
    setText(words, found.decay ? `× ${number(found.decay)} a step · ${keeps(cell)} · largest ${number(largest)}` : `largest ${number(largest)}`);
    return { ...found, answer, largest };
  }

  function keeps(cell) {
    const spectrum = readSpectrum(shown.reply, 0, `${cell}_`);
    return spectrum.kept ? `${cell === "lstm" ? "forget gate" : "update gate"} ${number(spectrum.median)}, most open ${number(spectrum.largest)}` : `ρ ${number(spectrum.radius)}, mean tanh′ ${number(spectrum.slope)}`;
  }

  function say(all) {
    const ranked = KINDS.filter((cell) => all[cell].decay).sort((a, b) => all[b].decay - all[a].decay);
    if (!ranked.length) return live.scene.numbers.spec.bidirectional ? "Both directions read, so no single distance counts." : "The sequence is too short for a line.";
    const each = ranked.map((cell) => `${CELL_NAMES[cell]} ${decayWords(all[cell].decay, all[cell].means.length)}`).join("; ");
    const { radius, slope } = readSpectrum(shown.reply, 0, "rnn_");
    const saturated = all.rnn.decay < radius ? ` A linear network with its spectral radius would have × ${number(radius)}; the slopes of tanh, ${number(slope)} on average, take the rest.` : "";
    return `${each}.${all.rnn.decay > 1.0005 ? ` The RNN's gradient explodes.${saturated}` : ""}`;
  }

  function draw() {
    asker.nudge();
    const fits = shown && shown.sequence === sequence();
    if (shown && !fits && shown.trained) isTrained = false; // another sequence: fresh ones again
    element.classList.toggle("waiting", !fits);
    if (!fits) return;
    const all = Object.fromEntries(rows.map((row) => [row.cell, showRow(row)]));
    const { places, answer, answers } = all.lstm;
    const trained = shown.trained ? `trained for ${number(wanted.trained)} steps` : "not trained";
    const choose = answers > 1 ? ` Point at one of the last ${number(answers)} tokens to choose another answer.` : "";
    setText(which, `The three are ${trained}. Shown: what is said ${live.scene.numbers.pattern === "decoder" ? `as letter ${answer + 1}` : `at step ${number(places[answer] + 1)}`}.${choose}`);
    const { colors } = ctx;
    chart.show({
      logY: true,
      series: KINDS.map((cell) => {
        const { means } = all[cell];
        const own = answers > 1 ? { xs: [...means.keys()], ys: means } : byDistance(all[cell], answer);
        return { label: CELL_NAMES[cell], ...own, color: cellColor(cell, colors), weight: 2.2 };
      }),
    });
    chart.draw(colors);
    setText(verdict, say(all));
    state = { trained: shown.trained, answer, wanted: { ...wanted }, sentence: verdict.textContent, ...Object.fromEntries(KINDS.map((cell) => [cell, { decay: all[cell].decay, means: [...all[cell].means], row: [...all[cell].row(all[cell].answer)], spectrum: readSpectrum(shown.reply, 0, `${cell}_`) }])) };
  }

  return { element, draw, read: () => ({ cells: state }) };
}
