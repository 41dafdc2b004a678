// What the numbers mean, in sentences.

import { number, percent } from "../lib/dom.js";

export const SCORES = {
  squared_error: { title: "Squared error", unit: "", about: "the mean over pixels of (x − x̂)²" },
  reconstruction: { title: "Reconstruction", unit: "nats", about: "−log p(x | μ), what the decoder pays for the picture" },
  kl: { title: "KL divergence", unit: "nats", about: "how far the code's cloud lies from N(0, 1)" },
  negative_elbo: { title: "−ELBO", unit: "nats", about: "reconstruction of samples and KL together" },
  code_distance: { title: "Distance of the code", unit: "", about: "from the code to the nearest code of a training picture" },
};
export const KINDS = {
  left_out: "The class left out", turned: "Turned by a quarter", upside_down: "Upside down", shuffled: "Shuffled pixels", noise: "Noise", other: "Another data set",
};
const OTHERS = { mnist: "sprites in grey", digits: "sprites in grey", sprites: "handwritten digits", faces: "handwritten digits" };

/** What the strangers are, with their article. */
export function strangersOf(kind, { spec, classes }) {
  const noun = { mnist: "digits", digits: "digits", sprites: "sprites", faces: "faces" }[spec.dataset];
  if (kind === "left_out") return spec.leave_out === "none" ? "pictures of something else" : `pictures of the class ${classes[Number(spec.leave_out)]}`;
  return { turned: `${noun} turned by a quarter`, upside_down: `${noun} upside down`, shuffled: `${noun} with their pixels shuffled`, noise: "pictures of noise", other: OTHERS[spec.dataset] }[kind];
}
export const kindTitle = (kind, { spec, classes }) => (kind !== "left_out" ? KINDS[kind] : spec.leave_out === "none" ? "No faces" : `Class ${classes[Number(spec.leave_out)]}, left out`);

const mean = (values, labels, label) => {
  let [sum, count] = [0, 0];
  values.forEach((value, i) => {
    if (labels[i] !== label) return;
    sum += value;
    count += 1;
  });
  return sum / Math.max(1, count);
};
export const means = (found, score) => [0, 1].map((label) => mean(found.scores[score], found.labels, label));

/** The main sentence: what the chosen score makes of these strangers. */
export function verdict(found, score, curves, numbers, step) {
  const [known, strange] = means(found, score);
  const who = strangersOf(found.kind, numbers);
  const { title } = SCORES[score];
  const { auc } = curves;
  const times = known > 0 ? strange / known : NaN;
  const facts = `${title}: ${number(strange)} on average for ${who}, ${number(known)} for known test pictures. A stranger scores higher than a known picture in ${percent(auc, 0)} of all pairs (AUC ${number(auc)})`;
  if (step === 0) return `${facts}. This network is untrained: it knows nothing yet, and all pictures are strange to it.`;
  if (auc >= 0.95) return `${facts}. ${Number.isFinite(times) && times > 1.05 ? `With ${number(times, 2)} times the score, they` : "They"} give themselves away.`;
  if (auc >= 0.8) return `${facts}: much better than guessing, but the two groups overlap.`;
  if (auc >= 0.6) return `${facts}: better than guessing, but the two groups overlap widely.`;
  if (auc >= 0.45) return `${facts}: hardly better than a coin.`;
  const reason = found.kind === "left_out" && ["squared_error", "reconstruction", "negative_elbo"].includes(score)
    ? " What the network learned for the others is enough to copy them, although it has never been trained on one"
    : " This score takes them for ordinary";
  return `${facts}: less strange than what it knows.${reason}.`;
}

/** Which of the scores detects best. */
export function comparison(found) {
  const order = found.names.map((name, i) => ({ name, auc: found.auc[i] })).sort((a, b) => b.auc - a.auc);
  const [best, worst] = [order[0], order.at(-1)];
  return `Best here: ${SCORES[best.name].title.toLowerCase().replace("elbo", "ELBO").replace("kl", "KL")}, AUC ${number(best.auc)}; last: ${SCORES[worst.name].title.toLowerCase().replace("elbo", "ELBO").replace("kl", "KL")}, ${number(worst.auc)}. 0.5 is guessing, 1 is never wrong, and below 0.5 a score ranks strangers as the more ordinary.`;
}

/** Why a class has to be left out. */
export function whyLeaveOut({ spec, classes, split }) {
  if (classes.length < 2) return `All training pictures are faces, and ${split.strangers} pictures of something else are kept as strangers.`;
  if (spec.leave_out === "none") return "A class that the network trained on is no stranger to it. To see a class as an anomaly it must be left out of the training pictures, so the network is trained anew: choose one.";
  return `No picture of the class ${classes[Number(spec.leave_out)]} is among the ${split.train.toLocaleString("en")} training pictures; its ${split.strangers} test pictures are the strangers.`;
}
