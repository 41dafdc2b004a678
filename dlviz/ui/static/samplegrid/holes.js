// The share of clear pictures of each source as bars: where codes of pictures lie, and where there are only holes.

import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { inSlices } from "../lib/slices.js";
import { answerOf, graded } from "./grading.js";
import { drawCodes, labelOf, SOURCES } from "./sources.js";

const MANY = 100;

export function buildHoles({ ctx }) {
  const body = h("div.stack");
  const words = h("p.sentence.value", { "aria-live": "polite" });
  const element = h("section.part", { "aria-label": "Where to draw from" }, h("h3", "Where to draw from"), h("p.about"), body, words);
  let [found, key] = [{}, null];

  function* work({ moment, statistics, read, classes, seed }) {
    for (const source of SOURCES) {
      const pictures = [];
      for (const [i, z] of drawCodes(source, statistics, { count: MANY, temperature: 1, seed }).entries()) {
        const { picture } = moment.network.decode(z, i % classes);
        pictures.push({ picture, ...answerOf(read, picture) });
        yield;
      }
      found[source] = graded(pictures, classes);
      ctx.redraw();
      yield;
    }
  }

  function say(variational) {
    if (!found.posterior) return "The bars are being computed …";
    const [prior, codes] = [found.prior.clear, found.posterior.clear];
    const best = SOURCES.slice(0, 3).reduce((a, b) => (found[b].clear > found[a].clear ? b : a));
    if (variational) {
      const gap = codes - prior;
      return `${percent(prior, 0)} of draws from the prior decode to clear pictures, and ${percent(codes, 0)} of draws from q of real pictures. ${Math.abs(gap) < 0.05 ? "The two hardly differ, as it should be" : gap > 0 ? "The difference is prior that no picture's q covers" : "The prior does no worse here"}.`;
    }
    const start = `Codes of real pictures decode to ${percent(codes, 0)} clear ones, draws from N(0, 1) to ${percent(prior, 0)}`;
    if (codes < 0.4) return `${start}. A decoder that is not clear where its codes lie has not learned enough to tell holes from codes: train it longer.`;
    const missing = found[best].clear < codes - 0.05 ? "what is missing are the holes between the codes" : "no worse than the codes themselves";
    return `${start}: nothing told this network to put its codes there. Of the three ways to draw new ones, ${labelOf(best, false).replace("Normal", "the normal").replace("Box", "the box")} does best with ${percent(found[best].clear, 0)}; ${missing}.`;
  }

  return {
    element,
    begin(what) {
      if (key && ["moment", "read", "statistics", "seed"].every((name) => key[name] === what[name])) return;
      key = what;
      found = {};
      if (what.read) inSlices(work(what), () => ctx.redraw(), { signal: ctx.signal, wanted: () => key === what });
    },
    draw(variational) {
      element.classList.toggle("hidden", !key?.read);
      if (!key?.read) return;
      setText(element.querySelector(".about"), variational
        ? `A VAE is trained so that its codes fill the prior. ${MANY} draws at T = 1 from each source: clear is what the classifier is more than 80 % sure of.`
        : `A ${key.moment.scene.numbers.spec.kind} autoencoder has no prior: nothing says where codes without a picture lie. ${MANY} draws at T = 1 from each source: clear is what the classifier is more than 80 % sure of.`);
      replace(body, SOURCES.filter((source) => found[source]).map((source) => h("div.sample-bar", { "data-source": source },
        h("span", labelOf(source, variational)), h("span.bar", h("i", { style: { width: `${100 * found[source].clear}%` } })), h("span.value", percent(found[source].clear, 0)), h("span.small.muted.value", `${found[source].classes} ${found[source].classes === 1 ? "class" : "classes"}, ${steady(found[source].bits, 2)} bits`))));
      setText(words, say(variational));
    },
    read: () => ({ ...found, words: words.textContent }),
  };
}
