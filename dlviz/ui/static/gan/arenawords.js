// What the arena shows, as sentences with numbers: what is covered, what D says, and where it cannot tell.

import { count, number, percent, steady } from "../lib/dom.js";
import { said } from "../lib/gan.js";
import { isEven } from "./arenascale.js";

const GUESSES = 0.6; // the share of pairs up to which D does little better than guess

const meanOf = (values, fn = (value) => value) => values.reduce((sum, value) => sum + fn(value), 0) / Math.max(1, values.length);

/** The chance that D puts a real point above a fake, ties half: of all pairs of the points shown. */
export function separationOf(real, fake) {
  const all = [...Array.from(real, (value) => [value, 1]), ...Array.from(fake, (value) => [value, 0])].sort((a, b) => a[0] - b[0]);
  let [below, sum] = [0, 0];
  for (let at = 0; at < all.length;) {
    let [reals, fakes, next] = [0, 0, at];
    while (next < all.length && all[next][0] === all[at][0]) {
      if (all[next][1]) reals += 1;
      else fakes += 1;
      next += 1;
    }
    sum += reals * (below + fakes / 2);
    below += fakes;
    at = next;
  }
  return sum / (real.length * fake.length);
}

/** Numbers of a look: {covered, modes, good, real, fake, separation, even}. */
export function measuresOf(look, scale) {
  const { spec: { loss }, logits, realLogits, modes } = look;
  const say = (values) => meanOf(values, (logit) => said(loss, logit));
  return {
    covered: modes?.covered ?? null, modes: modes?.counts.length ?? null, good: modes ? modes.good / look.count : null,
    real: say(realLogits), fake: say(logits), separation: separationOf(realLogits, logits),
    even: logits.reduce((sum, logit) => sum + isEven(scale, logit), 0) / look.count,
  };
}

/** [what is covered, what D says, where it cannot tell]. `numbers`: of the frame, with its step. */
export function sentencesOf(measures, look, scale, numbers) {
  return [coverage(measures, look, numbers), verdict(measures, scale), unsure(measures, scale, look)].filter(Boolean);
}

function coverage({ covered, modes, good }, look, numbers) {
  const outside = look.outside ? ` ${count(look.outside)} ${look.outside === 1 ? "lies" : "lie"} outside of the picture.` : "";
  if (modes === null) {
    if (numbers?.precision === null || numbers?.precision === undefined) return outside.trim();
    return `${percent(numbers.precision, 0)} of the fakes lie where real points are, and ${percent(numbers.recall, 0)} of the real points have fakes around them (measured at step ${count(numbers.measured_at)}).${outside}`;
  }
  const all = covered === modes ? `${modes === 2 ? "Both" : `All ${modes}`} modes are covered` : covered === 0 ? `None of ${modes} modes is covered` : `${covered} of ${modes} modes ${covered === 1 ? "is" : "are"} covered`;
  const most = Math.max(...look.modes.counts);
  const collapse = covered > 0 && covered < modes / 2 && good > 0.5 ? ` The fakes crowd on few: ${count(most)} of ${count(look.count)} on one mode.` : "";
  return `${all}, and ${percent(good, 0)} of the ${count(look.count)} fakes lie on one.${collapse}${outside}`;
}

function verdict({ real, fake, separation }, scale) {
  const guesses = separation < GUESSES && separation > 1 - GUESSES;
  const rank = `it puts a real one above a fake in ${percent(separation, 0)} of all pairs${guesses ? ", hardly better than by chance" : separation > 0.95 ? ": it tells nearly all apart" : ""}`;
  if (scale.kind === "odds") return `D gives real points ${steady(real, 2)} and fakes ${steady(fake, 2)} on average; ${rank}.`;
  return `D’s output is ${number(real)} for real points and ${number(fake)} for fakes on average; ${rank}.`;
}

function unsure({ even, real, fake }, scale, look) {
  if (scale.kind === "height") return `A critic says neither real nor fake: what counts is by how much real points stand higher, here ${number(real - fake)}.`;
  const where = scale.kind === "odds" ? "between 0.4 and 0.6" : `within ${number(0.2 * scale.limit)} of even`;
  if (even < 0.005) return `There is no fake at which it cannot tell (${where}).`;
  const { centers } = look.scene.arrays;
  const modes = centers && !look.told ? evenModes(look, scale, centers.data) : null;
  const at = modes === null ? "" : modes === 0 ? ", though at no middle of a mode" : ` and at the ${modes === 1 ? "middle" : "middles"} of ${modes < centers.shape[0] ? `${modes} of ${centers.shape[0]}` : modes === 2 ? "both" : `all ${modes}`} modes`;
  return `It cannot tell (${where}) at ${even === 1 ? "any" : percent(even, 0)} of the fakes${at}.`;
}

const evenModes = (look, scale, centers) => look.gan.heights(centers, look.label).reduce((sum, logit) => sum + isEven(scale, logit), 0);
