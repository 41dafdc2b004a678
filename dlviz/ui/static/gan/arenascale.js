// What D's output means to the loss, as colours and words: a probability where there are odds, else a height about the value
// at which it says "even".

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/**
 * {kind, even, limit, share(output) in [−1, 1], ends: [low, middle, high]} of a look. `even`: the output at which D prefers
 * neither: 0 of a logit, ½ between the targets 0 and 1 of least squares, 0 between the margins of hinge; a critic has no such
 * value of its own, so that its map is about the middle between its mean for real and its mean for fake.
 */
export function scaleOf(look) {
  const { spec: { loss }, field, realLogits, logits } = look;
  if (loss === "nonsaturating" || loss === "minimax") {
    return { kind: "odds", even: 0, limit: 1, share: (output) => 2 / (1 + Math.exp(-output)) - 1, ends: [0, 0.5, 1] };
  }
  const even = loss === "leastsquares" ? 0.5 : loss === "hinge" ? 0 : (mean(realLogits) + mean(logits)) / 2;
  const limit = loss === "leastsquares" ? 0.5 : reach(field.values, even);
  return { kind: loss === "leastsquares" ? "target" : loss === "hinge" ? "margin" : "height", even, limit, share: (output) => (output - even) / limit, ends: [even - limit, even, even + limit] };
}

// The largest distance from even on the map, with two digits, so that the legend is short.
function reach(values, even) {
  let most = 0;
  for (const value of values) if (Math.abs(value - even) > most && Number.isFinite(value)) most = Math.abs(value - even);
  return Number((most || 1).toPrecision(2));
}

export const SCALE_WORDS = {
  odds: ["D’s probability that a point here is real", "surely fake", "even", "surely real"],
  target: ["D’s output here; it is trained towards 0 for fake and 1 for real", "fake", "even", "real"],
  margin: ["D’s output here; it is trained below −1 for fake and above 1 for real", "fake", "even", "real"],
  height: ["The critic’s height here; only differences mean something", "lower", "halfway", "higher"],
};

/** Whether D cannot tell: between 0.4 and 0.6 of odds, or within a tenth of the whole scale about even. */
export const isEven = (scale, output) => Math.abs(scale.share(output)) < 0.2;
