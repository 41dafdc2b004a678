// One sentence or two on what the picture shows.

import { percent } from "../lib/dom.js";

const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

function seen(stop, view) {
  if (stop.units === 1) return "One unit, so one axis; the points are spread a little upwards to be told apart.";
  if (stop.units <= view.axes.length) return "";
  if (!view.share) return `Seen along ${view.names.join(" and ")} of ${stop.units} units.`;
  const share = view.share.reduce((sum, x) => sum + x, 0);
  return `Seen along ${view.names.length === 3 ? "three" : "two"} principal components of ${count(stop.units, "unit")}, `
    + `which hold ${percent(share, 0)} of the points' variance.`;
}

function place(stop) {
  if (stop.part === "plane") return "The input plane, as the data are.";
  if (stop.part === "features") return "The features that the network is given.";
  if (stop.part === "sum") return `${stop.name} before its activation: the space is turned, stretched and shifted, and lines stay lines.`;
  if (!stop.bends) return `${stop.name}: one more turn and stretch, without an activation.`;
  return `${stop.name} after its activation: the space is bent.`;
}

function cut(stop, view, model, deep) {
  if (!stop.last) return "";
  const name = view.axes.length === 3 ? "plane" : stop.units === 1 ? "point" : "line";
  if (deep && name === "plane" && model.widths.at(-1) > 2) {
    return "The output cuts this space with one plane a pair of classes; they are drawn in two dimensions only.";
  }
  const held = stop.units > view.axes.length ? ", with what is not shown held at its mean" : "";
  return `The dashed ${name === "point" ? "line" : name} is the cut of the output weights, flat in this space${held}.`;
}

function how(stops, k, scores, model) {
  const [before, here] = [scores.get(stops[0]), scores.get(stops[k])];
  if (k === 0 || !Number.isFinite(here) || model.problem !== "classification") return "";
  if (here > 0.9995 && before > 0.9995) return "";
  if (here > 0.9995) return `One flat cut separates all points here; in the input plane the fitted one has ${percent(before)} on the right side.`;
  return `The fitted flat cut has ${percent(here)} of the points on the right side; in the input plane ${percent(before)}.`;
}

/** What the picture at stop k shows, with the numbers in it. */
export function describe(stops, k, view, scores, model, deep) {
  const stop = stops[k];
  return [place(stop), how(stops, k, scores, model), cut(stop, view, model, deep), seen(stop, view)].filter(Boolean).join(" ");
}
