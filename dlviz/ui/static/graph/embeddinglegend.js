// The lines between the points, and what colours, shapes and rings mean.

import { count, h, replace } from "../lib/dom.js";
import { classFill } from "../lib/graphview.js";

const FAINT = 0.16;

/**
 * The edges of the drawing, `own` of them, and of missing edges the pairs in question: those kept back that are found, those
 * missed, and those seen where there are none. {edges, own, read: {found, missed, seen, right}}.
 */
export function pairsOf({ kind, graph, moment, values, width, isLast }, isShown, colors) {
  if (kind !== "nodes" || !graph) return { edges: [], own: 0, read: null };
  const isLink = moment.network.spec.task === "link" && isLast;
  const probability = (a, b) => {
    let sum = 0;
    for (let f = 0; f < width; f += 1) sum += values[a * width + f] * values[b * width + f];
    return 1 / (1 + Math.exp(-sum));
  };
  const read = isLink ? { found: [], missed: [], seen: [], right: [] } : null;
  const own = graph.edges.map(([a, b], e) => {
    if (!isLink || !graph.held[e]) return { a, b, width: 1, alpha: isShown ? FAINT : 0 };
    const isFound = probability(a, b) > 0.5;
    read[isFound ? "found" : "missed"].push([a, b]);
    return { a, b, width: isFound ? 2 : 1.5, alpha: 0.95, color: isFound ? colors.accent : colors.ink, dashed: !isFound };
  });
  if (!isLink) return { edges: own, own: own.length, read };
  const { data, shape } = moment.scene.arrays.held_negative;
  const seen = [];
  for (let k = 0; k < shape[0]; k += 1) {
    const [a, b] = [data[2 * k], data[2 * k + 1]];
    const isSeen = probability(a, b) > 0.5;
    read[isSeen ? "seen" : "right"].push([a, b]);
    if (isSeen) seen.push({ a, b, width: 1.5, alpha: 0.9, color: colors.negative, dashed: true });
  }
  return { edges: [...own, ...seen], own: own.length, read };
}

const dot = (style, more = "") => h(`i.gne-mark${more}`, { style });

/** Write the legend where it has changed. */
export function legendOf(element, points, classes, colors, spec) {
  const { kind, wrong, labels } = points;
  const key = JSON.stringify([kind, classes, spec.task, colors.ink, points.isLast]);
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  const parts = [];
  const entry = (mark, text) => parts.push(h("span.gne-entry", mark, text));
  if (kind === "regression") {
    entry(dot({ background: colors.muted }), "told");
    entry(dot({ background: colors.accent }), "kept back");
  } else {
    classes.forEach((name, k) => entry(dot({ background: classFill(colors, k) }), name));
    if (kind === "nodes" && spec.task === "node") entry(dot({ background: colors.muted }, ".square"), "told");
    if (spec.task !== "link") entry(dot({ background: "transparent", "box-shadow": `inset 0 0 0 2.5px ${colors.ink}` }), "answered wrongly");
    if (labels.some((label) => label < 0) && kind === "nodes") entry(dot({ background: "transparent", "box-shadow": `inset 0 0 0 1.25px ${colors.muted}` }), "class unknown");
    if (kind === "graphs") entry(null, "kept back ones are a little larger");
  }
  if (spec.task === "link" && classes.length) entry(null, "classes, of which it is told nothing");
  if (spec.task === "link" && points.isLast) {
    entry(h("i.gne-line", { style: { "border-top": `2px solid ${colors.accent}` } }), "kept back and found");
    entry(h("i.gne-line", { style: { "border-top": `2px dashed ${colors.ink}` } }), "kept back and missed");
    entry(h("i.gne-line", { style: { "border-top": `2px dashed ${colors.negative}` } }), "seen where there is none");
  }
  element.setAttribute("aria-label", `${count(wrong.filter(Boolean).length)} answered wrongly`);
  replace(element, parts);
}
