// What the trainings at every depth come to: from where on accuracy falls, and what mends it here.

import { percent } from "../lib/dom.js";

export const WAYS = [["plain", "Plain"], ["residual", "Residual"], ["pairnorm", "PairNorm"], ["dropedge", "DropEdge 0.5"]];
const LESS = 0.1; // below the best so far by more than this: it has fallen
const MENDED = 0.05; // above the plain one by more than this at the deepest: it helps
const NAMES = { residual: "residual connections", pairnorm: "PairNorm", dropedge: "DropEdge" };

/** The first depth from which on accuracy stays more than a tenth below its best; null where it never does. */
export function fallsFrom(depths, points) {
  const known = points.map((point, at) => ({ at, mean: point?.mean ?? null })).filter(({ mean }) => mean !== null);
  const best = Math.max(...known.map(({ mean }) => mean));
  let from = null;
  for (const { at, mean } of [...known].reverse()) {
    if (mean >= best - LESS) break;
    from = depths[at];
  }
  return from;
}

/** `found`: {depths, ways: [names], held: {way: [summary]}, seen: {way: …}, spread: {way: …}, isDone}. */
export function trainedWords({ depths, ways, held, seen, spread, isDone }) {
  const base = ways.includes("plain") ? "plain" : ways[0];
  const last = held[base].findLastIndex(Boolean);
  if (last < 0) return seen[base].some(Boolean) ? "No node is kept back here, so only the training accuracy can be measured. Tell fewer classes to see how well the others are found." : "";
  const name = base === "plain" ? "Plain layers" : "This way";
  const from = fallsFrom(depths, held[base]);
  const at = (rows, k) => rows[k] && percent(rows[k].mean, 0);
  const best = held[base].reduce((top, point, k) => (point && (top < 0 || point.mean > held[base][top].mean) ? k : top), -1);
  const said = [from === null
    ? `${name}: up to ${depths[last]} layers held-back accuracy does not fall below its best by more than a tenth (best ${at(held[base], best)} with ${depths[best]}, ${at(held[base], last)} with ${depths[last]}).`
    : `${name}: best with ${depths[best]} (${at(held[base], best)} of the held-back nodes right), and from ${depths[depths.indexOf(from)]} layers on it stays more than a tenth below: ${at(held[base], last)} with ${depths[last]}.`];
  if (seen[base][last] && seen[base][last].mean - held[base][last].mean > 0.1 && from !== null) said.push(`The told nodes are still right in ${at(seen[base], last)}: it can be trained, but what it learned does not carry over.`);
  if (spread[base][0] && spread[base][last]) said.push(`The embeddings' cosine distance goes from ${spread[base][0].mean.toFixed(2)} to ${spread[base][last].mean.toFixed(2)}.`);
  if (!isDone) return said.join(" ");
  const mends = ways.filter((way) => way !== base && held[way][last]);
  const gains = mends.map((way) => ({ way, gain: held[way][last].mean - held[base][last].mean })).sort((a, b) => b.gain - a.gain);
  const list = (some) => some.map(({ way, gain }) => `${NAMES[way]} (${gain >= 0 ? "+" : "−"}${Math.round(Math.abs(gain) * 100)} points)`).join(", ");
  const good = gains.filter(({ gain }) => gain > MENDED);
  const idle = gains.filter(({ gain }) => gain <= MENDED);
  if (good.length) said.push(`With ${depths[last]} layers it is mended here by ${list(good)}.`);
  if (idle.length) said.push(`Not helped${from === null ? ", where little was lost," : ""} by ${list(idle)}.`);
  return said.join(" ");
}
