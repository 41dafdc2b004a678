// What the walk without weights comes to, in a sentence of its numbers.

import { number, percent } from "../lib/dom.js";

const ONE = 1e-6;

export const KINDS = { gcn: "GCN", mean: "Mean of neighbours", naive: "Naive sum" };
const LIMITS = {
  gcn: "rows that all point one way, each as long as the root of its node's degree",
  mean: "the same row for every node",
  naive: "rows that all point one way, each as long as its node is central (the largest eigenvector)",
};
const layersFor = (rate) => Math.log(0.5) / Math.log(rate);

/** What a node is called in a sentence. */
export const nodeName = (names, k) => (!names[k] || /^\d+$/.test(names[k]) ? `node ${names[k] || k + 1}` : names[k]);
export const capital = (text) => text[0].toUpperCase() + text.slice(1);

const place = (row) => `(${Array.from(row, (value) => number(value)).join(", ")})`;

/** How node `i` came by its features in layer k, with its numbers. */
export function equationWords({ how, features, width }, names, i, k) {
  const me = nodeName(names, i);
  const rule = { gcn: "x′ᵢ = Σⱼ aᵢⱼ xⱼ / √(dᵢ dⱼ), with itself among the j", mean: "x′ᵢ = Σⱼ aᵢⱼ xⱼ / dᵢ", naive: "x′ᵢ = Σⱼ aᵢⱼ xⱼ" }[how.kind];
  const heard = [...how.matrix[i]].map((value, j) => ({ value, j })).filter(({ value }) => value !== 0);
  const row = (at) => features[at].slice(i * width, (i + 1) * width);
  if (!k) return `${rule}. ${capital(me)} begins with ${width <= 3 ? place(row(0)) : `${width} numbers`}; it will hear ${heard.length}.`;
  if (!heard.length) return `${rule}. ${capital(me)} hears nobody: 0.`;
  const shown = heard.slice(0, 2);
  const rest = heard.length - shown.length;
  const terms = shown.map(({ value, j }) => `${number(value)} · ${width === 2 ? place(features[k - 1].slice(j * width, (j + 1) * width)) : `x of ${nodeName(names, j)}`}`).join(" + ");
  return `${rule}. ${capital(me)} in layer ${k}: ${terms}${rest ? ` + ${rest} more` : ""}${width === 2 ? ` = ${place(row(k))}` : ""}.`;
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** `walk` as walking.js has it, `count` nodes. */
export function walkWords({ how: { kind }, found: { values, alike, second, rate }, parts, even }, count) {
  if (count < 2) return "One node has nobody to grow alike to. Give the graph a second one.";
  const most = values[0];
  if (!(most > ONE)) return "No edge carries anything here: after one layer nothing is left. Join some nodes.";
  const grows = kind === "naive" && Math.abs(most - 1) > ONE ? ` Meanwhile the numbers themselves become ${number(most)} times as large with every layer, which is why the picture divides them by their largest.` : "";
  if (Math.abs(rate - 1) < ONE && second < 0) {
    return `These nodes never settle. ${even === parts ? "The graph is bipartite" : `${plural(even, "part")} of the graph ${even === 1 ? "is" : "are"} bipartite`} and nobody hears itself, so −${number(Math.abs(second))} is an eigenvalue beside ${number(most)}: the two sides swap what they know at every layer, for ever. The self-loops of GCN are the mend.${grows}`;
  }
  const several = alike > 1
    ? `The graph has ${parts} parts that nothing joins, and ${alike} of them ${kind === "naive" ? "have the same largest eigenvalue" : "keep a limit of their own"}: within each its nodes grow alike, but the parts never do. `
    : parts > 1 ? `The graph has ${parts} parts; with this rule one of them outgrows the others, and the shares of the rest fade. ` : "";
  if (rate < ONE) return `${several}After a single layer only the limit is left: ${LIMITS[kind]}. No other eigenvalue than the largest differs from 0.${grows}`;
  return `${several}What stays for ever is ${LIMITS[kind]}. All else is multiplied by ${number(rate)} a layer at most, the second largest eigenvalue in size${Math.abs(most - 1) > ONE ? ` (${number(second)}) over the largest (${number(most)})` : ` (${number(second)})`}: half of the slowest part is gone after ${number(layersFor(rate))} layers, and ${percent(rate ** 16, rate ** 16 < 0.01 ? 3 : 0)} of it is left after 16. No weight did that; the graph did.${grows}`;
}
