// A network of message passing computed in the page from its weights, with every number kept (dlviz/labs/graph/layers.py).
// Matrices are Float32Array, row by row; a record says how wide each is.

const SLOPE = 0.2; // of GAT's leaky ReLU below 0
const TINY = 1e-16;
const PAIR_NORM = 1e-5;

/** x (rows, inputs) → x Wᵀ + b, with `weight` (outputs, inputs); zeros cost nothing, and one-hot features are mostly zeros. */
export function linear(x, rows, inputs, weight, outputs, bias) {
  const out = new Float32Array(rows * outputs);
  const sums = new Float64Array(outputs);
  for (let r = 0; r < rows; r += 1) {
    if (bias) sums.set(bias);
    else sums.fill(0);
    for (let i = 0; i < inputs; i += 1) {
      const value = x[r * inputs + i];
      if (value === 0) continue;
      for (let o = 0, at = i; o < outputs; o += 1, at += inputs) sums[o] += value * weight[at];
    }
    out.set(sums, r * outputs);
  }
  return out;
}

/**
 * What a layer of that kind makes of a graph's edges {sources, targets, weight}: with self-loops at the end, scaled, or as they
 * are. Gives {sources, targets, weight, scale, degree, from}: `degree` sums what comes in; `from`: the edge of the graph that
 * each is, −1 for a self-loop the layer added.
 */
export function edgesFor(kind, { sources, targets, weight, count }) {
  let all = Array.from(sources, (_, e) => e);
  const own = new Map(); // node → its own self-loop
  const looped = ["loops", "gcn", "gat"].includes(kind);
  if (looped) {
    for (const e of all) if (sources[e] === targets[e]) own.set(sources[e], e);
    all = all.filter((e) => sources[e] !== targets[e]);
  }
  const extra = looped ? count : 0;
  const made = { count, sources: new Int32Array(all.length + extra), targets: new Int32Array(all.length + extra), weight: new Float32Array(all.length + extra), from: new Int32Array(all.length + extra) };
  const isWeighed = ["naive", "loops", "gcn"].includes(kind);
  all.forEach((e, k) => { [made.sources[k], made.targets[k], made.weight[k], made.from[k]] = [sources[e], targets[e], isWeighed ? weight[e] : 1, e]; });
  for (let node = 0; node < extra; node += 1) {
    const [k, e] = [all.length + node, own.get(node)];
    [made.sources[k], made.targets[k], made.weight[k], made.from[k]] = [node, node, isWeighed && e !== undefined ? weight[e] : 1, e ?? -1];
  }
  made.degree = new Float32Array(count);
  made.targets.forEach((to, e) => { made.degree[to] += made.weight[e]; });
  made.scale = kind === "gcn" ? Float32Array.from(made.weight, (w, e) => w * root(made.degree[made.sources[e]]) * root(made.degree[made.targets[e]])) : made.weight;
  return made;
}

const root = (degree) => (degree > 0 ? 1 / Math.sqrt(degree) : 0);

/** (edge, width) → (into, width): sum, mean or max of the rows that `targets` sends to the same place; 0 where none comes. */
export function aggregated(how, messages, targets, into, width) {
  const out = new Float64Array(into * width);
  const heard = new Int32Array(into);
  for (let e = 0; e < targets.length; e += 1) {
    const to = targets[e];
    heard[to] += 1;
    for (let f = 0; f < width; f += 1) {
      const [at, value] = [to * width + f, messages[e * width + f]];
      if (how !== "max") out[at] += value;
      else if (heard[to] === 1 || value > out[at]) out[at] = value;
    }
  }
  if (how === "mean") for (let at = 0; at < out.length; at += 1) out[at] /= Math.max(1, heard[Math.floor(at / width)]);
  return Float32Array.from(out);
}

/** One layer over x (count, inputs): a record of all that it computes; `of(name)` gives its parameters. */
export function layerSteps(row, x, edges, of) {
  const { kind, inputs, outputs, how, heads, beside } = row;
  const { count, sources, targets } = edges;
  const gathered = (from, width, scale) => {
    const messages = new Float32Array(sources.length * width);
    sources.forEach((node, e) => { for (let f = 0; f < width; f += 1) messages[e * width + f] = from[node * width + f] * (scale ? scale[e] : 1); });
    return messages;
  };
  const plus = (a, b) => a.map((value, at) => value + b[at % b.length]);
  if (kind === "sage" || kind === "gin") {
    const messages = gathered(x, inputs);
    const aggregate = aggregated(how, messages, targets, count, inputs);
    if (kind === "sage") {
      const heard = linear(aggregate, count, inputs, of("lin_l.weight"), outputs, of("lin_l.bias"));
      const own = linear(x, count, inputs, of("lin_r.weight"), outputs);
      return { messages, messageWidth: inputs, aggregate, heard, own, output: plus(heard, own) };
    }
    const factor = 1 + of("eps")[0];
    const own = x.map((value) => factor * value);
    const combined = plus(aggregate, own);
    const first = linear(combined, count, inputs, of("nn.0.weight"), outputs, of("nn.0.bias"));
    const output = linear(first.map((value) => Math.max(0, value)), count, outputs, of("nn.2.weight"), outputs, of("nn.2.bias"));
    return { messages, messageWidth: inputs, aggregate, own, combined, first, output };
  }
  if (kind !== "gat") {
    const transformed = linear(x, count, inputs, of("lin.weight"), outputs);
    const messages = gathered(transformed, outputs, edges.scale);
    const aggregate = aggregated("sum", messages, targets, count, outputs);
    return { transformed, messages, messageWidth: outputs, aggregate, output: plus(aggregate, of("bias")) };
  }
  const width = beside ? outputs / heads : outputs;
  const all = heads * width;
  const transformed = linear(x, count, inputs, of("lin.weight"), all);
  const toward = (weights) => {
    const out = new Float32Array(count * heads);
    for (let at = 0; at < count * all; at += 1) out[Math.floor(at / all) * heads + Math.floor((at % all) / width)] += transformed[at] * weights[at % all];
    return out;
  };
  const [sent, heard] = [toward(of("att_src")), toward(of("att_dst"))];
  const scores = new Float32Array(sources.length * heads);
  for (let e = 0; e < sources.length; e += 1) {
    for (let k = 0; k < heads; k += 1) {
      const raw = sent[sources[e] * heads + k] + heard[targets[e] * heads + k];
      scores[e * heads + k] = raw > 0 ? raw : SLOPE * raw;
    }
  }
  const attention = softmaxOfTargets(scores, targets, count, heads);
  const messages = new Float32Array(sources.length * all);
  for (let at = 0; at < messages.length; at += 1) {
    const [e, f] = [Math.floor(at / all), at % all];
    messages[at] = attention[e * heads + Math.floor(f / width)] * transformed[sources[e] * all + f];
  }
  const aggregate = aggregated("sum", messages, targets, count, all);
  const joined = beside ? aggregate : new Float32Array(count * outputs).map((_, at) => {
    let sum = 0;
    for (let k = 0; k < heads; k += 1) sum += aggregate[Math.floor(at / outputs) * all + k * width + (at % outputs)];
    return sum / heads;
  });
  return { transformed, sent, heard, scores, attention, messages, messageWidth: all, aggregate, joined, output: plus(joined, of("bias")) };
}

function softmaxOfTargets(scores, targets, count, heads) {
  const most = aggregated("max", scores, targets, count, heads);
  const raised = scores.map((score, at) => Math.exp(score - most[targets[Math.floor(at / heads)] * heads + (at % heads)]));
  const total = aggregated("sum", raised, targets, count, heads);
  return raised.map((value, at) => value / (total[targets[Math.floor(at / heads)] * heads + (at % heads)] + TINY));
}

/** Centred rows, scaled so that their mean squared length is 1. */
export function pairNorm(x, count, width) {
  const mean = new Float64Array(width);
  x.forEach((value, at) => { mean[at % width] += value / count; });
  const centred = x.map((value, at) => value - mean[at % width]);
  const square = centred.reduce((sum, value) => sum + value * value, 0) / count;
  return centred.map((value) => value / Math.sqrt(PAIR_NORM + square));
}

/**
 * The network of a scene with the weights of a frame (`state/…`); null where they do not belong together.
 *
 * `embed(graph)` → {layers, embedding, width}: graph {count, sources, targets, weight, x} (x (count, inputs), edges as messages
 * travel); `layers`: one record a layer: `row`, `edges` (see `edgesFor`), `input`, what `layerSteps` names, `after`.
 * `run(graph)` → also `readout` (width,) of a graph's task, and `answers`: (count, outputs) logits of nodes, (outputs,) of a graph.
 */
export function readGnn(scene, arrays) {
  const { rows, spec, classes } = scene.numbers;
  const of = (row) => (name) => arrays[`state/${row.name}.${name}`]?.data;
  if (rows.some((row) => !of(row)(FIRST[row.kind] ?? "lin.weight"))) return null;
  if (spec.task !== "link" && !arrays["state/head.weight"]) return null;
  const first = arrays[`state/${rows[0].name}.${FIRST[rows[0].kind] ?? "lin.weight"}`];
  if (first.shape[1] !== rows[0].inputs) return null;
  const outputs = spec.task === "link" ? 0 : classes.length || 1;
  const activate = ACTIVATIONS[spec.activation];

  function embed(graph) {
    const layers = [];
    let x = graph.x;
    const edges = edgesFor(spec.layer, graph);
    for (const row of rows) {
      const record = { row, edges, input: x, ...layerSteps(row, x, edges, of(row)) };
      let after = record.output;
      if (row.residual) after = after.map((value, at) => value + record.input[at]);
      record.added = after;
      if (row.norm === "pairnorm") after = pairNorm(after, graph.count, row.outputs);
      record.normed = after;
      x = record.after = row.activation === "none" ? after : after.map(activate);
      layers.push(record);
    }
    return { layers, embedding: x, width: rows.at(-1).outputs };
  }

  function head(x, count, width) {
    return linear(x, count, width, arrays["state/head.weight"].data, outputs, arrays["state/head.bias"].data);
  }

  function run(graph) {
    const found = embed(graph);
    const { embedding, width } = found;
    if (spec.task === "link") return { ...found, answers: embedding };
    if (spec.task === "node") return { ...found, answers: head(embedding, graph.count, width) };
    const readout = aggregated(spec.readout, embedding, new Int32Array(graph.count), 1, width);
    return { ...found, readout, answers: head(readout, 1, width) };
  }

  return { rows, spec, outputs, parameters: (layer) => of(rows[layer]), head: outputs ? { weight: arrays["state/head.weight"].data, bias: arrays["state/head.bias"].data } : null, embed, run };
}

const FIRST = { sage: "lin_l.weight", gin: "nn.0.weight" };
const ACTIVATIONS = { relu: (x) => Math.max(0, x), tanh: Math.tanh, none: (x) => x };
