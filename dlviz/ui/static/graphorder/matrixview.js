// A square matrix over the nodes: hover links its rows and columns to the drawing, and where it may, a row is dragged elsewhere.

import { css, mix, rgb } from "../lib/color.js";
import { fit, h } from "../lib/dom.js";

const MARGIN = 26; // px for numbers at two sides
const NUMBERED = 9; // px a row needs to carry its number
const GAPPED = 7;

/**
 * `{element, draw(picture, colors), read()}`; picture: {order, cells: [[row node, column node, share in 0…1]], hovered, edge:
 * [a, b] | null, picked}. `onhover(node | null, other | null)`, `onpick(node)`, `onmove(from, to)` by places, if rows may move.
 */
export function matrixView({ label, onhover, onpick, onmove }) {
  const canvas = h("canvas.go-matrix", {
    tabindex: 0, role: "application",
    "aria-label": `${label}. Arrow keys go from row to row, Enter picks.${onmove ? " Alt with an arrow moves the row." : ""}`,
    onpointermove: move, onpointerdown: down, onpointerup: up, onpointercancel: () => { held = null; again(); }, onpointerleave: () => { if (!held) onhover(null, null); }, onblur: () => onhover(null, null), onkeydown: key,
  });
  if (onmove) canvas.classList.add("movable");
  let [last, colors, held, box] = [null, null, null, null];

  const rowAt = (y) => Math.min(last.order.length - 1, Math.max(0, Math.floor((y - box.top) / box.cell)));
  function placeAt(event) {
    if (!box || !last?.order.length) return null;
    const [row, column] = [Math.floor((event.offsetY - box.top) / box.cell), Math.floor((event.offsetX - box.left) / box.cell)];
    const inside = (k) => k >= 0 && k < last.order.length;
    if (!inside(row) && !inside(column)) return null;
    return [inside(row) ? row : column, inside(column) ? column : row];
  }

  function move(event) {
    const place = placeAt(event);
    if (held) {
      held.to = rowAt(event.offsetY);
      again();
      return;
    }
    onhover(place ? last.order[place[0]] : null, place ? last.order[place[1]] : null);
  }

  function down(event) {
    const place = placeAt(event);
    if (!place || event.button > 0) return;
    if (onmove) {
      held = { from: place[0], to: place[0] };
      canvas.setPointerCapture(event.pointerId);
    } else onpick(last.order[place[0]]);
  }

  function up() {
    if (!held) return;
    const { from, to } = held;
    held = null;
    if (from === to) onpick(last.order[from]);
    else onmove(from, to);
    again();
  }

  function key(event) {
    const way = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!last?.order.length) return;
    const row = last.order.indexOf(last.hovered ?? last.picked ?? last.order[0]);
    const next = Math.min(last.order.length - 1, Math.max(0, row + (way ?? 0)));
    if (way && event.altKey && onmove) {
      onhover(last.order[row], null);
      if (next !== row) onmove(row, next);
    } else if (way && !event.altKey) onhover(last.order[last.hovered === null ? row : next], null);
    else if (event.key === "Enter") onpick(last.order[row]);
    else return;
    event.preventDefault();
  }

  const again = () => { if (last) paint(last); };

  function paint(picture) {
    const { pen, width } = fit(canvas);
    const { order, cells, hovered, edge, picked } = picture;
    const count = order.length;
    pen.clearRect(0, 0, width, width);
    if (!count || !width) return;
    const cell = (width - MARGIN - 2) / count;
    box = { left: MARGIN, top: MARGIN, cell };
    const place = new Int32Array(count);
    order.forEach((node, k) => { place[node] = k; });
    const far = cell * count;
    const [paper, ink] = [rgb(colors.paper), rgb(colors.ink)];
    pen.fillStyle = css(ink, 0.035);
    pen.fillRect(box.left, box.top, far, far);
    const band = (node, color, share) => {
      if (node === null || node >= count) return;
      pen.fillStyle = css(rgb(color), share);
      pen.fillRect(box.left, box.top + place[node] * cell, far, cell);
      pen.fillRect(box.left + place[node] * cell, box.top, cell, far);
    };
    band(picked, colors.accent, 0.12);
    band(hovered, colors.accent, 0.25);
    const gap = cell > GAPPED ? 1 : 0;
    for (const [row, column, share] of cells) {
      const lit = edge && ((edge[0] === row && edge[1] === column) || (edge[0] === column && edge[1] === row));
      pen.fillStyle = lit ? colors.accent : css(mix(paper, ink, 0.06 + 0.84 * share), 1);
      pen.fillRect(box.left + place[column] * cell + gap / 2, box.top + place[row] * cell + gap / 2, Math.max(1, cell - gap), Math.max(1, cell - gap));
    }
    pen.fillStyle = colors.muted;
    const every = Math.ceil(NUMBERED / cell);
    pen.font = `${Math.min(11, Math.max(8, cell * 0.8))}px ${colors.font}`;
    order.forEach((node, k) => {
      const isLit = node === hovered || node === picked;
      if (k % every && !isLit) return;
      pen.fillStyle = isLit ? colors.accent : colors.muted;
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      pen.fillText(String(k), box.left - 4, box.top + (k + 0.5) * cell);
      pen.textAlign = "center";
      pen.textBaseline = "bottom";
      pen.fillText(String(k), box.left + (k + 0.5) * cell, box.top - 3);
    });
    if (held && held.from !== held.to) {
      const y = box.top + (held.to + (held.to > held.from ? 1 : 0)) * cell;
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 2.5;
      pen.beginPath();
      pen.moveTo(box.left - 14, y);
      pen.lineTo(box.left + far, y);
      pen.stroke();
      pen.strokeRect(box.left, box.top + held.from * cell, far, cell);
    }
  }

  return {
    element: canvas,
    draw(picture, theme) {
      [last, colors] = [picture, theme];
      paint(picture);
    },
    read: () => last && { order: [...last.order], hovered: last.hovered, box: box && { ...box }, cells: last.cells.map(([row, column, share]) => [last.order.indexOf(row), last.order.indexOf(column), share]) },
    rowOnPage(k) {
      const spot = canvas.getBoundingClientRect();
      return [spot.left + box.left + box.cell * (k + 0.5), spot.top + box.top + box.cell * (k + 0.5)];
    },
  };
}
