// What came of a beam search, in words.

import { number, percent, steady } from "../lib/dom.js";
import { textOf } from "./beam.js";

/** A log-probability as a chance. */
export const chance = (total) => (Math.exp(total) < 0.0005 ? "< 0.1 %" : percent(Math.exp(total)));

const quoted = (text) => (text ? `“${text}”` : "nothing at all");

/** `found` of the beam search, `greedy` the one hypothesis of greedy, `right` ids or null, `cutAt`: the step at which greedy's way was cut, or null. */
export function beamSentence({ found, greedy, right, beams, penalty, cutAt, vocabulary }) {
  const best = found.ranked[0];
  const [ours, theirs] = [best, greedy].map(({ tokens }) => quoted(textOf(tokens, vocabulary)));
  const logs = (each) => `log-probability ${steady(each.total, 3)}, ${chance(each.total)}`;
  const same = best.tokens.join() === greedy.tokens.join();
  let text;
  if (beams === 1) text = `A beam of 1 is greedy: ${ours}, ${logs(best)}.`;
  else if (same) text = `With ${beams} beams it finds what greedy found: ${ours} (${logs(best)}). Among ${found.nodes.length} beginnings that it looked at, none led to a better end.`;
  else if (best.total > greedy.total) text = `The beam beats greedy: ${ours} (${logs(best)}) is ${number(Math.exp(best.total - greedy.total))} times as likely as greedy's ${theirs} (${logs(greedy)})${leaves(best, greedy, vocabulary)}.`;
  else if (penalty > 0 && best.score > greedy.score) text = `By its score the beam prefers ${ours} (${logs(best)}), although greedy's ${theirs} (${logs(greedy)}) is likelier: the penalty divides by tokens^${number(penalty)}, which favours the longer.`;
  else text = `Greedy did better: ${theirs} (${logs(greedy)}) is likelier than the beam's ${ours} (${logs(best)})${cutAt === null ? "" : `; greedy's way was cut at step ${cutAt + 1}, where ${beams} other beginnings were likelier`}.`;
  if (!same && penalty === 0 && best.tokens.length < greedy.tokens.length) text += " A short hypothesis has fewer tokens to pay for; a length penalty weighs against that.";
  if (!right) return text;
  const isRight = ({ tokens }) => tokens.join() === right.join();
  const truth = quoted(textOf(right, vocabulary));
  if (same) return `${text} ${isRight(best) ? "It is right." : `The right answer is ${truth}.`}`;
  return `${text} Right is ${truth}: ${isRight(best) ? "the beam's" : isRight(greedy) ? "greedy's" : "neither of the two"}.`;
}

function leaves(best, greedy, vocabulary) {
  const at = best.tokens.findIndex((token, i) => token !== greedy.tokens[i]);
  const name = (token) => (vocabulary[token] === "$" ? "the end" : vocabulary[token] === " " ? "a space" : vocabulary[token] ?? "nothing");
  return `: they part at step ${at + 1}, where greedy took ${name(greedy.tokens[at])} and the better end lay behind ${name(best.tokens[at])}`;
}
