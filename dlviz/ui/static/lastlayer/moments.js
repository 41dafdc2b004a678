// What the probe answered: moments of runs, kept by step, so that looking back asks nobody twice.

const KEPT = 120; // moments a run, about 50 KB each
const MOST_UNITS = 8192; // features whose axes still fit into a command

/** A reply of the probe as plain names. `points` holds n pairs; `framed` those on the axes that were sent along. */
export function read({ arrays }) {
  const all = (name) => arrays[name]?.data ?? null;
  const one = (name) => arrays[name]?.data[0] ?? null;
  return {
    step: one("step"), count: arrays.truth.shape[0], units: arrays.mean?.shape[0] ?? null,
    points: all("points"), explained: all("explained"), mean: all("mean"), axes: all("axes"), here: all("here"),
    framed: all("framed"), framedExplained: all("framed_explained"), framedHere: all("framed_here"), divergence: one("divergence"),
    truth: all("truth"), answer: all("answer"), confidence: all("confidence"), accuracy: one("accuracy"),
    neighbours: all("neighbours"), neighbourDistances: all("neighbour_distances"), voted: all("voted"),
    own: all("own_distance"), rival: all("rival"), rivalDistance: all("rival_distance"),
    hereNeighbours: all("here_neighbours"), hereDistances: all("here_distances"),
    neighbourAccuracy: one("neighbour_accuracy"), between: one("between"), within: one("within"),
  };
}

/** The share of the variance that lies between the classes. */
export const betweenShare = ({ between, within }) => (between + within > 0 ? between / (between + within) : 0);

/** The pictures of a reply: index → {pixels, channels, height, width}. */
export function album({ arrays }) {
  const { data, shape: [, channels, height, width] } = arrays.pictures;
  const size = channels * height * width;
  return (index) => ({ pixels: data.subarray(index * size, (index + 1) * size), channels, height, width });
}

/** Axes as the probe takes them from elsewhere: base64 of mean and two directions; null where they are too long. */
export function axesText({ mean, axes, units }) {
  if (units > MOST_UNITS) return null;
  const numbers = new Float32Array(3 * units);
  numbers.set(mean);
  numbers.set(axes, units);
  const bytes = new Uint8Array(numbers.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 1024) text += String.fromCharCode(...bytes.subarray(i, i + 1024));
  return btoa(text);
}

/** The moments of one run. `frame` is the plane of the newest: {id, step, text, mean, axes, turn}. */
export class Moments {
  constructor() {
    this.kept = new Map();
    this.measured = new Map(); // step → what the curves show
    this.newest = null;
    this.frame = null;
    this.frames = 0;
  }

  get(step) {
    return this.kept.get(step) ?? null;
  }

  /** `frameId`: whose axes were sent along. `isNewest`: the run stood there, looking at nothing earlier. */
  add(moment, { frameId, isNewest }) {
    moment.frameId = moment.framed ? frameId : null;
    moment.askedOn = frameId;
    this.kept.delete(moment.step);
    this.kept.set(moment.step, moment);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    this.measured.set(moment.step, { accuracy: moment.neighbourAccuracy, share: betweenShare(moment) });
    if (!isNewest) return;
    this.newest = moment;
    this.frames += 1;
    this.frame = { id: this.frames, step: moment.step, text: axesText(moment), mean: moment.mean, axes: moment.axes, explained: moment.explained, turn: null };
  }

  /** Time went back to `step`: what came later never happened. */
  forgetAfter(step) {
    for (const map of [this.kept, this.measured]) for (const key of [...map.keys()]) if (key > step) map.delete(key);
    if (this.newest?.step > step) [this.newest, this.frame] = [null, null];
  }

  /** Whether the moment can be shown on the axes of the newest. */
  isFramed(moment) {
    return Boolean(this.frame) && (moment.step === this.frame.step || moment.frameId === this.frame.id);
  }

  /** The curves: {steps, accuracy, share}, ascending. */
  curves() {
    const steps = [...this.measured.keys()].sort((a, b) => a - b);
    return { steps, accuracy: steps.map((step) => this.measured.get(step).accuracy), share: steps.map((step) => this.measured.get(step).share) };
  }
}
