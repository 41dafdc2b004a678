// What the numbers of a pair mean, in words.

import { HOW, NETWORKS } from "./network.js";

const times = (n) => (n === 1 ? "once" : n === 2 ? "twice" : `${n} times`);
const many = (n, one, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;
const listed = (words, last = "and") => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`);

/** {kind: "different" | "same" | "open", title, text} of the test as a whole. */
export function verdict({ wl, joint, isomorphic, rounds, triangles, trianglesTell }, knowledge) {
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
  const corners = triangles[0] === triangles[1] ? `both have ${triangles[0] ? many(triangles[0], "triangle") : "no triangle"}` : `${many(triangles[0], "triangle")} on the left, ${triangles[1]} on the right`;
  const truth = { true: "Rightly so: they are one graph, only numbered another way.", false: `But they are two graphs: no renumbering makes one of the other (${corners}).${knowledge === "given" ? (trianglesTell ? " Told their triangles, the nodes would know." : " Telling the nodes their triangles would not help.") : ""}`, null: "Whether one is the other renumbered would take too many tries to find out." }[String(isomorphic)];
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

const SWAPPED = (epsilon) => (epsilon === 0 ? "Own features and what is heard add up to the same: with ε = 0 a node's own are one more message, and which are its own is lost." : "Own features and what is heard add up to the same.");
const WORDS = ["None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"];

/** How a network that puts messages together by `how` stands to the test at this round. */
export function following({ parts, joint, rounds }, how, round, epsilon) {
  const { merged, follows } = parts[how][round];
  const first = parts[how].findIndex((part) => !part.follows);
  if (follows && first < 0) return `Follows the test in ${rounds === 1 ? "the one round" : `all ${rounds} rounds`}: two nodes have one embedding where they have one colour, and only there.`;
  if (follows) return `${round === 0 ? "At the start" : `After layer ${round}`} its groups are those of the test; in round ${first} they are not.`;
  const named = merged.slice(0, 3).map(([a, b]) => `${joint.names[a]} with ${joint.names[b]}`);
  const rest = merged.length - named.length;
  const own = parts[how][round - 1]?.groups; // whether the two were one to this network before, too
  const isSwap = own && own[merged[0][0]] !== own[merged[0][1]];
  const why = isSwap ? SWAPPED(epsilon) : { sum: "They were one to it before, and so were those whom they hear.", mean: "What they hear has the same shares; how many there are is lost.", max: "The largest of each feature is the same; how often it is there is lost." }[how];
  return `${round === 0 ? "At the start" : `After layer ${round}`} it merges ${listed(named)}${rest ? ` (and ${many(rest, "more pair")})` : ""}, which the test keeps apart. ${why}`;
}

/** Which of the nine networks tell the two graphs apart at this round. */
export function summary(found, round) {
  const cells = HOW.flatMap((how) => HOW.map((readout) => ({ how, readout, told: found.read(round, how, readout).told })));
  const telling = cells.filter(({ told }) => told).map(({ how, readout }) => `${how} with ${readout}`);
  const when = round === 0 ? "before the first layer" : `after layer ${round}`;
  if (!telling.length) return `All nine networks say the same of both graphs ${when}, with each of ${NETWORKS} draws of weights.`;
  if (telling.length === 9) return `All nine networks tell the two graphs apart ${when}.`;
  const blind = cells.filter(({ told }) => !told).map(({ how, readout }) => `${how} with ${readout}`);
  return telling.length <= blind.length
    ? `${WORDS[telling.length]} of nine ${telling.length === 1 ? "networks tells" : "networks tell"} the two graphs apart ${when}: ${listed(telling)}. The others say the same of both, with every draw of weights.`
    : `${WORDS[telling.length]} of nine networks tell the two graphs apart ${when}. The same of both ${blind.length === 1 ? "says" : "say"} ${listed(blind)}, with every draw of weights.`;
}
