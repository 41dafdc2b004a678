// Units that are on all through a span of steps, and where else in the sequence they are on together.
//
// Source: H. Strobelt et al., LSTMVis, 2018.

/** 1 where a value is on above, −1 where it is on below, 0 where it is off. Below: under −τ, or for gates under 1 − τ. */
export function onOf(value, { threshold, sense, signed }) {
  if (sense !== "below" && value >= threshold) return 1;
  if (sense !== "above" && value <= (signed ? -threshold : 1 - threshold)) return -1;
  return 0;
}

/**
 * The units of `values` (step · unit) that are on, all in one way, from step `from` to `to`: [{unit, way, least}], the
 * clearest first; `least` is how far the weakest step is beyond 0 (a gate below: under 1). With `edges` those that are
 * not on so right before and right after.
 */
export function unitsOn(values, steps, units, { from, to }, rule) {
  const found = [];
  for (let unit = 0; unit < units; unit += 1) {
    const way = onOf(values[from * units + unit], rule);
    if (!way) continue;
    let least = Infinity;
    let through = true;
    for (let t = from; t <= to && through; t += 1) {
      const value = values[t * units + unit];
      through = onOf(value, rule) === way;
      least = Math.min(least, way > 0 ? value : rule.signed ? -value : 1 - value);
    }
    const goesOn = (t) => t >= 0 && t < steps && onOf(values[t * units + unit], rule) === way;
    if (through && !(rule.edges && (goesOn(from - 1) || goesOn(to + 1)))) found.push({ unit, way, least });
  }
  return found.sort((a, b) => b.least - a.least);
}

/** The share of the found units that are on at each step, each in its way: Float32Array(step). */
export function patternOf(values, steps, units, found, rule) {
  const strength = new Float32Array(steps);
  if (!found.length) return strength;
  for (let t = 0; t < steps; t += 1) {
    let on = 0;
    for (const { unit, way } of found) if (onOf(values[t * units + unit], rule) === way) on += 1;
    strength[t] = on / found.length;
  }
  return strength;
}

/** Stretches of steps outside the span where all of them are on: [{from, to}]. */
export function elsewhere(strength, span) {
  const found = [];
  for (let t = 0; t < strength.length; t += 1) {
    if (strength[t] < 1 || (t >= span.from && t <= span.to)) continue;
    const last = found.at(-1);
    if (last && last.to === t - 1 && !(span.to >= last.to && span.from <= t)) last.to = t;
    else found.push({ from: t, to: t });
  }
  return found;
}
