// The bottleneck: an encoder–decoder that hands on one vector beside one that may look back, while both learn.

import { curveChart } from "../lib/curve.js";
import { css } from "../lib/color.js";
import { count, h, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { Pattern } from "../lib/pattern.js";
import { buildChoosing } from "./choosing.js";
import { buildLengths } from "./lengths.js";
import { NETWORKS } from "./network.js";
import { Picture } from "./picture.js";
import { buildReadout } from "./readout.js";
import { buildSharpening } from "./sharpening.js";
import { buildTraining } from "./training.js";
import { alignment, neck, outcome, verdict } from "./words.js";

export const styles = ["lib/job.css"];

const LABELS = { plain: "Without attention", attention: "With attention" };
const GRID = { cell: 44, tall: 320 }; // px at most, of a cell of the alignment and of all its rows
const END = "⏎"; // how the end sign is written

export default mount((root, live, ctx) => {
  // `last`: the letter written that was pointed at last, which stays in the read-out when the pointer goes there.
  const state = { at: null, output: null, input: null, pinned: null, last: 0 };
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const again = () => ctx.redraw();
  const change = (changes) => { Object.assign(state, changes); again(); };
  const pickMoment = (at) => { happened("bottleneck-moment"); change({ at }); };
  const hover = (output, input = null) => change({ output, input, last: output ?? state.last });
  const pick = (output) => {
    if (output !== null) happened("bottleneck-letter");
    change({ pinned: output === null || state.pinned === output ? null : output, last: output ?? state.last });
  };
  const training = buildTraining({ live, ctx, onrace: (isNew) => { if (isNew) Object.assign(state, { at: null, pinned: null }); again(); }, happened });
  const choosing = buildChoosing({ onchange: () => change({ pinned: null, output: null, input: null, last: 0 }), ontyped: () => happened("bottleneck-own") });
  const pictures = Object.fromEntries(NETWORKS.map((kind) => [kind, new Picture({ kind, label: LABELS[kind], redraw: again, onhover: hover, onpick: pick })]));
  const heads = Object.fromEntries(NETWORKS.map((kind) => [kind, { size: h("span.small.muted.value"), words: h("p.outcome.value", { "aria-live": "polite" }) }]));
  const readout = buildReadout();
  const sharpening = buildSharpening({ redraw: again, onpick: pickMoment });
  const pattern = new Pattern({ label: "Alignment", redraw: again, side: GRID.cell, onhover: hover, onpick: (output) => pick(output) });
  const losses = curveChart({ height: 260, unit: "step", redraw: again, label: "Validation loss of both networks over training steps", onpick: (step) => pickMoment(Math.max(0, shown().race.moments.findIndex((moment) => moment.step >= step))) });
  const lengths = buildLengths({ redraw: again });
  const lead = h("p.lead", "Two networks of the same size read a sentence letter by letter and write its answer. The first hands its decoder one vector, the state after the last letter. The second lets the decoder look back at the states of all letters. Both begin with the same numbers and learn from the same sentences.");
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const neckWords = h("p.small.muted.value");
  const aligned = h("p.value");
  const byLength = h("p.label");
  const shape = h("span.small.muted.value");
  const scale = h("canvas.ramp", { width: 64, height: 1, "aria-hidden": "true" });
  const signed = h("canvas.ramp", { width: 65, height: 1, "aria-hidden": "true" });
  const figures = NETWORKS.map((kind) => h("figure.network", { "data-network": kind },
    h("figcaption.row", h("h4", LABELS[kind]), h("span.grow"), heads[kind].size), pictures[kind].element, heads[kind].words));
  const measured = h("section.part.measured", { "aria-label": "How well both do" },
    h("figure.stack", h("h4", "Right to the last letter, against length"), byLength, lengths.element),
    h("figure.stack", h("h4", "Validation loss"), h("p.label", "Nats a letter, logarithmic, while told the letters before. Click for that moment"), losses.element));
  const body = h("div.body.hidden",
    sentence,
    choosing.element,
    h("div.networks", figures),
    h("div.legend.small.muted", h("span.key", "a state's numbers", h("span", "−1"), signed, h("span", "1")), h("span.key", h("i.dashes"), "the last state, which both decoders begin with"), h("span.key", h("b", END), "the end sign"), neckWords),
    h("section.part", { "aria-label": "One letter" }, readout.element),
    h("section.part", { "aria-label": "Alignment" }, h("div.row", h("h4", "The alignment sharpens"), shape, h("span.grow"), h("span.key.small.muted", "weight", h("span", "0"), scale, h("span", "1"))),
      aligned, sharpening.element, h("div.frame.grid", pattern.element)),
    measured);
  root.append(h("div.bottleneck", lead, training.element, body));
  for (const kind of ["scene", "state", "runs"]) live.on(kind, again, ctx.signal);

  /** What is on screen: the race, the moment of it, the sentence, what both make of it. */
  function shown() {
    const { race } = training;
    if (!race?.moments.length) return null;
    const at = Math.min(state.at ?? race.moments.length - 1, race.moments.length - 1);
    const choice = choosing.choice(race);
    const read = race.read(race.moments[at], choice.ids);
    const source = choice.ids.map((id) => race.vocabulary[id]);
    const said = Object.fromEntries(NETWORKS.map((name) => [name, read[name].letters.map(({ id }) => race.vocabulary[id])]));
    const many = said.attention.length;
    const output = [state.pinned, state.output].find((i) => i !== null && i < many) ?? null;
    return { race, at, moment: race.moments[at], ...choice, read, source, said, output };
  }

  function drawNetworks(now) {
    const { race, read, source, said, truth, output } = now;
    for (const kind of NETWORKS) {
      pictures[kind].set({ read: read[kind], source, answers: said[kind], truth });
      const own = output !== null && output < said[kind].length ? output : null;
      pictures[kind].light(own, state.pinned === null ? state.input : null, state.pinned !== null);
      pictures[kind].draw(ctx.colors);
      setText(heads[kind].size, `${count(race.parameters[kind])} parameters`);
      setText(heads[kind].words, `${LABELS[kind]} it ${outcome(kind, said[kind], truth)}`.replace("attention it", "attention, it"));
    }
    setText(neckWords, neck(race, source.length));
  }

  function drawAlignment(now) {
    const { race, at, ids, read, source, said, output } = now;
    const { letters } = read.attention;
    const values = new Float32Array(letters.length * source.length);
    letters.forEach(({ weights }, i) => values.set(weights, i * source.length));
    const rows = said.attention.map((letter) => (letter === "$" ? END : letter));
    const key = `${race.settings.task} ${at} ${source.join("")} ${rows.join("")}`;
    pattern.side = Math.min(GRID.cell, GRID.tall / rows.length);
    if (pattern.shows !== key || pattern.of !== read) pattern.set({ rows, columns: source, values });
    Object.assign(pattern, { shows: key, of: read });
    pattern.light(output, state.pinned === null ? state.input : null, { pinned: state.pinned !== null });
    pattern.draw(ctx.colors);
    setText(shape, `${letters.length} letters written × ${source.length} letters read`);
    setText(aligned, alignment(race, at, ids));
    sharpening.show({ race, at, ids });
    sharpening.draw(ctx.colors);
  }

  function drawMeasured({ race, at, moment }) {
    measured.classList.toggle("hidden", !race.isTrained);
    if (!race.isTrained) return;
    const colors = { plain: ctx.colors.classes[0], attention: ctx.colors.accent };
    const i = race.steps.indexOf(moment.step);
    losses.show({ logY: true, cursor: moment.step, series: NETWORKS.map((name) => {
      const known = race.curves[name].loss.filter(Number.isFinite).length;
      return { label: LABELS[name].toLowerCase(), xs: race.steps.slice(0, known), ys: race.curves[name].loss.slice(0, known), color: colors[name] };
    }) });
    losses.draw(ctx.colors);
    lengths.show({ lengths: race.lengths, trained: race.trained, unit: race.unit, lines: NETWORKS.map((name) => ({ label: LABELS[name].toLowerCase(), ys: race.curves[name].byLength[i], color: colors[name] })) });
    lengths.draw(ctx.colors);
    setText(byLength, `Share of held-back sentences that each writes without a single mistake, at step ${moment.step}${race.settings.task === "dates" ? "; how long a date is comes from its form and its month" : ""}`);
  }

  function drawScales() {
    const [plus, both] = [scale, signed].map((canvas) => canvas.getContext("2d"));
    for (let x = 0; x < 64; x += 1) {
      plus.fillStyle = css(ctx.colors.sequential(x / 63));
      plus.fillRect(x, 0, 1, 1);
    }
    for (let x = 0; x <= 64; x += 1) {
      both.fillStyle = css(ctx.colors.diverging((x - 32) / 32));
      both.fillRect(x, 0, 1, 1);
    }
  }

  function draw() {
    training.nudge();
    const now = shown();
    body.classList.toggle("hidden", !now);
    if (!now) return;
    root.style.setProperty("--plain", ctx.colors.classes[0]);
    sentence.classList.toggle("trained", now.race.isTrained);
    setText(sentence, verdict(now.race, now.at));
    drawNetworks(now);
    const at = Math.min(now.output ?? state.last, now.said.attention.length - 1);
    readout.show({ at, pinned: state.pinned !== null, source: now.source, said: { ...now.said, vocabulary: now.race.vocabulary }, read: now.read, score: now.race.settings.score, step: now.moment.step });
    readout.draw(ctx.colors);
    drawAlignment(now);
    drawMeasured(now);
    drawScales();
  }

  ctx.host.dlviz = {
    bottleneck() {
      const now = shown();
      if (!now) return null;
      const { race, at, moment, source, said, read, truth, output, own } = now;
      const i = race.steps.indexOf(moment.step);
      return {
        settings: race.settings, step: moment.step, moments: race.moments.map(({ step }) => step), isDone: race.isDone, running: training.running,
        source: source.join(""), said, truth, own, output, pinned: state.pinned, words: sentence.textContent, sharp: sharpening.read(),
        weights: read.attention.letters.map(({ weights }) => [...weights]), scores: read.attention.letters.map(({ scores }) => [...scores]),
        contexts: read.attention.letters.map(({ context }) => [...context]),
        shares: Object.fromEntries(NETWORKS.map((name) => [name, read[name].letters.map(({ shares }) => [...shares])])),
        parameters: race.parameters, lengths: race.lengths, trained: race.trained,
        curves: race.curves, byLength: Object.fromEntries(NETWORKS.map((name) => [name, race.curves[name].byLength[i] ?? null])),
        at,
      };
    },
    middle: (kind, output) => pictures[kind].middle(output),
    cell: (query, key) => pattern.middle(query, key),
  };

  return { draw, update: again };
});
