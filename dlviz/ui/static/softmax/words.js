// The equation with the numbers put in, entropy and loss in words, and why the largest logit is taken off.

import { h, number, percent, steady } from "../lib/dom.js";
import { inFloat32 } from "./arithmetic.js";

const e = (exponent) => ["e", h("sup", exponent)];

/** The lines of the equation for class k, each a list of what stands in it. */
export function equation({ names, logits, steps, temperature }, k) {
  const inside = `${steady(logits[k], 2)} − ${steady(steps.largest, 2)}`.replace("− −", "+ ");
  const exponent = temperature === 1 ? inside : `(${inside}) / ${number(temperature)}`;
  return [
    [`p(${names[k]}) = `, ...e(temperature === 1 ? "z − m" : "(z − m) / T"), " / Σ"],
    ["= ", ...e(exponent), ` / ${steady(steps.sum, 3)}`],
    [`= ${steady(steps.exponentials[k], 4)} / ${steady(steps.sum, 3)} = ${steady(steps.probabilities[k], 4)}`],
  ];
}

/** What the entropy says. */
export function entropyWords(entropy, classes) {
  const most = Math.log(classes);
  const share = entropy / most;
  const reading = share > 0.9 ? "all classes are nearly alike" : share < 0.1 ? "nearly all on one class" : `as unsure as between ${steady(Math.exp(entropy), 1)} equally likely classes`;
  return `H = −Σ p ln p = ${steady(entropy)} nats of at most ln ${classes} = ${steady(most)}: ${reading}.`;
}

/** The loss of the picture. */
export function lossWords({ names, truth, probability, loss }) {
  if (truth === null) return "Your own picture has no label. Press a class name to say what it is; its loss and the gradient then appear.";
  return `L = −ln p(${names[truth]}) = −ln ${steady(probability, 4)} = ${steady(loss)}.`;
}

/** The gradient in words. */
export function gradientWords({ names, truth, gradient, temperature }) {
  if (truth === null) return "";
  const others = gradient.map((g, k) => [k === truth ? -Infinity : g, k]).sort((a, b) => b[0] - a[0])[0];
  const rule = temperature === 1 ? "∂L/∂z = p − y" : "∂L/∂z = (p − y) / T";
  return `${rule}: ${steady(gradient[truth])} for ${names[truth]}, so a step raises that logit; ${steady(others[0])} for ${names[others[1]]}, the most of the others. They add up to 0.`;
}

/** Both ways in float32, with `added` on every logit: {plain, safe, words}, for class k. */
export function overflow({ logits, temperature, names }, k, added) {
  const plain = inFloat32(logits, temperature, added, false);
  const safe = inFloat32(logits, temperature, added, true);
  const line = (found, exponent) => [...e(exponent), ` / Σ = ${number(found.exponentials[k], 4)} / ${number(found.sum, 4)} = ${steady(found.probabilities[k], 4)}`];
  const z = logits[k] + added;
  const over = temperature === 1 ? "" : ` / ${number(temperature)}`;
  const largest = Math.max(...logits) + added;
  const broken = !Number.isFinite(plain.probabilities[k]) || !Number.isFinite(plain.sum) || plain.sum === 0;
  const difference = `${steady(z, 2)} − ${steady(largest, 2)}`.replace("− −", "+ ");
  return {
    plain: line(plain, `${steady(z, 2)}${over}`),
    safe: line(safe, over ? `(${difference})${over}` : difference),
    broken,
    inPlain: plain.probabilities,
    inSafe: safe.probabilities,
    words: broken
      ? ["Without the subtraction float32 fails: its largest number is 3.4×10³⁸ = ", ...e("88.7"), ", its smallest 1.4×10⁻⁴⁵ = ", ...e("−103.3"), `. With it the largest exponent is 0, and p(${names[k]}) stays ${percent(safe.probabilities[k], 2)}.`]
      : [...e("z + c"), " = ", ...e("c"), " · ", ...e("z"), ": the same factor stands above and below the line, so a number added to all logits cancels, and so does −m. Move c to where float32 ends."],
  };
}
