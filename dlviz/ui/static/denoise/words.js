// What the numbers on screen mean, in sentences made of them alone.

import { number, steady } from "../lib/dom.js";

export const KINDS = { gaussian: "Gaussian", masking: "Cells to zero", salt_pepper: "Salt and pepper" };
const ABOUT = {
  gaussian: (x) => `to every number a random one of spread ${number(x)} is added`,
  masking: (x) => `${number(100 * x)} % of the cells are put to black`,
  salt_pepper: (x) => `${number(100 * x)} % of the cells are put to black or white`,
};

const tenth = (x) => steady(Math.round(10 * x) / 10, 1);
export const db = (x) => `${tenth(x)} dB`;
export const signed = (x) => `${Math.round(10 * x) < 0 ? "" : "+"}${tenth(x)} dB`;

/** What the damage is. */
export function damageWords({ kind, amount, seed }, box) {
  const noise = amount > 0 ? `Damage: ${ABOUT[kind](amount)} (seed ${seed})` : "No noise";
  return `${noise}${box ? `, and a square of ${box.bottom - box.top + 1} × ${box.right - box.left + 1} cells is painted over in grey` : ""}.`;
}

/** What this network has been trained for. */
export function trainedFor({ kind, noise, noise_kind, latent }) {
  if (kind === "denoising") return `This network is trained to undo damage: ${KINDS[noise_kind].toLowerCase()}, ${number(noise)}. It is shown damaged pictures and must give back the clean ones.`;
  return `This network has never been shown damage. It still undoes some of it, because a code of ${latent} ${latent === 1 ? "number" : "numbers"} has no room for noise: what comes out is like the pictures it knows.`;
}

/** What restoring has brought, beside what the network makes of the clean picture. */
export function verdict({ before, after, ceiling, squaredBefore, squaredAfter }) {
  const gain = after - before;
  const errors = `the squared error goes from ${steady(squaredBefore, 4)} to ${steady(squaredAfter, 4)}`;
  const limit = `Of the clean picture itself it gives back ${db(ceiling)}`;
  if (squaredBefore === 0) return `Nothing is damaged. ${limit}: the most it can reach here.`;
  if (gain > 0.05) return `Restoring gains ${db(gain)}: ${errors}. ${limit}, so no more than about that can be had.`;
  if (gain > -0.05) return `Restoring changes as much as it mends: ${errors}. ${limit}.`;
  return `Restoring loses ${db(-gain)}: ${errors}. ${limit}, ${ceiling < before ? "less than the damaged picture has: the code cannot hold what this picture is" : "but not of this damage"}.`;
}

/** What the curves say of one kind of noise. */
export function curveWords({ levels, damaged, network, blur, median }, name) {
  const better = levels.filter((_, i) => network[i] > damaged[i]);
  const best = levels.filter((_, i) => network[i] > Math.max(damaged[i], blur[i], median[i]));
  const top = network.map((x, i) => x - damaged[i]);
  const at = top.indexOf(Math.max(...top));
  const range = (list) => (list.length === levels.length ? "at every level measured" : list.length === 1 ? `at ${number(list[0])}` : list.at(-1) === levels.at(-1) ? `from ${number(list[0])} on` : `at ${list.map((x) => number(x)).join(", ")}`);
  if (!better.length) return `${name}: at no level is the restored picture nearer to the clean one than the damaged one is.`;
  const beats = best.length ? `It beats both filters ${range(best)}.` : "A plain filter does better at every level.";
  return `${name}: the network gains ${range(better)}, the most at ${number(levels[at])}: from ${db(damaged[at])} to ${db(network[at])}. ${beats}`;
}
