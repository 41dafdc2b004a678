// How units and their quantities are written, as words and as symbols with subscripts.

import { h, number } from "../lib/dom.js";
import { FEATURES } from "../lib/nn.js";
import { FEATURE_NAMES } from "./maps.js";

const sub = (text) => h("sub", text);

/** The symbol of a feature, such as x₁². */
export const featureSymbol = (name) => h("span.symbol", FEATURES[name].text);

const isOutput = (model, layer) => layer === model.widths.length - 1;

/** "x₁²", "neuron 2 of layer 1", "class 0", "output". Counted from 1, classes from 0 as in the data. */
export function unitName(model, layer, unit) {
  if (layer === 0) return `feature ${FEATURES[FEATURE_NAMES[unit]].text}`;
  if (!isOutput(model, layer)) return `neuron ${unit + 1} of layer ${layer}`;
  return model.problem === "classification" ? `class ${unit}` : "the output";
}

/** Short, for tips and labels: x₁, "1.2" (layer 1, neuron 2), "class 0". */
export function shortName(model, layer, input) {
  if (layer === 0) return FEATURES[model.features[input]].text;
  return isOutput(model, layer) ? unitName(model, layer, input) : `neuron ${layer}.${input + 1}`;
}

/** A quantity of a unit: a₁.₂ for neuron 2 of layer 1, z₀ for class 0, ŷ for the one output; layer 0 are the used features. */
export function quantity(model, letter, layer, unit) {
  if (layer === 0) return featureSymbol(model.features[unit]);
  if (!isOutput(model, layer)) return h("span.symbol", h("i", letter), sub(`${layer}.${unit + 1}`));
  if (model.problem !== "classification") return h("span.symbol", h("i", "ŷ"));
  return h("span.symbol", h("i", letter === "a" ? "z" : letter), sub(String(unit)));
}

/** ∂L/∂(what), as elements. */
export const slopeOfLoss = (what) => h("span.symbol", "∂", h("i", "L"), "/∂", what);

/** A factor in an equation: negative numbers in parentheses. */
export const factor = (x) => (x < 0 ? `(${number(x)})` : number(x));

/** The sign that joins a term to the sum so far, or opens the sum. */
export const sign = (x, opens) => (x < 0 ? (opens ? "−" : " − ") : opens ? "" : " + ");
