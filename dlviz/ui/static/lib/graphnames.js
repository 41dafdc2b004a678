// Where the names of nodes go: beside the node, where they cover no other node, no other name and as few edges as may be.

const GAP = 7.5; // px between the rim and the name: a ring fits in
const ALL = 40; // up to so many nodes nearly each has its name
const COST = { name: 30, disc: 20, edge: 1, outside: 100, moved: 1.5 }; // `moved`: a name stays on its side unless that is clearly worse
const NO_ROOM = { small: 30, large: 3 }; // a name that would cost so much is left out: two names on each other are none
const widths = new Map();

const NAME_HEIGHT = 14;

/** Width of the text; measuring is slow and names are drawn each frame. */
export function widthOf(pen, text) {
  const key = `${pen.font}|${text}`;
  if (!widths.has(key)) {
    if (widths.size > 4000) widths.clear();
    widths.set(key, pen.measureText(text).width);
  }
  return widths.get(key);
}

/**
 * [{node, x, y}]: names to write, `y` their middle. `first`: nodes that get theirs first and in any case. `sides` (a Map
 * the caller keeps) holds the side of each name from one frame to the next; `taken`: boxes that are written on already.
 */
export function placeNames(pen, { nodes, edges, around, spots, radii, first, sides, taken, width, height }) {
  const wanted = order(nodes, around, first);
  const boxes = [...taken];
  const placed = [];
  for (const k of wanted) {
    const long = widthOf(pen, nodes[k].name);
    const near = nearOf(k, long, { boxes, spots, radii });
    let best = null;
    for (let side = 0; side < 4; side += 1) {
      const box = boxAt(side, spots[k], radii[k], long, nodes[k].badge);
      const moved = sides.has(k) && sides.get(k) !== side ? COST.moved : 0;
      const cost = moved + side * 0.2 + costOf(box, { ...near, spots, radii, edges, mine: around[k], width, height, give: (best?.cost ?? Infinity) - moved });
      if (!best || cost < best.cost) best = { side, box, cost };
    }
    if (!first.has(k) && best.cost >= (nodes.length <= ALL ? NO_ROOM.small : NO_ROOM.large)) continue;
    sides.set(k, best.side);
    boxes.push(best.box);
    const [left, top] = best.box;
    placed.push({ node: k, x: left, y: top + NAME_HEIGHT / 2 });
  }
  return placed;
}

// Those that must have a name first, then the best joined, whose names say most.
function order(nodes, around, first) {
  const named = nodes.map((_, k) => k).filter((k) => nodes[k].name && (first.has(k) || !nodes[k].dim || nodes.length <= ALL));
  return named.sort((a, b) => first.has(b) - first.has(a) || around[b].length - around[a].length || a - b);
}

// Right, below, above, left.
function boxAt(side, [x, y], radius, long, badge) {
  const under = badge ? 13 : 0;
  if (side === 0) return [x + radius + GAP, y - NAME_HEIGHT / 2, long, NAME_HEIGHT];
  if (side === 1) return [x - long / 2, y + radius + 3 + under, long, NAME_HEIGHT];
  if (side === 2) return [x - long / 2, y - radius - 3 - NAME_HEIGHT, long, NAME_HEIGHT];
  return [x - radius - GAP - long, y - NAME_HEIGHT / 2, long, NAME_HEIGHT];
}

// What a name of this length could cover on any side of node k: looked for once, not for each side.
function nearOf(k, long, { boxes, spots, radii }) {
  const [x, y] = spots[k];
  const [across, down] = [radii[k] + GAP + long + 4, radii[k] + 2 * NAME_HEIGHT + 8];
  const discs = [];
  for (let j = 0; j < spots.length; j += 1) {
    if (j !== k && Math.abs(spots[j][0] - x) < across + radii[j] && Math.abs(spots[j][1] - y) < down + radii[j]) discs.push(j);
  }
  return { discs, boxes: boxes.filter(([left, top, w, h]) => left < x + across && left + w > x - across && top < y + down && top + h > y - down) };
}

function costOf([left, top, long, high], { boxes, discs, spots, radii, edges, mine, width, height, give }) {
  const [right, bottom] = [left + long, top + high];
  let cost = left < 2 || top < 2 || right > width - 2 || bottom > height - 2 ? COST.outside : 0;
  for (const [x, y, w, h] of boxes) if (x < right + 3 && x + w > left - 3 && y < bottom && y + h > top) cost += COST.name;
  for (const j of discs) {
    const [x, y] = spots[j];
    const room = radii[j] + 1;
    if (x > left - room && x < right + room && y > top - room && y < bottom + room) cost += COST.disc;
  }
  if (cost >= give) return cost;
  // In a small graph every edge is looked at, in a large one those of the node.
  const count = spots.length <= ALL ? edges.length : mine.length;
  for (let i = 0; i < count; i += 1) {
    const { a, b } = edges[spots.length <= ALL ? i : mine[i]];
    if (crosses(spots[a], spots[b], left, top, right, bottom)) cost += COST.edge;
  }
  return cost;
}

function crosses([ax, ay], [bx, by], left, top, right, bottom) {
  if (Math.max(ax, bx) < left || Math.min(ax, bx) > right || Math.max(ay, by) < top || Math.min(ay, by) > bottom) return false;
  const side = (x, y) => Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
  const sum = side(left, top) + side(right, top) + side(left, bottom) + side(right, bottom);
  return Math.abs(sum) < 4;
}
