// How the network does on what was kept back, in one sentence with its numbers; and which curves a task needs.

import { count, percent, steady } from "../lib/dom.js";

const NAMED = 4;
const PLURALS = { node: "nodes", graph: "graphs", pair: "pairs of nodes" };

/** [{name, lines: [[measurement, label, color]], level: [value, label] | null}] */
export function chartsOf(task, facts, colors) {
  const losses = { name: task === "regression" ? "Loss: mean squared error, in spreads" : "Loss: cross-entropy", lines: [["train_loss", "told", colors.ink], ["held_loss", "kept back", colors.accent]], level: null };
  const chance = facts?.chance ?? null;
  const right = { name: "Accuracy: share that is right", lines: [["train_accuracy", "told", colors.ink], ["held_accuracy", "kept back", colors.accent]], level: chance === null ? null : [chance, "most frequent"] };
  const auc = { name: "AUC: a real edge above a pair without", lines: [["held_auc", "kept back", colors.accent]], level: [0.5, "guessing"] };
  const error = { name: "Mean error, kept back", lines: [["held_error", "kept back", colors.accent]], level: chance === null ? null : [chance, "the mean"] };
  const explained = { name: "R²: share of the variance explained", lines: [["held_r2", "kept back", colors.accent]], level: [0, "the mean"] };
  return { node: [losses, right], link: [losses, auc, right], graph: [losses, right], regression: [losses, error, explained] }[task];
}

/** The sentence; "" before anything was measured. */
export function standingWords(task, facts, numbers, target) {
  if (!facts) return "";
  const step = numbers.measured_at ?? 0;
  if (!facts.of) return "Every node whose class is known was told, so nothing is kept back to measure by.";
  const at = `At step ${count(step)},`;
  if (task === "regression") {
    const times = facts.chance / numbers.held_error;
    const verdict = times > 1.1 ? `${times.toFixed(1)} times better than` : times > 0.9 ? "no better than" : "worse than";
    return `${at} the network misses by ${steady(numbers.held_error, 2)} ${target.toLowerCase()} on average of ${count(facts.of)} graphs kept back, ${verdict} always saying the mean, which misses by ${steady(facts.chance, 2)}. It explains ${percent(Math.max(0, numbers.held_r2))} of their variance (R² = ${steady(numbers.held_r2, 2)}).`;
  }
  const share = facts.right / facts.of;
  const right = `${at} ${count(facts.right)} of ${count(facts.of)} ${PLURALS[facts.what]} kept back ${facts.right === 1 ? "is" : "are"} answered rightly (${percent(share)})`;
  const names = facts.wrong.slice(0, NAMED).map(({ name }) => name);
  const wrong = facts.wrongCount === 0 ? ", none wrongly" : `; wrong: ${names.join(", ")}${facts.wrongCount > NAMED ? ` and ${count(facts.wrongCount - NAMED)} more` : ""}`;
  if (task === "link") return `${right}${wrong}. Of a kept back edge and a pair without one it puts the edge higher in ${percent(numbers.held_auc)} of all cases (guessing: 50 %).`;
  const always = `Always answering ${facts.chanceName} would be right for ${count(facts.chanceCount)} (${percent(facts.chance)})`;
  return `${right}${wrong}. ${always}${share > facts.chance ? "." : ": the network does no better."}`;
}
