// What an operation is, in a heading and in sentences with the numbers measured on this picture.

import { number, percent } from "../lib/dom.js";

const ROUNDING = 0.5001;

const NOT_LINEAR = {
  threshold: "A pixel jumps from 0 to 255 at the level; twice the brightness is not twice the answer.",
  median: "The middle of a sorted list is no weighted sum: which pixel wins depends on all the others.",
  magnitude: "Across and down are two convolutions; the length of the two, √(x² + y²), is not linear.",
  canny: "Its blur and its gradient are convolutions. The length, thinning, thresholds and the search along edges are not linear.",
};

const KINDS = {
  grey: "Grey is a 1 × 1 convolution: every pixel mixes its own three colours.",
  gaussian: "The Gaussian blur is one convolution.",
  box: "The box blur is one convolution, all weights alike: average pooling with stride 1.",
  sobel: "Sobel is one convolution: a difference one way, a binomial average the other.",
  laplacian: "The Laplacian is one convolution: second differences, across and down.",
};

const resized = ({ factor, method }) => {
  if (factor > 1) return `Twice the size by ${method}: a transposed convolution with stride 2.`;
  const n = Math.round(1 / factor);
  const how = method === "area" ? `average pooling of ${n} × ${n}` : method === "bilinear" ? "the average of the middle pixels" : "one pixel taken";
  return `A ${n} times smaller picture by ${method}: a convolution with stride ${n}, ${how}.`;
};

/** {isOne, heading, why}: whether the operation is a convolution, and why (not). */
export function verdict(operation, settings) {
  const kind = operation === "sobel" && settings.direction === "magnitude" ? "magnitude" : operation;
  if (kind in NOT_LINEAR) {
    const name = { threshold: "A threshold", median: "The median", magnitude: "The magnitude of Sobel", canny: "Canny as a whole" }[kind];
    return { isOne: false, heading: `${name} is not a convolution.`, why: NOT_LINEAR[kind] };
  }
  return { isOne: true, heading: kind === "resize" ? resized(settings) : KINDS[kind], why: "" };
}

/** How near torch comes with the kernel. */
export function agreement(difference, exact, signed) {
  if (difference === 0) return "torch's convolution with this kernel gives the very same numbers: the largest difference is 0.";
  const unit = signed ? "" : " grey levels";
  const first = `The largest difference between OpenCV and torch's convolution with this kernel is ${number(difference)}${unit}`;
  if (signed) return `${first}: both compute with floating-point numbers.`;
  const why = difference <= ROUNDING ? "OpenCV rounds to whole levels" : "OpenCV rounds, and computes bytes with weights of few bits";
  return `${first}: ${why}. With floating-point numbers on both sides it is ${number(exact)}.`;
}

/** Whether f(a + b) = f(a) + f(b), as measured. example: [row, column, a, b, f(a), f(b), f(a + b)]. */
export function additivity(gap, broken, example, isOne) {
  if (isOne) {
    const size = gap === 0 ? "exactly" : `up to ${number(gap)}, which rounding makes`;
    return `Measured on half the photo (a) and half its mirror image (b): f(a + b) = f(a) + f(b) ${size}.`;
  }
  if (gap <= 2) return "Measured on half the photo (a) and half its mirror image (b), the sum happens to hold here: there is nothing in the picture for it to break.";
  const [row, column, , , a, b, sum] = example;
  return `Measured on half the photo (a) and half its mirror image (b): at row ${row + 1}, column ${column + 1}, f(a) + f(b) = ${number(a)} + ${number(b)}, `
    + `but f(a + b) = ${number(sum)}. The sum fails at ${percent(broken)} of the pixels; a convolution keeps it at every one.`;
}

/** The chosen picture of Canny in one sentence. */
export const STEPS = {
  blurred: { name: "Blurred", step: 1, linear: true, text: "A Gaussian takes out noise that would look like edges: a convolution." },
  gradient_x: { name: "Gradient across", step: 2, linear: true, text: "Sobel: how much brighter it gets to the right. A convolution." },
  gradient_y: { name: "Gradient down", step: 2, linear: true, text: "Sobel turned: how much brighter it gets downwards. A convolution." },
  magnitude: { name: "Length", step: 3, linear: false, text: "√(across² + down²): how steep it is, whichever way. A square is not linear." },
  direction: { name: "Direction", step: 3, linear: false, text: "Which way it is steepest, to the nearest of four. An angle is not linear." },
  thinned: { name: "Thinned", step: 4, linear: false, text: "Only peaks stay: a pixel whose neighbour along its direction is steeper is dropped. A maximum is not linear." },
  classes: { name: "Strong and weak", step: 5, linear: false, text: "Above the upper threshold strong, between the two weak, below nothing. A threshold is not linear." },
  result: { name: "Edges", step: 5, linear: false, text: "Strong pixels, and weak ones that hang on them by other weak ones: OpenCV's answer." },
};
