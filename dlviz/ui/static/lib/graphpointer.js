// What the mouse or a finger does on a GraphView: point, press, drag a node, or pull an edge from one node to another.

const SLACK = 4; // px a press may wander and still be a press

/** Listens on `view.canvas` and tells the view; `cancel()` puts a node that is being dragged back where it was. */
export class GraphPointer {
  constructor(view) {
    this.view = view;
    this.press = null;
    const on = (name, act) => view.canvas.addEventListener(name, act);
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.up(event));
    on("pointercancel", () => { this.cancel(); this.leave(); }); // the page scrolls instead
    on("pointerleave", () => { if (!this.press) this.leave(); });
  }

  at(event) {
    const box = this.view.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  leave() {
    this.view.over(null, null);
    delete this.view.canvas.dataset.over;
  }

  down(event) {
    if (event.button !== 0 || this.press) return;
    const { view } = this;
    const at = this.at(event);
    const found = view.under(at, event.pointerType === "touch");
    const node = found.node === null ? null : view.picture.nodes[found.node];
    const joins = node && view.listeners.onconnect && (event.shiftKey || view.connecting);
    this.press = { ...found, at, id: event.pointerId, kind: joins ? "join" : node && view.editable ? "drag" : "press", isFar: false, from: node && [node.x, node.y] };
    view.canvas.setPointerCapture(event.pointerId); // its end is heard of wherever it is
    view.over(found.node, found.edge);
  }

  move(event) {
    const { view, press } = this;
    const at = this.at(event);
    const isTouch = event.pointerType === "touch";
    const found = view.under(at, isTouch);
    if (press && event.pointerId === press.id) {
      if (Math.hypot(at[0] - press.at[0], at[1] - press.at[1]) > SLACK) press.isFar = true;
      if (press.kind === "drag") {
        if (press.isFar) press.place = view.drag(press.node, this.placeOf(at), false);
        view.canvas.dataset.over = "drag";
        return;
      }
      if (press.kind === "join" && press.isFar) view.stretch({ node: press.node, at });
    }
    view.over(found.node, found.edge);
    const over = press?.kind === "join" ? "join" : found.node !== null ? "node" : found.edge !== null ? "edge" : null;
    if (over) view.canvas.dataset.over = over;
    else delete view.canvas.dataset.over;
  }

  // The node keeps its place under the pointer, which may have taken it at its rim.
  placeOf(at) {
    const { view, press } = this;
    const [now, then] = [view.toPlace(at), view.toPlace(press.at)];
    return [0, 1].map((i) => press.from[i] + now[i] - then[i]);
  }

  up(event) {
    const { view, press } = this;
    if (!press || event.pointerId !== press.id) return;
    this.press = null;
    const at = this.at(event);
    if (press.kind === "drag" && press.isFar) {
      if (press.place) view.listeners.ondrop?.(press.node, press.place);
      view.canvas.dataset.over = "node";
    } else if (press.kind === "join" && view.rubber) {
      view.stretch(null);
      const { node } = view.under(at, event.pointerType === "touch");
      if (node !== null) view.listeners.onconnect(press.node, node);
    } else if (!press.isFar) {
      if (press.node !== null) view.listeners.onpick?.(press.node, event);
      else if (press.edge !== null) view.listeners.onpick?.(null, event, press.edge);
      else view.listeners.onempty?.(view.toPlace(at), event);
    }
  }

  cancel() {
    const { view, press } = this;
    this.press = null;
    if (press?.place) view.drag(press.node, press.from, true);
    view.stretch(null);
  }
}
