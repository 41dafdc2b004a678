// Four scores, each with its formula, the numbers put in, and what it cannot see.

import { count, h, number, percent, setText, steady } from "../lib/dom.js";

/** A score: `show(big, formula, said)`; `blind`: what it cannot see. */
function score(name, blind, key) {
  const [big, formula, said] = [h("p.big.value"), h("p.gc-formula.value"), h("p.gc-said.small.value")];
  const element = h("article.gc-score", { "data-score": key }, h("h4", name), big, formula, said, h("p.gc-blind.small", h("b", "It cannot see "), blind));
  return {
    element,
    show(value, sum, words) { setText(big, value); setText(formula, sum); setText(said, words); },
    read: () => ({ big: big.textContent, formula: formula.textContent, said: said.textContent }),
  };
}

export function buildScores() {
  const all = {
    modes: score("Modes covered", "fakes between the modes, nor whether a mode is filled or only its middle.", "modes"),
    entropy: score("Entropy over modes", "how good the fakes are: noise that is read as all classes alike has the most.", "entropy"),
    quality: score("Quality", "variety: one perfect fake, made a thousand times, has 100 %.", "quality"),
    diversity: score("Sample diversity", "what the fakes are: far apart is varied, also where nothing real is.", "diversity"),
  };
  const element = h("section.gc-scores", { "aria-label": "Scores of this moment" }, Object.values(all).map((each) => each.element));

  function show({ numbers, classes, planar, hasModes }) {
    const { modes, entropy, quality, fair, needed, measured, diversity, fake_spread: fakes, real_spread: reals } = numbers;
    for (const name of ["modes", "entropy", "quality"]) all[name].element.classList.toggle("hidden", !hasModes);
    if (hasModes) {
      const [total, most] = [classes.length, Math.log(classes.length)];
      all.modes.show(`${modes} of ${total}`, `covered from ${number(needed)} = 0.2 × ${count(measured)} / ${total} fakes`, `The fair share of a mode is ${number(fair)} fakes.`);
      all.entropy.show(`${steady(entropy, 2)} of ${steady(most, 2)} nats`, `H = −Σ p ln p = ${steady(entropy, 2)}; most ln ${total} = ${steady(most, 2)}; e^H = ${steady(Math.exp(entropy), 1)}`,
        quality > 0 ? `As many as ${steady(Math.exp(entropy), 1)} modes that are filled evenly.` : "No good fake yet, so there is nothing to spread.");
      all.quality.show(percent(quality, 0), `${count(quality * measured)} good of ${count(measured)} fakes`, planar ? "Good: within three standard deviations of a mode's middle." : "Good: the classifier is more than 80 % sure of a class.");
    }
    all.diversity.show(percent(diversity, 0), `mean ‖f − f′‖ / mean ‖x − x′‖ = ${number(fakes)} / ${number(reals)} = ${steady(diversity, 2)}`,
      `Two fakes lie ${number(fakes)} apart on average, two real examples ${number(reals)}${planar ? "" : ", in the 64 features of the classifier"}.`);
  }

  return { element, show, read: () => Object.fromEntries(Object.entries(all).map(([name, each]) => [name, each.read()])) };
}
