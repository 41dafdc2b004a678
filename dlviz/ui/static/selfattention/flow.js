// The flow of one head: every matrix where it comes in the order of the computation, with lines from what it is computed of.

import { h, replace, svg } from "../lib/dom.js";
import { Matrix } from "./matrix.js";
import { placesOf } from "./places.js";

// Where the matrices stand when they lie side by side.
const GROUPS = {
  from: ["x", "m", "r"], query: ["wq", "q0", "q"], key: ["wk", "k0", "k"], value: ["wv", "v"],
  look: ["s", "p", "b", "h", "a"], give: ["z", "wo", "o", "t", "y", "n"],
};
const TITLES = { look: "Where does each token look?", give: "What does it get?" };

/** `on`: {hover(cell | null), pick(cell | null)}; a cell is {id, row, column}. */
export function buildFlow({ on, redraw }) {
  const matrices = new Map();
  const lines = svg("svg.wires", { "aria-hidden": "true" });
  const groups = Object.fromEntries(Object.keys(GROUPS).map((name) => [name, h("div.group", { "data-group": name })]));
  const element = h("div.flow", lines, Object.values(groups));
  let [parts, places, key, room, wires] = [null, null, "", 0, []];

  function matrixOf(id) {
    if (!matrices.has(id)) matrices.set(id, new Matrix(id, { onhover: on.hover, onpick: on.pick, redraw }));
    return matrices.get(id);
  }

  function arrange(labels) {
    const now = `${parts.list.map(({ id, rows, columns }) => `${id} ${rows} ${columns}`).join()} ${room} ${labels.query.join()} ${labels.key.join()}`;
    const isNew = now !== key;
    places = placesOf(parts, room, labels);
    if (isNew) {
      key = now;
      for (const [name, ids] of Object.entries(GROUPS)) {
        const present = ids.filter((id) => parts.by[id]);
        replace(groups[name], TITLES[name] ? h("h4", TITLES[name]) : null, h("div.members", present.map((id) => matrixOf(id).element)));
      }
      element.classList.toggle("wide", places.wide);
      element.classList.toggle("crossing", Boolean(parts.by.m));
    }
    for (const part of parts.list) matrixOf(part.id).set(part, places.of(part));
    return isNew;
  }

  // ---- lines between the matrices

  function wiresOf() {
    const { by, facts } = parts;
    const scores = ["s", "p", "b", "h", "a"].filter((id) => by[id]);
    const found = scores.slice(1).map((id, i) => [scores[i], id]);
    if (by.r) found.push(["r", "x"]);
    for (const letter of ["q", "k", "v"]) {
      const source = facts.crosses && letter !== "q" ? "m" : "x";
      found.push([source, `w${letter}`]);
      if (by[`${letter}0`]) found.push([`w${letter}`, `${letter}0`], [`${letter}0`, letter]);
      else found.push([`w${letter}`, letter]);
    }
    found.push(["q", "s"], ["k", "s"], ["a", "z"], ["v", "z"], ["z", "wo"], ["wo", "o"], ["o", "t"], ["t", "y"], [by.r ? "r" : "x", "y"]);
    if (by.n) found.push(["y", "n"]);
    return found;
  }

  function drawWires() {
    lines.style.display = places.wide ? "" : "none";
    if (!places.wide) {
      wires = [];
      return;
    }
    const frame = element.getBoundingClientRect();
    const box = (id) => {
      const matrix = matrices.get(id);
      const at = matrix.canvas.getBoundingClientRect();
      const { left, top } = matrix.places;
      return { left: at.left - frame.left + left, right: at.right - frame.left, top: at.top - frame.top + top, bottom: at.bottom - frame.top, outer: at.left - frame.left, roof: at.top - frame.top };
    };
    const middle = ({ top, bottom }) => (top + bottom) / 2;
    const head = matrices.get("a").element.querySelector("figcaption").offsetHeight;
    wires = wiresOf().map(([from, to]) => {
      const [a, b] = [box(from), box(to)];
      let path;
      if (to === "y" && (from === "r" || from === "x")) {
        const floor = frame.height - 6;
        const x = (b.left + b.right) / 2;
        path = `M${a.outer - 2} ${middle(a)} h-6 q-6 0 -6 6 V${floor - 8} q0 8 8 8 H${x - 8} q8 0 8 -8 V${b.bottom + 7}`;
      } else if (from === "r") {
        const x = (b.left + b.right) / 2;
        path = `M${x} ${a.roof - head - 6} V${b.bottom + 7}`;
      } else if (from === "a") {
        const x = (a.left + a.right) / 2;
        const y = b.roof - head - 42;
        path = `M${x} ${a.bottom + 2} V${y - 8} q0 8 -8 8 H${(b.left + b.right) / 2 + 8} q-8 0 -8 8 V${b.roof - head - 8}`;
      } else {
        const [x0, y0, x1] = [a.right + 3, middle(a), b.outer - 8];
        const y1 = to === "s" ? middle(b) + (from === "q" ? -0.16 : 0.16) * (b.bottom - b.top) : middle(b);
        const bend = Math.max(8, (x1 - x0) * 0.5);
        path = `M${x0} ${y0} C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}`;
      }
      return { from, to, element: svg("path", { d: path, "marker-end": "url(#arrow)" }) };
    });
    lines.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    replace(lines, svg("defs", svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 1, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path.tip", { d: "M0 0 L8 4 L0 8 z" }))), wires.map((wire) => wire.element));
  }

  return {
    element,
    matrices,
    /** What is computed; `labels`: {query, key}: the tokens as written. */
    set(next, labels) {
      parts = next;
      room = element.clientWidth;
      if (!room) return;
      if (arrange(labels)) drawWires();
    },
    isWide: () => Boolean(places?.wide),
    /** True when the room has changed since the last `set`. */
    outgrown: () => Boolean(parts) && element.clientWidth !== room,
    /** Light the parts of a step (all where null) and the marks: Map id → [{row, column, strong}]. */
    light(ids, marks) {
      for (const { id } of parts.list) {
        const matrix = matrices.get(id);
        matrix.element.classList.toggle("faint", Boolean(ids) && !ids.has(id));
        matrix.light(marks.get(id) ?? []);
      }
      for (const { from, to, element: wire } of wires) {
        wire.classList.toggle("lit", Boolean(ids) && ids.has(to) && ids.has(from));
        wire.classList.toggle("faint", Boolean(ids) && !(ids.has(to) && ids.has(from)));
      }
    },
    draw(colors) {
      for (const { id } of parts.list) matrices.get(id).draw(colors);
    },
  };
}
