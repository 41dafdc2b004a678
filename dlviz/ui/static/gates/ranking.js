// Which units go with a property: Pearson's correlation over the steps, and how large it gets by chance.

const ROLLS = 20;

/** Less its mean, divided so that its squares add up to 1; zeros where it is constant. */
function standardized(series) {
  let mean = 0;
  for (let t = 0; t < series.length; t += 1) mean += series[t];
  mean /= series.length;
  let squares = 0;
  for (let t = 0; t < series.length; t += 1) squares += (series[t] - mean) ** 2;
  const size = Math.sqrt(squares);
  // A unit that saturates differs from its mean by rounding alone.
  const known = size > 1e-6 * Math.sqrt(series.length) * Math.max(1e-3, Math.abs(mean));
  return Float64Array.from(series, (value) => (known ? (value - mean) / size : 0));
}

/** The units of `values` (step · unit), each standardized over the steps: one Float64Array a unit. */
export function standardizedUnits(values, steps, units) {
  return Array.from({ length: units }, (_, k) => standardized(Float64Array.from({ length: steps }, (_, t) => values[t * units + k])));
}

function product(a, b, shift = 0) {
  const { length } = a;
  let sum = 0;
  for (let t = 0, s = shift % length; t < length; t += 1, s += 1) {
    if (s === length) s = 0;
    sum += a[t] * b[s];
  }
  return sum;
}

/** r of each unit with a property, Float64Array(unit); 0 for a unit that never changes. */
export function correlations(standard, property) {
  const b = standardized(property);
  return Float64Array.from(standard, (a) => product(a, b));
}

/** How far a property is rolled for the control: up to 20 distances, evenly over the sequence, never none. */
export function rollsOf(steps) {
  const count = Math.min(ROLLS, steps - 1);
  return Array.from({ length: count }, (_, j) => Math.round((steps * (j + 1)) / (count + 1))).filter((shift) => shift % steps !== 0);
}

/**
 * The largest |r| of any unit with the property rolled round the sequence, once for each distance: {largest, typical,
 * count}. Rolling keeps how smoothly a property runs, which shuffling would not, and cuts its tie to the text.
 */
export function control(standard, property) {
  const b = standardized(property);
  const shifts = rollsOf(b.length);
  const found = shifts.map((shift) => standard.reduce((most, a) => Math.max(most, Math.abs(product(a, b, shift))), 0)).sort((x, y) => x - y);
  return { largest: found.at(-1) ?? 0, typical: found[found.length >> 1] ?? 0, count: found.length };
}

/** Units by the size of r, the largest first. */
export function ranked(r) {
  return Array.from(r.keys()).sort((a, b) => Math.abs(r[b]) - Math.abs(r[a]) || a - b);
}
