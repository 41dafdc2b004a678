// The panel Real BERT: a sentence read by 72 heads, one of them opened, a token changed, sentences compared.

import { h, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { Tokens } from "../lib/tokens.js";
import { Asker } from "./asking.js";
import { barList } from "./bars.js";
import { buildChanging } from "./changing.js";
import { exposed } from "./exposing.js";
import { buildHead } from "./head.js";
import { best, gridOf, linking, mostParticular, readingOf } from "./reading.js";
import { buildSentence, sendable } from "./sentence.js";
import { buildSimilarity } from "./similarity.js";
import { Wall } from "./wall.js";
import { OPENING, PRESETS, lead, place, presetInWords, quoted, readInWords, roleInWords, roleOf, share, upper } from "./words.js";

export const styles = ["lib/tokens.css", "bert/parts.css"];

const KEPT = "bert.kept"; // what is read and looked at, so that another panel may come between
const LINKS = 6;
const CALM = 120; // ms that a head stays chosen before its vectors are asked for

export default mount((root, live, ctx) => {
  const kept = live.shared.get(KEPT);
  const state = {
    text: OPENING, pair: "", preset: PRESETS[0], changes: [], layer: 5, head: 11, form: "grid", scale: "word", view: "difference", metric: "turned",
    ...kept, reading: null, many: null, query: null, key: null, pinned: false, home: null, picked: null, good: null, asked: "",
  };
  const asker = new Asker(live, ctx.signal);
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const panel = { ctx, live, state, asker, happened, look, point, pin, change, choose };
  const timings = { refresh: 0, hover: 0 };
  let [stale, width, calm] = [true, 0, 0];
  ctx.signal.addEventListener("abort", () => clearTimeout(calm));

  // ---- the parts

  const sentence = buildSentence(state, read);
  const tokens = new Tokens({ label: "What BERT reads; Enter chooses a token to change", colors: () => ctx.colors, onhover: (at) => point(at, null), onpick: pick });
  const saying = h("p.sentence", { "aria-live": "polite" });
  const wall = new Wall({ redraw: () => ctx.redraw(), onhover: tellHead, onpick: (at) => { choose(at); happened("bert_head"); } });
  const wallSays = h("p.label.value.wall-says");
  const head = buildHead(panel);
  const [wallTitle, wallShape] = [h("span"), h("span.value")];
  const linksTitle = h("p.label");
  let linked = [];
  const links = barList({ label: "Heads that link the two tokens", onpick: (i) => choose(linked[i]), onhover: (i) => { wall.pointed = i === null ? null : linked[i]; tellHead(wall.pointed); ctx.redraw(); } });
  const changing = buildChanging(panel);
  const similarity = buildSimilarity(panel);
  const waiting = h("p.muted.waiting", "The network is on its way …");
  const body = h("div.body.hidden",
    h("div.read", tokens.element, sentence.meta, changing.tools), saying,
    h("div.look",
      h("div.wall-side", h("p.label.wall-title", wallTitle, wallShape), wall.canvas, wallSays, linksTitle, links.element),
      head.element),
    head.beside, changing.element);
  root.append(h("div.bert", h("p.lead.muted", lead), sentence.element, waiting, body, similarity.element));

  // ---- what a person does

  function keep() {
    const { text, pair, preset, changes, layer, head: at, form, scale, view, metric } = state;
    live.shared.set(KEPT, { text, pair, preset, changes, layer, head: at, form, scale, view, metric });
  }

  function read({ text, pair }, preset) {
    Object.assign(state, { text, pair, preset, changes: [], view: "difference", asked: "" });
    if (!preset) happened("bert_read");
    nudge();
  }

  function change(changes) {
    changing.fail("");
    const { text, pair } = state;
    ask({ text: sendable(text), pair: sendable(pair), ...(changes.length ? { changes } : {}) }, (answer) => {
      state.changes = changes;
      if (changes.length) happened("bert_changed");
      take(answer);
    }, (words) => changing.fail(words));
  }

  function look(changes) {
    Object.assign(state, changes);
    again();
  }

  function choose({ layer, head: at }) {
    Object.assign(state, { layer, head: at });
    again();
  }

  function pick(at) {
    state.picked = at === state.picked ? null : at;
    tokens.light(state.picked, { pinned: state.picked !== null });
    changing.refresh();
    ctx.redraw();
  }

  /** Look at a pair of tokens while it is pointed at, then again at the pinned one. */
  function point(query, key = null) {
    const [q, k] = query === null && key === null ? (state.home ?? [null, null]) : [query, key];
    Object.assign(state, { query: q, key: k, pinned: Boolean(state.home) && state.home[0] === q && state.home[1] === k });
    ctx.redraw();
  }

  /** Pin a pair; the pinned one again, or nothing, lets go. */
  function pin(query, key = null) {
    const again_ = state.home?.[0] === query && state.home?.[1] === key;
    state.home = (query === null && key === null) || again_ ? null : [query, key];
    point(query, key);
  }

  function again() {
    stale = true;
    keep();
    ctx.redraw();
  }

  // ---- questions

  function ask(options, took, refused) {
    sentence.busy("reading");
    body.classList.add("old");
    asker.ask("reading", options, {
      progress: ({ text }) => setText(waiting, `${upper(text || "working")} …`),
      took(message, ms) { settle(); took({ message, ms }); },
      refused(words) { settle(); refused(words); },
    });
  }

  function settle() {
    sentence.busy("");
    body.classList.remove("old");
  }

  const named = () => JSON.stringify([state.text, state.pair]);

  /** Ask for what is not here yet; called whenever the panel is drawn. */
  function nudge() {
    if (!ctx.visible || !["open", "relay"].includes(live.status)) return;
    if (state.asked !== named()) {
      state.asked = named();
      const { text, pair, preset, changes } = state;
      const again_ = state.reading === null && kept; // back from another panel: what was chosen stays
      ask({ text: sendable(text), pair: sendable(pair), ...(changes.length ? { changes } : {}) }, (answer) => {
        sentence.fail("");
        if (!again_) Object.assign(state, { picked: null });
        take(answer);
        sentence.show({ text, pair }, preset);
        pin(null);
        if (preset && !again_) open(preset);
        again();
      }, (words) => {
        sentence.fail(words);
        if (!state.good) return;
        Object.assign(state, state.good); // what was read before is still on the screen
        state.asked = named();
      });
    }
    similarity.nudge();
  }

  function take({ message, ms }) {
    state.reading = readingOf(message, ms);
    const { text, pair, preset, changes, view } = state;
    state.good = { text, pair, preset, changes, view };
    sentence.note([...(sendable(state.text) === state.text ? [] : ["The text is longer than can be sent at once; its end was left out."]), ...state.reading.notes]);
    if (state.picked !== null && state.picked >= state.reading.count) state.picked = null;
    if (!state.many && !asker.busy("roles")) {
      asker.ask("roles", { only: "roles" }, {
        took({ arrays, numbers }) {
          state.many = { roles: arrays.roles.data, breadth: arrays.breadth.data, chance: arrays.chance.data[0], sentences: numbers.texts["state/sentences"].length };
          if (state.preset?.role && !kept) open(state.preset);
          again();
        },
        refused: (words) => setText(wallSays, words),
      });
    }
    again();
  }

  /** Show the head and the tokens of a preset: those that the numbers name. */
  function open(preset) {
    const { reading, many } = state;
    if (preset.role) {
      if (many) Object.assign(state, best(many.roles, preset.role));
      return;
    }
    const [query, key] = preset.pair.map((piece) => reading.pieces.indexOf(piece));
    const { layer, head: at } = mostParticular(linking(reading.weights, reading.count, query, key));
    Object.assign(state, { layer, head: at });
    pin(query, key);
  }

  // The 32 numbers of each query and key of the chosen head.
  function askVectors() {
    if (head.hasVectors() || state.vectorsOf === `${state.asked} ${state.layer} ${state.head}`) return;
    clearTimeout(calm);
    calm = setTimeout(() => {
      const { reading, layer, head: at, text, pair, asked } = state;
      state.vectorsOf = `${asked} ${layer} ${at}`;
      asker.ask("head", { text: sendable(text), pair: sendable(pair), only: "head", layer, head: at }, {
        took: (answer) => { if (state.reading === reading) head.take(reading, layer, at, answer); },
        refused: () => { state.vectorsOf = ""; },
      });
    }, CALM);
  }

  // ---- words

  function tellHead(at) {
    const shown = at ?? state;
    setText(wallSays, `${upper(place(shown))}${roleInWords(state.many, shown)}`);
  }

  function tellLinks() {
    const { reading, query, key } = state;
    const pair = query !== null && key !== null ? [query, key] : null;
    linked = pair ? linking(reading.weights, reading.count, ...pair).slice(0, LINKS) : [];
    setText(linksTitle, pair ? `Which heads link ${quoted(reading.pieces[query])} to ${quoted(reading.pieces[key])}: bar, its weight; tick, what the other tokens give on average` : "Click a cell of the chosen head to see which heads link its two tokens.");
    links.set(linked.map((each) => ({ name: place(each), share: each.weight, aside: each.others, text: `${share(each.weight)} · ${share(each.others)}`, strong: each.layer === state.layer && each.head === state.head })));
  }

  function refresh() {
    stale = false;
    const { reading, many, layer, head: at, preset, scale, view } = state;
    waiting.classList.add("hidden");
    body.classList.remove("hidden");
    const signed = Boolean(reading.changed) && view === "difference";
    if (state.wallOf !== reading || state.wallView !== view) {
      const weights = !reading.changed || view === "before" ? reading.weights : view === "after" ? reading.changed.weights : reading.changed.weights.map((w, i) => w - reading.weights[i]);
      Object.assign(state, { wallOf: reading, wallView: view, wallWeights: weights });
    }
    wall.set({ weights: state.wallWeights, count: reading.count, layer, head: at, signed, scale, signs: reading.signs, roles: (l, k) => roleOf(many, l, k) });
    setText(wallTitle, `All heads: layers down, heads across; ${signed ? "changed less as read, full colour at each head’s largest" : `colour from 0 to ${{ word: "each head’s largest weight for a word", own: "each head’s largest weight", one: "1" }[scale]}`}`);
    setText(wallShape, `6 × 12 × ${reading.count} × ${reading.count}`);
    setText(sentence.meta, readInWords(reading));
    setText(saying, preset ? presetInWords(preset, reading, many) : "");
    saying.classList.toggle("hidden", !saying.textContent);
    tokens.light(state.picked, { pinned: state.picked !== null });
    tellHead(wall.pointed);
    head.refresh();
    changing.refresh();
  }

  // The sentence coloured by what the token pointed at looks at.
  function tint() {
    const { reading, layer, head: at, query, key } = state;
    const grid = gridOf(reading.weights, reading.count, layer, at);
    const values = query === null && key === null ? null : reading.pieces.map((_, i) => (query === null ? grid[i * reading.count + key] : grid[query * reading.count + i]));
    const changed = new Map(state.changes.map((each) => [each.at, each.to === "hide" ? "hidden" : each.to === "mask" ? "[MASK]" : each.word]));
    const name = `${JSON.stringify([...changed])} ${query} ${key} ${layer} ${at} ${ctx.colors.dark}`;
    if (state.tinted === name && state.tintedOf === reading) return;
    Object.assign(state, { tinted: name, tintedOf: reading });
    tokens.set({ tokens: reading.pieces, words: true, values, scale: "sequential", above: changed.size ? reading.pieces.map((_, i) => changed.get(i) ?? "") : null, below: reading.pieces.map((_, i) => (values ? share(values[i]) : "")) });
    tokens.light(state.picked, { pinned: state.picked !== null });
  }

  live.on("status", (status) => {
    if (!["open", "relay"].includes(status)) return;
    if (!state.reading) state.asked = "";
    similarity.retry();
    ctx.redraw();
  }, ctx.signal);
  sentence.show(state, state.preset);

  return {
    update() { stale = true; },
    draw() {
      nudge();
      const resized = width !== root.clientWidth || stale;
      width = root.clientWidth;
      similarity.draw(ctx.colors, resized);
      for (const sign of ["negative", "positive"]) root.style.setProperty(`--${sign}`, ctx.colors[sign]);
      if (!ctx.host.dlviz) ctx.host.dlviz = exposed({ state, asker, root, parts: { head, wall, changing, similarity, tokens }, linked: () => linked, timings });
      if (!state.reading) return;
      const began = performance.now();
      if (stale) {
        refresh();
        timings.refresh = performance.now() - began;
      }
      const hovering = performance.now();
      askVectors();
      wall.light(state.query, state.key);
      head.point();
      tellLinks();
      tint();
      wall.draw(ctx.colors);
      head.draw(ctx.colors, resized);
      timings.hover = performance.now() - hovering;
      changing.draw(ctx.colors, resized);
    },
  };
});
