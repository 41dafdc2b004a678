// The states of the network all along the picture: read through once for each new weights.

export const WRITTEN = 40; // letters that a text goes on by itself
export const MOST_WRITTEN = 24; // tokens of a translation, as the server has it
const PIECE = 2e6; // multiplications between two looks at the clock

/**
 * A generator that yields between pieces of the work. Returns {core | encoder, decoder, fed}: of each part a list over its
 * steps of {rows: [layer][direction]{gate: Float32Array}, logits}; what reads its own answers has the `token` read too.
 */
export function* readAll(network, scene) {
  const inputs = inputsOf(scene);
  const { spec } = scene.numbers;
  // Read from both ends a sequence is read at once; else piece by piece, each from the state after the one before.
  const size = network.directions === 2 ? inputs.length : Math.max(1, Math.floor(PIECE / workOf(network)));
  const rows = [];
  let state = null;
  for (let at = 0; at < inputs.length; at += size) {
    const read = network.read(inputs.slice(at, at + size), { state });
    rows.push(...rowsOf(network, read, at + size >= inputs.length));
    ({ state } = read);
    yield;
  }
  const found = { [network.main]: rows };
  if (network.parts.decoder) found.decoder = yield* written(network, state, 0, "decoder", MOST_WRITTEN, network.vocabulary.indexOf("$"));
  if (spec.writes) {
    // The last letter that a person typed is only the answer to the one before; here it is read too.
    const typed = spec.reading ? scene.arrays.targets?.data.at(-1) : undefined;
    found.fed = yield* written(network, state, typed ?? likeliest(rows.at(-1).logits), "core", WRITTEN, null);
    if (typed !== undefined) found.fed[0].typed = true;
  }
  return found;
}

// Multiplications of one step, about.
const workOf = (network) => network.layers * network.directions * network.names.length * 2 * network.hidden ** 2;

/** Token ids, or rows of numbers. */
export function inputsOf(scene) {
  const { ids, values } = scene.arrays;
  if (ids) return [...ids.data];
  const [steps, width] = values.shape;
  return Array.from({ length: steps }, (_, t) => values.data.subarray(t * width, (t + 1) * width));
}

export const likeliest = (logits) => logits.indexOf(Math.max(...logits));

// Where only the last step is asked, the others tell what would be answered if the sequence ended there.
function rowsOf(network, read, isEnd) {
  const { units } = read;
  const isReading = network.pattern !== "decoder";
  return Array.from({ length: read.steps }, (_, t) => {
    const rows = Array.from({ length: network.layers }, (_, layer) => Array.from({ length: network.directions }, (_, direction) => Object.fromEntries(
      network.names.map((name) => [name, read.gates[name][layer][direction].subarray(t * units, (t + 1) * units)]))));
    if (!isReading) return { rows, logits: null };
    const isLast = isEnd && t === read.steps - 1;
    if (network.pattern === "last" && network.directions === 2) return { rows, logits: isLast ? network.answer(network.lastHidden(read.state)) : null };
    return { rows, logits: network.answer(read.top[t]) };
  });
}

function* written(network, state, first, part, most, end) {
  const own = { h: state.h.map((h) => Float64Array.from(h)), c: state.c.map((c) => Float64Array.from(c)) };
  const steps = [];
  for (let token = first; steps.length < most;) {
    const { logits, gates } = network.step(token, own, part);
    steps.push({ rows: gates.map((found) => [found]), logits, token });
    yield;
    token = likeliest(logits);
    if (token === end) break;
  }
  return steps;
}
