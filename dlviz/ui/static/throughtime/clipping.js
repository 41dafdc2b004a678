// Clipping by norm and by value: the gradient of the batch that comes next, as a histogram and as arrows.

import { count, h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { clipped, histogram } from "./arithmetic.js";
import { drawArrows, drawHistogram } from "./arrows.js";
import { Asker } from "./asking.js";

const BINS = 81; // odd, so that zero has a bar of its own
const SOURCE = { name: "source", kind: "choice", label: "Gradient of", options: ["clipping", "explosion"], labels: ["This run", "A fresh RNN"], default: "clipping" };
const GAIN = { name: "gain", kind: "range", label: "Gain of the fresh RNN", low: 0.5, high: 3, default: 2, help: "Its recurrent matrix begins as a rotation times this number. It was never trained; it gets the run's next batch." };
const CLIP = { name: "clip", kind: "range", label: "Clip at", low: 1e-3, high: 100, log: true, default: 1, help: "The largest norm, or the largest size of a single number. Here only to look; the run's own setting stands in the stage." };

export function buildClipping({ live, ctx }) {
  const wanted = { source: "clipping", gain: 2, limit: null };
  let shown = null; // {entries, every, all, loss, norm, largest}
  let state = null;
  let begun = null; // the scene whose clip value the slider began with
  const source = knob(SOURCE, { value: "clipping", onchange: (value) => { wanted.source = value; ctx.redraw(); } });
  const gain = knob(GAIN, { value: 2, onchange: (value) => { wanted.gain = value; ctx.redraw(); } });
  const limit = knob(CLIP, { value: 1, onchange: (value) => { wanted.limit = value; ctx.redraw(); } });
  const setLimit = (value) => { wanted.limit = Number(value.toPrecision(2)); limit.set(wanted.limit); ctx.redraw(); };
  const own = h("button.chip", { type: "button", onclick: () => setLimit(begun) });
  const both = h("button.chip", { type: "button", onclick: () => setLimit(Math.min(100, Math.max(1e-3, shown.largest / 4))) }, "Where both cut");
  const bars = h("canvas.bars", { role: "img" });
  const arrows = h("canvas.arrows", { role: "img" });
  const words = h("p.value.sentence", { "aria-live": "polite" });
  const table = h("table.clips.value");
  const problem = h("p.problem.small", { role: "alert" });
  const element = h("section.part.of-clipping", { "aria-label": "Clipping the gradient" },
    h("h3", "When it explodes: clipping"),
    h("p.about", "One step along an exploded gradient throws all weights away. Clipping by norm shortens the whole gradient and keeps its direction; by value cuts each number for itself, and so turns it. Shown is the gradient of the loss of the batch that comes next; the run does not notice."),
    h("div.knobs", source.element, limit.element, gain.element), h("div.row", own, both), problem, words,
    h("div.both",
      h("figure", h("figcaption.label", "The numbers of the gradient, how many of each size (logarithmic), and where they are cut by value"), bars),
      h("figure", h("figcaption.label", "The gradient before and after, in the plane of both"), arrows)),
    table);
  const asker = new Asker({ live, ctx, key: keyOf, took, options: () => ({ of: wanted.source, ...(wanted.source === "explosion" ? { gain: wanted.gain } : {}) }) });

  function keyOf() {
    const { scene, frame } = live;
    return frame ? `${live.shown} ${scene.version} ${frame.step} ${(live.state.marks ?? []).length} ${wanted.source} ${wanted.source === "explosion" ? wanted.gain : ""}` : null;
  }

  function took(answer) {
    setText(problem, answer.kind === "note" ? answer.numbers.text : "");
    if (answer.kind === "note") return;
    const { arrays } = answer;
    const one = (name) => arrays[name].data[0];
    shown = { entries: arrays.gradient.data, every: one("every"), all: one("entries"), loss: one("loss"), norm: one("norm"), largest: one("largest"), source: wanted.source, step: answer.step };
    ctx.redraw();
  }

  function begin() {
    const { spec } = live.scene.numbers;
    if (begun === spec.clip_at) return;
    begun = spec.clip_at;
    wanted.limit = begun;
    limit.set(begun);
  }

  function say(found) {
    const whose = shown.source === "clipping" ? `At step ${number(shown.step ?? live.frame.step)} the gradient of the next batch` : `The gradient of a fresh RNN with gain ${number(wanted.gain)}`;
    const long = `${whose} has ${count(shown.all)} numbers and the norm ${number(found.norm)}; the largest number is ${number(shown.largest)}.`;
    const norm = found.factor < 1 ? `By norm it is multiplied by ${number(found.factor)}` : "By norm nothing happens: it is short enough";
    const value = found.changed ? `by value ${percent(found.changed / found.entries, 2)} of the numbers are cut, and it turns by ${number((Math.acos(Math.min(1, found.cosineByValue)) * 180) / Math.PI)}°` : "by value nothing happens: no number is that large";
    const part = shown.every > 1 ? ` Of so many numbers every ${number(shown.every)}th is counted here.` : "";
    return `${long} ${norm}; ${value}.${part}`;
  }

  function rowsOf(found) {
    const row = (name, norm, cosine) => h("tr", h("th", { scope: "row" }, name), h("td", number(norm)), h("td", steady(cosine)));
    replace(table, h("thead", h("tr", h("th", ""), h("th", "Norm"), h("th", "Cosine to the whole"))),
      h("tbody", row("Whole gradient", found.norm, found.norm > 0 ? 1 : 0), row("Clipped by norm", found.byNorm, found.cosineByNorm), row("Clipped by value", found.byValue, found.cosineByValue)));
  }

  function draw() {
    begin();
    asker.nudge();
    gain.element.classList.toggle("hidden", wanted.source !== "explosion");
    element.classList.toggle("waiting", !shown);
    if (!shown) return;
    setText(own, `The run's own: ${number(begun)}`);
    own.disabled = wanted.limit === begun;
    const found = clipped(shown.entries, wanted.limit, shown.every);
    const reach = shown.largest || 1;
    drawHistogram(bars, ctx.colors, { counts: histogram(shown.entries, reach, BINS), reach, limit: wanted.limit });
    drawArrows(arrows, ctx.colors, found);
    bars.setAttribute("aria-label", `Histogram of ${count(found.entries)} numbers between ${number(-reach)} and ${number(reach)}; ${count(found.changed)} are cut at ${number(wanted.limit)}`);
    arrows.setAttribute("aria-label", `Norm ${number(found.norm)} before, ${number(found.byNorm)} by norm, ${number(found.byValue)} by value; cosines 1 and ${steady(found.cosineByValue)}`);
    setText(words, say(found));
    rowsOf(found);
    state = { ...found, limit: wanted.limit, source: shown.source, loss: shown.loss, largest: shown.largest, all: shown.all, sentence: words.textContent };
  }

  return { element, draw, read: () => ({ clipping: state }) };
}
