// Whether one number goes up and down with another: Spearman's rank correlation (dlviz/training/ranking.py counts the same).

import { ranksOf } from "../lib/ranks.js";

const FEWEST = 4; // pairs below which it says nothing

/** {rho, pairs: [[a, b, place], …]} of two rows; pairs in which either is no number are left out; rho NaN where it means nothing. */
export function agreement(a, b) {
  const pairs = [];
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (Number.isFinite(a[i]) && Number.isFinite(b[i])) pairs.push([a[i], b[i], i]);
  if (pairs.length < FEWEST) return { rho: NaN, pairs };
  const [x, y] = [0, 1].map((side) => {
    const ranks = ranksOf(pairs.map((pair) => pair[side]));
    const mean = (pairs.length + 1) / 2;
    return ranks.map((rank) => rank - mean);
  });
  const dot = (p, q) => p.reduce((sum, value, i) => sum + value * q[i], 0);
  const size = Math.sqrt(dot(x, x) * dot(y, y));
  return { rho: size > 0 ? Math.min(1, Math.max(-1, dot(x, y) / size)) : NaN, pairs };
}
