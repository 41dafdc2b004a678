// The network as it is set, as a list of boxes and of what flows between them, from the tokens up to the answers.
//
// An item is {kind: "box" | "add" | "edge" | "frame" | "end", id, …}. A `flow` is {name, data (token · width), width}: it
// has a shape, and at each token a norm.

import { softmax } from "../lib/transformer.js";

const PARTS = { attention: "Self-attention", cross: "Cross-attention", feed_forward: "Feed-forward" };
const TITLES = { core: "Network", encoder: "Encoder", decoder: "Decoder" };
const MASKS = { none: "every token may look at every other", causal: "no token may look ahead", window: "a token looks only near by", drawn: "the mask that was drawn says who may look where" };

const flow = (name, data, width) => ({ name, data, width });

/** Parameters of some arrays: [{name, shape, count}]. */
function sizes(network, names) {
  return names.map((name) => ({ name, array: network.array(name) })).filter(({ array }) => array)
    .map(({ name, array }) => ({ name: name.split(".").slice(-2).join("."), shape: array.shape, count: array.data.length }));
}

/** All items of one stack, bottom up; `layer`: the block that is shown. */
export function itemsOf(moment, name, layer) {
  const { network, pass } = moment;
  const { spec, width } = network;
  const stack = pass.stacks[name];
  const block = stack.blocks[layer];
  const items = [];
  const edge = (id, what) => items.push({ kind: "edge", id: `${name}.${id}`, flow: what });
  const box = (id, rest) => items.push({ kind: "box", id: `${name}.${id}`, stack: name, ...rest, parameters: rest.parameters ?? [] });
  const tokens = flow("embeddings", stack.token, width);
  const x = flow("x", stack.embedded, width);

  box("embedding", {
    name: "Embedding", role: "embedding", inputs: [], output: tokens, parameters: sizes(network, [`${name}.embedding.weight`]),
    says: "Each token has a row of numbers of its own, which is learned.",
  });
  if (stack.place) {
    edge("token", tokens);
    items.push({ kind: "add", id: `${name}.place.add`, stack: name, name: "Add the position", inputs: [tokens, flow("positions", stack.place, width)], output: x, says: "What stands there and where it stands share the same numbers.", parameters: [],
      side: { kind: "box", id: `${name}.position`, stack: name, name: "Position", short: spec.position, role: spec.position, inputs: [], output: flow("positions", stack.place, width), parameters: sizes(network, [`${name}.positions.weight`]), says: spec.position === "learned" ? "Each place has a row of numbers of its own, which is learned." : "Waves of different length; nothing is learned." } });
  }
  edge("x", x);
  if (layer > 0) items.push({ kind: "gap", id: `${name}.gap.below`, text: `${layer} more` });
  items.push({ kind: "frame", id: `${name}.frame`, layer, layers: spec.layers });
  if (layer > 0) edge("below", flow(`x from block ${layer}`, block.attention.input, width));
  for (const part of Object.keys(PARTS)) if (block[part]) addPart(part);
  items.push({ kind: "end", id: `${name}.frame` });
  const isLast = layer === spec.layers - 1;
  if (spec.norm === "pre") {
    if (!isLast) items.push({ kind: "gap", id: `${name}.gap`, text: `${spec.layers - 1 - layer} more` });
    edge("last", flow("x", stack.last, width));
    box("norm", { name: "Layer norm", role: "norm", inputs: [flow("x", stack.last, width)], output: flow("normed", stack.top, width), parameters: sizes(network, [`${name}.norm.weight`, `${name}.norm.bias`]), says: "The last one, before the answers: where norms come first, nothing has normed the sum yet." });
  } else if (!isLast) items.push({ kind: "gap", id: `${name}.gap`, text: `${spec.layers - 1 - layer} more` });
  edge("top", flow(name === "encoder" ? "memory" : "top", stack.top, width));
  if (name !== "encoder") answers();
  return { name, title: TITLES[name], stack, items };

  function addPart(part) {
    const found = block[part];
    const at = `${name}.blocks.${layer}.${part}`;
    const input = flow("x", found.input, width);
    const inside = flow(spec.norm === "pre" ? "normed" : "x", found.inside, width);
    const output = flow("added", found.output, width);
    const total = flow("sum", found.sum, width);
    const after = flow("x", found.after, width);
    const normBox = (from, to) => box(`${part}.norm`, { name: "Layer norm", role: "norm", inputs: [from], output: to, parameters: sizes(network, [`${at}.norm.weight`, `${at}.norm.bias`]), says: spec.norm === "pre" ? "Only what the part reads is normed; the sum goes on as it is." : "The sum itself is normed, and goes on so." });
    items.push({ kind: "fork", id: `${name}.${part}.fork` });
    if (spec.norm === "pre") {
      normBox(input, inside);
      edge(`${part}.inside`, inside);
    }
    const isAttention = part !== "feed_forward";
    const names = isAttention ? ["query", "key", "value", "out"] : ["wider", "back"];
    box(part, {
      name: part === "attention" && name === "decoder" ? "Masked self-attention" : PARTS[part], role: part, part: found, layer,
      inputs: part === "cross" ? [inside, flow("memory", pass.stacks.encoder.top, width)] : [inside], output,
      parameters: sizes(network, names.flatMap((each) => [`${at}.part.${each}.weight`, `${at}.part.${each}.bias`])),
      says: part === "cross" ? "Queries come from what is being written, keys and values from what the encoder made of the source." : part === "attention" ? `Tokens give each other values; ${MASKS[name === "decoder" ? "causal" : network.masked]}.` : "The same small network for every token by itself: it works on what attention has brought.",
    });
    edge(`${part}.added`, output);
    items.push({ kind: "add", id: `${name}.${part}.add`, stack: name, name: `Add ${PARTS[part].toLowerCase()}`, inputs: [input, output], output: total, parameters: [], joins: true, says: "What the part found is added to what came in; nothing is overwritten." });
    if (spec.norm === "post") {
      edge(`${part}.sum`, total);
      normBox(total, after);
    }
    edge(`${part}.after`, after);
  }

  function answers() {
    const classes = network.classes.length;
    const logits = flow("logits", pass.logits, classes);
    const shares = new Float64Array(pass.logits.length);
    for (let t = 0; t < pass.answers; t += 1) shares.set(softmax(pass.logits.subarray(t * classes, (t + 1) * classes)), t * classes);
    box("head", { name: "Answers", role: "head", inputs: [flow("top", stack.top, width)], output: logits, parameters: sizes(network, ["head.weight", "head.bias"]), says: `One number for each of ${classes} answers, at every token.` });
    edge("logits", logits);
    box("softmax", { name: "Softmax", role: "softmax", inputs: [logits], output: flow("probabilities", shares, classes), says: "Numbers become probabilities." });
    edge("probabilities", flow("probabilities", shares, classes));
  }
}

/** Rows of a flow. */
export const rowsOf = ({ data, width }) => data.length / width;

/** Its shape as it is written: 24 × 32. */
export const shapeOf = (what) => `${rowsOf(what)} × ${what.width}`;

/** The norm of row `at`, or the mean of all rows' norms. */
export function normAt({ data, width }, at = null) {
  const rows = data.length / width;
  let total = 0;
  for (let t = at ?? 0; t < (at === null ? rows : at + 1); t += 1) {
    let squares = 0;
    for (let k = 0; k < width; k += 1) squares += data[t * width + k] ** 2;
    total += Math.sqrt(squares);
  }
  return at === null ? total / rows : total;
}
