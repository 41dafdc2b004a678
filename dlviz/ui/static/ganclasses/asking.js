// What the page asks the generator for: noise, each with every class, and what is read of what comes back.

import { normal, stream } from "../lib/tinytrain.js";

const PICTURES = 60; // on the board, at least six noises
const POINTS = 400; // in the plane
export const SAMPLES = 12; // of the class asked for

/** `count` draws of the generator's input: a list of Float32Array. */
export function noiseOf({ noise, noise_dimensions: size }, count, seed) {
  const random = stream(seed);
  const draw = noise === "uniform" ? () => 2 * random() - 1 : () => normal(random);
  return Array.from({ length: count }, () => Float32Array.from({ length: size }, draw));
}

/** How many noises are asked for every class. */
export const noisesOf = ({ planar, told }) => (planar ? Math.max(8, Math.floor(POINTS / told)) : Math.max(6, Math.floor(PICTURES / told)));

/** What an example is taken for: {answer, confidence, good}; of points the nearest mode. Null where nobody can say. */
export function readerOf(scene, classifier) {
  const { planar, spread } = scene.numbers;
  const centers = scene.arrays.centers?.data;
  if (planar && centers) return (example) => nearest(example, centers, spread);
  if (planar || !classifier) return () => null;
  return (example) => {
    const shares = classifier(pixelsOf(example));
    const answer = shares.indexOf(Math.max(...shares));
    return { answer, confidence: shares[answer], good: shares[answer] > 0.8 };
  };
}

function nearest([x, y], centers, spread) {
  let [answer, least] = [0, Infinity];
  for (let k = 0; k < centers.length / 2; k += 1) {
    const far = Math.hypot(x - centers[2 * k], y - centers[2 * k + 1]);
    if (far < least) [answer, least] = [k, far];
  }
  return { answer, confidence: null, good: least <= 3 * spread };
}

/** Pixels in [0, 1] of what the networks see. */
export const pixelsOf = (example) => Float32Array.from(example, (value) => (value + 1) / 2);

/** Every noise with every class, one noise after the other: a list of {z, label, example, reading}. Work for inSlices. */
export function* askEvery({ moment, read, seed }) {
  const { numbers } = moment.scene;
  const made = [];
  for (const z of noiseOf(numbers.spec, noisesOf(numbers), seed)) {
    for (let label = 0; label < numbers.told; label += 1) {
      const { example } = moment.gan.generate(z, label);
      made.push({ z, label, example, reading: read(example) });
      yield;
    }
  }
  return made;
}

/** Some of one class, each of a noise of its own. Work for inSlices. */
export function* askFor({ moment, read, seed, label }) {
  const made = [];
  for (const z of noiseOf(moment.scene.numbers.spec, SAMPLES, seed)) {
    const { example } = moment.gan.generate(z, label);
    made.push({ z, label, example, reading: read(example) });
    yield;
  }
  return made;
}

/** D's outputs of an example when it is told each class. */
export const underEveryClass = ({ gan }, example) => Array.from({ length: gan.told }, (_, k) => gan.judge(example, k).logit);
