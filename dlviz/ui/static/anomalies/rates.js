// What happens at each threshold: how many strangers are caught, how many known pictures are called strange. No page in
// here: a test compares these numbers with scikit-learn's.

/**
 * Of scores (higher: stranger) and labels (1 of a stranger): {thresholds, caught, falseAlarms} from the highest threshold
 * down, each an array over the different scores, with `strangers`, `known`, `auc`, `averagePrecision` and `best`, the place of
 * the largest F1. "Stranger" is said of every score at or above the threshold.
 */
export function curvesOf(scores, labels) {
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
  const strangers = labels.reduce((sum, label) => sum + label, 0);
  const known = labels.length - strangers;
  const [thresholds, caught, falseAlarms] = [[], [], []];
  let [hits, alarms, auc, averagePrecision, best, bestF1] = [0, 0, 0, 0, 0, -1];
  for (let k = 0; k < order.length;) {
    const score = scores[order[k]];
    const [hitsBefore, alarmsBefore] = [hits, alarms];
    for (; k < order.length && scores[order[k]] === score; k += 1) {
      if (labels[order[k]]) hits += 1;
      else alarms += 1;
    }
    auc += ((alarms - alarmsBefore) * (hits + hitsBefore)) / 2; // a trapezoid: ties count half
    averagePrecision += ((hits - hitsBefore) * hits) / (hits + alarms);
    const f1 = (2 * hits) / (hits + alarms + strangers);
    if (f1 > bestF1) [best, bestF1] = [thresholds.length, f1];
    thresholds.push(score);
    caught.push(hits);
    falseAlarms.push(alarms);
  }
  return {
    thresholds, caught, falseAlarms, strangers, known, best,
    auc: auc / Math.max(1, strangers * known), averagePrecision: averagePrecision / Math.max(1, strangers),
  };
}

/** Rates at any threshold: counts, `precision` (null where nothing is called strange), `recall`, `fpr`, `f1`, and `place`. */
export function ratesAt(curves, threshold) {
  let [low, high] = [0, curves.thresholds.length]; // how many thresholds are at or above this one
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curves.thresholds[middle] >= threshold) low = middle + 1;
    else high = middle;
  }
  const caught = low ? curves.caught[low - 1] : 0;
  const falseAlarms = low ? curves.falseAlarms[low - 1] : 0;
  const called = caught + falseAlarms;
  return {
    place: low - 1, caught, falseAlarms, missed: curves.strangers - caught, passed: curves.known - falseAlarms,
    precision: called ? caught / called : null, recall: caught / Math.max(1, curves.strangers),
    fpr: falseAlarms / Math.max(1, curves.known), f1: (2 * caught) / (called + curves.strangers),
  };
}

/** The lowest threshold with a share of false alarms of at most `most`. */
export function thresholdFor(curves, most) {
  let at = -1;
  for (let k = 0; k < curves.thresholds.length && curves.falseAlarms[k] <= most * curves.known; k += 1) at = k;
  return at < 0 ? curves.thresholds[0] * 1.001 + 1e-9 : curves.thresholds[at];
}

/** Bars of both groups over `bins` even steps from low to high (of logarithms where `log`): {edges, known, strangers}, lists of indices. */
export function barsOf(scores, labels, bins) {
  let [low, high] = [Infinity, -Infinity];
  for (const score of scores) {
    if (score < low) low = score;
    if (score > high) high = score;
  }
  const middle = Float64Array.from(scores).sort()[scores.length >> 1];
  const log = low > 0 && high > 6 * middle;
  if (!(high > low)) high = low + (Math.abs(low) || 1);
  const put = log ? Math.log : (value) => value;
  const back = log ? Math.exp : (value) => value;
  const [from, to] = [put(low), put(high)];
  const edges = Array.from({ length: bins + 1 }, (_, i) => back(from + ((to - from) * i) / bins));
  const groups = [0, 1].map(() => Array.from({ length: bins }, () => []));
  scores.forEach((score, i) => groups[labels[i]][Math.min(bins - 1, Math.max(0, Math.floor(((put(score) - from) / (to - from)) * bins)))].push(i));
  return { edges, log, low, high, known: groups[0], strangers: groups[1], share: (value) => (put(Math.max(value, log ? low / 1e3 : -Infinity)) - from) / (to - from), value: (share) => back(from + share * (to - from)) };
}
