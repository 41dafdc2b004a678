// What the numbers say, in words: the verdict, and what is to be seen in the pictures.

import { count, number, percent, steady } from "../lib/dom.js";
import { NETWORKS } from "./race.js";

const CLEAR = 3; // standard errors from which a difference of shares is called one
const ROOM = 1.02; // times an error, from which it is called larger
const whole = (share) => percent(share, 0);

/** Standard error of the difference of two shares of n draws each. */
export const errorOf = (a, b, n) => Math.sqrt((a * (1 - a) + b * (1 - b)) / n);

/** `moment` at the mark `i` of the race. */
export function verdict(race, moment, i) {
  const { curves, plan, settings } = race;
  const { squaredError } = curves.plain;
  if (!race.isTrained || !Number.isFinite(squaredError?.[i])) return "Neither has learned anything yet. Train both, and see what becomes of the space between their codes.";
  if (moment.step === 0) return beginning(race, i);
  const start = `At step ${count(moment.step)} `;
  if (!race.isRead) return `${start}${gaps(race, i)} No classifier ships for these pictures, so nothing here says how readable they are: look at the tiles. ${price(race, i)}`;
  const [a, v] = [curves.plain.from.scaled[i], curves.variational.from.prior[i]];
  const found = `${start}the classifier reads ${whole(a)} of what the autoencoder decodes from random codes, and ${whole(v)} of what the VAE does; from the codes of test pictures, ${NETWORKS.map((kind) => whole(curves[kind].from.codes[i])).join(" and ")}.`;
  return `${found} ${judged(a, v, race, i)} ${price(race, i)}${settings.beta === 1 ? "" : ` β is ${number(settings.beta)}.`}`;
}

/** How the verdict's numbers were counted. */
export function countedWords({ isRead, isTrained, plan }) {
  if (!isRead || !isTrained) return "";
  return `${count(plan.samples)} random codes each: N(0, I), for the autoencoder moved and stretched to the mean and spread of its codes, for the VAE as it is. Read: with a confidence over 0.8. A difference counts from ${CLEAR} standard errors on.`;
}

function beginning({ curves }, i) {
  const sure = curves.plain.from.codes?.[i];
  const grey = "Before training both decode every code to much the same grey";
  return Number.isFinite(sure) ? `${grey}, and the classifier, which never saw such a picture, is sure of ${whole(sure)} of them: being sure is not being right. Go on in time.` : `${grey}. Go on in time.`;
}

function judged(a, v, race, i) {
  const { plan, curves, settings } = race;
  const error = errorOf(a, v, plan.samples);
  if (v - a > CLEAR * error) {
    const fitted = curves.plain.from.fitted[i];
    const closes = fitted - a > CLEAR * errorOf(a, fitted, plan.samples) ? ` Part of it is only the shape: from a normal fitted to the autoencoder's codes it reads ${whole(fitted)}.` : "";
    return `So here the autoencoder's space has more holes.${closes}`;
  }
  if (a - v > CLEAR * error) return "Here it is the autoencoder whose random pictures are read more often: no sign of more holes.";
  const so = `A difference under ${(100 * CLEAR * error).toFixed(0)} points may be chance, so here the one has no more holes than the other`;
  return settings.latent === 2 ? `${so}: with 2 numbers the codes lie so close that hardly a hole is left. With 16 there is more room.` : `${so}.`;
}

/** What the pressure on the codes costs. */
function price({ curves }, i) {
  const [a, v] = NETWORKS.map((kind) => curves[kind].squaredError[i]);
  if (v > ROOM * a) return `The price: the VAE's squared error on test pictures is ${steady(v / a, 2)} times as large.`;
  return a > ROOM * v ? `And the VAE's squared error on test pictures is the smaller one, ${steady(v / a, 2)} times the autoencoder's.` : "Their squared errors on test pictures are the same within 2 %.";
}

function gaps({ curves, settings }, i) {
  const [a, v] = NETWORKS.map((kind) => curves[kind].far[i]);
  const plane = settings.latent > 2 ? "plane shown" : "plane";
  return `places far from every code are ${percent(a)} of the middle of the autoencoder's ${plane}, and ${percent(v)} of the VAE's.`;
}

/** How the place is chosen that both are looked at. */
export function placeWords({ how, plain }, { race, from, label }) {
  if (how === "picture") return `Both crosses stand at the codes of test picture ${from}, ${label}. Move over either plane.`;
  if (how === "hole") return "Each cross stands in the place of least confidence within 2 standard deviations of its codes' mean.";
  const where = `${steady(plain.u[0], 2)} and ${steady(plain.u[1], 2)} standard deviations from the mean of its codes`;
  return `Both crosses stand at the same place: in each plane ${where}, ${race.settings.latent > 2 ? "along the two directions in which they spread most" : "along z₁ and z₂"}.${how === "pinned" ? " It stays there until you let go." : ""}`;
}

/** What the map of one network shows. */
export function mapWords(race, kind, moment, i) {
  const side = moment[kind];
  const n = side.inside.length;
  const near = side.inside.reduce((sum, value) => sum + value, 0) / n;
  const gap = near === 0 ? "No code lies near any place of this plane." : "";
  if (!side.confidence) return gap || `Tinted: codes lie near, ${whole(near)} of the square.`;
  const holes = race.curves[kind].unsure?.[i];
  return `${Number.isFinite(holes) ? `Holes are ${percent(holes)} of the circle. ` : ""}${gap}`;
}

/** How sure one can be on the way from one picture to another. */
export function stripWords(sure) {
  if (!sure) return "";
  const least = Math.min(...sure);
  const unsure = sure.filter((value) => value < 0.5).length;
  return `The least confidence on the way is ${percent(least, 0)}${unsure ? `; ${unsure} of ${sure.length} are below 50 %` : ""}.`;
}
