// One dot a node: its degree across, the length of its embedding upwards, both logarithmic.

import { fit, h, number } from "../lib/dom.js";
import { classFill } from "../lib/graphview.js";
import { logTicks, ticks } from "../lib/scale.js";

const NEAR = 18; // px
const TALL = 220;
const MARGIN = { left: 46, right: 12, top: 10, bottom: 32 };
const NARROW = 6; // a range of less than so many times has room for even steps
const FLAT = 1e-12; // what is shorter lies on the floor, as 0

const marks = (low, high) => (high / low < NARROW ? ticks(low, high, 3).filter((tick) => tick > 0) : logTicks(low, high));

/** `{element, draw(picture, colors), read()}`; picture: {degrees, lengths, labels, hovered, picked}; `onhover`, `onpick`. */
export function buildScatter({ label, onhover, onpick, nameOf }) {
  const canvas = h("canvas.gy-scatter", {
    tabindex: 0, role: "application", "aria-label": `${label}. Arrow keys go from node to node by degree, Enter picks.`, style: { height: `${TALL}px` },
    onpointermove: (event) => onhover(under(event)), onpointerleave: () => onhover(null), onblur: () => onhover(null), onkeydown: key,
    onclick: (event) => { const node = under(event); if (node !== null) onpick(node); },
  });
  let [spots, order, last] = [[], [], null];

  function under(event) {
    let [best, far] = [null, NEAR];
    spots.forEach(([x, y], k) => {
      const away = Math.hypot(event.offsetX - x, event.offsetY - y);
      if (away < far) [best, far] = [k, away];
    });
    return best;
  }

  function key(event) {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (way && order.length) onhover(order[(order.indexOf(last.hovered ?? last.picked ?? order[0]) + way + order.length) % order.length]);
    else if (event.key === "Enter" && last?.hovered !== null) onpick(last.hovered);
    else return;
    event.preventDefault();
  }

  function range(values) {
    const known = values.filter((v) => v > FLAT);
    if (!known.length) return [0.5, 2];
    const [low, high] = [Math.min(...known), Math.max(...known)];
    return high > low * 1.02 ? [low / (high / low) ** 0.06, high * (high / low) ** 0.06] : [low / 1.4, high * 1.4];
  }

  return {
    element: canvas,
    draw(picture, colors) {
      const { degrees, lengths, labels, hovered, picked } = picture;
      const { pen, width, height } = fit(canvas);
      last = picture;
      order = degrees.map((_, k) => k).sort((a, b) => degrees[a] - degrees[b] || lengths[a] - lengths[b]);
      if (!width) return;
      const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
      const [xs, ys] = [range(degrees), range([...lengths])];
      const zeroX = degrees.some((d) => d <= FLAT) ? 22 : 0;
      const zeroY = lengths.some((d) => d <= FLAT) ? 18 : 0;
      const toX = (v) => (v > FLAT ? box.left + zeroX + (Math.log(v / xs[0]) / Math.log(xs[1] / xs[0])) * (box.right - box.left - zeroX) : box.left + 8);
      const toY = (v) => (v > FLAT ? box.bottom - zeroY - (Math.log(v / ys[0]) / Math.log(ys[1] / ys[0])) * (box.bottom - box.top - zeroY) : box.bottom - 6);
      pen.clearRect(0, 0, width, height);
      pen.font = `11.5px ${colors.font}`;
      pen.strokeStyle = colors.line;
      pen.fillStyle = colors.muted;
      pen.textBaseline = "middle";
      pen.textAlign = "right";
      let free = Infinity;
      for (const tick of [...(zeroY ? [0] : []), ...marks(...ys)]) {
        const y = toY(tick);
        if (y < box.top - 1 || y > box.bottom + 1) continue;
        pen.beginPath();
        pen.moveTo(box.left, Math.round(y) + 0.5);
        pen.lineTo(box.right, Math.round(y) + 0.5);
        pen.stroke();
        if (free - y < 13) continue;
        pen.fillText(number(tick), box.left - 6, y);
        free = y;
      }
      pen.textAlign = "center";
      pen.textBaseline = "top";
      free = -Infinity;
      for (const tick of [...(zeroX ? [0] : []), ...marks(...xs)]) {
        const x = toX(tick);
        if (x < box.left - 1 || x > box.right + 1 || x - free < 22) continue;
        pen.fillText(number(tick), x, box.bottom + 6);
        free = x;
      }
      spots = degrees.map((d, k) => [toX(d), toY(lengths[k])]);
      spots.forEach(([x, y], k) => {
        pen.beginPath();
        pen.arc(x, y, 4, 0, 2 * Math.PI);
        pen.globalAlpha = 0.85;
        pen.fillStyle = classFill(colors, labels[k]);
        pen.fill();
        pen.globalAlpha = 1;
        pen.strokeStyle = colors.paper;
        pen.lineWidth = 1;
        pen.stroke();
      });
      pen.strokeStyle = colors.accent;
      for (const [node, wide, radius] of [[picked, 2.5, 6.5], [hovered, 1.75, 8.5]]) {
        if (node === null || !spots[node]) continue;
        pen.lineWidth = wide;
        pen.beginPath();
        pen.arc(...spots[node], radius, 0, 2 * Math.PI);
        pen.stroke();
      }
      if (hovered !== null && spots[hovered]) {
        const [x, y] = spots[hovered];
        const text = `${nameOf(hovered)}: ${number(degrees[hovered])}, ${number(lengths[hovered])}`;
        const isRight = x > (box.left + box.right) / 2;
        pen.font = `12px ${colors.font}`;
        pen.textAlign = isRight ? "right" : "left";
        pen.textBaseline = "middle";
        const at = [x + (isRight ? -12 : 12), Math.min(box.bottom - 8, Math.max(box.top + 8, y - 12))];
        pen.strokeStyle = colors.paper;
        pen.lineWidth = 4;
        pen.strokeText(text, ...at);
        pen.fillStyle = colors.ink;
        pen.fillText(text, ...at);
      }
    },
    read: () => last && { hovered: last.hovered, picked: last.picked, spots: spots.map((spot) => [...spot]) },
  };
}
