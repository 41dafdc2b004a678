// What one pixel of the answer is made of: patch, weights and products of every channel, and how they add up.

export const MOST_CELLS = 49; // a window that pools over the whole photo is not laid out

/**
 * view: {layers, planes, o, names (of the input channels)}. Cell [row, column] of the answer as
 * {parts: [{name, rows, cols, patch, weights, products, wins, sum, factor}], bias, result, kind, cells}.
 * `patch` and its like are lists of rows × cols numbers, null where the layer reads nothing. With two layers a part
 * is one channel of the first, and `factor` the weight with which the second takes it; its bias is in `sum`.
 */
export function readCell({ layers, planes, o, names }, [row, column]) {
  const [first, second] = layers;
  const cells = first.kh * first.kw;
  const last = second ?? first;
  const bias = last.bias?.[o] ?? 0;
  const found = { parts: [], bias, kind: first.kind, cells: first.pools ? cells : cells * first.perGroup, result: bias };
  if (cells > MOST_CELLS) return found;
  if (second) {
    second.channelsOf(o).forEach((channel, i) => {
      const [at] = partsOf(first, first.terms(planes, channel, row * second.sh, column * second.sw), names);
      const part = { ...at, name: names[channel], sum: at.sum + (first.bias?.[channel] ?? 0), factor: second.weightAt(o, i, 0, 0) };
      found.parts.push(part);
      found.result += part.sum * part.factor;
    });
    found.cells = cells * found.parts.length;
    return found;
  }
  const terms = first.terms(planes, o, row, column);
  found.parts = partsOf(first, terms, names);
  if (first.kind === "max") found.result = Math.max(...terms.filter((term) => term.inside).map((term) => term.value));
  else for (const part of found.parts) found.result += part.sum;
  return found;
}

function partsOf(layer, terms, names) {
  const parts = new Map();
  const empty = () => new Array(layer.kh * layer.kw).fill(null);
  for (const { channel, ky, kx, value, weight, product, inside, wins } of terms) {
    if (!parts.has(channel)) {
      parts.set(channel, { name: names[channel], rows: layer.kh, cols: layer.kw, patch: empty(), weights: empty(), products: empty(), wins: null, sum: 0 });
    }
    const part = parts.get(channel);
    const at = ky * layer.kw + kx;
    if (layer.kind === "max" && !inside) continue; // nothing there can be the largest
    part.patch[at] = value;
    part.weights[at] = weight;
    part.products[at] = product;
    part.sum += product;
    if (wins) part.wins = [ky, kx];
  }
  return [...parts.values()];
}
