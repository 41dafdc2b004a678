// Points on their way from one view to the next.

import { between } from "./views.js";

const ease = (t) => 1 - (1 - t) ** 3;

export class Flight {
  constructor() {
    this.view = null; // where they are going
    this.from = null;
    this.began = 0;
    this.lasts = 0;
  }

  /** Set out for `view` ({key, xs, ys, square, …}); at once where there is no way to it. The same key is the same view. */
  to(view, { lasts, now }) {
    if (this.view?.key === view.key) return;
    const here = this.at(now);
    this.from = here && here.xs.length === view.xs.length ? here : null;
    [this.view, this.began, this.lasts] = [view, now, lasts];
  }

  /** Put one point where it is now, with no way to go; null leaves it to the view. Returns whether it is anywhere. */
  put(index, place) {
    if (place) for (const view of [this.view, this.from]) if (view) [view.xs[index], view.ys[index]] = place;
    return Number.isFinite(this.view.xs[index]);
  }

  isMoving(now) {
    return Boolean(this.from) && now < this.began + this.lasts;
  }

  /** The view as it stands now, or null. */
  at(now) {
    if (!this.view || !this.isMoving(now)) return this.view;
    return between(this.from, this.view, ease(Math.max(0, (now - this.began) / this.lasts)));
  }
}
