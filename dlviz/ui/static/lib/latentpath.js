// Ways from one code to another: a straight line, or an arc about the origin. As dlviz/labs/autoencoder/interpolating.py does.

const LEAST_ANGLE = 1e-4; // sine of the angle below which there is no one arc from one to the other

export const norm = (z) => Math.sqrt(z.reduce((sum, value) => sum + value * value, 0));

/** Codes added with weights: Σ wₖ zₖ, as a Float32Array. */
export const combine = (...terms) => Float32Array.from(terms[0][1], (_, i) => terms.reduce((sum, [weight, z]) => sum + weight * z[i], 0));

/**
 * {isArc, angle (radians between a and b, null where one is 0), at(t) → code}. On an arc the direction turns evenly (K. Shoemake,
 * 1985; T. White, 2016) while the length goes evenly from |a| to |b|. `isArc` is false for a straight way, also for codes too
 * nearly in line for an arc.
 */
export function wayBetween(a, b, way) {
  const [long, wide] = [norm(a), norm(b)];
  const straight = (t) => combine([1 - t, a], [t, b]);
  const cosine = long && wide ? a.reduce((sum, value, i) => sum + (value / long) * (b[i] / wide), 0) : null;
  const angle = cosine === null ? null : Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (way !== "spherical" || angle === null || Math.sin(angle) < LEAST_ANGLE) return { isArc: false, angle, at: straight };
  const at = (t) => {
    const length = ((1 - t) * long + t * wide) / Math.sin(angle);
    return combine([(length * Math.sin((1 - t) * angle)) / long, a], [(length * Math.sin(t * angle)) / wide, b]);
  };
  return { isArc: true, angle, at };
}

/** Mean squared error of each picture against the one before; of the first 0. */
export const changesOf = (pictures) => pictures.map((picture, i) => (i ? meanSquare(picture, pictures[i - 1]) : 0));

export const meanSquare = (a, b) => a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length;

/** Shares 0 … 1 of `steps` places, the ends among them. */
export const sharesOf = (steps) => Array.from({ length: steps }, (_, i) => i / (steps - 1));

/** A code drawn from the prior N(0, 1), by the method of G. Box and M. Muller, 1958. */
export const priorCode = (latent) => Float32Array.from({ length: latent }, () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));
