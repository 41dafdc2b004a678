// A graph and copies of it as one graph: what each readout makes of them, computed by a pass of its own.

import { h, number, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { copiesOf, HOWS, normOf, readOut } from "./batching.js";
import { answerText } from "./readouts.js";

const COPIES = { name: "readout_copies", kind: "range", label: "Copies", low: 1, high: 6, whole: true, default: 2, help: "So many copies of the graph, with no edge between them, as one graph." };
const SAME = 1e-4; // of the norm: two numbers in single precision

export function buildDoubling({ redraw, happened }) {
  const state = { g: 0, copies: COPIES.default };
  const copies = knob(COPIES, { onchange: (value) => { state.copies = value; happened(); redraw(); } });
  const select = h("select", { "aria-label": "Which graph is copied", onchange: () => { state.g = Number(select.value); happened(); redraw(); } });
  const [rows, sentence] = [h("div.gr-doubled", { role: "table", "aria-label": "Readouts of one copy and of several" }), h("p.gr-sentence.value")];
  let [key, last] = [null, null];

  function show({ scene, network, batch, candidates, chosen }) {
    state.g = Math.min(state.g, chosen.length - 1);
    const names = chosen.map((place) => candidates.title(place)).join("|");
    if (select.dataset.names !== names) {
      select.dataset.names = names;
      replace(select, chosen.map((place, g) => h("option", { value: g }, `${g}: ${candidates.title(place)}`)));
    }
    select.value = String(state.g);
    const next = [network, batch, state.g, state.copies];
    if (key?.every((each, k) => each === next[k])) return;
    key = next;
    const graph = batch.graphs[state.g];
    const [one, many] = [1, state.copies].map((count) => readOut(network, copiesOf(graph, count)));
    const { spec } = scene.numbers;
    const isSet = spec.task === "graph" || spec.task === "regression";
    const made = HOWS.map((how) => {
      const [before, after] = [normOf(one[how]), normOf(many[how])];
      const apart = normOf(many[how].map((value, k) => value - one[how][k]));
      return { how, before, after, isSame: apart <= SAME * Math.max(before, 1e-6), answers: isSet ? [one, many].map((found) => answerText(scene, found.answers[how], 0)) : null, one: [...one[how]], many: [...many[how]] };
    });
    replace(rows, h("div.gr-line.label", { role: "row" }, ["Readout", "Length of the row", isSet ? "Answer" : ""].map((text) => h("span", { role: "columnheader" }, text))), made.map((each) => line(each, spec.readout === each.how && isSet)));
    setText(sentence, sentenceOf(made, state.copies, graph.count, isSet, spec));
    last = { g: state.g, copies: state.copies, rows: made, sentence: sentence.textContent };
  }

  return { element: h("div.stack", h("div.gr-adding", h("label.gr-menu", h("span.label", "Graph"), h("span.menu", select)), copies.element), rows, sentence), show, read: () => last };
}

function line({ how, before, after, isSame, answers }, isOwn) {
  const times = before > 1e-9 ? ` (× ${number(after / before)})` : "";
  const told = answers ? (answers[0] === answers[1] ? `${answers[0]}, as before` : `${answers[0]} → ${answers[1]}`) : "";
  return h("div.gr-line.value", { role: "row", class: isOwn ? "gr-own" : null },
    h("b", { role: "cell" }, how), h("span", { role: "cell" }, isSame ? `${number(before)}, unchanged` : `${number(before)} → ${number(after)}${times}`), h("span", { role: "cell" }, told));
}

function sentenceOf(made, copies, count, isSet, spec) {
  if (copies === 1) return "One copy is the graph itself: nothing changes.";
  const [sum, mean, max] = made;
  const still = mean.isSame && max.isSame;
  const first = `${copies} copies have ${copies * count} nodes instead of ${count}. The sum is ${number(sum.before > 1e-9 ? sum.after / sum.before : 1)} times as long; ${still ? "mean and max do not notice: to them, the copies are the one graph" : "mean or max changed as well"}.`;
  if (!isSet) return first;
  const own = made.find(({ how }) => how === spec.readout);
  return `${first} ${own.answers[0] === own.answers[1] ? `So this network, which reads by ${own.how}, answers as before.` : `This network reads by ${own.how}: its answer moves.`}`;
}
