// Translate: one sequence becomes another. Greedy step by step, beam search, where it looks, and how often it is right.

import { attendedOf } from "../lib/attended.js";
import { h, setText } from "../lib/dom.js";
import { momentsOf } from "../lib/moments.js";
import { mount } from "../lib/mount.js";
import { settingsOf } from "../lib/settings.js";
import { inSlices } from "../lib/slices.js";
import { rowOf } from "../lib/transformer.js";
import { alignmentOf, buildAlignment } from "./alignment.js";
import { Writer, logSoftmax, searching, textOf } from "./beam.js";
import { buildBeams } from "./beams.js";
import { buildGreedy } from "./greedy.js";
import { History, spreadOver } from "./history.js";
import { PAIRS, buildPairs, writingAll } from "./pairs.js";
import { buildSource } from "./source.js";

export const styles = ["lib/tokens.css"];

const FETCHED = 8; // moments that the button goes to
const PATIENCE = 4000; // ms for one of them
const TASKS = [["digit_words", "Number words to digits"], ["dates", "Dates to one form"], ["pig_latin", "Pig Latin"]];

/** What greedy writes, with all that was computed on the way: {ids, tokens, logs, grids, total}. */
function* writing(network, ids) {
  const writer = new Writer(network, ids);
  const { ranked } = yield* searching((tokens) => writer.following(tokens), { beams: 1, end: writer.end });
  const { tokens, total } = ranked[0];
  const pass = writer.pass(tokens.slice(0, -1));
  return { ids, tokens, total, writer, logs: tokens.map((_, i) => logSoftmax(rowOf(pass, i))), grids: pass.grids.filter(({ kind }) => kind === "cross"), hypothesis: ranked[0] };
}

export default mount((root, live, ctx) => {
  const state = { which: null, gathering: false };
  const kept = { moment: null, pairs: [], pairsOf: null, greedy: null, found: null, all: null, asking: false };
  const history = new History(ctx.data.fields ?? []);
  const attended = attendedOf({ live, ctx });
  const happened = (word) => live.shared.set(`happened.${word}`, true);
  let [turn, pairsBusy, dirty, arrived] = [0, false, false, null];
  const drawn = { found: null, all: null, written: null }; // what the last refresh showed

  const source = buildSource({ onchoose: ({ kind }) => { greedy.reset(); if (kind === "typed") happened("translated"); compute(); } });
  const greedy = buildGreedy({ ctx, onstep: () => { happened("greedy"); show(); }, onhead: choose });
  const beams = buildBeams({ onchange: () => { happened("beam"); compute(); }, onhypothesis: () => {} });
  const alignment = buildAlignment({ ctx, onwhich: choose, onpick: (at) => { happened("alignment"); greedy.go(at); }, onseek: (step) => live.scrub(step === live.newest?.step ? null : step), ongather: gather });
  const pairs = buildPairs({ onpick: (at) => source.pick(at) });
  const lead = h("p.lead");
  const body = h("div.body.hidden", lead, source.element, greedy.element, beams.element, alignment.element, pairs.element);
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const other = buildOther();
  root.append(h("div.translate", waiting, other.element, body));

  const moments = momentsOf(live).watch(ctx, (moment) => {
    kept.moment = moment;
    // Weights asked for while looking back may come after that is over: only the newest step tells of a new beginning.
    const isNewest = live.looking === null && moment.step === live.newest?.step;
    if (moment.read && history.add(moment, live.shown, isNewest)) arrived?.();
    if (kept.greedy) show(); // the moment has its place at once, and what it writes when that is known
    compute();
  });
  live.on("scene", () => ctx.redraw(), ctx.signal);
  live.on("frame", () => ctx.redraw(), ctx.signal);
  attended.on(() => {
    const { grid, head } = attended;
    if (grid?.startsWith("decoder.") && grid.endsWith(".cross")) state.which = { grid, head: head ?? 0 };
    show();
  });

  function choose(which) {
    state.which = which;
    if (which) attended.choose(which.grid, which.head);
    show();
  }

  // ---- what is computed, in slices; a newer wish takes the place of an older one

  function sourceNow() {
    const { moment, pairs: held } = kept;
    const { kind, ids, at } = source.state;
    const page = { ids: moment.ids, right: moment.targets };
    if (kind === "held" && held[at]) return { ids: held[at].ids, right: held[at].targets };
    const known = kind === "typed" && held.find((pair) => pair.ids.join() === ids.join());
    return kind === "typed" ? { ids, right: known ? known.targets : null } : page;
  }

  function compute() {
    const { moment } = kept;
    if (!moment?.read) {
      ctx.redraw();
      return;
    }
    source.show(moment.scene, kept.pairs);
    const { ids, right } = sourceNow();
    const mine = (turn += 1);
    const settings = { ...beams.settings };
    const work = function* () {
      const written = yield* writing(moment.network, ids);
      const found = yield* searching((tokens) => written.writer.following(tokens), { ...settings, end: written.writer.end });
      yield* align(ids);
      return { written, found };
    };
    inSlices(work(), ({ written, found }) => {
      Object.assign(kept, { greedy: written, found, right, settings, shownOf: moment, key: ids.join() });
      show();
      askPairs();
      writeAll();
    }, { signal: ctx.signal, wanted: () => mine === turn });
  }

  // What each kept moment writes for this source, once for each.
  function* align(ids) {
    const key = ids.join();
    for (const each of history.kept) {
      if (each.found.has(key)) continue;
      each.found.clear(); // of one source at a time
      const { tokens, grids } = yield* writing(each.network, ids);
      each.found.set(key, { tokens, grids });
    }
  }

  async function askPairs() {
    const { moment } = kept;
    const of = `${live.shown} ${moment.scene.numbers.spec.task} ${moment.scene.numbers.spec.seed} ${moment.scene.numbers.spec.examples}`;
    if (kept.pairsOf === of || kept.asking) return;
    kept.asking = true;
    const answer = await live.ask({ do: "probe", panel: "examples", options: { count: PAIRS } }, { quiet: true });
    kept.asking = false;
    if (ctx.signal.aborted || answer.kind !== "reply") return;
    const { ids, lengths, targets } = answer.arrays;
    const [wide, deep] = [ids.shape[1], targets.shape[1]];
    const all = [...lengths.data].map((length, i) => ({
      ids: [...ids.data.subarray(i * wide, i * wide + length)], targets: [...targets.data.subarray(i * deep, (i + 1) * deep)].filter((id) => id >= 0),
    }));
    kept.pairs = [...new Map(all.map((pair) => [pair.ids.join(), pair])).values()]; // drawn by chance, some come twice
    Object.assign(kept, { pairsOf: of, all: null });
    source.show(kept.moment.scene, kept.pairs);
    writeAll();
  }

  // All held-back pairs of the newest moment; what has begun is finished first, so that something comes of it while training.
  function writeAll() {
    const { moment, pairs: held, pairsOf } = kept;
    if (pairsBusy || !held.length || kept.all?.moment === moment || !moment.read) return;
    pairsBusy = true;
    const over = (found) => {
      pairsBusy = false;
      if (kept.pairsOf !== pairsOf) return;
      kept.all = { moment, found };
      show();
      if (kept.moment !== moment && ctx.visible) writeAll();
    };
    inSlices(writingAll(moment.network, held), over, { signal: ctx.signal });
  }

  // ---- moments of the training, one after the other

  async function gather() {
    if (state.gathering) return;
    state.gathering = true;
    const before = live.looking;
    happened("alignment_over_time");
    for (const step of spreadOver(live.moments, FETCHED)) {
      if (ctx.signal.aborted || history.kept.some((each) => each.step === step)) continue;
      const here = new Promise((resolve) => { arrived = resolve; setTimeout(resolve, PATIENCE); });
      live.scrub(step);
      show();
      await here;
    }
    arrived = null;
    state.gathering = false;
    live.scrub(before);
    compute();
  }

  // ---- what is shown

  function show() {
    dirty = true;
    ctx.redraw();
  }

  function refresh() {
    dirty = false;
    const { greedy: written, found, right, shownOf } = kept;
    const { vocabulary } = shownOf.network;
    const values = alignmentOf(written.grids, state.which);
    const keys = written.ids.length;
    const grid = state.which && written.grids.find(({ id }) => id === state.which.grid);
    const name = grid ? `layer ${grid.layer + 1}, head ${state.which.head + 1}` : "the mean of all heads";
    const attention = grid ? `the attention of ${name}` : "the mean attention of all heads";
    greedy.show(written, { right, which: state.which, rowOf: (at) => values.subarray(at * keys, (at + 1) * keys), vocabulary, name });
    if (drawn.found !== found) beams.show({ found, settings: kept.settings, greedy: written.hypothesis, right, vocabulary });
    const strip = history.kept.map((each) => {
      const of = each.found.get(kept.key);
      return { step: each.step, isNow: each.step === shownOf.step, tokens: of?.tokens, values: of ? alignmentOf(of.grids, state.which) : null, text: of ? textOf(of.tokens, vocabulary) || "nothing" : null };
    });
    alignment.show(written, { values, which: state.which, name: attention, at: greedy.at, moments: strip, vocabulary, busy: state.gathering });
    if (kept.all && drawn.all !== kept.all) pairs.show({ ...kept.all, pairs: kept.pairs, step: kept.all.moment.step, vocabulary, whole: live.frame?.step === kept.all.moment.step ? live.frame.numbers.validation_whole : null });
    Object.assign(drawn, { found, all: kept.all, which: state.which, at: greedy.at, written, shownOf, right, settings: kept.settings, strip: strip.map(({ step }) => step) });
    const { encoder, decoder } = { encoder: written.writer.encoder.tokens, decoder: written.tokens.length };
    setText(lead, `The encoder reads the ${encoder} tokens of the source once (${encoder} × ${shownOf.network.width}). The decoder writes one token at a time: it looks at what it has written and, by cross-attention, at what the encoder made of the source. Here it wrote ${decoder} tokens with the end sign, at step ${shownOf.step} of its training.`);
  }

  function buildOther() {
    const words = h("p.lead");
    const settings = settingsOf({ live, ctx });
    const buttons = TASKS.map(([task, label], i) => h(i === 0 ? "button.primary" : "button", { type: "button", onclick: () => settings.change({ task }) }, label));
    const element = h("div.stack.other.hidden", words, h("div.row", buttons), h("p.small.muted", "The run begins anew with that task. A few hundred steps are enough to see it work."));
    return { element, show: (task) => setText(words, `This panel needs a task in which a sequence becomes another one. The network on this page does something else (${task}). Choose a task to translate:`) };
  }

  return {
    update: show,
    draw() {
      moments.nudge();
      const { scene } = live;
      if (!scene) return;
      const isOther = scene.numbers.pattern !== "decoder";
      if (isOther) {
        const field = (ctx.data.fields ?? []).find(({ name }) => name === "task");
        other.show(field?.labels?.[field.options.indexOf(scene.numbers.spec.task)] ?? scene.numbers.spec.task);
      }
      const ready = !isOther && Boolean(kept.greedy) && kept.shownOf.scene.numbers.spec.task === scene.numbers.spec.task;
      other.element.classList.toggle("hidden", !isOther);
      body.classList.toggle("hidden", !ready);
      waiting.classList.toggle("hidden", isOther || ready);
      ctx.host.dlviz ??= { translate: read, middle: (row, key) => greedy.middle(row, key), cell: (query, key) => alignment.middle(query, key) };
      if (!ready) return;
      if (dirty) refresh();
      greedy.draw(ctx.colors);
      alignment.draw(ctx.colors);
    },
  };

  // What is on the screen, as plain numbers.
  function read() {
    const { written, found, shownOf, right, all, which, at } = drawn;
    if (!written || live.scene?.numbers.pattern !== "decoder") return { ready: false, other: !other.element.classList.contains("hidden") };
    return {
      ready: true, step: shownOf.step, ids: written.ids, tokens: written.tokens, right, at, logs: written.logs.map((row) => [...row]), which,
      cross: written.grids.map(({ part }) => part.weights.map((weights) => [...weights])), heads: greedy.weights(), alignment: [...alignmentOf(written.grids, which)],
      nodes: found.nodes, ranked: found.ranked, settings: drawn.settings, node: beams.tree.at, kept: drawn.strip, gathering: state.gathering,
      all: all && { step: all.moment.step, right: all.found.map(({ isRight }) => isRight), tokens: all.found.map(({ tokens }) => tokens) },
    };
  }
});
