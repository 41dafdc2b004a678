// Losses: what each player pays, two settings trained at the same seed, and whether a loss tells how good the fakes are.

import { count, h, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { buildCharts, inksOf } from "./charts.js";
import { buildColumn } from "./column.js";
import { buildPays } from "./pays.js";
import { SIDES } from "./race.js";
import { buildTraining } from "./training.js";
import { buildTruth } from "./truth.js";
import { verdictWords } from "./words.js";

export const styles = ["lib/job.css", "lib/fold.css", "lib/curve.css"];

export default mount((root, live, ctx) => {
  const state = { at: null };
  let moved = false; // the pointer, over a chart
  const again = () => ctx.redraw();
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const pays = buildPays({ live, ctx, happened });
  const training = buildTraining({ live, ctx, happened, onrace: (isNew) => { if (isNew) state.at = null; again(); } });
  const columns = Object.fromEntries(SIDES.map((side) => [side, buildColumn(side)]));
  const charts = buildCharts({ redraw: () => { moved = true; again(); }, onpick: goTo });
  const truth = buildTruth({ live, ctx, onpick: goTo, happened });
  const slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Moment of both trainings", oninput: () => { state.at = slider.valueAsNumber; again(); } });
  const where = h("output.value");
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const key = h("div.row.small.muted.gl-key", h("span.key", h("i.gl-dot.real"), "real"), h("span.key", h("i.gl-dot.fake"), "fake"));
  const empty = h("p.muted", "Nothing is trained yet. Choose a pair and press Train both: their fakes, what D says of them and the curves stand beside each other from the first moment on.");
  const body = h("div.gl-body.hidden", sentence,
    h("div.gl-scrub", h("span.label", "Moment of both"), slider, where), key,
    h("div.gl-two", SIDES.map((side) => columns[side].element)), charts.element);
  root.append(h("div.ganlosses",
    h("p.lead", "A loss decides what a player makes smaller, and so what reaches a fake. Six losses over D's output, with the examples of this moment under them; then two settings trained from the same seed; then the question whether a falling loss means better fakes."),
    pays.element,
    h("section.gl-part", { "aria-label": "Two settings at the same seed" }, h("h3", "Two settings at the same seed"), training.element, empty, body),
    truth.element));
  for (const kind of ["scene", "frame", "state"]) live.on(kind, again, ctx.signal);

  function goTo(step) {
    const { race } = training;
    if (!race) return;
    const far = race.moments.map((moment) => Math.abs(moment.step - step));
    state.at = far.indexOf(Math.min(...far));
    again();
  }

  let [last, took] = [null, 0];
  function drawRace() {
    const { race } = training;
    body.classList.toggle("hidden", !race);
    empty.classList.toggle("hidden", Boolean(race) || training.running);
    if (!race) return;
    const most = race.moments.length - 1;
    const index = Math.min(state.at ?? most, most);
    const moment = race.moments[index];
    slider.max = Math.max(1, most);
    slider.value = index;
    slider.style.setProperty("--share", most ? index / most : 0);
    slider.setAttribute("aria-valuetext", `step ${moment.step}`);
    setText(where, `step ${count(moment.step)} of ${count(race.wanted)}`);
    setText(sentence, verdictWords(race, moment));
    // What stands still is not painted again with every frame of the run above.
    const seen = [race, moment, race.moments.length, race.isDone, ctx.colors, root.clientWidth];
    const isNew = !last || seen.some((value, i) => value !== last.seen[i]);
    if (isNew) for (const side of SIDES) columns[side].draw(race, moment, ctx.colors);
    if (isNew || moved) charts.draw(race, moment, ctx.colors);
    moved = false;
    last = { seen, race, moment, index };
  }

  function draw() {
    if (!live.scene) return;
    const began = performance.now();
    const inks = inksOf(ctx.colors);
    for (const side of SIDES) root.style.setProperty(`--gl-${side}`, inks[side]);
    root.style.setProperty("--gl-real", ctx.colors.positive);
    root.style.setProperty("--gl-fake", ctx.colors.negative);
    training.nudge();
    pays.draw();
    drawRace();
    truth.draw(training.race);
    took = performance.now() - began;
  }

  ctx.host.dlviz = {
    ganlosses: () => live.scene && {
      spec: live.scene.numbers.spec, pays: pays.read(), truth: truth.read(), running: training.running, steps: training.steps, chosen: training.chosen, took,
      race: last && {
        plan: last.race.plan, step: last.moment.step, index: last.index, moments: last.race.moments.map(({ step }) => step), steps: last.race.steps, isDone: last.race.isDone, wanted: last.race.wanted,
        curves: last.race.curves, words: sentence.textContent, sides: Object.fromEntries(SIDES.map((side) => [side, columns[side].read()])),
        fake: Object.fromEntries(SIDES.map((side) => [side, [...last.moment[side].fake]])),
      },
    },
    curves: pays.curves,
    onPage: pays.onPage, advance: (steps) => live.advance(steps),
    happened: (word) => Boolean(live.shared.get(`happened.${word}`)),
  };
  return { draw, update: again };
});
