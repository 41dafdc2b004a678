// Gates: every gate of every unit at every step, which units hold on through a span, what they follow, what they are for.

import { css } from "../lib/color.js";
import { fit, h, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { readNetwork } from "../lib/recurrent.js";
import { stepsOf } from "../lib/steps.js";
import { weightsOf } from "../lib/weights.js";
import { buildClamping } from "./clamping.js";
import { numbersOf } from "./exposing.js";
import { firstSpan, namesOf, stripModel } from "./model.js";
import { Pass } from "./pass.js";
import { buildReadout } from "./readout.js";
import { stateOf } from "./rows.js";
import { buildSorting } from "./sorting.js";
import { buildSpanning } from "./spanning.js";
import { Strip } from "./strip.js";

const [LAYER, DIRECTION, UNIT] = ["layer", "direction", "unit"].map((name) => `recurrent.${name}`);

export default mount((root, live, ctx) => {
  const state = {
    part: null, open: undefined, zoom: "letters", view: "free", local: { at: null, pinned: false },
    span: undefined, row: "hidden", threshold: null, sense: "either", edges: false,
    property: "", of: "cell", ordered: false, followed: null,
    clamps: [], draft: { name: "", units: "all" }, seed: 1, temperature: 0.7,
  };
  const weights = weightsOf(live);
  const steps = stepsOf({ live, ctx });
  const kept = { reply: null, scene: null, network: null, free: null, clamped: null, clampKey: "" };
  let stale = true;
  let shown = null; // {model, found, sorted, effect} of the last refresh
  let width = 0;

  const again = () => { stale = true; ctx.redraw(); };
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const change = (changes) => { Object.assign(state, changes); again(); };
  const chooseUnit = (unit, { keep = false } = {}) => {
    live.shared.set(UNIT, !keep && live.shared.get(UNIT) === unit ? null : unit);
  };
  const look = (step) => {
    pick(step);
    strip.reveal(step);
  };

  // The page shares the step of the sequence on screen; what a decoder writes has steps of its own.
  const isLocal = () => state.part === "decoder";
  const hover = (step) => {
    if (!isLocal()) steps.hover(step);
    else if (!state.local.pinned) change2({ at: step, pinned: false });
  };
  const pick = (step) => {
    if (!isLocal()) steps.pick(step);
    else change2(state.local.pinned && state.local.at === step ? { at: step, pinned: false } : { at: step, pinned: step !== null });
  };
  const change2 = (local) => { state.local = local; ctx.redraw(); };

  const strip = new Strip({
    label: "Gates at each step; arrow keys walk, Shift and an arrow key choose a span, up and down choose a unit",
    colors: () => ctx.colors, redraw: () => ctx.redraw(),
    on: {
      hover: (step, { walked } = {}) => { if (walked && (isLocal() ? state.local.pinned : steps.pinned)) pick(null); hover(step); },
      pick, brush: (span) => change({ span }), unit: chooseUnit, open: (open) => change({ open }),
      clear: () => { pick(null); change({ span: null }); },
    },
  });
  const readout = buildReadout();
  const spanning = buildSpanning(state, { change, span: (span) => change({ span }), unit: chooseUnit, look });
  const sorting = buildSorting(state, { change, happened, unit: (unit) => chooseUnit(unit, { keep: true }), hover });
  const clamping = buildClamping(state, { change: again, happened, look, hover });

  const choice = (name, label, options, labels, onchange) => knob({ name, kind: "choice", label, options, labels, default: options[0] }, { onchange });
  const controls = {
    part: choice("part", "Part", ["encoder", "decoder"], ["Encoder", "Decoder"], (part) => change({ part, span: undefined })),
    layer: choice("layer", "Layer", ["0", "1", "2"], ["1", "2", "3"], (layer) => live.shared.set(LAYER, Number(layer))),
    direction: choice("direction", "Direction", ["0", "1"], ["Forward", "Backward"], (direction) => live.shared.set(DIRECTION, Number(direction))),
    zoom: choice("zoom", "Steps", ["letters", "all"], ["Readable", "All at once"], (zoom) => change({ zoom })),
    view: choice("view", "Show", ["free", "clamped", "difference"], ["Free", "Held", "Difference"], (view) => change({ view })),
  };
  const unitMenu = h("select", { id: "gates-unit", onchange: () => live.shared.set(UNIT, unitMenu.value === "" ? null : Number(unitMenu.value)) });
  const lead = h("p.lead");
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const scales = ["sequential", "diverging"].map((kind) => ({ kind, canvas: h("canvas.scale", { role: "img", "aria-label": `Colour scale, ${kind}` }), low: h("span"), high: h("span"), words: h("span.label") }));
  const legend = h("div.legend", scales.map(({ canvas, low, high, words }) => h("div.scale-of", h("div.value.ends", low, canvas, high), words)),
    h("div.label.marks", h("span.mark.on"), "all brushed units on", h("span.mark.warn"), "answer changed by holding"));
  const body = h("div.body.hidden",
    h("div.controls.top", controls.part.element, controls.layer.element, controls.direction.element,
      h("div.knob", h("div.knob-head.label", h("label", { for: unitMenu.id }, "Unit")), h("span.menu", unitMenu)), controls.zoom.element, controls.view.element),
    strip.element, legend, readout.element, spanning.element, sorting.element, clamping.element);
  root.append(h("div.gates", lead, waiting, body));

  weights.watch(ctx, (reply) => { kept.reply = reply; again(); });
  live.on("scene", again, ctx.signal);
  live.on("frame", () => ctx.redraw(), ctx.signal); // out of sight no weights are asked for; drawing asks again
  let played = false;
  live.on("state", ({ playing }) => {
    if (played && !playing) again();
    played = playing;
  }, ctx.signal);
  live.on("shared", ({ key }) => {
    if ([LAYER, DIRECTION, UNIT].includes(key)) again();
  }, ctx.signal);
  steps.on(() => ctx.redraw());

  /** The network and its passes of the moment; false while the weights belong to another scene. */
  function compute() {
    const { scene } = live;
    const { reply } = kept;
    if (!scene || !reply || reply.version !== scene.version) return false;
    if (kept.of !== reply || kept.scene !== scene) {
      const network = readNetwork(scene, reply);
      if (!network) return false;
      if (kept.scene && kept.scene !== scene) settle(kept.scene, scene);
      Object.assign(kept, { of: reply, scene, network, free: new Pass(network, scene), clampKey: "" });
    }
    if (!kept.free.parts[state.part]) state.part = Object.keys(kept.free.parts)[0];
    const key = JSON.stringify(state.clamps);
    if (kept.clampKey !== key) {
      kept.clampKey = key;
      kept.clamped = state.clamps.length ? new Pass(kept.network, scene, { clamps: state.clamps, like: kept.free }) : null;
    }
    return true;
  }

  // Another sequence or network: what was chosen by step or unit may not be there any more.
  function settle(before, scene) {
    const same = ["cell", "hidden_size", "layers", "bidirectional", "task"].every((name) => before.numbers.spec[name] === scene.numbers.spec[name]);
    const sequence = ({ arrays }) => (arrays.ids ?? arrays.values).data.join();
    if (!same) Object.assign(state, { part: null, clamps: [], view: "free", followed: null, property: "", open: undefined, threshold: null });
    if (!same || sequence(before) !== sequence(scene)) {
      state.span = undefined;
      state.local = { at: null, pinned: false };
      const last = (scene.arrays.ids ?? scene.arrays.values).shape[0] - 1;
      for (const clamp of state.clamps) if (clamp.part !== "decoder") Object.assign(clamp, { from: Math.min(clamp.from, last), to: Math.min(clamp.to, last) });
    }
  }

  function refresh() {
    stale = false;
    const ready = compute();
    waiting.classList.toggle("hidden", Boolean(shown) || ready);
    body.classList.toggle("old", !ready); // of another scene, until its weights are here
    if (!ready) return;
    body.classList.remove("hidden");
    const { scene, network, free, clamped } = kept;
    const { spec } = scene.numbers;
    const within = (value, count) => Math.min(Math.max(0, value ?? 0), count - 1);
    const place = { layer: within(live.shared.get(LAYER), network.layers), direction: within(live.shared.get(DIRECTION), network.directions) };
    const wished = live.shared.get(UNIT) ?? null;
    const unit = wished === null || wished >= network.hidden ? null : wished;
    if (state.open === undefined) state.open = stateOf(spec.cell);
    if (!clamped) state.view = "free";
    const choices = { part: state.part, place, unit, open: state.open, zoom: state.zoom };
    const model = stripModel(scene, state.view === "free" ? free : clamped, state.view === "difference" ? free : null, choices);
    if (state.span === undefined) state.span = firstSpan(model);
    if (state.span) state.span = { from: Math.min(state.span.from, model.steps - 1), to: Math.min(state.span.to, model.steps - 1) };
    const plain = { ...model, read: free.parts[state.part].read, pass: free }; // what is brushed and sorted is the network itself
    const found = spanning.find(plain);
    const sorted = sorting.find(plain);
    if (state.ordered && sorted.chosen) model.order = sorted.chosen.order;
    const effect = clamping.find(free, clamped);
    Object.assign(model, { pattern: found.pattern, matches: found.places, names: namesOf(scene, free) });
    if (effect && state.part === free.answering) model.changed = new Set(effect.changed);
    strip.set(model);
    showControls(model);
    spanning.show(plain, found);
    sorting.show(plain, sorted, ctx.colors);
    clamping.show({
      model, brushed: found.units, free, clamped, effect, clamps: state.clamps, names: model.names, network,
      inputs: free.parts[free.answering].inputs, key: `${kept.reply.version} ${kept.reply.step}`, playing: Boolean(live.state?.playing),
      saidOf: (t, pass) => (pass.classes.length ? pass.classes[pass.saidAt(t)] : pass.saidAt(t)),
    });
    shown = { model, found, sorted, effect };
  }

  function showControls(model) {
    const { network } = kept;
    controls.part.element.classList.toggle("hidden", !network.parts.decoder);
    controls.layer.element.classList.toggle("hidden", network.layers === 1);
    controls.direction.element.classList.toggle("hidden", network.directions === 1);
    controls.view.element.classList.toggle("hidden", !kept.clamped);
    controls.part.set(model.part);
    controls.layer.set(String(model.place.layer));
    controls.direction.set(String(model.place.direction));
    controls.view.set(state.view);
    controls.layer.element.querySelectorAll("button").forEach((button, i) => button.classList.toggle("hidden", i >= network.layers));
    if (unitMenu.options.length !== model.units + 1) {
      replace(unitMenu, h("option", { value: "" }, `mean of all ${model.units}`), Array.from({ length: model.units }, (_, k) => h("option", { value: k }, `unit ${k + 1}`)));
    }
    unitMenu.value = model.unit ?? "";
    const { cell } = model;
    const states = cell === "lstm" ? "its gates f, i and o say how much is kept, taken in and shown of the cell state c" : cell === "gru" ? "its gate z says how much of the state h is replaced, and r how much of it the new value may use" : "its whole state h is written anew at each step; it has no gates";
    setText(lead, `Every column is one step of the sequence, every row a number that the ${{ rnn: "RNN", lstm: "LSTM", gru: "GRU" }[cell]} computes there: ${states}. Point at a column to read its values, open a row to see its ${model.units} units (${model.steps} steps × ${model.units} units), drag over steps to ask more.`);
    const [gates, signed] = scales;
    const hasGates = model.rows.some((row) => !row.signed);
    gates.canvas.closest(".scale-of").classList.toggle("hidden", !hasGates);
    setText(gates.low, "0");
    setText(gates.high, "1");
    setText(gates.words, "gates: closed to open");
    const open = model.rows.find((row) => row.open);
    const only = model.rows.length === 1 || open?.signed;
    setText(signed.low, only ? `−${(open ?? model.rows[0]).limit}` : "−±");
    setText(signed.high, only ? `${(open ?? model.rows[0]).limit}` : "+±");
    setText(signed.words, `${state.view === "difference" ? "held less free" : "values with a sign"}: ${only ? `of ${(open ?? model.rows[0]).letter}; ` : ""}each row has its own ±, beside its name${open ? "; of an opened row 97 % of the values lie within" : ""}`);
  }

  function drawScales() {
    for (const { kind, canvas } of scales) {
      if (canvas.closest(".hidden")) continue;
      const { pen, width: across, height } = fit(canvas);
      for (let x = 0; x < across; x += 1) {
        const t = x / Math.max(1, across - 1);
        pen.fillStyle = css(kind === "diverging" ? ctx.colors.diverging(2 * t - 1) : ctx.colors.sequential(t));
        pen.fillRect(x, 0, 1.5, height);
      }
    }
  }

  // Of a step nobody points at, the last one is told, so that there is always something to read.
  function stepNow(model) {
    const at = isLocal() ? state.local.at : steps.at;
    return at !== null && at < model.steps ? at : null;
  }

  const timings = { refresh: 0, hover: 0 };

  return {
    update: again,
    draw() {
      weights.nudge();
      const wasStale = stale;
      const began = performance.now();
      if (stale) refresh();
      if (wasStale) timings.refresh = performance.now() - began;
      if (!shown) return;
      const { model } = shown;
      const step = stepNow(model);
      const resized = width !== root.clientWidth || wasStale;
      width = root.clientWidth;
      const hovering = performance.now();
      strip.at = Math.min(step ?? strip.at, model.steps - 1);
      strip.draw({ step, span: state.span, pinned: isLocal() ? state.local.pinned : steps.pinned });
      readout.show(model, step ?? model.steps - 1);
      sorting.draw(ctx.colors, step);
      clamping.draw(ctx.colors, step, model.part === model.pass.answering ? step : null);
      timings.hover = performance.now() - hovering;
      spanning.draw(ctx.colors, resized);
      if (resized) drawScales();
      if (!ctx.host.dlviz) ctx.host.dlviz = expose();
    },
  };

  function expose() {
    return {
      gates: () => numbersOf({ state, kept, shown, strip, timings, step: stepNow(shown.model), pair: clamping.pair }),
      middle: (step, row = null) => strip.middle(step, row),
    };
  }
});
