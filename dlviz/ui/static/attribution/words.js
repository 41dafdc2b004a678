// What the wall and the sanity check found, in sentences with their numbers. Nothing here draws.

import { asked, sumInWords } from "../lib/attributedwords.js";
import { METHODS, nameOf } from "../lib/methods.js";
import { percent, steady } from "../lib/number.js";

const CLEAR = 0.1; // a difference of rank correlations worth a sentence
const MANY = 0.2; // of the cells
const MULTIPLY = ["input_x_gradient", "integrated_gradients", "deep_lift"];

/** One sentence about the question of the wall. */
export function reading(classes, found, sign, randomized, names) {
  const lost = randomized ? ` with ${randomized === names.length ? "every layer" : names.slice(0, randomized).join(", ")} made random` : "";
  const colours = sign === "signed" ? "Blue cells raise it, orange cells lower it." : "The bluer a cell, the more it matters, whichever way.";
  return `f is ${asked(classes, found)}: ${steady(found.score, 2)}${lost}. ${colours}`;
}

/** What must be known to read the words under the maps: what adds up, what lies inside the shape, and peculiarities. */
export function notesOf(known) {
  const found = [...known.entries()];
  const sums = found.filter(([, { gap }]) => gap !== null).map(([slug, each]) => sumInWords(nameOf(slug), each));
  const mask = found.map(([, each]) => each.mask).find(Boolean);
  return [...sums, mask ? inside(mask) : "", ...new Set(found.map(([, { note }]) => note))].filter(Boolean);
}

function inside(mask) {
  const area = mask.reduce((total, value) => total + value, 0) / mask.length;
  return `Inside: the share of the sizes that lies in the true shape, whose outline is drawn; spread evenly it would be ${percent(area, 0)}. Hit: the largest one lies in it (the pointing game).`;
}

/** Names of the layers that are made random, from the top: those with weights. */
export function layersFromTheTop(rows) {
  return rows.filter(({ kind }) => kind === "conv" || kind === "linear").map(({ name }) => name).reverse();
}

/** How many of them lie above the convolutions. */
export function denseLayers(rows) {
  return rows.filter(({ kind }) => kind === "linear").length;
}

/**
 * What the curves say. values: method → [ρ with 0, 1, … layers random]; dense: how many layers lie above the
 * convolutions; alike: the share of cells in which the picture is the baseline.
 */
export function verdict(values, dense, alike, step) {
  const at = (slug, k) => values[slug][k];
  const others = ["saliency", "grad_cam"].map((slug) => `${nameOf(slug)} ${steady(at(slug, dense), 2)}`).join(" and ");
  const guided = at("guided_backprop", dense);
  const rival = Math.max(at("saliency", dense), at("grad_cam", dense));
  const layers = dense === 1 ? "the layer above the convolutions random" : `the ${dense} layers above the convolutions random`;
  const first = `With ${layers}, Guided Backprop keeps ρ ${steady(guided, 2)} of its first map, ${others}.`;
  const second = guided > rival + CLEAR
    ? "It hardly sees what those layers had learned: here it fails the check."
    : guided < rival - CLEAR
      ? "Here it is not the one that stays the same: the failure that Adebayo et al. found does not show on this picture."
      : "Here it stays no more alike than they do: the failure that Adebayo et al. found does not show clearly on this picture.";
  const last = METHODS.map(({ slug }) => [slug, values[slug].at(-1)]).sort((a, b) => b[1] - a[1]);
  const third = `With every layer random, ${nameOf(last[0][0])} stays most alike (${steady(last[0][1], 2)}), ${nameOf(last.at(-1)[0])} least (${steady(last.at(-1)[1], 2)}).`;
  if (step === 0) return `Nothing has been learned yet at step 0, so there is nothing to forget: train first. ${first}`;
  return [first, second, third, byThePicture(values, alike)].filter(Boolean).join(" ");
}

function byThePicture(values, alike) {
  const kept = MULTIPLY.filter((slug) => values[slug].at(-1) > 0.5);
  if (alike < MANY || !kept.length) return "";
  const names = kept.map(nameOf);
  const list = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
  return `${percent(alike, 0)} of the cells are those of the baseline: there ${list} ${names.length > 1 ? "are" : "is"} 0 whatever the network, which keeps ${names.length > 1 ? "their" : "its"} ρ high.`;
}
