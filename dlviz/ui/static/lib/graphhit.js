// What of a graph lies under a place in pixels, and which node lies next in a direction.

import { farFrom } from "./graphcurve.js";

const NODE_ROOM = { mouse: 6, touch: 14 }; // px beyond the rim
const EDGE_ROOM = { mouse: 5, touch: 10 };
const HALF_CONE = Math.cos(Math.PI / 3);

/** {node, edge}: the nearest node within reach of `at`, else the nearest edge; null each where there is none. */
export function under({ spots, radii, courses }, at, isTouch = false) {
  const kind = isTouch ? "touch" : "mouse";
  let [node, least] = [null, Infinity];
  for (let k = 0; k < spots.length; k += 1) {
    const far = Math.hypot(at[0] - spots[k][0], at[1] - spots[k][1]);
    if (far <= radii[k] + NODE_ROOM[kind] && far < least) [node, least] = [k, far];
  }
  if (node !== null) return { node, edge: null };
  let edge = null;
  least = EDGE_ROOM[kind];
  for (let k = 0; k < courses.length; k += 1) {
    const far = farFrom(courses[k], at);
    if (far <= least) [edge, least] = [k, far];
  }
  return { node: null, edge };
}

/** The nearest node from node `k` in the direction [x, y] (pixels, y downwards), within ±60°; null if there is none. */
export function nextNode(spots, k, [wx, wy]) {
  let [found, least] = [null, Infinity];
  for (let other = 0; other < spots.length; other += 1) {
    if (other === k) continue;
    const [dx, dy] = [spots[other][0] - spots[k][0], spots[other][1] - spots[k][1]];
    const far = Math.hypot(dx, dy);
    const along = far ? (dx * wx + dy * wy) / far : 0;
    // What lies aside counts as farther, so that one walks straight where one can.
    const cost = far * (2 - along);
    if (along >= HALF_CONE && cost < least) [found, least] = [other, cost];
  }
  return found;
}
