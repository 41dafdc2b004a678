// Two ways to write the same draw in torch: one that a gradient passes, and one that cuts the graph; what reaches the encoder.

import { count, h, setText, steady } from "../lib/dom.js";

const WAYS = [
  ["norm_with", "z = Normal(mean, sigma).rsample()", "Reconstruction, with the trick"],
  ["norm_cut", "z = Normal(mean, sigma).sample()", "Reconstruction, drawn without it"],
  ["norm_kl", "beta * kl_divergence(q, prior)", "The KL's own pull"],
];

export function buildCut() {
  const rows = WAYS.map(([key, code, said], i) => {
    const parts = { key, made: h("span.small.muted.code"), fill: h("i"), value: h("span.value") };
    parts.row = h("div.reparam-way", { "data-way": key }, h("span.way-name", said), h("code.code", code), i < 2 ? parts.made : h("span"), h("span.bar", parts.fill), parts.value);
    return parts;
  });
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const size = h("p.label");
  const body = h("div.stack.result.hidden", size, h("div.stack", rows.map(({ row }) => row)), sentence);
  const element = h("section.part", { "aria-label": "Without the trick" }, h("h3", "Without the trick"),
    h("p.about", "In torch the difference is one letter. rsample draws ε and computes z from μ and σ; sample gives z as a number that has no history."), body);
  let now = null;
  return {
    element,
    /** `server`: a reply of the probe for the moment on screen, or null. */
    show(moment, server) {
      if (now && now.moment !== moment) now = null;
      body.classList.toggle("hidden", !server && !now);
      if (!server) return;
      const weights = moment.scene.numbers.rows.filter(({ part }) => part !== "decoder").reduce((sum, { parameters }) => sum + parameters, 0);
      setText(size, `Length of the gradient of all ${count(weights)} weights of the encoder, for this picture and this ε`);
      const norms = Object.fromEntries(WAYS.map(([key]) => [key, server.arrays[key].data[0]]));
      const most = Math.max(...Object.values(norms)) || 1;
      const made = server.numbers.texts["state/grad_fn"];
      rows.forEach(({ key, made: label, fill, value }, i) => {
        fill.style.width = `${(100 * norms[key]) / most}%`;
        setText(value, norms[key] === 0 ? "0, exactly" : steady(norms[key]));
        if (i < 2) setText(label, `z.grad_fn: ${made[i]}`);
      });
      setText(sentence, `Without the trick the encoder hears nothing of the picture it should help to draw: exactly ${norms.norm_cut} instead of ${steady(norms.norm_with, 2)}. What is left is the KL, ${steady(norms.norm_kl, 2)}, and it pulls every code to N(0, 1): the code collapses.`);
      now = { ...norms, moment, made, sentence: sentence.textContent, weights };
    },
    read: () => now && { ...now, moment: null },
  };
}
