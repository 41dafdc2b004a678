// What the plane says in sentences, from the numbers it shows.

import { count, number, percent } from "../lib/dom.js";
import { SURE } from "./planetiles.js";

const CLEAR = 0.9; // a probability from which on the classifier is said to read one class
const FORMS = { 8: "an 8", ellipse: "an ellipse", arrow: "an arrow" };

/** "a 4", "an 8", "an ellipse". */
export const one = (name) => FORMS[name] ?? `a ${name}`;

const whole = (p) => percent(p, 0);

/** What the classifier reads, as the end of a sentence. */
export function reading(probabilities, classes) {
  const [first, second] = [...probabilities.keys()].sort((i, j) => probabilities[j] - probabilities[i]);
  if (probabilities[first] >= CLEAR) return `the classifier reads ${one(classes[first])} (${whole(probabilities[first])})`;
  return `between ${classes[first]} and ${classes[second]}: the classifier gives ${classes[first]} ${whole(probabilities[first])}, ${classes[second]} ${whole(probabilities[second])}`;
}

/** What the point shown is: among the codes or outside, and what is read there. */
export function pointWords({ how, isInside, clouds, near, probabilities, classes, truth, own, told }) {
  const nearest = near[0];
  const said = probabilities ? reading(probabilities, classes) : null;
  const place = !nearest ? "" : isInside
    ? `Among the codes: the nearest test picture, ${one(nearest.name)}, is ${number(nearest.distance, 2)} away`
    : `No test picture within ${number(roundedDown(nearest.distance), 2)}${beyond(clouds)}`;
  const reads = said ? (place ? `; ${said}.` : `${capital(said)}.`) : place ? "." : "";
  const asked = told ? ` It was told to draw ${one(told)}.` : "";
  if (how === "home") return `The code of ${own ? "your own picture" : `the picture on screen, ${one(truth)}`}${said ? `: decoded again, ${said}` : ""}.${asked}`;
  return `${place}${reads}${asked}`;
}

// Samples of the clouds are what the decoder of a VAE learns from: where one reaches, it has seen something.
function beyond(clouds) {
  if (!clouds) return ": the decoder was hardly ever asked for this";
  return `, but the ${clouds === 1 ? "cloud of one reaches" : `clouds of ${count(clouds)} reach`} this far`;
}

// Two digits of a distance, never more than it is: what is said to be empty is.
function roundedDown(distance) {
  if (!(distance > 0)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(distance)) - 1);
  return Math.floor(distance / unit) * unit;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** How much of the middle of the plane lies among codes; `share` {cells, inside}. */
export function shareWords(share, variational, flat) {
  if (!share) return "";
  const part = flat ? "stretch" : "square";
  const where = variational ? `the ${part} within ±2σ of the prior` : `the ${part} that the codes span`;
  return `Of ${where}, ${whole(share.inside / share.cells)} lies among the codes of test pictures: as near to its 5th nearest code as 95 % of the codes are to theirs.`;
}

/** The tiles in numbers; `counts` of planetiles.js. `faded`: those outside the codes are. */
export function tileWords(counts, step, faded) {
  if (!counts) return "";
  const head = `${count(counts.cells)} pictures decoded with the weights of step ${count(step)}: ${count(counts.inside)} lie among the codes${faded ? " (the others are faded)" : ""}`;
  if (counts.sure === null || !counts.inside) return `${head}.`;
  return `${head}, and of these the classifier reads ${whole(counts.sure / counts.inside)} with more than ${SURE}.`;
}

/** Which plane it is, where the code has more numbers than the plane. */
export function planeWords({ latent, principal, names }) {
  if (latent < 3) return "";
  if (principal) return `The plane lies along the two directions in which the ${latent} numbers spread most, through the code of the picture on screen; across it all ${latent} numbers change together. Codes are seen from it and most lie off it, so the nearest ones can look far.`;
  const others = latent - 2;
  return `Only ${names[0]} and ${names[1]} change on this plane; the other ${others === 1 ? "number stays" : `${others} numbers stay`} as in the picture on screen. Codes are seen from the plane and most lie off it, so the nearest ones can look far.`;
}

export const SPACING = {
  even: "Even steps: equal distances on the plane are equal steps of z.",
  quantiles: "Quantiles: z = Φ⁻¹(share), so equal areas hold equal shares of the prior, and samples from it fall evenly. Where the plane is empty, samples land where the decoder learned nothing.",
};
