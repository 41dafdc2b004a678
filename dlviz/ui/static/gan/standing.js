// Where the game stands, in words with the numbers behind them.

import { count, percent, steady } from "../lib/dom.js";
import { CRITICS, ODDS } from "./games.js";

const LEVEL = 0.55; // separation up to which D does hardly better than guessing
const CLEAR = 0.75;
const SURE = 0.98;
const STILL = 0.05; // of the larger of two numbers

/** Who is ahead, of the numbers of a frame. */
export function standing({ numbers, spec }) {
  const { measured_at: step, separation, d_real: real, d_fake: fake, accuracy } = numbers;
  if (separation === null || separation === undefined) return "";
  const pairs = `of a real example and a fake, D puts the real one higher in ${percent(separation)} of all pairs (guessing: 50 %)`;
  const means = ODDS.includes(spec.loss) ? `On average it gives real ones ${steady(real)} and fakes ${steady(fake)}` : `On average its output is ${steady(real)} for real ones and ${steady(fake)} for fakes`;
  const verdicts = accuracy === null || CRITICS.includes(spec.loss) ? "" : `, and ${percent(accuracy)} of its verdicts are right`;
  return `At step ${count(step)} ${aheadOf(separation)}: ${pairs}. ${means}${verdicts}.`;
}

export function aheadOf(separation) {
  if (separation >= SURE) return "D is far ahead, and tells nearly every fake from a real one";
  if (separation >= CLEAR) return "D is ahead";
  if (separation > LEVEL) return "D is a little ahead";
  return separation < 1 - LEVEL ? "G is ahead: D takes its fakes for more real than the real ones" : "the two are level, D can hardly do more than guess";
}

/** What G makes, by the measurements that look at the fakes themselves. */
export function making({ numbers, classes, spec }) {
  const { modes, quality, precision, recall } = numbers;
  const parts = [];
  if (known(modes)) {
    const [all, what] = [classes.length, spec.dataset in PLACES ? PLACES[spec.dataset] : "classes"];
    parts.push(`It covers ${count(modes)} of ${all} ${what}, and ${percent(quality)} of the fakes ${spec.dataset in PLACES ? "lie on one of them" : "are read with confidence"}`);
  }
  if (known(precision)) parts.push(`${percent(precision)} of the fakes lie among the real ones (precision), ${percent(recall)} of the real ones among the fakes (recall)`);
  const isNonsense = known(modes) && quality > 0.5 && precision < 0.05;
  return parts.length ? `${parts.join("; ")}.${isNonsense ? " So hardly any looks real: a classifier can be sure of nonsense too." : ""}` : "";
}

const PLACES = { ring8: "modes", grid25: "modes", disjoint: "islands" };
const known = (value) => value !== null && value !== undefined;

/**
 * What G's loss did beside what the fakes did, from the middle of the curve on: the one does not tell of the other. `curve`:
 * {steps, rows} as lib/curve.js reads it.
 */
export function misleading(curve) {
  const losses = curve?.rows.generator_loss;
  const distances = curve?.rows.frechet;
  if (!losses || curve.steps.length < 4) return "The losses do not measure how good the fakes are: each is taken against the other player, who changes too.";
  const from = Math.floor(curve.steps.length / 2);
  const till = curve.steps.length - 1;
  const [a, b, c, d] = [losses[from], losses[till], distances[from], distances[till]];
  if (![a, b, c, d].every(Number.isFinite)) return "The losses do not measure how good the fakes are: each is taken against the other player, who changes too.";
  const ways = { loss: went(a, b), distance: went(c, d) };
  const agree = ways.loss === ways.distance;
  const verdict = agree ? "This time they agree, but the loss is taken against a D that changed as well: it does not measure how good the fakes are" : "They disagree: a loss that is taken against a moving D does not measure how good the fakes are";
  return `Since step ${count(curve.steps[from])} G's loss ${ways.loss}, from ${steady(a)} to ${steady(b)}, and the Fréchet distance of its fakes to the real ones ${ways.distance}, from ${steady(c)} to ${steady(d)}. ${verdict}.`;
}

// Which way a number went, where a small part of itself counts as nothing.
function went(from, till) {
  if (Math.abs(till - from) <= STILL * Math.max(Math.abs(from), Math.abs(till))) return "hardly moved";
  return till > from ? "rose" : "fell";
}
