// Where each station of the hourglass lies. Every number of a layer takes the same area, so that lengths are to scale.

const FROM = 820; // px of width from which the way goes from left to right; below, from top to bottom
const TALL = 330; // px of the longest station there
const STRIP = 44; // px across a layer of units
const MAPS = 84; // px across a layer of maps, about
const LARGEST_CELL = 15;
const CAPTION = 62; // px under the stations for their names, from left to right
const LINE = 36; // px above each station for its name, from top to bottom
const BETWEEN = 20;

/**
 * {across, width, height, cell, places}: `across` is true from left to right. A place is {x, y, w, h, cols, rows, at(i) → [col,
 * row], find(col, row) → i or −1, caption: {x, y, w}}; the code has no grid but `rows` of its numbers.
 */
export function layoutOf(stations, width) {
  const across = width >= FROM;
  const long = across ? TALL : width - 2;
  const side = across ? Math.min(168, width * 0.13) : Math.min(168, width * 0.45);
  const measured = measure(stations, across, long);
  const sizes = stations.map((station, k) => {
    if (station.kind === "picture" || station.kind === "again") return { ...pictureGrid(station.shape), w: side, h: side };
    if (station.kind === "code") return codeSize(station.size, across, width);
    return measured.grids[k];
  });
  const places = across ? leftToRight(sizes, width) : topToBottom(sizes, width);
  const last = places.at(-1);
  return { across, width, places, cell: measured.cell, height: across ? TALL + CAPTION + 8 : last.y + last.h + 6 };
}

// The edge of a cell so that the longest layer just fits, and each layer's grid.
function measure(stations, across, long) {
  const layers = stations.map((station) => (station.kind === "cells" || station.kind === "maps" ? station : null));
  const most = Math.max(...layers.filter(Boolean).map(({ size }) => size));
  const thick = layers.some((each) => each?.kind === "maps") ? MAPS : STRIP;
  let cell = Math.min(LARGEST_CELL, Math.sqrt((thick * long) / most));
  for (;;) {
    const grids = layers.map((each) => each && gridOf(each, cell, across));
    const longest = Math.max(...grids.filter(Boolean).map(({ w, h }) => (across ? h : w)));
    if (longest <= long + 0.5) return { cell, grids };
    cell *= Math.min(0.99, long / longest);
  }
}

function gridOf({ kind, shape, size }, cell, across) {
  const grid = kind === "maps" ? mapGrid(shape, cell, across) : stripGrid(size, cell, across);
  return { ...grid, w: grid.cols * cell, h: grid.rows * cell };
}

function stripGrid(size, cell, across) {
  const thick = Math.max(1, Math.min(size, Math.round(STRIP / cell)));
  const long = Math.ceil(size / thick);
  const at = (i) => (across ? [i % thick, Math.floor(i / thick)] : [Math.floor(i / thick), i % thick]);
  const find = (col, row) => {
    const i = across ? row * thick + col : col * thick + row;
    return i < size ? i : -1;
  };
  return across ? { cols: thick, rows: long, at, find } : { cols: long, rows: thick, at, find };
}

// Maps side by side with one empty cell between.
function mapGrid([maps, height, width], cell, across) {
  const thick = Math.max(1, Math.min(maps, Math.round(MAPS / ((across ? width + 1 : height + 1) * cell))));
  const long = Math.ceil(maps / thick);
  const [across_, down] = across ? [thick, long] : [long, thick];
  const count = height * width;
  const at = (i) => {
    const map = Math.floor(i / count);
    return [(map % across_) * (width + 1) + (i % width), Math.floor(map / across_) * (height + 1) + (Math.floor(i / width) % height)];
  };
  const find = (col, row) => {
    const [x, y] = [col % (width + 1), row % (height + 1)];
    const map = Math.floor(row / (height + 1)) * across_ + Math.floor(col / (width + 1));
    return x < width && y < height && map < maps ? map * count + y * width + x : -1;
  };
  return { cols: across_ * (width + 1) - 1, rows: down * (height + 1) - 1, at, find };
}

// The three numbers of a coloured pixel lie side by side in it, as on a screen: red, green, blue.
function pictureGrid([channels, height, width]) {
  const count = height * width;
  return {
    cols: channels * width, rows: height,
    at: (i) => [channels * (i % width) + Math.floor(i / count), Math.floor(i / width) % height],
    find: (col, row) => (col % channels) * count + row * width + Math.floor(col / channels),
  };
}

/** Height of a row of the code: roomy for few numbers, a line for many. */
export const codeRow = (latent, across) => (latent <= 3 ? 58 : latent <= 10 ? 24 : Math.min(18, (across ? TALL - 40 : 300) / latent));

function codeSize(latent, across, width) {
  const h = latent * codeRow(latent, across) + 16;
  return { cols: 1, rows: latent, at: (i) => [0, i], find: (_, row) => row, w: across ? Math.min(210, width * 0.16) : Math.min(width - 2, 320), h };
}

function leftToRight(sizes, width) {
  const total = sizes.reduce((sum, { w }) => sum + w, 0);
  const gap = Math.max(10, (width - 2 - total) / (sizes.length - 1));
  let x = 1; // for the line around the picture
  return sizes.map((size) => {
    const found = { ...size, x, y: (TALL - size.h) / 2 + 2, caption: { x: x - gap / 2 + 3, y: TALL + 8, w: size.w + gap - 6 } };
    x += size.w + gap;
    return found;
  });
}

function topToBottom(sizes, width) {
  let y = 0;
  return sizes.map((size) => {
    y += LINE;
    const found = { ...size, x: (width - size.w) / 2, y, caption: { x: 0, y: y - LINE + 2, w: width } };
    y += size.h + BETWEEN;
    return found;
  });
}

/** The station and its number under a point: {station, at}, or null. */
export function hit({ places }, x, y) {
  for (const [station, place] of places.entries()) {
    const [col, row] = [Math.floor(((x - place.x) / place.w) * place.cols), Math.floor(((y - place.y) / place.h) * place.rows)];
    if (col < 0 || row < 0 || col >= place.cols || row >= place.rows) continue;
    const at = place.find(col, row);
    if (at >= 0) return { station, at };
  }
  return null;
}

/** One cell on, in a direction: within the station, then into the next one. */
export function walk({ places, across }, { station, at }, [right, down]) {
  const place = places[station];
  const [col, row] = place.at(at);
  for (let [c, r] = [col + right, row + down]; c >= 0 && r >= 0 && c < place.cols && r < place.rows; c += right, r += down) {
    const found = place.find(c, r); // past the empty cells between maps
    if (found >= 0) return { station, at: found };
  }
  const way = across ? right : down;
  const next = places[station + way];
  if (!way || !next) return { station, at };
  const share = across ? (row + 0.5) / place.rows : (col + 0.5) / place.cols;
  const [c, r] = across ? [way > 0 ? 0 : next.cols - 1, Math.floor(share * next.rows)] : [Math.floor(share * next.cols), way > 0 ? 0 : next.rows - 1];
  for (let k = 0; k < next.rows + next.cols; k += 1) {
    const found = next.find(across ? c : Math.max(0, c - k), across ? Math.max(0, r - k) : r);
    if (found >= 0) return { station: station + way, at: found };
  }
  return { station: station + way, at: 0 };
}
