// How what a step is about is called: a number with its words, D's output, points or pictures, shapes.

import { steady } from "../lib/dom.js";
import { said } from "../lib/gan.js";
import { hasOdds } from "./terms.js";
import { meanOf } from "./turn.js";

/** [name, value, words] of a number, and of one that a move has changed. */
export const fact = (name, value, words = steady(value)) => [name, value, words];
export const change = (name, before, after, digits = 3) => [`${name}: before → after`, [before, after], `${steady(before, digits)} → ${steady(after, digits)}`];
export const outputName = (spec) => (hasOdds(spec) ? "D(x) = σ(logit)" : spec.loss.startsWith("wgan") ? "D’s height" : "D’s output");
export const meanSaid = (spec, logits) => meanOf(Float64Array.from(logits, (x) => said(spec.loss, x)));
export const kindOf = ({ planar }, n) => (planar ? (n === 1 ? "point" : "points") : n === 1 ? "picture" : "pictures");
export const sized = (list) => list.join(" × ");
/** What to add to a name where not all of the batch is here. */
export const ofShown = (batch, shown) => (shown < batch ? `, ${shown} shown` : "");
