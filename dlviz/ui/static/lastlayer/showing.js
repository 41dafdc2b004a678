// Views of a moment: where each test picture stands, and in the last place the picture on the stage.

import { STRAIGHT, around, axisWords, placed, squareOf, turnOf, turned } from "./views.js";

const NOWHERE = NaN;

/** Points with one more place at the end. */
function withHere({ xs, ys }, [x, y]) {
  const longer = (values, last) => {
    const all = new Float32Array(values.length + 1);
    all.set(values);
    all[values.length] = last;
    return all;
  };
  return { xs: longer(xs, x), ys: longer(ys, y) };
}

const onePlace = (pair, turn) => {
  const { xs, ys } = turned(pair, turn);
  return [xs[0], ys[0]];
};

/** The pixels on their two principal axes: the same at every moment. */
export function pixelsView(moment) {
  const points = turned(moment.points, STRAIGHT);
  return {
    key: "pixels", count: moment.count, turn: STRAIGHT, plane: moment, axes: axisWords(moment.explained, STRAIGHT),
    square: squareOf(points), ...withHere(points, moment.here),
  };
}

/**
 * The features of a moment. `axes`: "own", or "newest" where the moment was seen with the axes of the newest; `before`:
 * the view shown last, to which the turn of the axes keeps.
 */
export function featuresView(moment, moments, axes, before) {
  const { frame } = moments;
  const isFramed = axes === "newest" && moments.isFramed(moment) && moment.step !== frame.step;
  if (isFramed) {
    const turn = frame.turn ?? STRAIGHT;
    const points = turned(moment.framed, turn);
    const own = squareOf(points);
    return {
      key: `${moment.step} on ${frame.id}`, count: moment.count, turn, plane: frame, axes: axisWords(moment.framedExplained, turn),
      square: frame.square ? around([own, frame.square]) : own, ...withHere(points, onePlace(moment.framedHere, turn)),
    };
  }
  const turn = turnOf(moment.points, before);
  const points = turned(moment.points, turn);
  const square = squareOf(points);
  if (frame?.step === moment.step) Object.assign(frame, { turn, square });
  return { key: `${moment.step}`, count: moment.count, turn, plane: moment, axes: axisWords(moment.explained, turn), square, ...withHere(points, onePlace(moment.here, turn)) };
}

/** A layout by t-SNE, which has no axes and no place for a picture that was not laid out. */
export function layoutView(layout, key) {
  const points = turned(layout.points, STRAIGHT);
  return { key, count: layout.count, turn: STRAIGHT, plane: null, axes: null, square: squareOf(points), ...withHere(points, [NOWHERE, NOWHERE]) };
}

/**
 * Where the picture on the stage stands in a view, or null to leave it where the view has it. On axes it is computed
 * here, from the pixels or from what the frame says of the last layer, so that it moves with the hand that draws. In a
 * layout by t-SNE it stands among its nearest neighbours.
 */
export function placedHere(space, { view, source, moment, pixels, live, index }) {
  if (!view.plane) return inLayout(space, { view, source, moment, pixels, index });
  const vector = space === "pixels" ? live.scene.arrays.picture.data : featuresOf(live, moment);
  if (!vector || vector.length !== view.plane.mean.length) return null;
  return onePlace(placed(vector, view.plane.mean, view.plane.axes), view.turn);
}

/** What the output layer is given, of the moment shown; null while the points are of another moment. */
function featuresOf(live, moment) {
  if (live.frame.step !== moment?.step) return null;
  const { rows } = live.scene.numbers;
  const before = rows[rows.findIndex(({ name }) => name === "output") - 1];
  return live.frame.arrays[`units.${before.name}`]?.data ?? null;
}

function inLayout(space, { view, source, moment, pixels, index }) {
  if (index !== null && index < view.count) return [view.xs[index], view.ys[index]];
  const own = space === "pixels" ? pixels?.moment : moment;
  if (!own || (space === "features" && own.step !== source.step)) return [NOWHERE, NOWHERE];
  const mean = (values) => own.hereNeighbours.reduce((sum, i) => sum + values[i], 0) / own.hereNeighbours.length;
  return [mean(view.xs), mean(view.ys)];
}
