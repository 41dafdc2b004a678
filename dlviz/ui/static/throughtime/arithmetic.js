// Clipping by arithmetic, on the entries of a gradient.

/** Euclidean length. */
export function normOf(entries) {
  let sum = 0;
  for (const g of entries) sum += g * g;
  return Math.sqrt(sum);
}

/**
 * What clipping at `limit` makes of a gradient: norm before and after, the cosine between before and after, how many
 * entries a cut by value changes. `every`: each so many entries stand for one, of a gradient too long to travel.
 */
export function clipped(entries, limit, every = 1) {
  let [whole, dot, cut, changed] = [0, 0, 0, 0];
  for (const g of entries) {
    const size = Math.abs(g);
    const kept = size > limit ? limit : size;
    if (size > limit) changed += 1;
    whole += size * size;
    dot += size * kept;
    cut += kept * kept;
  }
  const norm = Math.sqrt(whole * every);
  const byValue = Math.sqrt(cut * every);
  // torch divides by norm + 1e-6, so that nothing is never divided by nothing
  const factor = Math.min(1, limit / (norm + 1e-6));
  const cosine = whole > 0 && cut > 0 ? dot / Math.sqrt(whole * cut) : 0;
  return { norm, byNorm: norm * factor, factor, byValue, cosineByNorm: norm > 0 ? 1 : 0, cosineByValue: cosine, changed, entries: entries.length };
}

/** Counts of entries in `bins` equal ranges from −reach to reach. */
export function histogram(entries, reach, bins) {
  const counts = new Uint32Array(bins);
  const width = (2 * reach) / bins || 1;
  for (const g of entries) {
    const k = Math.floor((g + reach) / width);
    counts[Math.min(bins - 1, Math.max(0, k))] += 1;
  }
  return counts;
}
