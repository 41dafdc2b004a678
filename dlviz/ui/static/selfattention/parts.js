// Every matrix of one head, in the order in which they are computed, as the pass on the screen has them. Nothing here draws.
//
// A part is {id, name, formula, rows, columns, values, down, across, …}: `values` row by row; `down` and `across` say what a
// row and a column stand for: "query", "key" (tokens), "width" (numbers of a token) or "size" (numbers of a head). `extra`: the
// last row is a bias. `hidden`: Uint8Array of the cells that the mask hides. `scale`: "diverging" (±high) or "sequential".

import { linear } from "../lib/attentionmath.js";

/** {list, by, facts} of a head of a grid. `facts` are the numbers and switches that sentences and equations need. */
export function partsOf({ network, pass, grid, head }) {
  const { part, stack, layer, kind } = grid;
  const { width, size, heads, spec } = network;
  const prefix = `${stack}.blocks.${layer}.${kind}`;
  const crosses = kind === "cross";
  const { tokens, keys } = part;
  const turns = part.query[head] !== part.plain.query[head];
  const biased = part.scores[head] !== part.products[head];
  const divided = part.scale !== 1 || size === 1;
  const hides = Boolean(part.hidden?.some(Boolean));
  const list = [];
  const add = (id, name, formula, down, across, values, more = {}) => {
    const counts = { query: tokens, key: keys, width, size };
    const rows = counts[down] + (more.extra ? 1 : 0);
    list.push({ id, name, formula, down, across, rows, columns: counts[across], values, scale: "diverging", ...more });
  };

  const from = spec.norm === "pre" ? "x" : null;
  if (from) add("r", "x", layer || crosses ? "what came in" : "embedding", "query", "width", part.input);
  add("x", "X", from ? "norm(x)" : "what came in", "query", "width", part.inside);
  if (crosses) add("m", "M", "what was read", "key", "width", pass.stacks.encoder.top);
  const memory = crosses ? "M" : "X";
  const letters = { query: "Q", key: "K", value: "V" };
  for (const [name, letter] of Object.entries(letters)) {
    const id = letter.toLowerCase();
    const down = name === "query" ? "query" : "key";
    add(`w${id}`, `W${sub(letter)}`, "and b", "width", "size", projection(network, `${prefix}.part.${name}`, head), { extra: true });
    const source = `${name === "query" ? "X" : memory} · W${sub(letter)} + b`;
    if (turns && name !== "value") {
      add(`${id}0`, `${letter}₀`, source, down, "size", part.plain[name][head]);
      add(id, letter, `${letter}₀ turned`, down, "size", part[name][head]);
    } else {
      add(id, letter, source, down, "size", part[name][head]);
    }
  }
  add("s", "S", "Q · Kᵀ", "query", "key", part.products[head].map((x) => x / part.scale));
  add("p", "S / √d", divided ? `S ÷ ${size === 1 ? "1" : `√${size}`}` : "not divided", "query", "key", part.products[head], { idle: !divided });
  if (biased) add("b", "+ bias", "− slope · distance", "query", "key", part.scores[head]);
  if (hides) add("h", "mask", "hatched: hidden", "query", "key", part.scores[head], { hidden: part.hidden });
  add("a", "A", "softmax of each row", "query", "key", part.weights[head], { scale: "sequential", high: 1, hidden: hides ? part.hidden : null });
  add("z", "Z", "A · V", "query", "size", part.mixed[head]);
  add("wo", "W_O", "this head’s rows", "size", "width", outward(network, `${prefix}.part.out`, head));
  const adds = Array.from({ length: heads }, (_, k) => headAdds(network, `${prefix}.part.out`, part.mixed[k], tokens, k));
  add("o", "this head", "Z · W_O", "query", "width", adds[head]);
  add("t", heads === 1 ? "with bias" : `all ${heads} heads`, "sum + b_O", "query", "width", part.output);
  add("y", "x + sum", "residual", "query", "width", part.sum);
  if (spec.norm === "post") add("n", "norm(x)", "layer norm", "query", "width", part.after);

  for (const each of list) {
    each.high ??= largest(each.values, each.hidden);
    each.shape = each.extra ? `${each.rows - 1} × ${each.columns}` : `${each.rows} × ${each.columns}`;
  }
  const normed = spec.norm === "none" ? null : { gain: network.matrix(`${prefix}.norm.weight`), shift: network.matrix(`${prefix}.norm.bias`) };
  const facts = {
    id: grid.id, stack, layer, kind, head, heads, width, size, tokens, keys, crosses, turns, biased, divided, hides, normed,
    norm: spec.norm, slope: 2 ** ((-8 * (head + 1)) / heads), adds, bias: network.matrix(`${prefix}.part.out.bias`),
    token: pass.stacks[stack].token, place: pass.stacks[stack].place, hidden: part.hidden, input: part.input,
  };
  return { list, by: Object.fromEntries(list.map((each) => [each.id, each])), facts };
}

// A letter behind an underline is set as a lowered one (see lowered.js): there is no small lowered Q.
const sub = (letter) => `_${letter}`;

/** W of a head as it is used, (width + 1 · size): row k multiplies number k of a token; the last row is the bias. */
function projection({ width, size, array }, name, head) {
  const weight = array(`${name}.weight`).data;
  const bias = array(`${name}.bias`).data;
  const out = new Float64Array((width + 1) * size);
  for (let c = 0; c < size; c += 1) {
    const row = head * size + c;
    for (let k = 0; k < width; k += 1) out[k * size + c] = weight[row * width + k];
    out[width * size + c] = bias[row];
  }
  return out;
}

/** W_O of a head as it is used, (size · width). */
function outward({ width, size, array }, name, head) {
  const weight = array(`${name}.weight`).data;
  const out = new Float64Array(size * width);
  for (let m = 0; m < size; m += 1) for (let c = 0; c < width; c += 1) out[m * width + c] = weight[c * width + head * size + m];
  return out;
}

/** (token · width): what one head adds, before the bias. */
function headAdds(network, name, mixed, tokens, head) {
  const { width, size, array } = network;
  const weight = array(`${name}.weight`).data;
  const slice = new Float64Array(width * size);
  for (let c = 0; c < width; c += 1) slice.set(weight.subarray(c * width + head * size, c * width + (head + 1) * size), c * size);
  return linear(mixed, tokens, slice, new Float64Array(width));
}

/** The largest size of what is not hidden; 1 where there is none. */
export function largest(values, hidden = null) {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) if (!hidden?.[i] && Math.abs(values[i]) > most) most = Math.abs(values[i]);
  return most > 0 && Number.isFinite(most) ? most : 1;
}

/** Mean and deviation of a row, as layer norm has them. */
export function spread(row) {
  const mean = row.reduce((a, b) => a + b, 0) / row.length;
  const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
  return { mean, deviation: Math.sqrt(variance + 1e-5) };
}
