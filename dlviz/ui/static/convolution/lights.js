// What lights on the grids for the cell that is shown, for the term that is pointed at, and for a part of the formula.

import { css, rgb } from "../lib/color.js";
import { limitOf } from "../lib/grid.js";
import { written } from "../lib/cells.js";
import { copies, hull, reached } from "./places.js";
import { plane } from "./pairs.js";

const MANY = 49; // taps; more than that are outlined together only
const NAMES = ["veil", "field", "taps", "cell", "copies", "term", "part", "part2"];

/** Light all grids of the stage anew. Lists of what is lit, for the overlay: {input, kernel, output}. */
export function light(stage) {
  const { grids, shown, layer, ctx } = stage;
  const all = [...grids.input, ...grids.kernel, ...grids.products, ...grids.output];
  for (const grid of all) for (const name of NAMES) grid.light(name, null);
  const ink = { accent: ctx.colors.accent, soft: css(rgb(ctx.colors.accent), 0.16), strong: css(rgb(ctx.colors.accent), 0.5) };
  const found = { input: [], kernel: [], output: [] };
  if (shown.kind === "output") lightOutput(stage, ink, found);
  else if (shown.kind === "input") lightInput(stage, ink, found);
  else lightKernel(stage, ink, found);
  if (stage.part && layer) lightPart(stage, ink);
  return found;
}

const kernelOf = ({ grids, layer, view }) => grids.kernel[layer.channelsOf(view.filter).indexOf(view.channel)] ?? null;

function lightOutput(stage, ink, found) {
  const { grids, shown, terms, view, term } = stage;
  const [input] = grids.input;
  const [output] = grids.output;
  const mine = terms.filter((each) => each.channel === view.channel);
  const taps = mine.map((each) => each.at);
  const elsewhere = mine.filter((each) => each.inside && (each.at[0] !== each.y || each.at[1] !== each.x));
  found.input = taps;
  found.output = [[shown.y, shown.x]];
  input.light("veil", { cells: [...taps, ...unique(elsewhere.map(({ y, x }) => [y, x]), taps)], veil: 0.5 });
  // Padding that repeats the picture: where the number really comes from.
  input.light("copies", { cells: elsewhere.map(({ y, x }) => [y, x]), stroke: ink.strong, width: 1.5 });
  input.light("taps", isSolid(taps) && taps.length > MANY ? null : { cells: taps, stroke: ink.accent, width: isSolid(taps) ? 1 : 2 });
  input.light("field", { cells: taps, stroke: isSolid(taps) ? ink.accent : ink.strong, width: isSolid(taps) ? 2.5 : 1, hull: true });
  output.light("cell", { cells: found.output, stroke: ink.accent, width: 3 });
  for (const grid of grids.kernel) grid.light("field", { cells: corners(grid), stroke: grid === kernelOf(stage) ? ink.accent : ink.strong, width: 2.5, hull: true });
  found.kernel = terms.map(({ ky, kx }) => [ky, kx]);
  const winner = terms.find((each) => each.wins);
  if (winner) lightTerm(stage, winner, ink.accent, "cell");
  if (term !== null && terms[term]) lightTerm(stage, terms[term], stage.ctx.colors.ink, "term");
}

// One product everywhere it stands: the cell read, the weight, the tile.
function lightTerm({ grids, layer, view }, term, stroke, name) {
  const at = layer.pools ? 0 : layer.channelsOf(view.filter).indexOf(term.channel);
  const style = { stroke, width: 3 };
  if (term.channel === view.channel) grids.input[0].light(name, { cells: [term.at], ...style });
  grids.kernel[at]?.light(name, { cells: [[term.ky, term.kx]], ...style });
  grids.products[at]?.light(name, { cells: [[term.ky, term.kx]], ...style });
}

function lightInput(stage, ink, found) {
  const { grids, shown, layer, view, ctx } = stage;
  const [input] = grids.input;
  const [output] = grids.output;
  const places = copies(layer, shown.y, shown.x);
  input.light("copies", { cells: places.slice(1), stroke: ink.strong, fill: ink.soft, width: 2 });
  input.light("cell", { cells: [places[0]], stroke: ink.accent, width: 3 });
  const touched = layer.touched(shown.channel, shown.y, shown.x).filter((each) => each.o === view.filter);
  // A cell of the output that reads it more than once, through reflected padding, meets several weights: their sum.
  const met = new Map();
  for (const { y, x, weight } of touched) met.set(y * layer.outWidth + x, (met.get(y * layer.outWidth + x) ?? 0) + weight);
  const cells = [...met.keys()].map((k) => [Math.floor(k / layer.outWidth), k % layer.outWidth]);
  const limit = layer.pools ? 1 : limitOf(layer.channelsOf(view.filter).flatMap((channel) => [...plane(layer, view.filter, channel)]));
  const weight = ([y, x]) => met.get(y * layer.outWidth + x);
  output.light("veil", { cells, veil: cells.length ? 0.62 : 0 });
  output.light("taps", layer.pools
    ? { cells, stroke: ink.accent, fill: ink.soft }
    : { cells, paint: (place) => ctx.colors.diverging(weight(place) / limit), text: (place) => written(weight(place)), stroke: ink.accent, width: 1 });
  output.light("field", { cells, stroke: ink.accent, width: 2, hull: true });
  const weights = unique(touched.map(({ ky, kx }) => [ky, kx]), []);
  kernelOf(stage)?.light("taps", { cells: weights, stroke: ink.accent, width: 2 });
  if (layer.pools) grids.products[0]?.light("taps", { cells: weights, stroke: ink.accent, fill: ink.soft, width: 2 });
  Object.assign(found, { input: [places[0]], kernel: weights, output: cells });
}

function lightKernel(stage, ink, found) {
  const { grids, shown, layer } = stage;
  const cell = [shown.ky, shown.kx];
  const met = layer.met(...cell);
  const outputs = reached(layer, ...cell);
  (kernelOf(stage) ?? grids.products[0]).light("cell", { cells: [cell], stroke: ink.accent, width: 3 });
  grids.input[0].light("veil", { cells: met, veil: 0.5 });
  grids.input[0].light("taps", { cells: met, stroke: ink.strong, fill: ink.soft, width: 1 });
  grids.output[0].light("taps", outputs.length === layer.outHeight * layer.outWidth
    ? { cells: corners(grids.output[0]), stroke: ink.accent, width: 2.5, hull: true }
    : { cells: outputs, stroke: ink.strong, fill: ink.soft, width: 1 });
  Object.assign(found, { input: met, kernel: [cell], output: outputs });
}

// ---- the parts of the formula

function lightPart({ part, grids, layer, shown, taken }, ink) {
  const [input] = grids.input;
  const [output] = grids.output;
  const whole = (grid) => ({ cells: corners(grid), stroke: ink.accent, width: 3, hull: true });
  const ring = layer.kind === "transposed" ? output : input;
  const at = shown.kind === "output" ? [shown.y, shown.x] : [0, 0];
  const places = (y, x) => layer.terms(taken, 0, y, x).map((term) => term.at);
  if (part === "input") input.light("part", whole(input));
  if (part === "output") output.light("part", whole(output));
  if (part === "padding") ring.light("part", { cells: around(ring), fill: ink.strong });
  if (part === "kernel") for (const grid of grids.kernel.length ? grids.kernel : grids.products) grid.light("part", whole(grid));
  if (part === "dilation") input.light("part", { cells: unique(places(...at), []), fill: ink.strong });
  if (part === "stride") {
    const x = Math.max(0, Math.min(at[1], layer.outWidth - 2));
    const next = x + 1 < layer.outWidth ? x + 1 : x;
    input.light("part", { cells: places(at[0], x), stroke: ink.accent, width: 3, hull: true });
    input.light("part2", { cells: places(at[0], next), stroke: ink.strong, width: 3, hull: true });
    output.light("part", { cells: [[at[0], x], [at[0], next]], stroke: ink.accent, width: 3 });
  }
}

const corners = (grid) => [[0, 0], [grid.rows - 1, grid.cols - 1]];

function around(grid) {
  const [top, bottom, left, right] = grid.pad;
  const found = [];
  for (let r = -top; r < grid.rows + bottom; r += 1) {
    for (let c = -left; c < grid.cols + right; c += 1) if (r < 0 || c < 0 || r >= grid.rows || c >= grid.cols) found.push([r, c]);
  }
  return found;
}

/** Places that are not among `others`, each once. */
function unique(places, others) {
  const known = new Set(others.map(String));
  return places.filter((place) => !known.has(String(place)) && known.add(String(place)));
}

/** Whether places fill their rectangle: a kernel with dilation leaves holes. */
function isSolid(places) {
  const box = hull(places);
  return box !== null && box[2] * box[3] === places.length;
}
