// What the points say, in sentences with their numbers.

import { count, number, percent } from "../lib/number.js";

/** One sentence about the moment shown, against the pixels. */
export function reading({ features, pixels }) {
  const { step, count: n, neighbourAccuracy, accuracy } = features;
  const when = step === 0 ? "Before any training" : `At step ${number(step)}`;
  const before = pixels ? `, by pixels for ${percent(pixels.neighbourAccuracy)}` : "";
  const sentence = `${when}, the five nearest neighbours by features vote rightly for ${percent(neighbourAccuracy)} of ${count(n)} test pictures${before}; `
    + `the network itself answers ${percent(accuracy)} rightly.`;
  return sentence.replaceAll(" %", "\u00a0%");
}

export const WARNING = "Read t-SNE with care: it keeps neighbours together, but how large a cluster is, and how far two lie apart, means little, "
  + "and another perplexity draws another picture (Wattenberg, Viégas and Johnson, How to Use t-SNE Effectively, 2016).";

/** On which axes the points of the features stand. */
export function aboutAxes({ axes, frame, moment }) {
  if (axes === "own" || !frame || frame.step === moment.step) return "On the principal axes of this moment; their signs and order keep to the moment before.";
  return moment.frameId === frame.id ? `On the principal axes of step ${number(frame.step)}, the newest.` : "On the principal axes of this moment; those of the newest are on their way.";
}

/** What a layout by t-SNE could not keep, and of which moment it is. */
export function aboutLayout({ step, divergence, now, space }) {
  const left = `What it could not keep: a divergence of ${number(divergence)} nats.`;
  return space === "pixels" || step === now ? left : `Of step ${number(step)}, not of ${number(now)}. ${left}`;
}
