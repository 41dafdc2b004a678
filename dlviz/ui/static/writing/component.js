// The network writes on, token by token: what it would choose, what is cut away, what luck drew, and what a person says.

import { drawScaleOf } from "./scale.js";
import { h, icon, number, percent, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { readNetwork } from "../lib/recurrent.js";
import { spoken, written as sign } from "../lib/tokens.js";
import { weightsOf } from "../lib/weights.js";
import { buildBars } from "./bars.js";
import { buildMoments } from "./moments.js";
import { Luck, loopOf, perplexity } from "./sampling.js";
import { buildText } from "./text.js";
import { LONGEST, Writer } from "./writer.js";

const OPENING = 300; // tokens that stand there when the panel opens
const AT_ONCE = 200;
const TRANSLATED = 24; // tokens of a translation at most
const SLICE = 10; // ms of writing an animation frame
const HOLD = 200; // ms at most that the old text stands while it is written anew
const BEAT = 110; // ms a token while it plays
const KINDS = { stream: "text", decoder: "translation" };
const NAMED = 6; // unknown letters that are named

export default mount((root, live, ctx) => {
  const writer = new Writer();
  const state = {
    seedText: "def ", greedy: false, temperature: 0.8, topK: null, topP: 1, luck: 1, follow: true, pointed: null, playing: 0,
    due: [], // what is still to be written: a token, or null for what luck draws
    hold: 0, // until when a text that is written anew is not shown in pieces
  };
  let [moment, key, read, shown] = [null, "", null, null]; // `read`: the moment that the text is read by

  const text = buildText({ onpoint: (place) => { state.pointed = place; ctx.redraw(); }, onstand: stand, onundo: undo });
  const bars = buildBars({ onchoose: choose });
  const weights = weightsOf(live);
  const moments = buildMoments(live, ctx, { settings: () => (shown?.mode === "stream" ? { prefix: writer.prefix, rules: writer.rules, luck: writer.luck } : null), weights: () => weights.reply });
  const seed = h("textarea.code.seed-text", { rows: 2, maxlength: 200, spellcheck: "false", autocomplete: "off", "aria-label": "Text to begin with", oninput: () => { state.seedText = seed.value; restart(); } });
  seed.value = state.seedText;
  const seedSaid = h("p.small.problem", { role: "status" });
  const seedField = h("div.knob.seed-field", h("div.knob-head.label", "Text to begin with"), seed, seedSaid);
  const range = (name, label, low, high, value, change, more = {}) => knob({ name, kind: "range", label, low, high, default: value, ...more }, { value, onchange: change });
  const temperature = range("temperature", "Temperature", 0.1, 3, 0.8, (value) => { state.temperature = value; rewrite(); }, { log: true, help: "Logits are divided by it: below 1 the likeliest win more clearly, above 1 all come closer." });
  const topP = range("top_p", "Top-p", 0.05, 1, 1, (value) => { state.topP = value; rewrite(); }, { help: "Only the fewest tokens whose probabilities reach this sum may come (nucleus sampling). 1: all." });
  const luck = range("random_seed", "Random seed", 0, 9999, 1, (value) => { state.luck = value; rewrite(); }, { whole: true, help: "Another one draws another text; the same one the same text, also on the command line." });
  const greedy = knob({ name: "greedy", kind: "flag", label: "Always the likeliest", default: false, help: "Temperature 0: no luck at all." }, { value: false, onchange: (value) => { state.greedy = value; rewrite(); } });
  const follow = knob({ name: "follow", kind: "flag", label: "Write again at each moment", default: true, help: "While it trains, and when you move in time: the same luck, other weights. Off: your text stays, and you see how much it surprises the network of that moment." }, { value: true, onchange: (value) => { state.follow = value; } });
  const topKPlace = h("div");
  const controls = h("div.controls", seedField, temperature.element, topKPlace, topP.element, luck.element, greedy.element, follow.element);
  const next = h("button.primary", { type: "button", onclick: () => more(1) }, "Next");
  const write = h("button", { type: "button", onclick: () => more(AT_ONCE) }, `Write ${AT_ONCE}`);
  const play = h("button", { type: "button", onclick: () => (state.playing ? pause() : start()) });
  const back = h("button", { type: "button", onclick: undo }, "Undo");
  const clear = h("button", { type: "button", onclick: erase }, "Clear");
  const measured = h("p.small.value", { role: "status" });
  const loop = h("p.small.loop");
  const scale = h("canvas.scale", { role: "img", "aria-label": "Colour of a token: from no surprise, 0 bits, to 8 bits, a chance of 1 in 256" });
  const barsTitle = h("h4", { "aria-live": "off" });
  const barsSaid = h("p.small.muted.value.bars-said");
  const words = h("div.no-writing");
  const source = h("p.small.source");
  const panel = h("div.writing", controls,
    h("div.desk",
      h("section.stack", { "aria-label": "The text" },
        h("div.row", next, write, play, back, clear), source, text.element,
        h("div.row.legend", h("span.label", "surprise: 0 bits"), scale, h("span.label", "8 bits, 1 in 256"), h("span.label.marks", h("i.mark"), "chosen by you")), measured, loop),
      h("section.stack", { "aria-label": "The next token" }, barsTitle, barsSaid, bars.element)),
    moments.element);
  root.append(words, panel);

  weights.watch(ctx, (reply) => { moment = reply; ctx.redraw(); });
  live.on("scene", () => ctx.redraw(), ctx.signal);
  live.on("state", () => ctx.redraw(), ctx.signal);
  ctx.signal.addEventListener("abort", () => clearTimeout(state.playing));
  ctx.host.dlviz = { writing: () => shown };

  // ---- what the person does

  function stand(place) {
    pause();
    writer.cursor = place >= writer.length ? null : place;
  }

  function more(count) {
    pause();
    writer.cut();
    state.due = Array(Math.min(count, room())).fill(null);
    state.pointed = null;
  }

  /** A token of the person's own choice. In the middle of a text, the rest of it is written anew. */
  function choose(id) {
    pause();
    const rest = writer.length - writer.here - 1;
    writer.cut();
    if (writer.full) return;
    writer.put({ id, forced: true });
    state.due = Array(Math.max(0, Math.min(rest, room()))).fill(null);
    state.pointed = null;
  }

  function undo() {
    pause();
    state.due = writer.undo() ?? [];
  }

  function erase() {
    pause();
    state.due = [];
    if (!writer.length) return;
    writer.cursor = 0;
    writer.cut();
  }

  function start() {
    writer.cut();
    const beat = () => {
      if (room() === 0) return pause();
      if (!state.due.length) writer.write();
      ctx.redraw();
      state.playing = setTimeout(beat, BEAT);
    };
    beat();
  }

  function pause() {
    clearTimeout(state.playing);
    state.playing = 0;
    ctx.redraw();
  }

  const room = () => (writer.full ? 0 : Math.max(0, (shown?.mode === "decoder" ? TRANSLATED : LONGEST) - writer.length));

  // ---- writing

  function rules() {
    writer.rules = { temperature: state.greedy ? 0 : state.temperature, topK: state.topK, topP: state.topP };
    if (writer.seedOfLuck !== state.luck) {
      writer.luck = new Luck(state.luck);
      writer.seedOfLuck = state.luck;
    }
  }

  /** The same length again; what a person chose stays at its place. */
  const again = () => [...writer.written.map((token) => (token.forced ? token : null)), ...state.due];

  function rewrite() {
    rules();
    if (!writer.network) return;
    state.due = again();
    state.hold = performance.now() + HOLD;
    writer.shorten(0);
    moments.again();
    ctx.redraw();
  }

  function restart() {
    key = "";
    ctx.redraw();
  }

  function continueWriting() {
    const end = performance.now() + SLICE;
    while (state.due.length && performance.now() < end) {
      if (writer.full) state.due = [];
      else {
        const token = state.due.shift();
        if (token) writer.put(token);
        else writer.write();
      }
    }
    if (state.due.length) ctx.redraw();
  }

  /** The seed as ids, and what of it the network does not know. */
  function encoded(vocabulary) {
    const letters = [...state.seedText.normalize("NFC").replaceAll("\r\n", "\n")];
    const known = new Map(vocabulary.map((token, id) => [token, id]));
    const unknown = [...new Set(letters.filter((letter) => !known.has(letter)))];
    const ids = letters.filter((letter) => known.has(letter)).map((letter) => known.get(letter));
    if (ids.length) return { ids, unknown, empty: false };
    return { ids: [known.get("\n") ?? known.get(" ") ?? 0], unknown, empty: true };
  }

  function begin(scene, mode) {
    const { vocabulary } = scene.numbers;
    const network = readNetwork(scene, moment);
    const given = mode === "stream" ? encoded(vocabulary) : { ids: [0], unknown: [], empty: false };
    const ofSource = mode === "decoder" ? [...scene.arrays.ids.data] : [];
    const structure = JSON.stringify([scene.numbers.spec.task, scene.numbers.spec.text, vocabulary.length, network.hidden, network.layers, network.cell, given.ids, ofSource]);
    const isNew = structure !== key;
    if (isNew) {
      key = structure;
      writer.past = [];
      buildTopK(vocabulary.length);
    }
    rules();
    if (isNew) state.due = Array(mode === "stream" ? OPENING : TRANSLATED).fill(null);
    else state.due = state.follow && !state.playing ? again() : [...writer.written, ...state.due];
    state.hold = performance.now() + HOLD;
    writer.read(network, given.ids, mode === "decoder"
      ? { part: "decoder", begin: () => network.read(ofSource, { part: "encoder" }).state, end: vocabulary.indexOf("$") }
      : {});
    if (isNew) moments.again();
    return given;
  }

  function buildTopK(count) {
    state.topK = null;
    const topK = range("top_k", "Top-k", 1, count, count, (value) => { state.topK = value >= count ? null : value; rewrite(); }, { whole: true, log: true, help: `Only so many of the likeliest tokens may come. ${count}: all.` });
    replace(topKPlace, topK.element);
  }

  // ---- showing

  function draw() {
    const { scene } = live;
    if (!scene || !moment || moment.version !== scene.version) return;
    const mode = scene.numbers.stream > 0 ? "stream" : scene.numbers.pattern === "decoder" ? "decoder" : null;
    words.classList.toggle("hidden", mode !== null);
    panel.classList.toggle("hidden", mode === null);
    if (mode === null) {
      noWriting();
      return;
    }
    if (read?.moment !== moment || key === "") {
      const given = begin(scene, mode);
      moments.take(moment, scene);
      read = { moment, given };
    }
    continueWriting();
    moments.element.classList.toggle("hidden", mode !== "stream");
    if (mode === "stream") moments.draw();
    if (!(state.due.length && shown && performance.now() < state.hold)) show(scene, mode);
  }

  function noWriting() {
    if (words.firstChild) return;
    replace(words, h("p", "This task answers a question about a sequence; nothing is written on. A network that writes learns what comes next: the task Write text."),
      h("button.primary", { type: "button", onclick: () => live.set({ task: "characters" }) }, "Choose Write text"));
  }

  function show(scene, mode) {
    const { vocabulary } = scene.numbers;
    const { given } = read;
    for (const name of ["seedField", "source"]) ({ seedField, source })[name].classList.toggle("hidden", (name === "source") === (mode === "stream"));
    setText(source, mode === "decoder" ? `It has read ${[...scene.arrays.ids.data].map((id) => `${vocabulary[id]}${scene.numbers.words ? " " : ""}`).join("").trim()} and writes from what it remembers of it, beginning with ^ and ending with $.` : "");
    setText(seedSaid, seedWords(given));
    const { written, probabilities } = writer;
    const { here } = writer;
    const pointed = state.pointed !== null && state.pointed < written.length ? state.pointed : null;
    const place = pointed ?? here;
    const found = writer.chancesAt(place);
    const chosen = place < written.length ? written[place].id : null;
    text.show({ prefix: writer.prefix, written, probabilities, here, pointed, words: false, vocabulary, colors: ctx.colors, forcedWord: "chosen by you" });
    const atEnd = place === written.length;
    const over = writer.full && atEnd;
    setText(barsTitle, over ? "The end" : atEnd ? "What comes next?" : `What could have come at ${place + 1}, where ${spoken(vocabulary[chosen])} stands`);
    const cut = found.kept.length - found.kept.reduce((sum, each) => sum + each, 0);
    const cutWords = state.greedy ? "Only the likeliest may come." : cut ? `${cut} of ${found.kept.length} are cut; what is left, ${percent(found.left)} of the sum, is made 100 % again.` : "Nothing is cut.";
    const what = over ? "It has ended. Click into the text to go back." : pointed === null ? `Press one to write it yourself${atEnd ? "" : "; the rest is then written anew"}.` : "Click to go back to here.";
    setText(barsSaid, `${what} ${cutWords}`);
    const drawing = state.greedy ? "the likeliest" : state.temperature === 1 && !cut ? "to draw from" : `at T = ${number(state.temperature)}${cut ? ", cut" : ""}`;
    bars.show({ found, vocabulary, chosen, live: !over, drawing });
    const own = probabilities.slice(0, here);
    const made = perplexity(own);
    setText(measured, own.length ? `${own.length} tokens of this ${KINDS[mode]}, step ${number(moment.step)}: perplexity ${number(made)}, as unsure as between ${number(made)} equally likely tokens; ${steady(Math.log2(made), 2)} bits a token.` : "Nothing is written yet.");
    const period = loopOf(written.slice(0, here).map(({ id }) => id));
    setText(loop, period ? `It repeats itself: the same ${period === 1 ? "token" : `${period} tokens`} over and over. ${state.greedy || state.temperature < 0.5 ? "Where the likeliest always wins, a text easily runs in a circle." : ""}` : "");
    replace(play, icon(state.playing ? "pause" : "play"), state.playing ? "Pause" : "Play");
    next.disabled = write.disabled = writer.full && here === written.length;
    write.classList.toggle("hidden", mode === "decoder");
    back.disabled = writer.past.length === 0;
    setText(write, `Write ${AT_ONCE}`);
    drawScaleOf(scale, ctx.colors);
    if (state.greedy) temperature.disable("not used: always the likeliest");
    else temperature.enable();
    shown = {
      mode, unknown: given.unknown, step: moment.step, prefix: [...writer.prefix], ids: written.map(({ id }) => id), forced: written.map((each) => each.forced), probabilities, here, place,
      found: { own: [...found.own], warmed: [...found.warmed], final: [...found.final], kept: [...found.kept], left: found.left }, perplexity: made, period, due: state.due.length, rules: { ...writer.rules },
      text: written.map(({ id }) => vocabulary[id]).join(""), samples: moments.samples,
    };
  }

  function seedWords({ unknown, empty }) {
    const named = unknown.slice(0, NAMED).map((letter) => sign(letter)).join(" ") + (unknown.length > NAMED ? " …" : "");
    const skipped = unknown.length ? `The network has not learned ${named}: left out. ` : "";
    return skipped + (empty ? "Nothing to begin with: it begins after a line end." : "");
  }

  return { draw, update: () => ctx.redraw() };
});
