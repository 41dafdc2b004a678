// A few small pictures of the same size of which one points at the same cell: it is outlined in all. Give "lib/tiles.css".

import { h, steady } from "./dom.js";

/**
 * `names` of the tiles. {tiles: [element], canvases: [canvas], mark(at, shape)}; `onpoint({y, x} | null, event)` hears the cell
 * under the pointer in any of them; `size()` gives [height, width] in cells.
 */
export function buildTiles(names, { onpoint, size, begin = () => {}, end = () => {} }) {
  const placeOf = (event, tile) => {
    const box = tile.getBoundingClientRect();
    const [height, width] = size();
    const cell = (at, from, long, count) => Math.min(count - 1, Math.max(0, Math.floor(((at - from) / long) * count)));
    return { y: cell(event.clientY, box.top, box.height, height), x: cell(event.clientX, box.left, box.width, width) };
  };
  const tiles = names.map((name) => {
    const tile = h("div.tile", { "data-tile": name }, h("canvas", { width: 1, height: 1, "aria-hidden": "true" }), h("i"));
    tile.addEventListener("pointermove", (event) => onpoint(placeOf(event, tile), event));
    tile.addEventListener("pointerleave", (event) => onpoint(null, event));
    tile.addEventListener("pointerdown", (event) => begin(placeOf(event, tile), event, tile));
    tile.addEventListener("pointerup", (event) => end(event));
    tile.addEventListener("pointercancel", (event) => end(event));
    return tile;
  });
  return {
    tiles, canvases: tiles.map((tile) => tile.firstChild),
    /** Outline a cell, {y, x}, in all; null: none. */
    mark(at) {
      const [height, width] = size();
      for (const tile of tiles) {
        const ring = tile.lastChild;
        ring.hidden = at === null;
        if (at) Object.assign(ring.style, { left: `${(100 * at.x) / width}%`, top: `${(100 * at.y) / height}%`, width: `${100 / width}%`, height: `${100 / height}%` });
      }
    },
  };
}

/** Where an arrow key leads from a cell; null when it is none. Without a cell it begins in the middle. */
export function walked(at, key, [height, width]) {
  const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
  if (!way) return null;
  const from = at ?? { y: height >> 1, x: width >> 1 };
  return { y: Math.min(height - 1, Math.max(0, from.y + way[0])), x: Math.min(width - 1, Math.max(0, from.x + way[1])) };
}

/** The number or numbers of a cell of a picture (channel, row, column), to two decimals. */
export function cellWords(values, { y, x }, [channels, height, width]) {
  const all = Array.from({ length: channels }, (_, c) => steady(Math.round(100 * values[(c * height + y) * width + x]) / 100, 2));
  return channels === 1 ? all[0] : `(${all.join(", ")})`;
}
