// What each of the two makes smaller, in formulas and in words, for the settings as they are (see dlviz/labs/gan/objective.py).

import { number } from "../lib/dom.js";

export const ODDS = ["nonsaturating", "minimax"]; // losses whose D(x) is a probability
export const CRITICS = ["wgan", "wgangp"]; // losses whose D is a height and calls nothing real or fake
export const LABELLED = [...ODDS, "leastsquares"]; // losses with a label that can be smoothed

const WORDS = {
  nonsaturating: "D gives the odds that an example is real. G does not make D's gain small, it makes its own odds large: that is steep just where D is sure of a fake, so G always has a way to go.",
  minimax: "The game of the first paper: both pull at one number, D up and G down. Where D is sure of a fake, log(1 − D) is flat, and G learns almost nothing: the loss saturates.",
  leastsquares: "D is to give 1 for real and 0 for fake, without any σ. A fake far on the wrong side costs by its square, so its pull grows with the distance instead of going out.",
  wgan: "D is a critic: it gives heights, not odds, and wants real ones high and fakes low. Cutting its weights keeps the height from growing without end; the gap then says how far the two sets lie apart.",
  wgangp: "D is a critic: it gives heights, not odds. In place of cut weights it pays where its slope between real and fake is other than 1, so that every fake feels about the same pull.",
  hinge: "D wants real ones above 1 and fakes below −1, and does not care about what is there already. G wants its fakes as high as it can.",
};

/** {words, discriminator, generator}: a sentence, and both formulas with the numbers of the settings put in. */
export function gameOf(get) {
  const loss = get("loss");
  return { words: WORDS[loss] ?? "", discriminator: discriminator(loss, get), generator: GENERATOR[loss] ?? "−D(G(z))" };
}

const GENERATOR = { nonsaturating: "−log D(G(z))", minimax: "log(1 − D(G(z)))", leastsquares: "½ (D(G(z)) − 1)²" };

function discriminator(loss, get) {
  const smoothing = get("label_smoothing");
  switch (loss) {
    case "leastsquares": return `½ (D(x) − ${number(1 - smoothing)})² + ½ D(G(z))²`;
    case "wgan": return `D(G(z)) − D(x), then every weight of D cut to ± ${number(get("clip"))}`;
    case "wgangp": return `D(G(z)) − D(x) + ${number(get("penalty"))} · (‖∇D‖ − 1)²`;
    case "hinge": return "max(0, 1 − D(x)) + max(0, 1 + D(G(z)))";
    default: return smoothing ? `−${number(1 - smoothing)} log D(x) − ${number(smoothing)} log(1 − D(x)) − log(1 − D(G(z)))` : "−log D(x) − log(1 − D(G(z)))";
  }
}

/** Who moves in one step, in words. */
export function turnOf(get) {
  const k = get("discriminator_steps");
  const times = k === 1 ? "once" : `${k} times`;
  switch (get("moves")) {
    case "discriminator": return `In a step D moves ${times}. G stands still, so D comes as near as it can to telling these very fakes from real ones.`;
    case "generator": return "In a step G moves once. D stands still, so all fakes walk to where this one D sees the most real, and nothing keeps them apart.";
    default: return `In a step D moves ${times}, then G once.`;
  }
}

/** G's loss of one fake from D's output of it. */
export function lossOfFake(loss, logit) {
  const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  switch (loss) {
    case "minimax": return -softplus(logit);
    case "nonsaturating": return softplus(-logit);
    case "leastsquares": return (logit - 1) ** 2 / 2;
    default: return -logit;
  }
}

/** d G's loss / d logit as a formula; lib/gan.js `pullOf` computes it. */
export const PULLS = { nonsaturating: "σ(l) − 1", minimax: "−σ(l)", leastsquares: "l − 1" };
