// The wall on the photograph: eight methods asked which cells speak for a class. Five take one pass and are asked by
// themselves; three take many, and are asked when somebody wants them.

import { asked, sumInWords } from "../lib/attributedwords.js";
import { Tile } from "../lib/attributedtile.js";
import { css } from "../lib/color.js";
import { fit, h, number, replace, setText, steady } from "../lib/dom.js";
import { METHODS } from "../lib/methods.js";
import { topOf } from "./answer.js";
import { buildBar } from "./bar.js";
import { SIDE } from "./resample.js";
import { Seen } from "./seen.js";

const ORDER = ["grad_cam", "saliency", "input_x_gradient", "guided_backprop", "deep_lift", "smooth_grad", "integrated_gradients", "occlusion"];
const OWN = ORDER.map((slug) => METHODS.find((method) => method.slug === slug));
const TEXTS = {
  grad_cam: "The 1,280 maps of the last convolution, 7 × 7 cells each, weighted by their mean gradient, added and enlarged. Both signs are kept.",
  occlusion: "How far f falls when a square of 32 × 32 pixels is covered with the baseline; each cell takes the mean of the squares over it.",
  guided_backprop: "The gradient, but every ReLU6 lets only what is positive pass on the way back.",
};
const PASSES = { smooth_grad: () => 16, integrated_gradients: ({ steps }) => steps, occlusion: () => 169 };
const COUNT = SIDE * SIDE;

export function buildWall(panel) {
  const { ctx } = panel;
  const state = { target: null, minus: null, baseline: "mean", steps: 32, sign: "signed", over: "over", clip: 99, place: null };
  const known = new Map(); // method → what it found last
  const wanted = new Set(); // slow methods that somebody asked for
  const failed = new Map(); // method → key of the question it was refused for
  let planes = null; // of the picture, (channel, row, column) in [0, 1]
  let under = null; // the same as it stands under the maps, where full is ink: on light paper what is dark in the picture
  let visible = false;
  let working = null; // {slug, done, total} of the method that is asked

  const bar = buildBar(state, { choose, look });
  const words = h("p.reading", { "aria-live": "off" });
  const seen = new Seen(point);
  const pointed = h("p.read.value");
  const scale = h("canvas.scale", { role: "img" });
  const ends = { low: h("span"), high: h("span") };
  const scaleWords = h("p.label");
  const tiles = OWN.map((method) => makeTile(method));
  const notes = h("div.notes.label");
  const wall = h("div.wall", h("div.side", h("figure.grid", h("figcaption.label", h("span.grid-title", "The picture"), h("span.grid-shape.value", `3 × ${SIDE} × ${SIDE}`)), seen.canvas), pointed,
    h("div.legend", scale, h("div.ends.value", ends.low, ends.high), scaleWords)), h("div.tiles", tiles.map(({ tile }) => tile.element)));
  const element = h("section.part", h("h3", "Which cells speak for it"),
    h("p.muted.lead", "Eight methods answer the same question of one class, or of what sets one class apart from another. Grad-CAM is the one to read first: it says where the network looks. "
      + "The others say it cell by cell, and on a photograph much of that is grain."),
    bar.element, words, wall, notes);
  const sight = new IntersectionObserver(([entry]) => {
    visible = entry.isIntersecting;
    panel.nudge();
  }, { rootMargin: "200px" });
  sight.observe(wall);
  ctx.signal.addEventListener("abort", () => sight.disconnect());

  function makeTile(method) {
    const tile = new Tile({ ...method, text: TEXTS[method.slug] ?? method.text }, point);
    const button = h("button.ask", { type: "button", onclick: () => { wanted.add(method.slug); panel.nudge(); refresh(); } });
    const going = h("div.going", { hidden: true }, h("i"));
    if (method.slug in PASSES) tile.grid.element.append(h("div.over", button, going));
    return { tile, button, going, slug: method.slug };
  }

  // ---- the question

  function question() {
    const { answer } = panel;
    if (!answer) return null;
    const [first, second] = topOf(answer.probabilities);
    const a = state.target ?? first;
    const b = state.minus === "next" ? (a === first ? second : first) : state.minus;
    return { target: a, minus: b === a ? null : b };
  }

  /** What a method is asked: what it does not look at does not make it ask again. */
  function keyOf(method) {
    const { version } = panel;
    return JSON.stringify([version, question(), method.path ? state.baseline : "", method.slug === "integrated_gradients" ? state.steps : 0]);
  }

  function choose(changes) {
    Object.assign(state, changes);
    bar.clear();
    panel.asked();
    refresh();
  }

  function look(changes) {
    Object.assign(state, changes);
    refresh();
  }

  const isWanted = ({ slug }) => !(slug in PASSES) || wanted.has(slug);
  const isKnown = (method) => known.get(method.slug)?.key === keyOf(method) && !known.get(method.slug).partial;

  function nextJob() {
    if (!visible || !panel.resting() || !question()) return null;
    const method = OWN.find((each) => isWanted(each) && !isKnown(each) && failed.get(each.slug) !== keyOf(each));
    if (!method) return null;
    const [key, { slug }] = [keyOf(method), method];
    const { target: a, minus: b } = question();
    const options = { ...panel.source(), only: "attribution", method: slug, target: a, baseline: state.baseline, steps: state.steps };
    if (b !== null) options.minus = b;
    working = { slug, key, done: 0, total: PASSES[slug]?.(state) ?? 1 };
    showOne(slug);
    return {
      options,
      long: true,
      progress({ numbers: { progress }, arrays }) {
        Object.assign(working, { done: progress.done, total: progress.total });
        if (arrays.signed && state.sign === "signed") known.set(slug, { ...shapeOf(), signed: arrays.signed.data, sizes: arrays.signed.data, key, partial: true });
        showOne(slug);
      },
      took(answer) {
        working = null;
        if (answer.kind === "reply") known.set(slug, { ...read(answer), key });
        else {
          failed.set(slug, key);
          panel.fail(answer.numbers.text);
        }
        showOne(slug);
        say();
      },
    };
  }

  const shapeOf = () => ({ rows: SIDE, cols: SIDE, channels: 3, picture: under, of: planes, mask: null, step: 0, gap: null, correlation: null, inside: null, points: null, milliseconds: 0, note: "" });

  function read({ arrays, numbers }) {
    const one = (name) => arrays[name]?.data[0] ?? null;
    return {
      ...shapeOf(), signed: arrays.signed.data, sizes: arrays.sizes.data, milliseconds: one("milliseconds"), passes: one("passes"), target: one("target"), minus: one("minus"),
      score: one("score"), scoreBaseline: one("score_baseline"), total: one("total"), gap: one("completeness_gap"), note: numbers.texts["state/note"]?.[0] ?? "",
    };
  }

  // ---- showing

  function dress() {
    if (planes) under = ctx.colors.dark ? planes : planes.map((value) => 1 - value);
  }

  function point(place) {
    state.place = place;
    tell();
    ctx.redraw();
  }

  function tell() {
    const { place } = state;
    const at = (c) => planes[c * COUNT + place[0] * SIDE + place[1]];
    setText(pointed, place && planes ? `row ${place[0] + 1}, column ${place[1] + 1}: ${[0, 1, 2].map((c) => steady(at(c), 2)).join(", ")}` : "Point at a cell of any map.");
    for (const { tile, slug } of tiles) {
      tile.tell(place);
      if (working?.slug === slug && working.total > 1) setText(tile.read, `${working.done} of ${working.total} passes`);
      else if (!tile.found) setText(tile.read, slug in PASSES && !wanted.has(slug) ? "not asked yet" : "…");
    }
  }

  function showOne(slug) {
    if (!planes) return;
    const { tile, button, going } = tiles.find((each) => each.slug === slug);
    const found = known.get(slug) ?? null;
    const { method } = tile;
    const busy = working?.slug === slug;
    const waiting = isWanted(method) && !isKnown(method) && !found?.partial;
    tile.set({ found, picture: shapeOf(), waiting, display: state, limit: null, step: 0 });
    if (slug in PASSES) {
      button.hidden = wanted.has(slug);
      setText(button, `Ask: ${PASSES[slug](state)} passes`);
      going.hidden = !busy;
      going.firstChild.style.transform = `scaleX(${busy ? working.done / working.total : 0})`;
      if (busy) setText(tile.grid.shape, "…");
    }
    tell();
    ctx.redraw();
  }

  function refresh() {
    if (!question() || !planes) return;
    if (working && working.key !== keyOf(OWN.find(({ slug }) => slug === working.slug))) working = null;
    for (const slug of ORDER) showOne(slug);
    say();
  }

  function say() {
    const asking = question();
    const { names } = panel;
    bar.show(names, asking);
    const one = OWN.map((method) => (isKnown(method) ? known.get(method.slug) : null)).find(Boolean);
    const colours = state.sign === "signed" ? "Blue cells raise it, orange cells lower it." : "The bluer a cell, the more it matters, whichever way.";
    setText(words, one ? `f is ${asked(names, one)}: ${steady(one.score, 2)}. ${colours}` : `f is ${asked(names, asking)}.`);
    setText(ends.low, state.sign === "signed" ? "−full" : "0");
    setText(ends.high, state.sign === "signed" ? "+full" : "full");
    setText(scaleWords, `Full colour is ${state.clip === 100 ? "the largest size of the map" : `the ${state.clip}th percentile of the sizes of the map`}, the number under it: their units differ.`);
    scale.setAttribute("aria-label", `Colours from ${ends.low.textContent} to ${ends.high.textContent}`);
    const told = OWN.filter(isKnown).map((method) => [method.name, known.get(method.slug)]);
    replace(notes, [...told.filter(([, { gap }]) => gap !== null).map(([name, found]) => sumInWords(name, found)), ...told.map(([, { note }]) => note).filter(Boolean)].map((line) => h("p", line)));
    tell();
    ctx.redraw();
  }

  return {
    element,
    state,
    question,
    choose,
    next: nextJob,
    refresh,
    take(bytes) {
      seen.take(bytes);
      planes = new Float32Array(3 * COUNT);
      for (let i = 0; i < COUNT; i += 1) for (let c = 0; c < 3; c += 1) planes[c * COUNT + i] = bytes[3 * i + c] / 255;
      dress();
      for (const slug of Object.keys(PASSES)) { // of another picture nobody has asked for them
        wanted.delete(slug);
        known.delete(slug);
      }
    },
    update() {
      dress();
      for (const found of known.values()) if (found.of === planes) found.picture = under;
      refresh();
    },
    draw(colors) {
      seen.place = state.place;
      seen.draw(colors);
      for (const { tile } of tiles) tile.draw(colors, state.place);
      const { pen, width, height } = fit(scale);
      const [paint, low] = state.sign === "signed" ? [colors.diverging, -1] : [colors.sequential, 0];
      for (let x = 0; x < width; x += 1) {
        pen.fillStyle = css(paint(low + ((1 - low) * x) / Math.max(1, width - 1)));
        pen.fillRect(x, 0, 1.5, height);
      }
    },
    /** For tests: what is shown. */
    expose: () => ({
      question: question(), words: words.textContent, notes: notes.innerText, place: state.place,
      tiles: tiles.map(({ tile, slug, button }) => ({
        method: slug, known: isKnown(tile.method), partial: Boolean(tile.found?.partial), limit: tile.limit, read: tile.read.textContent, facts: tile.facts.textContent,
        time: tile.time(), asked: !button.isConnected || button.hidden,
      })),
    }),
    valuesOf: (slug) => [...tiles.find((each) => each.slug === slug).tile.values],
  };
}
