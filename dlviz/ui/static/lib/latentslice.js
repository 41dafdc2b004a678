// A plane through the space of codes: which code belongs to a place on it, and where a code is seen from it.

/**
 * {names, toCode([s, t]) → Float32Array, toPlane(z) → [s, t]}. The plane of two numbers of the code, `a` and `b`, goes through
 * `code` (the other numbers are as there); the `principal` one goes through the mean of the codes along the two directions in
 * which they spread most (`center`, `axes` (two, latent) of a frame). With one number to a code t is 0.
 */
export function sliceOf({ latent, a = 0, b = 1, code = null, principal = false, center = null, axes = null }) {
  if (principal && latent > 2 && center) return principalSlice(latent, center, axes);
  const rest = Float32Array.from({ length: latent }, (_, i) => code?.[i] ?? 0);
  return {
    names: [name(a), latent > 1 ? name(b) : ""],
    toCode([s, t]) {
      const z = Float32Array.from(rest);
      if (latent > 1) z[b] = t;
      z[a] = s;
      return z;
    },
    toPlane: (z) => [z[a], latent > 1 ? z[b] : 0],
  };
}

function principalSlice(latent, center, axes) {
  const axis = (k) => axes.subarray(k * latent, (k + 1) * latent);
  const [u, v] = [axis(0), axis(1)];
  const along = (z, direction) => direction.reduce((sum, value, i) => sum + value * (z[i] - center[i]), 0);
  return {
    names: ["1st principal direction", "2nd"],
    toCode: ([s, t]) => Float32Array.from(center, (value, i) => value + s * u[i] + t * v[i]),
    toPlane: (z) => [along(z, u), along(z, v)],
  };
}

const SMALL = "₀₁₂₃₄₅₆₇₈₉";
/** The name of a number of the code, counted from 1: z₁. */
export const name = (at) => `z${String(at + 1).split("").map((digit) => SMALL[digit]).join("")}`;
