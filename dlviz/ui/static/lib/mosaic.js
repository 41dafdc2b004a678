// Many small pictures on one canvas, each with a coloured edge and a word under it; one is chosen by click or arrow keys.

import { css } from "./color.js";
import { fit, h } from "./dom.js";
import { walked } from "./tiles.js";

const [GAP, EDGE, CAPTION, NAMES, BREAK, RING] = [6, 3, 15, 20, 10, 3]; // px
const MOST_CELL = 150;

/**
 * `label` for those who cannot see it; `onpick(index)`, `onhover(index | null)`.
 *
 * `show({pictures, shape, count, columns, group, names, edges, captions, chosen, colors})`: `pictures` bytes (count, channel, row,
 * column), painted anew when it is another array; `edges` [r, g, b] each, or null; `captions` {text, strong} each, or null; `names`
 * over the columns, every `group` of which stand apart. `chosen`: an index, or a list of {at, letter}.
 */
export function buildMosaic({ label, onpick, onhover = () => {} }) {
  const canvas = h("canvas", { tabindex: 0, role: "img", "aria-label": label, style: { width: "100%", display: "block", cursor: "pointer", "touch-action": "pan-y", "border-radius": "6px" } });
  const sheet = document.createElement("canvas");
  let [now, places, painted, told, cursor] = [null, null, null, "", 0]; // cursor: what is chosen, also before it is drawn

  const at = (event) => {
    if (!places) return null;
    const box = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const found = places.boxes.findIndex(([left, top]) => x >= left && x < left + places.cell && y >= top && y < top + places.cell + places.caption);
    return found < 0 ? null : found;
  };
  const pick = (index) => {
    cursor = index;
    onpick(index);
  };
  canvas.addEventListener("pointermove", (event) => onhover(at(event)));
  canvas.addEventListener("pointerleave", () => onhover(null));
  canvas.addEventListener("click", (event) => {
    const index = at(event);
    if (index !== null) pick(index);
  });
  canvas.addEventListener("keydown", (event) => {
    if (!now) return;
    const { columns, count } = now;
    const place = walked({ y: Math.floor(cursor / columns), x: cursor % columns }, event.key, [Math.ceil(count / columns), columns]);
    if (!place) return;
    event.preventDefault();
    event.stopPropagation();
    const index = place.y * columns + place.x;
    if (index < count && index !== cursor) pick(index);
  });

  function layout(width) {
    const { count, columns, group, names, captions } = now;
    const groups = group ? Math.ceil(columns / group) : 1;
    const gap = width < 420 ? GAP / 2 : GAP;
    const cell = Math.floor(Math.min(MOST_CELL, (width - 2 * RING - (columns - 1) * gap - (groups - 1) * BREAK) / columns));
    const [caption, top] = [captions ? CAPTION : 0, RING + (names ? NAMES : 0)];
    const down = cell + caption + gap;
    const boxes = Array.from({ length: count }, (_, i) => [RING + (i % columns) * (cell + gap) + (group ? Math.floor((i % columns) / group) * BREAK : 0), top + Math.floor(i / columns) * down]);
    return { cell, caption, boxes, height: top + Math.ceil(count / columns) * down - gap + RING };
  }

  // All pictures beside each other, a pixel a pixel.
  function paint() {
    const { pictures, shape: [channels, height, width], count, columns } = now;
    Object.assign(sheet, { width: columns * width, height: Math.ceil(count / columns) * height });
    const image = new ImageData(sheet.width, sheet.height);
    const cells = height * width;
    for (let k = 0; k < count; k += 1) {
      const corner = Math.floor(k / columns) * height * sheet.width + (k % columns) * width;
      const from = k * channels * cells;
      for (let i = 0; i < cells; i += 1) {
        const to = 4 * (corner + Math.floor(i / width) * sheet.width + (i % width));
        for (let c = 0; c < 3; c += 1) image.data[to + c] = pictures[from + (channels === 1 ? 0 : c) * cells + i];
        image.data[to + 3] = 255;
      }
    }
    sheet.getContext("2d").putImageData(image, 0, 0);
    painted = pictures;
  }

  function draw() {
    const { shape: [, height, width], count, columns, names, group, edges, captions, chosen, colors } = now;
    if (!canvas.clientWidth) return;
    places = layout(canvas.clientWidth);
    const tall = `${places.height}px`;
    if (canvas.style.height !== tall) canvas.style.height = tall;
    const { pen, width: across, height: down } = fit(canvas);
    const { cell, boxes } = places;
    const edge = edges ? (cell < 30 ? 2 : EDGE) : 0;
    pen.clearRect(0, 0, across, down);
    pen.imageSmoothingEnabled = false;
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    if (names) {
      pen.font = `12px ${colors.font}`;
      pen.fillStyle = colors.muted;
      for (let k = 0; k < Math.min(columns, count); k += 1) pen.fillText(names[group ? k % group : k], boxes[k][0] + cell / 2, NAMES - 4, cell + GAP);
    }
    for (let k = 0; k < count; k += 1) {
      const [x, y] = boxes[k];
      if (edge) {
        pen.fillStyle = css(edges[k]);
        pen.fillRect(x, y, cell, cell);
      }
      pen.drawImage(sheet, (k % columns) * width, Math.floor(k / columns) * height, width, height, x + edge, y + edge, cell - 2 * edge, cell - 2 * edge);
      const word = captions?.[k];
      if (word) {
        pen.font = `${word.strong ? "600 " : ""}11.5px ${colors.font}`;
        pen.fillStyle = word.strong ? colors.ink : colors.muted;
        pen.fillText(word.text, x + cell / 2, y + cell + 12, cell + GAP);
      }
    }
    const rings = Array.isArray(chosen) ? chosen : chosen === null ? [] : [{ at: chosen, held: true }];
    for (const { at: k, letter, held } of rings) {
      if (!boxes[k]) continue;
      const [x, y] = boxes[k];
      pen.strokeStyle = held ? colors.accent : colors.ink;
      pen.lineWidth = 2.5;
      pen.strokeRect(x - 1.5, y - 1.5, cell + 3, cell + 3);
      if (!letter) continue;
      pen.fillStyle = held ? colors.accent : colors.ink;
      pen.fillRect(x - 2.5, y - 2.5, 15, 15);
      pen.font = `700 11.5px ${colors.font}`;
      pen.fillStyle = colors.paper;
      pen.fillText(letter, x + 5, y + 9);
    }
  }

  return {
    element: canvas,
    show(next) {
      const isOther = !now || next.pictures !== painted || next.columns !== now.columns || next.count !== now.count;
      now = next;
      cursor = (Array.isArray(next.chosen) ? next.chosen.find(({ held }) => held)?.at : next.chosen) ?? 0;
      if (isOther) paint();
      draw();
      const words = `${label}: ${next.count} pictures of ${next.shape.join(" × ")}, ${next.columns} in a row. Arrow keys walk.`;
      if (words !== told) canvas.setAttribute("aria-label", (told = words));
    },
    /** The middle of picture k, px from the upper left corner of the canvas. */
    middle(k) {
      return places && places.boxes[k].map((at) => at + places.cell / 2);
    },
    /** What is painted, for tests: red of every pixel of picture k, and the colour of its edge; null where nothing is. */
    read(k) {
      if (!places || !canvas.clientWidth) return null;
      const { shape: [, height, width], columns } = now;
      const { data } = sheet.getContext("2d").getImageData((k % columns) * width, Math.floor(k / columns) * height, width, height);
      const ratio = canvas.width / canvas.clientWidth;
      const [x, y] = places.boxes[k];
      const edge = canvas.getContext("2d").getImageData(Math.round((x + places.cell / 2) * ratio), Math.round((y + 1) * ratio), 1, 1).data;
      return { red: Array.from({ length: height * width }, (_, i) => data[4 * i]), edge: [...edge].slice(0, 3) };
    },
  };
}
