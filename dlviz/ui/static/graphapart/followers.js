// Beside the test: networks that add, average or take the largest, and whether their groups of nodes are the test's.

import { h, icon, replace, setText } from "../lib/dom.js";
import { HOW, NETWORKS } from "./network.js";
import { following } from "./saying.js";
import { refill, small, TONES } from "./small.js";

// A group has the tone of its first node in the test; where tones would repeat, one that is free.
function tonesOf(groups, wanted) {
  const given = new Map();
  groups.forEach((group, k) => {
    if (given.has(group)) return;
    const used = new Set(given.values());
    const tone = wanted[k] % TONES;
    const free = Array.from({ length: TONES }, (_, at) => at).find((each) => !used.has(each));
    given.set(group, used.has(tone) ? free ?? tone : tone);
  });
  return groups.map((group) => given.get(group));
}

const NAMES = { sum: "Sum (GIN)", mean: "Mean", max: "Max" };

export function buildFollowers({ stage, go }) {
  const cards = Object.fromEntries(HOW.map((how) => [how, { drawn: h("div.ga-two"), badge: h("span.ga-badge"), marks: h("div.row.ga-marks", { role: "group", "aria-label": `Rounds of ${NAMES[how]}` }), words: h("p.small.value") }]));
  const element = h("section.ga-part", { "aria-label": "Networks beside the test" }, h("h3", "Which network follows"),
    h("p.ga-about", `The same layers with the same random weights (16 features), only the way to put messages together differs. Nodes have one tone where all ${NETWORKS} draws of weights give them the same embedding. A mark for each round: are these the groups of the test?`),
    h("div.ga-three", HOW.map((how) => h("div.ga-follower", { "data-how": how }, h("div.row", h("h4.grow", NAMES[how]), cards[how].badge), cards[how].drawn, cards[how].marks, cards[how].words))));

  return {
    element,
    show() {
      const { found, state } = stage;
      const { round } = state;
      for (const how of HOW) {
        const { drawn, badge, marks, words } = cards[how];
        const { groups, follows } = found.parts[how][round];
        const tones = tonesOf(groups, found.wl.tones[round]);
        const kinds = new Set(groups).size;
        const told = `${kinds} ${kinds === 1 ? "group" : "groups"}`;
        replace(drawn, small(state.left, tones.slice(0, found.joint.cut), `Left graph by ${NAMES[how]}: ${told} in both`), small(state.right, tones.slice(found.joint.cut), "Right graph"));
        badge.dataset.follows = String(follows);
        setText(badge, follows ? `follows: ${told}` : `merges: ${told}`);
        refill(marks, found.parts[how].map((part, r) => h("button.ga-mark", { type: "button", "aria-pressed": String(r === round), "data-follows": String(part.follows), "aria-label": `Round ${r}: ${part.follows ? "the groups of the test" : "other groups"}`, onclick: () => go(r) }, icon(part.follows ? "check" : "cross", 14), String(r))));
        setText(words, following(found, how, round, state.epsilon));
      }
    },
    read: () => Object.fromEntries(HOW.map((how) => [how, {
      badge: cards[how].badge.textContent, words: cards[how].words.textContent, marks: [...cards[how].marks.children].map((mark) => mark.dataset.follows === "true"),
      fills: [...cards[how].drawn.querySelectorAll("circle")].map((each) => each.style.fill),
    }])),
  };
}
