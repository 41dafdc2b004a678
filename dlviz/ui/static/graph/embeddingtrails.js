// Where every point lay in the last moments that this page has seen, at or before the one on screen.

const KEPT = 60; // moments
const SHOWN = 20; // of them as a trail
const MANY = 45; // points, from which on trails are short
const SHORT = 8;

export class Trails {
  constructor() {
    this.moments = []; // {step, places: key → place}, by step
  }

  clear() {
    this.moments = [];
  }

  /** A moment as it is on screen; `isNewest`: what was later is not of this course any more. */
  add(step, keys, places, isNewest) {
    if (isNewest) this.moments = this.moments.filter((each) => each.step < step);
    const found = { step, places: new Map(Array.from(keys, (key, k) => [key, places[k]])) };
    const at = this.moments.findIndex((each) => each.step >= step);
    if (at < 0) this.moments.push(found);
    else this.moments.splice(at, Number(this.moments[at].step === step), found);
    if (this.moments.length > KEPT) this.moments.splice(at < 0 || at > KEPT / 2 ? 0 : KEPT, 1);
  }

  /** Places of the moment nearest before or at `step`: key → place, or null. */
  before(step) {
    return (this.moments.findLast((each) => each.step <= step) ?? this.moments[0])?.places ?? null;
  }

  /** [{points}] a key: the way here from the moments before `step`. */
  of(step, keys, places) {
    const past = this.moments.filter((each) => each.step < step).slice(keys.length > MANY ? -SHORT : -SHOWN);
    return Array.from(keys, (key, k) => [...past.map((each) => each.places.get(key)).filter(Boolean), places[k]]);
  }
}
