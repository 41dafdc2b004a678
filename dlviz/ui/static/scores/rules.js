// Five ways to score a key for a query, the softmax of the scores and the mean of the values. No page in here: a test
// compares these numbers with torch.

export const KINDS = ["dot", "scaled", "cosine", "bilinear", "additive"];
export const NAMES = { dot: "Dot product", scaled: "Scaled dot", cosine: "Cosine", bilinear: "Bilinear", additive: "Additive" };
export const LETTERS = { dot: "q · k", scaled: "q · k / √d", cosine: "q · k / (|q| |k|)", bilinear: "q · W k", additive: "v · tanh(W_q q + W_k k)" };

const SHORTEST = 1e-8; // what torch's cosine_similarity divides by where a vector is shorter

export const dot = (a, b) => a[0] * b[0] + a[1] * b[1];
export const times = (matrix, x) => [dot(matrix[0], x), dot(matrix[1], x)];
export const lengthOf = (x) => Math.hypot(x[0], x[1]);

/**
 * The score of one key. `repeats`: how often the two coordinates stand in the vectors, d = 2 · repeats; W then stands
 * that often on the diagonal, and the columns of W_q and W_k are repeated.
 */
export function scoreOf(kind, q, k, { w, wQuery, wKey, v, repeats }) {
  switch (kind) {
    case "dot": return repeats * dot(q, k);
    case "scaled": return (repeats * dot(q, k)) / Math.sqrt(2 * repeats);
    case "cosine": {
      const root = Math.sqrt(repeats);
      return (repeats * dot(q, k)) / (Math.max(root * lengthOf(q), SHORTEST) * Math.max(root * lengthOf(k), SHORTEST));
    }
    case "bilinear": return repeats * dot(q, times(w, k));
    default: return dot(v, insideOf(q, k, { wQuery, wKey, repeats }).map(Math.tanh));
  }
}

/** What stands inside the tanh of the additive score, two numbers. */
export function insideOf(q, k, { wQuery, wKey, repeats }) {
  const [a, b] = [times(wQuery, q), times(wKey, k)];
  return [repeats * (a[0] + b[0]), repeats * (a[1] + b[1])];
}

export function softmax(scores) {
  const most = Math.max(...scores);
  const powers = scores.map((s) => Math.exp(s - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

/** The first of the largest, where nothing is larger by more than rounding; `tied`: how many come as high. */
export function winnerOf(scores) {
  const most = Math.max(...scores);
  const near = 1e-9 * Math.max(1, Math.abs(most));
  const best = scores.map((s, i) => (most - s <= near ? i : -1)).filter((i) => i >= 0);
  return { winner: best[0], tied: best.length };
}

/** {scores, weights, context, winner, tied} of a query over keys with values, by one function. */
export function attend(kind, q, keys, values, matrices) {
  const scores = keys.map((k) => scoreOf(kind, q, k, matrices));
  const weights = softmax(scores);
  const context = [0, 1].map((i) => weights.reduce((sum, share, n) => sum + share * values[n][i], 0));
  return { scores, weights, context, ...winnerOf(scores) };
}

