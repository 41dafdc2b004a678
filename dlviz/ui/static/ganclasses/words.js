// What the numbers of the panel mean, in sentences.

import { count, number, percent, steady } from "../lib/dom.js";
import { hasOdds } from "./minding.js";

const CLEAR = 3; // standard errors
const whole = (share) => percent(share, 0);

/** What became of what was asked for on the board: `made` of one class. */
export function askedWords({ scene, chosen, made }) {
  const { classes, planar } = scene.numbers;
  const own = made.filter(({ label, reading }) => label === chosen && reading);
  if (!own.length) return "There is no classifier for these pictures: look for yourself.";
  const right = own.filter(({ reading }) => reading.answer === chosen).length;
  const good = own.filter(({ reading }) => reading.answer === chosen && reading.good).length;
  const name = classes[chosen];
  const others = made.filter(({ label, reading }) => label !== chosen && reading);
  const strays = others.filter(({ reading }) => reading.answer === chosen).length;
  const beside = `Of ${count(others.length)} asked for as something else, ${strays ? count(strays) : "none"} ${strays === 1 ? "is" : strays ? "are" : "is"} taken for ${name}${strays > 0.5 * others.length ? ": it makes that whatever it is asked for" : ""}.`;
  if (planar) return `Asked ${count(own.length)} times for mode ${name}, it comes nearest to that mode ${count(right)} times, and ${count(good)} of these lie on it (within three standard deviations). ${beside}`;
  return `Asked for a ${name} with ${count(own.length)} different noises, ${right ? `it makes ${count(right)} that the classifier reads as ${name}, ${count(good)} of them with more than 80 %` : `it makes none that the classifier reads as ${name}`}. ${beside}`;
}

/** The obedience over all classes, and where it fails most. */
export function obedienceWords({ scene, counts }) {
  const { classes, planar } = scene.numbers;
  const { obedience, confusion, told, count: fakes, step } = counts;
  if (obedience === null) return "No classifier ships for these pictures, so nobody counts what they are read as.";
  const chance = 1 / told;
  const read = planar ? "nearest to the mode asked for" : "read as asked";
  const start = `Step ${count(step)}: ${percent(obedience)} of ${count(fakes)} fakes are ${read}; chance alone gives ${percent(chance)}.`;
  if (obedience < chance + CLEAR * Math.sqrt((chance * (1 - chance)) / fakes)) return `${start} So far it does not listen.`;
  const wrong = [];
  for (let at = 0; at < confusion.length; at += 1) {
    const [asked, answer] = [Math.floor(at / told), at % told];
    if (asked !== answer && confusion[at]) wrong.push({ asked, answer, times: confusion[at] });
  }
  if (!wrong.length) return `${start} Not one is taken for another class.`;
  wrong.sort((a, b) => b.times - a.times);
  const [{ asked, answer, times }] = wrong;
  return `${start} Most often mistaken: ${classes[asked]} for ${classes[answer]}, ${count(times)} of ${count(fakes / told)} times.`;
}

/** Whether D minds the class, over fakes and over real examples. */
export function mindsWords({ counts }) {
  const { onTop, realOnTop, told, reals, count: fakes } = counts;
  const chance = 1 / told;
  const real = `Of ${count(reals)} held-back real examples its output is highest under the true class for ${whole(realOnTop)}; chance gives ${whole(chance)}.`;
  const minds = realOnTop > chance + CLEAR * Math.sqrt((chance * (1 - chance)) / reals);
  return `${real} ${minds ? "So D minds the class: a good picture of the wrong class does not pass, and only so does G learn to listen." : "So D hardly minds the class yet, and G has no reason to listen."} Of the ${count(fakes)} fakes it is highest under the class asked for with ${whole(onTop)}.`.replace("a good picture", "what is real");
}

/** One cell of the confusion. */
export const confusionCell = (classes, planar, each) => (row, column, value) => `Asked for ${classes[row]}, ${planar ? "nearest to" : "read as"} ${classes[column]}: ${count(value)} of ${count(each)}`;

/** One cell of D's mean outputs. */
export const meanCell = (classes, loss) => (row, column, value) => `Made as ${classes[row]}, D told ${classes[column]}: mean output ${steady(value, 2)}${hasOdds(loss) ? `, odds ${percent(1 / (1 + Math.exp(-value)))}` : ""}`;

/** A short number for a cell. */
export const short = (value) => (Math.abs(value) >= 10 ? number(Math.round(value)) : steady(Math.round(10 * value) / 10, 1));
