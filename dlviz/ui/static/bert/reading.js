// What BERT answered to a sentence, head by head: plain numbers, nothing drawn.

export const LAYERS = 6;
export const HEADS = 12;
export const ROLES = ["previous", "next", "first", "separator", "same"];
export const SEPARATOR = 102;

/** The answer to a sentence as the panel uses it. */
export function readingOf({ arrays, numbers }, took) {
  const { texts } = numbers;
  const pieces = texts["state/pieces"];
  return {
    pieces, count: pieces.length, ids: [...arrays.tokens.data], signs: signsOf([...arrays.tokens.data]), types: [...arrays.types.data],
    weights: arrays.weights.data, roles: arrays.roles.data, breadth: arrays.breadth.data,
    notes: texts["state/notes"], given: arrays["state/given"].data[0], milliseconds: arrays.milliseconds.data[0], took,
    changed: arrays.changed_weights ? changeOf(arrays, texts) : null,
  };
}

const changeOf = (arrays, texts) => ({
  weights: arrays.changed_weights.data, turned: arrays.turned.data, distance: arrays.distance.data,
  cosine: arrays.sentence_cosine.data[0], pieces: texts["state/changed_pieces"],
});

/** The grid of one head, (query · key), as a view on all weights. */
export const gridOf = (weights, count, layer, head) => {
  const size = count * count;
  return weights.subarray((layer * HEADS + head) * size, (layer * HEADS + head + 1) * size);
};

/** What is on the screen of a head: as read, as changed, or the difference. */
export function shownGrid({ reading, view, layer, head }) {
  const plain = gridOf(reading.weights, reading.count, layer, head);
  if (!reading.changed || view === "before") return plain;
  const after = gridOf(reading.changed.weights, reading.count, layer, head);
  return view === "after" ? after : after.map((w, at) => w - plain[at]);
}

/**
 * All heads by the weight that one token gives another, the largest first: [{layer, head, weight, others}]. `others`: what
 * the other tokens give to the same one on average; a head that looks there whoever asks links nothing.
 */
export function linking(weights, count, query, key) {
  const found = [];
  for (let layer = 0; layer < LAYERS; layer += 1) {
    for (let head = 0; head < HEADS; head += 1) {
      const grid = gridOf(weights, count, layer, head);
      let sum = 0;
      for (let q = 0; q < count; q += 1) if (q !== query && q !== key) sum += grid[q * count + key];
      const many = count - (query === key ? 1 : 2);
      found.push({ layer, head, weight: grid[query * count + key], others: many ? sum / many : 0 });
    }
  }
  return found.sort((one, other) => other.weight - one.weight);
}

/** The head in which one token gives another the most beyond what the others give it. */
export const mostParticular = (linked) => linked.reduce((one, other) => (other.weight - other.others > one.weight - one.others ? other : one));

/** How much a head has changed: per token half the sum of all differences (0: nothing, 1: all of it), the mean. */
export function shift({ weights, count, changed }, layer, head) {
  const [before, after] = [gridOf(weights, count, layer, head), gridOf(changed.weights, count, layer, head)];
  let sum = 0;
  for (let at = 0; at < before.length; at += 1) sum += Math.abs(after[at] - before[at]);
  return sum / 2 / count;
}

/** All heads by how much they have changed, the most first. */
export function shifts(reading) {
  const found = [];
  for (let layer = 0; layer < LAYERS; layer += 1) for (let head = 0; head < HEADS; head += 1) found.push({ layer, head, shift: shift(reading, layer, head) });
  return found.sort((one, other) => other.shift - one.shift);
}

/** The head that has most of a role: {layer, head, share}. */
export function best(roles, role) {
  const k = ROLES.indexOf(role);
  let at = 0;
  for (let i = 1; i < LAYERS * HEADS; i += 1) if (roles[i * ROLES.length + k] > roles[at * ROLES.length + k]) at = i;
  return { layer: Math.floor(at / HEADS), head: at % HEADS, share: roles[at * ROLES.length + k] };
}

/** The shares of one head, by role. */
export const rolesOf = (roles, layer, head) => [...roles.subarray((layer * HEADS + head) * ROLES.length, (layer * HEADS + head + 1) * ROLES.length)];

/** Tokens that are signs of every sentence: [CLS] and [SEP]. */
export const signsOf = (ids) => new Set([...ids.keys()].filter((at) => at === 0 || ids[at] === SEPARATOR));

/**
 * Where full colour is reached: `one` at 1, `own` at the largest weight of the head, `word` at the largest that goes to a
 * piece of a word: many heads rest on the signs, and against that nothing else could be seen.
 */
export function endOf(grid, scale, signs, count) {
  if (scale === "one") return 1;
  if (scale === "own") return largest(grid) || 1;
  let most = 0;
  for (let at = 0; at < grid.length; at += 1) if (!signs.has(at % count)) most = Math.max(most, grid[at]);
  return most || largest(grid) || 1;
}

export function largest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
