// The sentences of the panel Results, with the numbers of the moment put in.

import { count, percent, steady } from "../lib/number.js";

const CLOSE = 0.01; // accuracy; below it a gap may be the chance of which pictures were drawn
const RISEN = 1.1; // times the lowest validation loss

/** How far training and test are apart: {level, text}. `best`: the lowest validation loss {step, value}, or null. */
export function gapWords(numbers, best) {
  const { train_accuracy: train, test_accuracy: test, train_loss: trainLoss, test_loss: testLoss } = numbers;
  if (![train, test, trainLoss, testLoss].every(Number.isFinite)) return { level: "none", text: "The losses are no longer finite numbers." };
  const gap = train - test;
  const points = `${steady(Math.abs(gap) * 100, 1)} points`;
  const shares = `${percent(train)} of the training pictures and ${percent(test)} of the test pictures are answered rightly`;
  const losses = `the losses are ${steady(trainLoss)} and ${steady(testLoss)}`;
  const risen = best && numbers.validation_loss > RISEN * best.value;
  if (risen) return { level: "over", text: `${shares}, a gap of ${points}; ${losses}. The validation loss is ${steady(numbers.validation_loss / best.value, 1)} times its lowest: by now the network learns its training pictures by heart.` };
  if (Math.abs(gap) < CLOSE) return { level: "good", text: `${shares}: no gap to speak of (${points}); ${losses}.` };
  if (gap < 0) return { level: "good", text: `${shares}: test is ahead by ${points}; ${losses}.` };
  return { level: "gap", text: `${shares}, a gap of ${points}; ${losses}.` };
}

/** What each part of the pictures is for. */
export const splitWords = ({ train, validation, test }) =>
  `${count(train)} pictures to train on, ${count(validation)} to choose by (when to stop, which settings), ${count(test)} to test: those are measured here, but never trained on and never chosen by.`;

/** One cell of the confusion matrix. */
export function cellWords({ truth, answer, n, scores, names }) {
  const all = scores.ofTruth[truth];
  const called = scores.ofAnswer[answer];
  const share = all ? ` (${percent(n / all)})` : "";
  if (truth === answer) return `${count(n)} of ${count(all)} “${names[truth]}”${share} recognised; ${count(called)} in all were called so.`;
  return `${count(n)} of ${count(all)} “${names[truth]}”${share} taken for “${names[answer]}”; ${count(called)} in all were called so.`;
}
