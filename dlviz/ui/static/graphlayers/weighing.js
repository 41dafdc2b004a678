// The weights of the six layers: drawn from a seed by the probe, or W taken from the first layer of the network above.

export const KINDS = ["naive", "loops", "gcn", "sage", "gat", "gin"];
const MAIN = { sage: ["lin_l.weight", "lin_r.weight"], gin: ["nn.0.weight"] };
const mainOf = (kind) => MAIN[kind] ?? ["lin.weight"];
const USUAL = { sage: "mean" }; // how a layer aggregates as it was published; the others sum

/** Why the trained W cannot be had, or "". */
export function whyNot({ rows }) {
  const [first] = rows;
  return first.kind === "gat" && !first.beside && first.heads > 1 ? "The only layer of the network above is a GAT that averages its heads: each has a W of its own. Give it a second layer, or one head." : "";
}

/** {outputs, heads} of the layers: chosen here, or those of the first layer above. */
export function sizesOf({ rows }, { trained, heads }) {
  const outputs = trained ? rows[0].outputs : 4;
  const wanted = trained && rows[0].kind === "gat" ? rows[0].heads : heads;
  return { outputs, heads: outputs % wanted ? 1 : wanted };
}

/** What is asked of the probe for this scene. */
export const optionsOf = (numbers, state) => ({ seed: state.seed, ...sizesOf(numbers, state) });

/**
 * {rows, of, W, outputs, heads}: a row as lib/gnn.js takes it and the parameters of each kind; null while `answer` does not fit
 * the scene. With `trained`, W comes from `frame` in all six, and the layer of the stage's kind has all its own numbers.
 */
export function weightsFor(scene, frame, answer, state, inputs) {
  const { outputs, heads } = sizesOf(scene.numbers, state);
  const drawn = answer?.arrays["state/naive.lin.weight"];
  if (!drawn || drawn.shape[0] !== outputs || drawn.shape[1] !== inputs || answer.arrays["state/gat.att_src"].shape[1] !== heads) return null;
  const [first] = scene.numbers.rows;
  const learned = state.trained ? frame?.arrays[`state/layers.0.${mainOf(first.kind)[0]}`] : null;
  if (state.trained && (!learned || learned.shape[1] !== inputs)) return null;
  const of = {};
  const rows = {};
  for (const kind of KINDS) {
    rows[kind] = { kind, inputs, outputs, heads: kind === "gat" ? heads : 1, how: state.trained && kind === first.kind ? first.how : USUAL[kind] ?? "sum", beside: true };
    of[kind] = (name) => {
      if (state.trained && kind === first.kind) return frame.arrays[`state/layers.0.${name}`].data;
      return learned && mainOf(kind).includes(name) ? learned.data : answer.arrays[`state/${kind}.${name}`].data;
    };
  }
  return { rows, of, W: learned?.data ?? drawn.data, inputs, outputs, heads, first, trained: state.trained };
}
