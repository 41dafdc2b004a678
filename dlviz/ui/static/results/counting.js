// What a confusion matrix and a curve say, as numbers. Nothing here draws.

/** Scores of a confusion matrix (class × class, rows the truth): totals, and of each class its own. */
export function scoresOf(confusion, classes) {
  const sum = (from, by) => {
    let total = 0;
    for (let k = 0; k < classes; k += 1) total += confusion[from + k * by];
    return total;
  };
  const ofTruth = Array.from({ length: classes }, (_, k) => sum(k * classes, 1));
  const ofAnswer = Array.from({ length: classes }, (_, k) => sum(k, classes));
  const right = Array.from({ length: classes }, (_, k) => confusion[k * classes + k]);
  const total = ofTruth.reduce((a, b) => a + b, 0);
  const share = (part, whole) => (whole ? part / whole : null);
  return {
    total, right: right.reduce((a, b) => a + b, 0), ofTruth, ofAnswer,
    recall: right.map((n, k) => share(n, ofTruth[k])),
    precision: right.map((n, k) => share(n, ofAnswer[k])),
    accuracy: right.map((n, k) => share(total - ofTruth[k] - ofAnswer[k] + 2 * n, total)),
  };
}

/** The measurement with the lowest finite value: {step, value}, or null. */
export function lowest(steps, values) {
  let best = null;
  for (let i = 0; i < steps.length; i += 1) {
    if (Number.isFinite(values[i]) && (best === null || values[i] < best.value)) best = { step: steps[i], value: values[i] };
  }
  return best;
}
