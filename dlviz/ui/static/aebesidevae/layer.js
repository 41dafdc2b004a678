// A picture of the plane with what is under the pointer on it: below a canvas that is painted when its subject changes, above
// it a lib Plane with the axes and the crosses, painted as the pointer moves.

import { fit, h } from "../lib/dom.js";
import { Plane } from "../lib/plane.js";

export class Layer {
  constructor({ label, place }) {
    this.below = h("canvas.below", { "aria-hidden": "true" });
    this.plane = new Plane({
      label,
      onhover: (u, event) => (event?.key === "Escape" ? place.release() : place.hover(u)),
      // A finger looks while it is down; a click or Enter leaves the cross where it is.
      onpick: (u, event) => { if (event.pointerType !== "touch") place.pin({ plain: u, variational: u }); },
    });
    this.plane.canvas.addEventListener("blur", () => this.plane.go(null));
    this.element = h("div.layer", this.below, this.plane.canvas);
    this.key = "";
  }

  /** `key` names what lies below; `under(pen, plane, width, height)` paints it, `over(pen, plane)` what moves. */
  draw({ key, reach, names, colors, under, over }) {
    const { plane } = this;
    if (!plane.canvas.clientWidth) return;
    plane.view = { x: [-reach, reach], y: [-reach, reach] };
    plane.names = names;
    const now = `${key} ${plane.canvas.clientWidth} ${devicePixelRatio} ${colors.dark}`;
    if (this.key !== now) {
      this.key = now;
      const { pen, width, height } = fit(this.below);
      pen.clearRect(0, 0, width, height);
      under(pen, plane, width, height);
    }
    over(plane.begin(colors), plane);
  }

  /** Where a place is on the page, in CSS pixels of the window. */
  onPage(u) {
    const box = this.plane.canvas.getBoundingClientRect();
    const [x, y] = this.plane.toPixel(u);
    return [box.left + x, box.top + y];
  }
}
