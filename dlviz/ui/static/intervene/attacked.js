// What the server found of FGSM along ε, and the moment at one ε. Nothing here draws.

import { moved } from "./moving.js";
import { argmax } from "./stage.js";

export const LARGEST = 0.3;
export const LAST = 60; // the values of ε are numbered from 0 to this

/** The probe's answer: curves by value of ε, the switches, the picture, its gradient and the random signs. */
export function readAttack(arrays, towards) {
  const data = (name) => arrays[name].data;
  const classes = arrays.probabilities.shape[1];
  const rows = (name) => Array.from({ length: arrays[name].shape[0] }, (_, i) => data(name).subarray(i * classes, (i + 1) * classes));
  const [channels, height, width] = arrays.input.shape;
  const [at, atRandom, random] = ["switch_probabilities", "switch_random_probabilities", "random_probabilities"].map(rows);
  const first = argmax(random[0]);
  const turned = random.findIndex((each) => argmax(each) !== first);
  return {
    towards, classes, channels, rows: height, cols: width, random,
    epsilons: data("epsilon"), probabilities: rows("probabilities"),
    x: data("input"), gradient: data("gradient"), sign: data("random_sign"), label: data("label")[0], loss: data("loss")[0], step: data("step")[0],
    switches: Array.from(data("switch_above"), (above, i) => ({
      above, below: data("switch_below")[i], from: data("switch_from")[i], to: data("switch_to")[i], probabilities: at[i], random: atRandom[i],
    })),
    randomTurns: turned < 0 ? null : data("epsilon")[turned], // ε from which on the random signs change the answer
  };
}

/**
 * Everything at one ε: {exact, epsilon, x: x′, random: x″, after, randomAfter}. `index`: which value of ε; `exact`: which
 * switch; with neither the first switch, or where there is none a third of the way.
 */
export function momentOf(found, { index, exact }) {
  const which = exact ?? (index === null ? 0 : null);
  const at = which === null ? null : found.switches[Math.min(which, found.switches.length - 1)] ?? null;
  const k = index ?? LAST / 3;
  const epsilon = at ? at.above : found.epsilons[k];
  return {
    epsilon, exact: at ? found.switches.indexOf(at) : null,
    x: moved(found.x, found.gradient, epsilon, found.towards ? -1 : 1), random: moved(found.x, found.sign, epsilon),
    after: at ? at.probabilities : found.probabilities[k], randomAfter: at ? at.random : found.random[k],
  };
}
