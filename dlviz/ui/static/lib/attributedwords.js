// What an attribution is asked and what its cells add up to, in words. Nothing here draws.

import { number, percent } from "./number.js";

/** What f is: "the logit of 7", "the logit of 7 less that of 2". */
export function asked(classes, { target, minus }) {
  return minus === null || minus < 0 ? `the logit of ${classes[target]}` : `the logit of ${classes[target]} less that of ${classes[minus]}`;
}

/** What the cells of a method that adds up come to, beside what they should: with the completeness gap. */
export function sumInWords(name, { total, score, scoreBaseline, gap }) {
  const change = score - scoreBaseline;
  const share = change === 0 ? "" : `, ${percent(Math.abs(gap / change))} of it`;
  return `${name}: the cells add up to ${number(total)}; f(x) − f(baseline) is ${number(score)} − ${bracketed(scoreBaseline)} = ${number(change)}; completeness gap ${number(gap, 2)}${share}.`;
}

const bracketed = (value) => (value < 0 ? `(${number(value)})` : number(value));
