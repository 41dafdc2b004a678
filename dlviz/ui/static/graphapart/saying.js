// What the numbers of a pair mean, in words.

import { HOW, NETWORKS } from "./network.js";

const times = (n) => (n === 1 ? "once" : n === 2 ? "twice" : `${n} times`);
const many = (n, one, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;
const listed = (words, last = "and") => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`);

/** {kind: "different" | "same" | "open", title, text} of the test as a whole. */
export function verdict({ wl, joint, isomorphic, rounds, triangles }, knowledge) {
  const { different, stable, colors } = wl;
  if (different !== null) {
    const row = colors[different];
    const [left, right] = [[0, joint.cut], [joint.cut, joint.count]].map(([from, till]) => row.slice(from, till));
    const color = [...new Set(row)].sort((a, b) => a - b).find((each) => countIn(left, each) !== countIn(right, each));
    const title = different === 0 ? "Different before the first round" : `Different after round ${different}`;
    const proof = `Colour ${color} is there ${times(countIn(left, color)).replace("0 times", "never")} on the left and ${times(countIn(right, color)).replace("0 times", "never")} on the right.`;
    const warning = isomorphic ? " Yet they are one graph: what the nodes were told are their numbers, and a numbering is no property of a graph." : "";
    return { kind: "different", title, text: proof + (warning && knowledge === "numbers" ? warning : "") };
  }
  if (stable === null) return { kind: "open", title: `No difference within ${rounds} rounds`, text: "Some colours were still splitting when the test was stopped." };
  const title = `Cannot tell apart: stable after round ${stable}`;
  const corners = triangles[0] === triangles[1] ? `both have ${many(triangles[0], "triangle")}` : `${many(triangles[0], "triangle")} on the left, ${triangles[1]} on the right`;
  const truth = { true: "Rightly so: they are one graph, only numbered another way.", false: `But they are two graphs: no renumbering makes one of the other (${corners}).`, null: "Whether one is the other renumbered would take too many tries to find out." }[String(isomorphic)];
  return { kind: "same", title, text: `From then on no colour splits, and both sides have the same counts. ${truth}` };
}

const countIn = (row, color) => row.filter((each) => each === color).length;

/** What is so at this round. */
export function moment({ wl, joint }, round) {
  const row = wl.colors[round];
  const kinds = new Set(row).size;
  const before = round ? new Set(wl.colors[round - 1]).size : 0;
  const grown = round === 0 ? "" : kinds === before ? ", as many as before: nothing was split" : `, ${kinds - before} more than before`;
  const isSame = wl.different === null || round < wl.different;
  return `${round === 0 ? "At the start" : `After round ${round}`}: ${many(kinds, "colour")} on ${joint.count} nodes${grown}. ${isSame ? "Both sides have the same counts." : "The counts differ."}`;
}

/** How a network that puts messages together by `how` stands to the test at this round. */
export function following({ parts, joint, rounds }, how, round, epsilon) {
  const { merged, follows } = parts[how][round];
  const first = parts[how].findIndex((part) => !part.follows);
  if (follows && first < 0) return `Follows the test in ${rounds === 1 ? "the one round" : `all ${rounds} rounds`}: two nodes have one embedding where they have one colour, and only there.`;
  if (follows) return `${round === 0 ? "At the start" : `After layer ${round}`} its groups are those of the test; in round ${first} they are not.`;
  const named = merged.slice(0, 3).map(([a, b]) => `${joint.names[a]} and ${joint.names[b]}`);
  const rest = merged.length - named.length;
  const why = {
    sum: epsilon === 0 ? "With ε = 0 a node's own features are one more message, so who is who is lost." : "These sums came out equal.",
    mean: "Their neighbours have the same shares; how many there are is lost.",
    max: "The largest of each feature is the same; how often it is there is lost.",
  }[how];
  return `${round === 0 ? "At the start" : `After layer ${round}`} it takes ${listed(named)}${rest ? ` (and ${many(rest, "more pair")})` : ""} for one, which the test keeps apart. ${why}`;
}

/** Which of the nine networks tell the two graphs apart at this round. */
export function summary(found, round) {
  const cells = HOW.flatMap((how) => HOW.map((readout) => ({ how, readout, told: found.read(round, how, readout).told })));
  const telling = cells.filter(({ told }) => told).map(({ how, readout }) => `${how} with ${readout}`);
  const when = round === 0 ? "Before the first layer" : `After layer ${round}`;
  if (!telling.length) return `${when} all nine say the same of both graphs, with every one of ${NETWORKS} draws of weights.`;
  if (telling.length === 9) return `${when} all nine tell the two graphs apart.`;
  const blind = cells.filter(({ told }) => !told).map(({ how, readout }) => `${how} with ${readout}`);
  return telling.length <= blind.length
    ? `${when} ${telling.length} of nine tell the two graphs apart: ${listed(telling)}. The others say the same of both, with every draw of weights.`
    : `${when} ${telling.length} of nine tell the two graphs apart. The same of both say ${listed(blind)}, with every draw of weights.`;
}
