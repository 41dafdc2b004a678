// One small VAE trained four ways from the same beginning: what the trick, and its absence, make of the ELBO.

import { curveChart } from "../lib/curve.js";
import { count, h, replace, setText, steady } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";

export const WAYS = ["trick", "cut", "score", "baseline"];
const LABELS = { trick: "with the trick", cut: "graph cut", score: "score", baseline: "score, baseline" };
const STEPS = { name: "steps", kind: "range", label: "Training", unit: "steps", low: 60, high: 2000, whole: true, log: true, default: 600, help: "Steps of Adam with 64 pictures each, for each of the four." };

export function buildRace({ live, ctx }) {
  let [steps, found, seed] = [STEPS.default, null, null];
  const control = knob(STEPS, { value: steps, onchange: (value) => { steps = value; } });
  const job = buildJob({
    live, ctx, label: "Train all four", again: "Train again",
    command: () => ({ do: "probe", panel: "reparameterization", options: { steps, parameters: false } }),
    onbegin: () => { seed = live.scene.numbers.spec.seed; found = null; ctx.redraw(); },
    took(answer) {
      if (answer.arrays.marks) found = { steps: [...answer.arrays.marks.data], curves: Object.fromEntries(WAYS.map((way) => [way, { elbo: [...answer.arrays[`${way}_elbo`].data], kl: [...answer.arrays[`${way}_kl`].data] }])), done: !answer.numbers.progress, seed };
      ctx.redraw();
    },
  });
  job.element.querySelector("button").classList.add("primary");
  const chart = (label) => curveChart({ height: 240, unit: "step", redraw: ctx.redraw, label });
  const [elbo, kl] = [chart("Minus the ELBO of four trainings over steps"), chart("KL of four trainings over steps")];
  const table = h("table.reparam-sums.race.value");
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const [left, right] = [h("figcaption.label"), h("figcaption.label", "KL in nats a picture: how much of the picture the code carries. 0 is a code that says nothing")];
  const result = h("div.stack.result", h("div.halves", h("figure", left, elbo.element), h("figure", right, kl.element)), h("div.frame", table), sentence);
  const element = h("section.part", { "aria-label": "Four trainings" }, h("h3", "Four trainings"),
    h("p.about", "A VAE for digits of 8 × 8 (64–64–32–2 and back) learns four times from the same first weights, the same batches and the same ε; only what its encoder hears of the reconstruction differs. Your run stays where it is."),
    h("div.reparam-knobs", control.element), job.element, result);

  return {
    element,
    draw() {
      result.classList.toggle("hidden", !found);
      if (!found) return;
      const { colors } = ctx;
      const inks = { trick: colors.accent, cut: colors.negative, score: colors.positive, baseline: colors.muted };
      const known = found.curves.baseline.elbo.filter(Number.isFinite).length;
      const series = (what, first, sign) => WAYS.map((way) => ({ label: LABELS[way], xs: found.steps.slice(first, known), ys: found.curves[way][what].slice(first, known).map((y) => sign * y), color: inks[way], weight: 2.2 }));
      const first = known > 2 ? 1 : 0; // before training all stand far above
      setText(left, `−ELBO in nats a validation picture, logarithmic: lower is better${first ? `. Before training ${steady(-found.curves.trick.elbo[0], 1)}` : ""}`);
      elbo.show({ series: series("elbo", first, -1), logY: true, last: found.steps.at(-1) });
      elbo.draw(colors);
      kl.show({ series: series("kl", 0, 1), last: found.steps.at(-1) });
      kl.draw(colors);
      const last = Object.fromEntries(WAYS.map((way) => [way, { elbo: found.curves[way].elbo[known - 1], kl: found.curves[way].kl[known - 1] }]));
      replace(table, h("thead", h("tr", ["", "ELBO", "KL"].map((title) => h("th", title)))), h("tbody", WAYS.map((way) => h("tr", { "data-way": way }, h("th", { scope: "row" }, h("i.dot", { style: { background: inks[way] } }), LABELS[way]), h("td", steady(last[way].elbo, 2)), h("td", steady(last[way].kl))))));
      setText(sentence, found.done ? verdict(last, found.steps.at(-1)) : job.running ? "The trainings go on." : `Stopped at step ${count(found.steps[known - 1])}; the curves are what was run.`);
    },
    read: () => found && { ...found, running: job.running, sentence: sentence.textContent, table: table.innerText },
  };
}

/** `last`: {way: {elbo, kl}} at the end. */
export function verdict(last, steps) {
  const cut = last.cut.kl < 0.05 ? `With the graph cut its KL is ${steady(last.cut.kl)}: the code says nothing any more, and the decoder draws one mean picture for all` : `With the graph cut its KL is ${steady(last.cut.kl)}`;
  const gap = (way) => last.trick.elbo - last[way].elbo;
  const side = (way) => `${steady(Math.abs(gap(way)), 2)} nats ${gap(way) >= 0 ? "behind" : "ahead"}`;
  return `After ${count(steps)} steps the VAE with the trick has an ELBO of ${steady(last.trick.elbo, 2)} and a code of ${steady(last.trick.kl, 2)} nats. ${cut} (${side("cut")}). The score alone is ${side("score")}${gap("score") > 0.3 ? ", drowned in its own variance" : ""}; against a baseline it is ${side("baseline")}.`;
}
