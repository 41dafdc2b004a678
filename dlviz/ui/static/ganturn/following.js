// One example of the batch through the whole step: its own numbers, a line for each sub-step.

import { h, number, replace, setText, steady } from "../lib/dom.js";
import { pullOf, said } from "../lib/gan.js";
import { discriminatorTerms, generatorTerms, hasOdds } from "./terms.js";
import { lengthOf } from "./turn.js";

const FEW = 4; // numbers of a vector that are written out

/** `onfollow(index)`, `onmove(sub-step)`. */
export function buildFollowing({ onfollow, onmove }) {
  const which = h("span.value.gt-which", { "aria-live": "polite" });
  let [follow, most] = [0, 1];
  const back = h("button.square", { type: "button", "aria-label": "Previous example", onclick: () => onfollow((follow + most - 1) % most) }, "‹");
  const on = h("button.square", { type: "button", "aria-label": "Next example", onclick: () => onfollow((follow + 1) % most) }, "›");
  const list = h("ol.gt-lines");
  const element = h("section.gt-following", { "aria-label": "One example through the whole step" }, h("div.gt-following-head", h("h3", "One example, followed"), h("div.row", back, which, on)), list);
  let [key, lines] = ["", []];

  function show(turn, substeps, at, index) {
    const batch = substeps[0].move.batch;
    [follow, most] = [index, Math.min(...substeps.map(({ move }) => move.shown))];
    setText(which, `number ${index + 1} of ${batch}${most < batch ? `, ${most} shown` : ""}`);
    const next = substeps.map(({ group, short }) => group + short).join("|");
    if (next !== key) {
      key = next;
      lines = substeps.map(({ short }, k) => {
        const [words, name] = [h("span.value.gt-line-words"), h("b", `${k + 1} ${short}`)];
        return { words, button: h("button.plain.gt-line", { type: "button", onclick: () => onmove(k) }, name, words) };
      });
      replace(list, lines.map(({ button }) => h("li", button)));
    }
    substeps.forEach((sub, k) => {
      setText(lines[k].words, lineOf(turn, sub, index));
      lines[k].button.classList.toggle("now", k === at);
      lines[k].button.setAttribute("aria-current", k === at ? "step" : "false");
    });
  }
  return { element, show, read: () => lines.map(({ words }) => words.textContent) };
}

function vector(values) {
  const some = [...values.slice(0, FEW)].map((value) => steady(value, 3));
  return `(${some.join(", ")}${values.length > FEW ? ", …" : ""})`;
}

/** The numbers of example i in a sub-step. */
export function lineOf(turn, { id, move }, i) {
  const { spec, planar, size } = turn;
  const example = (list) => (planar ? vector(turn.of(list, i)) : `${turn.shape.join(" × ")}, mean ${steady(turn.of(list, i).reduce((sum, value) => sum + value, 0) / size, 3)}`);
  const verdict = (logit) => (hasOdds(spec) ? `logit ${steady(logit)}, D = ${steady(said(spec.loss, logit))}` : `D = ${steady(logit)}`);
  const told = turn.told ? `, class ${turn.scene.numbers.classes[move.labels[i]]}` : "";
  switch (id) {
    case "real": return `x = ${example(move.real)}${told}`;
    case "noise": return `z = ${vector(turn.codeOf(move, i))}${told}`;
    case "fakes": return `G(z) = ${example(move.fakes)}`;
    case "judge": return `real: ${verdict(move.realLogits[i])}; fake: ${verdict(move.fakeLogits[i])}`;
    case "loss": {
      const terms = discriminatorTerms(spec, move.realLogits, move.fakeLogits);
      return `real adds ${steady(terms.real[i])}, fake adds ${steady(terms.fake[i])}${move.slopes ? `, slope ${steady(move.slopes[i])}` : ""}`;
    }
    case "step": return `real: D = ${steady(said(spec.loss, move.realLogits[i]))} → ${steady(said(spec.loss, move.realAfter[i]))}; fake: ${steady(said(spec.loss, move.fakeLogits[i]))} → ${steady(said(spec.loss, move.fakeAfter[i]))}`;
    case "gfakes": return `z = ${vector(turn.codeOf(move, i))}${told} → ${example(move.fakes)}`;
    case "gjudge": return verdict(move.logits[i]);
    case "gloss": return `ℓ = ${steady(generatorTerms(spec, move.logits)[i])}, ∂ℓ/∂logit = ${steady(pullOf(spec.loss, move.logits[i]))}, ${planar ? `−∂ℓ/∂fake = ${vector(turn.of(move.gradient, i).map((value) => -value))}` : `length of ∂ℓ/∂fake ${number(lengthOf(move.gradient, i, size))}`}`;
    case "gback": return `its gradient, of length ${number(lengthOf(move.gradient, i, size))}, is one of ${move.batch}`;
    case "gstep": return `moved ${planar ? `by ${vector(turn.of(move.moved, i).map((value, k) => value - move.fakes[i * size + k]))}` : `by ${number(lengthOf(move.moved.map((value, k) => value - move.fakes[k]), i, size))}`}, cosine with its arrow ${steady(move.cosines[i], 2)}; D = ${steady(said(spec.loss, move.logits[i]))} → ${steady(said(spec.loss, move.logitsAfter[i]))}`;
    default: return `D = ${steady(said(spec.loss, move.logits[i]))} → ${steady(said(spec.loss, move.bug.logits[i]))}`;
  }
}
