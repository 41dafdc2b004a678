// A race as the reply brings it: for each cell the losses and shares of every seed at every mark.

import { KINDS } from "../lib/cellkinds.js";

/** {steps, rnn, gru, lstm}: each {loss, accuracy: [seed][mark], rate: [seed], finals(name): of seeds that came through}. */
export function readRace({ arrays }) {
  const steps = [...arrays.steps.data];
  const rows = ({ data, shape: [seeds, marks] }) => Array.from({ length: seeds }, (_, k) => [...data.subarray(k * marks, (k + 1) * marks)]);
  const cellOf = (cell) => {
    const found = { loss: rows(arrays[`${cell}_loss`]), accuracy: rows(arrays[`${cell}_accuracy`]), rate: [...arrays[`${cell}_rate`].data] };
    found.finals = (name) => found[name].map((row) => row.at(-1)).filter(Number.isFinite);
    return found;
  };
  return { steps, ...Object.fromEntries(KINDS.map((cell) => [cell, cellOf(cell)])) };
}

/** The mean of rows of the same length, place by place, over the numbers there are. */
export function meanOver(rows) {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, i) => {
    const known = rows.map((row) => row[i]).filter(Number.isFinite);
    return known.length ? known.reduce((sum, x) => sum + x, 0) / known.length : NaN;
  });
}

/** The last loss measured when `seconds` of training had gone by, or null before the first. */
export function lossAt({ steps }, { loss, rate }, seconds, k = 0) {
  let found = null;
  steps.forEach((step, i) => {
    if (step / rate[k] <= seconds * (1 + 1e-9) && Number.isFinite(loss[k][i])) found = { step, loss: loss[k][i] };
  });
  return found;
}
