// The course of each edge of a graph in pixels: a straight line, an arc beside its opposite, or a loop at one node.
// The painter, the pointer and the dots that travel all ask here, so that they agree on where an edge is.

const BEND = 0.24; // of an arc's length, how far its control point lies beside the middle; the arc itself half as far
const MOST_BEND = 40; // px
const LOOP = { reach: 33, half: 0.66, foot: 0.42 }; // px beyond the rim, and angles of the controls and of the feet
const ARROW = { least: 5.5, more: 1.7 }; // px long, and per pixel of the edge's width
const [FEW, MANY] = [80, 400]; // edges: lines grow thinner in between, so that many stay calm
const PIECES = 14; // straight pieces an arc is taken for by the pointer

/** What depends on who is joined to whom only: the edges at each node, which have an opposite, and how thin lines must be. */
export function structureOf({ nodes, edges, directed }) {
  const n = nodes.length;
  const around = Array.from({ length: n }, () => []); // positions of the edges at each node
  const there = new Set();
  edges.forEach(({ a, b }, k) => {
    around[a].push(k);
    if (a !== b) around[b].push(k);
    there.add(a * n + b);
  });
  const bent = edges.map(({ a, b }) => Boolean(directed && a !== b && there.has(b * n + a)));
  const heaviest = edges.reduce((most, { weight }) => Math.max(most, Math.abs(weight ?? 0)), 0);
  return { around, bent, heaviest, thin: Math.min(1, Math.max(0, (edges.length - FEW) / (MANY - FEW))) };
}

export const arrowLength = (width, thin) => ARROW.least - 1.5 * thin + ARROW.more * width;

/**
 * {from: [x, y], by: control points (none, one or two), to: [x, y], way: direction at the end} of each edge, where nodes lie
 * at `spots` ([x, y] pixels) with `radii`. With arrows, `to` is the arrow's tip on the rim of the node.
 */
export function coursesOf({ edges, directed }, { around, bent }, spots, radii) {
  return edges.map(({ a, b }, k) => {
    if (a === b) return loopAt(a, spots, radii[a], loopWay(a, edges, around[a], spots));
    const [from, end] = [spots[a], spots[b]];
    const [dx, dy] = [end[0] - from[0], end[1] - from[1]];
    const far = Math.hypot(dx, dy) || 1;
    const by = [];
    if (bent[k]) {
      const aside = Math.min(BEND * far, MOST_BEND);
      by.push([(from[0] + end[0]) / 2 + (dy / far) * aside, (from[1] + end[1]) / 2 - (dx / far) * aside]);
    }
    const last = by[0] ?? from;
    const [wx, wy] = [end[0] - last[0], end[1] - last[1]];
    const length = Math.hypot(wx, wy) || 1;
    const way = [wx / length, wy / length];
    const short = directed ? Math.min(radii[b] + 1.5, length) : 0;
    return { from, by, to: [end[0] - way[0] * short, end[1] - way[1] * short], way };
  });
}

// The middle of the widest gap between the node's other edges: there a loop is in nobody's way.
function loopWay(node, edges, mine, spots) {
  const angles = [];
  for (const k of mine) {
    const other = edges[k].a === node ? edges[k].b : edges[k].a;
    if (other !== node) angles.push(Math.atan2(spots[other][1] - spots[node][1], spots[other][0] - spots[node][0]));
  }
  if (!angles.length) return -Math.PI / 2;
  angles.sort((x, y) => x - y);
  let [widest, way] = [-1, 0];
  angles.forEach((angle, i) => {
    const gap = (i + 1 < angles.length ? angles[i + 1] : angles[0] + 2 * Math.PI) - angle;
    if (gap > widest + 1e-6) [widest, way] = [gap, angle + gap / 2];
  });
  return way;
}

function loopAt(node, spots, radius, way) {
  const [x, y] = spots[node];
  const at = (angle, far) => [x + Math.cos(angle) * far, y + Math.sin(angle) * far];
  const by = [at(way - LOOP.half, radius + LOOP.reach), at(way + LOOP.half, radius + LOOP.reach)];
  const to = at(way + LOOP.foot, radius + 1.5);
  const [wx, wy] = [to[0] - by[1][0], to[1] - by[1][1]];
  const length = Math.hypot(wx, wy) || 1;
  return { from: at(way - LOOP.foot, radius), by, to, way: [wx / length, wy / length] };
}

/** [x, y] a share t of the way along. */
export function pointOn({ from, by, to }, t) {
  const s = 1 - t;
  if (!by.length) return [0, 1].map((i) => from[i] * s + to[i] * t);
  if (by.length === 1) return [0, 1].map((i) => from[i] * s * s + 2 * by[0][i] * s * t + to[i] * t * t);
  return [0, 1].map((i) => from[i] * s ** 3 + 3 * by[0][i] * s * s * t + 3 * by[1][i] * s * t * t + to[i] * t ** 3);
}

/** [left, top, width, height] around a loop, which a name would hide. */
export function boxOf(course) {
  const all = [0, 0.25, 0.5, 0.75, 1].map((t) => pointOn(course, t));
  const [xs, ys] = [0, 1].map((i) => all.map((at) => at[i]));
  const [left, high] = [Math.min(...xs), Math.min(...ys)];
  return [left, high, Math.max(...xs) - left, Math.max(...ys) - high];
}

/** Add the course to the pen's path; `short` pixels less at its end, where the arrow head takes over. */
export function trace(pen, { from, by, to, way }, short = 0) {
  const [x, y] = [to[0] - way[0] * short, to[1] - way[1] * short];
  pen.moveTo(from[0], from[1]);
  if (!by.length) pen.lineTo(x, y);
  else if (by.length === 1) pen.quadraticCurveTo(by[0][0], by[0][1], x, y);
  else pen.bezierCurveTo(by[0][0], by[0][1], by[1][0], by[1][1], x, y);
}

/** Add an arrow head that ends the course. */
export function traceArrow(pen, { to, way }, length) {
  const half = length * 0.42;
  const [x, y] = [to[0] - way[0] * length, to[1] - way[1] * length];
  pen.moveTo(to[0], to[1]);
  pen.lineTo(x - way[1] * half, y + way[0] * half);
  pen.lineTo(x + way[1] * half, y - way[0] * half);
  pen.closePath();
}

/** Pixels from [x, y] to the course. */
export function farFrom(course, [x, y]) {
  if (!course.by.length) return farFromPiece(course.from, course.to, x, y);
  let nearest = Infinity;
  let last = course.from;
  for (let i = 1; i <= PIECES; i += 1) {
    const next = pointOn(course, i / PIECES);
    nearest = Math.min(nearest, farFromPiece(last, next, x, y));
    last = next;
  }
  return nearest;
}

function farFromPiece([ax, ay], [bx, by], x, y) {
  const [dx, dy] = [bx - ax, by - ay];
  const long = dx * dx + dy * dy;
  const t = long ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / long)) : 0;
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
