// Scores: five functions on the same query and keys, which one drags; scores, weights and contexts follow at once.

import { h, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { buildCards } from "./cards.js";
import { buildKeyList } from "./keylist.js";
import { buildLearned } from "./learned.js";
import { buildPlanes } from "./planes.js";
import { attend, KINDS } from "./rules.js";
import { anotherKey, copyOf, FEWEST, MATRICES, MOST, situation, SITUATIONS } from "./situations.js";
import { aboutDimensions, reason, winners } from "./words.js";

const REPEATS = [1, 2, 4, 8, 16, 32]; // d = 2 … 64
const PLACES = { name: "places", kind: "choice", label: "Vectors", options: ["own", ...Object.keys(SITUATIONS)], labels: ["your own", ...Object.values(SITUATIONS).map(({ title }) => title)], default: "winners" };
const OF = { name: "of", kind: "choice", label: "Colour of the plane", options: ["score", "weight", "winner"], labels: ["Score", "Weight", "Winner"], default: "score", help: "What the chosen function would say if the query stood there: the score of the chosen key, its weight after the softmax, or which key has the best score." };
const DIMENSIONS = { name: "dimensions", kind: "choice", label: "As if d were", options: REPEATS.map((n) => String(2 * n)), default: "2", help: "The two coordinates of query and keys are repeated until the vectors have d numbers." };

export default mount((root, live, ctx) => {
  const state = { ...situation("winners"), matrices: { ...copyOf(MATRICES), repeats: 1 }, kind: "dot", of: "score", look: 0, places: "winners" };
  let found = null;
  let shown = null; // what was last drawn
  const happened = (word) => live?.shared.set(`happened.${word}`, true); // for the story
  const change = (changes, own = true) => {
    Object.assign(state, changes, own ? { places: "own" } : {});
    ctx.redraw();
  };
  const changeKey = (hue, changes) => change({ keys: state.keys.map((key) => (key.hue === hue ? { ...key, ...changes } : key)) });
  const look = (hue) => { if (state.look !== hue) change({ look: hue }, false); };
  const acts = {
    look,
    moveQuery: (query) => { change({ query }); happened("score_query_moved"); },
    moveKey: (hue, at) => changeKey(hue, { at }),
    moveValue: (hue, value) => changeKey(hue, { value }),
    rename: (hue, name) => { if (name) changeKey(hue, { name }); else ctx.redraw(); },
    add: () => {
      if (state.keys.length >= MOST) return;
      const key = anotherKey(state.keys);
      change({ keys: [...state.keys, key], look: key.hue });
    },
    remove: (hue) => {
      if (state.keys.length <= FEWEST) return;
      const keys = state.keys.filter((key) => key.hue !== hue);
      change({ keys, look: keys.some((key) => key.hue === state.look) ? state.look : keys[0].hue });
    },
  };
  const planes = buildPlanes(acts);
  const list = buildKeyList(acts);
  const cards = buildCards({ choose: (kind) => change({ kind }, false), look });
  const learned = buildLearned({
    matrices: () => state.matrices,
    change: (some) => { change({ matrices: { ...state.matrices, ...some } }, false); happened(some.w ? "score_bilinear" : "score_additive"); },
  });
  const places = knob(PLACES, { value: "winners", onchange: (name) => {
    if (name !== "own") change({ ...situation(name), look: 0, places: name }, false);
    else ctx.redraw();
  } });
  const of = knob(OF, { value: state.of, onchange: (value) => change({ of: value }, false) });
  const dimensions = knob(DIMENSIONS, { value: "2", onchange: (d) => change({ matrices: { ...state.matrices, repeats: Number(d) / 2 } }, false) });
  const [hint, sentence, why, about] = [h("p.hint.small.muted"), h("p.sentence.value", { "aria-live": "polite" }), h("p.why.value"), h("p.small.muted.value")];
  const body = h("div.scores",
    h("p.lead", "A query asks, keys answer: a score says how well each key fits, the softmax makes weights of the scores, and the context is the mean of the values by these weights. Five ways to score, on the same vectors. Drag the query, a key or a value, or focus its tip and use the arrow keys."),
    h("div.controls", places.element, hint, of.element, dimensions.element),
    h("div.said", sentence, why),
    h("div.stage", h("section", { "aria-label": "Query and keys" }, h("h3", "Query and keys"), planes.left),
      h("section", { "aria-label": "Values and contexts" }, h("h3", "Values and contexts"), planes.right),
      h("section", { "aria-label": "All numbers" }, h("h3", "All numbers"), list.element)),
    h("section.part", { "aria-label": "Five functions" }, h("h3", "Five functions"),
      h("p.muted", "The number beside a key is its score, the bar its weight. Choose a function to see its field in the plane, and a key to see its score worked out."),
      cards.element, about),
    learned.element);
  root.append(body);

  function draw() {
    const began = performance.now();
    const { keys, query, matrices } = state;
    const [ats, values] = [keys.map((key) => key.at), keys.map((key) => key.value)];
    found = Object.fromEntries(KINDS.map((kind) => [kind, attend(kind, query, ats, values, matrices)]));
    if (!keys.some((key) => key.hue === state.look)) state.look = keys[0].hue;
    planes.draw(state, found, ctx.colors);
    list.draw(state, ctx.colors);
    cards.draw(state, found, ctx.colors);
    learned.draw(state, found, ctx.colors);
    places.set(state.places);
    setText(hint, SITUATIONS[state.places]?.look ?? "");
    setText(sentence, winners(found, keys));
    setText(why, reason(found, query, keys, matrices));
    setText(about, aboutDimensions(matrices.repeats));
    shown = { ...state, found, sentence: sentence.textContent, why: why.textContent, field: planes.field().slice(), limit: planes.limit(), milliseconds: performance.now() - began };
    if (state.places === "own" && new Set(KINDS.map((kind) => found[kind].winner)).size > 1) happened("score_winners_differ");
  }

  ctx.host.dlviz = {
    scores: () => shown && { ...shown, field: [...shown.field] },
    middleOf: (id) => planes.middleOf(id) ?? learned.middleOf(id),
  };
  return { draw, update: () => ctx.redraw() };
});
