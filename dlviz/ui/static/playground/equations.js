// Lines of arithmetic for one point with the live numbers put in: the loss, a unit forward, a unit backward.
// Each line is a list of elements and strings. Letters: s = W·a + b, z = norm(s) (z = s without batch
// norm), a = f(z); L is the loss of this one point.

import { h, number } from "../lib/dom.js";
import { factor, quantity, sign, slopeOfLoss } from "./notation.js";

const MOST_TERMS = 8;
const L = () => h("i", "L");
const times = " · ";

/** A sum of products Σ xᵢ·yᵢ written out, then its value. */
function products(pairs, rest, total) {
  const terms = pairs.slice(0, MOST_TERMS).map(([x, y], i) => `${sign(x, i === 0)}${number(Math.abs(x))}${times}${factor(y)}`);
  const tail = rest === null ? "" : `${sign(rest, false)}${number(Math.abs(rest))}`;
  return `${terms.join("")}${tail} = ${number(total)}`;
}

const sumLetter = (layer) => (layer.normalized ? "s" : "z");

export function lossLines({ model, point, result, target }) {
  if (model.problem !== "classification") {
    const output = point.values.at(-1)[0];
    return [[L(), " = (", quantity(model, "a", model.layers.length, 0), " − ", h("i", "y"), ")² = (",
      `${number(output)} − ${factor(target)})² = `, h("b", number(result.loss))]];
  }
  const row = (numbers) => `[${[...numbers].map((p) => (p > 0 && p < 0.005 ? "<0.01" : number(p, 2))).join(", ")}]`;
  return [
    ["softmax ", h("i", "p"), ` = ${row(point.probabilities)}, one-hot `, h("i", "y"), ` = ${row(result.targets)}`],
    [L(), " = −ln ", h("i", "p"), h("sub", String(target)), ` = −ln ${number(point.probabilities[target])} = `, h("b", number(result.loss))],
  ];
}

export function forwardLines({ model, point }, layer, unit) {
  const place = model.layers[layer - 1];
  const inputs = point.values[layer - 1];
  const row = place.weight.subarray(unit * place.inputs, (unit + 1) * place.inputs);
  const letter = sumLetter(place);
  const lines = [[quantity(model, letter, layer, unit), " = Σ ", h("i", "w"), times, h("i", "a"), " + ", h("i", "b"), " = ",
    products([...row].map((w, i) => [w, inputs[i]]), place.bias[unit], point.linear[layer - 1][unit])]];
  const z = point.sums[layer - 1][unit];
  if (place.normalized) {
    lines.push([quantity(model, "z", layer, unit), ` = (${number(point.linear[layer - 1][unit])} − ${factor(place.mean[unit])})`,
      `${times}${factor(place.scale[unit])} + ${factor(place.shift[unit])} = ${number(z)}`]);
  }
  if (layer < model.layers.length && place.activation.symbol) {
    lines.push([quantity(model, "a", layer, unit), " = ", h("span.symbol.upright", place.activation.symbol), `(${number(z)}) = ${number(point.values[layer][unit])}`]);
  }
  return lines;
}

/** ∂L/∂a from the layer above, times f′(z), times what came in. */
export function gradientLines(context, layer, unit) {
  const { model } = context;
  const first = layer === model.layers.length ? [outputLine(context, unit)] : hiddenLines(context, layer, unit);
  return [...first, ...weightLines(context, layer, unit)];
}

function outputLine({ model, point, result, target }, unit) {
  const layer = model.layers.length;
  const gradient = h("b", number(result.layers[layer - 1].sum[unit]));
  if (model.problem !== "classification") {
    return [slopeOfLoss(quantity(model, "a", layer, 0)), " = 2 · (", quantity(model, "a", layer, 0), " − ", h("i", "y"),
      `) = 2 · (${number(point.values.at(-1)[0])} − ${factor(target)}) = `, gradient];
  }
  return [slopeOfLoss(quantity(model, "z", layer, unit)), " = ", h("i", "p"), h("sub", String(unit)), " − ", h("i", "y"), h("sub", String(unit)),
    ` = ${number(point.probabilities[unit])} − ${result.targets[unit]} = `, gradient];
}

function hiddenLines({ model, point, result }, layer, unit) {
  const above = model.layers[layer];
  const arriving = result.layers[layer];
  const here = result.layers[layer - 1];
  const place = model.layers[layer - 1];
  const pairs = Array.from(arriving.linear, (g, k) => [g, above.weight[k * above.inputs + unit]]);
  const lines = [[slopeOfLoss(quantity(model, "a", layer, unit)), " = Σ ∂", L(), `/∂${sumLetter(above)}`, times, h("i", "w"), " = ",
    products(pairs, null, here.value[unit])]];
  const z = point.sums[layer - 1][unit];
  lines.push([slopeOfLoss(quantity(model, "z", layer, unit)), " = ∂", L(), "/∂", h("i", "a"), times, h("i", "f′"), "(", h("i", "z"), ") = ",
    `${factor(here.value[unit])}${times}`, h("span.symbol.upright", place.activation.primed),
    place.activation.primed === "1" ? "" : `(${number(z)})`, ` = ${factor(here.value[unit])}${times}${factor(here.slope[unit])} = `,
    h("b", number(here.sum[unit]))]);
  if (place.normalized) {
    lines.push([slopeOfLoss(quantity(model, "s", layer, unit)), " = ∂", L(), "/∂", h("i", "z"), times, "γ/√(σ² + ε) = ",
      `${factor(here.sum[unit])}${times}${factor(place.scale[unit])} = ${number(here.linear[unit])}`]);
  }
  return lines;
}

function weightLines({ model, point, result }, layer, unit) {
  const { inputs, normalized } = model.layers[layer - 1];
  const here = result.layers[layer - 1];
  const delta = here.linear[unit];
  const letter = normalized ? "s" : "z";
  const lines = Array.from({ length: inputs }, (_, i) => [
    h("span.from", quantity(model, "a", layer - 1, i)), `${factor(delta)}${times}${factor(point.values[layer - 1][i])} = `,
    h("b", number(here.weight[unit * inputs + i]))]);
  return [
    ["∂", L(), "/∂", h("i", "w"), " = ∂", L(), "/∂", h("i", letter), times, h("i", "a"), ", and ∂", L(), "/∂", h("i", "b"), ` = ∂`, L(), "/∂", h("i", letter), ` = ${number(delta)}`],
    [h("span.products", lines.map((line) => h("span.product", line)))],
  ];
}
