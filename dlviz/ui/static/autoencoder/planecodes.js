// The codes of the test pictures as the plane sees them: where, how wide, how far from a code, and whether among them.

const MOVE = 420; // ms from one measurement to the next
export const NEIGHBOURS = 5;

/**
 * {points (2n), spreads (3n) or null}: places on the plane of a slice, and variance along the first direction, covariance,
 * variance along the second, of what the encoder says. With one number to a code the second is 0.
 */
export function project({ mean, log_variance: logVariance }, { directions: [u, v], toPlane }) {
  const [n, latent] = mean.shape;
  const points = new Float64Array(2 * n);
  const spreads = logVariance ? new Float64Array(3 * n) : null;
  for (let i = 0; i < n; i += 1) {
    const [s, t] = toPlane(mean.data.subarray(i * latent, (i + 1) * latent));
    points.set([s, t], 2 * i);
    if (!spreads) continue;
    for (let k = 0; k < latent; k += 1) {
      if (!u[k] && !v?.[k]) continue;
      const variance = Math.exp(logVariance.data[i * latent + k]);
      spreads[3 * i] += u[k] * u[k] * variance;
      if (!v) continue;
      spreads[3 * i + 1] += u[k] * v[k] * variance;
      spreads[3 * i + 2] += v[k] * v[k] * variance;
    }
  }
  return { points, spreads };
}

/** Points and spreads that glide from one measurement, or one plane, to the next. */
export class Gliding {
  constructor() {
    this.now = null; // what is drawn: {points, spreads}
    this.to = null;
    this.version = 0; // counts what is drawn
  }

  take(to, time, still) {
    const fits = this.now && this.now.points.length === to.points.length && Boolean(this.now.spreads) === Boolean(to.spreads);
    this.from = fits && !still ? this.now : null;
    [this.to, this.began] = [to, time];
    if (!this.from) this.now = to;
    this.version += 1;
  }

  /** Go on to `time`; whether there is still a way to go. */
  step(time) {
    if (!this.from) return false;
    const t = Math.min(1, (time - this.began) / MOVE);
    const share = t * t * (3 - 2 * t);
    const between = (a, b) => (a ? a.map((value, i) => value + (b[i] - value) * share) : null);
    this.now = t < 1 ? { points: between(this.from.points, this.to.points), spreads: between(this.from.spreads, this.to.spreads) } : this.to;
    if (t === 1) this.from = null;
    this.version += 1;
    return t < 1;
  }
}

/** Euclidean distances from z to each of the codes (n, latent). */
export function distances(z, { data, shape: [n, latent] }) {
  const found = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i += 1) {
    let sum = 0;
    for (let k = 0; k < latent; k += 1, at += 1) sum += (z[k] - data[at]) ** 2;
    found[i] = Math.sqrt(sum);
  }
  return found;
}

const MOST_OF = 2.3263478740408408; // Φ⁻¹(0.99)

/** How many clouds q(z | x) hold z in the ellipsoid of 99 % of them. The bound is E. Wilson's and M. Hilferty's, 1931. */
export function reaching(z, { data, shape: [n, latent] }, logVariance) {
  const part = 2 / (9 * latent);
  const most = latent === 1 ? 2.5758293035489004 ** 2 : latent === 2 ? -2 * Math.log(0.01) : latent * (1 - part + MOST_OF * Math.sqrt(part)) ** 3;
  let found = 0;
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    for (let k = 0, at = i * latent; k < latent && sum <= most; k += 1, at += 1) sum += (z[k] - data[at]) ** 2 / Math.exp(logVariance.data[at]);
    found += Number(sum <= most);
  }
  return found;
}

/** The `count` smallest, as places, the nearest first. */
export function nearest(values, count) {
  const best = [];
  values.forEach((value, i) => {
    if (best.length === count && value >= values[best[count - 1]]) return;
    let at = best.length;
    while (at > 0 && values[best[at - 1]] > value) at -= 1;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
  });
  return best;
}

/**
 * The distance to the 5th nearest code within which a code counts as among the others: 95 % of the codes themselves are that
 * near to their own 5th (dlviz/labs/autoencoder/probe.py, `among`). Null where there are too few. A generator.
 */
export function* reachOf(codes) {
  const [n, latent] = codes.shape;
  if (n <= NEIGHBOURS) return null;
  const own = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    const all = distances(codes.data.subarray(i * latent, (i + 1) * latent), codes);
    own[i] = all[nearest(all, NEIGHBOURS + 1)[NEIGHBOURS]]; // the nearest is itself
    if (i % 20 === 19) yield;
  }
  own.sort();
  const at = 0.95 * (n - 1);
  const low = Math.floor(at);
  return own[low] + (at - low) * ((own[low + 1] ?? own[low]) - own[low]);
}

/** Whether z lies among the codes, given their `reachOf`. */
export function isAmong(z, codes, reach) {
  if (reach === null) return false;
  const all = distances(z, codes);
  return all[nearest(all, NEIGHBOURS)[NEIGHBOURS - 1]] <= reach;
}
