// Where a value lies on a slider, and what a place on a slider means.

const NEEDLE = 0.02; // a typical value below this share of the range would sit at the very end of a linear slider
const TYPICAL_PLACE = 0.4;

// The exponent that puts the typical value at 0.4 of the way; 1 where a linear slider will do.
function bend({ low, high, whole, typical }) {
  const share = (typical - low) / (high - low);
  return whole || !(share > 0 && share < NEEDLE) ? 1 : Math.log(share) / Math.log(TYPICAL_PLACE);
}

/** The place in [0, 1] of `value` on the scale {low, high, log, whole, typical}. */
export function asPosition(scale, value) {
  const { low, high } = scale;
  const share = scale.log && low > 0 ? Math.log(value / low) / Math.log(high / low) : ((value - low) / (high - low)) ** (1 / bend(scale));
  return Math.min(1, Math.max(0, share));
}

/** The value at the place `share` in [0, 1]. */
export function asValue(scale, share) {
  const { low, high } = scale;
  if (scale.log && low > 0) return low * (high / low) ** share;
  return low + (high - low) * share ** bend(scale);
}

/** The value as a person would write it: whole, or with two significant digits. */
export function tidy({ low, high, whole, log, typical }, value) {
  if (whole) return Math.round(value);
  const bent = log || bend({ low, high, whole, typical }) !== 1;
  const rounded = bent ? Number(value.toPrecision(2)) : Math.round(value / nice((high - low) / 200)) * nice((high - low) / 200);
  return Math.min(high, Math.max(low, Number(rounded.toPrecision(6))));
}

/** The largest of 1, 2, 5 × 10ⁿ that is not above `step`. */
export function nice(step) {
  const size = 10 ** Math.floor(Math.log10(step));
  return size * ([5, 2, 1].find((n) => n * size <= step * (1 + 1e-9)) ?? 1);
}

/** Round values for an axis from low to high, about `about` of them. */
export function ticks(low, high, about = 5) {
  if (!(high > low)) return [low];
  const raw = (high - low) / about;
  const step = [1, 2, 5, 10].map((n) => n * 10 ** Math.floor(Math.log10(raw))).find((n) => n >= raw * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) found.push(Number((i * step).toPrecision(12)));
  return found;
}

/** Powers of ten (and their halves in few decades) for a logarithmic axis. */
export function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const leaders = decades > 6 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 5];
  const found = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e += decades > 6 ? Math.ceil(decades / 6) : 1) {
    for (const n of leaders) {
      const v = Number((n * 10 ** e).toPrecision(3));
      if (v >= low * 0.999 && v <= high * 1.001) found.push(v);
    }
  }
  return found;
}
