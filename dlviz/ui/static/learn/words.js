// What the numbers of this moment mean, in sentences. Every number in them is computed from the moment shown.

import { count, number } from "../lib/number.js";

const SMALL = 0.01; // of the largest hidden weight: what a person can no longer see

/** The sentence under the curves. */
export function progress({ step, largest, scale, playing }) {
  const off = `the largest difference to the hidden kernel is ${number(largest)}`;
  if (step === 0) return `Before the first step ${off}: the weights are random.${playing ? "" : " Press Play."}`;
  const after = `After ${count(step)} ${step === 1 ? "step" : "steps"} ${off}`;
  return largest < SMALL * scale ? `${after}: the kernel is found.` : `${after}.`;
}

/** What filter o answers to a picture that is `grey` everywhere: {total (Σw over all its channels), bias, answer}. */
export function flatAnswer(layer, o, grey) {
  let total = 0;
  for (let i = 0; i < layer.perGroup; i += 1) {
    for (let ky = 0; ky < layer.kh; ky += 1) for (let kx = 0; kx < layer.kw; kx += 1) total += layer.weightAt(o, i, ky, kx);
  }
  const bias = layer.bias[o];
  return { total, bias, answer: grey * total + bias };
}

/** Of two layers in a row only the product is learned; `largest` is how far the products are off. */
export const chained = (largest) => [
  "Here two layers stand in a row. A depthwise kernel made twice as large and its weight in the mix made half as large give the same answers, so the learner need not arrive at the hidden weights: only at their products.",
  `Of the products (mix × depthwise kernel, and the bias that comes of it) the largest difference is ${number(largest)}.`,
];

/** Why it goes as fast as it goes: sentences about what the pictures tell, from the scene's `curvature`. */
export function reasons(curvature, spec) {
  if (!curvature) return ["A transposed convolution adds up overlapping copies of its kernel. Its weights are learned in the same way; how fast, this page works out for a plain convolution only."];
  const { numbers, known, condition, smallest, fastest, neighbours } = curvature;
  if (known < numbers) return underdetermined(curvature, spec);
  const found = [alike(neighbours), `The condition number of the patches is ${number(condition)}: the weights settle that much faster in the best known direction than in the worst.`];
  if (spec.optimizer === "sgd") found.push(speed(spec.learning_rate, smallest, fastest));
  return found;
}

function alike(neighbours) {
  if (neighbours === null) return "";
  const words = `Neighbouring pixels of these pictures have a correlation of ${number(neighbours, 2)}`;
  if (Math.abs(neighbours) < 0.2) return `${words}: each says something of its own, and so each weight is found by itself.`;
  return `${words}: a weight and its neighbour are given nearly the same number, so the answers hardly say which of the two it was.`;
}

function speed(rate, smallest, fastest) {
  if (rate > fastest) return `The learning rate ${number(rate)} is above ${number(fastest)}, where plain gradient descent overshoots further with every step.`;
  const steps = 1 / (rate * smallest);
  return `At the learning rate ${number(rate)} the worst direction shrinks to 37 % in about ${count(Math.max(1, steps))} ${Math.round(steps) <= 1 ? "step" : "steps"}; above ${number(fastest)} the steps overshoot.`;
}

function underdetermined({ numbers, known }, spec) {
  const unknown = numbers - known;
  const found = [`These pictures determine ${count(known)} of the ${count(numbers)} numbers of a filter. In the other ${count(unknown)} ${unknown === 1 ? "direction" : "directions"} the weights may be anything, and stay where they began: many kernels give the same answers.`];
  if (spec.pairs === "flat") found.push("A flat picture gives every weight the same number to multiply, so only the sum of the weights, Σw, shows in the answer, together with the bias. The loss goes to 0 all the same, also on test pairs, as those are flat too.");
  return found;
}
