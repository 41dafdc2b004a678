// Everything that is computed of a pair: the test, the networks, whom they follow, what they tell apart.

import { difference, embeddings, gathered, groupsOf, HOW, NETWORKS, TOLERANCE, weightsOf } from "./network.js";
import { isIsomorphic } from "./isomorphic.js";
import { canonical, knowledgeOf, refine, together, triangles } from "./refining.js";

/**
 * Of {left, right, knowledge, epsilon, seed}: {joint, told, kinds, wl, rounds, isomorphic, triangles: [left, right], trianglesTell, parts: {how: [round]
 * {groups, follows, merged, split}}, seen: {how: [network][round] {x, width}}, read(round, how, readout), nodes(round, how, i, j)}.
 */
export function compare({ left, right, knowledge, epsilon, seed }) {
  const joint = together(left, right);
  const given = [...left.colors, ...right.colors];
  const { told, kinds } = knowledgeOf(joint, given, knowledge);
  const wl = refine(joint, told);
  const rounds = wl.colors.length - 1;
  const plain = knowledge === "given" ? wl : refine(joint, knowledgeOf(joint, given, "given").told);
  const seen = {};
  const parts = {};
  for (const how of HOW) {
    seen[how] = Array.from({ length: NETWORKS }, (_, n) => embeddings(joint, told, kinds.length, weightsOf(seed + n, kinds.length, rounds), how, epsilon));
    parts[how] = wl.colors.map((colors, round) => partOf(groupsOf(seen[how].map((rows) => rows[round]), joint.count), canonical(colors)));
  }
  const cornered = refine(joint, knowledgeOf(joint, given, "triangles").told);
  const corners = triangles(joint);
  const total = (from, till) => corners.slice(from, till).reduce((sum, each) => sum + each, 0) / 3;
  return {
    joint, told, kinds, wl, rounds, seen, parts, isomorphic: isIsomorphic(joint, plain.colors.at(-1)), triangles: [total(0, joint.cut), total(joint.cut, joint.count)],
    trianglesTell: cornered.different !== null,
    read: once((round, how, readout) => outcome(seen[how].map((rows) => {
      const { x, width } = rows[round];
      return [[0, joint.cut], [joint.cut, joint.count]].map(([from, till]) => gathered(readout, x, width, range(from, till)));
    }))),
    nodes: once((round, how, i, j) => outcome(seen[how].map((rows) => {
      const { x, width } = rows[round];
      return [i, joint.cut + j].map((k) => x.slice(k * width, (k + 1) * width));
    }))),
  };
}

const range = (from, till) => Array.from({ length: till - from }, (_, k) => from + k);

function once(make) {
  const known = new Map();
  return (...given) => {
    const key = given.join();
    if (!known.has(key)) known.set(key, make(...given));
    return known.get(key);
  };
}

/** Of each network two vectors: {shares, told (how many networks tell them apart), most (the largest share), at (whose), vectors}. */
function outcome(vectors) {
  const shares = vectors.map(([one, other]) => difference(one, other));
  const most = Math.max(...shares);
  return { shares, told: shares.filter((share) => share > TOLERANCE).length, most, at: shares.indexOf(most), vectors };
}

// How the groups of a network stand to those of the test: `merged` pairs of nodes that only the test keeps apart, `split` the others.
function partOf(groups, wanted) {
  const [merged, split] = [[], []];
  for (let a = 0; a < groups.length; a += 1) {
    for (let b = a + 1; b < groups.length; b += 1) {
      if (groups[a] === groups[b] && wanted[a] !== wanted[b]) merged.push([a, b]);
      if (groups[a] !== groups[b] && wanted[a] === wanted[b]) split.push([a, b]);
    }
  }
  return { groups, wanted, merged, split, follows: !merged.length && !split.length };
}
