// What the numbers on screen mean, in sentences made of them alone.

import { count, number, percent } from "../lib/dom.js";
import { sharpness } from "./race.js";

const whole = (share) => percent(share, 0).replace(" ", "\u00a0"); // a number and its sign stay on one line

const CLEAR = 0.25; // a difference of shares that is worth a word
const one = (unit) => unit.replace(/s$/, "");

/** What training has brought by the moment shown. */
export function verdict(race, at) {
  if (!race.isTrained) return "Neither has learned anything yet, so what they write is noise. Train both on the same sentences, and watch where the difference comes from.";
  const { step } = race.moments[at];
  const i = race.steps.indexOf(step);
  const [p, a] = ["plain", "attention"].map((name) => race.curves[name].byLength[i]);
  const last = race.lengths.indexOf(race.trained);
  const of = (k) => `${race.lengths[k]} ${race.lengths[k] === 1 ? one(race.unit) : race.unit}`;
  const found = `At step ${number(step)}, without attention ${whole(p[0])} of the sentences of ${of(0)} come out right to the last letter, and ${whole(p[last])} of those of ${of(last)}; with attention ${whole(a[0])} and ${whole(a[last])}.`;
  return [found, meaning({ short: p[0], long: p[last], gap: a[last] - p[last], best: Math.max(a[last], p[last]) }), beyond(race, a, last, of)].filter(Boolean).join(" ");
}

function meaning({ short, long, gap, best }) {
  if (gap > CLEAR && short - long > CLEAR) return "The one vector holds a short sentence and loses a long one; who may look back need not hold it.";
  if (gap > CLEAR) return "The one vector is not enough; looking back is.";
  if (gap < -CLEAR) return "Here looking back does not pay.";
  return best < 0.5 ? "Neither can do the long ones yet." : "At this length it makes no great difference.";
}

function beyond(race, shares, last, of) {
  if (last + 1 >= race.lengths.length || shares[last] < CLEAR) return "";
  const [next, end] = [shares[last + 1], shares.at(-1)];
  const found = `Of ${of(last + 1)}, one more than either was ever trained on, attention gets ${whole(next)} right, and of ${of(race.lengths.length - 1)} ${whole(end)}`;
  return shares[last] - end > CLEAR ? `${found}: it does not make a network go on to lengths that it has never met.` : `${found}.`;
}

/** How much has to go through the neck. */
export function neck(race, length) {
  const { hiddenSize } = race.settings;
  return `Reading ${length} letters leaves ${length} × ${hiddenSize} = ${count(length * hiddenSize)} numbers. Without attention the decoder gets ${hiddenSize} of them, the last state; with attention it may look at all.`;
}

/** How the sentence on screen came out. */
export function outcome(name, letters, truth) {
  const text = letters.filter((letter) => letter !== "$").join("");
  if (!truth) return `writes “${text}”.`;
  const right = truth.filter((letter, i) => letters[i] === letter).length;
  if (right === truth.length && letters.length === truth.length) return `writes “${text}”: right to the last letter.`;
  return `writes “${text}”: ${right} of ${truth.length} letters are right${letters.includes("$") ? "" : ", and it does not stop"}.`;
}

/** What the alignment has become since the beginning. */
export function alignment(race, at, ids) {
  const now = sharpness(race.read(race.moments[at], ids).attention);
  const even = `If each looked at all ${ids.length} letters alike it would be ${number(1 / ids.length, 2)}.`;
  if (at === 0) return `Each letter written gives its largest weight to one letter read: ${number(now, 2)} on average. ${even}`;
  const then = sharpness(race.read(race.moments[0], ids).attention);
  return `The largest weight of a row is ${number(now, 2)} on average, and was ${number(then, 2)} before training. ${even}`;
}
