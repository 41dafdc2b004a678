// The picture's way through the network as an hourglass: in on the one side, through the code in the waist, out on the other.

import { count, h, number, replace, setText, steady } from "../lib/dom.js";
import { makePainter } from "./glasspaint.js";
import { hit, layoutOf, walk } from "./glasslayout.js";
import { buildLost, gradient } from "./lost.js";
import { buildSaying, captionOf, nameAt } from "./saying.js";
import { stationsOf } from "./stations.js";
import { lensOf, openedAt, wayOf } from "./way.js";

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const LEAD = "The picture goes in on one side, is squeezed into the code, and is made again from the code alone. Every number of a layer takes the same area, so lengths are to scale.";

export function buildHourglass(area, stage) {
  const { ctx } = stage;
  const canvas = h("canvas.glass-canvas", { tabindex: 0, role: "application", "aria-label": "The way of the picture through the network. Arrow keys walk from number to number." });
  const captions = h("div.glass-captions");
  const box = h("div.glass-box", canvas, captions);
  const legend = h("div.glass-legend.small");
  const sampling = h("div.glass-draw.row");
  const where = h("span.small.muted.value");
  area.append(h("div.row.glass-top", h("h3", "Through the hourglass"), where, sampling), h("p.small.muted.glass-lead", LEAD), box, legend);
  const below = h("div.glass-below");
  area.append(below);
  const saying = buildSaying(below);
  const lost = buildLost(below, stage);
  const painter = makePainter();
  const mean = h("button.chip", { type: "button", onclick: () => draw(null) }, "z = μ");
  const chance = h("button.chip", { type: "button", onclick: () => draw(normals(stage.scene.numbers.spec.latent)) }, "Draw z = μ + σ ε");
  replace(sampling, h("span.label", "Decode"), mean, chance);

  let [stations, layout, way, opened, example, lens, scales] = [[], null, null, null, null, null, []];
  let [focus, held, epsilon, structure] = [null, null, null, ""];
  let shown = null;

  function draw(next) {
    epsilon = next;
    if (next) stage.live.shared.set("happened.resampled", true);
    follow();
  }

  // The moment, or what is drawn, has changed: everything is computed anew.
  function follow() {
    const { moment } = stage;
    if (!moment) return;
    const { numbers } = moment.scene;
    const key = JSON.stringify([numbers.rows, numbers.spec.likelihood, numbers.spec.kind]);
    if (key !== structure) {
      [structure, stations, layout, focus, held, epsilon] = [key, stationsOf(numbers), null, null, null, null];
      painter.forget();
    }
    way = wayOf(stations, moment, epsilon);
    scales = scalesOf(stations, way);
    example = openedAt(stations, way, moment, { station: stations.findIndex(({ kind }) => kind === "code"), at: 0 });
    open();
  }

  function open() {
    const at = held ?? focus;
    opened = at && way ? openedAt(stations, way, stage.moment, at) : null;
    lens = opened && lensOf(stations, opened);
    ctx.redraw();
  }

  function point(at, isHeld = false) {
    if (at && stage.live.shared.get("happened.opened") !== true) stage.live.shared.set("happened.opened", true);
    focus = at;
    if (isHeld) held = held && at && held.station === at.station && held.at === at.at ? null : at;
    open();
  }

  const under = (event) => layout && hit(layout, event.offsetX, event.offsetY);
  canvas.addEventListener("pointermove", (event) => {
    const at = under(event);
    if (at?.station === focus?.station && at?.at === focus?.at) return;
    focus = at;
    if (!held) point(at);
  });
  canvas.addEventListener("pointerleave", () => { if (!canvas.matches(":focus-visible")) point(null); });
  canvas.addEventListener("click", (event) => point(under(event), true));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("keydown", (event) => {
    if (!layout) return;
    const way_ = ARROWS[event.key];
    const at = held ?? focus;
    if (way_) {
      held = null;
      point(at ? walk(layout, at, way_) : { station: 0, at: 0 });
    } else if (event.key === "Enter" && at) point(at, true);
    else if (event.key === "Escape" && at) {
      held = null;
      point(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // While it trains a frame's reconstruction comes more often than the weights: what is decoded from the mean is the frame's.
  function shownNow() {
    const { frame, moment } = stage;
    const isNewer = frame && !epsilon && frame.version === moment.scene.version && frame.arrays.shown_reconstruction;
    if (!isNewer || frame.step === way.step) return { picture: way.picture, mean: way.mean, logVariance: way.logVariance, sigma: way.sigma, z: way.z, step: way.step };
    const { shown_mean: middle, shown_log_variance: spread, shown_reconstruction: again } = frame.arrays;
    return { picture: again.data, mean: middle.data, logVariance: spread?.data ?? null, sigma: spread ? spread.data.map((v) => Math.exp(v / 2)) : null, z: middle.data, step: frame.step };
  }

  function arrange() {
    const width = Math.floor(box.clientWidth);
    if (!width || (layout?.width === width && layout.of === stations)) return;
    layout = Object.assign(layoutOf(stations, width), { of: stations });
    canvas.style.height = `${layout.height}px`;
    box.classList.toggle("downward", !layout.across);
    const { numbers } = stage.moment.scene;
    replace(captions, stations.map((station, k) => {
      const { name, shape, parameters, formula } = captionOf(station, numbers);
      const { x, y, w } = layout.places[k].caption;
      return h("div.glass-caption", { title: formula, style: { left: `${x}px`, top: `${y}px`, width: `${w}px` } }, h("b", name), h("span.value", shape), parameters ? h("span.muted.value", layout.across ? parameters : formula) : null);
    }));
  }

  function legendOf() {
    const { colors } = ctx;
    const scale = (low, high, background, words) => h("span.glass-key", h("span.value", low), h("i", { style: { background } }), h("span.value", high), h("span.muted", words));
    const hidden = stations.findIndex(({ kind, title }) => (kind === "cells" || kind === "maps") && title !== "Flatten" && title !== "Output");
    const output = stations.findIndex(({ title }) => title === "Output");
    const signed = gradient(colors.diverging, -1);
    replace(legend, scale("0", "1", "linear-gradient(to right, #000, #fff)", stage.scene.numbers.shape[0] === 3 ? "pixels; in each, from left to right, its red, green and blue can be pointed at" : "pixels"),
      hidden < 0 ? null : scale(`−${number(scales[hidden])}`, `+${number(scales[hidden])}`, signed, "hidden layers"),
      output < 0 ? null : scale(`−${number(scales[output])}`, `+${number(scales[output])}`, signed, stage.scene.numbers.spec.likelihood === "bernoulli" ? "output, before the sigmoid" : "output"),
      way.sigma ? h("span.glass-key", h("i.band"), h("span.muted", "code: a dot for z, a band from μ − σ to μ + σ")) : null,
      opened ? h("span.glass-key", h("i", { style: { background: signed } }), h("span.muted", "while you point: what is added, each layer to its own largest")) : null);
  }

  let legended = null;
  stage.on("moment", follow);
  stage.on("theme", () => { legended = null; });

  return {
    draw() {
      if (!stage.moment || !way) return;
      arrange();
      if (!layout) return;
      shown = { ...shownNow(), way };
      const painted = { ...way, mean: shown.mean, sigma: shown.sigma, z: shown.z, values: way.values.with(stations.length - 1, shown.picture) };
      painter.paint(canvas, { stations, layout, way: painted, scales, lens, focus: held ?? focus, colors: ctx.colors });
      lost.show(way, shown);
      saying.show(stations, opened ?? example, { isHeld: Boolean(held), isExample: !opened, numbers: stage.moment.scene.numbers });
      const key = [structure, scales.join(), Boolean(opened), way.sigma === null].join();
      if (legended !== key) legendOf();
      legended = key;
      const told = stage.scene.numbers.told ? `, told the class ${stage.scene.numbers.classes[way.label]}` : "";
      setText(where, `at step ${count(shown.step)}${told}`);
      sampling.classList.toggle("hidden", !way.sigma);
      mean.setAttribute("aria-pressed", String(!epsilon));
      chance.setAttribute("aria-pressed", String(Boolean(epsilon)));
      const label = `The way of the picture: ${stations.map(({ title, size }) => `${title} ${size}`).join(", ")}. Code ${[...shown.z].slice(0, 4).map((v) => steady(v, 2)).join(", ")}. Arrow keys walk from number to number.`;
      if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
    },
    // Only what is drawn, and of one moment.
    read: () => stage.moment && layout?.of === stations && shown?.way === way && {
      step: way.step, shown_step: shown.step, across: layout.across,
      stations: stations.map(({ key, title, kind, shape, size, parameters }, k) => ({ key, title, kind, shape, size, parameters, values: [...way.values[k]], place: plain(layout.places[k]) })),
      z: [...shown.z], mean: [...shown.mean], sigma: shown.sigma && [...shown.sigma], epsilon: epsilon && [...epsilon], picture: [...shown.picture],
      loss: lost.read(), scales: [...scales], field: lens?.field ?? null,
      opened: opened && { ...opened, terms: opened.terms && [...opened.terms], reached: opened.reached && [...opened.reached], inputs: null, name: nameAt(stations[opened.station], opened.at, stage.moment.scene.numbers), held: Boolean(held) },
      words: saying.words(), captions: [...captions.children].map((each) => each.title),
    },
  };
}

const plain = ({ x, y, w, h: tall, cols, rows }) => ({ x, y, w, h: tall, cols, rows });

// One scale for all hidden layers, round and calm; the output has its own.
function scalesOf(stations, { values }) {
  const most = (k) => values[k].reduce((all, value) => Math.max(all, Math.abs(value)), 0);
  const isHidden = ({ kind, title }) => (kind === "cells" || kind === "maps") && title !== "Flatten" && title !== "Output";
  const hidden = round(Math.max(0, ...stations.map((station, k) => (isHidden(station) ? most(k) : 0))));
  return stations.map((station, k) => (isHidden(station) ? hidden : round(most(k))));
}

/** The next of 1, 2, 5 × 10ⁿ. */
function round(value) {
  if (!(value > 0)) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return size * [1, 2, 5, 10].find((n) => n * size >= value * 0.999);
}

/** Standard normal numbers (Box and Muller, 1958). */
function normals(n) {
  return Float32Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));
}
