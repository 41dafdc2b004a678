// The race: one task learned with each kind of position from the same seed, in turns.

import { curveChart } from "../lib/curve.js";
import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { kindColor, KINDS, NAMES } from "./kinds.js";
import { beyondWords, verdict } from "./verdict.js";

const TASKS = {
  who: { label: "Who does it to whom", needs: "Told only by order: “cats love dogs” against “dogs love cats”. Five words at most." },
  neighbours: { label: "Compare two neighbours", needs: "At each digit: is the left or the right neighbour larger? That asks for the direction and the distance one." },
  reverse: { label: "Say it backwards", needs: "At each place, the letter as far from the other end. That asks for places counted from the start." },
  own: { label: "The task of this page", needs: "With the settings of this page, only the positions differ." },
};
const STEPS = { name: "steps", kind: "range", label: "Training", unit: "steps", low: 20, high: 3000, whole: true, log: true, default: 200, help: "How long each of the five is trained." };
const WHAT = { name: "what", kind: "choice", label: "Shown", options: ["loss", "accuracy"], labels: ["Loss", "Share right"], default: "loss" };

/** What a reply of the race brings: {steps, chance, kinds: {kind: {loss, accuracy, atLength}}, lengths}. */
export function readRace({ arrays }) {
  const list = (name) => (arrays[name] ? [...arrays[name].data] : null);
  const there = KINDS.filter((kind) => arrays[`${kind}_loss`]);
  const kinds = Object.fromEntries(there.map((kind) => [kind, { loss: list(`${kind}_loss`), accuracy: list(`${kind}_accuracy`), atLength: list(`${kind}_at_length`) }]));
  return { steps: list("steps"), chance: arrays.chance.data[0], lengths: list("lengths"), kinds };
}

/** `took(answer, begun)` hears the reply at the end, with what the race began with. */
export function buildRace({ live, ctx }, { happened, took }) {
  const wanted = { task: "who", steps: 200, what: "loss" };
  const names = Object.keys(TASKS);
  const about = h("p.small.muted.needs");
  const task = knob({ name: "task", kind: "choice", label: "Task", options: names, labels: names.map((name) => TASKS[name].label), default: "who" }, { value: "who", onchange: (value) => { wanted.task = value; setText(about, TASKS[value].needs); } });
  const steps = knob(STEPS, { value: STEPS.default, onchange: (value) => { wanted.steps = value; } });
  const what = knob(WHAT, { value: "loss", onchange: (value) => { wanted.what = value; ctx.redraw(); } });
  setText(about, TASKS.who.needs);
  let begun = null;
  let shown = null;
  const job = buildJob({
    live, ctx, label: "Train all five", again: "Race again",
    command: () => ({ do: "probe", panel: "positions", options: { steps: begun.steps, task: begun.task, parameters: begun.task === "who" } }),
    onbegin() {
      const { spec, masked } = live.scene.numbers;
      begun = { ...wanted, seed: spec.seed, masked: wanted.task === "own" ? masked : "none", name: TASKS[wanted.task].label };
      shown = null;
      happened("raced");
      ctx.redraw();
    },
    took(answer) {
      if (answer.arrays.steps) shown = { ...begun, ...readRace(answer), done: !answer.numbers.progress };
      if (!answer.numbers.progress) took(answer, begun);
      ctx.redraw();
    },
  });
  job.element.querySelector("button").classList.add("primary");
  // A race that is cancelled brings no answer; that it is over shows in the job alone.
  const ended = new MutationObserver(ctx.redraw);
  ended.observe(job.element, { attributes: true, attributeFilter: ["aria-busy"] });
  ctx.signal.addEventListener("abort", () => ended.disconnect());
  const chart = curveChart({ height: 280, unit: "steps", redraw: ctx.redraw, label: "Validation loss with five kinds of position over training steps" });
  const lengths = curveChart({ height: 200, unit: "tokens", redraw: ctx.redraw, label: "Share right with five kinds of position on longer sequences" });
  const caption = h("figcaption.label");
  const words = h("div.stack.words", { "aria-live": "polite" });
  const table = h("table.results.value");
  const farther = h("figure", h("figcaption.label", "Share of right answers on sequences of other lengths than the 12 tokens it learned"), lengths.element);
  const result = h("div.stack.result", h("figure", h("div.row.above", caption, h("span.grow"), what.element), chart.element), words, h("div.halves", h("div.frame", table), farther));
  const element = h("section.part", { "aria-label": "The same task with each kind" }, h("h3", "The same task with each kind"),
    h("p.about", "Five networks with the same seed, the same data and the same order of batches learn one task in turns; only their positions differ. Your run stays where it is. Small networks of 2 layers, 4 heads and width 32 for the tasks named; measured on sentences that none of them trains on."),
    h("div.knobs", h("div.stack", task.element, about), steps.element), job.element, result);

  function draw() {
    result.classList.toggle("hidden", !shown);
    if (!shown) return;
    const { colors } = ctx;
    const kinds = Object.keys(shown.kinds);
    const cut = (ys) => ys.slice(0, ys.findLastIndex(Number.isFinite) + 1);
    const series = kinds.map((kind) => { const ys = cut(shown.kinds[kind][wanted.what]); return { label: NAMES[kind], xs: shown.steps.slice(0, ys.length), ys, color: kindColor(kind, colors), weight: 2.4 }; });
    if (wanted.what === "loss") series.push({ label: "", xs: [0, shown.steps.at(-1)], ys: [shown.chance, shown.chance], color: colors.muted, weight: 1.3, dash: [2, 4] });
    setText(caption, `${shown.name}: ${wanted.what === "loss" ? "validation loss in nats, logarithmic (dotted: chance)," : "share of right answers"} against training steps, seed ${shown.seed}`);
    chart.show({ series, logY: wanted.what === "loss" });
    chart.draw(colors);
    farther.classList.toggle("hidden", !shown.lengths);
    if (shown.lengths) {
      lengths.show({ series: kinds.map((kind) => ({ label: NAMES[kind], xs: shown.lengths, ys: shown.kinds[kind].atLength, color: kindColor(kind, colors), weight: 2.2 })) });
      lengths.draw(colors);
    }
    const last = (values) => values.findLast(Number.isFinite);
    replace(table, h("thead", h("tr", ["", "Validation loss", "Share right"].map((name) => h("th", name)))), h("tbody", kinds.map((kind) => h("tr", { "data-kind": kind }, h("th", { scope: "row" }, h("i.dot", { style: { background: kindColor(kind, colors) } }), NAMES[kind]), h("td", last(shown.kinds[kind].loss) === undefined ? "–" : steady(last(shown.kinds[kind].loss))), h("td", last(shown.kinds[kind].accuracy) === undefined ? "–" : percent(last(shown.kinds[kind].accuracy)))))));
    const lines = shown.done ? [verdict(shown), beyondWords(shown)].filter(Boolean) : [job.running ? "The race is on." : `Stopped before the end, at step ${number(Math.min(...kinds.map((kind) => shown.steps[Math.max(0, cut(shown.kinds[kind].loss).length - 1)])))}; the curves are what was run.`];
    if (words.dataset.said !== lines.join()) replace(words, lines.map((line) => h("p.sentence", line)));
    words.dataset.said = lines.join();
  }

  return { element, draw, read: () => shown && { ...shown, running: job.running, words: words.innerText, table: table.innerText } };
}
