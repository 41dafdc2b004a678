// What the strip says in words, worked out from its numbers.

import { number, percent } from "../lib/dom.js";

const UNSURE = 0.8;

const said = (classes, { answer, confidence }) => `${classes[answer]}, ${percent(confidence, 0)}`;

/** "7, 94 %": what the classifier says of a picture; "" without one. */
export const reading = (classes, found) => (found ? said(classes, found) : "");

/** The largest step as a multiple of the mean step; 1 is an even way. Null where nothing changes. */
export function unevenness(changes) {
  const steps = changes.slice(1);
  const mean = steps.reduce((sum, value) => sum + value, 0) / steps.length;
  return mean > 0 ? Math.max(...steps) / mean : null;
}

function leastSure(readings) {
  return readings.reduce((least, each) => (each.confidence < least.confidence ? each : least));
}

/** The sentence about confidence, or where there is no classifier about how evenly the two ways go. */
export function comparison(found, classes) {
  if (!found.said[0]) return evenly(found);
  const [strip, fade] = [leastSure(found.said), leastSure(found.fadeSaid)];
  const [of, other] = [percent(strip.confidence, 0), percent(fade.confidence, 0)];
  const through = [...new Set(found.said.map(({ answer }) => classes[answer]))];
  const passes = through.length > 1 ? ` On the way through the code it reads ${through.join(", then ")}.` : ` Through the code it reads ${through[0]} everywhere.`;
  const verdict = strip.confidence > fade.confidence + 0.05
    ? `The way through the code is the clearer one: the classifier's least confidence on it is ${of}; in the cross-fade it falls to ${other}.`
    : fade.confidence > strip.confidence + 0.05
      ? `Here the way through the code is the less clear one: the classifier's least confidence on it is ${of}, in the cross-fade ${other}.`
      : `The classifier is about as sure on both ways: its least confidence is ${of} through the code and ${other} in the cross-fade.`;
  return verdict + passes + (through.length > 1 && strip.confidence < UNSURE && strip.confidence > fade.confidence + 0.05 ? " Where it wavers, the way passes between two classes." : "");
}

/** How far from even the way through the code is. */
export function evenly({ changes, fadeChanges }) {
  const most = unevenness(changes);
  if (most === null) return "Nothing changes on the way: both ends are decoded to the same picture.";
  const at = changes.indexOf(Math.max(...changes));
  const judged = most < 1.5 ? "a fairly even way" : most < 2.5 ? "a way that hurries once" : "a way with a jump in it";
  return `The largest step through the code, from picture ${at} to ${at + 1}, is ${number(most, 2)} times the mean step: ${judged}. A cross-fade is even by construction, ${number(fadeChanges[1], 2)} at each step, yet its pictures are two pictures at once.`;
}

/** What an arc changes here; `prior` (of a VAE): the length of codes that are drawn from it is known. */
export function aboutWay(found, way, latent, prior) {
  const { angle, isArc } = found.way;
  const degrees = angle === null ? null : number((angle * 180) / Math.PI);
  const [first, last] = [found.norms[0], found.norms.at(-1)];
  const typical = prior ? ` Codes drawn from the prior have |z| near √${latent} = ${number(Math.sqrt(latent))}.` : "";
  if (isArc) return `An arc of ${degrees}° about the origin: |z| goes evenly from ${number(first)} to ${number(last)}.${typical}`;
  if (way === "spherical") return latent === 1 ? "With one number to a code there is no arc: the way is straight." : `The two codes are too nearly in line with the origin${degrees === null ? "" : ` (${degrees}°)`} for one arc to be the way, so it is straight.`;
  return `A straight line: |z| is ${number(first)} and ${number(last)} at the ends and ${number(Math.min(...found.norms))} at the least${degrees === null ? "" : `; seen from the origin the codes are ${degrees}° apart`}.${typical}`;
}
