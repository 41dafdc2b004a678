// Conditional: choose the class, see what both networks make of being told it, and what being told is worth.

import { css } from "../lib/color.js";
import { count, h, setText, steady } from "../lib/dom.js";
import { gansOf } from "../lib/gans.js";
import { mount } from "../lib/mount.js";
import { inSlices } from "../lib/slices.js";
import { askEvery, askFor, readerOf } from "./asking.js";
import { buildBeside } from "./beside.js";
import { buildBoard } from "./board.js";
import { buildCounting } from "./counting.js";
import { buildEntering } from "./entering.js";
import { numbersOf } from "./exposing.js";
import { buildHeatmap } from "./heatmap.js";
import { buildMinding } from "./minding.js";
import { buildMixing } from "./mixing.js";
import { buildModes } from "./modes.js";
import { buildPicker } from "./picker.js";
import { buildPlain } from "./plain.js";
import { askedWords, confusionCell, meanCell, mindsWords, obedienceWords, short } from "./words.js";

export const styles = ["lib/job.css"];

export default mount((root, live, ctx) => {
  const state = { chosen: 0, seed: 1, sampleSeed: 1, picked: null, from: "board", dataset: "", classifier: null };
  let [moment, made, samples, last] = [null, null, null, null];
  const busy = { board: false, samples: false };
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const change = (changes) => { Object.assign(state, changes); ctx.redraw(); };
  const choose = (chosen) => {
    happened("class_asked");
    change({ chosen, from: "board", picked: state.picked === null || !made ? null : Math.floor(state.picked / made.told) * made.told + chosen });
  };
  const isTold = () => Boolean(live.scene?.numbers.told);
  const plain = buildPlain({ live, ctx, happened });
  const picker = buildPicker({ ctx, onpick: choose, isHeard: () => ctx.visible && isTold() });
  const board = buildBoard({ label: "One noise a row, one class a column", onpick: (at) => change({ picked: at, chosen: made.list[at].label, from: "board" }) });
  const more = buildBoard({ label: "More of the class asked for", onpick: (at) => change({ picked: at, from: "samples" }) });
  const modes = buildModes({ onpick: choose });
  const minding = buildMinding();
  const entering = buildEntering({ redraw: ctx.redraw });
  const mixing = buildMixing({ redraw: ctx.redraw, happened });
  const counting = buildCounting({ live, ctx, onfound: () => ctx.redraw() });
  const confusion = buildHeatmap({ label: "What was asked for down, what was read across", redraw: ctx.redraw, onpick: choose });
  const means = buildHeatmap({ label: "What was asked for down, what D was told across", redraw: ctx.redraw, onpick: choose });
  const beside = buildBeside({ live, ctx, happened });
  const again = h("button", { type: "button", onclick: () => { happened("class_asked"); change({ seed: state.seed + 1, sampleSeed: state.sampleSeed + 1 }); } }, "New noise");
  const asked = h("p.gc-sentence.value", { "aria-live": "polite" });
  const shapes = h("p.small.muted.value");
  const moreTitle = h("h4");
  const moreBox = h("div.gc-stack.gc-more", moreTitle, more.element);
  const obeyed = h("p.value", { "aria-live": "polite" });
  const minds = h("p.value");
  const heads = { confusion: h("h4"), means: h("h4", "What D says of them: made as (down), told (across)") };
  const ramp = h("canvas.gc-ramp", { width: 65, height: 1, "aria-hidden": "true" });
  const limits = [h("span.value"), h("span.value")];
  const obedience = h("section.gc-part", { "aria-label": "Who listens" }, h("h3", "Who listens"),
    h("div.gc-pair",
      h("div.gc-stack", heads.confusion, confusion.element, obeyed),
      h("div.gc-stack", heads.means, means.element, h("div.row.small.muted", "mean output", limits[0], ramp, limits[1], "Where D minds the class, a row is highest on the diagonal."), minds)));
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const right = h("div.gc-stack.gc-right", moreBox, minding.element);
  const body = h("div.gc-body.hidden",
    h("div.gc-choice", picker.element, again, h("p.small.muted", "Keys 0 to 9 ask as well")), asked,
    h("div.gc-main", h("div.gc-stack", board.element, modes.element, shapes), right),
    obedience, entering.element, mixing.element);
  root.append(h("div.ganclasses", h("p.lead", "A conditional GAN is told a class: the generator which one to make, the discriminator which one this is supposed to be. Choose one, and see whether they listen."), plain.element, waiting, body, beside.element));

  const watching = gansOf(live).watch(ctx, (now) => { moment = now; ctx.redraw(); });
  for (const kind of ["scene", "frame", "state"]) live.on(kind, () => ctx.redraw(), ctx.signal);

  function readerNow() {
    const { spec: { dataset }, planar } = moment.scene.numbers;
    if (!planar && state.dataset !== dataset) {
      Object.assign(state, { dataset, classifier: null });
      gansOf(live).classifier().then((classifier) => { if (state.dataset === dataset) change({ classifier }); });
    }
    return readerOf(moment.scene, state.classifier);
  }

  const keyOf = (reader) => `${moment.scene.version} ${moment.step} ${reader}`;

  // Work goes on to its end even if the training has gone on meanwhile: else nothing would ever be seen of a large network.
  function ask(read, isRead) {
    const { scene, step } = moment;
    const of = { step, version: scene.version, told: scene.numbers.told, moment, isRead };
    const run = (name, work, keep) => {
      busy[name] = true;
      inSlices(work, (list) => { busy[name] = false; keep(list); ctx.redraw(); }, { signal: ctx.signal });
    };
    const [key, { seed, sampleSeed, chosen: label }] = [keyOf(isRead), state];
    const wanted = `${key} ${seed}`;
    if (!busy.board && made?.key !== wanted) run("board", askEvery({ moment, read, seed }), (list) => { made = { ...of, key: wanted, list }; });
    const sampled = `${key} ${sampleSeed} ${label}`;
    if (!scene.numbers.planar && !busy.samples && samples?.key !== sampled) run("samples", askFor({ moment, read, seed: 1000 + sampleSeed, label }), (list) => { samples = { ...of, key: sampled, label, seed: 1000 + sampleSeed, list }; });
  }

  function drawCounts(now) {
    const counts = counting.found?.version === now.scene.version ? counting.found : null;
    obedience.classList.toggle("waits", !counts);
    if (!counts) return null;
    const { classes, planar, spec } = now.scene.numbers;
    const each = counts.noises;
    const { chosen } = state;
    setText(heads.confusion, planar ? "Asked for (down), nearest mode (across)" : "Asked for (down), read as (across)");
    confusion.element.classList.toggle("hidden", !counts.confusion);
    if (counts.confusion) confusion.draw({ values: counts.confusion, classes, chosen, shade: (value) => value / each, format: (value) => (value ? count(value) : ""), say: confusionCell(classes, planar, each) }, ctx.colors);
    const most = Math.max(1e-6, ...counts.means.map(Math.abs));
    means.draw({ values: counts.means, classes, chosen, diverging: true, shade: (value) => value / most, format: short, say: meanCell(classes, spec.loss) }, ctx.colors);
    setText(limits[0], steady(-most, 2));
    setText(limits[1], steady(most, 2));
    const pen = ramp.getContext("2d");
    for (let x = 0; x < 65; x += 1) {
      pen.fillStyle = css(ctx.colors.diverging((x - 32) / 32));
      pen.fillRect(x, 0, 1, 1);
    }
    setText(obeyed, obedienceWords({ scene: now.scene, counts }));
    setText(minds, mindsWords({ counts }));
    return counts;
  }

  function drawAsked(now) {
    const { scene } = now;
    const { classes, planar, shape, told, spec } = scene.numbers;
    const { chosen, from } = state;
    picker.show({ classes, chosen, planar });
    board.element.classList.toggle("hidden", planar);
    moreBox.classList.toggle("hidden", planar);
    modes.element.classList.toggle("hidden", !planar);
    const home = planar ? right : body; // in the plane the way between two classes is a line: it stands beside it
    if (mixing.element.parentElement !== home) home.append(mixing.element);
    const noises = now.made.list.length / told;
    setText(asked, askedWords({ scene, chosen, made: now.made.list }));
    const step = `step ${count(now.made.step)}`;
    if (planar) setText(shapes, `${noises} noises × ${told} classes → ${now.made.list.length} × 2; ${step}. Circles: the modes, three standard deviations wide. Ringed: one and the same noise, under each class. Behind: D's output told ${classes[chosen]}, ${steady(-(modes.read()?.limit ?? 0), 2)} (orange) to ${steady(modes.read()?.limit ?? 0, 2)} (blue). The line: the way between two classes.`);
    else setText(shapes, `${noises} noises × ${spec.noise_dimensions}, each asked for ${told} classes → ${now.made.list.length} × ${shape.join(" × ")}; ${step}. One noise a row, one class a column${now.isRead ? "; under each what the classifier reads, in orange where it is not what was asked for" : ""}.`);
    if (!planar) {
      board.show({ made: now.made.list, columns: told, shape, classes, chosen, picked: from === "board" ? now.at : null });
      setText(moreTitle, `${classes[now.samples?.label ?? chosen]}, of ${now.samples?.list.length ?? 0} other noises`);
      if (now.samples) more.show({ made: now.samples.list, columns: 6, shape, classes, chosen: -1, picked: from === "samples" ? state.picked : null });
    }
  }

  /** What is looked at: what was asked for at this moment, and of it the example that D judges. */
  function shown() {
    if (!moment || !live.scene || moment.scene.version !== live.scene.version || !isTold()) return null;
    state.chosen = Math.min(state.chosen, moment.gan.told - 1);
    const read = readerNow();
    const isRead = Boolean(moment.scene.numbers.planar || state.classifier);
    ask(read, isRead);
    if (made?.version !== moment.scene.version) return null;
    const own = samples?.version === moment.scene.version ? samples : null;
    const at = state.from === "board" && state.picked !== null && state.picked < made.list.length ? state.picked : state.chosen;
    const sample = state.from === "samples" && own?.label === state.chosen ? own.list[state.picked] : null;
    const picked = sample ?? made.list[at];
    const { moment: of } = sample ? own : made; // D judges by the weights that made it
    return { moment: of, scene: moment.scene, made, samples: own, read, isRead: made.isRead, at, picked };
  }

  let took = 0; // milliseconds of the last drawing
  function draw() {
    const began = performance.now();
    watching.nudge();
    counting.nudge();
    last = null;
    if (live.scene) {
      plain.show(live.scene);
      beside.draw(ctx.colors);
    }
    const now = shown();
    waiting.classList.toggle("hidden", Boolean(now) || !isTold());
    body.classList.toggle("hidden", !now);
    if (!now) return;
    const { z, example } = now.picked;
    mixing.draw({ ...now, chosen: state.chosen, z });
    if (now.scene.numbers.planar) modes.draw({ moment: now.made.moment, made: now.made.list, scene: now.scene, chosen: state.chosen, picked: now.at, mixed: mixing.mixed }, ctx.colors);
    drawAsked(now);
    const counts = drawCounts(now);
    minding.draw(now);
    entering.draw({ ...now, chosen: now.picked.label, z, example }, ctx.colors);
    last = { now, counts };
    took = performance.now() - began;
  }

  ctx.host.dlviz = {
    ganclasses: () => ({
      conditional: isTold(), plain: plain.read(), beside: beside.read(),
      took, told: last && numbersOf({ ...last, state, parts: { minding, entering, mixing, confusion, means, modes }, words: { asked: asked.textContent, obeyed: obeyed.textContent, minds: minds.textContent } }),
    }),
    happened: (word) => Boolean(live.shared.get(`happened.${word}`)),
    onCell: (row, column) => confusion.onPage(row, column),
    onPlane: (place) => modes.onPage(place),
  };
  return { draw, update: () => ctx.redraw() };
});
