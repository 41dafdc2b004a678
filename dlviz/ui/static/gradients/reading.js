// What the gradient norms and the slopes of the units say, in words and numbers. Nothing here draws.

const DEAD_SLOPE = 1e-6;
const SMALL_SHARE = 1 / 100; // of the last layer's gradient; below it a layer hardly learns

/** Hidden units, layer after layer, whose slope is zero for every training point: for each layer {units, width}. */
export function deadUnits(slopes, hidden) {
  let at = 0;
  return hidden.map((width) => {
    const found = [];
    for (let unit = 0; unit < width; unit += 1, at += 1) if (slopes[at] < DEAD_SLOPE) found.push(unit);
    return { units: found, width };
  });
}

/**
 * One sentence about a moment: {level: "none" | "good" | "vanishing" | "exploding" | "dead", text}.
 * `norms`: the gradient's norm in each layer, `dead`: as above, `say` formats a number.
 */
export function readGradients(norms, dead, step, say) {
  const found = readNorms(norms, dead, step, say);
  const deadInAll = dead.reduce((sum, each) => sum + each.units.length, 0);
  const units = dead.reduce((sum, each) => sum + each.width, 0);
  if (!deadInAll || found.level === "none") return found;
  return { ...found, text: `${found.text} ${deadInAll} of ${units} hidden units ${deadInAll === 1 ? "is" : "are"} dead.` };
}

function readNorms(norms, dead, step, say) {
  const last = norms.length - 1;
  const name = (layer) => (layer === last ? "the output layer" : `layer ${layer + 1}`);
  const silent = dead.findIndex(({ units, width }) => units.length === width);
  if (norms.every((norm) => norm === 0)) {
    return step === 0
      ? { level: "none", text: "No gradient yet: take a step." }
      : { level: "dead", text: "The gradient is zero in every layer: nothing changes any more." };
  }
  if (last === 0) return { level: "good", text: `One layer: its gradient has norm ${say(norms[0])}.` };
  let least = 0;
  let most = 0;
  for (let layer = 0; layer < last; layer += 1) {
    if (norms[layer] < norms[least]) least = layer;
    if (norms[layer] > norms[most]) most = layer;
  }
  if (norms[least] === 0) {
    const why = silent < 0 ? "it is too small for the number format" : `every unit of ${name(silent)} is dead`;
    return { level: "dead", text: `${capital(name(least))} gets no gradient at all: ${why}.` };
  }
  const share = norms[least] / norms[last];
  if (share < SMALL_SHARE) {
    return { level: "vanishing", text: `${capital(name(least))} gets 1/${say(Math.round(1 / share))} of the gradient of the last layer: vanishing.` };
  }
  const growth = norms[most] / norms[last];
  if (growth > 1 / SMALL_SHARE) {
    return { level: "exploding", text: `${capital(name(most))} gets ${say(Math.round(growth))} times the gradient of the last layer: exploding.` };
  }
  const spread = Math.max(...norms) / Math.min(...norms);
  return { level: "good", text: `The gradient reaches every layer; its norms differ by a factor of ${say(Number(spread.toPrecision(2)))}.` };
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Norms of the moments seen, sorted by step, at most `size`: when full, every second one is let go. */
export class History {
  constructor(size = 200) {
    this.size = size;
    this.clear();
  }

  clear() {
    this.moments = [];
  }

  add(step, norms) {
    let at = this.moments.length;
    while (at > 0 && this.moments[at - 1].step >= step) at -= 1;
    const same = this.moments[at]?.step === step;
    this.moments.splice(at, same ? 1 : 0, { step, norms: Float64Array.from(norms) });
    if (this.moments.length > this.size) this.moments = this.moments.filter((_, i) => i % 2 === 0 || i === this.moments.length - 1);
  }

  /** Forget what lies after a step, as when the run has been reset. */
  cut(step) {
    this.moments = this.moments.filter((moment) => moment.step <= step);
  }
}
