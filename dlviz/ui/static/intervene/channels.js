// Silence or scale: channels of any layer, the answer to the picture at once, the test accuracy after it.

import { h, number, percent, replace, setText } from "../lib/dom.js";
import { limitOf } from "../lib/grid.js";
import { Asker } from "./asking.js";
import { buildBars } from "./bars.js";
import { Gains, PAGE, channelName, firstLayer, layersOf } from "./gains.js";
import { buildPart } from "./part.js";
import { buildRanking } from "./ranking.js";
import { drawScale } from "./scalebar.js";
import { buildTiles, signedPoints } from "./tiles.js";
import { accuracyWords, answerWords, layerWords } from "./words.js";

const REST = 300; // ms after the last change before the accuracy is asked for
const UNASKED = 8000; // ms that ranking a layer may take at most to be begun by itself

export function buildChannels(stage) {
  const { live, ctx } = stage;
  const gains = new Gains();
  const state = { row: null, first: 0, answer: null, maps: null, accuracy: null, ranking: null, wanted: "", stopped: "", structure: "", lost: false };
  const choose = h("select", { id: "intervene-layer", onchange: () => look(choose.value) });
  const note = h("p.small.muted.note");
  const pager = h("div.row.pager", { hidden: true });
  const tiles = buildTiles({ ctx, change });
  const [low, high, scale] = [h("span"), h("span"), h("canvas.scale", { role: "img" })];
  const changed = h("div.row.changed-list");
  const reset = h("button.chip", { type: "button", onclick: () => { gains.clear(); again(); } }, "As it was");
  const reading = h("p.reading", { role: "status" });
  const bars = buildBars(stage, { label: "Probabilities before and after", heads: ["class", "", "before → after", "logit"] });
  const figure = h("p.figure.value");
  const worst = h("p.reading");
  const classes = buildBars(stage, { label: "Test accuracy of each class before and after", points: true, heads: ["class", "", "before → after", "points"] });
  const ranking = buildRanking({
    begin: () => beginRanking(),
    stop() {
      state.stopped = state.wanted;
      state.wanted = "";
      rank.nudge();
      refresh();
    },
    silence(list) {
      gains.clear();
      for (const k of list) gains.set(state.row, k, 0);
      again();
    },
  });
  const part = buildPart(stage, {
    name: "channels", title: "Silence or scale a filter", seen: () => nudge(),
    lead: "Every channel of a layer can be multiplied by a gain before the next layer gets it: 0 silences it, 1 leaves it as it is. Press a channel, or drag its gain. "
      + "The answer to this picture changes at once; the accuracy on the test pictures follows.",
  },
  h("div.controls", h("div.knob", h("div.knob-head.label", h("label", { for: choose.id }, "Layer")), h("span.menu", choose)), h("div.changes", changed, reset)),
  note,
  h("div.two",
    h("div.side", tiles.element, pager, h("div.legend", scale, h("div.ends.value", low, high))),
    h("div.side.answer", h("h4", "This picture"), reading, bars.element)),
  h("div.two.even",
    h("div.side", h("h4", "All test pictures"), figure, worst, classes.element),
    h("div.side", h("h4", "What each channel is worth"), h("p.small.muted", "Each channel of this layer silenced alone, the test accuracy measured anew each time."), ranking.element)));

  const quick = new Asker({ stage, panel: "intervene", question: askAnswer, took: tookAnswer, sight: part.sight });
  const slow = new Asker({
    stage, panel: "ablation", long: true, sight: part.sight, took: tookAccuracy,
    rest: () => gains.moved + REST - performance.now(),
    question: () => (follow() ? { options: { changes: gains.list() }, about: accuracyAbout() } : null),
  });
  const rank = new Asker({
    stage, panel: "ablation", long: true, sight: () => true, took: tookRanking,
    question: () => (follow() && state.wanted && state.wanted === rankingAbout() ? { options: { each: state.row }, about: state.wanted } : null),
  });

  // ---- questions

  const accuracyAbout = () => JSON.stringify([stage.networkKey(), gains.list()]);
  const rankingAbout = () => JSON.stringify([stage.networkKey(), state.row]);
  const page = () => [state.first, Math.min(state.first + PAGE, layer().channels)];
  const layer = () => layersOf(stage.scene.rows).find(({ name }) => name === state.row);

  // The maps are those that come in, before this layer's own gains: they need not be sent again when these change.
  const mapsAbout = () => JSON.stringify([stage.networkKey(), stage.pictureKey(), state.row, page(), gains.list().filter(([name]) => name !== state.row), stage.moment()?.step]);

  function askAnswer() {
    if (!follow()) return null;
    const maps = mapsAbout();
    const options = { row: state.row, changes: gains.list(), channels: state.maps?.about === maps ? [0, 0] : page() };
    return { options, about: JSON.stringify([stage.networkKey(), stage.pictureKey(), state.row, state.first, gains.list()]), maps };
  }

  // ---- answers

  function tookAnswer(answer, { maps }) {
    if (answer) {
      const one = (name) => answer.arrays[name].data;
      state.answer = { before: one("probabilities"), after: one("probabilities_changed"), logits: one("logits"), logitsAfter: one("logits_changed"), step: answer.step };
      const { data, shape } = answer.arrays.output;
      if (shape[0]) state.maps = { about: maps, values: data, shape: shape.length === 3 ? shape : [shape[0], 1, 1], row: state.row, first: state.first, step: answer.step };
    }
    part.say(quick.problem);
    refresh();
  }

  function tookAccuracy(answer, { about }) {
    if (answer?.done) {
      const one = (name) => answer.arrays[name].data;
      state.accuracy = {
        about, step: one("step")[0], before: one("accuracy")[0], after: one("accuracy_changed")[0],
        classesBefore: one("class_accuracy"), classesAfter: one("class_accuracy_changed"), count: one("count"),
      };
    }
    part.say(slow.problem);
    refresh();
  }

  function tookRanking(answer, { options, about }) {
    const { silenced, accuracy, step, count } = answer?.arrays ?? {};
    if (silenced) {
      const [base] = accuracy.data;
      state.ranking = {
        row: options.each, worth: Array.from(silenced.data, (share) => share - base), accuracy: base, done: answer.done, step: step.data[0],
        total: count.data.reduce((sum, n) => sum + n, 0),
      };
    }
    if ((!answer || answer.done) && state.wanted === about) state.wanted = "";
    part.say(rank.problem);
    refresh();
  }

  // ---- what a person does

  function look(row) {
    Object.assign(state, { row, first: 0, ranking: state.ranking?.row === row ? state.ranking : null });
    nudge();
    refresh();
  }

  function change(k, gain) {
    gains.set(state.row, k, gain);
    live.shared.set("happened.silenced", true);
    again();
  }

  function again() {
    gains.moved = performance.now();
    state.lost = false;
    nudge();
    refresh();
  }

  function nudge() {
    for (const asker of [quick, slow, rank]) asker.nudge();
    if (mayRank()) beginRanking();
  }

  function beginRanking() {
    state.wanted = rankingAbout();
    rank.known = null;
    rank.nudge();
    refresh();
  }

  /** A layer that nobody has looked at yet is ranked unasked where that takes a few seconds. */
  function mayRank() {
    const moment = stage.moment();
    if (!moment || moment.playing || !follow() || state.wanted || state.ranking || !part.sight() || !slow.isFresh) return false;
    return state.stopped !== rankingAbout() && slow.times.at(-1) * layer().channels < UNASKED;
  }

  /** Whether there is a network; of another one, what was changed in the one before is gone. */
  function follow() {
    if (!stage.scene) return false;
    const structure = JSON.stringify(stage.scene.rows);
    if (structure === state.structure) return true;
    const layers = layersOf(stage.scene.rows);
    const first = state.structure === "";
    if (!first) state.lost = gains.list().length > 0;
    Object.assign(state, { structure, answer: null, maps: null, accuracy: null, ranking: null, wanted: "", first: 0 });
    gains.clear();
    if (!layers.some(({ name }) => name === state.row)) state.row = firstLayer(stage.scene.rows);
    replace(choose, layers.map(({ name, label, channels, maps }) => h("option", { value: name }, `${name} · ${label} · ${number(channels)} ${maps ? "maps" : "units"}`)));
    return true;
  }

  // ---- what is shown

  function refresh() {
    if (!follow()) return;
    const own = layer();
    choose.value = state.row;
    setText(note, layerWords(stage.scene, own));
    const list = gains.list();
    reset.disabled = list.length === 0;
    replace(changed, list.slice(0, 8).map(([name, k, gain]) => {
      const of = layersOf(stage.scene.rows).find((each) => each.name === name);
      return h("button.chip", { type: "button", title: "Take this change back", onclick: () => { gains.set(name, k, 1); again(); } }, `${name} ${channelName(of, k)} × ${number(gain)} ✕`);
    }), list.length > 8 ? h("span.small.muted", `and ${number(list.length - 8)} more`) : null,
    list.length ? null : h("span.small.muted", state.lost ? "The network was rebuilt, so the changes are gone." : "Nothing is changed."));
    showPager(own);
    const [first, last] = page();
    const maps = state.maps?.row === state.row && state.maps.first === first && state.maps.shape[0] === last - first ? state.maps : null;
    const limit = maps ? limitOf(maps.values) : 1;
    const amount = stage.scene.spec.activation === "relu" && stage.scene.rows.find(({ name }) => name === state.row).kind === "activation";
    const ranked = state.ranking?.row === state.row ? state.ranking : null;
    tiles.show({ layer: own, first, last, values: maps?.values ?? null, shape: maps?.shape ?? [1, 1, 1], gains, limit, amount, worth: ranked?.worth });
    state.scale = { limit, amount };
    setText(low, amount ? "0" : `−${number(limit)}`);
    setText(high, number(limit));
    scale.setAttribute("aria-label", `Colours of the channels from ${low.textContent} to ${high.textContent}`);
    const { answer, accuracy } = state;
    if (answer?.before.length === stage.names.length) {
      bars.show({ before: list.length ? answer.before : null, after: answer.after, truth: stage.truth, focus: stage.focus, change: Array.from(answer.logitsAfter, (z, k) => z - answer.logits[k]) });
      setText(reading, answerWords(stage, answer.before, answer.after, list.length > 0));
    }
    const current = accuracy?.about === accuracyAbout() ? accuracy : null;
    figure.classList.toggle("waiting", !current);
    if (accuracy) {
      replace(figure, list.length ? [h("span", percent(accuracy.before)), h("span.arrow", " → ")] : null, h("b", current ? percent(accuracy.after) : "…"),
        h("span.small.muted", current && list.length ? ` ${signedPoints(accuracy.after - accuracy.before)} points` : " right"));
      setText(worst, current ? accuracyWords(stage, current, list.length > 0) : "Measuring …");
      classes.show({ before: list.length ? accuracy.classesBefore : null, after: current ? accuracy.classesAfter : accuracy.classesBefore, truth: null, focus: stage.focus,
        change: Array.from(accuracy.classesAfter, (share, k) => (current ? share - accuracy.classesBefore[k] : 0)) });
    }
    const running = rank.busy || (state.wanted && !ranked?.done) ? true : null;
    ranking.show({ ...(ranked ?? {}), layer: own, running, now: stage.moment()?.step });
    ctx.redraw();
  }

  function showPager(own) {
    const pages = Math.ceil(own.channels / PAGE);
    pager.hidden = pages < 2;
    if (pages < 2) return;
    const to = (first) => { state.first = first; nudge(); refresh(); };
    const [first, last] = page();
    replace(pager,
      h("button.chip", { type: "button", disabled: first === 0, onclick: () => to(first - PAGE) }, "Earlier"),
      h("span.small.value", `${number(first + 1)} to ${number(last)} of ${number(own.channels)}`),
      h("button.chip", { type: "button", disabled: last === own.channels, onclick: () => to(first + PAGE) }, "Later"));
  }

  return {
    element: part.element,
    nudge,
    refresh,
    draw() {
      tiles.draw();
      if (state.scale) drawScale(scale, state.scale.amount ? ctx.colors.sequential : ctx.colors.diverging, state.scale.amount ? 0 : -1);
    },
    expose: () => ({
      busy: [quick, slow, rank].some((asker) => asker.busy || (asker !== rank && !asker.isFresh)), row: state.row, gains: gains.list(), answer: state.answer && plain(state.answer),
      accuracy: state.accuracy && plain(state.accuracy), ranking: state.ranking, maps: state.maps && [...state.maps.values], reading: reading.textContent,
      worst: worst.textContent, figure: figure.textContent, times: { quick: quick.times, slow: slow.times, rank: rank.times }, value: (i, at) => tiles.value(i, at),
    }),
  };
}

const plain = (object) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, ArrayBuffer.isView(value) ? [...value] : value]));
