// What the panel shows, as plain numbers for tests and measurements.

import { gridOf } from "./reading.js";

const list = (values) => (values ? [...values] : null);

/** What stands on the host: `bert()` gives the numbers on screen, the rest where things are on the page. */
export function exposed({ state, asker, root, parts: { head, wall, changing, similarity, tokens }, linked, timings }) {
  const text = (where) => root.querySelector(where)?.textContent ?? "";
  return {
    bert() {
      const { reading, many } = state;
      const { text: given, pair, layer, head: at, query, key, pinned, picked, changes } = state;
      return {
        ready: Boolean(reading && many) && !asker.busy(), text: given, pair, layer, head: at, query, key, pinned, picked, changes, links: linked(), timings: { ...timings },
        pieces: reading?.pieces, notes: reading?.notes, took: reading?.took, milliseconds: reading?.milliseconds, roles: list(reading?.roles), many: list(many?.roles), chance: many?.chance,
        turned: list(reading?.changed?.turned), distance: list(reading?.changed?.distance), cosine: reading?.changed?.cosine,
        says: text(".sentence"), meta: text(".read > .label"), wall: text(".wall-says"), problem: text(".sentence-bar .problem"),
        tokens: tokens.boxes.map(({ sign, below }) => [sign.textContent, below.textContent]), one: head.expose(), changing: changing.expose(), similarity: similarity.expose(),
      };
    },
    weights: (layer, at, changed = false) => [...gridOf(changed ? state.reading.changed.weights : state.reading.weights, state.reading.count, layer, at)],
    cell: (query, key) => head.pattern.middle(query, key),
    tile: (layer, at) => wall.middle(layer, at),
    mapCell: (layer, token) => changing.map.middle(layer, token),
    matrixCell: (i, j) => similarity.matrix.middle(i, j),
  };
}
