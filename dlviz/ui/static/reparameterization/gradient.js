// The gradient of one number of the code: the diagram, and each path as a product of factors beside what autograd says.

import { h, setText, steady } from "../lib/dom.js";
import { name } from "../lib/latentslice.js";
import { slopeAt } from "./drawing.js";
import { buildPaths, factors } from "./paths.js";

const ROWS = [
  ["mean", "∂R/∂μ", ["out", "one"], "through z"],
  ["spread", "∂R/∂log σ²", ["out", "epsilon", "half"], "through z and σ"],
  ["klmean", "∂(β KL)/∂μ", ["klmean"], "of the KL"],
  ["klspread", "∂(β KL)/∂log σ²", ["klspread"], "of the KL"],
];
const SERVER = { mean: "to_mean", spread: "to_log_variance", klmean: "kl_to_mean", klspread: "kl_to_log_variance" };
const WIDTH = 700;

export function buildGradient({ redraw, root }) {
  let [lit, now] = [null, null];
  const point = (edge) => { if (edge !== lit) { lit = edge; redraw(); } };
  const paths = buildPaths({ onpoint: point });
  const title = h("h3");
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const rows = ROWS.map(([key, said, edges, way]) => {
    const spans = edges.map((edge) => h("button.plain.factor", { type: "button", "data-edge": edge, onpointerenter: () => point(edge), onpointerleave: () => point(null), onfocus: () => point(edge), onblur: () => point(null) }));
    const [result, checked] = [h("td.value"), h("td.value")];
    const product = spans.flatMap((span, i) => (i ? [h("span.times", "·"), span] : [span]));
    return { key, edges, spans, result, checked, row: h("tr", { "data-row": key }, h("th", { scope: "row" }, said, h("span.small.muted", ` ${way}`)), h("td.product.value", product), result, checked) };
  });
  const table = h("table.reparam-sums", h("thead", h("tr", h("th", ""), h("th", "Factors, here in the page"), h("th", "Product"), h("th", "Autograd"))), h("tbody", rows.map(({ row }) => row)));
  const note = h("p.small.muted.value");
  const element = h("section.part", { "aria-label": "The gradient's paths" }, title,
    h("p.about", "Training asks how the loss changes with μ and log σ². z is a plain sum, so the gradient passes: arrows run from the loss back to the encoder, each with its factor. Nothing runs into ε. Point at a factor to find its place."),
    paths.element, sentence, h("div.frame", table), note);

  return {
    element,
    /** `at`: the number of the code; `server`: arrays of the probe for exactly this draw, or null while they come. */
    show(moment, draw, { at, beta, server }) {
      const one = { mean: draw.mean[at], logVariance: draw.logVariance[at], sigma: draw.sigma[at], epsilon: draw.epsilon[at], beta };
      const page = slopeAt(moment, draw.z, at);
      const slope = server ? server.to_z.data[at] : page;
      const values = { out: slope, one: 1, epsilon: one.epsilon, half: one.sigma / 2, klmean: beta * one.mean, klspread: (beta * (one.sigma ** 2 - 1)) / 2 };
      const texts = factors({ ...one, slope });
      setText(title, `The gradient's paths to ${name(at)}`);
      paths.show(texts, root.clientWidth < WIDTH);
      paths.light(lit);
      const results = {};
      for (const { key, edges, spans, result, checked } of rows) {
        spans.forEach((span, i) => {
          setText(span, key.startsWith("kl") ? texts[edges[i]].split(" = ")[0] : steady(values[edges[i]]));
          span.title = texts[edges[i]];
          span.classList.toggle("lit", edges[i] === lit);
        });
        results[key] = edges.reduce((product, edge) => product * values[edge], 1);
        setText(result, `= ${steady(results[key])}`);
        const found = server ? server[SERVER[key]].data[at] * (key.startsWith("kl") ? beta : 1) : null;
        setText(checked, found === null ? "…" : steady(found));
      }
      const totals = [results.mean + results.klmean, results.spread + results.klspread];
      const way = (value, more, less) => (Math.abs(value) < 5e-4 ? "leave it" : value > 0 ? less : more);
      setText(sentence, `Both together: ${steady(totals[0])} for μ and ${steady(totals[1])} for log σ². For this ε a step downhill would ${way(totals[0], "raise", "lower")} μ and ${way(totals[1], "widen", "narrow")} the bell; the KL alone would ${way(results.klmean, "raise", "lower")} μ and ${way(results.klspread, "widen", "narrow")} it.`.replaceAll("leave it μ", "leave μ").replaceAll("leave it the bell", "leave the bell").replaceAll("leave it it", "leave it"));
      setText(note, server ? `∂R/∂z is autograd's, through the whole decoder. The page's own central difference gives ${steady(page)}.` : `∂R/∂z is the page's own central difference for now; autograd is asked when you let go.`);
      now = { at, values, results, page, totals, server: Boolean(server), autograd: server && Object.fromEntries(ROWS.map(([key]) => [key, server[SERVER[key]].data[at]])), lit, sentence: sentence.textContent };
    },
    read: () => now && { ...now, texts: paths.texts() },
    middle: (edge) => paths.middle(edge),
  };
}
