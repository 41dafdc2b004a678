// How what a step is about is called: a number with its words, D's output, points or pictures, shapes.

import { steady } from "../lib/dom.js";
import { said } from "../lib/gan.js";
import { hasOdds } from "./terms.js";
import { meanOf } from "./turn.js";

/** A number with its words; `digits` decimals that stand still. */
export const fact = (name, value, words = steady(value)) => [name, value, words];
export const outputName = (spec) => (hasOdds(spec) ? "D(x) = σ(logit)" : spec.loss.startsWith("wgan") ? "D’s height" : "D’s output");
export const meanSaid = (spec, logits) => meanOf(Float64Array.from(logits, (x) => said(spec.loss, x)));
export const kindOf = ({ planar }, n) => (planar ? (n === 1 ? "point" : "points") : n === 1 ? "picture" : "pictures");
export const sized = (list) => list.join(" × ");
