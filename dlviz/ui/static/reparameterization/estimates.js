// The same gradient from thousands of draws, three ways: the path through z, the score, the score against a baseline.

import { count, h, number, replace, setText, steady } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { name } from "../lib/latentslice.js";
import { buildHistogram } from "./histogram.js";

export const ESTIMATORS = ["pathwise", "score", "baseline"];
export const LABELS = { pathwise: "With the trick: ∂R/∂z", score: "By the score: R ε / σ", baseline: "Score, R against the mean of the other draws" };
const DRAWS = 2000;

export function buildEstimates({ live, ctx, happened, moment, chosen }) {
  let [found, begun, shared] = [null, null, true];
  const heaps = buildHistogram();
  const table = h("table.reparam-sums.estimates.value");
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const about = h("p.small.muted.value");
  const scale = h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => { shared = !shared; scale.setAttribute("aria-pressed", !shared); ctx.redraw(); } }, "Each over its own axis");
  const job = buildJob({
    live, ctx, label: `Draw ${count(DRAWS)} times`, again: "Draw again",
    command: () => ({ do: "probe", panel: "reparameterization", options: { draws: DRAWS, parameters: false } }),
    onbegin: () => { begun = moment(); },
    took(answer) {
      if (!answer.arrays.pathwise) return;
      found = { arrays: answer.arrays, of: begun, step: answer.step };
      happened("score_function");
      ctx.redraw();
    },
  });
  const result = h("div.stack.result", h("div.row", h("p.label", "Single estimates of the derivative for μ; the line is their mean. A heap's height is its own"), h("span.grow"), scale), heaps.canvas, h("div.frame", table), sentence, about);
  const element = h("section.part", { "aria-label": "Another way to the same gradient" }, h("h3", "Another way to the same gradient"),
    h("p.about", "Without z = μ + σ ε one can still weigh each draw by its loss: R · ∂ log q(z|x)/∂μ = R ε / σ, the score function, also called REINFORCE. It is right on average. How far off is a single draw?"), job.element, result);

  /** {mean, spread} of each estimator for one number of the code. */
  function measured(at) {
    return Object.fromEntries(ESTIMATORS.map((key) => [key, { mean: found.arrays[`${key}_mean`].data[at], spread: found.arrays[`${key}_spread`].data[at] }]));
  }

  return {
    element,
    draw() {
      const now = moment();
      if (found && (found.of?.scene.version !== now.scene.version || found.arrays.pathwise.shape[1] !== now.code.mean.length)) found = null;
      result.classList.toggle("hidden", !found);
      if (!found) return;
      const at = chosen();
      const { shape: [draws, latent], data } = found.arrays.pathwise;
      const numbers = measured(at);
      const column = (rows) => Float32Array.from({ length: draws }, (_, k) => rows[k * latent + at]);
      const colors = { pathwise: ctx.colors.accent, score: ctx.colors.negative, baseline: ctx.colors.muted };
      heaps.show(ESTIMATORS.map((key) => ({ label: LABELS[key], values: column(key === "pathwise" ? data : found.arrays[key].data), mean: numbers[key].mean, color: colors[key] })), shared);
      heaps.draw(ctx.colors);
      const error = (key) => numbers[key].spread / Math.sqrt(draws);
      const ratio = (key) => (numbers[key].spread / numbers.pathwise.spread) ** 2;
      replace(table, h("thead", h("tr", ["", "Mean", "± its error", "Standard deviation", "Variance, the trick's = 1"].map((title) => h("th", title)))),
        h("tbody", ESTIMATORS.map((key) => h("tr", { "data-way": key }, h("th", { scope: "row" }, LABELS[key]), h("td", steady(numbers[key].mean)), h("td", `± ${steady(error(key))}`), h("td", steady(numbers[key].spread, 2)), h("td", Number.isFinite(ratio(key)) ? number(ratio(key)) : "–")))));
      const gap = Math.abs(numbers.score.mean - numbers.pathwise.mean) / Math.hypot(error("score"), error("pathwise"));
      setText(sentence, `For μ of ${name(at)} both aim at one number (their means differ by ${steady(gap, 1)} standard errors), but the variance of the score is ${number(ratio("score"))} times as large: it takes about ${number(ratio("score"))} draws to know what the trick says with one. Against a baseline still ${number(ratio("baseline"))}.`);
      setText(about, `${count(draws)} draws of this picture's q(z|x) by the network of step ${count(found.step ?? found.of.step)}; R between ${steady(Math.min(...found.arrays.losses.data), 1)} and ${steady(Math.max(...found.arrays.losses.data), 1)} nats. The score multiplies all of R by chance, the trick only its slope.${found.of?.step !== now.step || found.of?.scene !== now.scene ? " The network or the picture has changed since; draw again." : ""}`);
    },
    read: () => found && { at: chosen(), draws: found.arrays.pathwise.shape[0], ...measured(chosen()), heaps: heaps.read(), sentence: sentence.textContent, table: table.innerText, running: job.running },
  };
}
