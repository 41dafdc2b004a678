// What the panel found, in sentences with their numbers. Nothing here draws.

import { number, percent, steady } from "../lib/number.js";
import { TOP } from "./ranking.js";
import { isMap, unitName } from "./units.js";

/** About the pictures with the largest activation. */
export function excitingWords({ row, unit, found, ranking, classes, flat }) {
  const name = unitName(row, unit.channel, classes);
  const at = `At step ${number(found.step)}`;
  const { values, order } = ranking;
  const all = number(values.length);
  if (flat) {
    const dead = ranking.classes.high === 0;
    return `${at}, ${name} is ${number(ranking.classes.high)} for all ${all} test pictures${dead ? ": it is dead, nothing here excites it" : ""}.`;
  }
  const measure = !isMap(row) ? (row.name === "output" ? "the logit" : "the activation") : found.measure === "cell" ? "the strongest cell of the map" : "the mean of the map";
  const cell = isMap(row) && found.size ? ` A cell of ${row.name} sees up to ${found.size}\u00a0×\u00a0${found.size} cells of the picture: the outline, and the patch beside it.` : "";
  return `${at}: ${measure} is ${steady(values[order[0]], 2)} at most and ${steady(ranking.classes.mean, 2)} in the mean of ${all} test pictures. These ${Math.min(TOP, values.length)} excite it most.${cell}`;
}

/** About the pictures with the lowest activation. */
export function lowestWords(ranking, tied, shown) {
  const { low } = ranking.classes;
  if (tied > shown) return `The lowest value, ${number(low)}, is that of ${number(tied)} of ${number(ranking.values.length)} test pictures.`;
  return "And these least:";
}

/** About the classes. */
export function spreadWords(found, classes) {
  const { rows, tenth, explained, mean } = found;
  const best = rows.reduce((a, b, k) => (b.mean > rows[a].mean ? k : a), 0);
  const most = rows.reduce((a, b, k) => (b.top > rows[a].top ? k : a), 0);
  const shares = `Of the ${number(tenth)} test pictures with the largest activation ${number(rows[most].top)} are of class ${classes[most]}.`;
  return `Largest mean: ${classes[best]}, ${number(rows[best].mean)} against ${number(mean)} over all. ${shares} The class explains ${percent(explained, 0)} of the variance (η²).`;
}

const list = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

/** What keeps a picture readable, of the settings of a climb: "jitter and blur", "nothing". */
export function regularizers({ jitter, blur, decay, variation }) {
  const used = [[jitter, "jitter"], [blur, "blur"], [decay, "decay"], [variation, "total variation"]].filter(([size]) => size > 0).map(([, name]) => name);
  return used.length === 4 ? "all four" : used.length ? list(used) : "no regularizer";
}

/** How the final picture compares with the test pictures. */
export function reachedWords({ name, reached, testBest, testIndex, stuck, steps }) {
  if (stuck === steps) return `The gradient of ${name} is zero in every cell of this picture: there is no way up from here. Start from another picture, or ask for a layer before its activation.`;
  const some = stuck > 0 ? ` In ${number(stuck)} of ${number(steps)} steps there was no gradient.` : "";
  const times = testBest > 0 && reached > 0 ? `${number(reached / testBest, 2)} times` : reached > testBest ? "more than" : "less than";
  return `${name} reaches ${steady(reached, 2)}, ${times} the largest of a test picture: ${steady(testBest, 2)}, picture ${number(testIndex + 1)}.${some}`;
}

/** What the network answers to it, and how rough it is. */
export function answerWords({ classes, probabilities, rough, testRough }) {
  const answer = probabilities.indexOf(Math.max(...probabilities));
  const times = rough / testRough;
  const kind = times > 2 ? "rather noise than a picture of this kind" : times < 0.5 ? "smoother than the pictures of this kind" : "as rough as pictures of this kind are";
  return `The network takes it for ${classes[answer]}, with ${percent(probabilities[answer])}. Neighbouring cells differ by ${steady(rough)} in the mean, by ${steady(testRough)} in the test pictures: ${kind}.`;
}
