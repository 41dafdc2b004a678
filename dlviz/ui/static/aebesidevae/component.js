// AE beside VAE: two networks that differ in nothing but the pressure on their codes, and what lies between the codes of each.

import { css } from "../lib/color.js";
import { count, h, setText } from "../lib/dom.js";
import { latentsOf } from "../lib/latents.js";
import { mount } from "../lib/mount.js";
import { buildCharts } from "./charts.js";
import { buildColumn } from "./column.js";
import { numbersOf } from "./exposing.js";
import { buildPlace } from "./place.js";
import { NETWORKS } from "./race.js";
import { buildShares } from "./shares.js";
import { buildStrips } from "./strips.js";
import { buildTraining } from "./training.js";
import { countedWords, placeWords, verdict } from "./words.js";

export const styles = ["lib/job.css", "lib/picker.css"];

export default mount((root, live, ctx) => {
  const state = { at: null, from: null, to: null, of: "", source: 1 };
  const readers = new Map(); // data set → what reads its pictures, or null
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const again = () => ctx.redraw();
  const change = (changes) => { Object.assign(state, changes); again(); };
  const place = buildPlace(again);
  const training = buildTraining({ live, ctx, happened, onrace: (isNew) => { if (isNew) { state.at = null; place.release(); } again(); } });
  const columns = Object.fromEntries(NETWORKS.map((kind) => [kind, buildColumn({ kind, place, ctx })]));
  const strips = buildStrips({ live, ctx, onpick: (end, index) => { place.release(); change({ [end]: index }); } });
  const shares = buildShares({ onpick: (source) => change({ source }) });
  const charts = buildCharts({ redraw: again, onpick: (step) => pickNear(step) });
  const slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Moment of training", oninput: () => change({ at: slider.valueAsNumber }) });
  const where = h("output.value");
  const scrub = h("div.scrub", h("span.label", "Moment of training"), slider, where);
  const hole = h("button", { type: "button", onclick: goIntoHole }, "Go into a hole");
  const back = h("button", { type: "button", onclick: () => place.release() }, "Back to the picture");
  const wider = h("button", { type: "button", onclick: () => training.choose({ latent: 16 }) }, "See 16 numbers");
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const counted = h("p.small.muted.value");
  const placed = h("p.small.value.placed");
  const scale = h("canvas.ramp", { width: 64, height: 1, "aria-hidden": "true" });
  const noReader = h("p.small.muted", "No classifier ships for these pictures: what needs one is not shown. Where codes lie near, the tiles and the errors are.");
  const legend = h("div.legend.small.muted",
    h("span.key.sure", "confidence", h("span", "0"), scale, h("span", "1")), h("span.key.sure", h("i.outline.unsure"), "a hole: confidence below 0.5"),
    h("span.key", h("i.outline.near"), "inside it codes lie near, as near as most lie to each other"), h("span.key", h("i.outline.middle"), "2 standard deviations: holes are counted inside"));
  const chooseRow = h("p.small.muted", "Share of pictures that the classifier reads with a confidence over 0.8. Choose a row to see what was counted: it can be sure of a blot, too.");
  const randomTitle = h("h4");
  const random = h("section.part", { "aria-label": "Drawn at random" }, randomTitle, chooseRow, shares.element);
  const body = h("div.body.hidden",
    h("div.row.verdict", h("div.stack.said", sentence, counted), wider), scrub,
    h("div.row.tools", placed, h("span.grow"), hole, back),
    h("div.columns", NETWORKS.map((kind) => columns[kind].element)), legend, noReader,
    h("section.part", { "aria-label": "From one picture to another" }, h("h4", "From one picture to another"), h("p.small.muted", "The straight line between two codes, decoded at 11 places; under each picture how sure the classifier is of it. Its ends are what each network makes of the two."), strips.element),
    random,
    charts.element);
  root.append(h("div.aebesidevae",
    h("p.lead", "Two networks with the same layers, begun with the same numbers and taught the same pictures in the same order. The autoencoder may put its codes anywhere; the VAE makes each a cloud and pays for leaving N(0, I). Between the codes lies what neither was ever shown: how much of it is a picture?"),
    training.element, body));
  for (const kind of ["scene", "state", "runs"]) live.on(kind, again, ctx.signal);

  function pickNear(step) {
    const { race } = training;
    const far = race.moments.map((moment) => Math.abs(moment.step - step));
    change({ at: far.indexOf(Math.min(...far)) });
  }

  function goIntoHole() {
    const now = shown();
    if (!now?.race.isRead) return;
    happened("hole_visited");
    place.pin(Object.fromEntries(NETWORKS.map((kind) => [kind, now.moment[kind].hole])), "hole");
  }

  /** The classifier of the data set of a race; undefined until it has come. */
  function readerOf(race) {
    const { dataset } = race.plan;
    if (!readers.has(dataset) && live.scene?.numbers.spec.dataset === dataset) {
      readers.set(dataset, null);
      latentsOf(live).classifier().then((read) => { readers.set(dataset, read); again(); });
    }
    return race.isRead ? readers.get(dataset) ?? null : null;
  }

  /** The ends of the way: the picture of the page where it is among those measured, and the next of another class. */
  function endsOf(labels) {
    const { picture, own_pixels: own, dataset, leave_out: without } = live.scene.numbers.spec;
    const key = [picture, own, dataset, without].join();
    if (state.of !== key) Object.assign(state, { of: key, from: null, to: null }); // the page looks at another picture
    const from = state.from ?? (own || picture >= labels.length ? 0 : picture);
    const other = labels.findIndex((label, index) => index !== from && label !== labels[from]);
    const to = state.to ?? (other < 0 ? (from + 1) % labels.length : other);
    return { from: Math.min(from, labels.length - 1), to: Math.min(to, labels.length - 1) };
  }

  function shown() {
    const { race } = training;
    if (!race?.moments.length || !live.scene) return null;
    const index = Math.min(state.at ?? race.moments.length - 1, race.moments.length - 1);
    const moment = race.moments[index];
    const read = readerOf(race);
    const ends = endsOf(moment.labels);
    const at = place.of(moment, ends.from);
    for (const kind of NETWORKS) {
      at[kind].picture = moment[kind].decode(at[kind].z);
      at[kind].probabilities = read && read(at[kind].picture);
    }
    return { race, index, moment, i: race.steps.indexOf(moment.step), read, at, ...ends, scene: live.scene };
  }

  function drawScrub({ race, index, moment }) {
    scrub.classList.toggle("hidden", !race.isTrained);
    slider.max = Math.max(1, race.moments.length - 1);
    slider.value = index;
    slider.style.setProperty("--share", race.isTrained ? index / (race.moments.length - 1) : 0);
    slider.setAttribute("aria-valuetext", `step ${moment.step}`);
    setText(where, `step ${count(moment.step)} of ${count(race.settings.steps)}`);
  }

  function drawWords(now) {
    const { race, moment, i, at, from } = now;
    setText(sentence, verdict(race, moment, i));
    setText(counted, countedWords(race));
    setText(placed, placeWords(at, { race, from, label: race.plan.classes.length > 1 ? `of class ${race.plan.classes[moment.labels[from]]}` : "a face" }));
    wider.classList.toggle("hidden", race.settings.latent !== 2 || !race.isKept);
    hole.classList.toggle("hidden", !race.isRead);
    back.disabled = !place.isPinned;
    random.classList.toggle("hidden", !race.isTrained);
    setText(randomTitle, race.isRead ? "Drawn at random" : "The errors of both");
    chooseRow.classList.toggle("hidden", !race.isRead);
    noReader.classList.toggle("hidden", race.isRead);
    legend.classList.toggle("unread", !race.isRead);
  }

  function drawScale() {
    const pen = scale.getContext("2d");
    for (let x = 0; x < 64; x += 1) {
      pen.fillStyle = css(ctx.colors.sequential(x / 63));
      pen.fillRect(x, 0, 1, 1);
    }
  }

  let [last, took] = [null, 0]; // what was drawn, and the milliseconds it took
  function draw() {
    const began = performance.now();
    training.nudge();
    const now = shown();
    last = now;
    body.classList.toggle("hidden", !now);
    if (!now) return;
    root.style.setProperty("--plain", ctx.colors.classes[0]);
    drawScrub(now);
    drawWords(now);
    for (const kind of NETWORKS) {
      columns[kind].show(now);
      columns[kind].draw(now, ctx.colors);
    }
    strips.show(now);
    shares.show({ ...now, source: state.source });
    charts.draw(now, ctx.colors);
    drawScale();
    took = performance.now() - began;
  }

  ctx.host.dlviz = {
    aebesidevae: () => last && numbersOf({ now: last, state, training, columns, strips, shares, words: { verdict: sentence.textContent, placed: placed.textContent }, took }),
    happened: (word) => Boolean(live.shared.get(`happened.${word}`)),
    onPage: (kind, layer, u) => columns[kind].layers[layer].onPage(u),
  };

  return { draw, update: again };
});
