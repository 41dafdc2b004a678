// A square of the plane with things one can move by hand or by the arrow keys: arrows from the middle, and points.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, svg } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";

const STEP = 0.05; // coordinates are rounded to this, so that the numbers on screen are the numbers used
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const HEAD = "M-13 -6L1 0L-13 6z";

export const rounded = (x, reach) => Number((Math.round(Math.min(reach, Math.max(-reach, x)) / STEP) * STEP).toFixed(2));

/**
 * `moved(id, [x, y])` while something is moved, `chosen(id)` when it is taken or gets the focus, `placed([x, y])` for a
 * click beside everything. `draw(picture, colors)`: see there.
 */
export function buildPad({ label, reach, moved, chosen, placed, axes = ["", ""] }) {
  const canvas = h("canvas", { role: "img" });
  const [under, over, marks] = [svg("g"), svg("g"), svg("g")];
  const overlay = svg("svg", { role: "group", "aria-label": label }, under, over, marks);
  const element = h("div.pad", canvas, overlay, h("span.axis.label.right", axes[0]), h("span.axis.label.top", axes[1]));
  const handles = new Map(); // id → {group, shaft, tip, dot, name}
  let size = 1;
  let items = [];

  const toX = (x) => ((x + reach) / (2 * reach)) * size;
  const toY = (y) => ((reach - y) / (2 * reach)) * size;
  const place = ([x, y]) => [toX(x), toY(y)];

  function at(event) {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    return [rounded((2 * x - 1) * reach, reach), rounded((1 - 2 * y) * reach, reach)];
  }

  if (placed) canvas.addEventListener("click", (event) => placed(at(event)));

  function begin(id) {
    const parts = {
      shaft: svg("line", { class: "shaft" }), tip: svg("path", { class: "tip", d: HEAD }),
      name: svg("text", { class: "name", "text-anchor": "middle", "dominant-baseline": "central" }),
      dot: svg("circle", { class: "handle", r: 10, tabindex: 0, role: "slider", "data-id": id }),
    };
    const group = svg("g", { class: "item" }, parts.shaft, parts.tip, parts.dot, parts.name);
    const { dot } = parts;
    dot.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      dot.focus({ preventScroll: true });
      dot.setPointerCapture(event.pointerId);
      const end = new AbortController();
      dot.addEventListener("pointermove", (move) => moved(id, at(move)), { signal: end.signal });
      for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) dot.addEventListener(name, () => end.abort(), { signal: end.signal });
    });
    dot.addEventListener("focus", () => chosen?.(id));
    dot.addEventListener("keydown", (event) => {
      const way = WAYS[event.key];
      const item = items.find((each) => each.id === id);
      if (!way || !item || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      moved(id, item.at.map((x, i) => rounded(x + way[i] * (event.shiftKey ? 10 : 2) * STEP, reach)));
    });
    over.append(group);
    const handle = { group, ...parts };
    handles.set(id, handle);
    return handle;
  }

  function arrow({ shaft, tip }, from, to) {
    const [[x1, y1], [x2, y2]] = [place(from), place(to)];
    for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) shaft.setAttribute(name, value);
    const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
    tip.setAttribute("transform", `translate(${x2} ${y2}) rotate(${turn})`);
    tip.style.display = Math.hypot(x2 - x1, y2 - y1) < 2 ? "none" : "";
  }

  function put(item, colors) {
    const parts = handles.get(item.id) ?? begin(item.id);
    const { group, dot, name, shaft, tip } = parts;
    const [x, y] = place(item.at);
    const color = item.color ?? colors.ink;
    group.style.setProperty("--own", color);
    group.classList.toggle("strong", Boolean(item.strong));
    group.classList.toggle("point", item.kind === "point");
    dot.setAttribute("cx", x);
    dot.setAttribute("cy", y);
    const isArrow = item.kind !== "point";
    for (const part of [shaft, tip]) part.style.display = isArrow ? "" : "none";
    if (isArrow) arrow(parts, [0, 0], item.at);
    const long = Math.hypot(...item.at);
    const ahead = long < 1e-9 ? [0, -1] : [item.at[0] / long, -item.at[1] / long];
    const away = item.beside ? [ahead[1], -ahead[0]] : ahead; // so that two arrows of one direction keep their names
    name.setAttribute("x", Math.min(size - 12, Math.max(12, x + 21 * away[0])));
    name.setAttribute("y", Math.min(size - 11, Math.max(11, y + 21 * away[1])));
    name.textContent = item.name;
    dot.setAttribute("aria-label", `${item.said}; arrow keys move it`);
    dot.setAttribute("aria-valuenow", long.toFixed(2));
    dot.setAttribute("aria-valuetext", item.at.map((each) => number(each)).join(" and "));
  }

  function paintAxes(pen, colors) {
    pen.strokeStyle = css(rgb(colors.ink), 0.16);
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(toX(0), 0);
    pen.lineTo(toX(0), size);
    pen.moveTo(0, toY(0));
    pen.lineTo(size, toY(0));
    pen.stroke();
    pen.fillStyle = css(rgb(colors.ink), 0.5);
    pen.font = `11px ${colors.font}`;
    for (const t of ticks(-reach, reach, 4)) {
      if (t === 0 || Math.abs(t) === reach) continue;
      pen.textAlign = "center";
      pen.textBaseline = "top";
      pen.fillText(number(t), toX(t), toY(0) + 4);
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      pen.fillText(number(t), toX(0) - 5, toY(t));
    }
  }

  /**
   * `items`: {id, at, kind: "arrow" | "point", name, said, color, strong, beside}; `below` and `above`: svg shapes that are only
   * looked at, made by a function of `place`; `paint(pen, size)` fills the square first; `words` say all of it.
   */
  function draw({ items: next, below, above, paint, words }, colors) {
    items = next;
    const { pen, width } = fit(canvas);
    if (!width) return;
    size = width;
    overlay.setAttribute("viewBox", `0 0 ${size} ${size}`);
    pen.clearRect(0, 0, size, size);
    paint?.(pen, size);
    paintAxes(pen, colors);
    under.replaceChildren(...(below?.(place) ?? []));
    marks.replaceChildren(...(above?.(place) ?? []));
    for (const [id, { group }] of handles) {
      if (items.some((item) => item.id === id)) continue;
      group.remove();
      handles.delete(id);
    }
    for (const item of items) put(item, colors);
    canvas.setAttribute("aria-label", words);
  }

  const middleOf = (id) => {
    const box = handles.get(id)?.dot.getBoundingClientRect();
    return box && [box.left + box.width / 2, box.top + box.height / 2];
  };

  return { element, draw, middleOf };
}
