// Arithmetic among codes: a − b + c, decoded, and the test pictures whose codes are nearest to it.

import { Album, paintBytes } from "../lib/album.js";
import { FACTORS } from "../lib/factors.js";
import { h, number, percent, setText } from "../lib/dom.js";
import { changed } from "../lib/memo.js";
import { buildPicker } from "../lib/picker.js";
import { paintPixels } from "../lib/pixels.js";
import { buildSlots } from "./ends.js";
import { combine, meanSquare, norm } from "../lib/latentpath.js";
import { readingOf } from "../lib/reading.js";

const NEAREST = 5;
const LETTERS = ["a", "b", "c"];

/** Places of the `count` codes nearest to z, nearest first, without those of `but`: [{index, distance}]. */
export function nearestTo(z, codes, but, count = NEAREST) {
  const latent = z.length;
  const all = Array.from({ length: codes.length / latent }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < latent; k += 1) sum += (codes[i * latent + k] - z[k]) ** 2;
    return { index: i, distance: Math.sqrt(sum) };
  });
  return all.filter(({ index }) => !but.includes(index)).sort((p, q) => p.distance - q.distance || p.index - q.index).slice(0, count);
}

/** `happened()` when a person chooses what to add. */
export function buildSums({ live, ctx, inputs, happened }) {
  const state = { places: null, held: 0, preset: null };
  let shown = null;
  const isNew = changed(); // playing draws again and again, and changes nothing here
  const slots = buildSlots(LETTERS, (k) => { state.held = k; ctx.redraw(); });
  const picker = buildPicker({ live, ctx, label: "Test pictures for a, b or c", onpick: (index) => choose(state.places.with(state.held, index), null), page: 20 });
  const album = new Album(live, () => ctx.redraw(), { panel: "album", more: () => ({ parameters: false }) });
  const chips = FACTORS.map((factor, k) => h("button.chip", { type: "button", "aria-pressed": false, onclick: () => { if (inputs.presets) choose(inputs.presets[k], k); } }, `Another ${factor}`));
  const presets = h("div.row.ip-presets", { role: "group", "aria-label": "Pictures that differ in one factor" }, h("span.label", "b and c differ only in:"), chips);
  const another = h("button", { type: "button", onclick: () => choose(draw(), null) }, "Another three");
  const picture = (title) => {
    const [canvas, words] = [h("canvas.ip-slot-picture", { width: 1, height: 1, role: "img", "aria-label": title }), h("span.small.muted.ip-slot-words")];
    return { canvas, words, element: h("figure.ip-slot.ip-result", h("b", title), canvas, words) };
  };
  const [result, wanted] = [picture("decoded"), picture("drawn")];
  const near = h("div.ip-near", { role: "group", "aria-label": "Nearest test pictures" });
  const sentence = h("p.ip-sentence.value", { "aria-live": "polite" });
  const sign = (text) => h("span.ip-sign", text);
  const [sa, sb, sc] = slots.elements;
  const isDrawn = sign("≈");
  const element = h("section.ip-part", { "aria-label": "Arithmetic" }, h("h3", "Arithmetic: a − b + c"),
    h("p.muted.ip-text", "What b and c differ in is a direction among codes: z = μ(a) − μ(b) + μ(c) goes from a along it. Choose a, b or c, then a test picture from the row."),
    presets, h("div.ip-equation", sa, sign("−"), sb, sign("+"), sc, sign("="), result.element, isDrawn, wanted.element,
      h("div.ip-nearest", h("p.label", "Test pictures with the nearest codes, without a, b and c"), near)),
    picker.element, h("div.row", another), sentence);

  function choose(places, preset) {
    Object.assign(state, { places: [...places], preset });
    happened();
    ctx.redraw();
  }

  // a and b of one class, c of another: then a − b is a manner, given to c.
  function draw(random = Math.random) {
    const labels = live.scene.arrays.labels.data;
    const some = (list) => list[Math.floor(random() * list.length)];
    const all = [...labels.keys()];
    const a = some(all);
    const alike = all.filter((i) => i !== a && labels[i] === labels[a]);
    const others = all.filter((i) => labels[i] !== labels[a]);
    return [a, some(alike.length ? alike : all), some(others.length ? others : all)];
  }

  function first() {
    const labels = [...live.scene.arrays.labels.data];
    const b = labels.findIndex((label, i) => i > 0 && label === labels[0]);
    const c = labels.findIndex((label) => label !== labels[0]);
    const last = labels.length - 1;
    return [0, b < 0 ? Math.min(1, last) : b, c < 0 ? Math.min(2, last) : c];
  }

  function show({ scene, frame, moment, read, told }) {
    const { classes, shape, split, spec } = scene.numbers;
    const labels = scene.arrays.labels.data;
    state.places ??= first();
    const [a, b, c] = state.places;
    picker.show({ chosen: state.places[state.held], classes, labels, count: split.test, key: inputs.key });
    const isSprites = spec.dataset === "sprites";
    presets.classList.toggle("hidden", !isSprites);
    for (const part of [isDrawn, wanted.element]) part.classList.toggle("hidden", !isSprites);
    chips.forEach((chip, k) => chip.setAttribute("aria-pressed", String(state.preset === k)));
    if (!inputs.need(a, b, c)) return;
    const three = state.places.map((index) => inputs.get(index));
    three.forEach(({ pixels, truth }, k) => slots.show(k, { pixels, shape, isHeld: k === state.held, words: `test picture ${state.places[k]}${classes.length > 1 ? `: ${classes[truth]}` : ""}` }));
    const isOther = isNew(moment, frame, read, told, state.places, inputs.presets);
    if (shown && !isOther) {
      showNearest(shown.nearest, classes, labels);
      return;
    }
    const codes = three.map(({ pixels, truth }) => moment.network.encode(pixels, truth).mean);
    const z = combine([1, codes[0]], [-1, codes[1]], [1, codes[2]]);
    const decoded = moment.network.decode(z, told ?? three[0].truth).picture;
    paintPixels(result.canvas, decoded, shape);
    const said = readingOf(read, decoded);
    setText(result.words, said ? `read as ${classes[said.answer]}, ${percent(said.confidence, 0)}` : `|z| = ${number(norm(z))}`);
    const nearest = nearestTo(z, frame.arrays.mean.data, state.places);
    showNearest(nearest, classes, labels);
    const target = inputs.wanted.get(state.places.join());
    if (target) {
      paintPixels(wanted.canvas, target, shape);
      setText(wanted.words, "with the factors a − b + c");
    }
    const words = target ? ofSprites(decoded, target, moment.network.decode(codes[0], told ?? three[0].truth).picture) : ofClasses(z, codes, nearest, said, classes, labels);
    setText(sentence, words);
    shown = { places: state.places, z: [...z], decoded: [...decoded], said, nearest, wanted: target ? [...target] : null, preset: state.preset, sentence: words, step: moment.step };
  }

  function showNearest(nearest, classes, labels) {
    album.need(nearest.map(({ index }) => index));
    while (near.children.length > nearest.length) near.lastChild.remove();
    nearest.forEach(({ index, distance }, k) => {
      if (!near.children[k]) near.append(h("figure.ip-neighbour", h("canvas.ip-neighbour-picture", { width: 1, height: 1, role: "img" }), h("figcaption.small.muted.value")));
      const [canvas, caption] = near.children[k].children;
      const found = album.get(index);
      canvas.classList.toggle("ip-empty", !found);
      if (found) paintBytes(canvas, found);
      canvas.setAttribute("aria-label", `Test picture ${index}`);
      setText(caption, `${classes.length > 1 ? `${classes[labels[index]]}, ` : ""}${number(distance, 2)} away`);
    });
  }

  function ofSprites(decoded, target, rebuilt) {
    const [error, before] = [meanSquare(decoded, target), meanSquare(rebuilt, target)];
    const named = state.preset === null ? "" : `b and c differ in ${FACTORS[state.preset]} alone, so the result should be a with the ${FACTORS[state.preset]} of c. `;
    const judged = error < before ? `nearer than what is decoded from a alone, ${number(before, 2)}` : `no nearer than what is decoded from a alone, ${number(before, 2)}: these codes do not keep the factors apart`;
    return `${named}The decoded picture is ${number(error, 2)} (mean squared error) from the sprite drawn with those factors, ${judged}.`;
  }

  function ofClasses(z, codes, nearest, said, classes, labels) {
    const long = `|z| = ${number(norm(z))}, of a, b and c ${codes.map((code) => number(norm(code))).join(", ")}.`;
    if (!said) return `The nearest test picture is ${nearest[0].index}, ${number(nearest[0].distance, 2)} away. ${long}`;
    const names = nearest.map(({ index }) => classes[labels[index]]);
    return `The result is read as ${classes[said.answer]} with ${percent(said.confidence, 0)}; the nearest test pictures are ${names.join(", ")}. ${long}`;
  }

  return {
    element, show, read: () => shown, places: () => state.places,
    forget() { Object.assign(state, { places: null, preset: null }); shown = null; album.clear(); },
  };
}
