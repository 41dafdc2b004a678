// Places in the order of some numbers.

/** Ranks from 1; equal values share the mean of theirs. */
export function ranksOf(values) {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const found = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]] === values[order[from]]) to += 1;
    for (let i = from; i <= to; i += 1) found[order[i]] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return found;
}
