// The six losses as formulas: what one example costs a player by D's output of it, the slope of that, and both with a number
// put in. (objective.py trains with the same; tests hold them together.)

import { pullOf } from "../lib/gan.js";
import { number } from "../lib/number.js";

export const LOSSES = ["nonsaturating", "minimax", "leastsquares", "wgan", "wgangp", "hinge"];
export const NAMES = {
  nonsaturating: "Non-saturating", minimax: "Minimax", leastsquares: "Least squares",
  wgan: "Wasserstein, clipped", wgangp: "Wasserstein, penalty", hinge: "Hinge",
};
export const CRITICS = ["wgan", "wgangp"];

// Who pays, and for what.
export const PAYERS = [
  { name: "generator", label: "G, for a fake", about: "What the generator pays for one fake. It walks down its curve: a negative slope pulls the fake to where D's output is higher." },
  { name: "fake", label: "D, for a fake", about: "What the discriminator pays for one fake. It walks down its curve: a positive slope pushes its output of the fake down." },
  { name: "real", label: "D, for a real one", about: "What the discriminator pays for one real example. A negative slope pulls its output of it up." },
];

export const odds = (x) => 1 / (1 + Math.exp(-x));
/** log(1 + eˣ), also where eˣ is past all numbers. */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** The loss of one example of output `x`; `smoothing`: of real ones, what is taken from their label. */
export function costOf(loss, payer, x, smoothing = 0) {
  const label = 1 - smoothing;
  if (payer === "generator") {
    switch (loss) {
      case "minimax": return -softplus(x);
      case "nonsaturating": return softplus(-x);
      case "leastsquares": return (x - 1) ** 2 / 2;
      default: return -x;
    }
  }
  const isReal = payer === "real";
  switch (loss) {
    case "leastsquares": return (isReal ? x - label : x) ** 2 / 2;
    case "wgan": case "wgangp": return isReal ? -x : x;
    case "hinge": return Math.max(0, isReal ? 1 - x : 1 + x);
    default: return isReal ? label * softplus(-x) + smoothing * softplus(x) : softplus(x);
  }
}

/** d costOf / d x. */
export function slopeOf(loss, payer, x, smoothing = 0) {
  if (payer === "generator") return pullOf(loss, x);
  const isReal = payer === "real";
  switch (loss) {
    case "leastsquares": return isReal ? x - 1 + smoothing : x;
    case "wgan": case "wgangp": return isReal ? -1 : 1;
    case "hinge": return isReal ? (x <= 1 ? -1 : 0) : (x >= -1 ? 1 : 0);
    default: return isReal ? odds(x) - 1 + smoothing : odds(x);
  }
}

/** Mean size of the slope at these outputs of D: of fakes and for the generator, how much reaches one of them. */
export function meanPull(loss, outputs, payer = "generator", smoothing = 0) {
  let sum = 0;
  for (const x of outputs) sum += Math.abs(slopeOf(loss, payer, x, smoothing));
  return sum / outputs.length;
}

/** Both as formulas with the number put in: {cost, slope}. */
export function writtenOut(loss, payer, x, smoothing = 0) {
  const at = number(x);
  const put = x < 0 ? `(${at})` : at;
  const minus = x < 0 ? number(-x) : `−${at}`;
  const label = number(1 - smoothing);
  const isReal = payer === "real";
  if (payer === "generator") {
    switch (loss) {
      case "minimax": return { cost: `log(1 − σ(${at}))`, slope: `−σ(${at})` };
      case "nonsaturating": return { cost: `−log σ(${at})`, slope: `σ(${at}) − 1` };
      case "leastsquares": return { cost: `½ (${at} − 1)²`, slope: `${at} − 1` };
      default: return { cost: x < 0 ? `−(${at})` : minus, slope: "−1 everywhere" };
    }
  }
  switch (loss) {
    case "leastsquares": return isReal ? { cost: `½ (${at} − ${label})²`, slope: `${at} − ${label}` } : { cost: `½ · ${put}²`, slope: "the output itself" };
    case "wgan": case "wgangp": return isReal ? { cost: x < 0 ? `−(${at})` : minus, slope: "−1 everywhere" } : { cost: "the output itself", slope: "1 everywhere" };
    case "hinge": return isReal ? { cost: `max(0, 1 − ${put})`, slope: x <= 1 ? "−1 up to 1" : "0 past 1" } : { cost: `max(0, 1 + ${put})`, slope: x >= -1 ? "1 from −1 on" : "0 below −1" };
    default:
      if (!isReal) return { cost: `−log(1 − σ(${at}))`, slope: `σ(${at})` };
      return smoothing ? { cost: `−${label} log σ(${at}) − ${number(smoothing)} log(1 − σ(${at}))`, slope: `σ(${at}) − ${label}` } : { cost: `−log σ(${at})`, slope: `σ(${at}) − 1` };
  }
}
