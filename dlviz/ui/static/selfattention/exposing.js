// What the panel shows, as plain numbers for tests and measurements.

import { numbersOf } from "./readout.js";

/** `shown()`: what the last draw found. */
export function exposed({ state, timings, flow, scaling, shown, attended }) {
  return {
    opened() {
      const { moment, parts, pair, origin, work, steps, grid, head, labels } = shown();
      const { facts } = parts;
      return {
        trained: moment.step, grid: grid.id, head, labels, pair, pinned: attended.pinned, step: state.step, steps: steps.map(({ id }) => id),
        scaled: state.scaled, divided: facts.divided, tokens: facts.tokens, keys: facts.keys, size: facts.size, width: facts.width,
        matrices: Object.fromEntries(parts.list.map(({ id, rows, columns, values }) => [id, { rows, columns, values: [...values] }])),
        hidden: facts.hidden ? [...facts.hidden] : null,
        cell: { id: origin.id, row: origin.row, column: origin.column, value: origin.value, terms: origin.terms, then: origin.then, text: numbersOf(origin), lit: origin.lit },
        work: { ...work, softmax: { ...work.softmax } },
        scaling: scaling.numbers(), timings: { ...timings },
      };
    },
    middle: (id, row, column) => flow.matrices.get(id).middle(row, column),
    draws: scaling.draws,
  };
}
