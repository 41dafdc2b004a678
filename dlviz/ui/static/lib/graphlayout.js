// Places for the nodes of a small graph, in the browser: a few steps of a force layout, and a place for one more node.
// The same graph gives the same places: nothing here is drawn by chance.

const ROOM = 0.62; // of the distance at which pushes and pulls balance, for a drawing that fills ±1
const HEAT = 0.12; // how far a node may go in the first step
const PULL = 0.05; // towards the middle, so that parts which nothing joins do not drift apart
const FILLED = 0.95; // of ±1
const TRIES = 24; // directions asked for a free place

/**
 * Places after `steps` steps of the layout of Fruchterman and Reingold (1991): every two nodes push, joined ones pull, and the
 * steps grow shorter. `places` [[x, y], …], `edges` [{a, b}, …]; `fixed`: a Set of nodes that stay. Returns new places within ±1.
 */
export function relax(places, edges, { fixed = new Set(), steps = 60 } = {}) {
  const n = places.length;
  const now = places.map(([x, y]) => [x, y]);
  const ideal = ROOM * Math.sqrt(4 / Math.max(1, n));
  const moves = Array.from({ length: n }, () => [0, 0]);
  for (let step = 0; step < steps; step += 1) {
    const heat = HEAT * (1 - step / steps);
    for (let i = 0; i < n; i += 1) for (const axis of [0, 1]) moves[i][axis] = -PULL * now[i][axis];
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < i; j += 1) push(i, j, now, moves, ideal);
    }
    for (const { a, b } of edges) if (a !== b) pull(a, b, now, moves, ideal);
    for (let i = 0; i < n; i += 1) {
      if (fixed.has(i)) continue;
      const far = Math.hypot(...moves[i]);
      if (!far) continue;
      const share = Math.min(far, heat) / far;
      for (const axis of [0, 1]) now[i][axis] = Math.min(1, Math.max(-1, now[i][axis] + moves[i][axis] * share));
    }
  }
  return fixed.size || n < 3 ? now : fill(now);
}

// The whole drawing about the middle and as large as fits: how large the forces leave it depends on how dense the graph is.
function fill(places) {
  const [low, high] = [Math.min, Math.max].map((most) => [0, 1].map((axis) => most(...places.map((place) => place[axis]))));
  const half = Math.max(high[0] - low[0], high[1] - low[1]) / 2 || 1;
  return places.map((place) => place.map((value, axis) => (FILLED * (value - (low[axis] + high[axis]) / 2)) / half));
}

function push(i, j, now, moves, ideal) {
  let [dx, dy] = [now[i][0] - now[j][0], now[i][1] - now[j][1]];
  // Two at one place would never part: each pair has a direction of its own.
  if (Math.abs(dx) + Math.abs(dy) < 1e-6) [dx, dy] = [1e-3 * Math.cos(i * 2.4 + j), 1e-3 * Math.sin(i * 2.4 + j)];
  const share = (ideal * ideal) / (dx * dx + dy * dy);
  moves[i][0] += dx * share;
  moves[i][1] += dy * share;
  moves[j][0] -= dx * share;
  moves[j][1] -= dy * share;
}

function pull(a, b, now, moves, ideal) {
  const [dx, dy] = [now[a][0] - now[b][0], now[a][1] - now[b][1]];
  const share = Math.hypot(dx, dy) / ideal;
  moves[a][0] -= dx * share;
  moves[a][1] -= dy * share;
  moves[b][0] += dx * share;
  moves[b][1] += dy * share;
}

/** A free place [x, y] for a new node, near the middle of its `neighbours` (positions in `places`; none: the middle). */
export function placeFor(places, neighbours = []) {
  const near = neighbours.map((k) => places[k]);
  const middle = [0, 1].map((axis) => (near.length ? near.reduce((sum, place) => sum + place[axis], 0) / near.length : 0));
  const apart = Math.min(0.3, 1 / Math.sqrt(places.length + 1));
  const room = (place) => places.reduce((least, other) => Math.min(least, Math.hypot(place[0] - other[0], place[1] - other[1])), Infinity);
  if (room(middle) >= apart) return middle;
  let best = { place: middle, room: room(middle) };
  for (let ring = 1; ring <= 8; ring += 1) {
    for (let k = 0; k < TRIES; k += 1) {
      const angle = Math.PI / 2 + (2 * Math.PI * k) / TRIES;
      const place = [middle[0] + ring * apart * 0.6 * Math.cos(angle), middle[1] + ring * apart * 0.6 * Math.sin(angle)];
      if (Math.max(...place.map(Math.abs)) > 0.98) continue;
      const found = room(place);
      if (found > best.room) best = { place, room: found };
    }
    if (best.room >= apart) return best.place; // the nearest ring that has room
  }
  return best.place;
}
