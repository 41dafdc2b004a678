// The race: three cells trained with the same settings in turns, their losses growing as they are measured.

import { CELL_NAMES, cellColor, KINDS } from "../lib/cellkinds.js";
import { curveChart } from "../lib/curve.js";
import { h, number, percent, rate, replace, setText, steady } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { meanOver, readRace } from "./reading.js";
import { atEqualTime, verdict } from "./verdict.js";

const STEPS = { name: "steps", kind: "range", label: "Training", unit: "steps", low: 20, high: 3000, whole: true, log: true, default: 300, help: "How long each of the three is trained, with the settings of this page." };
const SEEDS = { name: "seeds", kind: "choice", label: "Seeds", options: ["1", "3"], labels: ["One", "Three"], default: "1", help: "Other first weights, other data, another order of the batches. One seed is one throw of the dice." };
const AXIS = { name: "axis", kind: "choice", label: "Against", options: ["steps", "seconds"], labels: ["Steps", "Seconds"], default: "steps", help: "Seconds are steps divided by the speed measured while training, without the time for measuring." };
const WHAT = { name: "what", kind: "choice", label: "Shown", options: ["loss", "accuracy"], labels: ["Loss", "Share right"], default: "loss" };

export function buildRace(stage, costs) {
  const { live, ctx } = stage;
  const wanted = { steps: 300, seeds: 1, axis: "steps", what: "loss" };
  const pick = (field, change = (value) => value) => knob(field, { value: field.default, onchange: (value) => { wanted[field.name] = change(value); ctx.redraw(); } });
  const [steps, seeds] = [pick(STEPS), pick(SEEDS, Number)];
  const [axis, what] = [pick(AXIS), pick(WHAT)];
  let begun = null; // the settings that the race shown began with
  let shown = null; // {race, done, …begun}
  let state = null;
  const job = buildJob({
    live, ctx, label: "Start the race", again: "Race again",
    command: () => ({ do: "probe", panel: "comparison", options: { steps: begun.steps, seeds: begun.seeds, equal: begun.equal, parameters: false } }),
    onbegin() {
      const { numbers, version } = live.scene;
      begun = { steps: wanted.steps, seeds: wanted.seeds, equal: stage.equal, seed: numbers.spec.seed, version, chance: numbers.chance, chanceWords: numbers.chance_words, classes: numbers.classes.length, unit: numbers.unit };
      ctx.redraw();
    },
    took(answer) {
      if (answer.arrays.steps) shown = { ...begun, race: readRace(answer), done: !answer.numbers.progress };
      ctx.redraw();
    },
  });
  job.element.querySelector("button").classList.add("primary");
  const chart = curveChart({ height: 300, unit: "steps", redraw: ctx.redraw, label: "Validation loss of three cells over training steps" });
  const slow = curveChart({ height: 300, unit: "ms", redraw: ctx.redraw, label: "Validation loss of three cells over milliseconds of training" });
  const caption = h("figcaption.label");
  const figure = h("figure", h("div.row.above", caption, h("span.grow"), what.element, axis.element), chart.element, slow.element);
  const table = h("table.results.value");
  const words = h("div.stack.words", { "aria-live": "polite" });
  const about = h("p.small.muted.value");
  const result = h("div.stack.result", figure, words, h("div.frame", table), about);
  const element = h("section.part", { "aria-label": "A race on this task" },
    h("h3", "A race on this task"),
    h("p.about", "The three cells learn the task of this page in turns, each as a run of its own with the same settings and the same seed; your run stays where it is. Measured is the validation part, which none of them trains on."),
    h("div.knobs", steps.element, seeds.element), job.element, result);

  function series() {
    const { race } = shown;
    const { colors } = ctx;
    const scale = (cell, k) => (wanted.axis === "steps" ? race.steps : race.steps.map((step) => (1000 * step) / (race[cell].rate[k] || NaN)));
    const lines = KINDS.flatMap((cell) => {
      const rows = race[cell][wanted.what];
      const known = rows.filter((row) => Number.isFinite(row[0]));
      const cut = (xs, ys) => { const n = ys.findLastIndex((y) => Number.isFinite(y)) + 1; return { xs: xs.slice(0, n), ys: ys.slice(0, n) }; };
      const thin = known.length > 1 ? known.map((row, k) => ({ label: "", ...cut(scale(cell, k), row), color: cellColor(cell, colors), weight: 0.8 })) : [];
      const whole = meanOver(known);
      return [...thin, { label: CELL_NAMES[cell], ...cut(scale(cell, 0), whole), color: cellColor(cell, colors), weight: 2.4 }];
    }).filter(({ xs }) => xs.length > 0 && Number.isFinite(xs.at(-1)));
    if (wanted.what === "loss" && lines.length) {
      const last = wanted.axis === "steps" ? shown.steps : Math.max(...lines.map(({ xs }) => xs.at(-1)));
      lines.push({ label: "chance", xs: [0, last], ys: [shown.chance, shown.chance], color: colors.muted, weight: 1.3, dash: [2, 4] });
    }
    return lines;
  }

  function fill() {
    const { race } = shown;
    const of = (cell) => race[cell];
    const range = (values, write) => (values.length > 1 ? `${write(meanOver(values.map((x) => [x]))[0])} (${write(Math.min(...values))} to ${write(Math.max(...values))})` : write(values[0] ?? NaN));
    const row = (cell) => {
      const { losses, accuracies, rate: rates } = { ...of(cell), losses: of(cell).finals("loss"), accuracies: of(cell).finals("accuracy") };
      const speeds = rates.filter((x) => x > 0);
      return h("tr", { "data-cell": cell }, h("th", { scope: "row", style: { color: cellColor(cell, ctx.colors) } }, CELL_NAMES[cell]),
        h("td", losses.length ? range(losses, (x) => steady(x)) : "–"),
        shown.classes ? h("td", accuracies.length ? range(accuracies, percent) : "–") : null,
        h("td", speeds.length ? rate(meanOver(speeds.map((x) => [x]))[0]) : "–"));
    };
    replace(table,
      h("thead", h("tr", h("th", ""), h("th", "Validation loss"), shown.classes ? h("th", "Share right") : null, h("th", "Steps a second"))),
      h("tbody", KINDS.map(row), h("tr.chance", h("th", { scope: "row" }, "Chance"), h("td", steady(shown.chance)), shown.classes ? h("td", "") : null, h("td", ""))));
  }

  function say() {
    const lines = shown.done ? [verdict(shown), atEqualTime(shown)].filter(Boolean) : ["The race is on."];
    if (words.dataset.said !== lines.join()) replace(words, lines.map((line, k) => h(k ? "p" : "p.sentence", line)));
    words.dataset.said = lines.join();
    const size = shown.equal === "hidden" ? "equal hidden size" : "equal parameters";
    const yours = costs.now();
    const now = yours && shown.version === live.scene.version ? ` Your network, at step ${number(yours.step)} when this panel opened: ${steady(yours.loss)}.` : " The settings of the page have changed since.";
    setText(about, `${number(shown.steps)} steps, ${size}, ${shown.seeds === 1 ? `seed ${number(shown.seed)}` : `seeds ${shown.seed} to ${shown.seed + shown.seeds - 1}`}. Chance is ${shown.chanceWords}.${now}`);
  }

  function draw() {
    result.classList.toggle("hidden", !shown);
    if (!shown) return;
    const isTime = wanted.axis === "seconds";
    chart.element.classList.toggle("hidden", isTime);
    slow.element.classList.toggle("hidden", !isTime);
    what.element.classList.toggle("hidden", !shown.classes);
    if (!shown.classes) wanted.what = "loss";
    const measure = wanted.what === "accuracy" ? "Share of right answers" : shown.classes ? "Validation loss in nats, logarithmic," : "Validation loss, squared error, logarithmic,";
    setText(caption, `${measure} against ${isTime ? "milliseconds of training" : "training steps"}`);
    const now = isTime ? slow : chart;
    now.show({ series: series(), logY: wanted.what === "loss" });
    now.draw(ctx.colors);
    fill();
    say();
    const cells = Object.fromEntries(KINDS.map((cell) => [cell, { loss: shown.race[cell].loss, accuracy: shown.race[cell].accuracy, rate: shown.race[cell].rate }]));
    state = { done: shown.done, steps: shown.race.steps, equal: shown.equal, seeds: shown.seeds, chance: shown.chance, cells, words: words.innerText, table: table.innerText, running: job.running };
  }

  return { element, draw, read: () => ({ race: state }) };
}
