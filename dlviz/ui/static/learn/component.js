// Learn the kernel: the hidden kernel, what the learner has of it, and one pair, at every moment of the run.

import { readLayers } from "../lib/conv.js";
import { curveChart } from "../lib/curve.js";
import { h, number, replace, setText } from "../lib/dom.js";
import { Grid, limitOf } from "../lib/grid.js";
import { mount } from "../lib/mount.js";
import { seriesOfPage } from "../lib/series.js";
import { problemLine, settingsOf } from "../lib/settings.js";
import { chooser, hideAnother, setUp } from "./choices.js";
import { weightEditor } from "./edit.js";
import { KernelView, largestDifference, largestOfProducts, sum } from "./kernel.js";
import { pairView } from "./pair.js";
import { questionMarks, veil } from "./veil.js";
import { chained, flatAnswer, progress, reasons } from "./words.js";

export const styles = ["lib/grid.css"];

const FOCUS = "convolution.focus";
const ON_STAGE = "convolution.learned";
const LARGEST = 72; // px of a cell of a kernel
const WIDEST = 260; // px of a kernel
const FAINTEST = 0.1; // of the kernel's largest weight: a gradient below it fades into the page, as learning does

export default mount((root, live, ctx) => {
  const stage = { live, ctx };
  const settings = settingsOf(stage);
  const chosen = { at: 0, o: 0, i: 0 };
  let now = null; // what is shown: {view, hidden, learned, difference, gradient, …}

  const kernel = (label, about, more = {}) => new Grid({
    label, largest: LARGEST, onwalk: (place) => focus(place), onhover: (place) => focus(place), ...more,
  });
  const grids = {
    hidden: kernel("Hidden kernel"),
    learned: kernel("Learned kernel", "", { onpick: edit }),
    difference: kernel("Learned − hidden"),
    gradient: kernel("Gradient"),
  };
  const marks = { hidden: questionMarks(), difference: questionMarks() };
  for (const [name, { element }] of Object.entries(marks)) grids[name].element.append(element);
  const notes = Object.fromEntries(Object.keys(grids).map((name) => [name, h("p.small.muted.value.note")]));
  const setup = setUp(stage);
  const guess = veil({ live, field: settings.fields.kernel, onchange: () => ctx.redraw() });
  guess.element.append(hideAnother(stage, () => guess.hide()), guess.verdict);
  const editor = weightEditor({ live, onclose: () => ctx.redraw() });
  const onStage = h("button.chip", { type: "button", onclick: () => live.shared.set(ON_STAGE, live.shared.get(ON_STAGE) !== true) }, "Show on the stage");
  const choices = chooser(chosen, () => { editor.close(); ctx.redraw(); });
  const kernels = h("section.kernels", { "aria-label": "Kernels" },
    Object.entries(grids).map(([name, grid]) => h("div.kernel", { "data-kernel": name }, grid.element, notes[name],
      name === "hidden" ? guess.element : null, name === "learned" ? h("div.stack.tools", h("div.row", onStage), editor.element) : null)));

  const chart = (label) => curveChart({ height: 210, redraw: ctx.redraw, onpick: (step) => live.scrub(step), label });
  const [losses, distance] = [chart("Mean squared error over training steps"), chart("Distance to the hidden weights over training steps")];
  const sentence = h("p.sentence", { "aria-live": "off" });
  const pair = pairView(stage);
  const why = h("div.why-words.stack");
  const flat = h("table.flat.hidden");
  const lesson = h("div.lesson", setup, choices.element, kernels, h("div.charts",
    h("figure", h("figcaption.label", "Mean squared error"), losses.element),
    h("figure", h("figcaption.label", "Distance of all weights and biases, ‖w − w*‖"), distance.element)), sentence,
  pair.element, h("section.because", { "aria-label": "Why so fast" }, h("h3", "What the pictures tell about the weights"), why, flat));
  const nothing = h("div.nothing.stack.hidden",
    h("p", "Pooling has no weights, so there is nothing to learn: the maximum and the mean of a window are fixed."),
    h("div.row", h("button", { type: "button", onclick: () => settings.change({ layer: "conv2d" }) }, "Back to a convolution")),
    problemLine(settings, "layer"));
  root.append(h("div.learn", nothing, lesson));

  for (const kind of ["scene", "frame", "state", "runs", "compared"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  live.on("shared", () => ctx.redraw(), ctx.signal);
  ctx.host.dlviz = { learn: () => read() };

  function focus(place) {
    live.shared.set(FOCUS, place && now ? now.view.focus(...place) : null);
  }

  function edit(place) {
    const { view } = now;
    const { o, i, ky, kx } = view.cell(...place);
    const words = view.mixes ? `Map ${o + 1}, channel ${i + 1}` : `Row ${ky + 1}, column ${kx + 1}`;
    editor.open({ array: `weight.${view.at}`, index: view.index(...place), words, value: now.learned[place[0] * view.cols + place[1]] });
    ctx.redraw();
  }

  function take(scene, frame) {
    const designed = readLayers(scene);
    chosen.at = Math.min(chosen.at, designed.length - 1);
    const layer = designed[chosen.at];
    chosen.o = Math.min(chosen.o, layer.outputs - 1);
    chosen.i = Math.min(chosen.i, layer.perGroup - 1);
    const view = new KernelView(layer, chosen.at, chosen.o, chosen.i);
    const of = ({ arrays }, name) => arrays[`${name}.${chosen.at}`].data;
    const [hidden, learned] = [view.read(of(scene, "weight")), view.read(of(frame, "weight"))];
    const bias = (from, name = "bias") => of(from, name)[chosen.o];
    now = {
      step: frame.step, view, layer, learner: readLayers(scene, frame)[chosen.at], hidden, learned,
      difference: learned.map((value, k) => value - hidden[k]), gradient: view.read(of(frame, "gradient.weight")),
      bias: { hidden: bias(scene), learned: bias(frame), gradient: bias(frame, "gradient.bias") },
      isLast: chosen.at === designed.length - 1, largest: largestDifference(scene, frame), scale: limitOf(hidden), revealed: guess.revealed(),
    };
  }

  function showKernels(scene) {
    const { view, revealed } = now;
    const { rows, cols } = view;
    const limit = Math.max(limitOf(now.hidden), 1e-6);
    const cell = Math.min(LARGEST, WIDEST / Math.max(rows, cols));
    for (const [name, grid] of Object.entries(grids)) {
      grid.largest = cell;
      grid.set({ values: now[name], rows, cols, limit: name === "gradient" ? Math.max(limitOf(now.gradient), FAINTEST * limit) : limit });
      grid.element.style.maxWidth = `${cols * cell + 1}px`;
      const veiled = name in marks && !revealed;
      grid.element.classList.toggle("veiled", veiled);
      marks[name]?.show(rows, cols, cell);
    }
    light();
    const places = view.mixes ? null : now.bias;
    const bias = (text, value) => (places ? `${text} ${number(value)}` : "");
    setText(notes.hidden, revealed ? `Σw ${number(sum(now.hidden))}${places ? `, bias ${number(now.bias.hidden)}` : ""}` : "Look at the learned one and guess.");
    setText(notes.learned, `Σw ${number(sum(now.learned))}${places ? `, ${bias("bias", now.bias.learned)}` : ""}. Press a cell to change it.`);
    setText(notes.difference, revealed ? `Largest ${number(limitOf(now.difference))}, on the scale of the kernels.` : "Hidden as long as the kernel is.");
    setText(notes.gradient, `Of the training loss, up to ${number(limitOf(now.gradient))}. A step goes the other way.`);
    guess.show(view.mixes || scene.numbers.edited ? null : scene.numbers.filter_names[view.o]);
    onStage.setAttribute("aria-pressed", live.shared.get(ON_STAGE) === true);
  }

  function light() {
    const place = now.view.place(live.shared.get(FOCUS));
    const { accent } = ctx.colors;
    for (const grid of Object.values(grids)) grid.light("focus", place ? { cells: [place], stroke: accent } : null);
    const edited = editor.target ? grids.learned.cursor ?? grids.learned.pointed : null;
    grids.learned.light("edited", edited ? { cells: [edited], stroke: accent, width: 3 } : null);
  }

  function showCurves() {
    const cursor = live.looking === null ? null : live.frame?.step;
    const marked = live.state.marks ?? [];
    losses.show({ series: seriesOfPage(live, ctx.colors, ["train_loss", "test_loss"]), logY: true, marks: marked, cursor });
    distance.show({ series: seriesOfPage(live, ctx.colors, ["distance"]), logY: true, marks: marked, cursor });
  }

  function showWords(scene, frame) {
    setText(sentence, progress({ step: frame.step, largest: now.largest, scale: now.scale, playing: Boolean(live.state.playing) }));
    const { curvature, spec } = scene.numbers;
    const products = largestOfProducts(scene, frame);
    const written = (products === null ? reasons(curvature, spec) : chained(products)).filter(Boolean);
    if (why.dataset.said !== written.join()) replace(why, written.map((text) => h("p", text)));
    why.dataset.said = written.join();
    const isFlat = spec.pairs === "flat" && curvature && curvature.known < curvature.numbers;
    flat.classList.toggle("hidden", !isFlat);
    if (isFlat) showFlat();
  }

  function showFlat() {
    const { layer, learner, view } = now;
    const grey = live.scene.arrays.pairs.data[0];
    const row = (name, one) => {
      const { total, bias, answer } = flatAnswer(one, view.o, grey);
      return h("tr", h("th.label", name), [total, bias, answer].map((value) => h("td.value", number(value))));
    };
    replace(flat, h("tr", ["", "Σw", "bias b", `${number(grey)} · Σw + b`].map((text) => h("th.label", text))), row("Hidden", layer), row("Learned", learner));
  }

  function draw() {
    const frame = live.frame;
    if (!live.scene || !frame) return;
    const learns = "weight.0" in frame.arrays;
    nothing.classList.toggle("hidden", learns);
    lesson.classList.toggle("hidden", !learns);
    if (!learns) return;
    take(live.scene, frame);
    choices.show(live.scene, now.view);
    showKernels(live.scene);
    for (const [name, grid] of Object.entries(grids)) if (!(name in marks) || now.revealed) grid.draw(ctx.colors);
    showCurves();
    for (const one of [losses, distance]) one.draw(ctx.colors);
    const { layer, isLast } = now;
    const channel = layer.channelsOf(chosen.o)[chosen.i];
    pair.show(live.scene, frame, isLast ? chosen.o : 0, chosen.at === 0 ? channel : 0);
    pair.draw(ctx.colors);
    showWords(live.scene, frame);
  }

  function read() {
    if (!now) return null;
    const plain = (values) => [...values];
    const { shown } = pair;
    return {
      step: now.step, hidden: plain(now.hidden), learned: plain(now.learned), difference: plain(now.difference),
      gradient: plain(now.gradient), largest: now.largest, revealed: now.revealed, sentence: sentence.textContent,
      pair: { at: shown.at, answer: plain(shown.all), hidden: plain(shown.hidden), learned: plain(shown.learned), error: plain(shown.error) },
    };
  }

  return { draw, update: () => ctx.redraw() };
});
