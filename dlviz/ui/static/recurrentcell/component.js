// One cell at one step: the equations of a unit with the numbers put in, worked out one after the other on a picture.

import { h, icon, number, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { readNetwork } from "../lib/recurrent.js";
import { spoken, Tokens } from "../lib/tokens.js";
import { weightsOf } from "../lib/weights.js";
import { comesIn, equationsOf, ORDER } from "./arithmetic.js";
import { buildCheck } from "./check.js";
import { diagram } from "./diagram.js";
import { buildEquations } from "./equations.js";
import { buildSum } from "./sum.js";
import { buildTraces } from "./traces.js";

export const styles = ["lib/tokens.css"];

const FIRST = 60; // steps among which the opening one is chosen
const BEAT = 1200; // ms an equation stays while they are played
const KEYS = ["recurrent.step", "recurrent.unit", "recurrent.layer", "recurrent.direction"];
const ARTICLE = { rnn: "an RNN's", lstm: "an LSTM's", gru: "a GRU's" };

export default mount((root, live, ctx) => {
  // `at`: the equation one looks at; `reached`: the last one that is worked out. It opens with all of them.
  const state = { step: null, part: null, at: 0, reached: Infinity, playing: 0 };
  let [moment, reading, shown] = [null, null, null];

  const tokens = new Tokens({ label: "The sequence: choose a step", colors: () => ctx.colors, wrap: false, onpick: (t) => { if (t !== null) goTo(t); } });
  const where = h("div.row.where");
  const title = h("h4.title", { "aria-live": "polite" });
  const picture = h("div.picture", { tabindex: 0, role: "application", "aria-roledescription": "picture", onkeydown: keys });
  const equations = buildEquations({ onchoose: (k) => stand(k) });
  const previous = h("button.square", { type: "button", title: "The equation before", "aria-label": "The equation before", onclick: () => walk(-1) }, "‹");
  const play = h("button.chip", { type: "button", onclick: () => (state.playing ? pause() : start()) });
  const next = h("button.square", { type: "button", title: "The next equation", "aria-label": "The next equation", onclick: () => walk(1) }, "›");
  const count = h("span.small.muted.value");
  const sum = buildSum(ctx, nameOf);
  const traces = buildTraces({ onstep: goTo });
  const check = buildCheck(live, ctx);
  const belt = h("p.small.muted");
  root.append(h("div.cellwork",
    h("div.stack", tokens.element, where),
    h("div.work",
      h("div.stack", title, picture, belt),
      h("div.stack.steps-of", h("div.row", previous, play, next, count), equations.element)),
    sum.element,
    h("section.stack", { "aria-label": "The unit over the whole sequence" }, h("h4", "This unit over the whole sequence"), traces.element,
      h("p.small.muted", "Drag here, or press ← and → on the picture, to move in time; ↑ and ↓ there go to the next unit.")),
    check.element));
  equations.element.addEventListener("keydown", (event) => {
    const way = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    walk(way);
    equations.element.querySelector("[aria-selected=true]")?.focus();
  });

  weightsOf(live).watch(ctx, (reply) => { moment = reply; ctx.redraw(); });
  live.on("scene", () => ctx.redraw(), ctx.signal);
  live.on("shared", ({ key }) => { if (KEYS.includes(key)) ctx.redraw(); }, ctx.signal);
  ctx.signal.addEventListener("abort", () => clearTimeout(state.playing));
  ctx.host.dlviz = { cell: () => shown };

  const share = (name, value) => live.shared.set(`recurrent.${name}`, value);
  const shared = (name, most) => Math.min(live.shared.get(`recurrent.${name}`) ?? 0, most - 1);

  // A decoder has steps of its own, which the other panels do not know.
  function goTo(step) {
    if (shown?.part === "decoder") state.step = step;
    else {
      share("pinned", true);
      share("step", step);
    }
    ctx.redraw();
  }

  function stand(at) {
    pause();
    state.at = at;
    state.reached = Math.max(state.reached, at);
    ctx.redraw();
  }

  // Behind the last equation comes the first one of the next step.
  function walk(way) {
    if (!shown) return;
    pause();
    step(way);
  }

  function step(way) {
    const last = shown.equations.length - 1;
    const to = Math.min(state.at, last) + way;
    if (to >= 0 && to <= last) {
      state.at = to;
      state.reached = Math.max(state.reached, to);
    } else if (shown.step + way >= 0 && shown.step + way < shown.steps) {
      state.at = to < 0 ? last : 0;
      state.reached = state.at;
      goTo(shown.step + way);
    }
    ctx.redraw();
  }

  function start() {
    if (!shown) return;
    state.at = state.reached = 0;
    const beat = () => {
      if (state.at >= shown.equations.length - 1) return pause();
      step(1);
      state.playing = setTimeout(beat, BEAT);
    };
    state.playing = setTimeout(beat, BEAT);
    ctx.redraw();
  }

  function pause() {
    clearTimeout(state.playing);
    state.playing = 0;
    ctx.redraw();
  }

  function keys(event) {
    if (!shown) return;
    const { steps, units } = shown;
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    if (move[0]) goTo(Math.min(steps - 1, Math.max(0, shown.step + move[0])));
    else share("unit", (shown.unit + move[1] + units) % units);
  }

  /** What a term of a sum is of, in words. */
  function nameOf({ part, index }) {
    const { layer, token } = shown;
    if (part === "state") return `h of unit ${index + 1}, a step ${shown.direction ? "later" : "before"}`;
    if (layer) return `h of layer ${layer}, unit ${index + 1}`;
    const { features, vocabulary } = live.scene.numbers;
    return vocabulary.length ? `number ${index + 1} of the embedding of ${token}` : features[index];
  }

  // Once for each moment and sequence: what the network makes of it, encoder and decoder.
  function read(scene) {
    const { version, step } = moment;
    if (reading?.key === `${version} ${step}` && reading.moment === moment) return reading;
    const network = readNetwork(scene, moment);
    const { features, vocabulary } = scene.numbers;
    const array = scene.arrays.ids ?? scene.arrays.values;
    const inputs = scene.arrays.ids ? [...array.data] : Array.from({ length: array.shape[0] }, (_, t) => array.data.subarray(t * features.length, (t + 1) * features.length));
    const main = { read: network.read(inputs), inputs, begin: null };
    const parts = { [network.main]: main };
    if (network.parts.decoder) {
      const written = network.write(inputs, moment.arrays.logits.shape[0]);
      const given = [0, ...written.tokens.slice(0, -1)];
      parts.decoder = { read: network.read(given, { part: "decoder", state: main.read.state }), inputs: given, begin: main.read.state };
      reading = { logits: Float64Array.from(written.logits.flatMap((row) => [...row])) };
    } else reading = { logits: main.read.logits };
    for (const part of Object.values(parts)) part.tokens = vocabulary.length ? part.inputs.map((id) => vocabulary[id]) : part.inputs.map((row) => row[0]);
    Object.assign(reading, { key: `${version} ${step}`, moment, network, parts, liveliest: null });
    return reading;
  }

  // Where nobody has chosen: the unit whose h moves most, at the step where its memory changes most. Kept while the
  // weights change, so that neither jumps.
  function opening(gates, steps, units, key) {
    if (state.opening?.key === key) return state.opening;
    const change = (values, t, k) => (t ? Math.abs(values[t * units + k] - values[(t - 1) * units + k]) : 0);
    const travel = (k) => Array.from({ length: steps }, (_, t) => change(gates.hidden, t, k)).reduce((a, b) => a + b, 0);
    const most = (count, of) => Array.from({ length: count }, (_, k) => of(k)).reduce((best, x, k, all) => (x > all[best] ? k : best), 0);
    const unit = most(units, travel);
    state.opening = { key, unit, step: most(Math.min(steps, FIRST), (t) => change(gates.cell ?? gates.hidden, t, unit)) };
    return state.opening;
  }

  let chosen = "";
  function controls(scene, { parts, network }, now) {
    const key = JSON.stringify([scene.numbers.spec.task, network.cell, network.layers, network.directions, network.hidden]);
    if (chosen !== key) {
      chosen = key;
      const make = (field, change) => knob(field, { value: field.default, onchange: change });
      const choice = (label, count, words, change) => (count < 2 ? null : make({ name: label, kind: "choice", label, options: words, labels: words, default: words[0] }, (word) => change(words.indexOf(word))));
      const layers = Array.from({ length: network.layers }, (_, l) => `${l + 1}`);
      state.knobs = {
        unit: make({ name: "unit", kind: "range", label: "Unit", help: "Where nobody has chosen one: the unit whose h moves most over the sequence.", low: 1, high: Math.max(network.hidden, 1), whole: true, default: 1 }, (value) => share("unit", value - 1)),
        layer: choice("Layer", network.layers, layers, (l) => share("layer", l)),
        direction: choice("Direction", network.directions, ["Forward", "Backward"], (d) => share("direction", d)),
        part: choice("Part", Object.keys(parts).length, ["Encoder", "Decoder"], (k) => { state.part = ["encoder", "decoder"][k]; state.step = null; ctx.redraw(); }),
      };
      replace(where, Object.values(state.knobs).map((each) => each?.element));
    }
    state.knobs.unit.set(now.unit + 1);
    state.knobs.layer?.set(`${now.layer + 1}`);
    state.knobs.direction?.set(now.direction ? "Backward" : "Forward");
    state.knobs.part?.set(now.part === "decoder" ? "Decoder" : "Encoder");
  }

  function draw() {
    const { scene } = live;
    if (!scene || !moment || moment.version !== scene.version) return;
    const all = read(scene);
    const { network, parts } = all;
    const part = parts[state.part] ? state.part : network.main;
    const { read: found, inputs, tokens: names, begin } = parts[part];
    const { steps, units } = found;
    const layer = shared("layer", network.layers);
    const direction = shared("direction", network.directions);
    const own = Object.fromEntries(network.names.map((name) => [name, found.gates[name][layer][direction]]));
    const first = opening(own, steps, units, `${chosen} ${layer} ${direction} ${part} ${steps}`);
    if (part !== "decoder") state.step = live.shared.get("recurrent.step") ?? state.step;
    const t = Math.min(state.step ?? first.step, steps - 1);
    const unit = Math.min(live.shared.get("recurrent.unit") ?? first.unit, units - 1);
    const weights = network.parts[part][layer][direction];
    const into = comesIn(network, found, inputs, { layer, direction, step: t, begin });
    const work = equationsOf(network.cell, weights, into, unit);
    const at = Math.min(state.at, work.equations.length - 1);
    const rows = Object.fromEntries(ORDER[network.cell].map((id) => [id, Float64Array.from({ length: steps }, (_, s) => own[id][s * units + unit])]));
    const token = typeof names[t] === "number" ? number(names[t]) : `“${spoken(names[t])}”`;
    shown = { step: t, steps, unit, units, layer, direction, part, at, cell: network.cell, token, moment: moment.step, ...work, rows, logits: all.logits, x: into.x, h: into.h, c: into.c };

    for (const sign of ["negative", "positive"]) root.style.setProperty(`--${sign}`, ctx.colors[sign]);
    controls(scene, all, shown);
    tokens.set({ tokens: names, words: scene.numbers.words });
    tokens.light(t, { pinned: true });
    tokens.reveal(t);
    const { equations: list } = work;
    setText(title, `Step ${t + 1} of ${steps}, ${token}: ${ARTICLE[network.cell]} unit ${unit + 1} of ${units}${network.layers > 1 ? `, layer ${layer + 1}` : ""}${direction ? ", reading backward" : ""}`);
    const carried = network.cell === "lstm" ? "c" : "h";
    const carriedRow = rows[network.cell === "lstm" ? "cell" : "hidden"];
    const last = list.find(({ id }) => id === (network.cell === "lstm" ? "cell" : "hidden"));
    const largest = Math.max(1e-6, ...carriedRow.map(Math.abs), Math.abs(last.kept ?? 0), Math.abs(last.written ?? 0));
    const position = new Map(list.map(({ id }, k) => [id, k]));
    const lit = (id) => (id !== null && position.get(id) === at ? "now" : id === null || position.get(id) <= state.reached ? "done" : "later");
    const width = Math.floor(picture.clientWidth);
    if (width > 0) {
      replace(picture, diagram({ cell: network.cell, found: work, sizes: { hidden: units, input: weights.inputs }, token, width, colors: ctx.colors, lit, largest }));
      picture.setAttribute("aria-label", `The cell at step ${t + 1}, unit ${unit + 1}: ${list.map((each) => `${each.name} ${number(each.value)}`).join(", ")}. Arrow keys: left and right move in time, up and down change the unit.`);
    }
    setText(belt, `The band is ${carried}, as thick as |${carried}| is large: ${network.cell === "rnn" ? "all of it passes through the weights at every step" : network.cell === "lstm" ? "what was there × forget gate + what is written = what goes on" : "what was there × z + what is new × (1 − z) = what goes on"}. Blue is positive, orange negative.${into.starts ? (begin ? " It begins with what the encoder remembers at its end." : " Before the first step there is nothing: 0.") : ""}`);
    equations.show({ equations: list, at, reached: state.reached });
    replace(play, icon(state.playing ? "pause" : "play"), state.playing ? "Pause" : "Work it out");
    setText(count, `equation ${at + 1} of ${list.length}`);
    sum.show(list.slice(0, at + 1).findLast(({ kind }) => kind === "gate"), list[at]);
    sum.draw();
    traces.show({ names: ORDER[network.cell], rows, steps, step: t });
    traces.draw(ctx.colors);
    check.show({ moment, logits: all.logits, cell: network.cell, gates: parts[network.main].read.gates, steps: parts[network.main].read.steps, units });
  }

  return { draw, update: () => { tokens.paint(); ctx.redraw(); } };
});
