// The neuron's arithmetic with the numbers in it.

import { count, h, number } from "../lib/dom.js";
import { score } from "./rules.js";

const n = (x) => number(Math.abs(x) < 1e-9 ? 0 : x);
const wrapped = (x) => (x < 0 ? `(${n(x)})` : n(x));
const pair = (a, b) => `(${n(a)}, ${n(b)})`;
const i = (text) => h("i", text);
const sub = (letter, k) => [i(letter), h("sub", k)];

/** w₁·x₁ + w₂·x₂ + b = z → f(z), for one point or in letters. */
export function sumLines({ w1, w2, b }, point, activation) {
  const letters = [sub("w", 1), " · ", sub("x", 1), " + ", sub("w", 2), " · ", sub("x", 2), " + ", i("b"), " = ", i("z")];
  if (!point) return [h("div", letters)];
  const z = score({ w1, w2, b }, point);
  return [
    h("div.letters", letters),
    h("div", `${n(w1)} · ${wrapped(point.x1)} + ${wrapped(w2)} · ${wrapped(point.x2)} + ${wrapped(b)} = `, h("b", n(z))),
    h("div", `${activation.name}(${n(z)}) = `, h("b", n(activation.value(z))),
      h("span.muted", point.y > 0 ? "   class 1, y = 1" : "   class 0, y = −1")),
  ];
}

/** The last correction or step as an equation. */
export function updateLines(last) {
  if (!last) return [];
  const { before, after, point, rate, gradient } = last;
  if (last.rule === "perceptron") {
    const sign = point.y > 0 ? "1" : "(−1)";
    return [
      h("div.letters", i("w"), " ← ", i("w"), " + η ", i("y x"), ",   ", i("b"), " ← ", i("b"), " + η ", i("y")),
      h("div", i("w"), ` ← ${pair(before.w1, before.w2)} + ${n(rate)} · ${sign} · ${pair(point.x1, point.x2)} = `, h("b", pair(after.w1, after.w2))),
      h("div", i("b"), ` ← ${n(before.b)} + ${n(rate)} · ${sign} = `, h("b", n(after.b))),
    ];
  }
  return [
    h("div.letters", i("w"), " ← ", i("w"), " − η ∂", i("L"), "/∂", i("w"), ",   ", i("b"), " ← ", i("b"), " − η ∂", i("L"), "/∂", i("b")),
    h("div", i("w"), ` ← ${pair(before.w1, before.w2)} − ${n(rate)} · ${pair(gradient.w1, gradient.w2)} = `, h("b", pair(after.w1, after.w2))),
    h("div", i("b"), ` ← ${n(before.b)} − ${n(rate)} · ${wrapped(gradient.b)} = `, h("b", n(after.b))),
  ];
}

const times = (k, one, many) => `${count(k)} ${k === 1 ? one : many}`;

/** How things stand, in a sentence. */
export function standing({ rule, updates, passes, mistakes, points, separable, converged }, loss) {
  const wrong = mistakes ? `${times(mistakes, "point", "points")} of ${count(points.length)} on the wrong side.` : "Every point is on its side.";
  const never = "No line separates these points";
  if (rule === "gradient") {
    const end = separable
      ? "A line separates these points, so the loss can fall for ever while w grows."
      : `${never}; the loss has a lowest value all the same.`;
    return `${times(updates, "step", "steps")}, mean loss ${number(loss)}. ${wrong} ${end}`;
  }
  const done = times(updates, "correction", "corrections");
  if (converged && updates) return `Converged after ${done} in ${times(passes + 1, "pass", "passes")}. ${wrong}`;
  if (converged) return `${wrong} There is nothing to correct.`;
  const end = separable ? "A line separates these points, so the corrections will come to an end." : `${never}: it will go on for ever.`;
  return `${updates ? `${done}. ` : ""}${wrong} ${end}`;
}
