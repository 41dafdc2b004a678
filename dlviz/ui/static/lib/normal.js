// The normal distribution: density, share below, and where a share lies. To about 1e-14.

/** The density of N(0, 1) at x. */
export const density = (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const ABOVE = [3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376];
const BELOW = [8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752];
const horner = (coefficients, x) => coefficients.reduce((sum, c) => sum * x + c, 0);

/** Φ(x): the share of N(0, 1) below x. G. West, Better approximations to cumulative normal functions, 2005 (after J. Hart). */
export function share(x) {
  const size = Math.abs(x);
  let tail = 0;
  if (size < 37) {
    const e = Math.exp((-size * size) / 2);
    if (size < 7.07106781186547) tail = (e * horner(ABOVE, size)) / horner(BELOW, size);
    else tail = e / (size + 1 / (size + 2 / (size + 3 / (size + 4 / (size + 0.65))))) / Math.sqrt(2 * Math.PI);
  }
  return x > 0 ? 1 - tail : tail;
}

/** Φ⁻¹(p): where a share p of (0, 1) lies. P. J. Acklam's rational approximation, one step of Halley's method finer. */
export function quantile(p) {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const tail = (q) => horner([-7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783], q)
    / (horner([7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416], q) * q + 1);
  let x;
  if (p < 0.02425) x = tail(Math.sqrt(-2 * Math.log(p)));
  else if (p > 1 - 0.02425) x = -tail(Math.sqrt(-2 * Math.log(1 - p)));
  else {
    const [q, r] = [p - 0.5, (p - 0.5) ** 2];
    x = (q * horner([-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239], r))
      / (horner([-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572], r) * r + 1);
  }
  const step = (share(x) - p) / density(x);
  return x - step / (1 + (x * step) / 2);
}
