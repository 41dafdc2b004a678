// What the walk says in words, worked out from its numbers.

import { number, percent, steady } from "../lib/dom.js";

const SURE = 0.8;

const best = (shares) => shares.reduce((found, share, k) => (share > shares[found] ? k : found), 0);

/** The largest step as a multiple of the mean one, and after which station it comes; null where nothing changes. */
export function jumpOf(changes) {
  const steps = changes.slice(1);
  const mean = steps.reduce((sum, value) => sum + value, 0) / steps.length;
  if (!(mean > 0)) return null;
  const most = Math.max(...steps);
  return { after: steps.indexOf(most) + 1, most, mean, times: most / mean };
}

function aboutJump({ changes, what: { planar } }) {
  const jump = jumpOf(changes);
  if (!jump) return "Nothing changes on the way: every noise on it becomes the same.";
  const verdict = jump.times < 1.4 ? "an even walk" : jump.times < 2.2 ? "it hurries there" : "it jumps there";
  return `The largest step is from station ${jump.after} to ${jump.after + 1}: ${steady(jump.most, 3)}${planar ? " in the plane" : " a pixel"}, ${number(jump.times, 2)} times the mean step, ${verdict}.`;
}

/** The sentence at the top: where it jumps, and what the classifier reads on the way or how far points are from real ones. */
export function aboutWalk(found, classes) {
  const { stations, what } = found;
  const jump = aboutJump(found);
  if (what.planar) {
    const far = found.fine.map((each) => each.far);
    const at = far.indexOf(Math.max(...far));
    const isEnd = at === 0 || at === far.length - 1;
    const why = far[at] <= 0.15 ? "the whole way runs among real points" : isEnd ? `its ${at ? "end" : "beginning"} lies off all real points itself` : "G is continuous, so on the way from one cluster to another it must cross the empty space between";
    return `${jump} It is farthest from all real points at t = ${steady(at / (far.length - 1), 2)}, ${steady(far[at], 2)} away: ${why}.`;
  }
  if (!stations[0].shares) return jump;
  const answers = stations.map(({ shares }) => best(shares));
  const through = answers.filter((answer, i) => i === 0 || answer !== answers[i - 1]).map((answer) => classes[answer]);
  const sure = stations.filter(({ shares }) => Math.max(...shares) > SURE).length;
  const reads = through.length > 1 ? `The classifier reads ${through.join(", then ")}` : `The classifier reads ${through[0]} everywhere`;
  return `${jump} ${reads}, surely (over ${percent(SURE, 0)}) at ${sure} of ${stations.length} stations.`;
}

/** What D says along the way against its ends. */
export function aboutVerdict({ fine }, scale) {
  const values = fine.map(({ logit }) => scale.value(logit));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const t = (value) => steady(values.indexOf(value) / (values.length - 1), 2);
  return `D says ${scale.words(values[0])} at the beginning and ${scale.words(values.at(-1))} at the end; least ${scale.words(low)} at t = ${t(low)}, most ${scale.words(high)} at t = ${t(high)}.`;
}

/** Why an arc: how long noises usually are, and how long they are on both ways. */
export function aboutNorm(found, usual, long, kind) {
  const { way, fine, otherNorms } = found;
  const [low, high] = usual.map((value) => steady(value, 2));
  const typical = `90 % of the noises shown have |z| between ${low} and ${high}`;
  const norms = fine.map(({ norm }) => norm);
  const straight = way.isArc ? otherNorms : norms;
  const least = Math.min(...straight);
  const degrees = way.angle === null ? "" : ` The two noises are ${number((way.angle * 180) / Math.PI)}° apart as seen from 0.`;
  if (long === 1) return `${typical}. With one number to a noise there is only one way, the straight one.`;
  if (!otherNorms) return `${typical}; on the straight way it is at least ${steady(least, 2)}.${degrees} The noises are too nearly in line with 0 for an arc, so the two ways are the same.`;
  const judged = least < usual[0]
    ? `in its middle the straight way falls to ${steady(least, 2)}, where G hardly ever trained; the arc does not`
    : `the straight way falls to ${steady(least, 2)} at the least, which is nothing unusual, so here an arc is not needed`;
  const box = kind === "uniform" ? " Noise here is drawn evenly from a box, which the straight way never leaves and an arc may." : "";
  return `${typical}; ${judged}.${degrees}${box}`;
}
