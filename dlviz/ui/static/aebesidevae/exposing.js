// What the panel shows, as plain numbers for tests and measurements.

import { NETWORKS } from "./race.js";

export function numbersOf({ now, state, training, columns, strips, shares, words, took }) {
  const { race, moment, index, i, at, from, to, read } = now;
  const each = (fn) => Object.fromEntries(NETWORKS.map((kind) => [kind, fn(kind)]));
  return {
    settings: race.settings, dataset: race.plan.dataset, step: moment.step, index, moments: race.moments.map(({ step }) => step), steps: race.steps, isDone: race.isDone,
    isKept: Boolean(race.isKept), isRead: race.isRead, hasReader: Boolean(read), running: training.running, from, to, source: state.source,
    how: at.how, reach: moment.reach, curves: race.curves, mark: i, words, took,
    at: each((kind) => ({ u: [...at[kind].u], z: [...at[kind].z], picture: [...at[kind].picture], probabilities: at[kind].probabilities && [...at[kind].probabilities] })),
    codes: each((kind) => moment[kind].codes.map((z) => [...z])), places: each((kind) => [...moment[kind].places]), clouds: each((kind) => moment[kind].clouds && [...moment[kind].clouds]),
    confidence: each((kind) => moment[kind].confidence && [...moment[kind].confidence]), inside: each((kind) => [...moment[kind].inside]),
    hole: each((kind) => moment[kind].hole), tiles: each((kind) => columns[kind].hasTiles(moment[kind])),
    strip: strips.told && each((kind) => ({ pictures: strips.told[kind].pictures.map((picture) => [...picture]), sure: strips.told[kind].sure })),
    drawn: shares.drawn,
  };
}
