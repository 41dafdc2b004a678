// Holding gates at a number: the list of clamps, what they cause, and how a text goes on under them.

import { count, h, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { written } from "../lib/tokens.js";
import { lineOf, sentenceOf } from "./effects.js";
import { clampOf, effectOf, writeOn } from "./holding.js";
import { linePlot } from "./plots.js";
import { isSigned, letterOf, rowsOf, seriesOf, stateOf, valuesOf, wordsOf } from "./rows.js";

const MOST = 8; // clamps at once
const LETTERS = 160;
const MOST_CHANGED = 14;
const AFTER = 150; // ms: a slider that moves must not wait for what is written

const follows = (clamp, unit) => unit !== null && (clamp.units === null || clamp.units.includes(unit));

/** `change()`: the clamps are other ones; `look(step)`, `hover(step)`. `state`: {clamps, span, draft, view}. */
export function buildClamping(state, { change, happened, look, hover }) {
  const gate = h("select", { id: "gates-hold", onchange: () => { state.draft.name = gate.value; change(); } });
  const units = h("select", { id: "gates-hold-units", onchange: () => { state.draft.units = units.value; change(); } });
  const hold = h("button.primary", { type: "button", onclick: add }, "Hold");
  const where = h("p.label.span-words");
  const list = h("div.clamps");
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const state_ = linePlot({ label: "The cell state", onhover: hover });
  const loss = linePlot({ label: "Loss at each step", onhover: hover });
  const changed = h("div.places");
  const again = h("button", { type: "button", onclick: () => { state.seed += 1; change(); } }, "Other random numbers");
  const temperature = knob({ name: "temperature", kind: "range", label: "Temperature", low: 0.1, high: 2, default: 0.7 }, { value: state.temperature, onchange: (value) => { state.temperature = value; change(); } });
  const samples = ["Freely", "Held"].map((name) => ({ text: h("bdi.code.sample-text"), name: h("p.label", name) }));
  const sampleWords = h("p.label");
  const writing = h("div.writing", h("h3", "And if it wrote on from here?"), sampleWords,
    h("div.pair", samples.map(({ name, text }) => h("div", name, h("p.sample", text)))), h("div.controls", temperature.element, again));
  const element = h("section.part", { "aria-label": "Hold a gate" },
    h("h3", "What is a gate for? Hold it."),
    h("p.lead", "Choose a gate and hold it at a number over the span; all that follows is computed anew. Whatever gets worse needed that gate there."),
    h("div.controls",
      h("div.knob", h("div.knob-head.label", h("label", { for: gate.id }, "Gate")), h("span.menu", gate)),
      h("div.knob", h("div.knob-head.label", h("label", { for: units.id }, "Units")), h("span.menu", units)), hold, where),
    list, sentence, h("div.plots", state_.element, loss.element), changed, writing);
  let now = null;
  let keyOfList = "";
  let keyOfSamples = "";
  let pair = null; // token ids: freely, held
  let timer = 0;

  function add() {
    const { name, units: which } = state.draft;
    const { brushed, model } = now;
    const chosen = which === "brushed" ? brushed.map(({ unit }) => unit) : which === "unit" && model.unit !== null ? [model.unit] : null;
    const value = 0;
    state.clamps.push(clampOf({ name, part: model.part, ...model.place, ...state.span, value, units: chosen }));
    happened("clamped");
    change();
  }

  function showChoices({ model, brushed }) {
    const names = rowsOf(model.cell).filter((name) => name !== "cell" && (name !== "hidden" || model.cell === "rnn"));
    if (!names.includes(state.draft.name)) [state.draft.name] = names;
    if ([...gate.options].map(({ value }) => value).join() !== names.join()) replace(gate, names.map((name) => h("option", { value: name }, `${wordsOf(name)} ${letterOf(model.cell, name)}`)));
    gate.value = state.draft.name;
    const some = brushed?.length ?? 0;
    const options = [["all", `all ${model.units}`], some ? ["brushed", `the ${some} of the span`] : null, model.unit !== null ? ["unit", `unit ${model.unit + 1}`] : null].filter(Boolean);
    const key = JSON.stringify(options);
    if (units.dataset.key !== key) {
      units.dataset.key = key;
      replace(units, options.map(([value, words]) => h("option", { value }, words)));
    }
    if (!options.some(([value]) => value === state.draft.units)) state.draft.units = "all";
    units.value = state.draft.units;
    const { span } = state;
    hold.disabled = !span || state.clamps.length >= MOST;
    setText(where, state.clamps.length >= MOST ? `${MOST} can be held at once.` : span ? `over ${span.from === span.to ? `step ${span.from + 1}` : `steps ${span.from + 1} to ${span.to + 1}`}, the span above` : "Choose a span first: drag over the strip.");
  }

  function showList({ model }) {
    const key = JSON.stringify(state.clamps.map((clamp) => ({ ...clamp, value: null })));
    if (key === keyOfList) return;
    keyOfList = key;
    replace(list, state.clamps.map((clamp) => {
      const words = lineOf(model.cell, clamp, model.units, model.layers);
      const value = knob({ name: "value", kind: "range", label: words, low: isSigned(clamp.name) ? -1 : 0, high: 1, default: 0 },
        { value: clamp.value, onchange: (next) => { clamp.value = next; change(); } });
      return h("div.clamp", value.element, h("button", { type: "button", "aria-label": `Let go of ${words}`, onclick: () => { state.clamps = state.clamps.filter((other) => other !== clamp); change(); } }, "Let go"));
    }), state.clamps.length > 1 ? h("button.plain", { type: "button", onclick: () => { state.clamps = []; change(); } }, "Let go of all") : null);
  }

  // The units' states have either sign, and their mean would hide most of what happens to them.
  function traceOf(pass, clamp, { cell, unit }) {
    const { read } = pass.parts[clamp.part];
    const values = valuesOf(read, stateOf(cell), clamp);
    if (follows(clamp, unit)) return seriesOf(values, read.steps, read.units, unit);
    const some = clamp.units ?? Array.from({ length: read.units }, (_, k) => k);
    return Float32Array.from({ length: read.steps }, (_, t) => Math.sqrt(some.reduce((sum, k) => sum + values[t * read.units + k] ** 2, 0) / some.length));
  }

  function showPlots({ model, free, clamped, clamps, names }) {
    const clamp = clamps.at(-1);
    const losses = [{ name: clamped ? "free" : "", values: free.losses, ink: (c) => c.muted, dash: clamped ? [4, 3] : null }];
    if (clamped) losses.push({ name: "held", values: clamped.losses, ink: (c) => c.ink });
    const known = free.losses.filter((x) => Number.isFinite(x)).length > 1; // of one answer the sentence tells all
    loss.element.classList.toggle("hidden", !known);
    if (known) loss.show({ title: `Loss at each step, ${names.loss}`, span: free.answering === model.part ? state.span : null, series: losses });
    state_.element.classList.toggle("hidden", !clamped);
    if (!clamped) return;
    const letter = letterOf(model.cell, stateOf(model.cell));
    const whose = follows(clamp, model.unit) ? `unit ${model.unit + 1}` : `root mean square of ${clamp.units === null ? `all ${model.units}` : count(clamp.units.length)} units`;
    state_.show({ title: `${letter}, ${whose}`, span: { from: clamp.from, to: clamp.to }, series: [
      { name: "free", values: traceOf(free, clamp, model), ink: (c) => c.muted, dash: [4, 3] },
      { name: "held", values: traceOf(clamped, clamp, model), ink: (c) => c.ink },
    ] });
  }

  function showChanged({ free, clamped, effect, saidOf }) {
    const some = effect && free.network.pattern !== "last" && free.classes.length ? effect.changed.slice(0, MOST_CHANGED) : [];
    replace(changed, some.length ? h("span.label", "Now says:") : null, some.map((t) => h("button.chip", { type: "button", title: `Step ${t + 1}`, onclick: () => look(t) },
      h("span.label", `${t + 1}`), h("bdi.code", `${written(saidOf(t, free))} → ${written(saidOf(t, clamped))}`))),
    effect && some.length && effect.changed.length > some.length ? h("span.label", `and ${effect.changed.length - some.length} more`) : null);
  }

  function showWriting({ model, network, clamps, inputs, key, playing }) {
    const writes = model.task === "characters" && clamps.length > 0;
    writing.classList.toggle("hidden", !writes);
    if (!writes) {
      pair = null;
      keyOfSamples = "";
      return;
    }
    const at = state.span?.to ?? model.steps - 1;
    const wanted = JSON.stringify([key, clamps, at, state.seed, state.temperature]);
    const { length } = clamps;
    const same = `After step ${at + 1} it writes ${LETTERS} letters twice with the same random numbers: once freely, once with ${length === 1 ? "the gate" : "these gates"} held all the time.`;
    setText(sampleWords, playing ? `${same} It writes anew when the training pauses.` : same);
    if (wanted === keyOfSamples || (playing && pair)) return;
    keyOfSamples = wanted;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const options = { count: LETTERS, seed: state.seed, temperature: state.temperature };
      pair = [[], clamps].map((held) => writeOn(network, inputs, at, held, options));
      pair.forEach((tokens, i) => setText(samples[i].text, tokens.map((k) => network.vocabulary[k]).join("")));
    }, AFTER);
  }

  return {
    element,
    /** What the clamps of the moment cause; null without any. */
    find: (free, clamped) => (clamped ? effectOf(free, clamped) : null),
    get pair() {
      return pair;
    },
    /** {model, brushed, free, clamped, effect, clamps, names, network, inputs, key, playing, saidOf}. */
    show(next) {
      now = next;
      const { model, effect, clamps, free, clamped, names, saidOf } = next;
      showChoices(next);
      showList(next);
      setText(sentence, effect ? sentenceOf(effect, { cell: model.cell, clamps, free, clamped, names, said: (t, pass) => written(saidOf(t, pass)) }) : "Nothing is held: the network runs as it was trained.");
      showPlots(next);
      showChanged(next);
      showWriting(next);
    },
    draw(colors, step, answerStep) {
      if (!state_.element.classList.contains("hidden")) state_.draw(colors, step);
      if (!loss.element.classList.contains("hidden")) loss.draw(colors, answerStep);
    },
  };
}
