// What each example adds to a loss, from D's output of it (the same as dlviz/labs/gan/objective.py), and how it is written.

const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** The discriminator's terms {real, fake}: the loss is the mean of the one plus the mean of the other. */
export function discriminatorTerms({ loss, label_smoothing: smoothing }, real, fake) {
  const label = 1 - smoothing;
  const [ofReal, ofFake] = {
    leastsquares: [(x) => (x - label) ** 2 / 2, (x) => x ** 2 / 2],
    wgan: [(x) => -x, (x) => x],
    wgangp: [(x) => -x, (x) => x],
    hinge: [(x) => Math.max(0, 1 - x), (x) => Math.max(0, 1 + x)],
  }[loss] ?? [(x) => label * softplus(-x) + smoothing * softplus(x), softplus];
  return { real: Float64Array.from(real, ofReal), fake: Float64Array.from(fake, ofFake) };
}

/** The generator's terms: its loss is their mean. */
export function generatorTerms({ loss }, fake) {
  const of = { minimax: (x) => -softplus(x), nonsaturating: (x) => softplus(-x), leastsquares: (x) => (x - 1) ** 2 / 2 }[loss] ?? ((x) => -x);
  return Float64Array.from(fake, of);
}

/** How the terms are written: {real, fake, generator}. */
export function written({ loss, label_smoothing: smoothing }) {
  const label = Number((1 - smoothing).toFixed(3));
  const soft = smoothing > 0;
  switch (loss) {
    case "leastsquares": return { real: `½ (D(x) − ${label})²`, fake: "½ D(G(z))²", generator: "½ (D(G(z)) − 1)²" };
    case "wgan": case "wgangp": return { real: "−D(x)", fake: "D(G(z))", generator: "−D(G(z))" };
    case "hinge": return { real: "max(0, 1 − D(x))", fake: "max(0, 1 + D(G(z)))", generator: "−D(G(z))" };
    default: {
      const real = soft ? `−${label} log D(x) − ${Number(smoothing.toFixed(3))} log(1 − D(x))` : "−log D(x)";
      return { real, fake: "−log(1 − D(G(z)))", generator: loss === "minimax" ? "log(1 − D(G(z)))" : "−log D(G(z))" };
    }
  }
}

/** What D's output is called: odds where there are odds, else its own name. */
export const hasOdds = ({ loss }) => loss === "minimax" || loss === "nonsaturating";
export const hasLabels = (spec) => hasOdds(spec) || spec.loss === "leastsquares";

const BORDERS = { wgan: null, wgangp: null, leastsquares: 0.5 };

/** The output above which D calls an example real; null of a critic, which has none. */
export const border = ({ loss }) => (loss in BORDERS ? BORDERS[loss] : 0);
