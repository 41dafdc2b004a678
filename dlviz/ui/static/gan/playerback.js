// What comes back to the fake: D's output as its loss takes it, the pull of G's loss, D's slope there, and their product.

import { pullOf, said } from "../lib/gan.js";
import { h, replace, setText, steady } from "../lib/dom.js";
import { CRITICS, ODDS, PULLS, lossOfFake } from "./games.js";
import { buildTile } from "./playertile.js";

const norm = (x) => Math.sqrt(x.reduce((all, value) => all + value * value, 0));
const pair = (x) => `(${[...x].map((value) => steady(value)).join(", ")})`;

/** D's verdict of an example in one sentence. */
export function verdictOf(loss, logit, isReal) {
  const what = isReal ? "this real example" : "this fake";
  if (ODDS.includes(loss)) {
    const odds = said(loss, logit);
    return { big: steady(odds, 3), words: `D(x) = σ(${steady(logit)}) = ${steady(odds)}: D gives ${what} ${(100 * odds).toFixed(1)} % to be real${right(odds > 0.5, isReal)}` };
  }
  if (loss === "leastsquares") return { big: steady(logit, 3), words: `D is to say 1 of real, 0 of fake. It says ${steady(logit)} of ${what}${right(logit > 0.5, isReal)}` };
  if (CRITICS.includes(loss)) return { big: steady(logit, 3), words: `A height, not odds: of ${what} ${steady(logit)}. Only the difference to others means something; higher is more like the real ones.` };
  const inside = isReal ? logit >= 1 : logit <= -1;
  return { big: steady(logit, 3), words: `A height of ${steady(logit)}; D wants real ones above 1 and fakes below −1. ${inside ? `With ${what} it is content, and learns nothing from it.` : `From ${what} it still learns.`}` };
}

const right = (callsReal, isReal) => `, ${callsReal === isReal ? "and is right." : "and is wrong."}`;

export function buildBack() {
  const steps = h("div.gp-steps");
  const words = h("p.small.gp-back-words");
  const tile = buildTile({ label: "Gradient of this fake", onpoint: (at) => read(at), onhold: (at) => read(at), onleave: () => read(null) });
  const pointed = h("p.small.muted.value");
  const picture = h("figure.gp-gradient", h("figcaption.small", h("b", "∂ loss / ∂ fake")), tile.canvas, pointed);
  const element = h("div.gp-back", { role: "region", "aria-label": "What comes back to the fake" }, h("h4.gp-head", "What comes back to the fake"), h("div.gp-back-body", h("div.gp-back-sums", steps, words), picture));
  let known = null;

  function read(at) {
    if (!known?.gradient) return;
    const width = known.shape.at(-1);
    setText(pointed, at === null ? `± ${steady(known.limit)}` : `row ${(Math.floor(at / width) % known.shape[1]) + 1}, column ${(at % width) + 1}: ${steady(known.gradient[at])}`);
  }

  return {
    element,
    /** Compute and show; returns {loss, pull, slope, gradient} (slope and gradient null of real examples). */
    show({ gan, loss, example, label, logit, isReal, planar, shape }, colors) {
      const [pull, cost] = [pullOf(loss, logit), lossOfFake(loss, logit)];
      const slope = isReal ? null : gan.slope(example, label).gradient;
      const gradient = slope?.map((value) => pull * value) ?? null;
      const step = (name, formula, value) => h("div.gp-step", h("span.small.muted", name), h("span.code", formula), h("b.value", value));
      const fixed = PULLS[loss];
      replace(steps, isReal ? [] : [
        step("G's loss of this fake", { nonsaturating: "−log D", minimax: "log(1 − D)", leastsquares: "½ (l − 1)²" }[loss] ?? "−l", steady(cost)),
        step("its pull on the output", `∂ loss / ∂ l = ${fixed ?? "−1"}`, steady(pull)),
        slope && step("D's slope at this fake", planar ? "∂ l / ∂ (x, y)" : `‖∂ l / ∂ pixels‖, ${slope.length} numbers`, planar ? pair(slope) : steady(norm(slope))),
        gradient && step("pull · slope", "∂ loss / ∂ fake", planar ? pair(gradient) : `length ${steady(norm(gradient))}`),
      ]);
      setText(words, wordsOf({ isReal, gradient, planar, pull, loss, logit }));
      const shows = Boolean(gradient) && !planar;
      picture.classList.toggle("hidden", !shows);
      known = shows ? { gradient, shape, limit: tile.show({ values: gradient, shape, label: `Gradient of this fake, ${shape.join(" × ")}` }, colors) } : null;
      read(null);
      return { loss: cost, pull, slope, gradient };
    },
    words: () => `${steps.textContent} ${words.textContent}`,
  };
}

function wordsOf({ isReal, gradient, planar, pull, loss, logit }) {
  if (isReal) return "Nothing comes back here: a real example is shown to D alone. G never sees it; it learns of the real ones only through the slope that D has where the fakes are.";
  const weak = Math.abs(pull) < 0.05 ? ` The pull is nearly gone: ${loss === "minimax" ? "D is so sure of this fake that the loss is flat, and G cannot learn from it" : "D takes this fake for real, so there is little to mend"}.` : "";
  const way = planar ? ` It is to go against it, by the arrow in the plane: towards ${pair(gradient.map((value) => -value))}.` : " Blue pixels are to get darker, orange ones lighter: it goes against the gradient.";
  return `This is all that G learns from this fake.${way}${weak}${ODDS.includes(loss) && Math.abs(logit) > 30 ? " So large an output is a sign that D has run away: its odds are 0 or 1 to the last digit." : ""}`;
}
