// The first part: what each kind does with a place, as a picture, and the product of two places against their distance.

import { curveChart } from "../lib/curve.js";
import { css } from "../lib/color.js";
import { fit, h, number, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { Pattern } from "../lib/pattern.js";
import { written } from "../lib/tokens.js";
import { settingsOf } from "../lib/settings.js";
import { readingStack } from "./network.js";
import { Hands } from "./hands.js";
import { HeatMap } from "./heatmap.js";
import { sinusoidal } from "../lib/attentionmath.js";
import { dot, kindColor, KINDS, NAMES, productsByDistance, rateOf, slopesOf, turned, WORDS } from "./kinds.js";

const LEARNABLE = 64; // places that a network may have vectors for
const SHOWN_BIAS = 24; // tokens of ALiBi's grid
const FIXED = ["repeats", "characters", "reverse", "neighbours"]; // tasks whose sequences are all of the chosen length

export function buildEncoding({ live, ctx }, happened) {
  const state = { kind: null, places: 64, at: { place: 5, dimension: 6 }, query: 12, key: 7, head: 0 };
  const again = () => { out.stale = true; ctx.redraw(); };
  const chips = KINDS.map((kind) => h("button.chip", { type: "button", "data-kind": kind, onclick: () => { state.kind = kind; happened("kind"); again(); } }, NAMES[kind], h("span.mine", "this network")));
  const places = knob({ name: "places", kind: "range", label: "Places", unit: "", low: 8, high: 256, whole: true, log: true, default: 64, help: "How many places are drawn. A formula goes on for ever; learned vectors end at 64." }, { value: 64, onchange: (value) => { state.places = value; again(); } });
  const query = knob({ name: "query", kind: "range", label: "Place of the query", unit: "", low: 0, high: 63, whole: true, default: 12 }, { value: 12, onchange: (value) => turn({ query: value }) });
  const key = knob({ name: "key", kind: "range", label: "Place of the key", unit: "", low: 0, high: 63, whole: true, default: 7 }, { value: 7, onchange: (value) => turn({ key: value }) });
  const both = h("button", { type: "button", onclick: () => { if (Math.max(state.query, state.key) < 63) turn({ query: state.query + 1, key: state.key + 1 }); } }, "Move both on by one");
  const headMenu = h("select", { id: "positions-head", onchange: () => { state.head = Number(headMenu.value); again(); } });
  const headControl = h("div.knob", h("div.knob-head.label", h("label", { for: headMenu.id }, "Head")), h("span.menu", headMenu));
  const heat = new HeatMap({ redraw: ctx.redraw, onpoint: (at) => { state.at = at; happened("wave"); again(); } });
  const hands = new Hands({ redraw: ctx.redraw, onturn: (place) => turn({ query: Math.min(63, Math.max(0, place)) }) });
  const bias = new Pattern({ label: "What ALiBi adds to the scores of a head", redraw: ctx.redraw, side: 18 });
  const wave = curveChart({ height: 190, unit: "place", redraw: ctx.redraw, label: "One dimension over the places" });
  const products = curveChart({ height: 230, unit: "apart", redraw: ctx.redraw, label: "Product against distance" });
  const scale = h("canvas.scale", { role: "img", "aria-label": "Colour scale" });
  const [low, high] = [h("span"), h("span")];
  const legend = h("div.row.scale-of.small.muted.value", low, scale, high);
  const shape = h("p.small.muted.value");
  const waveTitle = h("p.label.value");
  const productTitle = h("p.label.value");
  const formula = h("p.formula.code");
  const about = h("p.about");
  const words = h("p.sentence", { "aria-live": "polite" });
  const missing = h("div.row.missing", h("span.muted", "This network has no learned places."), h("button", { type: "button", onclick: rebuild }, "Build it anew with learned places"));
  const turning = h("div.turning", query.element, key.element, both);
  const left = h("div.half", turning, headControl, hands.element, heat.element, bias.element, missing, legend, shape);
  const right = h("div.half", waveTitle, wave.element, productTitle, products.element, formula);
  const element = h("section.first", h("div.chips", { role: "group", "aria-label": "Kind of position" }, chips), about, places.element, h("div.halves", left, right), words);
  const out = { element, stale: true, show, draw, shown: null, state, heat, hands };

  function turn(changes) {
    Object.assign(state, changes);
    happened("turned");
    again();
  }

  async function rebuild() {
    if (await settingsOf({ live, ctx }).change({ position: "learned" })) live.play(true);
  }

  const hide = (part, isHidden) => part.classList.toggle("hidden", isHidden);

  /** `moment` of lib/moments.js. */
  function show(moment) {
    out.stale = false;
    const { spec } = moment.scene.numbers;
    state.kind ??= spec.position;
    const { kind } = state;
    for (const chip of chips) {
      chip.setAttribute("aria-pressed", chip.dataset.kind === kind);
      hide(chip.querySelector(".mine"), chip.dataset.kind !== spec.position);
    }
    setText(about, WORDS[kind]);
    const stack = readingStack(moment.pass);
    const size = spec.width / spec.heads;
    const isMap = kind !== "alibi";
    const own = kind === "learned" ? moment.network.array(`${stack.name}.positions.weight`) : null;
    const absent = kind === "learned" && !own;
    hide(places.element, kind === "none" || absent || kind === "learned");
    hide(turning, kind !== "rope");
    hide(hands.element, kind !== "rope");
    hide(headControl, kind !== "alibi");
    hide(bias.element, kind !== "alibi");
    hide(heat.element, !isMap || absent);
    hide(missing, !absent);
    hide(legend, !(isMap || kind === "alibi") || absent);
    hide(waveTitle, !isMap || absent);
    hide(wave.element, !isMap || absent);
    hide(productTitle, absent);
    hide(products.element, absent);
    out.shown = { kind, step: moment.step, absent };
    const fill = { none: fillNone, sinusoidal: fillMap, learned: fillMap, rope: fillRope, alibi: fillAlibi }[kind];
    if (absent) {
      for (const line of [shape, formula]) setText(line, "");
      setText(words, "Learned places are weights, so they are there only in a network that was built with them.");
    } else {
      fill({ moment, spec, stack, size, own });
    }
  }

  function chart(series, title, unit = "apart") {
    setText(productTitle, title);
    products.show({ series: series.map((each) => ({ weight: 2, ...each, xs: each.ys.map((_, d) => d) })), unit, cursor: null });
    out.shown.series = series.map(({ label, ys }) => ({ label, ys: [...ys] }));
  }

  function fillNone({ moment, stack, spec }) {
    const { width } = spec;
    const { vocabulary } = moment.scene.numbers;
    const at = { place: Math.min(state.at.place, stack.tokens - 1), dimension: Math.min(state.at.dimension, width - 1) };
    const limit = Math.max(1e-9, stack.token.reduce((a, x) => Math.max(a, Math.abs(x)), 0));
    heat.set({ matrix: stack.token, places: stack.tokens, width, high: limit, edge: null, label: "Embeddings of the sequence" });
    heat.light(at);
    setText(low, `−${number(limit)}`);
    setText(high, `+${number(limit)}`);
    const line = Array.from({ length: stack.tokens }, (_, t) => stack.token[t * width + at.dimension]);
    setText(waveTitle, `Dimension ${at.dimension} over the sequence; at place ${at.place}, ${written(vocabulary[stack.ids[at.place]])}, it is ${steady(line[at.place], 3)}`);
    wave.show({ series: [{ label: "", xs: line.map((_, t) => t), ys: line, color: kindColor("none", ctx.colors), weight: 2 }], cursor: at.place });
    const token = stack.token.subarray(0, spec.width);
    const itself = dot(token, 0, token, 0, spec.width);
    chart([{ label: "itself", ys: new Array(state.places).fill(itself), color: kindColor("none", ctx.colors) }], "Product of a token's vector with the same token elsewhere, against their distance");
    setText(shape, `${stack.tokens} × ${width}: what would enter the first layer for the sequence on the screen. The same token is the same column wherever it stands.`);
    setText(formula, `x(t) = embedding(token t)`);
    setText(words, `The first token, ${written(vocabulary[stack.ids[0]])}, has the product ${steady(itself, 2)} with itself at every distance: nothing tells two places apart. Without a mask, a network without positions reads a bag of words.`);
    Object.assign(out.shown, { at, value: line[at.place], line, limit, matrix: [...stack.token], places: stack.tokens });
  }

  function fillMap({ spec, own }) {
    const { kind } = state;
    const { width } = spec;
    const count = own ? LEARNABLE : state.places;
    const matrix = own ? own.data : sinusoidal(count, width);
    const most = Math.max(1e-9, matrix.reduce((a, x) => Math.max(a, Math.abs(x)), 0));
    const limit = own ? most : 1;
    const at = { place: Math.min(state.at.place, count - 1), dimension: Math.min(state.at.dimension, width - 1) };
    const edge = own && FIXED.includes(spec.task) && !spec.reading ? spec.length : null;
    heat.set({ matrix, places: count, width, high: limit, edge, label: `${NAMES[kind]} encoding` });
    heat.light(at);
    setText(low, `−${number(limit)}`);
    setText(high, `+${number(limit)}`);
    setText(shape, `${count} × ${width}: places across, dimensions down.${edge === null || edge >= count ? "" : ` Sequences here have ${edge} tokens, so the vectors right of the dashed line are as they were drawn.`}`);
    const line = Array.from({ length: count }, (_, t) => matrix[t * width + at.dimension]);
    const pair = at.dimension >> 1;
    const value = matrix[at.place * width + at.dimension];
    setText(waveTitle, kind === "sinusoidal" ? `Dimension ${at.dimension}: ${at.dimension % 2 ? "cos" : "sin"}(place · ${number(rateOf(pair, width))}), a wave ${number((2 * Math.PI) / rateOf(pair, width))} places long; at place ${at.place} it is ${steady(value, 3)}` : `Dimension ${at.dimension} over the places; at place ${at.place} it is ${steady(value, 3)}`);
    wave.show({ series: [{ label: "", xs: line.map((_, t) => t), ys: line, color: kindColor(kind, ctx.colors), weight: 2 }], cursor: at.place });
    const used = edge === null ? count : Math.min(edge, count);
    const found = productsByDistance(matrix, used, width);
    const fromHere = Array.from({ length: used }, (_, d) => (at.place + d < count ? dot(matrix, at.place * width, matrix, (at.place + d) * width, width) : NaN));
    const color = kindColor(kind, ctx.colors);
    const series = [{ label: "mean", ys: found.mean, color, weight: 2.6 }];
    if (kind === "sinusoidal") series.push({ label: `pair ${pair}`, ys: Array.from({ length: count }, (_, d) => Math.cos(rateOf(pair, width) * d)), color: ctx.colors.muted, weight: 1.4 });
    else series.push({ label: `from ${at.place}`, ys: fromHere, color: ctx.colors.muted, weight: 1.3 });
    chart(series, `Product p(s) · p(t) against how far apart the places are${kind === "sinusoidal" ? "; grey: what the picked pair of dimensions adds to it" : edge === null ? "" : `, of the ${used} trained ones; grey: from place ${at.place} on`}`);
    setText(formula, kind === "sinusoidal" ? `p(${at.place})[${at.dimension}] = ${at.dimension % 2 ? "cos" : "sin"}(${at.place} / 10000^(${2 * pair}/${width})) = ${steady(value, 4)}` : `x(t) = embedding(token t) + p(t);   p(${at.place})[${at.dimension}] = ${steady(value, 4)}`);
    const spread = Math.max(...found.high.map((x, d) => x - found.low[d]));
    const farther = found.mean.slice(1);
    const rank = farther.findIndex((x) => x < found.mean[0] / 2) + 1;
    setText(words, kind === "sinusoidal"
      ? `A place has the product ${steady(found.mean[0], 2)} with itself (half of its ${width} dimensions, as sin² + cos² = 1) and ${steady(found.mean[1], 2)} with the next one. It depends on the distance alone: pairs equally far apart differ by at most ${number(spread)}.`
      : `A place has on average the product ${steady(found.mean[0], 2)} with itself and ${steady(found.mean[1], 2)} with the next one${rank ? `; ${rank} apart it is below half of that` : ""}. Pairs equally far apart differ by up to ${steady(spread, 2)}: nothing made these vectors depend on the distance alone; what order there is was learned by step ${out.shown.step}.`);
    Object.assign(out.shown, { at, value, line, limit, matrix: [...matrix], places: count, edge, spread, ...found });
  }

  function fillRope({ spec, size, moment }) {
    const even = size - (size % 2);
    const ones = new Float64Array(even).fill(1);
    const productAt = (m, n) => dot(turned(ones, m), 0, turned(ones, n), 0, even);
    const product = productAt(state.query, state.key);
    const d = state.query - state.key;
    query.set(state.query);
    key.set(state.key);
    both.disabled = Math.max(state.query, state.key) >= 63;
    hands.set({ pairs: even / 2, size: even, query: state.query, key: state.key });
    const color = kindColor("rope", ctx.colors);
    // Where the hands of all places point: as waves, the same that sinusoidal positions add.
    const matrix = Float64Array.from({ length: state.places * even }, (_, i) => { const k = i % even; const angle = Math.floor(i / even) * rateOf(k >> 1, even); return k % 2 ? Math.sin(angle) : Math.cos(angle); });
    const at = { place: Math.min(state.at.place, state.places - 1), dimension: Math.min(state.at.dimension, even - 1) };
    const line = Array.from({ length: state.places }, (_, t) => matrix[t * even + at.dimension]);
    const value = line[at.place];
    heat.set({ matrix, places: state.places, width: even, high: 1, edge: null, label: "Where the hands point" });
    heat.light(at);
    setText(low, "−1");
    setText(high, "+1");
    const pair = at.dimension >> 1;
    setText(waveTitle, `Pair ${pair}, ${at.dimension % 2 ? "sine" : "cosine"} of its angle: place · ${number(rateOf(pair, even))}; at place ${at.place} it is ${steady(value, 3)}`);
    wave.show({ series: [{ label: "", xs: line.map((_, t) => t), ys: line, color, weight: 2 }], cursor: at.place });
    const series = [{ label: "ones", ys: Array.from({ length: state.places }, (_, far) => productAt(far, 0)), color, weight: 2.6 }];
    const real = ownPair(moment, spec, size);
    if (real) series.push({ label: real.label, ys: Array.from({ length: state.places }, (_, far) => dot(turned(real.query, far), 0, turned(real.key, 0), 0, size)), color: ctx.colors.muted, weight: 1.4 });
    chart(series, `Product q · k of a query and a key of ones, turned, against how far apart they stand${real ? "; and of two vectors of this network" : ""}`);
    products.show({ cursor: Math.abs(d) < state.places ? Math.abs(d) : null });
    setText(shape, `${even / 2} pair${even > 2 ? "s" : ""} of a head's ${size} numbers. Green: the query at place ${state.query}. Grey: the key at place ${state.key}. Drag over the dials to move the query. Under them, for ${state.places} places, the cosine and the sine of each hand.`);
    setText(formula, `q(${state.query}) · k(${state.key}) = 2 · Σ cos(${d} · θᵢ) = ${steady(product, 4)}`);
    setText(words, `The two stand ${Math.abs(d)} apart, and their product is ${steady(product, 4)}, of ${even} side by side. Move both on: all hands turn, the angles between them stay, and so does the product.`);
    Object.assign(out.shown, { at, value, line, product, query: state.query, key: state.key, pairs: even / 2 });
  }

  // What the network's first head asks and offers, before it is turned, where the network has RoPE.
  function ownPair(moment, spec) {
    if (spec.position !== "rope") return null;
    const { part } = moment.pass.grids[0];
    const size = spec.width / spec.heads;
    const at = part.tokens - 1;
    return { query: part.plain.query[0].subarray(at * size, (at + 1) * size), key: part.plain.key[0].subarray(0, size), label: "network's" };
  }

  function fillAlibi({ spec, stack }) {
    const slopes = slopesOf(spec.heads);
    state.head = Math.min(state.head, spec.heads - 1);
    if (headMenu.options.length !== slopes.length) replace(headMenu, slopes.map((slope, head) => h("option", { value: head }, `head ${head + 1}, slope ${number(slope)}`)));
    headMenu.value = state.head;
    const n = Math.min(SHOWN_BIAS, Math.max(8, stack.tokens));
    const names = Array.from({ length: n }, (_, t) => String(t));
    const slope = slopes[state.head];
    const values = Float64Array.from({ length: n * n }, (_, i) => -slope * Math.abs(Math.floor(i / n) - (i % n)));
    bias.set({ rows: names, columns: names, values, scale: "diverging", high: slopes[0] * (n - 1) });
    setText(low, `−${number(slopes[0] * (n - 1))}`);
    setText(high, `+${number(slopes[0] * (n - 1))}`);
    chart(slopes.map((each, head) => ({ label: `head ${head + 1}`, ys: Array.from({ length: Math.min(state.places, 64) }, (_, d) => Math.exp(-each * d)), color: head === state.head ? kindColor("alibi", ctx.colors) : ctx.colors.muted, weight: head === state.head ? 2.6 : 1.2 })), "What is left of a weight, e^(−slope · distance), before it is shared out again, of each head");
    setText(shape, `${n} × ${n}, added to the scores of head ${state.head + 1}: −${number(slope)} · |query − key|. The same scale for all heads.`);
    setText(formula, `score(q, k) = q · k / √d − ${number(slope)} · |q − k|`);
    const half = Math.log(2) / slope;
    setText(words, `Head ${state.head + 1} halves a weight every ${number(half)} tokens; head 1 every ${number(Math.log(2) / slopes[0])}, head ${spec.heads} every ${number(Math.log(2) / slopes.at(-1))}. The bias knows how far, not on which side: where nothing hides the future, a sentence and its mirror image look the same.`);
    Object.assign(out.shown, { slopes, bias: [...values], head: state.head, tokens: n });
  }

  function draw(colors) {
    if (!out.shown) return;
    const { kind, absent } = out.shown;
    if (kind !== "alibi") {
      heat.draw(colors);
      wave.draw(colors);
    }
    if (kind === "rope") hands.draw(colors);
    if (kind === "alibi") bias.draw(colors);
    if (!absent) products.draw(colors);
    if (!scale.clientWidth) return;
    const { pen, width, height } = fit(scale);
    for (let x = 0; x < width; x += 1) {
      pen.fillStyle = css(colors.diverging((2 * x) / Math.max(1, width - 1) - 1));
      pen.fillRect(x, 0, 1.5, height);
    }
  }

  return out;
}
