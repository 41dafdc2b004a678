// What each part adds to the vector of one token and directly to a logit: the same as dlviz/labs/attention/contributing.py.

const EPSILON = 1e-5; // torch's LayerNorm

const dot = (a, b) => a.reduce((total, x, i) => total + x * b[i], 0);
export const normOf = (vector) => Math.sqrt(dot(vector, vector));
export const cosineOf = (a, b) => dot(a, b) / (normOf(a) * normOf(b) || 1);

/** Row `t` of (token · width). */
export const rowAt = (values, t, width) => values.subarray(t * width, (t + 1) * width);

/** The parts of token `t` in the order of the flow: [{id, layer, part, vector}]. */
export function partsOf(stack, t, width) {
  const parts = [{ id: "embedding", layer: null, part: "embedding", vector: rowAt(stack.token, t, width) }];
  if (stack.place) parts.push({ id: "position", layer: null, part: "position", vector: rowAt(stack.place, t, width) });
  for (const block of stack.blocks) {
    for (const part of ["attention", "cross", "feed_forward"]) {
      if (block[part]) parts.push({ id: `${block.layer}.${part}`, layer: block.layer, part, vector: rowAt(block[part].output, t, width) });
    }
  }
  return parts;
}

/**
 * {parts: [{…, norm, cosine, contribution}], end, bias, scale, logit, separates}. Where sums are normed again
 * (`norm` post) they do not separate, and there is only the norm of each part.
 */
export function contributionsOf(network, stack, t, answer) {
  const { width, spec } = network;
  const parts = partsOf(stack, t, width);
  const row = rowAt(network.matrix("head.weight"), answer, width);
  const top = rowAt(stack.top, t, width);
  const logit = dot([...top], row) + network.matrix("head.bias")[answer];
  if (spec.norm === "post") {
    return { parts: parts.map((part) => ({ ...part, norm: normOf(part.vector) })), end: top, logit, separates: false, scale: null, bias: null };
  }
  const end = rowAt(stack.last, t, width);
  let [scale, gain, bias] = [1, null, network.matrix("head.bias")[answer]];
  if (spec.norm === "pre") {
    const mean = end.reduce((total, x) => total + x, 0) / width;
    scale = Math.sqrt(end.reduce((total, x) => total + (x - mean) ** 2, 0) / width + EPSILON);
    gain = network.matrix(`${stack.name}.norm.weight`);
    bias += dot([...network.matrix(`${stack.name}.norm.bias`)], row);
  }
  const directly = (vector) => {
    if (!gain) return dot(vector, row);
    const mean = vector.reduce((total, x) => total + x, 0) / width;
    let total = 0;
    for (let k = 0; k < width; k += 1) total += ((vector[k] - mean) / scale) * gain[k] * row[k];
    return total;
  };
  return {
    parts: parts.map((part) => ({ ...part, norm: normOf(part.vector), cosine: cosineOf(part.vector, end), contribution: directly(part.vector) })),
    end, bias, scale, logit, separates: true,
  };
}
