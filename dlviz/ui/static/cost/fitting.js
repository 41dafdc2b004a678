// Lines t = c · nᵖ through measured times, by least squares of the logarithms, and where two rows of times cross.

const LARGE = 4; // of the longest lengths are fitted for the growth that lasts
const SMALL = 4; // of the shortest for what overhead hides

/** {p, c, from, to} of the points given, or null of fewer than three. */
function line(points) {
  if (points.length < 3) return null;
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (k) => logs.reduce((sum, each) => sum + each[k], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  const p = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return { p, c: Math.exp(my - p * mx), from: points[0][0], to: points.at(-1)[0] };
}

/** Fits of all points, of the shortest and of the longest; the last two only where there are enough to differ. */
export function fitted(xs, ys) {
  const points = xs.map((x, i) => [x, ys[i]]).filter(([, y]) => y > 0);
  const isLong = points.length > LARGE;
  return { all: line(points), large: line(points.slice(-LARGE)), small: isLong ? line(points.slice(0, SMALL)) : null };
}

/**
 * {times, lower, ratio, at}: the lengths at which one row of times passes the other (between two measured lengths, on
 * straight lines of the logarithms); which is lower at the longest length measured of both ("first" or "second"), and how
 * many times. Null where nothing was measured of both.
 */
export function crossed(xs, first, second) {
  const known = xs.map((x, i) => [Math.log(x), Math.log(first[i]) - Math.log(second[i])]).filter(([, gap]) => Number.isFinite(gap));
  if (!known.length) return null;
  const times = [];
  for (let i = 1; i < known.length; i += 1) {
    const [[x, a], [y, b]] = [known[i - 1], known[i]];
    if (a === 0 || a * b >= 0) continue;
    times.push(Math.exp(x + ((y - x) * a) / (a - b)));
  }
  const [at, gap] = known.at(-1);
  return { times, lower: gap <= 0 ? "first" : "second", ratio: Math.exp(Math.abs(gap)), at: Math.round(Math.exp(at)) };
}
