// What the network says of every node, as three bands of columns: as numbered, numbered anew, and lined up by name.

import { css } from "../lib/color.js";
import { fit, h } from "../lib/dom.js";

const MOST_ROWS = 8;
const [ROW, WORDS, GAP] = [13, 18, 12]; // px

/** `{element, draw(picture, colors), read()}`; picture: {count, width, bands: [{words, values, order}], hovered, picked, most}. */
export function outputBands({ onhover, onpick }) {
  const canvas = h("canvas.go-bands", {
    tabindex: 0, role: "application", "aria-label": "What the network says of every node, in three orders. Left and right go from node to node, Enter picks.",
    onpointermove: (event) => onhover(under(event)), onpointerleave: () => onhover(null), onblur: () => onhover(null), onkeydown: key,
    onclick: (event) => { const node = under(event); if (node !== null) onpick(node); },
  });
  let last = null;
  const rowsOf = ({ width }) => Math.min(MOST_ROWS, width);
  const tallOf = (picture) => WORDS + rowsOf(picture) * ROW + GAP;

  function under(event) {
    if (!last?.count) return null;
    const band = last.bands[Math.min(2, Math.floor(event.offsetY / tallOf(last)))];
    const column = Math.floor((event.offsetX / canvas.clientWidth) * last.count);
    return band && column >= 0 && column < last.count ? band.order[column] : null;
  }

  function key(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!last?.count) return;
    const from = last.hovered ?? last.picked ?? 0;
    if (way) onhover((from + way + last.count) % last.count);
    else if (event.key === "Enter") onpick(from);
    else return;
    event.preventDefault();
  }

  return {
    element: canvas,
    draw(picture, colors) {
      last = picture;
      const rows = rowsOf(picture);
      const tall = tallOf(picture);
      canvas.style.height = `${tall * picture.bands.length}px`;
      const { pen, width } = fit(canvas);
      pen.clearRect(0, 0, width, tall * picture.bands.length);
      const wide = width / Math.max(1, picture.count);
      const gap = wide > 6 ? 1 : 0;
      pen.font = `12.5px ${colors.font}`;
      pen.textBaseline = "middle";
      picture.bands.forEach(({ words, values, order }, b) => {
        const top = b * tall;
        pen.fillStyle = colors.muted;
        pen.fillText(words, 0, top + WORDS / 2 - 1);
        order.forEach((node, k) => {
          for (let row = 0; row < rows; row += 1) {
            pen.fillStyle = css(colors.diverging(picture.most ? values[k * picture.width + row] / picture.most : 0));
            pen.fillRect(k * wide, top + WORDS + row * ROW, Math.max(0.5, wide - gap), ROW - 1);
          }
          if (node !== picture.hovered && node !== picture.picked) return;
          pen.strokeStyle = colors.accent;
          pen.lineWidth = node === picture.hovered ? 2.5 : 1.5;
          pen.strokeRect(k * wide + 0.5, top + WORDS - 0.5, Math.max(1, wide - gap - 1), rows * ROW);
        });
      });
    },
    read: () => last && { orders: last.bands.map(({ order }) => [...order]), values: last.bands.map(({ values }) => [...values]), hovered: last.hovered },
  };
}
