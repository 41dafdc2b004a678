// Sample: a grid of pictures that never were, decoded in the page from draws of the prior, and how good they are.

import { h, percent, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { latentsOf } from "../lib/latents.js";
import { mount } from "../lib/mount.js";
import { inSlices } from "../lib/slices.js";
import { buildDetails } from "./details.js";
import { answerOf, graded } from "./grading.js";
import { buildHoles } from "./holes.js";
import { buildSheet } from "./sheet.js";
import { drawCodes, labelOf, nearestCode, SOURCES, statisticsOf } from "./sources.js";
import { buildSweep } from "./sweep.js";

const COUNT = { name: "count", kind: "choice", label: "Pictures", options: ["16", "36", "64", "100"], labels: ["16", "36", "64", "100"], default: "64" };
const TEMPERATURE = { name: "temperature", kind: "range", label: "Temperature T", low: 0.1, high: 3, default: 1, help: "The draws are T times as wide as the source. 1 is the prior itself; below, pictures near its middle; above, codes that training hardly saw." };
const ROW_AT_MOST = 12; // pictures of a row where each row is a class

export default mount((root, live, ctx) => {
  const state = { count: 64, temperature: 1, seed: 1, source: "prior", answers: true, chosen: null, read: undefined };
  let [moment, statistics, shown, wanted] = [null, null, null, null];
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const change = (changes) => { Object.assign(state, changes); ctx.redraw(); };
  const count = knob(COUNT, { value: "64", onchange: (value) => change({ count: Number(value), chosen: null }) });
  const temperature = knob(TEMPERATURE, { value: 1, onchange: (value) => { happened("sampled"); change({ temperature: value }); } });
  const again = h("button.primary", { type: "button", onclick: () => { happened("sampled"); change({ seed: state.seed + 1 }); } }, "New draw");
  const back = h("button", { type: "button", onclick: () => change({ seed: Math.max(1, state.seed - 1) }) }, "Draw before");
  const seed = h("span.small.muted.value");
  const sources = SOURCES.map((source) => h("button.chip", { type: "button", "data-source": source, onclick: () => change({ source }) }));
  const answers = h("button.chip", { type: "button", onclick: () => change({ answers: !state.answers }) }, "Classifier's answers");
  const sheet = buildSheet({ onpick: (at) => { happened("sample_picked"); change({ chosen: at }); } });
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const style = h("p.about");
  const shapes = h("p.small.muted.value");
  const details = buildDetails({ live, ctx, happened });
  const sweep = buildSweep({ ctx, onpick: (value) => { temperature.set(value); change({ temperature: value }); } });
  const holes = buildHoles({ ctx });
  const legend = h("p.label.sample-legend", h("span.key", h("i.dash.first"), "clear: the classifier is more than 80 % sure"), h("span.key", h("i.dash.second"), "variety: entropy of its answers, as a share of the most there can be"));
  const spread = h("p.label", "How much pixels differ between pictures: the mean of their standard deviations");
  const waits = h("p.small.muted", "While training goes on the curves wait.");
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const body = h("div.body.hidden",
    h("div.sample-controls", count.element, temperature.element, h("div.row", again, back, seed)),
    h("div.row.sample-chips", { role: "group", "aria-label": "Where codes are drawn from" }, h("span.label", "Drawn from"), sources, h("span.grow"), answers),
    style, h("div.sample-main", h("div.stack", sheet.element, shapes), h("div.stack.sample-beside", sentence, details.element)),
    h("section.part", { "aria-label": "Temperature" }, h("h3", "Sure or varied: the temperature"), h("p.about", "The same ε at thirteen temperatures, 60 pictures each. Click to take a temperature."), legend, spread, waits, sweep.element), holes.element);
  root.append(h("div.samplegrid", h("p.lead", "A decoder needs no picture to begin with: draw a code, decode it, and see a picture that never was. Each is read by a classifier that was trained on real pictures only."), waiting, body));

  const watching = latentsOf(live).watch(ctx, (now) => {
    if (now.scene.numbers.spec.dataset !== moment?.scene.numbers.spec.dataset) {
      state.read = undefined;
      latentsOf(live).classifier().then((read) => change({ read }));
    }
    if (now.scene.version !== moment?.scene.version) state.chosen = null;
    moment = now;
    ctx.redraw();
  });
  for (const kind of ["scene", "frame", "state"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  live.on("shared", ({ key }) => { if (key === "latent.z") ctx.redraw(); }, ctx.signal);

  function look() {
    const { frame } = live;
    if (!frame?.arrays.mean || frame.version !== moment.scene.version) return null;
    const key = `${frame.version} ${frame.numbers.measured_at} ${frame.arrays.mean.data[0]}`;
    if (statistics?.key !== key) statistics = Object.assign(statisticsOf(frame), { key });
    return statistics;
  }

  // Rows are classes where the network is told them: the same codes in each, so that a column is one style.
  function layout() {
    const { told } = moment.scene.numbers;
    if (!told) return { columns: Math.sqrt(state.count), rows: null, codes: state.count };
    const columns = Math.min(ROW_AT_MOST, Math.max(2, Math.round(state.count / told)));
    return { columns, rows: moment.scene.numbers.classes, codes: columns };
  }

  function* work(what, { columns, rows, codes }) {
    const drawn = drawCodes(what.source, what.statistics, { count: codes, temperature: what.temperature, seed: what.seed });
    const pictures = [];
    for (let row = 0; row < (rows ? rows.length : 1); row += 1) {
      for (const z of drawn) {
        const { picture } = what.moment.network.decode(z, row);
        pictures.push({ z, picture, label: row, ...(what.read ? answerOf(what.read, picture) : {}) });
        yield;
      }
    }
    const distance = drawn.reduce((sum, z) => sum + nearestCode(what.statistics, z).distance, 0) / drawn.length;
    return { what, pictures, columns, rows, distance, grade: graded(pictures, what.moment.scene.numbers.classes.length) };
  }

  function say({ pictures, grade, distance, rows }) {
    const { classes } = moment.scene.numbers;
    const apart = `A code lies ${steady(distance, 2)} from the nearest code of a test picture on average.`;
    if (grade.clear === null) return `${pictures.length} pictures; pixels differ by ${steady(grade.spread)} between them. There is no classifier for these. ${apart}`;
    const right = rows ? `, and ${percent(pictures.filter(({ answer, label }) => answer === label).length / pictures.length, 0)} are read as the class that was told` : "";
    return `${percent(grade.clear, 0)} of ${pictures.length} pictures are clear (the classifier is more than 80 % sure; ${percent(grade.mean, 0)} on average)${right}. ${grade.classes} of ${classes.length} classes appear, entropy ${steady(grade.bits, 2)} of ${steady(Math.log2(classes.length), 2)} bits. ${apart}`;
  }

  function draw() {
    watching.nudge();
    const known = moment && live.scene && moment.scene.version === live.scene.version ? look() : null;
    waiting.classList.toggle("hidden", Boolean(known));
    body.classList.toggle("hidden", !known);
    if (!known) {
      shown = null;
      return;
    }
    const { variational, shape, classes, spec } = moment.scene.numbers;
    const { source, seed: from, read } = state;
    const what = { moment, statistics, source, temperature: state.temperature, seed: from, count: state.count, read: read ?? null };
    if (read !== undefined && !(wanted && Object.keys(what).every((name) => wanted[name] === what[name]))) {
      wanted = what;
      inSlices(work(what, layout()), (found) => { shown = found; ctx.redraw(); }, { signal: ctx.signal, wanted: () => wanted === what });
    }
    for (const chip of sources) {
      setText(chip, labelOf(chip.dataset.source, variational));
      chip.setAttribute("aria-pressed", chip.dataset.source === source);
    }
    answers.classList.toggle("hidden", !read);
    answers.setAttribute("aria-pressed", state.answers);
    setText(seed, `seed ${from}`);
    back.disabled = from === 1;
    if (shown && shown.what.moment.scene.version === moment.scene.version) {
      if (state.chosen !== null && state.chosen >= shown.pictures.length) state.chosen = null;
      sheet.show({ ...shown, size: shape, chosen: state.chosen, answers: state.answers && Boolean(read), classes });
      setText(shapes, `${shown.rows ? shown.columns : shown.pictures.length} codes × ${spec.latent} → ${shown.pictures.length} × ${shape.join(" × ")}; step ${shown.what.moment.step}`);
      setText(style, shown.rows ? "A row is a class, a column one code z: down a column only the class that the decoder is told changes, so what stays alike is style." : variational ? "" : `A ${spec.kind} autoencoder has no prior to draw from. Choose where to draw; the bars at the end compare the choices.`);
      setText(sentence, say(shown));
      details.show(state.chosen === null ? null : shown.pictures[state.chosen], { moment, statistics, scene: moment.scene });
    }
    const quiet = !live.state?.playing && read !== undefined;
    waits.classList.toggle("hidden", quiet);
    legend.classList.toggle("hidden", !read);
    spread.classList.toggle("hidden", read !== null);
    if (quiet) {
      const all = { moment, statistics, source, read, seed: from, classes: classes.length };
      sweep.begin(all);
      holes.begin(all);
    }
    sweep.draw(ctx.colors, state.temperature);
    holes.draw(variational);
    root.style.setProperty("--second", ctx.colors.negative);
  }

  ctx.host.dlviz = {
    samplegrid: () => shown && {
      ...state, read: undefined, step: shown.what.moment.step, version: shown.what.moment.scene.version, of: { source: shown.what.source, temperature: shown.what.temperature, seed: shown.what.seed, count: shown.what.count, read: Boolean(shown.what.read) },
      columns: shown.columns, rows: shown.rows, z: shown.pictures.map(({ z }) => [...z]), labels: shown.pictures.map(({ label }) => label), answers: shown.pictures.map(({ answer }) => answer ?? null), confidence: shown.pictures.map(({ confidence }) => confidence ?? null),
      grade: shown.grade, distance: shown.distance, words: sentence.textContent, style: style.textContent, details: details.read(), sweep: sweep.read(), holes: holes.read(),
    },
    picture: (at) => [...shown.pictures[at].picture], middle: (at) => sheet.middle(at),
  };
  return { draw, update: () => ctx.redraw() };
});
