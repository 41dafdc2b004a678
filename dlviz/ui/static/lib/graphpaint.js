// Painting a graph: edges in one path for each style, then arrows, dots, nodes, and names on top.

import { css, mix, rgb } from "./color.js";
import { arrowLength, boxOf, pointOn, trace, traceArrow } from "./graphcurve.js";
import { placeNames, widthOf } from "./graphnames.js";

const DIM = 0.76; // of the way to the paper
const DIM_EDGE = 0.25;
const DASH = [4, 3.5];
const HALO = 0.42; // opacity of a halo at its middle
const known = new Map(); // colours that were worked out before: parsing them is slow

/** The colour of class k; muted for −1, a node whose class nobody knows. */
export const classFill = (colors, k) => (k === null || k === undefined || k < 0 ? colors.muted : colors.classes[k % colors.classes.length]);

/** "#000000" or "#ffffff": what reads better as text on `color`. */
export function contrast(color) {
  return remember(`contrast|${color}`, () => {
    const [r, g, b] = rgb(color).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return (light + 0.05) ** 2 > 0.05 * 1.05 ? "#000000" : "#ffffff";
  });
}

function remember(key, make) {
  if (!known.has(key)) {
    if (known.size > 4000) known.clear();
    known.set(key, make());
  }
  return known.get(key);
}

const blend = (from, to, share) => (share === 0 ? from : remember(`${from}|${to}|${share}`, () => css(mix(rgb(from), rgb(to), share))));

/** Width of an edge: its own, or by its weight among the weights. Rounded, so that few styles arise. */
export function widthOfEdge({ width, weight }, { heaviest, thin }) {
  if (width !== undefined && width !== null) return width;
  if (weight === undefined || weight === null || !heaviest) return 1 - 0.3 * thin;
  return Math.round((0.5 + ((2.5 - 1.5 * thin) * Math.abs(weight)) / heaviest) * 4) / 4;
}

/** Paint `picture` (as GraphView.show takes it) at {spots, radii, courses, structure, sides}. */
export function paintGraph(pen, picture, placed, colors, { width, height }) {
  pen.clearRect(0, 0, width, height);
  pen.lineJoin = "round";
  pen.lineCap = "butt";
  for (const halo of picture.halo ?? []) paintHalo(pen, halo, placed, colors);
  paintEdges(pen, picture, placed, colors);
  paintNodes(pen, picture, placed, colors);
  for (const dot of picture.travel ?? []) paintDot(pen, dot, placed, colors);
  paintTexts(pen, picture, placed, colors, { width, height });
}

function paintHalo(pen, { node, color, radius }, { spots, radii }, colors) {
  const [x, y] = spots[node];
  const far = radius ?? radii[node] * 2.4;
  const paint = rgb(color ?? colors.accent);
  const soft = pen.createRadialGradient(x, y, 0, x, y, far);
  for (const [at, share] of [[0, 1], [0.5, 0.7], [0.8, 0.25], [1, 0]]) soft.addColorStop(at, css(paint, HALO * share));
  pen.fillStyle = soft;
  pen.beginPath();
  pen.arc(x, y, far, 0, 2 * Math.PI);
  pen.fill();
}

/** The default colour of an edge: quiet, but there. */
const edgeColor = (edge, colors, thin) => edge.color ?? blend(colors.ink, colors.paper, 0.58 + 0.12 * thin);

function paintEdges(pen, { edges, directed, hoveredEdge }, { courses, structure }, colors) {
  const styles = new Map();
  edges.forEach((edge, k) => {
    const wide = widthOfEdge(edge, structure);
    const alpha = (edge.alpha ?? 1) * (edge.dim ? DIM_EDGE : 1);
    const color = edgeColor(edge, colors, structure.thin);
    const key = `${color}|${wide}|${alpha}|${edge.dashed ? 1 : 0}`;
    if (!styles.has(key)) styles.set(key, { color, wide, alpha, dashed: edge.dashed, members: [] });
    styles.get(key).members.push(courses[k]);
  });
  // The faint first: what matters lies on top.
  for (const style of [...styles.values()].sort((a, b) => a.alpha - b.alpha)) strokeEdges(pen, style, directed, structure.thin);
  pen.globalAlpha = 1;
  if (hoveredEdge !== null && hoveredEdge !== undefined && edges[hoveredEdge]) {
    const edge = edges[hoveredEdge];
    strokeEdges(pen, { color: colors.accent, wide: widthOfEdge(edge, structure) + 1.25, alpha: 1, dashed: edge.dashed, members: [courses[hoveredEdge]] }, directed, structure.thin);
  }
}

function strokeEdges(pen, { color, wide, alpha, dashed, members }, directed, thin) {
  const head = directed ? arrowLength(wide, thin) : 0;
  pen.globalAlpha = alpha;
  pen.strokeStyle = color;
  pen.lineWidth = wide;
  if (dashed) pen.setLineDash(DASH);
  pen.beginPath();
  for (const course of members) trace(pen, course, head * 0.9);
  pen.stroke();
  if (dashed) pen.setLineDash([]);
  if (!directed) return;
  pen.fillStyle = color;
  pen.beginPath();
  for (const course of members) traceArrow(pen, course, head);
  pen.fill();
}

function outline(pen, square, x, y, radius) {
  pen.beginPath();
  if (square) pen.roundRect(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8, radius * 0.25);
  else pen.arc(x, y, radius, 0, 2 * Math.PI);
}

// One by one, not by style: where nodes overlap, each must lie whole over the one before.
function paintNodes(pen, { nodes, hovered, picked }, { spots, radii }, colors) {
  const empty = blend(colors.ink, colors.paper, 0.45);
  nodes.forEach((node, k) => {
    const [x, y] = spots[k];
    const fade = node.dim ? DIM : 0;
    const radius = radii[k];
    outline(pen, node.square, x, y, radius + 1.25); // a little paper around it keeps it off its edges and neighbours
    pen.fillStyle = colors.paper;
    pen.fill();
    outline(pen, node.square, x, y, radius);
    pen.fillStyle = node.fill ? blend(node.fill, colors.paper, fade) : colors.paper;
    pen.fill();
    if (node.ring || !node.fill) {
      const wide = node.ringWidth ?? (node.ring ? 2 : 1.25);
      outline(pen, node.square, x, y, Math.max(0.5, radius - wide / 2));
      pen.strokeStyle = blend(node.ring ?? empty, colors.paper, fade);
      pen.lineWidth = wide;
      pen.stroke();
    }
  });
  pen.strokeStyle = colors.accent;
  for (const [k, wide, away] of [[picked, 3, 3.5], [hovered, 1.5, picked === hovered ? 6.5 : 3.25]]) {
    if (k === null || k === undefined || !nodes[k]) continue;
    outline(pen, nodes[k].square, ...spots[k], radii[k] + away);
    pen.lineWidth = wide;
    pen.stroke();
  }
}

function paintDot(pen, { edge, t, reverse, color, text }, { courses }, colors) {
  if (!courses[edge]) return;
  const [x, y] = pointOn(courses[edge], reverse ? 1 - t : t);
  pen.beginPath();
  pen.arc(x, y, 4, 0, 2 * Math.PI);
  pen.strokeStyle = colors.paper;
  pen.lineWidth = 2.5;
  pen.stroke();
  pen.fillStyle = color ?? colors.accent;
  pen.fill();
  if (!text) return;
  pen.font = `11px ${colors.font}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  write(pen, text, x + 7, y - 7, colors.ink, colors.paper);
}

// The paper around the letters keeps them legible over lines.
function write(pen, text, x, y, color, paper) {
  pen.strokeStyle = paper;
  pen.lineWidth = 3.5;
  pen.strokeText(text, x, y);
  pen.fillStyle = color;
  pen.fillText(text, x, y);
}

function paintTexts(pen, picture, { spots, radii, courses, structure, sides }, colors, { width, height }) {
  const { nodes, edges, hovered, picked } = picture;
  const taken = [];
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `11px ${colors.font}`;
  edges.forEach((edge, k) => {
    if (edge.a === edge.b) taken.push(boxOf(courses[k]));
    if (!edge.text) return;
    const [x, y] = pointOn(courses[k], 0.5);
    const long = widthOf(pen, edge.text);
    taken.push([x - long / 2, y - 6, long, 12]);
    write(pen, edge.text, x, y, blend(blend(colors.ink, colors.paper, 0.2), colors.paper, edge.dim ? DIM : 0), colors.paper);
  });
  nodes.forEach((node, k) => {
    if (!node.badge) return;
    const [x, y] = [spots[k][0], spots[k][1] + radii[k] + (k === picked || k === hovered ? 12 : 9)];
    const long = widthOf(pen, node.badge);
    taken.push([x - long / 2, y - 6, long, 12]);
    write(pen, node.badge, x, y, blend(colors.muted, colors.paper, node.dim ? DIM : 0), colors.paper);
  });
  nodes.forEach((node, k) => {
    if (!node.label) return;
    pen.font = `600 ${Math.max(9, Math.min(13, Math.round(radii[k] * 0.95)))}px ${colors.font}`;
    const ground = node.fill ? blend(node.fill, colors.paper, node.dim ? DIM : 0) : colors.paper;
    pen.fillStyle = node.fill ? contrast(ground) : blend(colors.ink, colors.paper, node.dim ? DIM : 0);
    pen.fillText(node.label, spots[k][0], spots[k][1] + 0.5);
  });
  pen.font = `12px ${colors.font}`;
  pen.textAlign = "left";
  const first = new Set();
  for (const k of [hovered, picked]) {
    if (k === null || k === undefined || !nodes[k]) continue;
    first.add(k);
    for (const i of structure.around[k]) first.add(edges[i].a === k ? edges[i].b : edges[i].a);
  }
  const chosen = placeNames(pen, { nodes, edges, around: structure.around, spots, radii, first, sides, taken, width, height });
  for (const { node: k, x, y } of chosen) write(pen, nodes[k].name, x, y, blend(colors.ink, colors.paper, nodes[k].dim ? DIM * 0.7 : 0), colors.paper);
}

/** A line from a node to the pointer, while two are being joined. */
export function paintRubber(pen, from, to, colors) {
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 1.75;
  pen.setLineDash(DASH);
  pen.stroke();
  pen.setLineDash([]);
  pen.beginPath();
  pen.arc(to[0], to[1], 3, 0, 2 * Math.PI);
  pen.fillStyle = colors.accent;
  pen.fill();
}
