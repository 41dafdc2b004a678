// What the bottleneck tree comes to, in sentences of its numbers.

import { count, number, percent } from "../lib/dom.js";

export const KINDS = [["gcn", "GCN"], ["gin", "GIN"], ["gat", "GAT"]];
export const nameOf = (kind) => KINDS.find(([name]) => name === kind)[1];
const WIDTH = 32;
const MENDED = 0.05;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const change = (from, to) => (to >= from ? `${number(to / from)} times as much` : `${percent(1 - to / from, 0)} less`);

/** Of one tree: `node`, `plain` influences by node, `jumps` leaves with a shortcut. */
export function treeWords({ kind, radius, node, plain, jumps, seeds }) {
  const leaves = 2 ** radius;
  const ofLeaves = (values) => [...values.slice(leaves - 1)];
  const most = `${count(leaves)} leaves, and all they know must pass through the 2 × ${WIDTH} numbers that the root's two children send it`;
  const usual = mean(ofLeaves(plain));
  const first = `Distance ${radius}: ${most}. With first weights (${nameOf(kind)}, mean of ${seeds} seeds) a leaf's influence on the root is ${number(usual)}, a child's ${number((plain[1] + plain[2]) / 2)}${radius === 1 ? ", for here the leaves are the children" : ""}.`;
  if (!jumps.length) return `${first} Click a leaf to give it an edge to the root.`;
  const at = (values, which) => mean(ofLeaves(values).filter((_, k) => which(k)));
  const isJump = (k) => jumps.includes(k);
  const [before, after] = [at(plain, isJump), at(node, isJump)];
  const names = jumps.length === 1 ? `Leaf ${jumps[0] + 1} with its edge to the root` : `The ${jumps.length} leaves with edges to the root`;
  const rest = jumps.length < leaves ? [at(plain, (k) => !isJump(k)), at(node, (k) => !isJump(k))] : null;
  return `${first} ${names}: ${number(before)} becomes ${number(after)}, ${change(before, after)}.${rest ? ` The others: ${number(rest[0])} becomes ${number(rest[1])}, ${change(...rest)}.` : ""}`;
}

/** Against the distance: `leaf` {kind: [summary]}, `paths` numbers. */
export function distanceWords({ leaf, paths, most }) {
  const perHop = (from, to) => (from / to) ** (1 / Math.max(1, most - 1));
  const said = KINDS.map(([kind, name]) => `${name} by ${number(perHop(leaf[kind][0].mean, leaf[kind].at(-1).mean))}`);
  return `With every hop a leaf's influence is divided: ${said.join(", ")}, on average over ${most - 1} hops. The normalisation of GCN alone, which no weight can change, divides it by ${number(perHop(paths[0], paths.at(-1)))}; the rest is weights and ReLUs, which training can change. With 2 to the power r leaves each must share the same width.`;
}

/** Of the trained riddles: `ways` [plain, fully adjacent] of summaries by radius. */
export function recallWords({ kind, held, seen, steps, isDone }) {
  const last = held[0].findLastIndex(Boolean);
  if (last < 0) return "";
  const list = (points) => points.map((point, k) => (point ? `${percent(point.mean, 0)} at ${k + 1}` : null)).filter(Boolean).join(", ");
  const said = [`${nameOf(kind)} after ${count(steps)} steps recalls ${list(held[0])}${last ? "" : " hop"}; guessing gives 25 %.`];
  const narrow = held[0].findIndex((point) => point && point.mean < 0.6);
  if (narrow >= 0 && seen[0][narrow]) said.push(seen[0][narrow].mean < 0.7 ? `At ${narrow + 1} it is no better on the riddles it was just trained on (${percent(seen[0][narrow].mean, 0)}): in these steps it did not learn to hold them, which is not the same as learning them by heart.` : `At ${narrow + 1} it does know those it was trained on (${percent(seen[0][narrow].mean, 0)}), but not others.`);
  if (!isDone) return said.join(" ");
  const gains = held[1].map((point, k) => ({ k, gain: point && held[0][k] ? point.mean - held[0][k].mean : null })).filter(({ gain }) => gain !== null);
  const best = gains.reduce((top, one) => (!top || one.gain > top.gain ? one : top), null);
  if (best?.gain > MENDED) {
    const left = held[1].at(-1);
    said.push(`A fully adjacent last layer mends most at ${best.k + 1}: ${percent(held[0][best.k].mean, 0)} becomes ${percent(held[1][best.k].mean, 0)}.${left && left.mean < 0.6 ? ` At ${held[1].length} even so only ${percent(left.mean, 0)} are right: every leaf is then one hop away, but all still are added into ${WIDTH} numbers.` : ""}`);
  } else if (best) said.push(`A fully adjacent last layer does not mend it here: at best ${best.gain >= 0 ? "+" : "−"}${Math.round(Math.abs(best.gain) * 100)} points.`);
  return said.join(" ");
}
