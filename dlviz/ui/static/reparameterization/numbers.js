// A card for each number of the code: its bells, and μ, σ, ε, z and KL written out with the numbers put in.

import { h, replace, setText, steady } from "../lib/dom.js";
import { name } from "../lib/latentslice.js";
import { buildBell } from "./bell.js";
import { divergence } from "./drawing.js";

const PAGE = 8;
const NARROWEST = 3.4; // of the axes, each way

const put = (value) => (value < 0 ? `(${steady(value)})` : steady(value));
const minus = (value) => (value < 0 ? `+ ${steady(-value)}` : `− ${steady(value)}`);

/** `onmove(at, epsilon)`, `onpick(at)`: the number whose gradient is shown. `show(draw, {stage, chosen})`. */
export function buildNumbers({ redraw, onmove, onpick }) {
  let [from, cards, built] = [0, [], ""];
  const pages = h("div.row.pages", { role: "group", "aria-label": "Numbers of the code" });
  const grid = h("div.reparam-cards");
  const element = h("div.stack", pages, grid);

  function card(at) {
    const bell = buildBell({ onmove: (epsilon) => onmove(at, epsilon) });
    const lines = { mean: h("span.value"), sigma: h("span.value"), epsilon: h("span.value"), z: h("span.value"), kl: h("span.value") };
    const line = (key, said, least) => h("p.line", { "data-line": key, "data-least": least }, h("span.said", said), lines[key]);
    const head = h("button.plain.reparam-name", { type: "button", title: "Show this number's gradient", onclick: () => onpick(at) }, name(at));
    const shown = h("article.reparam-card", { "data-at": at, "aria-label": `Number ${at + 1} of the code` }, h("div.row", head, h("span.grow"), h("span.label.kl-of.value")), bell.canvas,
      line("mean", "μ, log σ²", 0), line("sigma", "σ = exp(½ log σ²)", 1), line("epsilon", "ε", 2), line("z", "z = μ + σ ε", 3), line("kl", "KL = ½ (μ² + σ² − 1 − log σ²)", 1));
    return { at, bell, lines, shown };
  }

  function build(latent) {
    const some = Array.from({ length: Math.min(PAGE, latent - from) }, (_, i) => from + i);
    const key = `${latent} ${from}`;
    if (key === built) return;
    built = key;
    cards = some.map(card);
    replace(grid, cards.map(({ shown }) => shown));
    grid.dataset.count = Math.min(cards.length, 4);
    const count = Math.ceil(latent / PAGE);
    replace(pages, count < 2 ? [] : Array.from({ length: count }, (_, k) => h("button.chip", { type: "button", "aria-pressed": k * PAGE === from, onclick: () => { from = k * PAGE; redraw(); } }, `${k * PAGE + 1}–${Math.min(latent, (k + 1) * PAGE)}`)));
  }

  return {
    element,
    reveal(at) { from = PAGE * Math.floor(at / PAGE); },
    show({ mean, logVariance, sigma, epsilon, z }, { stage, chosen }) {
      if (from >= mean.length) from = 0;
      build(mean.length);
      const reach = Math.max(NARROWEST, ...cards.map(({ at }) => Math.abs(mean[at]) + 3 * sigma[at]));
      for (const { at, bell, lines, shown } of cards) {
        const [m, l, s, e] = [mean[at], logVariance[at], sigma[at], epsilon[at]];
        bell.show({ name: name(at), mean: m, sigma: s, epsilon: e, reach, stage });
        setText(lines.mean, `${steady(m)}, ${steady(l)}`);
        setText(lines.sigma, `exp(½ · ${put(l)}) = ${steady(s)}`);
        setText(lines.epsilon, steady(e));
        setText(lines.z, `${steady(m)} + ${steady(s)} · ${put(e)} = ${steady(z[at])}`);
        setText(lines.kl, `½ (${steady(m * m)} + ${steady(s * s)} − 1 ${minus(l)}) = ${steady(divergence(m, l))}`);
        setText(shown.querySelector(".kl-of"), `KL ${steady(divergence(m, l), 2)} nats`);
        shown.classList.toggle("chosen", at === chosen);
        shown.querySelector(".reparam-name").setAttribute("aria-pressed", at === chosen);
        for (const each of shown.querySelectorAll("[data-least]")) each.classList.toggle("later", stage < Number(each.dataset.least));
      }
    },
    draw: (colors) => cards.forEach(({ bell }) => bell.draw(colors)),
    bell: (at) => cards.find((card) => card.at === at)?.bell ?? null,
    texts: () => Object.fromEntries(cards.map(({ at, lines }) => [at, Object.fromEntries(Object.entries(lines).map(([key, line]) => [key, line.textContent]))])),
  };
}
