// A plane through the space of codes: which code belongs to a place on it, and where a code is seen from it.

/**
 * {names, directions, origin, toCode([s, t]) → Float32Array, toPlane(z) → [s, t]}. The plane of two numbers of the code, `a` and
 * `b`, goes through `code` (the other numbers are as there); the `principal` one lies along the two directions in which the
 * codes spread most (`center`, `axes` (two, latent) of a frame), counted from their mean, and goes through that or through the
 * code `through`. With one number to a code t is 0. `directions`: the two unit vectors (latent,); `origin`: where 0 is seen.
 */
export function sliceOf({ latent, a = 0, b = 1, code = null, principal = false, center = null, axes = null, through = null }) {
  if (principal && latent > 2 && center) return principalSlice(latent, center, axes, through);
  const rest = Float32Array.from({ length: latent }, (_, i) => code?.[i] ?? 0);
  return {
    names: [name(a), latent > 1 ? name(b) : ""],
    directions: (latent > 1 ? [a, b] : [a]).map((at) => Float32Array.from({ length: latent }, (_, i) => Number(i === at))),
    origin: [0, 0],
    toCode([s, t]) {
      const z = Float32Array.from(rest);
      if (latent > 1) z[b] = t;
      z[a] = s;
      return z;
    },
    toPlane: (z) => [z[a], latent > 1 ? z[b] : 0],
  };
}

function principalSlice(latent, center, axes, through) {
  const axis = (k) => axes.subarray(k * latent, (k + 1) * latent);
  const [u, v] = [axis(0), axis(1)];
  const along = (z, direction) => direction.reduce((sum, value, i) => sum + value * (z[i] - center[i]), 0);
  const toPlane = (z) => [along(z, u), along(z, v)];
  const [s0, t0] = through ? toPlane(through) : [0, 0];
  return {
    names: ["1st principal direction", "2nd principal direction"],
    directions: [u, v],
    origin: toPlane(new Float32Array(latent)),
    toCode: ([s, t]) => Float32Array.from(through ?? center, (value, i) => value + (s - s0) * u[i] + (t - t0) * v[i]),
    toPlane,
  };
}

const SMALL = "₀₁₂₃₄₅₆₇₈₉";
/** The name of a number of the code, counted from 1: z₁. */
export const name = (at) => `z${String(at + 1).split("").map((digit) => SMALL[digit]).join("")}`;
