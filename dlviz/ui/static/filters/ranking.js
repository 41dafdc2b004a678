// Numbers about the activations of one channel on all test pictures. Nothing here draws or asks.

export const TOP = 9;
export const LOW = 4;
export const BINS = 24;

/** The activations of one channel, from (batch, channel). */
export function column({ data, shape: [count, channels] }, channel) {
  return Float32Array.from({ length: count }, (_, i) => data[i * channels + channel]);
}

/** Places of the pictures, the largest activation first; of two alike the earlier picture. */
export function ranked(values) {
  return Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
}

/**
 * What the classes have to do with it: `low`, `high`, `mean`; `tenth`, how many pictures are a tenth of all; and of each
 * class {count, mean, top, bins}: how many of its pictures are in the tenth with the largest activation, and how many in
 * each bin from low to high. `explained`: the share of the variance that lies between the classes, η².
 */
export function byClass(values, truth, classes) {
  const n = values.length;
  const order = ranked(values);
  const tenth = Math.max(1, Math.round(n / 10));
  const [high, low] = [values[order[0]], values[order[n - 1]]];
  const rows = Array.from({ length: classes }, () => ({ count: 0, sum: 0, top: 0, bins: new Uint32Array(BINS) }));
  let [sum, squares] = [0, 0];
  const span = high - low || 1;
  values.forEach((value, i) => {
    const row = rows[truth[i]];
    row.count += 1;
    row.sum += value;
    row.bins[Math.min(BINS - 1, Math.max(0, Math.floor(((value - low) / span) * BINS)))] += 1;
    sum += value;
  });
  const mean = sum / n;
  for (const value of values) squares += (value - mean) ** 2;
  for (let i = 0; i < tenth; i += 1) rows[truth[order[i]]].top += 1;
  const between = rows.reduce((total, { count, sum: own }) => total + (count ? count * (own / count - mean) ** 2 : 0), 0);
  return {
    low, high, mean, tenth, explained: squares > 0 ? between / squares : 0,
    rows: rows.map(({ count, sum: own, top, bins }) => ({ count, mean: count ? own / count : 0, top, bins })),
  };
}

/**
 * (classes × channels): how far the mean of a class lies from the mean of all, in standard deviations of the channel; 0
 * for a channel that is the same for every picture.
 */
export function preferences({ data, shape: [count, channels] }, truth, classes) {
  const [sums, means, squares] = [new Float64Array(classes * channels), new Float64Array(channels), new Float64Array(channels)];
  const counts = new Float64Array(classes);
  for (let i = 0; i < count; i += 1) {
    counts[truth[i]] += 1;
    for (let c = 0; c < channels; c += 1) {
      const value = data[i * channels + c];
      sums[truth[i] * channels + c] += value;
      means[c] += value / count;
    }
  }
  for (let i = 0; i < count; i += 1) for (let c = 0; c < channels; c += 1) squares[c] += (data[i * channels + c] - means[c]) ** 2;
  return sums.map((sum, at) => {
    const [k, c] = [Math.floor(at / channels), at % channels];
    const deviation = Math.sqrt(squares[c] / count);
    return counts[k] && deviation > 1e-12 ? (sum / counts[k] - means[c]) / deviation : 0;
  });
}
